"""Vehicles report to the real server here: nothing lost, nothing doubled, at what price.

    python benchmarks/positions.py [--port 8151] [--seconds 20] [--kills 3]

Four loads, one after another, on an empty data folder with SQLite: 53 vehicles each second, each
by itself; the same through eight gateways; 5,000 vehicles every 5 seconds in batches of 100, while
a reader asks for the newest positions; then as fast as eight senders go. At last the server is
killed (SIGKILL) while batches come in, started again, and every batch is sent once more: what was
acknowledged must be there, and nothing twice. CPU seconds are those of the server alone; senders
live in this process on the same cores.
"""

import argparse
import http.client
import json
import os
import platform
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

VEHICLES, EVERYDAY = 5000, 53
BATCH = 100


@dataclass
class Line:
    """What one load cost."""

    name: str
    sent: int = 0
    acknowledged: int = 0
    failed: int = 0
    waits: list[float] = field(default_factory=list)
    behind: float = 0.0  # seconds by which the senders were late at the end
    cpu: float = 0.0
    wall: float = 0.0

    def told(self) -> str:
        waits = sorted(self.waits) or [0.0]
        at = [1000 * waits[min(len(waits) - 1, int(len(waits) * q))] for q in (0.5, 0.95, 0.99)]
        each = 1e6 * self.cpu / max(1, self.acknowledged)
        return (
            f"{self.name:<44}{self.acknowledged / self.wall:>9.0f}{self.cpu:>8.1f}"
            f"{100 * self.cpu / self.wall:>7.0f}{each:>9.0f}"
            f"{at[0]:>8.1f}{at[1]:>8.1f}{at[2]:>8.1f}{1000 * waits[-1]:>9.0f}"
            f"{self.failed:>7}{self.behind:>8.1f}"
        )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.split("\n\n")[0] if __doc__ else "")
    asked.add_argument("--port", type=int, default=8151)
    asked.add_argument("--seconds", type=float, default=20.0)
    asked.add_argument("--kills", type=int, default=3)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-positions-") as folder:
        os.environ["BIHUAN_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.site.settings"
        print(
            f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load ", end=""
        )
        print(Path("/proc/loadavg").read_text().split()[0])
        fleet = _prepare(Path(folder))
        print(
            f"{'load':<44}{'pos/s':>9}{'CPU s':>8}{'CPU %':>7}{'us/pos':>9}"
            f"{'p50 ms':>8}{'p95':>8}{'p99':>8}{'max':>9}{'failed':>7}{'behind':>8}"
        )
        for line in _loads(Path(folder), given.port, fleet, given.seconds):
            print(line.told(), flush=True)
        _killed(Path(folder), given.port, fleet, given.kills)


@dataclass(frozen=True)
class Fleet:
    """Numbers of vehicles on duty, the token that speaks for them, how many are stored."""

    numbers: Sequence[str]
    token: str
    stored: Callable[[], tuple[int, int]]


def _prepare(folder: Path) -> Fleet:
    import django

    django.setup()
    from django.db import connection

    from bihuan.base import clock
    from bihuan.cli.ready import ready
    from bihuan.fleet import services
    from bihuan.fleet.models import Position, Shift, Vehicle
    from bihuan.people.models import Post, Unit

    with Path(os.devnull).open("w") as nowhere:
        kept, sys.stderr = sys.stderr, nowhere
        try:
            ready(sample=True, told=False)
        finally:
            sys.stderr = kept
    (folder / "files" / "incoming").mkdir(parents=True, exist_ok=True)
    company, since = Unit.objects.get(code="sanitation"), clock.now() - timedelta(hours=6)
    # Straight into the tables: what is measured comes after.
    vehicles = Vehicle.objects.bulk_create(
        Vehicle(number=f"{n:05d}", kind="plough", company=company) for n in range(VEHICLES)
    )
    Shift.objects.bulk_create(Shift(vehicle=one, starts_at=since) for one in vehicles)
    by = Post.objects.order_by("pk")[0]
    by.role.verbs = [*by.role.verbs, "fleet.manage"]
    by.role.save()
    _device, token = services.give_device(by=by, name="benchmark", company=company)

    def stored() -> tuple[int, int]:
        connection.close()
        rows = Position.objects.count()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM (SELECT DISTINCT vehicle_id, at_ms FROM fleet_position)"
            )
            (different,) = cursor.fetchone()
        return rows, different

    connection.close()
    return Fleet([one.number for one in vehicles], token, stored)


