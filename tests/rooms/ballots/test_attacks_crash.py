"""SIGKILL of the real server while a hall votes: acknowledged ⊆ stored, none doubled, none lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bihuan.ballots import bridge, services
from bihuan.engines.tally.box import Pace
from tests.rooms.ballots import killing, served, world
from tests.rooms.conftest import Writers

MARKS = {unit: {"party": "fair", "clean": "fair"} for unit in world.UNITS}


def test_killed_while_a_hall_votes_nothing_acknowledged_is_lost_or_doubled(
    writers: Writers, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the box is the same file; the server's own process reads SQLite here")
    settings.BALLOTS_FOLDER = tmp_path / "ballots"
    monkeypatch.setattr(bridge, "PACE", Pace())
    (tmp_path / "bihuan.sqlite3").symlink_to(tmp_path / "copy.sqlite3")

    def verb(work: Callable[[], Any]) -> Any:
        return writers(lambda _number: work(), 1)[0]

    hall = verb(lambda: served.opened(world.issuing(by=None, own_subject="allowed"), MARKS))
    sent = [hall.ballot(number) for number in hall.phones]
    told = killing.killed(served.Served(tmp_path), hall.slug, sent, kills=3)
    assert told.struck > 0
    verb(lambda: services.close(hall.poll, by=None))
    box = bridge.box(hall.poll.box_id)
    assert list(killing.complaints(box, told, len(sent))) == []
    assert verb(lambda: services.count(hall.poll, by=None)).phase == "counted"
