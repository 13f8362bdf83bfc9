"""A real server in a folder of its own, and a real browser."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bihuan.site import demo

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
]


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the server's database and files."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def server(data_folder: Path) -> Iterator[str]:
    """The address of `bihuan serve` on a new data folder."""
    environment = {
        **{k: v for k, v in os.environ.items() if k not in ("BIHUAN_DATABASE_URL",)},
        "BIHUAN_DATA": str(data_folder),
        "BIHUAN_LANG": "zh",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "bihuan.cli.main", "serve", "--port", "0"]
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        said = ""
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                yield found.group()
                break
        else:
            pytest.fail(f"the server did not start:\n{said}")
        process.terminate()
        process.stdout.read()
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's chromium, driven by playwright; skipped with the reason where there is none.

    Closed after each module: playwright holds an event loop open in this thread, and Django would
    refuse the database to every test that follows.
    """
    program = os.environ.get("BIHUAN_CHROMIUM", "")
    if not program or not Path(program).exists():
        pytest.skip(
            "no browser: set BIHUAN_CHROMIUM, or run ./dev test where chromium can be found"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


class Visitor:
    """One person at a browser: signs in, clicks, and notices requests to other hosts."""

    def __init__(self, browser: Any, server: str, language: str = "zh-CN", **options: Any) -> None:
        self.server = server
        self.elsewhere: list[str] = []
        self.faults: list[str] = []
        self.context = browser.new_context(locale=language, **options)
        self.page = self.context.new_page()
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.server, "data:", "blob:")):
            self.elsewhere.append(request.url)

    def sign_in(self, username: str) -> "Visitor":
        self.go("/people/sign-in/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", demo.PASSWORD)
        self.page.click("main button[type=submit]")
        return self

    def go(self, path: str) -> "Visitor":
        self.page.goto(self.server + path)
        return self

    def text(self) -> str:
        return str(self.page.inner_text("main"))

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def visitor(browser: Any, server: str) -> Iterator[Any]:
    """`visitor("clerk")`: somebody signed in; all are checked for requests elsewhere at the end."""
    visitors: list[Visitor] = []

    def come(username: str = "", **options: Any) -> Visitor:
        one = Visitor(browser, server, **options)
        visitors.append(one)
        return one.sign_in(username) if username else one

    yield come
    elsewhere = [url for one in visitors for url in one.elsewhere]
    faults = [fault for one in visitors for fault in one.faults]
    for one in visitors:
        one.close()
    assert elsewhere == []
    assert faults == []
