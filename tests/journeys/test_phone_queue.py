"""A telephone on a weak network, in a real browser: two reports written offline arrive once each.

The server here is a few lines, so that it can lose an answer at will; the page has what
snow/templates/snow/phone.html has, and the script is the built one.
"""

import re
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import bihuan

pytestmark = pytest.mark.browser
SCRIPT = Path(bihuan.__file__).parent / "ui/static/built/report.js"
PAGE = """<!doctype html><html lang="zh"><script type="module" src="/report.js"></script>
<section data-queue data-worker="/none.js" hidden><script type="application/json">
{"waiting": "{n} 条待发", "faulty": "{n} 条没有收", "none": "没有待发的。", "kept": "已存",
"sent": "全部发出", "offline": "没有网络", "trying": "正在发",
"signedOut": "请登录", "refused": "没有收", "edit": "改", "drop": "删"}</script>
<h2></h2><p></p><p role="status"></p><ul></ul></section>
<form method="post" action="/report/" enctype="multipart/form-data" data-queued="队伍报告">
<input type="hidden" name="client_key" value="first"><input type="hidden" name="written_ms">
<input name="note"><input type="file" name="photo"><button>报</button></form></html>"""


class Desk:
    """What was stored, by key; the first answer is lost on the way."""

    def __init__(self) -> None:
        self.stored: dict[str, str] = {}
        self.attempts = 0

    def take(self, body: bytes) -> bool:
        """Store a report; False where its answer gets lost."""
        self.attempts += 1
        found = {
            name.decode(): value.decode()
            for name, value in re.findall(rb'name="(\w+)"\r\n\r\n(.*?)\r\n--', body, re.DOTALL)
        }
        assert self.stored.setdefault(found["client_key"], found["note"]) == found["note"]
        assert int(found["written_ms"]) > 0
        return self.attempts > 1


@pytest.fixture
def desk() -> Iterator[tuple[Desk, str]]:
    kept = Desk()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script = self.path == "/report.js"
            self.answer(200, SCRIPT.read_bytes() if script else PAGE.encode(), script)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not kept.take(body):
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.answer(201, b'{"stored": true}', False, "application/json")

        def answer(self, status: int, content: bytes, script: bool, kind: str = "") -> None:
            self.send_response(status)
            kind = kind or ("text/javascript" if script else "text/html; charset=utf-8")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: Any) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield kept, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.skipif(not SCRIPT.exists(), reason="needs the built script: run python3 dev assets")
def test_two_reports_written_offline_arrive_once_each(desk: tuple[Desk, str], browser: Any) -> None:
    kept, address = desk
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    page.get_by_text("没有待发的").wait_for()
    context.set_offline(True)
    for n, note in enumerate(("甲", "乙"), start=1):
        page.fill("input[name=note]", note)
        page.click("button")
        page.get_by_text(f"{n} 条待发").wait_for()
    assert kept.stored == {}
    context.set_offline(False)  # the browser says so, the queue goes
    page.get_by_text("没有待发的").wait_for(timeout=60_000)
    assert sorted(kept.stored.values()) == ["乙", "甲"]
    assert kept.attempts == 3
    page.reload()
    page.get_by_text("没有待发的").wait_for()
    assert kept.attempts == 3
    context.close()
