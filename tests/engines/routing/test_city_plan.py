"""City plans: what a driver is told, what the judge says of it, and what is asked for in vain."""

from dataclasses import replace

import numpy as np
import pytest

from bihuan.engines.routing.chance import chances
from bihuan.engines.routing.faults import Unfit
from bihuan.engines.routing.network import KINDS
from bihuan.engines.routing.plan.bounds import bounds
from bihuan.engines.routing.plan.check import check
from bihuan.engines.routing.plan.city import plan_city, plan_demand
from bihuan.engines.routing.plan.demand import demand
from bihuan.engines.routing.plan.legs import Leg
from bihuan.engines.routing.plan.planner import Aim
from bihuan.engines.routing.plan.scenario import (
    Amounts,
    ClassRule,
    Group,
    Repeat,
    Scenario,
    VehicleType,
    Yard,
)
from bihuan.engines.routing.plan.sectors import by_company, by_place, by_vehicle, plan_pieces
from bihuan.engines.routing.turns import TurnRules

from .drawn import arc, grid, network

AIM = Aim(rounds=2000, seed=1)
TURNS = TurnRules(8, 3, 30, u_turn_banned=True)


def town():
    """A square town of main streets with back streets along two sides."""
    return network(
        *grid(4),
        ([(0, 0), (0, -200), (200, -200), (200, 0)], "residential", {"name": "后巷"}),
    )


def scenario(net=None, **change):
    net = net or town()
    lon, lat = net.node_lon, net.node_lat
    corner = [(float(lon[at]), float(lat[at])) for at in (lat.argmax(), lat.argmin())]
    given = {
        "classes": (
            ClassRule("main", "direction", 3600.0, weight=10.0),
            ClassRule("back", "street", 7200.0),
        ),
        "types": (VehicleType("撒布车", capacity_kg=300.0, turns=TURNS),),
        "yards": (
            Yard("北场", *corner[0], refill_s=120, company="一"),
            Yard("南场", *corner[1], refill_s=120, company="二"),
        ),
        "groups": (Group("北场", "撒布车", 2), Group("南场", "撒布车", 1)),
        "amounts": Amounts(((-10, "snow", 10.0), (-99, "", 20.0))),
    }
    return Scenario(net, **{**given, **change})


@pytest.fixture(scope="module")
def planned():
    return plan_city(scenario(), AIM)


def judged(plan):
    return check(plan.scenario, plan, plan.demand.passes)


def test_all_is_done_in_time_and_the_judge_agrees(planned):
    verdict = judged(planned)
    assert verdict.faults == ()
    assert verdict.undone_passes == 0
    assert planned.left == ()
    assert verdict.judged.late == {"main": 0, "back": 0}
    assert verdict.judged.km == pytest.approx(planned.km)
    assert verdict.judged.clear_s == pytest.approx(planned.clear_s())
    # 24 main streets of 200 m both ways, 600 m of back street once.
    assert planned.served_km == pytest.approx(2 * 24 * 0.2 + 0.6, rel=1e-3)
    assert planned.kg == pytest.approx(sum(task.load_kg for task in planned.demand.tasks))


def test_the_bound_lies_below_every_plan(planned):
    low = bounds(planned.demand)
    assert low.served_km == pytest.approx(planned.served_km)
    assert low.km <= planned.km
    assert low.clear_s <= max(planned.clear_s().values())
    nearer = plan_city(scenario(), replace(AIM, first="distance"))
    assert low.km <= nearer.km
    assert max(planned.clear_s().values()) <= max(nearer.clear_s().values()) + 1e-6


def test_the_same_rounds_and_seed_give_the_same_plan(planned):
    again = plan_city(scenario(), AIM)
    assert [tour.stops for tour in again.tours] == [tour.stops for tour in planned.tours]


def spoilt(plan, at, change):
    """The plan with one leg changed, or left out."""
    tour = next(one for one in plan.tours if one.stops)
    legs = list(tour.stops)
    found = change(legs[at])
    legs[at : at + 1] = [found] if found else []
    tours = tuple(replace(one, stops=tuple(legs)) if one is tour else one for one in plan.tours)
    return replace(plan, tours=tours)


def serve_at(plan):
    tour = next(one for one in plan.tours if one.stops)
    return next(at for at, leg in enumerate(tour.stops) if leg.kind == "serve")


