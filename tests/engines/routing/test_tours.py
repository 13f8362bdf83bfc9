"""The search below all tours, against every possibility where that can be counted."""

from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest

from bihuan.engines.routing.faults import Unfit
from bihuan.engines.routing.tours import Fleet, Limits, Matrices, Problem, Stops, Work, solve
from bihuan.engines.routing.tours.search import Searching

ROUNDS = Limits(rounds=3000, seed=1)


def problem(
    n=4, vehicles=2, *, seed=0, room=100.0, due=np.inf, timed=False, refills=0, shuts=np.inf,
    ready=0.0, stage=None, filled=None,
):  # fmt: skip
    """Tasks of two directions on a plane; costs are not symmetric, so that directions matter."""
    rng = np.random.default_rng(seed)
    size = 2 * n + refills + 1
    begin, end = rng.uniform(0, 100, (n, 2)), rng.uniform(0, 100, (n, 2))
    yard = np.array([[50.0, 50.0]])
    places = rng.uniform(0, 100, (refills, 2))
    first = np.stack([begin, end], 1).reshape(-1, 2)
    last = np.stack([end, begin], 1).reshape(-1, 2)
    starts = np.concatenate([first, places, yard])
    ends = np.concatenate([last, places, yard])
    away = np.linalg.norm(ends[:, None] - starts[None], axis=2) + rng.uniform(0, 9, (size, size))
    matrix = away.astype(np.float32)[None]
    serve = np.concatenate([np.repeat(rng.uniform(5, 20, n), 2), np.full(refills + 1, 3.0)])[None]
    home = np.full(vehicles, size - 1)
    space = np.full(vehicles, float(room))
    return Problem(
        Work(
            np.arange(0, 2 * n, 2), np.arange(1, 2 * n, 2), rng.integers(10, 40, n).astype(float),
            np.full(n, float(due)), np.full(n, ready),
            np.zeros(n, dtype=int) if stage is None else np.array(stage), np.ones(n),
        ),
        Fleet(
            np.zeros(vehicles, dtype=int), home, home.copy(), np.zeros(vehicles),
            np.full(vehicles, float(shuts)), space,
            space.copy() if filled is None else np.full(vehicles, float(filled)),
            np.zeros(vehicles),
        ),
        Stops(2 * n, refills, 1),
        Matrices(matrix, matrix if timed else None, serve if timed else np.zeros((0, 0)),
                 serve if timed else None),
    )  # fmt: skip


def told(given, tour, v=0):
    """Cost of a tour, or infinite where it breaks something: written without the solver."""
    work, fleet, m = given.work, given.fleet, given.matrices
    task = {int(s): t for t, both in enumerate(zip(work.one, work.two, strict=True)) for s in both}
    at, cost, now, load = int(fleet.begin[v]), 0.0, 0.0, float(fleet.filled[v])
    stage = -1
    for stop in tour:
        cost += float(m.away[0, at, stop])
        if m.serve_cost.size:
            cost += float(m.serve_cost[0, stop])
        if m.drive_s is not None:
            now += float(m.drive_s[0, at, stop])
            if stop in task:
                now = max(now, float(work.ready_s[task[stop]]))
            now += float(m.serve_s[0, stop])
        if stop in task:
            load -= float(work.load[task[stop]])
            if load < -1e-6 or now > work.due_s[task[stop]] + 1e-6:
                return np.inf
            if work.stage[task[stop]] < stage:
                return np.inf
            stage = work.stage[task[stop]]
        else:
            load = float(fleet.room[v])
        at = stop
    if tour:
        cost += float(m.away[0, at, int(fleet.end[v])])
        if m.drive_s is not None:
            now += float(m.drive_s[0, at, int(fleet.end[v])])
    return cost if now <= fleet.shuts_s[v] + 1e-6 else np.inf


def cheapest(given):
    """The best of all possibilities: order, directions, cuts between two vehicles, refills."""
    n, vehicles = len(given.work), len(given.fleet)
    stations = range(given.stops.directed, given.stops.directed + given.stops.refills)
    best = np.inf
    for order in permutations(range(n)):
        for ways in product((0, 1), repeat=n):
            stops = [2 * t + w for t, w in zip(order, ways, strict=True)]
            for cut in range(n + 1) if vehicles == 2 else [n]:
                parts = [stops[:cut], stops[cut:]][:vehicles]
                costs = [min(told(given, one, v) for one in with_refills(part, stations))
                         for v, part in enumerate(parts)]  # fmt: skip
                best = min(best, sum(costs))
    return best


def with_refills(part, stations):
    choices = [None, *stations]
    for gaps in product(choices, repeat=len(part)):
        out = []
        for station, stop in zip(gaps, part, strict=True):
            out += [stop] if station is None else [station, stop]
        yield out


