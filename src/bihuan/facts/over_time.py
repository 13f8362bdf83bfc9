"""One indicator over its periods: the years, quarters or months that have no figure included.

Nothing is put into a gap and nothing is drawn across it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bihuan.base.text import shorten
from bihuan.exchange.span import Span, span
from bihuan.facts import reading
from bihuan.facts.models import Observation, Period

MOST_SLOTS = 120  # more than ten years of months are drawn without their gaps


@dataclass(frozen=True)
class Slot:
    """One place on the axis of time; its period, stored or not."""

    period: Period

    @property
    def code(self) -> str:
        return self.period.code


@dataclass(frozen=True)
class Line:
    """One series: a figure by the code of its period, and the versions before it."""

    scope: str
    figures: Mapping[str, Observation]
    earlier: Mapping[str, Sequence[Observation]]


def slots(periods: Iterable[Period]) -> list[Slot]:
    """The periods in order of time, with those that are missing between the first and the last."""
    there = {one.code: one for one in periods}
    for kind in ("year", "quarter", "month", "end"):
        of_kind = [one for one in there.values() if _kind(one) == kind]
        for written in _between(kind, of_kind):
            found = span(written)
            if found is not None and found.code not in there:
                there[found.code] = unsaved(found)
    if len(there) > MOST_SLOTS:
        there = {one.code: one for one in there.values() if one.pk is not None}
    ordered = sorted(there.values(), key=lambda one: (one.starts, one.code))
    return [Slot(one) for one in ordered]


def _kind(one: Period) -> str:
    """What follows upon it: a year upon a year, a year's end upon a year's end."""
    return "end" if one.code.endswith("-end") else one.kind


def _between(kind: str, periods: Sequence[Period]) -> list[str]:
    """Every year, quarter or month from the first to the last, as people write it."""
    if len(periods) < 2:
        return []
    rated = [one for one in periods if one.assess_year is not None and one.data_year is not None]
    plain = [one for one in periods if one.assess_year is None]
    found = [f"考核年度{a}（数据年度{a - 1}）" for a in _run(o.assess_year or 0 for o in rated)]
    starts = [one.starts for one in plain]
    if kind in ("year", "end"):
        years = _run(day.year for day in starts)
        return found + [f"{year}年末" if kind == "end" else str(year) for year in years]
    if kind == "quarter":
        numbers = _run(day.year * 4 + (day.month - 1) // 3 for day in starts)
        return found + [f"{n // 4}Q{n % 4 + 1}" for n in numbers]
    numbers = _run(day.year * 12 + day.month - 1 for day in starts)
    return found + [f"{n // 12}-{n % 12 + 1:02}" for n in numbers]


def _run(numbers: Iterable[int]) -> range:
    known = list(numbers)
    return range(min(known), max(known) + 1) if known else range(0)


def unsaved(one: Span) -> Period:
    """A period as it would be stored."""
    return Period(
        code=one.code,
        label=shorten(one.label, 80),
        kind=one.kind,
        starts=reading.first_day(one),
        ends=one.ends,
        at=reading.moment(one),
        assess_year=one.assess_year,
        data_year=one.data_year,
    )


def lines(current: Iterable[Observation], every: Iterable[Observation]) -> list[Line]:
    """The series of one unit and one indicator, by scope; `every` are all versions that count."""
    found: dict[str, dict[str, Observation]] = {}
    for one in current:
        found.setdefault(one.scope_key, {})[one.period.code] = one
    before: dict[tuple[str, str], list[Observation]] = {}
    for one in sorted(every, key=lambda o: o.version):
        newest = found.get(one.scope_key, {}).get(one.period.code)
        if newest is not None and one.version < newest.version:
            before.setdefault((one.scope_key, one.period.code), []).append(one)
    return [
        Line(
            next(iter(figures.values())).scope,
            figures,
            {code: before[key, code] for code in figures if (key, code) in before},
        )
        for key, figures in found.items()
    ]
