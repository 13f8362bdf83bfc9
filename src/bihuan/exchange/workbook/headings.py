"""The headings of a rectification ledger: where they stand, and which field each means."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bihuan.exchange.span import folded
from bihuan.exchange.workbook.grid import Sheet, Value, shown
from bihuan.exchange.workbook.synonyms import ALONE, SYNONYMS

_HEADER_ROWS = 15
_LONGEST = 30
# A heading may carry a remark (整改措施（逐条列出）) or a few more words than the synonym.
_REMARK = re.compile(r"\(.*?\)|\*|:$|[\"“”'‘’]")
_LEAST = 2
_JOINT = re.compile(r"[及和与、/]")
_TALLEST = 3  # rows of one header
_NEARLY = 0.6  # of the best score: enough for the table that stands first
_CERTAIN = 0.7  # of the words of a row must be known for it to begin a further table


@dataclass(frozen=True)
class Column:
    """列: where it stands, its heading as written, and the field it means; "" where unknown.

    `fit` says how well: 2 for a known word, 1 for a heading that contains one.
    """

    at: int
    heading: str
    field: str
    fit: int = 0


@dataclass(frozen=True)
class Header:
    """表头: its first and last row counted from 0, its columns, and the first row not below it."""

    top: int
    bottom: int
    columns: tuple[Column, ...]
    end: int

    def column(self, field: str) -> int | None:
        """The first column of a field."""
        return next((one.at for one in self.columns if one.field == field), None)


class Words:
    """The synonyms, folded once: exact ones first, then those contained in a longer heading."""

    def __init__(self, synonyms: Mapping[str, Sequence[str]] = SYNONYMS) -> None:
        self._exact = {
            plain_heading(word): field for field, words in synonyms.items() for word in words
        }
        longer = [word for word in self._exact if len(word) >= _LEAST]
        self._contained = sorted(longer, key=len, reverse=True)
        for field, words in ALONE.items():
            for word in words:
                self._exact.setdefault(plain_heading(word), field)
        self._known: dict[str, tuple[str, int]] = {}

    def knows(self, text: str) -> bool:
        """Is this whole text the name of a field?"""
        return len(text) <= _LONGEST and bool(self._exact.get(plain_heading(text)))

    def field(self, heading: str) -> tuple[str, int]:
        """The field a heading means and how well it fits (2 exact, 1 contained); "" for none."""
        if heading not in self._known:
            field, fit = self._field(plain_heading(heading))
            if field == "units":
                field = _role(heading) or field
            self._known[heading] = field, fit
        return self._known[heading]

    def _field(self, plain: str) -> tuple[str, int]:
        if plain in self._exact:
            return self._exact[plain], 2
        if not plain or len(plain) > _LONGEST:
            return "", 0
        # 整改措施及完成时限: one column for two things is taken for the first of them.
        first = _JOINT.split(plain)[0]
        if first != plain and (found := self._field(first))[0]:
            return found[0], 1
        # The last word names the thing: 问题整改情况 is about 整改情况, not about 问题.
        inside = [
            word for word in self._contained if word in plain and len(plain) <= 2 * len(word) + 4
        ]
        if not inside:
            return "", 0
        best = max(inside, key=lambda word: (len(word), plain.rfind(word)))
        return self._exact[best], 1


def _role(heading: str) -> str:
    """责任单位（牵头）, 责任单位（配合）: the bracket says which units stand there."""
    remark = "".join(re.findall(r"\((.*?)\)", folded(heading)))
    lead, assist = re.search(r"牵头|主责|主办", remark), re.search(r"配合|协办|协助", remark)
    if bool(lead) == bool(assist):
        return ""
    return "lead_units" if lead else "assist_units"


def plain_heading(text: str) -> str:
    """Folded, without spaces, quotation marks and remarks in brackets."""
    plain = "".join(folded(text).casefold().split())
    return _REMARK.sub("", plain) or plain


def headers(sheet: Sheet, words: Words) -> list[Header]:
    """Every header of a sheet, in order: one within the first rows, and those of further tables.

    A sheet may hold several ledgers one below the other, each with a header of its own.
    """
    first = _first(sheet, words)
    if first is None:
        return []
    found = [first]
    for at in range(first.bottom + 1, len(sheet.rows)):
        if at <= found[-1].bottom or not _begins(sheet.rows[at], words):
            continue
        if is_header_again(sheet.rows[at], found[-1], sheet):
            continue
        further = _best(sheet, words, range(at, at + 1))
        if further is not None and _known_share(sheet.rows[at], words) >= _CERTAIN:
            found.append(further)
    ends = [_title_above(sheet, one.top) for one in found[1:]] + [len(sheet.rows)]
    return [replace(one, end=end) for one, end in zip(found, ends, strict=True)]


def _title_above(sheet: Sheet, at: int) -> int:
    """The first of the lines with at most one text that stand right above a further header."""
    while sum(value != "" for value in sheet.rows[at - 1]) <= 1:
        at -= 1
    return at


def header(sheet: Sheet, words: Words) -> Header | None:
    """The first header of a sheet."""
    return next(iter(headers(sheet, words)), None)


def _first(sheet: Sheet, words: Words) -> Header | None:
    """The header within the first rows: the earliest that means nearly as much as the best."""
    rows = range(min(_HEADER_ROWS, len(sheet.rows)))
    alone = [(top, _scored(sheet, words, top, 1)) for top in rows]
    best = max((score for _top, found in alone for score, _header in found), default=0)
    for top, found in alone:
        if found and found[0][0] >= _NEARLY * best:
            near = range(max(0, top - _TALLEST + 1), min(top + 2, len(sheet.rows)))
            return _best(sheet, words, near)
    return _best(sheet, words, rows)


def _best(sheet: Sheet, words: Words, tops: range) -> Header | None:
    """Of the headers that begin in these rows, the one that means most; of equals the taller."""
    best: tuple[int, int, int] = (0, 0, 0)
    chosen: Header | None = None
    for top in tops:
        found = _scored(sheet, words, top)
        # Two rows are one header only where the upper one is a header itself: a title over the
        # whole width is none.
        alone = bool(found) and found[0][1].bottom == top
        for score, one in found:
            rank = (score, (one.bottom - top) * (1 if alone else -1), -top)
            if rank > best:
                best, chosen = rank, one
    return chosen


def _scored(
    sheet: Sheet, words: Words, top: int, tallest: int = _TALLEST
) -> list[tuple[int, Header]]:
    """The headers of one, two and three rows that begin in a row, each with its score."""
    if not any(isinstance(value, str) and value for value in sheet.rows[top]):
        return []
    found = []
    for bottom in range(top, min(top + tallest, len(sheet.rows))):
        headings = _headings(sheet, top, bottom)
        if headings is None:
            break
        columns = _columns(headings, words)
        if score := _score(columns, headings, words):
            found.append((score, Header(top, bottom, columns, len(sheet.rows))))
    return found


def _begins(row: Sequence[Value], words: Words) -> bool:
    """Could a header begin here? Asked of every row, so only its first words are looked at."""
    known = 0
    for value in row:
        if value == "":
            continue
        if not isinstance(value, str) or not words.knows(value):
            return False
        known += 1
        if known == _LEAST:
            return True
    return False


def _known_share(row: Sequence[Value], words: Words) -> float:
    texts = [shown(value) for value in row if value != ""]
    return sum(words.knows(text) for text in texts) / max(1, len(texts))


def is_header_again(row: Sequence[Value], header_: Header, sheet: Sheet) -> bool:
    """Is this a header that a later printed page repeats?"""
    return any(_repeats(row, sheet.rows[at]) for at in {header_.top, header_.bottom})


def _repeats(row: Sequence[Value], line: Sequence[Value]) -> bool:
    same = 0
    for value, above in zip(row, line, strict=True):
        if value == "":
            continue
        if plain_heading(shown(value)) != plain_heading(shown(above)):
            return False
        same += 1
    return same >= _LEAST


def _headings(sheet: Sheet, top: int, bottom: int) -> list[tuple[str, str]] | None:
    """For each column the group it stands under and its own heading; None where it cannot be."""
    if bottom == top:
        return [("", text) for text in _line(sheet, top)]
    above = _headings(sheet, top, bottom - 1)
    if above is None or bottom >= len(sheet.rows):
        return None
    first = _line(sheet, bottom - 1) if bottom - 1 > top else [own for _group, own in above]
    second = _line(sheet, bottom)
    wide = _group_columns(sheet, bottom - 1, first, second)
    if not wide:
        return None
    tall = {
        at
        for merge in sheet.merges
        if merge.top < bottom <= merge.bottom
        for at in range(merge.left, merge.right + 1)
    }
    headings = []
    for at, ((group, own), over, below) in enumerate(zip(above, first, second, strict=True)):
        if at in tall or not below:
            headings.append((group, own))
        elif at in wide:
            headings.append((group if group.endswith(over) else f"{group}{over}", below))
        else:
            return None  # 下一行已有内容：那是数据，不是表头
    return headings


def _line(sheet: Sheet, at: int) -> list[str]:
    """The texts of a row; a group heading stands over every column it is merged over."""
    texts = [" ".join(shown(value).split()) for value in sheet.rows[at]]
    for merge in sheet.merges:
        if merge.top <= at <= merge.bottom and merge.left < len(texts):
            text = " ".join(shown(sheet.rows[merge.top][merge.left]).split())
            for column in range(merge.left, min(merge.right + 1, len(texts))):
                texts[column] = text
    return texts


def _group_columns(sheet: Sheet, top: int, first: list[str], second: list[str]) -> set[int]:
    """Columns under a group heading: merged over several, or with blanks to its right."""
    wide: set[int] = set()
    for merge in sheet.merges:
        if merge.top == merge.bottom == top and merge.right > merge.left:
            columns = range(merge.left, min(merge.right + 1, len(first)))
            if first[merge.left] and any(second[at] for at in columns):
                wide.update(columns)
    merged = {
        at
        for one in sheet.merges
        if one.top <= top <= one.bottom
        for at in range(one.left, one.right + 1)
    }
    for at in range(1, len(first)):
        starts_group = at - 1 in wide or (bool(first[at - 1]) and bool(second[at - 1]))
        if not first[at] and second[at] and starts_group and at not in merged:
            first[at] = first[at - 1]
            wide.update((at - 1, at))
    return wide


def _columns(headings: list[tuple[str, str]], words: Words) -> tuple[Column, ...]:
    columns = []
    for at, (group, own) in enumerate(headings):
        if group and own:
            fits = [words.field(group + own), words.field(own)]
            field, fit = max(fits, key=lambda found: found[1])
            columns.append(Column(at, f"{group}·{own}", field, fit))
        elif group or own:
            columns.append(Column(at, group or own, *words.field(group or own)))
    return tuple(columns)


def _score(columns: tuple[Column, ...], headings: list[tuple[str, str]], words: Words) -> int:
    """How many fields are meant; 0 for what is no ledger header."""
    fields = {column.field for column in columns if column.field}
    if not fields & {"problem", "measures"} or len(fields) < _LEAST:
        return 0
    # A title merged over the whole width names a field once, and a long text is no heading.
    if any(len(own) > 60 for _group, own in headings):
        return 0
    exact = sum(words.field(own)[1] == 2 for own in {own for _group, own in headings})
    return len(fields) * 2 + exact
