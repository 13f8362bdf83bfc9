"""The working calendar and the counting of terms: plain Python, no Django, no clock.

How a term is counted:

* The day on which it begins is not counted [民法典 201].
* A term in months or years ends on the same day of the month, or on its last day [民法典 202].
* Where the last day is a day off, the next working day is the last [民法典 203]. That article rules
  civil terms; whether it holds for a term of another statute must be asked [K], so it is an option.
* The terms of the licence law are counted in working days [行政许可法 82]. For another statute's
  日 nobody may guess: each term is typed 工作日 or 自然日 where it is set.

The articles of the civil code were read in public reprints, that of the licence law is in the
handbook; the rest of the marks is in `limits.py`.
"""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, timedelta
from itertools import chain

from bihuan.base.text import zh

UNITS = {
    "working": zh("个工作日"),
    "natural": zh("个自然日"),
    "month": zh("个月"),
    "year": zh("整年"),
}
PERIODS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
STATES = {
    "published": zh("已公布"),
    "entered": zh("本单位录入"),
    "provisional": zh("暂定"),
}

WORKDAY, WEEKEND, MADE_UP, OFF = zh("工作日"), zh("周末"), zh("调休上班"), zh("放假")

# Holidays on a fixed day of the solar calendar [全国年节及纪念日放假办法 2, as revised with effect
# from 2025: 2 May was added; K]. Enough to count provisionally in a year not yet published: those
# of the lunar calendar and the make-up days come with the yearly notice.
FIXED: dict[tuple[int, int], tuple[str, int]] = {
    (1, 1): (zh("元旦"), MINYEAR),
    (5, 1): (zh("劳动节"), MINYEAR),
    (5, 2): (zh("劳动节"), 2025),
    (10, 1): (zh("国庆节"), MINYEAR),
    (10, 2): (zh("国庆节"), MINYEAR),
    (10, 3): (zh("国庆节"), MINYEAR),
}
BY_WEEKDAY, BY_LAW = zh("按星期推算"), zh("按《全国年节及纪念日放假办法》推算")

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of one day against its weekday: worked or off, for which holiday, who says so.

    A mark that the office made itself (`entered`) is certain even in a year not yet published.
    """

    working: bool
    name: str
    source: str
    entered: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """某一天：上不上班，为什么，是否暂定，依据什么。

    `why` is the holiday's name, 周末, 调休上班 or 工作日; `name` the holiday that a make-up day
    belongs to.
    """

    day: date
    working: bool
    why: str
    provisional: bool
    source: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days off that follow one another under one name."""

    name: str
    first: date
    last: date

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Counted:
    """算期结果：到期日，以及怎样数出来的。

    `steps` are the days that were counted; `skipped` the holidays passed over; `made_up` the
    weekend days that were worked and so counted; `weekends` how many ordinary weekend days were
    passed over; `rolled_from` the last day of the term where it was a day off and the next
    working day took its place.
    """

    start: date
    number: int
    unit: str
    due: date
    steps: tuple[Day, ...]
    skipped: tuple[Stretch, ...]
    made_up: tuple[Day, ...]
    weekends: int
    provisional: bool
    rolled_from: date | None = None


@dataclass(frozen=True, slots=True)
class _Table:
    """One year: `upto[k]` working days in its first k days; `working[i]`, where the i-th stands."""

    upto: "array[int]"  # not subscriptable at run time before Python 3.12
    working: "array[int]"


