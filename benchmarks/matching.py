"""What map matching finds again: `python benchmarks/matching.py CITY.osm.pbf` prints a table.

Tours are drawn on the city's own streets: mostly straight on, sometimes turning, now and then
round; at service speed (10 to 20 km/h) or driving (25 to 40 km/h), with stops. Every five seconds a
point, with noise; a fifth of the points lost in gaps of 10 to 55 s; a datum nobody was told. Recall
is the share of the driven metres found on the same arc as often as driven, precision the share of
the metres found that were driven; once by direction, once without. Processor seconds.

    python benchmarks/matching.py CITY.osm.pbf [--tours 40] [--points 600] [--seed 1]
"""

import argparse
import importlib.util
import platform
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from bihuan.engines.routing.build import build
from bihuan.engines.routing.coordinates import from_wgs84
from bihuan.engines.routing.matching import cells, match, tracks
from bihuan.engines.routing.network import Network
from bihuan.engines.routing.sphere import RADIUS_M, flat
from bihuan.exchange.roads import mapping, osm

EVERY_S = 5.0
CASES = (  # noise in metres, gaps, datum
    (5, False, "wgs84"),
    (10, False, "wgs84"),
    (15, False, "wgs84"),
    (5, True, "wgs84"),
    (15, True, "wgs84"),
    (5, False, "gcj02"),
    (15, True, "gcj02"),
    (15, True, "bd09"),
)


@dataclass(frozen=True, eq=False)
class Tour:
    """What was driven: metres of each arc, and where the vehicle was every five seconds."""

    metres: np.ndarray
    t: np.ndarray
    lon: np.ndarray
    lat: np.ndarray


def tour(net: Network, points: int, rng: np.random.Generator) -> Tour:
    low, high = net.shape_start[:-1], net.shape_start[1:]
    narrow = np.cos(np.radians(net.node_lat.mean()))

    def bearing(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.arctan2(
            net.shape_lat[b] - net.shape_lat[a], (net.shape_lon[b] - net.shape_lon[a]) * narrow
        )

    leaving, coming = bearing(low, low + 1), bearing(high - 2, high - 1)
    banned = set(map(tuple, net.forbidden.tolist()))
    arc = int(rng.choice(np.flatnonzero(net.kind <= 2)))
    arcs, speeds, ends, now = [], [], [], 0.0
    while now <= points * EVERY_S:
        service = rng.random() < 0.7
        speed = rng.uniform(10, 20) if service else rng.uniform(25, 40)
        speed = min(speed, float(net.speed_kmh[arc])) / 3.6
        stop = rng.exponential(8.0) if rng.random() < 0.15 else 0.0
        now += net.length_m[arc] / speed + stop
        arcs.append(arc)
        speeds.append(speed)
        ends.append((now - stop, now))
        head = net.arc_head[arc]
        after = net.out_arcs[net.out_start[head] : net.out_start[head + 1]]
        weight = np.exp(1.5 * np.cos(leaving[after] - coming[arc]))
        weight *= np.where(net.kind[after] <= 1, 3.0, 1.0)
        weight[after == net.back[arc]] = 0.04
        weight[[(arc, int(b)) in banned for b in after]] = 0.0
        total = weight.sum()
        arc = int(rng.choice(after, p=weight / total if total > 0 else None))
    leave = np.array(ends)[:, 1]
    t = np.arange(points) * EVERY_S
    at = np.searchsorted(leave, t, side="right")
    begin = np.concatenate([[0.0], leave[:-1]])
    length = net.length_m[arcs]
    gone = np.minimum((t - begin[at]) * np.array(speeds)[at], length[at])
    lon, lat = np.empty(points), np.empty(points)
    for k, place in enumerate(at.tolist()):
        x, y = net.geometry(arcs[place])
        along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x) * narrow, np.diff(y)))])
        want = gone[k] / length[place] * along[-1]
        lon[k], lat[k] = np.interp(want, along, x), np.interp(want, along, y)
    metres = np.bincount(arcs[: at[-1]], weights=length[: at[-1]], minlength=net.arcs)
    metres[arcs[at[-1]]] += gone[-1]
    return Tour(metres, t, lon, lat)


def heard(points: int, rng: np.random.Generator) -> np.ndarray:
    """Four points of five, the others lost in gaps."""
    keep = np.ones(points, dtype=bool)
    while keep.mean() > 0.8:
        at = rng.integers(1, points - 1)
        keep[at : at + rng.integers(2, 12)] = False
    keep[[0, -1]] = True
    return keep


def shown(tours: list[Tour], case: tuple[int, bool, str], seed: int):
    """The points as they arrive, one row of arrays a tour."""
    noise, gaps, datum = case
    rng = np.random.default_rng(seed)
    degree = np.degrees(1 / RADIUS_M)
    out = []
    for one in tours:
        n = len(one.t)
        lon = one.lon + rng.normal(0, noise, n) * degree / np.cos(np.radians(one.lat))
        lat = one.lat + rng.normal(0, noise, n) * degree
        keep = heard(n, rng) if gaps else np.ones(n, dtype=bool)
        lon, lat = from_wgs84(lon, lat, datum)
        out.append((one.t[keep], lon[keep], lat[keep]))
    return out


