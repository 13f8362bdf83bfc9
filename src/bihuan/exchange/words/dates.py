"""Every date in a text as an office writes it: 2022年6月底, 1.20, 二〇二二年一月, 一季度.

Only dates; what the words around them mean is for `deadline`.
"""

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

_FIRST_YEAR, _LAST_YEAR = 1949, 2100
# A year of two digits is taken as this century; further than this from the file's own year it is
# worth a look.
_NEAR_YEARS = 6
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """A day, or why there is none; `end` says that it is the last day of a longer span."""

    day: date | None
    end: bool = False
    year_inferred: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One date in a text: where it stands, what it says, which year was written, if any."""

    starts: int
    ends: int
    reading: Reading
    year: int | None = None
    whole_year: bool = False


def from_serial(serial: float, date_system: str = "1900") -> date | None:
    """The day an Excel serial number means; None for the 29th of February 1900, which never was.

    Excel's 1900 system counts that day, so serials below 60 stand one day nearer to the epoch.
    """
    if not math.isfinite(serial) or not 0 <= serial < 2_958_466:
        return None
    whole = math.floor(serial)
    if date_system == "1904":
        start = date(1904, 1, 1)
    elif whole in (0, 60):
        return None
    else:
        start = date(1899, 12, 31) if whole < 60 else date(1899, 12, 30)
    try:
        return start + timedelta(days=whole)
    except OverflowError:
        return None


def month_end(year: int, month: int) -> date:
    """The last day of a month; ValueError where there is no such month."""
    after = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return after - _ONE_DAY


def plainly(text: str) -> str:
    """Half-width, without spaces, Chinese numerals of years, months and days as digits."""
    text = _BEFORE_HOUR.sub("t", unicodedata.normalize("NFKC", text))
    text = "".join(text.split()).translate(_SIGNS).lower().replace("元月", "1月")
    return _NUMERALS.sub(lambda found: _digits(found[0]), text)


_BEFORE_HOUR = re.compile(r"(?<=\d)\s+(?=\d{1,2}:\d)")
_SIGNS = str.maketrans(
    dict.fromkeys("—–−~\u2010\u2015\u2500", "-")
    | dict.fromkeys("○◯零oO", "〇")
    | dict.fromkeys("【〔[", "(")
    | dict.fromkeys("】〕]", ")")
    | {"、": ",", ";": ",", "。": "."}
)
_NUMERALS = re.compile(r"[0〇一二三四五六七八九十廿卅]+(?=年|月|日|号)")
_VALUE = {sign: str(number) for number, sign in enumerate("〇一二三四五六七八九")} | {"0": "0"}


def _digits(numeral: str) -> str:
    """二〇二二 → 2022, 二十一 → 21, 廿 → 20; what is no numeral comes back as it was."""
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    if "十" not in numeral:
        return "".join(_VALUE[sign] for sign in numeral)
    tens, _ten, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return numeral
    return (_VALUE[tens] if tens else "1") + (_VALUE[ones] if ones else "0")


def digits_only(text: str, date_system: str) -> Reading | None:
    """20220120, 202206, 2022 or an Excel serial; None where the digits are none of them."""
    match = re.fullmatch(r"([0-9]{4,8})(\.[0-9]+)?", text)
    if match is None:
        return None
    digits, fraction = match.groups()
    year = int(digits[:4])
    if len(digits) == 8 and not fraction:
        return _reading(lambda: (date(_full(year), int(digits[4:6]), int(digits[6:])), False))
    if len(digits) == 6 and not fraction:
        return _reading(lambda: (month_end(_full(year), int(digits[4:])), True))
    if len(digits) == 4:
        if fraction or not _FIRST_YEAR <= year <= _LAST_YEAR:
            return None
        return Reading(date(year, 12, 31), end=True)
    day = from_serial(float(text), date_system)
    if day is None or len(digits) != 5 or not 1980 <= day.year <= _LAST_YEAR:
        return None
    return Reading(day)


def plausible(day: date) -> bool:
    """Is it a year that a ledger of ours can mean?"""
    return _FIRST_YEAR <= day.year <= _LAST_YEAR


def _full(year: int) -> int:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise _OddYearError(str(year))
    return year


class _OddYearError(ValueError):
    """A year that no ledger of ours can mean."""


def _reading(build: Callable[[], tuple[date, bool]]) -> Reading:
    try:
        day, end = build()
    except _OddYearError:
        return Reading(None, reason="odd_year")
    except ValueError:
        return Reading(None, reason="no_such_day")
    return Reading(day, end)


# How a date is written. y year, w a word for a year, m month, a first month of a range, d day,
# p part of a month, q quarter, h half, n a word for a month. The first form that fits is taken.
_Y = r"(?<!\d)(?P<y>\d{4}|\d{2})"
_Y4 = r"(?<!\d)(?P<y>(?:19|20)\d\d)"
_WORD = r"(?P<w>今年|本年度?|明年|去年|次年|后年)"
_YEAR = rf"(?:(?P<y>(?<!\d)(?:\d{{4}}|\d{{2}}))年度?|{_WORD})?"
_MONTH = r"(?P<m>1[0-2]|0?[1-9])"
_PART = r"(?P<p>上旬|中旬|下旬|初|中|月底|底|末)?"
_TIME = (
    r"(?:t?\d{1,2}(?::\d{2}){1,2}(?:\.\d+)?"
    r"|(?:上午|下午|晚)?\d{1,2}(?:时|点)(?:\d{1,2}分|半)?|上午|下午)?"
)
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("day", rf"{_Y}(?P<s>[./-])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})(?!\d)[日号]?{_TIME}"),
        (
            "day",
            rf"{_YEAR}(?P<m>(?<!\d)\d{{1,2}})月(?P<d>\d{{1,2}})(?!\d)[日号]?(?!-\d{{1,2}}月){_TIME}",
        ),
        ("day", rf"{_Y}[年./-](?P<m>\d{{1,2}})[月./-](?P<d>\d{{1,2}})(?!\d)[日号]{_TIME}"),
        ("day", rf"{_Y}年(?P<m>\d{{1,2}})[./](?P<d>\d{{1,2}})(?!\d)"),
        ("day", rf"{_Y4}[./-](?P<m>\d{{1,2}})[./-](?P<d>1[3-9]|2\d|3[01])(?!\d)"),
        ("day", rf"{_Y4}(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)"),
        ("month", rf"{_YEAR}(?P<a>(?<!\d)\d{{1,2}})月?-(?P<m>\d{{1,2}})月份?{_PART}"),
        ("month", rf"{_YEAR}(?P<m>(?<!\d)\d{{1,2}})月份?{_PART}"),
        ("month", rf"{_YEAR}(?P<n>本月|当月|下月|下个月)份?{_PART}"),
        ("month", rf"{_Y4}[./](?P<a>\d{{1,2}})-{_MONTH}(?!\d|[./]\d)月?"),
        ("month", rf"{_Y4}[./-]{_MONTH}(?!\d|[./]\d)月?{_PART}"),
        ("quarter", rf"{_YEAR}第?(?P<q>[1-4一二三四])季度?(?:季?[末底])?"),
        ("quarter", r"(?:(?P<y>(?:19|20)\d\d)[年.-]?)?q(?P<q>[1-4])"),
        ("half", rf"{_YEAR}(?P<h>[上下])半年(?:[末底])?"),
        ("year", rf"(?:{_Y4}(?:年度?)?|{_WORD})年?(?:[底末终内]|全年)?"),
        ("year", r"(?<!半)(?:年[底末终内]|全年)"),
        ("day", rf"(?<![\d.]){_MONTH}(?P<s>[./-])(?P<d>\d{{1,2}})(?!\d)[日号]?"),
        ("alone", r"(?<!\d)(?P<d>\d{1,2})[日号]|月底|月末"),
    )
)
_ANY = re.compile(
    "|".join(
        re.sub(r"\(\?P<\w+>", "(?:", pattern.pattern).replace("(?P=s)", "[./-]")
        for _name, pattern in _FORMS
    )
)
BETWEEN = re.compile(r"\(?起?(?:开始)?(?:-+|至|到)\)?")
_PARTS = {"上旬": 10, "初": 10, "中旬": 20, "中": 20}
_WORD_YEARS = {"明": 1, "次": 1, "后": 2, "去": -1}


def dates(text: str, year: int | None, today: date | None) -> list[Found]:
    """Every date of a folded text, in order; a later one takes over an earlier one's year."""
    found: list[Found] = []
    at, last_year = 0, None
    while match := _ANY.search(text, at):
        before = found[-1] if found else None
        one = _read(text, match.start(), before, last_year or year, today)
        at = max(match.start() + 1, one.ends if one else 0)
        if one is None:
            continue
        if before and one.year is None and last_year is not None:
            one = _after(before, one, text)
        found.append(one)
        last_year = one.year if one.year is not None else last_year
    return found