def codes(plan):
    return {one.code for one in judged(plan).faults}


def test_the_judge_sees_what_was_planted(planned):
    at = serve_at(planned)
    without = judged(spoilt(planned, at, lambda leg: None))
    assert "check_jump" in {one.code for one in without.faults}
    assert without.undone_passes
    assert "check_too_fast" in codes(
        spoilt(planned, at, lambda leg: replace(leg, from_s=leg.to_s - 1))
    )
    assert "check_clock" in codes(
        spoilt(planned, at, lambda leg: replace(leg, from_s=leg.from_s - 100))
    )
    assert "check_length" in codes(spoilt(planned, at, lambda leg: replace(leg, m=leg.m + 50)))
    assert "check_empty" in codes(spoilt(planned, at, lambda leg: replace(leg, kg=5000.0)))
    assert "check_after_shift" in codes(
        spoilt(planned, -1, lambda leg: replace(leg, to_s=9 * 3600.0))
    )
    cut = [replace(tour, stops=tour.stops[: at + 1]) for tour in planned.tours]
    assert "check_not_home" in codes(replace(planned, tours=tuple(cut)))
    moved = Leg("refill", 0, 200, yard=0, kg=10)
    assert codes(spoilt(planned, at, lambda leg: moved)) & {"check_refill_place", "check_jump"}
    twice = replace(planned, tours=(*planned.tours, planned.tours[0]))
    assert "check_vehicle_twice" in codes(twice)


def test_forbidden_turns_and_closed_roads_are_seen(planned):
    at = serve_at(planned)
    net = planned.scenario.network

    def bounce(leg):
        back = int(net.back[leg.arcs[-1]])
        arcs = (*leg.arcs, back, leg.arcs[-1])
        return replace(leg, arcs=arcs, m=float(net.length_m[list(arcs)].sum()), to_s=leg.to_s + 900)

    assert "check_turn" in codes(spoilt(planned, at, bounce))
    used = next(leg.arcs[0] for tour in planned.tours for leg in tour.stops if leg.arcs)
    shut = replace(planned.scenario, closed=(used,))
    found = check(shut, planned, planned.demand.passes)
    assert "check_closed" in {one.code for one in found.faults}


def test_a_small_hopper_is_refilled_on_the_way():
    small = VehicleType("小车", capacity_kg=100.0, turns=TURNS)
    plan = plan_city(
        scenario(types=(small,), groups=(Group("北场", "小车", 2), Group("南场", "小车", 1))), AIM
    )
    assert judged(plan).faults == ()
    assert plan.left == ()
    assert any(leg.kind == "refill" for tour in plan.tours for leg in tour.stops)


def test_a_promise_that_cannot_be_kept_is_broken_by_little_and_nothing_is_lost():
    tight = (ClassRule("main", promise_s=300.0, weight=10.0), ClassRule("back", "street", 7200.0))
    plan = plan_city(scenario(classes=tight), AIM)
    verdict = judged(plan)
    assert verdict.faults == ()
    assert plan.left == ()
    assert verdict.judged.late["main"] > 0
    assert max(plan.clear_s().values()) < 3600


def test_shifts_that_are_too_short_leave_an_honest_rest():
    short = (Group("北场", "撒布车", 1, shuts_s=600.0),)
    plan = plan_city(scenario(groups=short), AIM)
    verdict = judged(plan)
    assert verdict.faults == ()
    assert plan.left
    assert verdict.undone_passes > 0
    assert np.isinf(plan.clear_s()["main"])
    done = {leg.task for tour in plan.tours for leg in tour.stops if leg.task >= 0}
    assert done | set(plan.left) == set(range(len(plan.demand.tasks)))
    assert not done & set(plan.left)


def test_rounds_are_repeated_while_it_snows():
    again = Repeat(every_s=3600.0, until_s=3600.0, kinds=("main",))
    plan = plan_city(scenario(repeat=again), AIM)
    verdict = judged(plan)
    assert verdict.faults == ()
    assert plan.left == ()
    later = [at for at, task in enumerate(plan.demand.tasks) if task.round == 1]
    begun = {leg.task: leg.from_s for tour in plan.tours for leg in tour.stops if leg.task >= 0}
    assert later
    assert all(begun[at] >= 3600 for at in later)


