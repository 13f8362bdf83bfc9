"""One snowfall on the schematic streets: begun by the snow itself, teams that report."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from bihuan.base import clock
from bihuan.fleet import sample as fleet
from bihuan.jobs.services import carry_out
from bihuan.people.models import Post, Unit
from bihuan.roads import sample as roads
from bihuan.roads.models import Section
from bihuan.snow import services
from bihuan.snow.models import Plan, Storm, TeamReport
from bihuan.snow.queries.fitting import Wish


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of January 2022 where the office stands."""
    naive = datetime(2022, 1, day, hour, minute)  # noqa: DTZ001 - made aware in the next line
    return timezone.make_aware(naive)


@contextmanager
def at(day: int, hour: int, minute: int = 0) -> Iterator[None]:
    """The clock held at that moment."""
    with clock.held_at(moment(day, hour, minute)):
        yield


def picture(name: str = "现场") -> Any:
    content = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
        "606060000000050001a5f645400000000049454e44ae426082"
    )
    return SimpleUploadedFile(f"{name}.png", content, "image/png")


def key() -> str:
    return secrets.token_hex(16)


@pytest.fixture
def storm(post: Callable[[str], Post]) -> Storm:
    """Snow since 05:30 on the 21st; begun at 06:00 by the duty officer, not ended."""
    with at(21, 6):
        return services.begin_storm(
            by=post("duty"), name="1月21日降雪", first_snow_at=moment(21, 5, 30)
        )


@pytest.fixture
def streets(db: None) -> list[Section]:
    """The schematic network with its key roads."""
    roads.load_sample()
    return list(Section.objects.filter(network__active=True).order_by("pk"))


@pytest.fixture
def told(post: Callable[[str], Post]) -> Callable[..., TeamReport]:
    """`told(21, 9, people=120, turnouts=6)`: a report of the sanitation team at that hour."""

    def report(day: int, hour: int, minute: int = 0, *, unit: str = "sanitation", people: int = 0,
               **more: Any) -> TeamReport:  # fmt: skip
        with at(day, hour, minute):
            made, _new = services.report_team(
                Unit.objects.get(code=unit), by=None, client_key=key(),
                people_at_work={"sanitation": people}, **more,
            )  # fmt: skip
        return made

    return report


@pytest.fixture
def vehicles(streets: list[Section]) -> None:
    """The vehicles and yards of the sample zone."""
    fleet.load_sample()


@pytest.fixture
def made(storm: Storm, vehicles: None, post: Callable[[str], Post]) -> Callable[..., Plan]:
    """`made()`: a plan that is ready, at 06:30 of the first day, by 600 rounds."""

    def make(*, force: bool = False, storm: Storm | None = storm, **wish: Any) -> Plan:
        with at(21, 6, 30):
            asked = services.ask_plan(
                by=post("duty"), storm=storm, rounds=600,
                wish=Wish(starts_at=moment(21, 6, 30), **wish),
            )  # fmt: skip
            carry_out(asked.job_id)
            asked.refresh_from_db()
            if force:
                services.enforce_plan(asked, by=post("duty"))
                asked.refresh_from_db()
        return asked

    return make


@pytest.fixture
def anew(post: Callable[[str], Post]) -> Callable[..., Plan]:
    """`anew(plan, "breakdown", vehicles=[3])`: the new version, ten minutes after the start."""

    def make(plan: Plan, cause: str, minute: int = 40, **told: Any) -> Plan:
        with at(21, 6, minute):
            found = services.replan(plan, by=post("duty"), cause=cause, **told)
            carry_out(found.job_id)
            found.refresh_from_db()
            found.job.refresh_from_db()
        assert found.state == "ready", found.job.fault
        assert found.told["faults"] == []
        return found

    return make