@dataclass(frozen=True)
class Calendar:
    """工作日历：法定安排和本单位录入合在一起，逐年推算，未公布的年份暂定，从不出错。

    `marks` are the days that differ from their weekday, `settled` the years whose arrangement is
    known, with who says so. A year's table is built when it is first asked for.
    """

    marks: Mapping[date, Mark]
    settled: Mapping[int, str]
    _tables: dict[int, _Table] = field(
        default_factory=dict, init=False, repr=False, compare=False, hash=False
    )

    def status(self, year: int) -> str:
        """published, entered or provisional."""
        return self.settled.get(year, "provisional")

    def kind(self, day: date) -> Day:
        """What this day is, and why."""
        mark = self._mark(day)
        weekend = day.weekday() >= 5
        known = day.year in self.settled or (mark is not None and mark.entered)
        if mark is None:
            return Day(day, not weekend, WEEKEND if weekend else WORKDAY, not known, BY_WEEKDAY)
        if not mark.working:
            return Day(day, False, mark.name or OFF, not known, mark.source, mark.name)
        why = MADE_UP if weekend else WORKDAY
        return Day(day, True, why, not known, mark.source, mark.name)

    def working(self, day: date) -> bool:
        """Is it a working day?"""
        mark = self._mark(day)
        return mark.working if mark is not None else day.weekday() < 5

    # Counting -----------------------------------------------------------------------------------

    def add(self, start: date, n: int, unit: str = "working", *, roll: bool = False) -> date:
        """The last day of a term of `n` units that begins on `start`, which is not counted.

        With `roll`, a last day that is a day off gives way to the next working day.
        """
        due = self._working(start, n) if unit == "working" else _solar(start, n, unit)
        return self.roll(due) if roll else due

    def back(self, due: date, n: int, unit: str = "working") -> date:
        """The day `n` units before `due`, which is not counted: the latest day to begin."""
        return self.add(due, -n, unit)

    def between(self, a: date, b: date, unit: str = "working") -> int:
        """How many units after `a` up to and including `b`; negative where `b` comes first."""
        if unit == "natural":
            return (b - a).days
        if unit != "working":
            raise KeyError(unit)
        if b < a:
            return -self.between(b, a)
        across = sum(len(self._table(year).working) for year in range(a.year, b.year))
        return across + self._upto(b) - self._upto(a)

    def roll(self, day: date) -> date:
        """The day itself if it is a working day, else the next one."""
        return day if self.working(day) else self._working(day, 1)

    def end_of(self, day: date, period: str, *, working: bool = False) -> date:
        """The last day, or last working day, of the month, quarter, half-year or year of `day`."""
        months = PERIODS[period]
        month = (day.month - 1) // months * months + months
        last = _last_of_month(day.year, month)
        return last if not working or self.working(last) else self._working(last, -1)

    def provisional(self, a: date, b: date) -> bool:
        """Does any day after `a` up to and including `b` stand on a guess?"""
        years = range(a.year, b.year + 1)
        if all(year in self.settled for year in years):
            return False
        return any(self.kind(day).provisional for day in _days(a + _ONE, b))

    def explain(self, start: date, n: int, unit: str = "working", *, roll: bool = False) -> Counted:
        """Count forward and keep how it was counted; `due` is always that of `add`."""
        end = self.add(start, n, unit)
        due = self.roll(end) if roll else end
        passed = [self.kind(day) for day in _days(start + _ONE, due)]
        # A term in natural days leans on the calendar only where its end was moved.
        looked_at = passed if unit == "working" else [d for d in passed if d.day >= end]
        looked_at = looked_at if unit == "working" or roll else []
        off = [d for d in looked_at if not d.working]
        return Counted(
            start=start,
            number=n,
            unit=unit,
            due=due,
            steps=tuple(d for d in passed if d.working or unit != "working"),
            skipped=stretches(d for d in off if d.why != WEEKEND),
            made_up=tuple(d for d in looked_at if d.why == MADE_UP),
            weekends=sum(d.why == WEEKEND for d in off),
            provisional=any(d.provisional for d in looked_at),
            rolled_from=end if due != end else None,
        )

    # Whole periods ------------------------------------------------------------------------------

    def days(self, first: date, last: date) -> list[Day]:
        """Every day from `first` to `last`, both included."""
        return [self.kind(day) for day in _days(first, last)]

    def holidays(self, year: int) -> tuple[Stretch, ...]:
        """The year's days off under a name, each run of days once."""
        days = self.days(date(year, 1, 1), date(year, 12, 31))
        return stretches(d for d in days if not d.working and d.why != WEEKEND)

    def made_up(self, year: int) -> tuple[Day, ...]:
        """The weekend days that are worked."""
        days = self.days(date(year, 1, 1), date(year, 12, 31))
        return tuple(d for d in days if d.why == MADE_UP)

    def working_days(self, year: int) -> int:
        """How many working days the year has."""
        return len(self._table(year).working)

    # How it is kept -----------------------------------------------------------------------------

    def _mark(self, day: date) -> Mark | None:
        mark = self.marks.get(day)
        if mark is None and day.year not in self.settled:
            name, since = FIXED.get((day.month, day.day), ("", MAXYEAR))
            return Mark(False, name, BY_LAW) if name and day.year >= since else None
        return mark

    def _table(self, year: int) -> _Table:
        table = self._tables.get(year)
        if table is None:
            upto, working = array("H", [0]), array("H")
            for place, day in enumerate(_days(date(year, 1, 1), date(year, 12, 31))):
                if self.working(day):
                    working.append(place)
                upto.append(len(working))
            # Two threads may build the same table; either is right.
            table = self._tables[year] = _Table(upto, working)
        return table

    def _upto(self, day: date) -> int:
        """Working days from New Year up to and including the day."""
        return self._table(day.year).upto[_place(day) + 1]

    def _working(self, start: date, n: int) -> date:
        """The n-th working day after (before, if negative) the start; the start itself for 0."""
        if n == 0:
            return start
        year = start.year
        # Working days are numbered from 1 within the year; a day off stands between two numbers.
        number = self._upto(start) + n
        if n < 0 and not self.working(start):
            number += 1
        while number < 1:
            year -= 1
            _in_range(year)
            number += len(self._table(year).working)
        while number > (length := len(self._table(year).working)):
            number -= length
            year += 1
            _in_range(year)
        first = date(year, 1, 1).toordinal()
        return date.fromordinal(first + self._table(year).working[number - 1])


