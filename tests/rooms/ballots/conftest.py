"""What is slow for good reason in a hall is quick here: keys are shared, nobody waits."""

from collections.abc import Iterator
from itertools import cycle

import pytest

from bihuan.ballots import bridge
from bihuan.ballots.pages import doors
from bihuan.engines.tally import blind
from bihuan.engines.tally.box import PROMPT
from tests.halls import one_connection


@pytest.fixture(scope="session")
def some_keys() -> Iterator[blind.PrivateKey]:
    return cycle([blind.new_key() for _number in range(6)])


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch, some_keys: Iterator[blind.PrivateKey]) -> None:
    monkeypatch.setattr(blind, "new_key", lambda: next(some_keys))
    monkeypatch.setattr(bridge, "PACE", PROMPT)  # one after another, nobody to wait for
    monkeypatch.setattr(doors, "_KEPT_S", 0.0)  # each question is answered afresh


@pytest.fixture(autouse=True)
def within_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """A simulated phone's request does not end the connection that the test's transaction is on;
    where several write at once, each has a connection of its own to end."""
    if "writers" in request.fixturenames:
        yield
        return
    with one_connection():
        yield


@pytest.fixture(autouse=True)
def shut_boxes() -> Iterator[None]:
    """No writer of a test's box outlives the test."""
    yield
    bridge.shut()
