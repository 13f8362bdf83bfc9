"""Jobs that run at once in the test's own thread, unless a test says otherwise."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bihuan.jobs import executor, services
from bihuan.jobs.models import Job
from tests.rooms.jobs import kinds


@pytest.fixture(autouse=True)
def here(settings) -> Iterator[None]:
    """Everything in the caller's thread; pools that a test opened are given up after it."""
    settings.EXECUTOR = "here"
    yield
    executor.close()
    executor._leaving.clear()


@pytest.fixture(autouse=True)
def known(monkeypatch) -> None:
    """The kinds of these tests, and no others."""
    monkeypatch.setattr(services, "_kinds", {})
    services.declare("estimate", kinds.estimate, label="估算", verb="jobs.view", version="2")


@pytest.fixture
def begun(post, django_capture_on_commit_callbacks) -> Callable[..., Job]:
    """`begun(pieces=3)`: an estimate that was started by the clerk and has run."""

    def start(kind: str = "estimate", **inputs: Any) -> Job:
        wanted = {"pieces": 4, "throws": 50, **inputs}
        with django_capture_on_commit_callbacks(execute=True):
            job = services.start(kind, by=post("clerk"), title="估算圆周率", inputs=wanted, seed=7)
        job.refresh_from_db()
        return job

    return start


@pytest.fixture
def waiting(post) -> Job:
    """A job that was started and has not begun."""
    inputs = {"pieces": 4, "throws": 50}
    return services.start("estimate", by=post("clerk"), title="估算圆周率", inputs=inputs, seed=7)