def _after(before: Found, one: Found, text: str) -> Found:
    """2021年12月至3月: the end of a range lies behind its beginning, so in the next year."""
    first, last = before.reading.day, one.reading.day
    joined = BETWEEN.fullmatch(text[before.ends : one.starts])
    if not first or not last or last >= first or not joined:
        return one
    try:
        later = last.replace(year=last.year + 1)
    except ValueError:  # the 29th of February
        later = date(last.year + 1, 2, 28)
    return replace(one, reading=replace(one.reading, day=later, year_inferred=True))


def _read(
    text: str, at: int, before: Found | None, year: int | None, today: date | None
) -> Found | None:
    """The date that begins at this sign, read by the first form that fits."""
    for form, pattern in _FORMS:
        if (match := pattern.match(text, at)) and match[0]:
            name = form
            break
    else:
        return None
    said = {key: value for key, value in match.groupdict().items() if value is not None}
    starts, ends = match.span()
    if name == "alone":
        return Found(starts, ends, _alone(said, before, today))
    written = _written_year(said, year)
    which = written if written is not None else year
    inferred = "y" not in said and ("w" in said or before is None or before.reading.year_inferred)
    if "n" in said:
        if today is None:
            return Found(starts, ends, Reading(None, reason="no_month"))
        number = today.month + (1 if said["n"].startswith("下") else 0)
        said["m"] = str(number if number <= 12 else 1)
        which, inferred = today.year + (number > 12), True
    if which is None:
        return Found(starts, ends, Reading(None, reason="no_year"))
    reading = _reading(lambda: _built(name, which, said))
    if reading.day is not None:
        reading = replace(reading, year_inferred=inferred)
        if len(said.get("y", "")) == 2 and year is not None and abs(which - year) > _NEAR_YEARS:
            reading = replace(reading, reason="far_year")
    return Found(starts, ends, reading, written, name == "year")


