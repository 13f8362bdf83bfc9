"""Lamps, lateness and the ladder of reminders: what the clock says of a finding on any day.

A lamp is not a state: it is read off the state, the deadline and the day by a table of rules, so
that it can be told for any past day as well as for today.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bihuan.ledger.rules.states import OPEN, is_overdue

Row = Mapping[str, Any]
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """How a finding stands on a day: its state, deadline, hand-in date; was it ever late?"""

    state: str
    due: date | None
    requested_on: date | None = None
    missed: bool = False


def lamp(table: Sequence[Row], standing: Standing, day: date) -> Row | None:
    """The first row of the lamp table that fits; None for what is not open or has no deadline."""
    if standing.state not in OPEN or standing.due is None:
        return None
    late = is_overdue(standing.state, standing.due, day, standing.requested_on)
    since = standing.requested_on if late and standing.requested_on else day
    late_by = (since - standing.due).days if late else 0
    left = (standing.due - day).days
    for row in table:
        fits = {
            "overdue": late and late_by >= row["days"],
            "missed": standing.missed or late,
            "left": not late and left <= row["days"] and standing.requested_on is None,
            "else": True,
        }[row["when"]]
        if fits:
            return row
    return None


def worst(table: Sequence[Row], lamps: Iterable[str]) -> str | None:
    """The gravest lamp of several: the one that stands first in the table."""
    order = {row["code"]: i for i, row in enumerate(table)}
    known = [code for code in lamps if code in order]
    return min(known, key=order.__getitem__) if known else None


@dataclass(frozen=True)
class Span:
    """From one day on (until the next span) a finding stood like this."""

    day: date
    state: str
    due: date | None
    requested_on: date | None = None


def standing(spans: Sequence[Span], day: date) -> Standing | None:
    """How a finding stood at the end of a day; None before it was raised. Spans in their order."""
    until = [span for span in spans if span.day <= day]
    if not until:
        return None
    last = until[-1]
    missed = missed_before(until, day)
    return Standing(last.state, last.due, last.requested_on, missed)


def missed_before(spans: Sequence[Span], day: date) -> bool:
    """Was a deadline missed before the end of `day`? The same as `Finding.missed_on` says of today.

    Each span is asked on the day of the act that ended it, the last one on the day before: the day
    itself does not count as missed before, the lamp's own rule judges it.
    """
    ends = [span.day for span in spans[1:]] + [day - ONE_DAY]
    return any(
        is_overdue(span.state, span.due, end, span.requested_on)
        for span, end in zip(spans, ends, strict=True)
    )


def late_days(spans: Sequence[Span], until: date) -> int:
    """逾期的累计天数：每一天单独看，不是只看月末；`until` 当天不计。

    The integral over time of "overdue": a finding that was late for twenty days in the middle of
    a month and handed in on its last day has twenty late days, where a month-end count sees none.
    """
    total = 0
    for i, span in enumerate(spans):
        end = min(spans[i + 1].day, until) if i + 1 < len(spans) else until
        if (spell := late_spell(span, end)) is not None:
            total += (spell[1] - spell[0]).days
    return total


def late_spell(span: Span, end: date) -> tuple[date, date] | None:
    """The overdue days of a span that lasts until `end`: the first of them, and the day after."""
    if span.due is None or end <= span.day or span.state not in OPEN:
        return None
    if span.requested_on is not None and span.state in ("requested", "checking"):
        return None  # the checker has it: waiting is not the unit's delay
    first = max(span.day, span.due + ONE_DAY)
    return (first, end) if first < end else None


def rung_due(
    ladder: Sequence[Row],
    *,
    due: date,
    day: date,
    sent: Iterable[str],
    among: Container[str] | None = None,
) -> Row | None:
    """催办：到了哪一级。Only the gravest rung that has come and is graver than all sent before.

    `among` keeps to the rungs whose slip is one of these.
    """
    order = [row["code"] for row in ladder]
    highest = max((order.index(code) for code in sent if code in order), default=-1)
    come = [
        i
        for i, row in enumerate(ladder)
        if i > highest
        and (among is None or row["slip"] in among)
        and day >= trigger(row, due)
        and not (row["when"] == "before" and day > due)
    ]
    return ladder[come[-1]] if come else None


def latest_due(row: Row, day: date) -> date:
    """The latest deadline for which a rung is reached on that day: `trigger` the other way."""
    return day + (day - trigger(row, day))


def trigger(row: Row, due: date) -> date:
    """The day on which a rung is reached."""
    days = timedelta(days=row["days"])
    return due - days if row["when"] == "before" else due + days
