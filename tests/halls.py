"""A simulated hall inside a test's own transaction: its requests must not end the connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.db import connections


@contextmanager
def one_connection() -> Iterator[None]:
    """What a request begins or ends leaves this thread's connection alone.

    Django's own test client switches its signals off and on again around each request, so the
    connection itself is told to stay.
    """
    with mock.patch.object(connections["default"], "close_if_unusable_or_obsolete"):
        yield