def test_lanes_are_passes_and_only_the_spreader_spreads():
    lanes = (ClassRule("main", "lane", 7200.0), ClassRule("back", "street", spread=False))
    kinds = (
        VehicleType("推雪车", ("plough",), turns=TURNS),
        VehicleType("撒布车", ("spread",), capacity_kg=900.0, turns=TURNS),
    )
    both = (Group("北场", "推雪车", 2), Group("南场", "撒布车", 2))
    plan = plan_city(scenario(classes=lanes, types=kinds, groups=both), AIM)
    assert judged(plan).faults == ()
    assert plan.left == ()
    for tour in plan.tours:
        does = set(kinds[tour.type].does)
        assert all(
            plan.demand.tasks[leg.task].does <= does for leg in tour.stops if leg.kind == "serve"
        )
    main = plan.scenario.network.kind == KINDS.index("main")
    assert set(plan.demand.passes[main].tolist()) == {3}  # two lanes ploughed, one spreading


def test_a_lower_stage_is_done_first_in_every_tour():
    staged = (ClassRule("main", stage=1), ClassRule("back", "street", stage=0))
    plan = plan_city(scenario(classes=staged), AIM)
    assert plan.left == ()
    for tour in plan.tours:
        order = [
            KINDS[plan.demand.tasks[leg.task].kind] for leg in tour.stops if leg.kind == "serve"
        ]
        assert order == sorted(order, key=lambda kind: kind == "main")


def test_a_closed_street_is_neither_cleared_nor_driven():
    net = town()
    shut = arc(net, (200, 200), (200, 400))
    plan = plan_city(scenario(net, closed=(shut, int(net.back[shut]))), AIM)
    assert judged(plan).faults == ()
    assert plan.left == ()
    driven = {a for tour in plan.tours for leg in tour.stops for a in leg.arcs}
    assert shut not in driven


def test_amounts_follow_the_table():
    table = Amounts(((-5, "snow", 10.0), (-5, "", 15.0), (-99, "", 25.0)))
    assert table.grams(-3, "snow") == 10.0
    assert table.grams(-3, "rain") == 15.0
    assert table.grams(-20, "snow") == 25.0
    assert Amounts().grams(-3, "snow") == 0.0


@pytest.mark.parametrize("cut", [by_company, by_vehicle, lambda whole: by_place(whole, 2)])
def test_pieces_hold_every_task_and_no_vehicle_twice(cut):
    whole = demand(scenario())
    pieces = cut(whole)
    tasks = [task for piece in pieces for task in piece.tasks]
    vehicles = [v for piece in pieces for v in piece.vehicles]
    assert sorted(tasks) == list(range(len(whole.tasks)))
    assert len(set(vehicles)) == len(vehicles)
    plan = plan_pieces(whole, pieces, AIM)
    assert judged(plan).faults == ()
    done = {leg.task for tour in plan.tours for leg in tour.stops if leg.task >= 0}
    assert done | set(plan.left) == set(range(len(whole.tasks)))


APART = {
    "types": (
        VehicleType("推雪车", ("plough",), capacity_kg=1.0, turns=TURNS),
        VehicleType("撒布车", ("spread",), capacity_kg=300.0, turns=TURNS),
        VehicleType("推撒车", ("plough", "spread"), capacity_kg=300.0, turns=TURNS),
    ),
    "classes": (
        ClassRule("main", "direction", 7200.0, weight=10.0),
        ClassRule("back", "street", 9000.0),
    ),
}


def apart(*groups):
    """Ploughs and spreaders by themselves: each pass is two tasks."""
    whole = demand(scenario(groups=groups, longest_m=250.0, **{
        **APART, "types": tuple(t for t in APART["types"] if t.name in {g.type for g in groups}),
    }))  # fmt: skip
    assert {frozenset({"plough"}), frozenset({"spread"})} >= {task.does for task in whole.tasks}
    return whole


