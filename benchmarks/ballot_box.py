"""What a durable, forgetting ballot costs: `python benchmarks/ballot_box.py` prints a table.

Ballots of one block (4,145 bytes, 示例数据) go into a box from many threads at once; beside it
stand bare loops that write the same two rows with the same durability and nothing else: one commit
per ballot, and one commit for all. Cost is the processor's own time, which a busy machine disturbs
less than the clock. Then a hall of 1,000 in ten seconds (waiting times, and in how large a batch
each ballot hid), and 500 voters under 100 kills.

    python benchmarks/ballot_box.py [--ballots 2000] [--hall 1000] [--kills 100] [--folder DIR]

The folder decides whose disk is measured: what is in memory (/dev/shm) is not durable.
"""

import argparse
import platform
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from tests.engines.tally import voters

from bihuan.engines.tally.box import BallotBox, Pace, leaf_of, schema

THREADS = 64


@dataclass(frozen=True)
class Cost:
    """Of some ballots: processor seconds (children too), seconds by the clock."""

    name: str
    ballots: int
    cpu_s: float
    clock_s: float


def cpu_s() -> float:
    """Processor seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measured(name: str, ballots: int, work: Callable[[], object]) -> Cost:
    cpu, clock = cpu_s(), time.perf_counter()
    work()
    return Cost(name, ballots, cpu_s() - cpu, time.perf_counter() - clock)


@contextmanager
def box_in(folder: Path, pace: Pace) -> Iterator[BallotBox]:
    with tempfile.TemporaryDirectory(dir=folder) as home:
        box = voters.new_box(Path(home), pace=pace)
        yield box
        box.close()


def bare(folder: Path, rows: list[tuple[bytes, bytes]], *, each: bool) -> Cost:
    """The same rows with the same settings, and no log, no heads, no answers."""
    with box_in(folder, voters.QUICK) as box, closing(schema.connect(box.path)) as connection:

        def work() -> None:
            if not each:
                connection.execute("BEGIN IMMEDIATE")
            for spent, blob in rows:
                if each:
                    connection.execute("BEGIN IMMEDIATE")
                leaf = leaf_of("a", blob)
                connection.execute("INSERT INTO spent VALUES (?, ?)", (spent, leaf))
                connection.execute("INSERT INTO ballot VALUES (?, 'a', ?, x'')", (leaf, blob))
                if each:
                    connection.execute("COMMIT")
            if not each:
                connection.execute("COMMIT")

        name = "bare loop, one commit per ballot" if each else "bare loop, one commit for all"
        return measured(name, len(rows), work)


def batched(folder: Path, rows: list[tuple[bytes, bytes]]) -> Cost:
    """As many callers as can wait, each until its ballot is durable."""
    with box_in(folder, Pace()) as box, ThreadPoolExecutor(THREADS) as hall:
        cost = measured(
            f"box, {THREADS} threads",
            len(rows),
            lambda: list(hall.map(lambda row: box.put(row[0], "a", row[1]), rows)),
        )
        judged(box, len(rows))
        return cost


def queued(folder: Path, rows: list[tuple[bytes, bytes]]) -> Cost:
    """All at once, nobody between: the writer alone, with batches as large as they get."""
    with box_in(folder, Pace()) as box:

        def work() -> None:
            for waiting in [box.submit(spent, "a", blob) for spent, blob in rows]:
                waiting.wait()

        cost = measured("box, all queued at once", len(rows), work)
        judged(box, len(rows))
        return cost


def two_servers(folder: Path, ballots: int) -> Cost:
    """Two processes on one file, each with half of the voters; their start is included, and
    they gather for 2 ms only, so that commits of both really meet."""
    with box_in(folder, voters.QUICK) as box:

        def work() -> None:
            servers = [
                voters.start(box.path, seed, ballots // 2, threads=THREADS // 2) for seed in (1, 2)
            ]
            listeners = [threading.Thread(target=server.communicate) for server in servers]
            for listener in listeners:
                listener.start()
            for listener in listeners:
                listener.join()

        cost = measured("box, 2 processes (start included)", ballots // 2 * 2, work)
        judged(box, ballots // 2 * 2)
        return cost


def judged(box: BallotBox, ballots: int) -> None:
    """A figure counts only for a box that is right."""
    faults = box.check()
    if faults or box.turnout() != ballots:
        raise SystemExit(f"{box.turnout()} of {ballots} stored; {faults}")


def hall(folder: Path, people: int, span_s: float) -> None:
    """Arrivals at random within the span; each waits for its receipt."""
    chance = random.Random(20240126)
    times = sorted(chance.uniform(0, span_s) for _ in range(people))
    waited: list[float] = []
    sizes: Counter[int] = Counter()
    with box_in(folder, Pace()) as box:
        began = time.perf_counter()

        def one(voter: int) -> None:
            time.sleep(max(0.0, began + times[voter] - time.perf_counter()))
            came = time.perf_counter()
            receipt = box.put(voters.right(3, voter), "a", voters.ballot(3, voter))
            waited.append(time.perf_counter() - came)
            sizes[receipt.size] += 1

        crew = [threading.Thread(target=one, args=(voter,)) for voter in range(people)]
        for thread in crew:
            thread.start()
        for thread in crew:
            thread.join()
        judged(box, people)
    hidden = sorted(size for size in sizes.values() for _ in range(size))
    cuts = statistics.quantiles(waited, n=100)
    print(
        f"hall: {people:,} in {span_s:g} s: wait p50 {cuts[49] * 1e3:.0f} ms,"
        f" p99 {cuts[98] * 1e3:.0f} ms, most {max(waited) * 1e3:.0f} ms;"
        f" {len(sizes)} batches; a ballot hid among {hidden[len(hidden) // 2]} (median),"
        f" {hidden[0]} at worst"
    )


def crash(folder: Path, people: int, kills: int) -> None:
    """Killed again and again; nothing acknowledged may be lost, none doubled."""
    with box_in(folder, voters.QUICK) as box:
        told = voters.killed(box.path, 4, voters=people, kills=kills)
        wrong = [str(one) for one in voters.complaints(box, told, people)]
        print(
            f"crash: {people} voters, {kills} kills (SIGKILL), {told.struck} found it at work:"
            f" {len(told.leaves)} acknowledged, {box.turnout()} stored,"
            f" {len(told.heads)} heads shown; {'; '.join(wrong) or 'nothing lost, none doubled'}"
        )


def steps(folder: Path, ballots: int) -> list[Cost]:
    """What happens once a meeting: checking, closing (file rewritten), opening, forgetting."""
    rows = [(voters.right(2, n), voters.sealed(f"示例数据 {n}")) for n in range(ballots)]
    with box_in(folder, Pace(window_s=0.0, least=1)) as box:
        for waiting in [box.submit(spent, "a", blob) for spent, blob in rows]:
            waiting.wait()
        found = [
            measured("check", len(rows), box.check),
            measured("close and rewrite", len(rows), lambda: box.advance("closed")),
            measured(
                "open (check included, unsealed)", len(rows), lambda: list(box.open(voters.PRIVATE))
            ),
        ]
        box.store_columns(b"[]")
        box.advance("counted")
        return [*found, measured("forget and rewrite", len(rows), box.finish)]


def machine() -> str:
    """Processor, system, Python and SQLite, as far as they say so themselves."""
    processor = platform.processor() or platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        names = [x for x in cpus.read_text(encoding="utf-8").splitlines() if "model name" in x]
        processor = f"{len(names)} × {names[0].partition(':')[2].strip()}" if names else processor
    return (
        f"{processor}, {platform.system()}, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}"
    )


def show(costs: list[Cost], unit: Cost) -> None:
    print(f"{'':<34}{'ballots':>9}{'CPU ms each':>13}{'of bare':>9}{'per second':>12}")
    for cost in costs:
        each = cost.cpu_s / cost.ballots
        ratio = each / (unit.cpu_s / unit.ballots)
        print(
            f"{cost.name:<34}{cost.ballots:>9,}{each * 1e3:>13.3f}{ratio:>9.2f}"
            f"{cost.ballots / cost.clock_s:>12,.0f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--ballots", type=int, default=2000)
    parser.add_argument("--hall", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    asked = parser.parse_args()
    rows = [(voters.right(1, n), voters.ballot(1, n)) for n in range(asked.ballots)]
    print(machine())
    one_each = bare(asked.folder, rows, each=True)
    costs = [
        one_each,
        bare(asked.folder, rows, each=False),
        batched(asked.folder, rows),
        queued(asked.folder, rows),
        two_servers(asked.folder, asked.ballots),
        *steps(asked.folder, asked.ballots),
    ]
    show(costs, one_each)
    hall(asked.folder, asked.hall, 10.0)
    hall(asked.folder, asked.hall // 10, 10.0)
    crash(asked.folder, 500, asked.kills)


if __name__ == "__main__":
    main()