def ours(places, rows):
    vehicle = np.repeat(np.arange(len(rows)), [len(t) for t, _x, _y in rows])
    given = tracks(
        tuple(map(str, range(len(rows)))),
        vehicle,
        *(np.concatenate([row[k] for row in rows]) for k in range(3)),
    )
    began = time.process_time()
    found = match(places, given)
    spent = time.process_time() - began
    driven = found.driven
    metres = [
        np.bincount(
            driven.arc[driven.vehicle == k],
            weights=(driven.to_m - driven.from_m)[driven.vehicle == k],
            minlength=places.network.arcs,
        )
        for k in range(len(rows))
    ]
    return metres, spent, given.points


def fastmm_model(net: Network, folder: str):
    import fastmm

    one = fastmm.Network()
    middle = {"at_lon": float(net.node_lon.mean()), "at_lat": float(net.node_lat.mean())}
    x, y = flat(net.shape_lon, net.shape_lat, **middle)
    for arc in range(net.arcs):
        part = slice(int(net.shape_start[arc]), int(net.shape_start[arc + 1]))
        shape = list(zip(x[part].tolist(), y[part].tolist(), strict=True))
        one.add_edge(arc, int(net.arc_tail[arc]), int(net.arc_head[arc]), shape)
    one.finalize()
    mode = fastmm.TransitionMode.SHORTEST
    model = fastmm.FastMapMatch(one, mode, max_distance_between_candidates=1500.0, cache_dir=folder)
    return model, middle, one  # the model does not keep its network alive by itself


def fastmm_found(model, net: Network, middle, rows, noise: float):
    import fastmm

    out, spent, points = [], 0.0, 0
    for _t, lon, lat in rows:
        x, y = flat(lon, lat, **middle)
        given = fastmm.Trajectory.from_xy_tuples(list(zip(x.tolist(), y.tolist(), strict=True)))
        began = time.process_time()
        found = model.match(
            given,
            max_candidates=8,
            candidate_search_radius=4.0 * noise + 20,
            gps_error=float(noise),
            reverse_tolerance=float(noise),
        )
        spent += time.process_time() - began
        points += len(x)
        metres = np.zeros(net.arcs)
        for part in found.subtrajectories:
            for segment in part.segments:
                for edge in segment.edges:
                    line = np.array([(point.x, point.y) for point in edge.points])
                    length = np.hypot(*np.diff(line, axis=0).T).sum()
                    metres[edge.edge_id] += -length if edge.reversed else length
        out.append(metres)
    return out, spent, points


def told(net: Network, tours: list[Tour], found, spent: float, points: int) -> str:
    street = np.arange(net.arcs)
    street = np.where(net.back >= 0, np.minimum(street, net.back), street)
    same = either = true = have = 0.0
    for one, metres in zip(tours, found, strict=True):
        same += np.minimum(one.metres, metres).sum()
        a = np.bincount(street, weights=one.metres)
        b = np.bincount(street, weights=metres)
        either += np.minimum(a, b).sum()
        true += one.metres.sum()
        have += metres.sum()
    have = max(have, 1e-9)
    return (
        f"{100 * same / true:6.2f} {100 * same / have:6.2f}   "
        f"{100 * either / true:6.2f} {100 * either / have:6.2f}   {points / spent:9,.0f}"
    )


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    ask.add_argument("city", type=Path)
    ask.add_argument("--tours", type=int, default=40)
    ask.add_argument("--points", type=int, default=600)
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    rules = mapping.default()
    net = build(osm.read(given.city, rules), rules).network
    rng = np.random.default_rng(given.seed)
    tours = [tour(net, given.points, rng) for _one in range(given.tours)]
    print(platform.processor() or platform.machine(), "Python", platform.python_version())
    began = time.process_time()
    places = cells(net)
    print(f"{net.arcs:,} arcs, {len(places.x):,} cells in {time.process_time() - began:.1f} s")
    km = sum(one.metres.sum() for one in tours) / 1000
    print(f"{given.tours} tours, {km:,.0f} km, {given.tours * given.points:,} points\n")
    ours(places, shown(tours[:1], CASES[0], 0))  # compiled, once
    print("                            by direction    undirected      points per")
    print("noise gaps datum  method    recall precis.  recall precis.  CPU second")
    with tempfile.TemporaryDirectory() as folder:
        kept = fastmm_model(net, folder) if importlib.util.find_spec("fastmm") else None
        for case in CASES:
            rows = shown(tours, case, given.seed)
            head = f"{case[0]:3d} m {'20 %' if case[1] else '   –'} {case[2]:6s}"
            print(head, "ours     ", told(net, tours, *ours(places, rows)), flush=True)
            if kept and case[2] == "wgs84":
                found = fastmm_found(kept[0], net, kept[1], rows, case[0])
                print(head, "fastmm   ", told(net, tours, *found), flush=True)


if __name__ == "__main__":
    main()