def _alone(said: dict[str, str], before: Found | None, today: date | None) -> Reading:
    """25日, 月底: the month of the date before it (1月20日至25日), or of today."""
    earlier = before.reading.day if before else None
    known = earlier or today
    if known is None:
        return Reading(None, reason="no_month")
    reading = _reading(
        lambda: (
            (known.replace(day=int(said["d"])), False)
            if "d" in said
            else (month_end(known.year, known.month), True)
        )
    )
    inferred = before.reading.year_inferred if before and earlier else True
    return replace(reading, year_inferred=inferred and reading.day is not None)


def _written_year(said: dict[str, str], year: int | None) -> int | None:
    if "y" in said:
        return int(said["y"]) + (2000 if len(said["y"]) == 2 else 0)
    if "w" in said and year is not None:
        return year + _WORD_YEARS.get(said["w"][0], 0)
    return None


def _built(name: str, year: int, said: dict[str, str]) -> tuple[date, bool]:
    """The last day of what was written; ValueError where the calendar has no such day."""
    _full(year)
    if name == "day":
        return date(year, int(said["m"]), int(said["d"])), False
    if name == "month":
        part = _PARTS.get(said.get("p", ""))
        last = month_end(year, int(said["m"]))
        return (last.replace(day=part) if part else last), True
    if name == "quarter":
        number = "一二三四".find(said["q"]) + 1 or int(said["q"])
        return month_end(year, 3 * number), True
    if name == "half":
        return month_end(year, 6 if said["h"] == "上" else 12), True
    return date(year, 12, 31), True
