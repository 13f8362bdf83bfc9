"""What a city's streets cost: `python benchmarks/roads.py CITY.osm.pbf` prints tables.

Reading and building the network, storing it and loading it again; how raw arcs become runs; then
shortest ways from the same sources by SciPy, by rustworkx where it is installed, and by our own
compiled search, over junctions and over arcs with turns, with a look at whether all say the same.
Processor seconds, which a busy machine disturbs less than the clock; the best of three.

    python benchmarks/roads.py CITY.osm.pbf [--sources 200] [--seed 0]
"""

import argparse
import importlib.util
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from bihuan.engines.routing import paths
from bihuan.engines.routing.build import build
from bihuan.engines.routing.network import Network
from bihuan.engines.routing.runs import runs
from bihuan.engines.routing.turns import FREE, TurnRules
from bihuan.exchange.roads import mapping, osm, store


def cpu_s(work: Callable[[], Any], times: int = 1) -> tuple[float, Any]:
    """The least processor seconds of some runs, and what the last one gave."""
    best = np.inf
    for _time in range(times):
        began = time.process_time()
        found = work()
        best = min(best, time.process_time() - began)
    return best, found


def loading(file: Path) -> Network:
    rules = mapping.default()
    read_s, streets = cpu_s(lambda: osm.read(file, rules))
    build_s, built = cpu_s(lambda: build(streets, rules))
    net = built.network
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "net"
        save_s, _none = cpu_s(lambda: store.save(net, place))
        load_s, again = cpu_s(lambda: store.load(place), 3)
        size = place.stat().st_size
    assert again.digest == net.digest
    print(f"{net.nodes:,} junctions, {net.arcs:,} arcs, {net.length_m.sum() / 1000:,.0f} arc-km")
    print(
        f"cut off: {built.cut_off.arcs:,} arcs, {built.cut_off.km:.0f} km; "
        f"{100 * built.cut_off.kept_share:.1f} % of the length kept"
    )
    print(f"\n{'step':24}{'CPU s':>8}")
    for name, seconds in (
        ("read the map", read_s),
        ("build the network", build_s),
        (f"store ({size / 2**20:.1f} MB)", save_s),
        ("load from the store", load_s),
    ):
        print(f"{name:24}{seconds:8.2f}")
    return net


def joining(net: Network) -> None:
    required = net.kind <= 1
    km = net.length_m[required].sum() / 1000
    print(f"\nmain and secondary: {required.sum():,} arcs, {km:,.0f} km")
    print(f"{'runs':24}{'number':>8}{'median m':>10}{'CPU s':>8}")
    for through in ("choices", "streets"):
        seconds, found = cpu_s(lambda: runs(net, required, through=through), 3)  # noqa: B023
        print(f"{through:24}{len(found):8,}{np.median(found.length_m):10.0f}{seconds:8.2f}")


def over_nodes(net: Network, cost: np.ndarray) -> csr_array:
    """Junctions as SciPy wants them: of parallel arcs the cheapest, as it adds them up."""
    order = np.lexsort((cost, net.arc_head, net.arc_tail))
    tail, head = net.arc_tail[order], net.arc_head[order]
    first = np.r_[True, (np.diff(tail) != 0) | (np.diff(head) != 0)]
    return csr_array((cost[order][first], (tail[first], head[first])), shape=(net.nodes,) * 2)


def searching(net: Network, sources: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    nodes = rng.choice(net.nodes, sources, replace=False)
    arcs = rng.choice(net.arcs, sources, replace=False)
    free, turning = paths.roads(net, FREE), paths.roads(net, TurnRules())
    graph = over_nodes(net, free.cost)
    steps = turning.over_arcs
    place = np.repeat(np.arange(net.arcs), np.diff(steps.start))
    expanded = csr_array((steps.weight, (place, steps.to)), shape=(net.arcs,) * 2)
    paths.between_nodes(free, nodes[:1], nodes)  # compiled before it is measured
    rows = []
    scipy_s, wanted = cpu_s(lambda: dijkstra(graph, indices=nodes)[:, nodes], 3)
    rows.append(("junctions", "SciPy csgraph", scipy_s, ""))
    if importlib.util.find_spec("rustworkx"):
        rows.append(("junctions", "rustworkx", by_rustworkx(net, free.cost, nodes[:20]), ""))
    own_s, found = cpu_s(lambda: paths.between_nodes(free, nodes, nodes), 3)
    rows.append(("junctions", "own", own_s, same(found, wanted)))
    scipy_s, wanted = cpu_s(lambda: dijkstra(expanded, indices=arcs)[:, arcs], 3)
    rows.append(("arcs with turns", "SciPy csgraph", scipy_s, ""))
    own_s, found = cpu_s(lambda: paths.between_arcs(turning, arcs, arcs), 3)
    # SciPy pays the source as well, and knows a way of nothing from each place to itself.
    np.fill_diagonal(found, 0.0)
    wanted = wanted - np.where(np.eye(sources, dtype=bool), 0.0, turning.cost[arcs][:, None])
    rows.append(("arcs with turns", "own", own_s, same(found, wanted)))
    print(f"\n{'places':18}{'library':18}{'ms a source':>12}  same")
    for what, library, seconds, alike in rows:
        count = 20 if library == "rustworkx" else sources
        print(f"{what:18}{library:18}{1000 * seconds / count:12.2f}  {alike}")


def same(found: np.ndarray, wanted: np.ndarray) -> str:
    return "yes" if np.allclose(found, wanted, rtol=0, atol=1e-6) else "NO"


def by_rustworkx(net: Network, cost: np.ndarray, sources: np.ndarray) -> float:
    import rustworkx

    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(net.nodes))
    graph.add_edges_from(
        list(zip(net.arc_tail.tolist(), net.arc_head.tolist(), cost.tolist(), strict=True))
    )
    search = rustworkx.digraph_dijkstra_shortest_path_lengths
    return cpu_s(lambda: [search(graph, int(one), float) for one in sources], 3)[0]


def main() -> None:
    given = argparse.ArgumentParser(description="What a city's streets cost.")
    given.add_argument("file", type=Path)
    given.add_argument("--sources", type=int, default=200)
    given.add_argument("--seed", type=int, default=0)
    asked = given.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}")
    net = loading(asked.file)
    joining(net)
    searching(net, asked.sources, asked.seed)


if __name__ == "__main__":
    main()
