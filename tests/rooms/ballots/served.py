"""The real server for attack tests and the hall's benchmark: in this process, or one to be killed.

Phones speak HTTP through sockets of their own; the desk's verbs run beside them, as in a hall.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bihuan.ballots import hall, services
from bihuan.ballots.models import Poll
from bihuan.cli.server import listening
from bihuan.engines.tally.phone import Phone

PATIENCE_S = 60


@dataclass(frozen=True)
class Heard:
    """An answer: its status, what it says, its headers in small letters."""

    status: int
    said: Any
    headers: Mapping[str, str]


def ask(
    port: int,
    path: str,
    body: bytes | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    connection: http.client.HTTPConnection | None = None,
) -> Heard:
    """One request; JSON is read, all else is bytes. Raises OSError, http.client.HTTPException."""
    own = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        kind = {"Content-Type": "application/json"} if body is not None else {}
        own.request("GET" if body is None else "POST", path, body, {**kind, **(headers or {})})
        answer = own.getresponse()
        content = answer.read()
    finally:
        if connection is None:
            own.close()
    told = {name.lower(): value for name, value in answer.getheaders()}
    json_ = told.get("content-type", "").startswith("application/json")
    return Heard(answer.status, json.loads(content) if json_ else content, told)


def post(port: int, slug: str, door: str, said: Any) -> Heard:
    """What a phone's script sends to a door."""
    return ask(port, f"/b/{slug}/{door}/", json.dumps(said).encode())


def door(port: int, slug: str) -> hall.Send:
    """The same for `bihuan.ballots.hall`."""

    def through(name: str, said: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        heard = post(port, slug, name, said)
        return heard.status, heard.said

    return through


@contextmanager
def here() -> Iterator[int]:
    """The server in threads of this process; its port."""
    server = listening("127.0.0.1", 0)
    server.shutdown_timeout = 1
    server.timeout = 10 * PATIENCE_S  # whoever is silent stays longer than anybody waits
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server.bind_addr[1]
    finally:
        server.stop()
        thread.join()


class Served:
    """`bihuan serve` on a data folder, in a process that may be killed and begun again."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = _free_port()
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Returns once it listens; the port stays the same over its lives."""
        environment = {k: v for k, v in os.environ.items() if k != "BIHUAN_DATABASE_URL"}
        environment |= {"BIHUAN_DATA": str(self.data), "PYTHONUNBUFFERED": "1"}
        environment["DJANGO_SETTINGS_MODULE"] = "bihuan.site.settings"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bihuan.cli.main", "serve", "--port", str(self.port)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if f"http://127.0.0.1:{self.port}" in line:
                return
        raise RuntimeError(f"the server did not start:\n{said}")

    def kill(self) -> bool:
        """SIGKILL; whether it was still at work."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        ended = self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return ended == -signal.SIGKILL

    def stop(self) -> None:
        """As the office stops it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=20)
            self.process.kill()
            self.process.wait()
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return int(probe.getsockname()[1])


@dataclass
class Hall:
    """A poll in which everybody has an activated phone; codes are kept for those who look."""

    slug: str
    poll: Poll
    phones: dict[int, Phone]
    codes: list[str]
    marks: Mapping[str, Mapping[str, str]]
    slips: list[str] = field(default_factory=list)

    def ballot(self, number: int) -> dict[str, Any]:
        """A ballot of that phone, sealed anew each time it is asked."""
        phone = self.phones[number]
        return phone.cast(phone.seal(self.marks))


def opened(poll: Poll, marks: Mapping[str, Mapping[str, str]], *, slips: int = 0) -> Hall:
    """Everybody on the roll has a token, but for the last `slips`, who drew a slip; casting."""
    voters = list(poll.voters.order_by("number"))
    rights: list[hall.Right] = []
    drawn: list[str] = []
    for place, voter in enumerate(voters):
        given = "slip" if place >= len(voters) - slips else "token"
        if given == "slip":
            drawn += services.print_slips(poll, by=None, category=voter.category, count=1)
        code = services.check_in(poll, by=None, voter=voter, given=given)
        if given == "token":
            rights.append(hall.Right(voter.number, voter.category, code, given))
    report = hall.Report()
    phones = hall.activate(poll, rights, hall.door(poll.slug), report)
    assert not report.wrong
    poll = services.start_casting(services.close_issuing(poll, by=None), by=None)
    codes = [right.code for right in rights]
    return Hall(poll.slug, poll, phones, codes, marks, drawn)


def at_once(work: Sequence[Any]) -> list[Any]:
    """Run all pieces at the same moment, each in a thread of its own; their results in order."""
    results: list[Any] = [None] * len(work)
    gate = threading.Barrier(len(work))

    def one(place: int) -> None:
        gate.wait()
        results[place] = work[place]()

    crew = [threading.Thread(target=one, args=(place,)) for place in range(len(work))]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    return results


def hang_up(port: int, slug: str, said: Any) -> None:
    """Cast, and be gone before the answer comes."""
    body = json.dumps(said).encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    with closing(connection):
        connection.request("POST", f"/b/{slug}/cast/", body, {"Content-Type": "application/json"})