def assemble(
    published: Mapping[date, Mark],
    published_years: Iterable[int],
    entered: Mapping[date, Mark],
    entered_years: Iterable[int],
) -> Calendar:
    """One calendar from the published arrangement and the office's own, which wins.

    A year that the office entered as a whole owes nothing to the published one.
    """
    own = frozenset(entered_years)
    marks = {day: mark for day, mark in published.items() if day.year not in own}
    marks.update(entered)
    settled = dict.fromkeys(published_years, "published") | dict.fromkeys(own, "entered")
    return Calendar(marks, settled)


def stretches(days: Iterable[Day]) -> tuple[Stretch, ...]:
    """Runs of days that follow one another under the same reason."""
    found: list[Stretch] = []
    for d in days:
        if found and found[-1].name == d.why and found[-1].last + _ONE == d.day:
            found[-1] = Stretch(d.why, found[-1].first, d.day)
        else:
            found.append(Stretch(d.why, d.day, d.day))
    return tuple(found)


def differences(before: Calendar, after: Calendar, years: Iterable[int]) -> tuple[date, ...]:
    """The days of these years that are worked in one and off in the other, or are now certain."""
    days = chain.from_iterable(_days(date(y, 1, 1), date(y, 12, 31)) for y in sorted(set(years)))
    return tuple(day for day in days if _side(before.kind(day)) != _side(after.kind(day)))


def _side(day: Day) -> tuple[bool, bool]:
    return day.working, day.provisional


def _solar(start: date, n: int, unit: str) -> date:
    if unit == "natural":
        return start + timedelta(days=n)
    months = {"month": 1, "year": 12}[unit] * n
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    _in_range(year)
    last = _last_of_month(year, month + 1)
    return last.replace(day=min(start.day, last.day))


def _in_range(year: int) -> None:
    """The same refusal that `date + timedelta` gives."""
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError("date value out of range")


def _last_of_month(year: int, month: int) -> date:
    return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - _ONE


def _place(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal()


def _days(first: date, last: date) -> Iterable[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
