"""Reads a year's arrangement as it is pasted: a table from a spreadsheet, or the notice itself.

A table line says 日期、上班或放假、节日: `2027-01-01，放假，元旦` or `1月31日至2月6日，放假，春节`.
A line of the notice: `元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。`
Full-width and half-width are the same. All faults come at once, each with its line. No Django.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bihuan.base.text import plain, zh

LONGEST = 20_000  # characters: a year's arrangement is one page
_LONGEST_RUN = 31  # days: no holiday has ever been longer

_WORKED = {plain(w) for w in ("上班", "工作", "调休上班", "班", "工作日", "working", "work", "on")}
_OFF = {plain(w) for w in ("放假", "休", "休息", "假", "放假调休", "节假日", "off", "holiday")}
_DROPPED = {plain(w) for w in ("撤销", "恢复", "withdraw")}
_HEADINGS = {plain(w) for w in ("日期", "date", "日子", "day")}
WEEKDAYS = (
    zh("星期一"),
    zh("星期二"),
    zh("星期三"),
    zh("星期四"),
    zh("星期五"),
    zh("星期六"),
    zh("星期日"),
)

# One day, after widths are folded: year and month may be left out, a weekday may stand in brackets.
_DAY = (
    r"(?:(?P<y{n}>\d{{4}})\s*[年/.-])?\s*(?:(?P<m{n}>\d{{1,2}})\s*[月/.-])?\s*(?P<d{n}>\d{{1,2}})"
    r"(?!\d|\s*天)\s*日?\s*(?:\((?:[^()]*?(?:周|星期)(?P<w{n}>[一二三四五六日天]))?[^()]*\))?"
)
_TO = r"\s*(?:至|到|~|[—–]+|(?<=[日)])-)\s*"
_RUN = re.compile(f"{_DAY.format(n=1)}(?:{_TO}{_DAY.format(n=2)})?", re.ASCII)
_SAID = re.compile(r"共\s*(\d{1,2})\s*天", re.ASCII)
_NUMBERED = re.compile(r"^\(?[一二三四五六七八九十\d]+\)?\s*[、.]\s*")

FAULTS = {
    "empty": zh("没有读到任何日期。请粘贴放假安排的表格，或通知的原文。"),
    "long": zh("文字太长。请只粘贴一年的放假安排。"),
    "date": zh("第 %(line)d 行：“%(found)s”不是日期。请写成 2027-01-01 或 1月1日。"),
    "word": zh("第 %(line)d 行：没有写明上班还是放假。请在日期后写“放假”或“上班”。"),
    "year": zh("第 %(line)d 行：%(found)s 不在 %(year)d 年。请改正日期，或换一个年份录入。"),
    "order": zh("第 %(line)d 行：“%(found)s”的终止日早于起始日，或相隔太久。请核对。"),
    "weekday": zh("第 %(line)d 行：%(found)s 是%(real)s，不是%(said)s。请核对日期和年份。"),
    "count": zh("第 %(line)d 行：写的是共 %(said)d 天，数出来是 %(real)d 天。请核对。"),
    "twice": zh("第 %(line)d 行：%(found)s 前面已经写过。请删去重复的一处。"),
    "needless": zh("第 %(line)d 行：%(found)s 是%(real)s，本来就上班，不需要调休。请核对日期。"),
    "name": zh("第 %(line)d 行：节日名称太长，最多 40 个字。请写短一些。"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One day as entered: worked, off, or (None) left to the published arrangement again."""

    day: date
    working: bool | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong on a line: a sentence of `FAULTS` with its values."""

    sentence: str
    values: dict[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was read, in the order of the days, and everything that was wrong with it."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]


def read(text: str, year: int) -> Pasted:
    """Every day and every fault of a pasted table or notice for one year."""
    if len(text) > LONGEST:
        return Pasted((), (Fault(FAULTS["long"]),))
    reader = _Reader(year)
    for number, line in enumerate(unicodedata.normalize("NFKC", text).splitlines(), 1):
        if line.strip():
            reader.line(number, line.strip())
    faults = reader.faults
    if not reader.found and not faults:
        faults = [Fault(FAULTS["empty"])]
    return Pasted(tuple(sorted(reader.found.values(), key=lambda e: e.day)), tuple(faults))


def belongs(day: date, year: int) -> bool:
    """A notice speaks of its year, and of the days before New Year that make up for it."""
    return day.year == year or (day.year == year - 1 and day.month == 12)


def weekday(day: date) -> str:
    """星期一 to 星期日."""
    return WEEKDAYS[day.weekday()]


class _Reader:
    """Collects days and faults line by line."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.found: dict[date, Entry] = {}
        self.faults: list[Fault] = []
        self.number = 0

    def line(self, number: int, line: str) -> None:
        self.number = number
        cells = [cell.strip() for cell in re.split(r"[\t,;|]", line) if cell.strip()]
        if len(cells) == 1 and ":" not in line:
            cells = line.split()
        if not cells or plain(cells[0]) in _HEADINGS:
            return
        if len(cells) > 1 and _RUN.fullmatch(cells[0]):
            self._row(cells)
        else:
            self._notice(line)

    def _row(self, cells: Sequence[str]) -> None:
        """日期、上班或放假、节日."""
        word = plain(cells[1])
        working: bool | None
        if word in _WORKED:
            working = True
        elif word in _OFF:
            working = False
        elif word in _DROPPED:
            working = None
        else:
            self._fault("word")
            return
        match = _RUN.fullmatch(cells[0])
        if match is not None:
            self._keep(self._run(match), working, cells[2] if len(cells) > 2 else "")

    def _notice(self, line: str) -> None:
        """A line of the notice; a sentence with neither 放假 nor 上班 is advice: passed over."""
        head, colon, tail = line.partition(":")
        name = _NUMBERED.sub("", head).strip() if colon else ""
        told = False
        for sentence in re.split(r"[。;]", tail if colon else line):
            if "放假" not in sentence and "上班" not in sentence:
                continue
            told = True
            runs = [self._run(match) for match in _RUN.finditer(_SAID.sub("", sentence))]
            if not runs:
                self._fault("date", found=sentence[:30])
            days = [day for run in runs for day in run]
            self._keep(days, "上班" in sentence, name)
            said = _SAID.search(sentence)
            if said and days and int(said[1]) != len(days):
                self._fault("count", said=int(said[1]), real=len(days))
        if not told and re.search(r"\d", line):
            cell = re.split(r"[\t,;|\s]", line)[0]
            self._fault("word" if _RUN.fullmatch(cell) else "date", found=cell[:30])

    def _run(self, match: re.Match[str]) -> list[date]:
        """The days of one date or range; empty, with a fault, where they make no sense."""
        first = self._day(match, 1, self.year, 0)
        if first is None:
            return []
        if match["d2"] is None:
            return [first]
        last = self._day(match, 2, first.year, first.month)
        if last is None:
            return []
        length = (last - first).days + 1
        if not 1 <= length <= _LONGEST_RUN:
            self._fault("order", found=match[0].strip())
            return []
        return [first + timedelta(days=i) for i in range(length)]

    def _day(self, match: re.Match[str], n: int, year: int, month: int) -> date | None:
        """One end of a run; what is not said is that of the year, or of the other end."""
        written = match[0].strip()
        try:
            day = date(
                int(match[f"y{n}"] or year), int(match[f"m{n}"] or month), int(match[f"d{n}"])
            )
        except ValueError:
            self._fault("date", found=written)
            return None
        said = match[f"w{n}"] and "星期" + match[f"w{n}"].replace("天", "日")
        if said and said != weekday(day):
            self._fault("weekday", found=day.isoformat(), real=weekday(day), said=said)
        return day

    def _keep(self, days: Iterable[date], working: bool | None, name: str) -> None:
        if len(name) > 40:
            self._fault("name")
            return
        for day in days:
            if not belongs(day, self.year):
                self._fault("year", found=day.isoformat(), year=self.year)
            elif day in self.found:
                self._fault("twice", found=day.isoformat())
            else:
                self.found[day] = Entry(day, working, name)

    def _fault(self, kind: str, **values: int | str) -> None:
        self.faults.append(Fault(FAULTS[kind], {"line": self.number, **values}))


def needless(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Make-up days that fall on a weekday: in a whole year's arrangement always a slip."""
    return (entry for entry in entries if entry.working and entry.day.weekday() < 5)
