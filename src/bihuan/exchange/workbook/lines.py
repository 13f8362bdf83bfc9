"""The lines of a sheet that are no problems: titles above the header, totals, notes, sections."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bihuan.exchange.span import folded
from bihuan.exchange.words.dates import plainly
from bihuan.exchange.words.deadline import NONE_WRITTEN, Deadline, deadline
from bihuan.exchange.words.listing import clean
from bihuan.exchange.workbook.grid import Merge, Sheet, Value, shown
from bihuan.exchange.workbook.headings import Header, is_header_again

_WHO = r"(?:填报|报送|制表|编制|上报|填表|更新)?"
_SEAL = r"(?:[(（](?:盖章|公章|章)[)）])"
_BY = re.compile(rf"{_WHO}(?:单位|部门){_SEAL}?[:：](.*?){_SEAL}?\s*$")
_ON = re.compile(rf"{_WHO}(?:时间|日期)[:：](.*)")
_PARTS = re.compile(rf"{_WHO}(?:单位|部门|时间|日期|人){_SEAL}?[:：]")
_YEAR = re.compile(r"(20\d\d)年")
_BARE_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_TOTAL = re.compile(
    r"(?:本[页月周季年]度?|本季度|全区|以上)?(?:合|总|小|共|累)计(?:[:(].*|\d.*)?|(?:总|共)计?\d+(?:个|条|项)问题?.*"
)
_NOTE = re.compile(
    r"(?:注|备注|说明|备注说明|填表说明|填报说明|填表人|填报人|制表人?|审核人?|审批人?|联系人|联系电话"
    r"|联系方式|填表日期|填报日期|填报时间|单位负责人|主要负责人|分管领导|负责人签字?|签字|附|附件|注意事项)"
    r"(?:\([^)]*\))?\d*:.*|(?:填表说明|注)[:.、\d].*",
    re.DOTALL,
)
_SECTION = re.compile(
    r"(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\)|第[一二三四五六七八九十]+(?:部分|类)).+",
    re.DOTALL,
)


_SUBSECTION = re.compile(r"\d+(?:\.\d+)+[^\d].*", re.DOTALL)
_NUMBERED = re.compile(r"[-A-Za-z0-9.]{0,20}|[一二三四五六七八九十]{1,3}")


@dataclass(frozen=True)
class Top:
    """表头以上: title, who filed it and when, and the year that follows from them."""

    title: str = ""
    filed_by: str = ""
    filed_on: Deadline = NONE_WRITTEN
    year: int | None = None


def top(sheet: Sheet, header: Header, name: str, *, start: int = 0) -> Top:
    """What the lines from `start` to a header say; the file's name is asked for a year last."""
    title = filed_by = ""
    filed_on = NONE_WRITTEN
    for row in sheet.rows[start : header.top]:
        texts = [clean(shown(value)) for value in row]
        filled = [text for text in texts if text]
        line = " ".join(filled)
        if not _PARTS.search(line):
            title = title or max(filled, key=len, default="")
            continue
        for part in _parts(line):
            if (found := _BY.match(part)) and not filed_by:
                filed_by = found[1].strip()
            elif (found := _ON.match(part)) and filed_on.day is None:
                filed_on = deadline(found[1].strip(), year=_year(title))
    year = filed_on.day.year if filed_on.day and not filed_on.year_inferred else None
    year = year or _year(title) or _year(sheet.name) or _year(name)
    return Top(title, filed_by, filed_on, year)


def _parts(line: str) -> list[str]:
    starts = [found.start() for found in _PARTS.finditer(line)]
    return [line[a:b] for a, b in zip(starts, [*starts[1:], len(line)], strict=True)]


def _year(text: str) -> int | None:
    found = _YEAR.search(plainly(text)) or _BARE_YEAR.search(folded(text))
    return int(found[1]) if found else None


def other_lines(sheet: Sheet, header: Header) -> Mapping[int, str]:
    """Row (from 0) → what it is, for every row under the header that is no problem's."""
    kinds: dict[int, str] = {}
    wide = {
        merge.top: merge
        for merge in sheet.merges
        if merge.right - merge.left >= max(1, len(header.columns) // 2)
    }
    inside = {at for merge in _tall(sheet, header) for at in range(merge.top + 1, merge.bottom + 1)}
    backwards = range(header.end - 1, -1, -1)
    last = next((at for at in backwards if any(value != "" for value in sheet.rows[at])), -1)
    for at in range(header.bottom + 1, header.end):
        row = sheet.rows[at]
        filled = [value for value in row if value != ""]
        if not filled:
            if at < last and at not in inside:
                kinds[at] = "blank"
            continue
        kind = _kind(sheet, header, at, filled, at in wide)
        if kind:
            kinds[at] = kind
    return kinds


def _kind(sheet: Sheet, header: Header, at: int, filled: list[Value], wide: bool) -> str:
    """What one filled line is, "" where it is a problem's."""
    row = sheet.rows[at]
    first = "".join(folded(shown(filled[0])).split())
    numbers = [str(number) for number in range(1, len(filled) + 1)]
    if len(filled) >= 3 and [shown(value).strip() for value in filled] == numbers:
        return "column_numbers"
    if is_header_again(row, header, sheet):
        return "header_again"
    if _TOTAL.fullmatch(first) and not _has_text(row, header.column("measures")):
        return "total"
    if (len(filled) <= 3 or wide) and _NOTE.fullmatch(first):
        return "note"
    if len(filled) > 1:
        return ""
    # 一、政治建设方面: a heading over the rows below it, unless it stands as a problem.
    in_front = row[header.columns[0].at] == filled[0]
    if wide or (in_front and _SECTION.fullmatch(first)):
        return "section"
    # A text that stands alone where only numbers belong is about the table.
    order = header.column("order")
    if order is not None and row[order] == filled[0] and not _NUMBERED.fullmatch(first):
        return "section" if _SUBSECTION.fullmatch(first) else "note"
    return ""


def _tall(sheet: Sheet, header: Header) -> list[Merge]:
    """Ranges merged over rows in a column that says what a row is about."""
    about = {header.column(field) for field in ("problem", "measures")}
    return [one for one in sheet.merges if one.bottom > one.top and one.left in about]


def _has_text(row: Sequence[Value], column: int | None) -> bool:
    if column is None:
        return False
    value = row[column]
    return isinstance(value, str) and len(value.strip()) > 8
