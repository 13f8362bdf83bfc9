"""Made anew from where vehicles report to be, what they did, and what teams say is done."""

import json

import numpy as np
import pytest

from bihuan.engines.routing.plan.tracking import Receivers, track_plan
from bihuan.fleet import services as fleet
from bihuan.fleet.models import Position, Vehicle
from bihuan.snow import services
from bihuan.snow.bridge import plan as bridge
from bihuan.snow.pages.plan import plan as page
from bihuan.snow.pages.sheet import sheet
from bihuan.snow.queries import plan as queries
from bihuan.ui.chart import Routes
from bihuan.ui.panel import Facts
from tests.rooms.snow.conftest import at, moment

pytestmark = pytest.mark.django_db


def restored(plan):
    return bridge.restored(queries.network(plan), plan.inputs, plan.tours)


def report(plan, minutes, *, pace=1.0, silent=(), since_s=0.0):
    """Points of a plan's vehicles as their devices would have sent them, driven at another pace."""
    crew, start = plan.inputs["vehicles"], plan.starts_at.timestamp()
    told = track_plan(restored(plan), Receivers(), until_s=minutes * 60 / pace)
    number = {one["number"]: at for at, one in enumerate(crew)}
    place = [number[name] for name in told.vehicles]
    does = [plan.inputs["types"][one["type"]]["does"] for one in crew]
    rows = [
        Position(
            vehicle_id=crew[place[v]]["pk"], at_ms=round((start + t * pace) * 1000), lon=lon,
            lat=lat, ploughing=bool(work) and "plough" in does[place[v]],
            spreading=bool(work) and "spread" in does[place[v]],
        )
        for v, t, lon, lat, work in zip(
            told.vehicle.tolist(), told.t_s.tolist(), told.lon.tolist(), told.lat.tolist(),
            told.plough.tolist(), strict=True,
        )
        if place[v] not in silent and t * pace >= since_s
    ]  # fmt: skip
    Position.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def done_by(plan, seconds):
    return {
        leg[5] for one in plan.tours["tours"] for leg in one["stops"]
        if leg[0] == "serve" and leg[2] <= seconds
    }  # fmt: skip


def test_a_new_version_starts_from_what_vehicles_report(made, anew):
    plan = made(force=True)
    assert report(plan, 10, pace=1.5, silent=(0,)) > 100
    found = anew(plan, "breakdown", vehicles=[1])
    heard = found.told["heard"]
    working = [one["vehicle"] for one in plan.tours["tours"]]
    assert heard["seen"] == len([at for at in working if at != 0])
    assert heard["unheard"] == ([0] if 0 in working else [])
    assert heard["late"] > 0
    assert heard["latest_s"] > 120
    event = found.inputs["events"][-1]
    done = {each[0] for one in event["seen"] for each in one["done"]}
    # At two thirds of the pace it is as if 400 s had passed: what was finished by then is done, and
    # what is done was begun by then.
    heard_of = {one["vehicle"] for one in event["seen"]} - {1}

    def planned(place, seconds):
        return {
            leg[5] for one in plan.tours["tours"] for leg in one["stops"]
            if leg[0] == "serve" and leg[place] <= seconds and one["vehicle"] in heard_of
        }  # fmt: skip

    assert (
        planned(2, 400)
        <= done
        <= planned(1, 400)
        | {each[0] for one in event["seen"] if one["vehicle"] == 1 for each in one["done"]}
    )
    assert found.told["undone"] == []
    for one in found.tours["tours"]:
        if one["vehicle"] in {each["vehicle"] for each in event["seen"]}:
            assert [leg[0] for leg in one["stops"]].count("seen") == 1


def test_a_plan_keeps_where_a_vehicle_was_but_no_point_of_its_track(made, anew):
    plan = made(force=True)
    report(plan, 10)
    found = anew(plan, "breakdown", vehicles=[1])
    kept = json.dumps(found.inputs["events"])
    first = Position.objects.order_by("vehicle_id", "at_ms").first()
    assert str(first.lon) not in kept
    assert str(first.at_ms) not in kept
    assert {key for one in found.inputs["events"][-1]["seen"] for key in one} == {
        "vehicle", "at_s", "arc", "yard", "free_s", "load_kg", "m", "done",
    }  # fmt: skip


