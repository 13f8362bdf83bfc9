"""A database of its own for tests in which several writers commit at once."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections


class Writers:
    """Runs pieces of work at the same time, each on a connection of its own."""

    def __init__(self, together: int) -> None:
        self.together = together

    def __call__(self, work: Callable[[int], Any], times: int) -> list[Any]:
        def alone(number: int) -> Any:
            try:
                return work(number)
            finally:
                connections["default"].close()

        with ThreadPoolExecutor(self.together) as pool:
            return list(pool.map(alone, range(times)))


@pytest.fixture
def writers(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Writers]:
    """Writers on a copy of the sample zone, so that what they commit troubles no other test.

    A test that commits cannot simply be cleaned up after: append-only tables refuse the flush.
    """
    assert str(connection.settings_dict["NAME"]).startswith(("test_", "file:memory"))
    if connection.vendor == "sqlite":
        name = str(tmp_path / "copy.sqlite3")
        target = sqlite3.connect(name)
        # A database that is being written to cannot be copied; nothing was written yet.
        connection.connection.execute("ROLLBACK")
        connection.connection.backup(target)
        connection.connection.execute("BEGIN")
        target.close()
    else:
        connection.close()
        connection.creation.clone_test_db("copy", verbosity=0)
        name = connection.creation.get_test_db_clone_settings("copy")["NAME"]
    with monkeypatch.context() as patch:
        # A connection that outlives its request would outlive the thread of a test's server too.
        patch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
        patch.setitem(connections.settings["default"], "NAME", name)
        yield Writers(4)
    if connection.vendor != "sqlite":
        connection.creation.destroy_test_db(suffix="copy", verbosity=0)
