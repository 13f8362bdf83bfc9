"""Deadlines as people write them: dates, 立行立改, 长期坚持, 已完成, 待定.

What was written is kept word for word; what cannot be read says why, and nothing is guessed
without saying so.
"""

import math
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import pairwise
from typing import Literal

from bihuan.exchange.words.dates import (
    BETWEEN,
    Found,
    Reading,
    dates,
    digits_only,
    plainly,
    plausible,
)

Kind = Literal["date", "period_end", "immediate", "standing", "done", "unreadable", "none"]
Written = str | int | float | date | datetime | None

# Why a deadline cannot be read, or what about a readable one somebody should look at.
REASONS = (
    "unknown",
    "no_such_day",
    "no_year",
    "no_month",
    "odd_year",
    "number",
    "relative",
    "event",
    "only_start",
    "undecided",
    "partly_done",
    "several",
    "backwards",
    "also_standing",
    "recurring",
    "approximate",
    "lost_zero",
    "far_year",
    "more_written",
)
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Deadline:
    """时限：读懂的结果和原文。

    `day` is the last day on which the work is in time: a date, the end of a period, or the day
    that stands beside 立行立改 or 已完成. `reason` is empty where there is nothing to ask; on an
    unreadable deadline it says why.
    """

    kind: Kind
    day: date | None
    year_inferred: bool
    text: str
    reason: str = ""


NONE_WRITTEN = Deadline("none", None, False, "")


def deadline(
    written: Written,
    *,
    year: int | None,
    today: date | None = None,
    date_system: str = "1900",
) -> Deadline:
    """The deadline that somebody wrote; never raises.

    `year` is the file's own year, used where none is written; without it, `today`'s.

    >>> deadline("6月底前", year=2022).day
    datetime.date(2022, 6, 30)
    """
    if written is None:
        return Deadline("none", None, False, "")
    if isinstance(written, datetime):
        at_midnight = written.time() == time()
        return _of_day(written.date(), str(written.date() if at_midnight else written))
    if isinstance(written, date):
        return _of_day(written, written.isoformat())
    if isinstance(written, int | float):
        return _number(written, year=year, date_system=date_system)
    year = year if year is not None else (today.year if today else None)
    return replace(_text(plainly(written), year, today, date_system), text=written)


def _of_day(day: date, text: str) -> Deadline:
    if not plausible(day):
        return Deadline("unreadable", None, False, text, "odd_year")
    return Deadline("date", day, False, text)


def _of(reading: Reading) -> Deadline:
    if reading.day is None:
        return Deadline("unreadable", None, False, "", reading.reason)
    kind: Kind = "period_end" if reading.end else "date"
    return Deadline(kind, reading.day, reading.year_inferred, "", reading.reason)


def _number(number: float, *, year: int | None, date_system: str) -> Deadline:
    """A bare number: a serial, 20220120, a year, or 1.20 that Excel turned into 1.2."""
    if isinstance(number, bool) or not math.isfinite(number) or abs(number) >= 1e9:
        return Deadline("unreadable", None, False, str(number), "number")
    text = str(int(number)) if number == int(number) else repr(number)
    reading = digits_only(text, date_system)
    if reading is not None:
        return replace(_of(reading), text=text)
    if "." not in text or "e" in text:
        return Deadline("unreadable", None, False, text, "number")
    found = _text(text, year, None, date_system)
    # 2022.1 may have been 2022.10, and 1.2 may have been 1.20: the sheet lost the nought.
    if found.day is not None and not found.reason and len(text.partition(".")[2]) == 1:
        found = replace(found, reason="lost_zero")
    return replace(found, text=text)


_NONE = frozenset(
    ("", "/", "\\", "-", "--", "---", "无", "暂无", "没有", "无时限", "n/a", "na", "n/〇", ".")
)
_UNDECIDED = re.compile(r"待定|未定|另定|另行|待明确|视情况|待研究|待上级")
_RELATIVE = re.compile(
    r"(?:[\d一二三四五六七八九十两半]+|几)个?(?:工作日|天|日|周|星期|月|季度|年)(?:以内|之内|内)"
)
_RECURRING = re.compile(
    r"每(?:年|半年|季度?|月|周|天|日)|按(?:月|季|年|周)|定期|不定期|逐(?:月|年|季)"
)
_NOT_DONE = re.compile(
    r"(?:未|没有|没|部分|基本|大部|正在|不能|无法|难以|阶段性)"
    r"[^,.()]{0,3}?(?:完成|整改|办结|销号|落实)"
)
_DONE = re.compile(
    r"已[经于]?,?(?:全部|全面)?(?:按期|如期|按时|提前)?(?:完成|整改|办结|销号|落实|解决|改正)"
    r"|(?:整改|办理)?完毕|已结"
)
_DONE_WHOLE = re.compile(r"(?:全部|提前)?(?:整改)?(?:完成|办结|销号)(?:整改)?")
_IMMEDIATE = re.compile(
    r"立行立改|即日|立[即刻][^,.()]{0,2}?(?:整改|改正|完成|落实|办理)|立即|即知即改|立知立改"
    r"|立整立改|立查立改|立说立行|即行即改|即查即改|立改立行|边查边改|边学边改|当即整改"
    r"|马上(?:整改|就办)?|即刻|立改|即改|随时整改"
)
_STANDING = re.compile(
    r"长期|持续|常态化?|坚持|长效|常抓不懈|久久为功|一以贯之|不断推进|永久|贯穿始终"
)
# Days that only a calendar of feasts could tell, and events that have no fixed day.
_EVENT = re.compile(
    r"春节|元旦|清明|五一|劳动节|端午|中秋|国庆|两会|七一|[党人]代会|换届|(?:检查|验收|迎检|会议)前"
)
_BEGINS = re.compile(r"\)?(?:起|开始)(?!-|至|到)")
_ABOUT = re.compile(r"左右|前后|大约|大概|约")
# Words around a date that change nothing about it.
_NOISE = re.compile(
    r"完成(?:时限|时间|日期|期限)|整改(?:时限|时间|期限|到位|完成)?|时限|期限|限期|办结|完成|落实"
    r"|到位|之前|以前|以内|之内|截止|截至|力争|争取|确保|预计|预期|计划|原则上|务必|必须|要求|全部"
    r"|全面|取得|明显|初步|成效|并|且|请|拟|于|在|至|到|前|内|止|起|限|份|后|时|的"
    r"|(?:周|星期)[一二三四五六日天]|[,.:()/-]"
)