def test_a_third_version_stands_on_what_was_known_for_the_second(made, anew, post):
    plan = made(force=True)
    report(plan, 10, pace=1.3)
    second = anew(plan, "breakdown", vehicles=[1])
    with at(21, 6, 41):
        services.enforce_plan(second, by=post("duty"))
    second.refresh_from_db()
    Position.objects.all().delete()  # their time was over
    third = anew(second, "snow", 50, kinds=["main"])
    assert third.told["heard"]["seen"] == 0
    was = {each[0] for one in second.inputs["events"][-1]["seen"] for each in one["done"]}
    assert was <= done_by(third, 1e9)
    report(second, 25, since_s=1200)
    fourth = anew(second, "closed", 55, sections=[_ahead(second)])
    assert fourth.told["heard"]["seen"] > 0


def _ahead(plan):
    """The name of a street that is cleared last of all."""
    last = max(
        (leg for one in plan.tours["tours"] for leg in one["stops"] if leg[0] == "serve"),
        key=lambda leg: leg[2],
    )
    network = queries.network(plan)
    return network.sections[int(network.section[last[3][0]])].code


def test_what_a_team_reports_as_done_is_not_driven_to_again(made, anew, post):
    plan = made(force=True)
    code = _ahead(plan)
    arcs = set(queries.network(plan).sections[queries.network(plan).places[code]].arcs)
    vehicle = Vehicle.objects.get(pk=plan.inputs["vehicles"][2]["pk"])
    with at(21, 6, 39):
        fleet.report_pass(
            code, by=None, from_at=moment(21, 6, 31), to_at=moment(21, 6, 38), vehicle=vehicle
        )
    found = anew(plan, "breakdown", vehicles=[1])
    assert found.told["heard"]["reported"] > 0
    later = [
        leg for one in found.tours["tours"] for leg in one["stops"]
        if leg[0] == "serve" and leg[1] >= 600
    ]  # fmt: skip
    assert not any(set(leg[3]) <= arcs for leg in later)
    assert found.told["undone"] == []
    assert found.told["tasks"] == plan.told["tasks"]
    with at(21, 6, 41):
        services.enforce_plan(found, by=post("duty"))
    found.refresh_from_db()
    again = anew(found, "breakdown", 42, vehicles=[3])
    assert again.told["heard"]["reported"] == 0  # it is told once
    assert again.told["undone"] == []


def test_where_all_is_behind_what_was_not_done_is_planned_from_the_tracks(made, anew):
    plan = made(force=True)
    report(plan, 28, pace=2.0)
    found = anew(plan, "behind", 58)
    assert found.told["undone"] == []
    seen = {one["vehicle"] for one in found.inputs["events"][-1]["seen"]}
    once_more = found.told["tasks"] - plan.told["tasks"]
    by_plan = {
        leg[5] for one in plan.tours["tours"] for leg in one["stops"]
        if leg[0] == "serve" and leg[2] <= 1680 and one["vehicle"] not in seen
    }  # fmt: skip
    assert once_more <= len(by_plan)  # who is heard has its own undone work, not a second time


def test_the_page_says_what_a_version_started_from(made, anew, post):
    plan = made(force=True)
    report(plan, 10, pace=1.5, silent=(0,))
    found = anew(plan, "breakdown", vehicles=[1])
    with at(21, 6, 45):
        shown = page(found, post("duty"))
    panel = next(
        one for one in shown.panels if isinstance(one, Facts) and one.title == "从实情接着排"
    )
    told = {str(name): str(cell.value) for name, cell in panel.items}
    assert told["按上报位置的车"] == str(found.told["heard"]["seen"])
    assert np.isfinite(found.told["heard"]["latest_s"])


def test_the_sheet_of_a_driver_says_where_the_vehicle_was_seen(made, anew, post):
    plan = made(force=True)
    report(plan, 10)
    found = anew(plan, "breakdown", vehicles=[1])
    vehicle = next(one["vehicle"] for one in found.inputs["events"][-1]["seen"] if one["done"])
    shown = sheet(found, vehicle)
    (lines,) = (one.table.rows for one in shown.panels if isinstance(one, Routes))
    works = [line.cells[2].value for line in lines]
    assert works.count("所在") == 1
    assert works.index("所在") > 0  # what it has done stands before it
