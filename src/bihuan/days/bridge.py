"""What the State Council has published, from the library that keeps it: chinesecalendar (MIT).

The library is only data here, read once: an unpublished year is simply not in it, and its own
functions, which raise for such a year, are not used. One day of its data is known to be wrong:
31 December 2005 was a make-up working day (notice for 2006); an office that needs 2005 enters it.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version

from chinese_calendar.constants import (  # type: ignore[import-untyped]  # ships no types
    Holiday,
    holidays,
    workdays,
)

from bihuan.base.text import zh
from bihuan.days.rules import Mark

# The library's names, as the notices write them.
NAMES = {
    Holiday.new_years_day.value: zh("元旦"),
    Holiday.spring_festival.value: zh("春节"),
    Holiday.tomb_sweeping_day.value: zh("清明节"),
    Holiday.labour_day.value: zh("劳动节"),
    Holiday.dragon_boat_festival.value: zh("端午节"),
    Holiday.national_day.value: zh("国庆节"),
    Holiday.mid_autumn_festival.value: zh("中秋节"),
    Holiday.anti_fascist_70th_day.value: zh("抗战胜利70周年纪念日"),
}


@dataclass(frozen=True)
class Published:
    """Every day that differs from its weekday, and the years that are covered."""

    marks: dict[date, Mark]
    years: frozenset[int]
    source: str


@cache
def published() -> Published:
    """The library's whole table."""
    source = f"chinesecalendar {version('chinesecalendar')}"
    marks = {
        day: Mark(working, _name(name), source)
        for table, working in ((holidays, False), (workdays, True))
        for day, name in table.items()
    }
    # A year is covered when its National Day is: the days around New Year of a year to come may
    # already stand in the notice of the year before.
    years = frozenset(day.year for day in holidays if (day.month, day.day) == (10, 1))
    return Published(marks, years, source)


def _name(english: str) -> str:
    return NAMES.get(english) or str(Holiday(english).chinese)