def _text(text: str, year: int | None, today: date | None, date_system: str) -> Deadline:
    """A written deadline, folded: dates first, then the words around them."""
    bare = text.strip(".,:()")
    if text in _NONE or bare in _NONE:
        return Deadline("none", None, False, text)
    if len(text) > _LONGEST:
        return Deadline("unreadable", None, False, "", "unknown")
    if (reading := digits_only(bare, date_system)) is not None:
        return _of(reading)
    if _RELATIVE.search(text) and not re.search(r"\d{4}", text):
        return Deadline("unreadable", None, False, text, "relative")
    if _RECURRING.search(text):
        return Deadline("standing", None, False, text, "recurring")
    found = dates(text, year, today)
    rest = _without(text, found)
    if _EVENT.search(rest) and all(one.whole_year for one in found):
        return Deadline("unreadable", None, False, text, "event")
    if not found:
        return _words(rest)
    if _BEGINS.match(text[found[-1].ends :]):
        standing = _STANDING.search(rest)
        return Deadline(
            "standing" if standing else "unreadable",
            None,
            False,
            text,
            "" if standing else "only_start",
        )
    return _coloured(_chosen(text, found), rest)


def _without(text: str, found: list[Found]) -> str:
    pieces, at = [], 0
    for one in found:
        pieces.append(text[at : one.starts])
        at = one.ends
    return ",".join([*pieces, text[at:]])


def _words(rest: str) -> Deadline:
    """A deadline without any date in it."""
    if _UNDECIDED.search(rest):
        return Deadline("none", None, False, rest, "undecided")
    if _NOT_DONE.search(rest):
        return Deadline("unreadable", None, False, rest, "partly_done")
    if _DONE_WHOLE.fullmatch(rest.strip(".,:()")):
        return Deadline("done", None, False, rest)
    if _DONE.search(rest):
        return Deadline("done", None, False, rest, _extra(_DONE.sub("", rest)))
    standing = _STANDING.search(rest)
    if _IMMEDIATE.search(rest):
        return Deadline("immediate", None, False, rest, "also_standing" if standing else "")
    if standing:
        return Deadline("standing", None, False, rest)
    return Deadline("unreadable", None, False, rest, "unknown")


def _coloured(found: Deadline, rest: str) -> Deadline:
    """A dated deadline with what the words around it add."""
    if found.kind == "unreadable":
        return found
    if _NOT_DONE.search(rest):
        return replace(found, reason=found.reason or "partly_done")
    if _DONE.search(rest):
        return replace(found, kind="done")
    if _IMMEDIATE.search(rest):
        found = replace(found, kind="immediate")
    if found.reason:
        return found
    if _STANDING.search(rest):
        return replace(found, reason="also_standing")
    if _ABOUT.search(rest):
        return replace(found, reason="approximate")
    return replace(found, reason=_extra(_IMMEDIATE.sub("", rest)))


def _extra(rest: str) -> str:
    left = _NOISE.sub("", rest)
    return "more_written" if sum(sign.isalnum() for sign in left) >= 2 else ""


def _chosen(text: str, found: list[Found]) -> Deadline:
    """The one date, the end of a range, or the latest of several (which is a doubt)."""
    broken = [one.reading for one in found if one.reading.day is None]
    if broken:
        return _of(broken[0])
    last = found[-1].reading
    latest = max(found, key=lambda one: one.reading.day or date.min).reading
    between = [text[a.ends : b.starts] for a, b in pairwise(found)]
    if len({one.reading.day for one in found}) == 1:
        return _of(last)
    if len(found) == 2 and BETWEEN.fullmatch(between[0]):
        return _of(last if last.day == latest.day else replace(latest, reason="backwards"))
    return _of(replace(latest, reason="several"))
