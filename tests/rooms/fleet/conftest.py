"""A depot, two vehicles of one company, one of them on duty; a device that reports for them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from bihuan.base import clock
from bihuan.fleet import services
from bihuan.fleet.models import Depot, Device, Shift, Vehicle
from bihuan.people import services as people
from bihuan.people.models import Post, Unit
from bihuan.site import demo


@dataclass(frozen=True)
class Yard:
    """What a test of this room starts from."""

    company: Unit
    depot: Depot
    out: Vehicle
    resting: Vehicle
    shift: Shift
    device: Device
    token: str
    now: datetime

    def entry(self, seconds: float = 0, **more: Any) -> dict[str, Any]:
        """A position of the vehicle on duty, so many seconds before now."""
        at = self.now - timedelta(seconds=seconds)
        return {
            "vehicle": self.out.number,
            "time": at.isoformat(),
            "lon": 113.75,
            "lat": 34.72,
            **more,
        }


def _appointed(code: str, unit: Unit, reach: str, *verbs: str) -> Post:
    role = people.add_role(by=None, code=code, name=code, verbs=verbs, reach=reach)
    person = people.add_person(by=None, name=code)
    held = people.appoint(person, by=None, unit=unit, role=role, title=code)
    people.open_account(person, by=None, username=code, password=demo.PASSWORD, must_change=False)
    return held


@pytest.fixture
def chief(unit: Callable[[str], Unit]) -> Post:
    """Whoever keeps the register of the whole zone."""
    verbs = ("fleet.view", "fleet.manage", "fleet.shift")
    return _appointed("fleet-chief", unit("enforcement"), "zone", *verbs)


@pytest.fixture
def captain(unit: Callable[[str], Unit]) -> Post:
    """A captain of the company: sees and sends out its own vehicles only."""
    return _appointed("captain", unit("sanitation"), "unit", "fleet.view", "fleet.shift")


@pytest.fixture
def yard(chief: Post, unit: Callable[[str], Unit]) -> Yard:
    company, now = unit("sanitation"), clock.now()
    depot = services.add_depot(by=None, name="一号车场", company=company, lon=113.74, lat=34.71)
    out, resting = (
        services.enter(
            by=None,
            number=number,
            plate=plate,
            kind="spreader",
            ploughs=True,
            spreads=True,
            capacity_kg=5000,
            company=company,
            depot=depot,
        )
        for number, plate in (("撒布01", "豫A10001"), ("撒布02", "豫A10002"))
    )
    shift = services.start_shift(out, by=None, at=now - timedelta(hours=2))
    device, token = services.give_device(by=chief, name="车载平台", company=company)
    return Yard(company, depot, out, resting, shift, device, token, now)
