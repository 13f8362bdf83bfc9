"""How a form is laid out: a row for every series that a unit reports, its last figure beside it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bihuan.exchange.span import span
from bihuan.facts import queries
from bihuan.facts.models import Indicator, Observation, Period, Submission

MOST_ROWS = 100  # of one form; more is for pasting


@dataclass(frozen=True)
class Row:
    """One row: which series, of which period (as people write it); its last figure if it has one,
    and what stands in the submission already."""

    indicator: Indicator
    period: str
    scope: str = ""
    scope_key: str = ""
    last: Observation | None = None
    now: Observation | None = None

    @property
    def measure(self) -> str:
        """The unit of measure as ever."""
        return (self.last.measure if self.last else "") or self.indicator.measure


def rows(submission: Submission) -> list[Row]:
    """Every series that the unit reported before and that comes again in this period.

    For a unit without any: a row for each indicator there is.
    """
    assert submission.unit is not None
    there = {_key(one): one for one in queries.of_submission(submission)}
    found: dict[tuple[int, str, str], Row] = {}
    for last in queries.last_figures(submission.unit):
        written = again(last.period, submission.period)
        if written is not None and len(found) < MOST_ROWS:
            row = Row(last.indicator, written, last.scope, last.scope_key, last)
            found[row.indicator.pk, row.scope_key, _code(written)] = row
    for key, one in there.items():
        row = found.get(key) or Row(one.indicator, one.period.label, one.scope, one.scope_key)
        found[key] = Row(row.indicator, row.period, row.scope, row.scope_key, row.last, one)
    if not found:
        own = submission.period.label if submission.period else ""
        return [Row(one, own) for one in _of_periods(queries.indicators())]
    return list(found.values())


def periods_again(submission: Submission) -> dict[tuple[int, str], str]:
    """For each series that the unit reported before: its period as it comes again in this one."""
    if submission.unit is None:
        return {}
    found = {}
    for last in queries.last_figures(submission.unit):
        written = again(last.period, submission.period)
        if written is not None:
            found[last.indicator_id, last.scope_key] = written
    return found


def _of_periods(found: Iterable[Indicator]) -> list[Indicator]:
    """Indicators that can have a figure every period; not the day on which snow began."""
    listed = [one for one in found if one.measure not in ("date", "time")]
    return listed[:MOST_ROWS]


def _key(one: Observation) -> tuple[int, str, str]:
    return one.indicator_id, one.scope_key, one.period.code


def _code(written: str) -> str:
    found = span(written)
    return found.code if found else written


def again(one: Period, period: Period | None) -> str | None:
    """The period of a figure as it comes again in another one: 2020年末 in 2021 is 2021年末.

    None for what does not come again: a day, an hour, an event, or another kind of period.
    """
    if period is None or period.assess_year is not None:
        return None
    year = period.starts.year
    if period.kind == "year" and one.assess_year and one.data_year:
        return f"考核年度{one.assess_year - one.data_year + year}（数据年度{year}）"
    if period.kind == "year" and one.code.endswith("-end"):
        return f"{year}年末"
    if one.kind == period.kind and one.assess_year is None and one.kind != "moment":
        return period.label if one.kind in ("year", "quarter", "month") else None
    return None
