"""Periods as people write them, read into plain dates: 2020、2020年末、自2022年1月21日降雪以来."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

# What an event is called in a period's code; an unknown event keeps its own word.
EVENTS = {"降雪": "snow", "降雨": "rain", "强降雨": "rain", "寒潮": "cold"}
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """A period: its code, how it was written, its days; `at` is an hour where the office stands."""

    code: str
    kind: str
    label: str
    starts: date | None
    ends: date | None
    at: datetime | None = None
    assess_year: int | None = None
    data_year: int | None = None


def folded(text: str) -> str:
    """Full-width brackets, digits and commas as half-width ones."""
    return unicodedata.normalize("NFKC", text).strip()


def span(written: str) -> Span | None:
    """The period that somebody wrote; None where it cannot be read or no such day exists.

    >>> span("考核年度2021（数据年度2020）").data_year
    2020
    """
    text = "".join(folded(written).split())
    for pattern, build in _FORMS:
        if found := pattern.fullmatch(text):
            try:
                return build(" ".join(written.split()), *found.groups())
            except ValueError:  # 2 月 30 日, 25 时, or a year no calendar has
                return None
    return None


def year_before(one: Span) -> Span | None:
    """What 同比 compares with: the same year, quarter or month one year earlier; else None."""
    if one.starts is None or one.assess_year is not None:
        return None
    year = one.starts.year - 1
    match one.kind:
        case "year":
            return span(str(year))
        case "quarter":
            return span(f"{year}Q{(one.starts.month + 2) // 3}")
        case "month":
            return span(f"{year}-{one.starts.month:02}")
    return None


def _year(label: str, year: str) -> Span:
    number = int(year)
    return Span(year, "year", label, date(number, 1, 1), date(number, 12, 31), data_year=number)


def _assessment(label: str, assess: str, data: str) -> Span:
    if int(assess) < int(data):
        raise ValueError(label)
    days = _year(label, data)
    return Span(
        f"assess-{assess}-data-{data}",
        "year",
        label,
        days.starts,
        days.ends,
        None,
        int(assess),
        int(data),
    )


def _year_end(label: str, year: str) -> Span:
    last = date(int(year), 12, 31)
    return Span(f"{year}-end", "moment", label, last, last, data_year=int(year))


def _quarter(label: str, year: str, quarter: str) -> Span:
    number = _QUARTERS[quarter]
    first = date(int(year), 3 * number - 2, 1)
    last = _month_end(int(year), 3 * number)
    return Span(f"{year}-Q{number}", "quarter", label, first, last, data_year=int(year))


def _month(label: str, year: str, month: str) -> Span:
    first = date(int(year), int(month), 1)
    last = _month_end(first.year, first.month)
    return Span(f"{first:%Y-%m}", "month", label, first, last, data_year=first.year)


def _month_end(year: int, month: int) -> date:
    after = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return after - _ONE_DAY


def _day(label: str, year: str, month: str, day: str) -> Span:
    when = date(int(year), int(month), int(day))
    return Span(f"{when:%Y-%m-%d}", "day", label, when, when)


def _moment(label: str, year: str, month: str, day: str, hour: str, minute: str) -> Span:
    at = datetime(int(year), int(month), int(day), int(hour), int(minute))  # noqa: DTZ001 - made aware where the office's zone is known
    return Span(f"{at:%Y-%m-%dT%H:%M}", "moment", label, at.date(), at.date(), at)


def _event(label: str, year: str, month: str, day: str, what: str) -> Span:
    first = date(int(year), int(month), int(day))
    return Span(f"{EVENTS.get(what, what)}-{first:%Y-%m-%d}", "event", label, first, None)


_DATE = r"((?:19|20)\d\d)[-年](\d{1,2})[-月](\d{1,2})日?"
_FORMS: tuple[tuple[re.Pattern[str], Callable[..., Span]], ...] = tuple(
    # ASCII: digits of other scripts would make a second code for the same year.
    (re.compile(pattern, re.ASCII), build)
    for pattern, build in (
        (r"((?:19|20)\d\d)(?:年度?)?", _year),
        (r"考核年度((?:19|20)\d\d)年?\(数据年度((?:19|20)\d\d)年?\)", _assessment),
        (r"((?:19|20)\d\d)年?[末底]", _year_end),
        (r"((?:19|20)\d\d)[-年]?Q([1-4])", _quarter),
        (r"((?:19|20)\d\d)年?第?([1-4一二三四])季度", _quarter),
        (r"((?:19|20)\d\d)[-年](\d{1,2})月?", _month),
        (_DATE, _day),
        (_DATE.replace(r"(\d{1,2})日?", r"(\d\d)日?") + r"T?(\d{1,2}):(\d\d)", _moment),
        (f"自{_DATE}(.{{1,20}}?)以来", _event),
    )
)
