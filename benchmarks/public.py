"""The public face under load: requests a second, server CPU for each, beside a signed-in user.

    python benchmarks/public.py [--seconds 10] [--readers 8] [--data FOLDER]

A server is started on a sample data folder (made where it is not there, which takes a while).
Readers fetch the cached front page over kept connections; a signed-in clerk opens the ledger
meanwhile and before, so that what the readers cost the office is seen. CPU is the server's own.
"""

import argparse
import http.client
import os
import platform
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def started(data: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bihuan.cli.main", "serve", "--port", str(port)]
    environment = {**os.environ, "BIHUAN_DATA": str(data), "PYTHONPATH": str(ROOT / "src")}
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _try in range(1200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the server did not start")


def signed_in(port: int) -> dict[str, str]:
    """The cookies of the clerk."""
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.request("GET", "/people/sign-in/")
    answer = line.getresponse()
    page = answer.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    assert token is not None  # every form has one
    body = urlencode({"username": "clerk", "password": "shili-shuju-2026",
                      "csrfmiddlewaretoken": token[1]})  # fmt: skip
    head = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST", "/people/sign-in/", body, head)
    answer = line.getresponse()
    answer.read()
    kept = [one.split(";")[0] for one in answer.headers.get_all("Set-Cookie") or []]
    return {"Cookie": "; ".join([cookie, *kept])}


def read(port: int, until: float, counts: list[int]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port)
    done = 0
    while time.monotonic() < until:
        line.request("GET", "/public/")
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200
        done += 1
    counts.append(done)


def office(port: int, head: dict[str, str], until: float) -> list[float]:
    """Milliseconds of the clerk's ledger, one look after another."""
    line = http.client.HTTPConnection("127.0.0.1", port)
    took = []
    while time.monotonic() < until:
        began = time.monotonic()
        line.request("GET", "/ledger/", headers=head)
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200
        took.append(1000 * (time.monotonic() - began))
        time.sleep(0.2)
    return took


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=10)
    asked.add_argument("--readers", type=int, default=8)
    asked.add_argument("--data", type=Path)
    given = asked.parse_args()
    data = given.data or Path(tempfile.mkdtemp(prefix="bihuan-public-"))
    port = free_port()
    server = started(data, port)
    try:
        head = signed_in(port)
        quiet = office(port, head, time.monotonic() + given.seconds / 2)
        counts: list[int] = []
        until = time.monotonic() + given.seconds
        before = cpu_of(server.pid)
        readers = [
            threading.Thread(target=read, args=(port, until, counts)) for _ in range(given.readers)
        ]
        for one in readers:
            one.start()
        busy = office(port, head, until)
        for one in readers:
            one.join()
        spent = cpu_of(server.pid) - before
    finally:
        server.terminate()
        server.wait(20)
    total = sum(counts)
    head_line = f"{platform.machine()} {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{head_line}, load {os.getloadavg()[0]:.1f}, {given.readers} readers")
    each = 1000 * spent / max(total, 1)
    print(f"public page {total / given.seconds:8.0f} requests/s {each:6.2f} ms of server CPU each")
    for name, took in (("clerk alone", quiet), ("clerk beside readers", busy)):
        print(f"{name:22} median {statistics.median(took):6.0f} ms, worst {max(took):6.0f} ms")


if __name__ == "__main__":
    main()
