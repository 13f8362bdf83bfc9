"""The only place that asks what time it is, so that tests and replays can hold it still."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language

_held: ContextVar[datetime | None] = ContextVar("held_clock", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _held.get() or timezone.now()


def today() -> date:
    """Today's date where the office stands (settings.TIME_ZONE)."""
    return timezone.localdate(now())


def ago(days: int) -> date:
    """The day this many days before today."""
    return today() - timedelta(days=days)


def in_words(day: date) -> str:
    """2022年1月20日 in Chinese, 20 Jan 2022 in English; a moment is its day where the office is."""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    if get_language() == "en":
        return f"{day.day} {day:%b %Y}"
    return f"{day.year}年{day.month}月{day.day}日"


@contextmanager
def held_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware moment inside the `with` block."""
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """Hold the clock this many days before it stands now."""
    with held_at(now() - timedelta(days=days)):
        yield