@pytest.mark.parametrize("seed", range(6))
def test_the_cheapest_of_all_is_found(seed):
    given = problem(seed=seed, room=90)
    found = solve(given, ROUNDS)
    assert found.undone == ()
    assert found.cost == pytest.approx(cheapest(given), rel=1e-5)
    assert sum(told(given, t, v) for v, t in enumerate(found.tours)) == pytest.approx(
        found.cost, rel=1e-5
    )


@pytest.mark.parametrize("seed", range(4))
def test_with_hours_and_waiting(seed):
    given = problem(n=4, seed=seed, timed=True, due=210.0, ready=30.0, shuts=260.0)
    best = cheapest(given)
    found = solve(given, ROUNDS)
    if np.isfinite(best):
        assert found.undone == ()
        assert found.cost == pytest.approx(best, rel=1e-5)
    else:
        assert found.undone
    for v, tour in enumerate(found.tours):
        assert np.isfinite(told(given, tour, v))


@pytest.mark.parametrize("seed", range(4))
def test_refills_stand_where_they_cost_least(seed):
    given = problem(n=4, vehicles=1, seed=seed, room=50.0, refills=2, timed=True)
    found = solve(given, ROUNDS)
    assert found.undone == ()
    assert found.cost == pytest.approx(cheapest(given), rel=1e-5)


def test_a_vehicle_that_starts_empty_loads_first():
    given = problem(n=3, vehicles=1, room=100.0, refills=1, filled=0.0)
    found = solve(given, ROUNDS)
    assert found.undone == ()
    assert found.tours[0][0] == given.stops.directed
    assert found.cost == pytest.approx(cheapest(given), rel=1e-5)


def test_stages_rise_in_every_tour():
    given = problem(n=4, seed=3, stage=[1, 0, 1, 0])
    found = solve(given, ROUNDS)
    assert found.cost == pytest.approx(cheapest(given), rel=1e-5)


def test_what_fits_nowhere_stays_undone_and_is_told():
    given = problem(n=4, vehicles=1, room=45.0, seed=2)
    found = solve(given, ROUNDS)
    assert found.undone
    done = {stop // 2 for tour in found.tours for stop in tour}
    assert done | set(found.undone) == set(range(4))
    assert np.isfinite(told(given, found.tours[0]))


def test_the_same_seed_gives_the_same_tours_and_a_start_is_not_made_worse():
    given = problem(n=30, vehicles=5, seed=7, room=200)
    one, two = solve(given, ROUNDS), solve(given, ROUNDS)
    assert one.tours == two.tours
    again = solve(given, replace(ROUNDS, rounds=50, seed=9), start=one.tours)
    assert again.cost <= one.cost + 1e-6


def test_books_kept_step_by_step_are_those_counted_anew():
    """Ways, hours and loads are updated where a tour changes; a full count must agree."""
    given = problem(n=40, vehicles=6, seed=5, room=150, timed=True, due=900.0, refills=2)
    one = Searching(given, 3)
    for heat in (50.0, 5.0):
        one.run(400, heat, heat)
        kept = [row.copy() for row in (one.tours.cost, one.tours.at, one.tours.place)]
        hours = one.tours.leave.copy()
        one.put(one.tours_now(), anew=False)
        assert np.allclose(kept[0], one.tours.cost, rtol=1e-6)
        assert (kept[1] == one.tours.at).all()
        done = one.tours.at >= 0
        assert (kept[2][done] == one.tours.place[done]).all()
        for v, size in enumerate(one.tours.size):
            assert np.allclose(hours[v, : size + 1], one.tours.leave[v, : size + 1])


def test_progress_is_told_and_stop_is_heard():
    told_ = []
    given = problem(n=20, vehicles=4, room=200)
    found = solve(given, Limits(rounds=10_000, progress=told_.append, stop=lambda: len(told_) >= 3))
    assert len(told_) == 3
    assert found.rounds < 10_000
    assert found.undone == ()


def test_time_is_an_alternative_to_rounds():
    ticks = iter(range(1000))
    found = solve(problem(), Limits(seconds=5.0, clock=lambda: float(next(ticks))))
    assert 1 < found.rounds < 1000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"n": 0}, "tours_no_work"),
        ({"vehicles": 0}, "tours_no_vehicle"),
        ({"room": 0.0}, "tours_no_capacity"),
        ({"shuts": -1.0}, "tours_shift"),
    ],
)
def test_what_cannot_be_planned_is_said(change, code):
    with pytest.raises(Unfit) as refusal:
        problem(**change)
    assert code in {one.code for one in refusal.value.faults}
