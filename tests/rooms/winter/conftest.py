"""A winter: two weeks of a held clock, a store, a team, a front."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from bihuan.base import clock
from bihuan.winter import services
from bihuan.winter.models import Front, Season, Store, Team

TODAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def chinese(db: None) -> Iterator[None]:
    with translation.override("zh-hans"), clock.held_at(datetime(2026, 11, 26, 2, tzinfo=UTC)):
        yield


@pytest.fixture
def team(unit) -> Team:
    return services.form_team(by=None, unit=unit("sanitation"), name="一队")


@pytest.fixture
def store(unit) -> Store:
    return services.open_store(by=None, unit=unit("enforcement"), name="一号库")


@pytest.fixture
def front(unit) -> Front:
    return services.register_front(
        by=None, street="航海路", name="小店", unit=unit("enforcement"), duties="a"
    )


@pytest.fixture
def season(post) -> Season:
    return services.draft_season(
        by=post("duty"), title="今冬预案", starts=date(2026, 11, 15), ends=date(2027, 3, 15)
    )
