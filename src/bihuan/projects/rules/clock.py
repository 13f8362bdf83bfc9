"""Clocks of approvals and deadlines: terms that stand still during stops, shifts, ladders.

Licence law, article 45: what hearings, expert review and the like take is not counted. A stop
covers its first and its last day; the day on which a term begins is not counted [民法典 201].
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bihuan.days.rules import Calendar

_ONE = timedelta(days=1)
_LONGEST = 3660  # days that are looked through for a due date: ten years
Stop = tuple[date, date | None]  # first and last day; None while it lasts


@dataclass(frozen=True)
class Term:
    """时钟：已用几天、剩几天、哪天到期；停着的没有到期日。

    `left` is negative once the term has run out; `paused` counts days that did not count.
    """

    due: date | None
    used: int
    left: int | None
    stopped: bool
    paused: int
    provisional: bool = False


def term(
    calendar: Calendar,
    start: date,
    number: int,
    unit: str,
    *,
    stops: Iterable[Stop] = (),
    until: date,
) -> Term:
    """The clock of one approval as it stands at the end of the day `until`."""
    pauses = list(stops)
    stopped = any(last is None or last >= until for first, last in pauses if first <= until)
    paused = sum(_covered(pauses, day) for day in _days(start, until))
    if unit in ("month", "year"):
        used = (until - start).days - paused
        due = calendar.add(start, number, unit) + timedelta(days=_covered_days(pauses, start))
        left = None if stopped else (due - until).days
        return Term(None if _open(pauses) else due, used, left, stopped, paused)

    def counts(day: date) -> bool:
        return (unit == "natural" or calendar.working(day)) and not _covered(pauses, day)

    used = sum(counts(day) for day in _days(start, until))
    left = number - used
    if _open(pauses) and left > 0:
        return Term(None, used, left, stopped, paused)
    found = _nth(start, number, counts)
    provisional = unit == "working" and found is not None and calendar.provisional(start, found)
    return Term(found, used, left, stopped, paused, provisional)


def _nth(start: date, number: int, counts: Any) -> date | None:
    day = start
    for _step in range(_LONGEST):
        if number <= 0:
            return day
        day += _ONE
        number -= counts(day)
    return None


def _open(pauses: Sequence[Stop]) -> bool:
    return any(last is None for _first, last in pauses)


def _covered(pauses: Sequence[Stop], day: date) -> bool:
    return any(first <= day and (last is None or day <= last) for first, last in pauses)


def _covered_days(pauses: Sequence[Stop], start: date) -> int:
    days: set[date] = set()
    for first, last in pauses:
        if last is not None:
            days |= set(_days(max(first - _ONE, start), last))
    return len(days)


def _days(after: date, last: date) -> list[date]:
    """Every day after `after` up to and including `last`."""
    return [after + timedelta(days=n) for n in range(1, (last - after).days + 1)]


# Deadlines ----------------------------------------------------------------------------------------


def deadline(calendar: Calendar, month: date, row: Mapping[str, Any]) -> date:
    """The last day of a month's filing; a day that the month has not is its last day."""
    last = calendar.end_of(month, "month")
    return shifted(calendar, last.replace(day=min(int(row["day"]), last.day)), row["shift"])


def week_deadline(calendar: Calendar, monday: date, row: Mapping[str, Any]) -> date:
    """The last day of a week's progress note."""
    return shifted(calendar, monday + timedelta(days=int(row["day"]) - 1), row["shift"])


def shifted(calendar: Calendar, day: date, shift: str) -> date:
    """The day itself, or the working day that takes its place by the office's rule."""
    if shift == "none" or calendar.working(day):
        return day
    return calendar.roll(day) if shift == "next" else calendar.back(day, 1)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


# Ladders ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rung:
    """一级：由谁解决、到哪天为止。"""

    code: str
    name: str
    name_en: str
    holder: str
    due: date


@dataclass(frozen=True)
class Standing:
    """堵点现在到了哪一级；最高一级也过了期，就是逾期。"""

    rung: Rung
    level: int
    overdue: bool
    days_late: int


def rungs(
    calendar: Calendar, opened: date, ladder: Sequence[Mapping[str, Any]]
) -> tuple[Rung, ...]:
    """Each rung with the day until which it has time; the next begins when the one before ends."""
    found, begin = [], opened
    for row in ladder:
        begin = calendar.add(begin, int(row["number"]), row["unit"])
        found.append(Rung(row["code"], row["name"], row.get("name_en", ""), row["holder"], begin))
    return tuple(found)


def standing(found: Sequence[Rung], lifted: int, today: date) -> Standing:
    """Where a blockage stands on its ladder today; `lifted` is how far it was raised by hand."""
    passed = sum(rung.due < today for rung in found)
    level = min(max(passed, lifted), len(found) - 1)
    last = found[-1]
    overdue = last.due < today
    return Standing(found[level], level, overdue, (today - last.due).days if overdue else 0)
