"""Contractor sectors and territories (片区): planning as offices do it today, to compare with.

A sector is what one company clears with its own vehicles: the roads nearest to its yards. A
territory goes further: every vehicle has roads of its own, cut out beforehand by weight and place.
Both are planned with the same search, each by itself; what they cost more is the price of the
fence.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from bihuan.engines.routing.network import Floats, Ints
from bihuan.engines.routing.plan.demand import Demand, Part
from bihuan.engines.routing.plan.legs import CityPlan, told
from bihuan.engines.routing.plan.planner import Aim, Planned, plan

_ROUNDS = 60


@dataclass(frozen=True)
class Piece:
    """一片：哪些作业归哪些车。"""

    name: str
    tasks: tuple[int, ...]
    vehicles: tuple[int, ...]


def by_company(whole: Demand) -> tuple[Piece, ...]:
    """Each company clears what lies nearest to its yards; a yard without a company is one.

    Work that none of its vehicles does goes to the nearest company that can.
    """
    scenario = whole.scenario
    names = [yard.company or yard.name for yard in scenario.yards]
    away, vehicles = _to_yards(whole), _owned(whole)
    tasks: dict[str, list[int]] = {}
    for does, mine in _by_work(whole).items():
        able = set(_able(whole, does).tolist())
        owners = [name for name in dict.fromkeys(names) if able & set(vehicles.get(name, ()))]
        if not owners:
            continue
        near = np.column_stack([
            away[mine][:, [i for i, n in enumerate(names) if n == own]].min(axis=1)
            for own in owners
        ])  # fmt: skip
        for at, own in enumerate(owners):
            tasks.setdefault(own, []).extend(mine[near.argmin(axis=1) == at].tolist())
    return tuple(
        Piece(own, tuple(sorted(tasks[own])), tuple(vehicles[own]))
        for own in dict.fromkeys(names) if tasks.get(own)
    )  # fmt: skip


def by_vehicle(whole: Demand, seed: int = 0) -> tuple[Piece, ...]:
    """Each vehicle clears a territory of its own, as even in length as place allows.

    Balanced k-means (capacitated assignment with prices on crowded territories) within each
    company; where ploughs and spreaders work apart, each kind has its own map of territories.
    """
    xy, weight = _middles(whole), _lengths(whole)
    out: list[Piece] = []
    for piece in by_company(whole):
        number = 0
        for tasks, vehicles in _crews(whole, piece):
            of = _even(xy[tasks], weight[tasks], len(vehicles), seed)
            for at, vehicle in enumerate(vehicles.tolist()):
                number += 1
                own = tuple(tasks[of == at].tolist())
                if own:
                    out.append(Piece(f"{piece.name} {number}", own, (vehicle,)))
    return tuple(out)


def by_place(whole: Demand, count: int, seed: int = 0) -> tuple[Piece, ...]:
    """Districts for planning a big city side by side: even parts, each with the nearest vehicles.

    Vehicles are shared out by the length of the districts, nearest first, those of each kind of
    work by themselves, so that no district is without a spreader while another has two.
    """
    xy, weight = _middles(whole), _lengths(whole)
    everything = Piece("", tuple(range(len(whole.tasks))), tuple(range(len(_homes(whole)))))
    crews = _crews(whole, everything)
    count = min(count, len(whole.tasks), *(len(vehicles) for _tasks, vehicles in crews))
    of = _even(xy, weight, count, seed)
    middle = np.array([xy[of == at].mean(axis=0) for at in range(count)])
    own: list[list[int]] = [[] for _at in range(count)]
    for tasks, vehicles in crews:
        home = _homes(whole)[vehicles]
        wanted = _shares(np.bincount(of[tasks], weights=weight[tasks], minlength=count), len(home))
        free, given = set(range(len(home))), [0] * count
        # The nearest pair of district and vehicle first, until each district has its share.
        far = np.linalg.norm(home[:, None, :] - middle[None, :, :], axis=2)
        for flat in np.argsort(far, axis=None, kind="stable").tolist():
            vehicle, at = divmod(flat, count)
            if vehicle in free and given[at] < wanted[at]:
                own[at].append(int(vehicles[vehicle]))
                given[at] += 1
                free.discard(vehicle)
    return tuple(
        Piece(str(at + 1), tuple(np.flatnonzero(of == at).tolist()), tuple(sorted(own[at])))
        for at in range(count)
    )


def _owned(whole: Demand) -> dict[str, list[int]]:
    """The vehicles of each company."""
    yards = {yard.name: yard for yard in whole.scenario.yards}
    out: dict[str, list[int]] = {}
    for at, (group, _name) in enumerate(whole.scenario.vehicles):
        yard = yards[whole.scenario.groups[group].yard]
        out.setdefault(yard.company or yard.name, []).append(at)
    return out


def _by_work(whole: Demand) -> dict[frozenset[str], Ints]:
    """Tasks by what has to be done there."""
    out: dict[frozenset[str], list[int]] = {}
    for at, task in enumerate(whole.tasks):
        out.setdefault(task.does, []).append(at)
    return {does: np.array(tasks, dtype=np.int32) for does, tasks in out.items()}


def _able(whole: Demand, does: frozenset[str]) -> Ints:
    """The vehicles that do all of this work."""
    scenario = whole.scenario
    types = {one.name: set(one.does) for one in scenario.types}
    can = [does <= types[scenario.groups[group].type] for group, _name in scenario.vehicles]
    return np.flatnonzero(can).astype(np.int32)


def _crews(whole: Demand, piece: Piece) -> list[tuple[Ints, Ints]]:
    """The tasks of a piece by work, each with vehicles of its own; who can do several kinds goes
    where most is to be done for every vehicle that is there already."""
    weight, mine, here = _lengths(whole), set(piece.tasks), set(piece.vehicles)
    parts = {
        does: np.array([at for at in tasks.tolist() if at in mine], dtype=np.int32)
        for does, tasks in _by_work(whole).items()
    }
    able = {
        does: here & set(_able(whole, does).tolist()) for does, tasks in parts.items() if len(tasks)
    }
    own: dict[frozenset[str], list[int]] = {does: [] for does, who in able.items() if who}
    options = {v: [does for does in own if v in able[does]] for v in sorted(here)}
    for vehicle in sorted(options, key=lambda v: (len(options[v]), v)):
        if options[vehicle]:
            burden = {
                does: float(weight[parts[does]].sum()) / (len(own[does]) + 0.5)
                for does in options[vehicle]
            }
            own[max(burden, key=lambda does: (burden[does], sorted(does)))].append(vehicle)
    crews = {does: (parts[does], who) for does, who in own.items() if who}
    for does in own.keys() - crews.keys():  # fewer vehicles than kinds of work: one does both
        able_too = [other for other, (_tasks, who) in crews.items() if set(who) <= able[does]]
        if able_too:
            tasks, who = crews[able_too[0]]
            crews[able_too[0]] = (np.concatenate([tasks, parts[does]]), who)
    return [(tasks, np.array(who, dtype=np.int32)) for tasks, who in crews.values()]


def plan_pieces(
    whole: Demand,
    pieces: Sequence[Piece],
    aim: Aim,
    *,
    run: Callable[..., Iterable[Any]] = map,
) -> CityPlan:
    """Every piece by itself. `aim` holds for all of them together: each gets its share of it."""
    found = plan_each(whole, pieces, aim, run=run)
    return told(whole, found, seed=aim.seed)


def plan_each(
    whole: Demand,
    pieces: Sequence[Piece],
    aim: Aim,
    *,
    run: Callable[..., Iterable[Any]] = map,
) -> list[tuple[Part, Planned]]:
    """The same, part by part."""
    sizes = np.array([len(piece.tasks) for piece in pieces], dtype=float)
    shares = sizes / sizes.sum()
    aims = [
        replace(
            aim,
            seconds=aim.seconds * share,
            rounds=None if aim.rounds is None else max(1, int(aim.rounds * share)),
            progress=None,
            stop=None,
        )
        for share in shares.tolist()
    ]
    return list(run(_one, [whole] * len(pieces), pieces, aims))


def _one(whole: Demand, piece: Piece, aim: Aim) -> tuple[Part, Planned]:
    part = whole.problem(piece.tasks, piece.vehicles)
    return part, plan(part, aim)


def _middles(whole: Demand) -> Floats:
    """(n, 2) where each task lies, in metres."""
    network = whole.scenario.network
    first = np.array([task.runs[0] for task in whole.tasks])
    tail, head = whole.runs.tail[first], whole.runs.head[first]
    lon = (network.node_lon[tail] + network.node_lon[head]) / 2
    lat = (network.node_lat[tail] + network.node_lat[head]) / 2
    return _metres(whole, lon, lat)


def _homes(whole: Demand) -> Floats:
    """(v, 2) where each vehicle stands."""
    yards = {yard.name: yard for yard in whole.scenario.yards}
    own = [yards[whole.scenario.groups[group].yard] for group, _n in whole.scenario.vehicles]
    return _metres(whole, np.array([y.lon for y in own]), np.array([y.lat for y in own]))


def _metres(whole: Demand, lon: Floats, lat: Floats) -> Floats:
    middle = float(whole.scenario.network.node_lat.mean())
    return np.column_stack([lon * 111_320 * np.cos(np.radians(middle)), lat * 110_540])


def _lengths(whole: Demand) -> Floats:
    return np.array([float(whole.runs.length_m[task.runs[0]]) for task in whole.tasks])


def _to_yards(whole: Demand) -> Floats:
    xy = _middles(whole)
    yards = whole.scenario.yards
    at = _metres(whole, np.array([y.lon for y in yards]), np.array([y.lat for y in yards]))
    away: Floats = np.linalg.norm(xy[:, None, :] - at[None, :, :], axis=2)
    return away


def _shares(given: ArrayLike, count: int) -> Ints:
    """`count` vehicles by weight, at least one each (largest remainders)."""
    weight = np.asarray(given, dtype=float)
    exact = weight / max(float(weight.sum()), 1e-9) * (count - len(weight))
    share = np.floor(exact).astype(np.int32)
    rest = count - len(weight) - int(share.sum())
    share[np.argsort(share - exact, kind="stable")[:rest]] += 1
    return share + 1


def _even(xy: Floats, weight: Floats, count: int, seed: int) -> Ints:
    """(n,) which of `count` compact parts each place is in, of about the same weight.

    A part that is too heavy becomes farther away for everybody (prices, as in an auction).
    """
    rng = np.random.default_rng(seed)
    middle = xy[rng.choice(len(xy), size=min(count, len(xy)), replace=False)].copy()
    price = np.zeros(len(middle))
    goal = weight.sum() / len(middle)
    scale = float(np.ptp(xy, axis=0).max()) or 1.0
    best, best_worst = np.zeros(len(xy), dtype=int), np.inf
    for step in range(_ROUNDS):
        far = np.linalg.norm(xy[:, None, :] - middle[None, :, :], axis=2) + price
        of = far.argmin(axis=1)
        held = np.bincount(of, weights=weight, minlength=len(middle))
        if held.max() < best_worst:
            best, best_worst = of, float(held.max())
        price += 0.15 * scale / np.sqrt(len(middle)) * (held / goal - 1) * (1 - step / _ROUNDS)
        for at in range(len(middle)):
            if (of == at).any():
                middle[at] = np.average(xy[of == at], axis=0, weights=weight[of == at])
    return best
