"""A thousand phones in ten seconds against the real server here, then as fast as it goes.

    python benchmarks/hall.py [--phones 1000] [--seconds 10] [--sustained 1000]
    python benchmarks/hall.py --kills 100 --phones 500       SIGKILL at random moments
    python benchmarks/hall.py --watched 300                  somebody copies the data folder

Prints a table: how long a phone waited for its page and its receipt, what was lost (nothing may
be), CPU per token and per ballot on the server, and the ratio to a bare loop that writes the same
rows. The phones live in a process of their own on the same cores, so the server never has the
machine to itself; how busy the machine was is printed first and last.
"""

import argparse
import http.client
import json
import os
import queue
import random
import re
import resource
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

CLIENTS = 160  # phones that wait for something at one moment, at most
CLOSED = 64  # phones that cast one after another without a pause
Timed = tuple[float, float]  # CPU seconds of the server, seconds


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.split("\n\n")[0] if __doc__ else "")
    asked.add_argument("--phones", type=int, default=1000)
    asked.add_argument("--seconds", type=float, default=10.0)
    asked.add_argument("--sustained", type=int, default=1000)
    asked.add_argument("--kills", type=int, default=0)
    asked.add_argument("--watched", type=int, default=0)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-hall-") as folder:
        os.environ["BIHUAN_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.site.settings"
        import django

        django.setup()
        _machine()
        if given.kills:
            killed(Path(folder), given.phones, given.kills)
        elif given.watched:
            watched(Path(folder), given.watched)
        else:
            run(Path(folder), given.phones, given.seconds, given.sustained)
        _row("load of the machine at the end", Path("/proc/loadavg").read_text().split()[0])


def run(folder: Path, phones: int, seconds: float, sustained: int) -> None:
    """The rush, then the closed loop, then the same rows in a bare loop."""
    from tests.rooms.ballots import served

    from bihuan.ballots import bridge, hall, services

    poll, clerk, chair = _poll(phones + sustained)
    server = served.Served(folder)
    server.start()
    try:
        pid, port = server.process.pid, server.port  # type: ignore[union-attr]  # it was started
        rights = hall.fill(poll, clerk=clerk, seed=1, slips=0, papers=0, absent=0)
        report = hall.Report()
        before = _cpu(pid)
        made = hall.activate(poll, rights, served.door(port, poll.slug), report)
        _row("token, asked for twice: server CPU", _ms((_cpu(pid) - before) / len(rights)))
        poll = services.start_casting(services.close_issuing(poll, by=clerk), by=chair)
        sent = _sealed(poll, rights, made)
        receipts = _rush(pid, port, poll.slug, sent[:phones], seconds)
        receipts |= _closed_loop(pid, port, poll.slug, sent[phones:])
        poll = services.close(poll, by=chair)
        box = bridge.box(poll.box_id)
        kept = [leaf.hex() for leaf in box.leaves()]
        _row("acknowledged and not stored", str(len(receipts - set(kept))))
        _row("stored twice, or by nobody", str(len(kept) - len(set(kept) & receipts)))
        _row("faults that the judge of the box names", str(len(box.check())))
        sizes = [0, *(head.size for head in box.heads())]
        steps = [b - a for a, b in pairwise(sizes) if b > a]
        _row(
            "ballots committed together: smallest, mean",
            f"{min(steps)}, {len(kept) / len(steps):.1f}",
        )
        _bare(folder, sent)
    finally:
        server.stop()


def killed(folder: Path, voters: int, kills: int) -> None:
    """Acknowledged ⊆ stored, none doubled, none lost."""
    from tests.rooms.ballots import killing, served

    from bihuan.ballots import bridge, hall, services

    poll, clerk, chair = _poll(voters)
    rights = hall.fill(poll, clerk=clerk, seed=1, slips=0, papers=0, absent=0)
    made = hall.activate(poll, rights, hall.door(poll.slug), hall.Report())
    poll = services.start_casting(services.close_issuing(poll, by=clerk), by=chair)
    sent = _sealed(poll, rights, made)
    told = killing.killed(served.Served(folder), poll.slug, sent, kills=kills)
    services.close(poll, by=chair)
    box = bridge.box(poll.box_id)
    _row("kills, of these in the midst of answering", f"{kills}, {told.struck}")
    _row("requests without an answer", str(told.unanswered))
    _row("voters, receipts, ballots stored", f"{voters}, {len(told.receipts)}, {len(box.leaves())}")
    complaints = list(killing.complaints(box, told, voters))
    _row("complaints", str(len(complaints)))
    print(*complaints, sep="\n")


def watched(folder: Path, voters: int) -> None:
    """Links better than chance that somebody finds who copies the whole data folder."""
    from tests.engines.tally import test_forgetting as attacker
    from tests.rooms.ballots import served, watching

    from bihuan.ballots import hall, services

    poll, clerk, chair = _poll(voters)
    server = served.Served(folder)
    server.start()
    try:
        rights = hall.fill(poll, clerk=clerk, seed=1, slips=0, papers=0, absent=0)
        made = hall.activate(poll, rights, served.door(server.port, poll.slug), hall.Report())
        poll = services.start_casting(services.close_issuing(poll, by=clerk), by=chair)
        sent = dict(enumerate(_sealed(poll, rights, made)))
        found = watching.vote(folder, server.port, poll, sent, phones=40)
        services.close(poll, by=chair)
    finally:
        server.stop()
    findings = list(attacker.attack(watching.truth(found, poll, sent)))
    _row("copies of the data folder", str(len(found.seen.copies)))
    _row("states of all other files meanwhile", str(len(found.others)))
    _row(
        "ballots committed together: smallest, mean",
        f"{min(found.batches)}, {voters / len(found.batches):.1f}",
    )
    _row(
        "questions, answered better than chance",
        f"{len(findings)}, {sum(f.betrayed for f in findings)}",
    )
    print(attacker.describe(findings))


def _poll(voters: int) -> tuple[Any, Any, Any]:
    from bihuan.ballots import services
    from bihuan.cli import ready
    from bihuan.site import demo

    ready.ready(told=False)
    clerk, chair = demo.acting("clerk"), demo.acting("leader")
    plan = {
        "kind": "rating",
        "title": "示例测评",
        "year": 2025,
        "categories": [{"code": "all", "name": "与会人员"}],
        "items": [{"code": c, "name": c} for c in ("party", "clean", "ideology")],
        "grades": [
            {"code": c, "name": c, "points": p}
            for c, p in (("good", "100"), ("fair", "80"), ("average", "60"), ("poor", "40"))
        ],
        "subjects": [{"code": f"unit{n}", "name": f"示例单位{n}"} for n in range(1, 21)],
        "own_subject": "allowed",
    }
    poll = services.draw_up(by=clerk, plan=plan, title="示例测评", rehearsal=True, sample=True)
    lines = [services.Line(f"示例评委{n}", "all") for n in range(1, voters + 1)]
    services.enrol(poll, by=clerk, lines=lines)
    services.freeze(poll, by=clerk)
    return services.start_issuing(poll, by=clerk), clerk, chair


def _sealed(poll: Any, rights: Sequence[Any], phones: Any) -> list[dict[str, Any]]:
    """Everybody's ballot, sealed before the clock runs: on a phone that is the phone's work."""
    from bihuan.ballots import hall, queries

    chance, plan = random.Random(1), queries.fixed(poll.slug).plan
    mine = (phones[right.number] for right in rights)
    return [phone.cast(phone.seal(hall.marks_for(plan, chance))) for phone in mine]


def _rush(
    pid: int, port: int, slug: str, sent: Sequence[dict[str, Any]], seconds: float
) -> set[str]:
    """At a random moment each phone loads its page with all that belongs to it, asks how things
    stand, and casts; whatever is cut off it asks again, as the page's script does."""
    from tests.rooms.ballots import served

    chance = random.Random(2)
    moments = sorted(chance.random() * seconds for _one in sent)
    bodies = [json.dumps(said).encode() for said in sent]
    page = served.ask(port, f"/b/{slug}/").said.decode()
    parts = sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page)))
    parts.append("/static/built/ballot-page.js")
    pages: list[float] = []
    casts: list[float] = []
    receipts: set[str] = set()
    again = [0]
    lock = threading.Lock()

    def patiently(line: http.client.HTTPConnection, path: str, body: bytes | None = None) -> Any:
        while True:
            try:
                heard = served.ask(port, path, body, connection=line)
                if heard.status == 200:
                    return heard.said
            except (OSError, http.client.HTTPException):
                line.close()
            with lock:
                again[0] += 1
            time.sleep(random.random())

    started = time.monotonic()

    def phone(place: int) -> None:
        time.sleep(max(0.0, started + moments[place] - time.monotonic()))
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=15)) as line:
            began = time.monotonic()
            for path in (f"/b/{slug}/", *parts, f"/b/{slug}/state/"):
                patiently(line, path)
            loaded = time.monotonic()
            said = patiently(line, f"/b/{slug}/cast/", bodies[place])
            done = time.monotonic()
        with lock:
            pages.append(loaded - began)
            casts.append(done - loaded)
            receipts.add(said["receipt"])

    before, own = _cpu(pid), time.process_time()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(phone, range(len(sent))))
    took = time.monotonic() - started
    cpu, own = _cpu(pid) - before, time.process_time() - own
    print(f"\n{len(sent)} phones in {seconds:g} s, {len(parts) + 3} requests each")
    _row("  lost", str(len(sent) - len(receipts)))
    _row("  requests that had to be asked again", str(again[0]))
    for name, waits in (("page with all its parts", pages), ("receipt", casts)):
        waits.sort()
        at = [waits[len(waits) // 2], waits[int(len(waits) * 0.99)], waits[-1]]
        _row(f"  {name}: median, p99, slowest", ", ".join(f"{one * 1e3:.0f}" for one in at) + " ms")
    _row("  all were through after", f"{took:.1f} s")
    _row("  server CPU per phone", _ms(cpu / len(sent)))
    _row("  the phones' own CPU, each", _ms(own / len(sent)))
    return receipts


def _closed_loop(pid: int, port: int, slug: str, sent: Sequence[dict[str, Any]]) -> set[str]:
    """The durable rate: so many phones, each casting the next ballot once it has a receipt."""
    from tests.rooms.ballots import served

    waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    for said in sent:
        waiting.put(json.dumps(said).encode())
    receipts: set[str] = set()

    def crew() -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
            while (body := waiting.get()) is not None:
                heard = served.ask(port, f"/b/{slug}/cast/", body, connection=line)
                assert heard.status == 200, heard
                receipts.add(heard.said["receipt"])

    def all_of_them() -> None:
        for _phone in range(CLOSED):
            waiting.put(None)
        with ThreadPoolExecutor(CLOSED) as pool:
            list(pool.map(lambda _n: crew(), range(CLOSED)))

    cpu, took = _timed(pid, all_of_them)
    print(f"\n{len(sent)} new ballots, {CLOSED} phones without a pause")
    _row("  durable ballots per second", f"{len(sent) / took:.0f}")
    _row("  server CPU per ballot", _ms(cpu / len(sent)))
    for said in sent:
        waiting.put(json.dumps(said).encode())
    cpu_again, took_again = _timed(pid, all_of_them)
    _row("  the same again (answered from the box), per second", f"{len(sent) / took_again:.0f}")
    _row("  server CPU each", _ms(cpu_again / len(sent)))
    _RATES["cpu"], _RATES["rate"] = cpu / len(sent), len(sent) / took
    return receipts


_RATES: dict[str, float] = {}


def _bare(folder: Path, sent: Sequence[dict[str, Any]]) -> None:
    """A loop that only writes the same bytes, one durable commit each."""
    connection = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE row (k BLOB PRIMARY KEY, c TEXT, b BLOB) WITHOUT ROWID")
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    for said in sent:
        connection.execute("BEGIN IMMEDIATE")
        row = (bytes.fromhex(said["pub"]), said["category"], said["blob"])
        connection.execute("INSERT INTO row VALUES (?, ?, ?)", row)
        connection.execute("COMMIT")
    after, took = resource.getrusage(resource.RUSAGE_SELF), time.monotonic() - began
    connection.close()
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print("\nA bare loop that writes the same rows, one commit each")
    _row("  rows per second", f"{len(sent) / took:.0f}")
    _row("  CPU per row", _ms(spent / len(sent)))
    _row("  server's durable rate as a share of it", f"{_RATES['rate'] * took / len(sent):.2f}")
    _row(
        "  server's CPU per ballot as a multiple of it", f"{_RATES['cpu'] * len(sent) / spent:.1f}"
    )


def _timed(pid: int, work: Callable[[], Any]) -> Timed:
    before, began = _cpu(pid), time.monotonic()
    work()
    return _cpu(pid) - before, time.monotonic() - began


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _machine() -> None:
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "?",
    )
    load = Path("/proc/loadavg").read_text().split()[0]
    print(f"{model}, {os.cpu_count()} cores, load {load}, Python {sys.version.split()[0]}\n")


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms"


def _row(name: str, value: str) -> None:
    print(f"{name:<54}{value:>24}", flush=True)


if __name__ == "__main__":
    main()