@contextmanager
def _serving(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(
        [sys.executable, "-m", "bihuan.cli.main", "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "BIHUAN_DATA": str(folder)},
        process_group=0,
    )
    try:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


_clock = threading.Lock()
_ticks = [0]


def _batch(numbers: Sequence[str]) -> bytes:
    """One position of each of these vehicles, at a moment that none of them had before."""
    with _clock:
        _ticks[0] += 1
        tick = _ticks[0]
    at = time.gmtime(time.time() - 3600)
    moment = f"{time.strftime('%Y-%m-%dT%H:%M:%S', at)}.{tick % 1000:03d}+00:00"
    positions = [
        {
            "vehicle": number,
            "time": moment,
            "lon": 113.7 + random.random() / 10,
            "lat": 34.7 + random.random() / 10,
            "speed": 20.5,
            "heading": 180,
            "plough": True,
            "spread": False,
        }
        for number in numbers
    ]
    return json.dumps({"positions": positions}).encode()


class Sender:
    """One connection that is kept, as a gateway keeps it."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.headers = (
            port,
            {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
            },
        )
        self.connection: http.client.HTTPConnection | None = None

    def send(self, body: bytes) -> int:
        """How many positions were acknowledged as stored or as there already."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            self.connection.request("POST", "/fleet/positions/", body, self.headers)
            answer = self.connection.getresponse()
            told = json.loads(answer.read())
        except (OSError, http.client.HTTPException):
            self.connection = None
            raise
        if answer.status != 200:
            raise OSError(told)
        return int(told["stored"] + told["repeated"])


def _loads(folder: Path, port: int, fleet: Fleet, seconds: float) -> Iterator[Line]:
    with _serving(folder, port) as server:
        few = fleet.numbers[:EVERYDAY]
        _paced(server.pid, port, fleet.token, [[one] for one in few], 1.0, 2.0, Line("warm-up"))
        singles, gateways = [[one] for one in few], [few[n::8] for n in range(8)]
        groups = [fleet.numbers[n : n + BATCH] for n in range(0, VEHICLES, BATCH)]
        yield _paced(
            server.pid, port, fleet.token, singles, 1.0, seconds,
            Line("53 vehicles each second, each by itself"),
        )  # fmt: skip
        yield _paced(
            server.pid, port, fleet.token, gateways, 1.0, seconds,
            Line("53 vehicles each second, 8 gateways"),
        )  # fmt: skip
        reading = threading.Event()
        reader = threading.Thread(target=_read, args=(folder, reading, looked := []))
        reader.start()
        yield _paced(
            server.pid, port, fleet.token, groups, 5.0, seconds,
            Line("5,000 vehicles every 5 s, batches of 100"),
        )  # fmt: skip
        reading.set()
        reader.join()
        yield _flat_out(server.pid, port, fleet.token, groups, seconds / 2)
    print(
        f"  a reader of the newest positions meanwhile: {len(looked)} looks, "
        f"median {1000 * statistics.median(looked):.1f} ms, longest {1000 * max(looked):.0f} ms"
    )


def _paced(
    pid: int, port: int, token: str, groups: Sequence[Sequence[str]], every: float,
    seconds: float, line: Line,
) -> Line:  # fmt: skip
    """Each group sends every so many seconds, spread evenly; who is late sends at once."""
    lock, started, before = threading.Lock(), time.monotonic(), _cpu(pid)

    def one(n: int) -> None:
        sender, due = Sender(port, token), started + every * n / len(groups)
        while due < started + seconds:
            time.sleep(max(0.0, due - time.monotonic()))
            body, asked = _batch(groups[n]), time.monotonic()
            try:
                kept = sender.send(body)
            except (OSError, http.client.HTTPException):
                kept = -1
            waited = time.monotonic() - asked
            with lock:
                line.sent += len(groups[n])
                line.acknowledged += max(0, kept)
                line.failed += kept != len(groups[n])
                line.waits.append(waited)
                line.behind = max(line.behind, asked - due)
            due += every

    with ThreadPoolExecutor(len(groups)) as senders:
        list(senders.map(one, range(len(groups))))
    line.wall, line.cpu = time.monotonic() - started, _cpu(pid) - before
    return line


def _flat_out(
    pid: int, port: int, token: str, groups: Sequence[Sequence[str]], seconds: float
) -> Line:
    line, lock = Line("8 senders without a pause, batches of 100"), threading.Lock()
    started, before = time.monotonic(), _cpu(pid)

    def one(n: int) -> None:
        sender = Sender(port, token)
        mine = groups[n::8]
        turn = 0
        while time.monotonic() < started + seconds:
            group = mine[turn % len(mine)]
            turn += 1
            body, asked = _batch(group), time.monotonic()
            kept = sender.send(body)
            with lock:
                line.acknowledged += kept
                line.waits.append(time.monotonic() - asked)

    with ThreadPoolExecutor(8) as senders:
        list(senders.map(one, range(8)))
    line.wall, line.cpu = time.monotonic() - started, _cpu(pid) - before
    return line


def _read(folder: Path, stop: threading.Event, looked: list[float]) -> None:
    """What a live page asks again and again, beside the writers."""
    from bihuan.fleet import queries

    while not stop.wait(0.5):
        asked = time.monotonic()
        list(queries.latest())
        looked.append(time.monotonic() - asked)


def _killed(folder: Path, port: int, fleet: Fleet, kills: int) -> None:
    """SIGKILL while batches come in; afterwards everything is sent once more."""
    before, _different = fleet.stored()
    sent: list[bytes] = []
    acknowledged = unanswered = 0
    lock = threading.Lock()
    for _ in range(kills):
        with suppress(ProcessLookupError), _serving(folder, port) as server:
            dead = threading.Event()

            def one(n: int, dead: threading.Event = dead) -> None:
                nonlocal acknowledged, unanswered
                sender = Sender(port, fleet.token)
                while not dead.is_set():
                    group = fleet.numbers[n * BATCH : (n + 1) * BATCH]
                    body = _batch(group)
                    with lock:
                        sent.append(body)
                    try:
                        kept = sender.send(body)
                    except (OSError, http.client.HTTPException):
                        with lock:
                            unanswered += BATCH
                        return
                    with lock:
                        acknowledged += kept

            with ThreadPoolExecutor(4) as senders:
                running = [senders.submit(one, n) for n in range(4)]
                time.sleep(1.0 + random.random())
                server.kill()
                server.wait()
                dead.set()
                for future in running:
                    future.result()
    rows, _different = fleet.stored()
    lost = max(0, acknowledged - (rows - before))
    with _serving(folder, port):
        sender = Sender(port, fleet.token)
        for body in sent:
            sender.send(body)
    rows, different = fleet.stored()
    wanted = before + BATCH * len(sent)
    print(
        f"  {kills} kills: {acknowledged} positions acknowledged, {lost} of them lost; "
        f"{unanswered} without an answer; all sent again: {rows - before} rows for "
        f"{wanted - before} positions, {rows - different} twice"
    )


if __name__ == "__main__":
    main()