@pytest.mark.parametrize("cut", [by_company, by_vehicle, lambda whole: by_place(whole, 2)])
@pytest.mark.parametrize("groups", [
    (Group("北场", "推雪车", 2), Group("北场", "撒布车", 1),
     Group("南场", "推雪车", 1), Group("南场", "撒布车", 2)),
    # One company has no spreader: the other clears its streets of ice.
    (Group("北场", "推雪车", 2), Group("南场", "推雪车", 1), Group("南场", "撒布车", 2)),
])  # fmt: skip
def test_ploughs_and_spreaders_have_pieces_of_their_own(cut, groups):
    whole = apart(*groups)
    pieces = cut(whole)
    assert sorted(task for piece in pieces for task in piece.tasks) == list(range(len(whole.tasks)))
    vehicles = [v for piece in pieces for v in piece.vehicles]
    assert len(set(vehicles)) == len(vehicles)
    types = {one.name: set(one.does) for one in whole.scenario.types}
    for piece in pieces:
        does = set().union(*(
            types[whole.scenario.groups[whole.scenario.vehicles[v][0]].type] for v in piece.vehicles
        ))  # fmt: skip
        assert all(whole.tasks[at].does <= does for at in piece.tasks), piece.name
    plan = plan_pieces(whole, pieces, AIM)
    assert judged(plan).faults == ()
    assert plan.left == ()


def test_each_kind_of_work_has_its_own_map_of_territories():
    whole = apart(
        Group("北场", "推雪车", 2), Group("北场", "撒布车", 2),
        Group("南场", "推雪车", 2), Group("南场", "撒布车", 2),
    )  # fmt: skip
    for piece in by_vehicle(whole):
        assert len({whole.tasks[at].does for at in piece.tasks}) == 1
        assert len(piece.vehicles) == 1
    assert len(by_vehicle(whole)) == 8


def test_districts_and_their_seams_keep_every_task():
    calls = []

    def run(work, *rows):
        calls.append(work)
        return map(work, *rows)

    plan = plan_demand(demand(scenario()), AIM, districts=2, run=run)
    assert judged(plan).faults == ()
    done = [leg.task for tour in plan.tours for leg in tour.stops if leg.task >= 0]
    assert sorted([*done, *plan.left]) == list(range(len(plan.demand.tasks)))
    assert len(calls) >= 2  # the districts, then at least one seam


def test_a_plan_is_driven_by_chance(planned):
    found = chances(planned.timetable(), planned.scenario.promises(), samples=200, seed=1)
    main = next(one for one in found.kinds if one.kind == "main")
    assert main.planned_s == pytest.approx(planned.clear_s()["main"])
    assert 0 <= main.low <= main.probability <= main.high <= 1


def test_progress_is_told_and_stop_leaves_a_plan():
    told = []
    aim = replace(AIM, rounds=20_000, progress=told.append, stop=lambda: len(told) >= 5)
    plan = plan_city(scenario(), aim)
    assert plan.stopped
    assert len(told) <= 7
    assert judged(plan).faults == ()
    assert told[-1].done == told[-1].tasks


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"classes": ()}, "plan_no_classes"),
        ({"classes": (ClassRule("天路"),)}, "plan_kind"),
        ({"classes": (ClassRule("main", promise_s=0.0),)}, "plan_promise"),
        ({"types": ()}, "plan_no_types"),
        ({"types": (VehicleType("撒布车", capacity_kg=0.0),)}, "plan_capacity"),
        ({"types": (VehicleType("撒布车", work_kmh=0.0),)}, "plan_speed"),
        ({"types": (VehicleType("撒布车", does=("飞",)),)}, "plan_does"),
        ({"yards": ()}, "plan_no_depot"),
        ({"yards": (Yard("北场", 0.0, 0.0), Yard("南场", 113.7, 34.7))}, "plan_yard_far"),
        ({"groups": ()}, "plan_no_vehicle"),
        ({"groups": (Group("西场", "撒布车", 1),)}, "plan_unknown_yard"),
        ({"groups": (Group("北场", "飞机", 1),)}, "plan_unknown_type"),
        ({"groups": (Group("北场", "撒布车", 1, 9.0, 9.0),)}, "plan_shift"),
    ],
)
def test_what_is_wrong_with_a_scenario_is_said(change, code):
    with pytest.raises(Unfit) as refusal:
        scenario(**change)
    assert code in {one.code for one in refusal.value.faults}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"classes": (ClassRule("branch"),)}, "plan_no_roads"),
        ({"types": (VehicleType("撒布车", banned_kinds=("back",)),)}, "plan_nobody"),
        ({"types": (VehicleType("撒布车", capacity_kg=1.0),)}, "plan_too_heavy"),
    ],
)
def test_work_that_nobody_can_do_is_said(change, code):
    with pytest.raises(Unfit) as refusal:
        demand(scenario(**change))
    assert code in {one.code for one in refusal.value.faults}
