"""Passes: what a track proves, what a team says, and what nobody knows, are three things."""

from datetime import timedelta
from typing import Any

import pytest

from bihuan.base.errors import Refused
from bihuan.fleet import bridge, rules, services, tasks
from bihuan.fleet.models import Pass
from bihuan.fleet.queries import passes as queries
from tests.rooms.fleet.test_positions import send

pytestmark = pytest.mark.django_db
DONE = rules.Done(1.0, "matched", "along", 0)
HALF = rules.Done(0.5, "matched", "both", 0)


def proven(yard: Any, section: str = "S1", **more: Any) -> services.Proven:
    to_ms = rules.milliseconds(yard.now) - 60_000
    told = {
        "section": section,
        "direction": "both",
        "from_ms": to_ms - 60_000,
        "to_ms": to_ms,
        "share": 0.98,
        "ploughed": True,
        "spread": None,
        "grams": None,
        "evidence": [(to_ms, 113.75, 34.72)],
    }
    return services.Proven(**{**told, **more})


def span(yard: Any) -> Any:
    return yard.now - timedelta(hours=1), yard.now


def test_matching_a_shift_again_replaces_and_never_doubles(yard):
    for sections in (("S1", "S2"), ("S1", "S3")):
        found = [proven(yard, one) for one in sections]
        services.keep_matched(yard.shift, found, holes=[], until=yard.now)
    assert sorted(Pass.objects.values_list("section", flat=True)) == ["S1", "S3"]


def test_a_shift_that_is_over_is_matched_for_good_and_one_that_goes_on_is_not(yard):
    services.keep_matched(yard.shift, [], holes=[], until=yard.now)
    assert list(queries.to_match(yard.now)) == [yard.shift]
    ended = services.end_shift(yard.out, by=None, at=yard.now)
    services.keep_matched(ended, [], holes=[], until=yard.now)
    assert list(queries.to_match(yard.now)) == []


def test_what_a_team_says_is_said_not_proven(yard, chief):
    since, until = span(yard)
    services.report_pass("S1", by=chief, from_at=since, to_at=until, vehicle=yard.out)
    assert queries.standings({"S1": 1}, since, until) == {"S1": "reported"}
    services.keep_matched(yard.shift, [proven(yard)], holes=[], until=until)
    assert queries.standings({"S1": 2}, since, until) == {"S1": "proven"}


def test_a_team_cannot_report_what_is_not_over(yard, chief):
    with pytest.raises(Refused):
        services.report_pass("S1", by=chief, from_at=yard.now, to_at=yard.now + timedelta(hours=1))


def test_without_a_sound_from_a_vehicle_on_duty_nothing_is_called_not_done(yard):
    since, until = span(yard)
    assert queries.standings({"S1": 1}, since, until) == {"S1": "not_proven"}
    send(yard, *(yard.entry(n) for n in range(0, 3601, 60)))
    assert queries.standings({"S1": 1}, since, until) == {"S1": "not_done"}


def test_once_the_positions_are_gone_the_holes_that_were_found_remain(yard):
    since, until = span(yard)
    hole = [(rules.milliseconds(since), rules.milliseconds(since) + 600_000)]
    services.keep_matched(yard.shift, [], holes=hole, until=until)
    assert [(one.from_ms, one.until_ms) for one in queries.holes(since, until)] == hole
    services.keep_matched(yard.shift, [], holes=[], until=until)
    assert queries.standings({"S1": 1}, since, until) == {"S1": "not_done"}


@pytest.mark.parametrize(
    ("passes", "ways", "known"),
    [
        ([DONE], 1, "proven"),
        ([DONE], 2, "partly"),  # one carriageway of two
        ([DONE, rules.Done(0.95, "matched", "against", 0)], 2, "proven"),
        ([HALF], 1, "partly"),
        (
            [rules.Done(0.5, "matched", "both", 0), rules.Done(1, "reported", "both", 0)],
            1,
            "reported",
        ),
        ([], 1, "not_done"),
    ],
)
def test_the_standing_of_a_section(passes, ways, known):
    assert rules.standing(passes, holes=False, ways=ways) == known


def test_of_many_points_a_few_stay_as_evidence():
    points = [(n, 113.0, 34.0) for n in range(1000)]
    kept = services.thinned(points)
    assert (len(kept), kept[0], kept[-1]) == (12, points[0], points[-1])


def test_holes_are_the_stretches_without_a_sound():
    found = rules.holes(7, [100_000, 110_000, 400_000], 0, 460_000)
    assert [(one.from_ms, one.until_ms) for one in found] == [(110_000, 400_000)]
    assert len(rules.holes(7, [], 0, 460_000)) == 1


def test_the_newest_pass_of_each_section(yard, chief):
    since, until = span(yard)
    services.keep_matched(yard.shift, [proven(yard), proven(yard, "S2")], holes=[], until=until)
    services.report_pass("S2", by=chief, from_at=since, to_at=until)
    newest = queries.newest_passes(since)
    assert {code: one.source for code, one in newest.items()} == {"S1": "matched", "S2": "reported"}
    assert set(queries.newest_passes(since, ["S2"])) == {"S2"}
    assert queries.sections_written(since) == {"S1", "S2"}
    assert queries.sections_done(until + timedelta(seconds=1), until + timedelta(days=1)) == set()


def test_tracks_become_passes_of_the_sections_that_the_engine_finds(yard, monkeypatch):
    send(yard, *(yard.entry(n) for n in range(0, 600, 10)))
    seen: list[int] = []

    def passes(streets: Any, track: Any, *, width_m: float | None) -> list[dict[str, Any]]:
        seen.append(len(track))
        return [vars(proven(yard, "S7"))]

    monkeypatch.setattr(bridge, "streets", lambda: "a network")
    monkeypatch.setattr(bridge, "passes", passes)
    for _time in range(2):
        told = tasks.match({}, seed=0, tell=lambda done, total, message="": None, run=map)
    assert told == {"匹配的班": 1, "作业记录": 1}
    assert (seen, Pass.objects.get().section) == ([60, 60], "S7")
    yard.shift.refresh_from_db()
    assert yard.shift.matched_at is None  # it goes on
    assert len(yard.shift.holes) == 1  # from the start of the shift to the first position


def test_without_a_network_the_job_says_so_and_nothing_counts_as_matched(yard, monkeypatch):
    monkeypatch.setattr(bridge, "streets", lambda: None)
    with pytest.raises(Refused):
        tasks.match({}, seed=0, tell=lambda done, total, message="": None, run=map)
    assert list(queries.to_match(yard.now)) == [yard.shift]
