"""What several tests of schedules are given: where the shared files are, small networks."""

import os
import random
from pathlib import Path

import pytest

from bihuan.engines.schedule.calendar import Calendar, of_days
from bihuan.engines.schedule.network import LINKS, Activity, Link, Network, network

ROOT = Path(__file__).resolve().parents[3]
PROJECTS = Path(os.environ.get("BIHUAN_BENCH", ROOT.parent / "shared" / "bench")) / "projects"

needs_projects = pytest.mark.skipif(
    not PROJECTS.is_dir(), reason="the shared projects are not here; say where with BIHUAN_BENCH"
)

# Monday is day 0. The second calendar works on Saturdays too, the third rests on days 9 to 11.
WEEKDAYS = [day for day in range(400) if day % 7 < 5]
CALENDARS: dict[str, Calendar] = {
    "": of_days(WEEKDAYS, "weekdays"),
    "six": of_days([day for day in range(400) if day % 7 < 6], "six"),
    "shut": of_days([day for day in WEEKDAYS if day not in (9, 10, 11)], "shut"),
}


def drawn(seed: int, count: int = 7, *, calendars: bool = True) -> Network:
    """A small network with every kind of link, leads and lags, and several calendars."""
    chance = random.Random(seed)
    names = list(CALENDARS) if calendars else [""]
    activities = [
        Activity(str(i), chance.choice([0, 1, 2, 3, 5, 8]), calendar=chance.choice(names))
        for i in range(count)
    ]
    links = [
        Link(str(i), str(j), chance.choice(LINKS), chance.choice([0, 0, 0, 1, 3, -1, -2]))
        for j in range(count)
        for i in range(j)
        if chance.random() < 0.35
    ]
    known = CALENDARS if calendars else {"": CALENDARS[""]}
    return network(activities, links, calendars=known, start=14)
