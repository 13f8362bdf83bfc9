"""A block of figures as it stands in a spreadsheet: its headings understood, its cells read.

Plain Python. Nothing is guessed: what cannot be read is a fault of its row, and all faults of a
block are told at once. Which indicator a name means is not known here.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bihuan.base.text import plain, shorten
from bihuan.exchange.sheet import Line
from bihuan.exchange.span import folded
from bihuan.facts.terms import CHANGE_KINDS, CHANGE_UNITS, Terms

MOST_ROWS = 2000

# The columns and the headings an office writes over them; the first is the one we write ourselves.
HEADINGS: dict[str, tuple[str, ...]] = {
    "indicator": ("指标", "指标名称", "项目", "名称", "indicator", "name"),
    "code": ("指标代码", "代码", "code"),
    "unit": ("填报单位", "单位名称", "地区", "unit", "reporting unit"),
    "period": ("时期", "评价期", "期间", "年份", "年度", "period", "year"),
    "scope": ("口径", "统计口径", "scope"),
    "value": ("数值", "数", "值", "指标值", "本期", "本期数", "本年", "实际", "value"),
    "text": ("文字", "定性", "text"),
    "measure": ("计量单位", "unit of measure", "measure"),
    "change": ("变动", "变化", "change"),
    "growth_yoy": ("同比增长", "同比", "增速", "增长", "同比增速", "增幅", "growth"),
    "pp_change": ("百分点变动", "变动百分点", "增减百分点", "占比变动"),
    "rank_change": ("位次变动", "名次变动"),
    "change_kind": ("变动类型", "kind of change"),
    "base_period": ("基期", "base period", "base"),
    "quote": ("原文", "原话", "quote"),
    "source": ("来源", "资料来源", "数据来源", "source"),
    "note": ("备注", "说明", "注", "note"),
    "approximate": ("约数", "approximate"),
    "lower_bound": ("下限", "lower bound"),
    "to_verify": ("待核实", "to be verified"),
}
# What an export writes besides, and what an office numbers its rows with: passed over in silence.
PASSED = ("序号", "编号", "no.", "版本", "货币", "类型", "截止时间", "修订原因", "批次", "登记时间")

_NOTHING = frozenset({"", "-", "—", "–", "/", "\\", "…", "无", "n/a", "na"})
_YES = frozenset({"是", "√", "✓", "1", "y", "yes", "true", "对"})
_NO = frozenset({"否", "×", "0", "n", "no", "false"}) | _NOTHING
_VALUE = re.compile(
    r"(?P<about>约|大约|近|约为)?\s*(?P<sign>[+\-−]?)\s*(?P<whole>\d{1,3}(?:,\d{3})+|\d+)"
    r"(?P<rest>\.\d+)?\s*(?P<more>余|多)?\s*(?P<unit>\D*?)(?P<above>以上)?"
)
_CHANGE = re.compile(
    r"(?P<way>增长|上升|提高|提升|前移|跃升|下降|降低|减少|后移)?\s*(?P<sign>[+\-−]?)\s*"
    r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>%|个?百分点|个?位次?|名)?"
)
_UNITS = {"%": "growth_yoy", "百分点": "pp_change", "位": "rank_change", "名": "rank_change"}
_DOWN = frozenset({"下降", "降低", "减少", "后移"})
_UP_WORDS, _DOWN_WORDS = ("上升", "增长", "提高", "提升", "增加"), ("下降", "降低", "减少", "下滑")
_BRACKETS = re.compile(r"\((.*?)\)")


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row: the code of a sentence of `intake`, and what goes into it."""

    row: int
    name: str
    code: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """One row as it was written: names still names, numbers read; empty where nothing stands.

    `as_written` is the row itself, which stands in for a quote where the office gives none. `told`
    are the fields that the block has at all: where it has no column for a field, it is silent on
    it, and an empty cell says that there is nothing.
    """

    row: int
    indicator: str = ""
    code: str = ""
    unit: str = ""
    period: str = ""
    scope: str = ""
    value: Decimal | None = None
    text: str = ""
    measure: str = ""
    change: Decimal | None = None
    change_kind: str = ""
    change_text: str = ""
    base_period: str = ""
    quote: str = ""
    as_written: str = ""
    source: str = ""
    note: str = ""
    approximate: bool = False
    lower_bound: bool = False
    to_verify: bool = False
    told: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Block:
    """What was read of a block; `empty` are the names of indicators with nothing beside them."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    empty: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """What the reader's own language adds: headings of an export, labels of kinds of change."""

    headings: Mapping[str, str]  # written over a column → the field
    kinds: Mapping[str, str]  # a kind of change in words → its code


def read(lines: Sequence[Line], terms: Terms, words: Words = Words({}, {})) -> Block:
    """Every entry and every fault of a pasted block."""
    if not lines:
        return Block((), (Fault(0, "", "block_empty", {}),))
    if len(lines) > MOST_ROWS:
        return Block((), (Fault(0, "", "block_long", {"most": str(MOST_ROWS)}),))
    head, *rows = lines
    columns, faults = _columns(head, rows, terms, words)
    if faults:
        return Block((), tuple(faults))
    reader = _Reader(columns, terms, words)
    entries = [entry for line in rows if (entry := reader.entry(line)) is not None]
    if not entries and not reader.faults:
        reader.faults.append(Fault(0, "", "block_empty", {}))
    return Block(tuple(entries), tuple(reader.faults), tuple(reader.empty))


def headings(words: Words = Words({}, {})) -> dict[str, str]:
    """Every heading that is understood, folded → its field; "" for those passed over."""
    known = {plain(word): field for field, listed in HEADINGS.items() for word in listed}
    passed = {plain(word): "" for word in PASSED}
    return passed | {plain(word): field for word, field in words.headings.items()} | known


def _columns(
    head: Line, rows: Sequence[Line], terms: Terms, words: Words
) -> tuple[dict[int, str], list[Fault]]:
    """Which column is which field. A heading with its unit in brackets (增速(%)) is understood."""
    known = headings(words)
    found: dict[int, str] = {}
    faults: list[Fault] = []
    for at, heading in enumerate(head.cells):
        if not heading:
            if any(len(line.cells) > at and line.cells[at] for line in rows):
                params = {"column": str(at + 1)}
                faults.append(Fault(head.number, "", "block_no_heading", params))
            continue
        field = known.get(plain(heading), known.get(plain(_BRACKETS.sub("", folded(heading)))))
        if field is None and plain(heading) == "单位":
            field = _unit_or_measure(at, rows, terms)
        if field is None:
            params = {"found": shorten(heading, 40), "known": "、".join(_WRITTEN)}
            faults.append(Fault(head.number, "", "block_heading", params))
        elif field and field in found.values():
            params = {"found": shorten(heading, 40)}
            faults.append(Fault(head.number, "", "block_heading_twice", params))
        elif field:
            found[at] = field
    if not faults and not {"indicator", "code"} & set(found.values()):
        faults.append(Fault(head.number, "", "block_no_indicator", {}))
    return found, faults


_WRITTEN = tuple(
    HEADINGS[field][0]
    for field in ("indicator", "value", "measure", "scope", "change", "period", "quote", "source")
)


def _unit_or_measure(at: int, rows: Iterable[Line], terms: Terms) -> str:
    """单位 over a column: of measure where all its cells are, else the unit that reports."""
    cells = {folded(line.cells[at]) for line in rows if len(line.cells) > at and line.cells[at]}
    return "measure" if cells and cells <= set(terms.measures) else "unit"


class _Reader:
    """Reads row by row and remembers every fault."""

    def __init__(self, columns: Mapping[int, str], terms: Terms, words: Words) -> None:
        self.columns, self.terms = columns, terms
        kinds = {plain(label): code for code, label in CHANGE_KINDS.items()}
        kinds |= {plain(code): code for code in CHANGE_KINDS}
        # A change is one thing, in whichever of its columns it stands.
        changes = {"change"} if set(_CHANGES) & set(columns.values()) else set()
        self.told = frozenset(columns.values()) | changes
        self.kinds = kinds | {plain(label): code for label, code in words.kinds.items()}
        self.faults: list[Fault] = []
        self.empty: list[str] = []
        self.row, self.name = 0, ""

    def entry(self, line: Line) -> Entry | None:
        """One row; None where it says nothing but a name."""
        cells = {
            field: line.cells[at] if at < len(line.cells) else ""
            for at, field in self.columns.items()
        }
        self.row = line.number
        self.name = cells.get("indicator") or cells.get("code", "")
        said = [field for field in _SAYING if plain(cells.get(field, "")) not in _NOTHING]
        if not self.name:
            self._fault("block_no_name")
            return None
        if not said:
            self.empty.append(self.name)
            return None
        value, measure, about, bound = self._value(cells.get("value", ""))
        measure = self._measure(cells.get("measure", ""), measure)
        change, kind, words = self._change(cells)
        return Entry(
            row=line.number,
            value=value,
            measure=measure,
            change=change,
            change_kind=kind,
            change_text=words,
            text=self._text(cells, value, words),
            approximate=self._flag(cells, "approximate") or about or bound,
            lower_bound=self._flag(cells, "lower_bound") or bound,
            to_verify=self._flag(cells, "to_verify"),
            as_written=_as_written(line, self.columns),
            told=self.told,
            **{name: cells.get(name, "") for name in _NAMES},
        )

    def _fault(self, code: str, field: str = "", found: str = "", **more: str) -> None:
        params = {"field": field, "found": shorten(found, 40), **more}
        self.faults.append(Fault(self.row, self.name, code, params))

    def _text(self, cells: Mapping[str, str], value: Decimal | None, words: str) -> str:
        text = cells.get("text", "")
        if value is not None:
            if text:
                self._fault("block_both", found=text)
            return ""
        return text or words

    def _value(self, cell: str) -> tuple[Decimal | None, str, bool, bool]:
        """The number, the unit written behind it, and whether it is about or at least that."""
        text = folded(cell)
        if plain(text) in _NOTHING:
            return None, "", False, False
        hit = _VALUE.fullmatch(text)
        if hit is None:
            self._fault("not_number", "value", cell)
            return None, "", False, False
        digits = hit["whole"].replace(",", "") + (hit["rest"] or "")
        number = Decimal(f"{'-' if hit['sign'] in ('-', '−') else ''}{digits}")
        bound = bool(hit["more"] or hit["above"])
        return number, hit["unit"].strip(), bool(hit["about"]), bound

    def _measure(self, told: str, beside: str) -> str:
        told = folded(told)
        if told and beside and told != beside:
            self._fault("block_two_measures", found=beside, other=shorten(told, 20))
        return told or beside

    def _change(self, cells: Mapping[str, str]) -> tuple[Decimal | None, str, str]:
        """The number of a change with its kind; or a change told in words only."""
        own = [name for name in _CHANGES if plain(cells.get(name, "")) not in _NOTHING]
        if len(own) > 1:
            self._fault("block_two_changes", found="、".join(cells[name] for name in own))
        told = self._kind(cells.get("change_kind", ""))
        if not own:
            return None, told if told.startswith("qualitative") else "", ""
        name = own[0]
        cell, kind = cells[name], "" if name == "change" else name
        text = folded(cell)
        if told.startswith("qualitative"):
            return None, told, cell[:100]
        hit = _CHANGE.fullmatch(text)
        if hit is None:
            return self._in_words(cell, text, name)
        by_unit = _UNITS.get((hit["unit"] or "").removeprefix("个").removesuffix("次"), "")
        named = [one for one in (told, kind, by_unit) if one]
        if len(set(named)) > 1:
            wanted = CHANGE_UNITS.get(named[0], "")
            self._fault("change_unit", "change_unit", hit["unit"] or "", wanted=wanted)
        kind = named[0] if named else ""
        number = Decimal(hit["number"])
        down = hit["way"] in _DOWN or hit["sign"] in ("-", "−")
        if kind == "rank_change" and hit["way"]:
            down = not down  # 上升 4 位 is a smaller number
        return (-number if down else number), kind, ""

    def _in_words(self, cell: str, text: str, name: str) -> tuple[None, str, str]:
        up = any(word in text for word in _UP_WORDS)
        down = any(word in text for word in _DOWN_WORDS)
        if up == down or any(sign.isdigit() for sign in text):
            self._fault("block_change", "change", cell)
            return None, "", ""
        return None, "qualitative_up" if up else "qualitative_down", cell[:100]

    def _kind(self, cell: str) -> str:
        if plain(cell) in _NOTHING:
            return ""
        kind = self.kinds.get(plain(cell), "")
        if not kind:
            self._fault("change_kind", "change_kind", cell, known="、".join(CHANGE_KINDS.values()))
        return kind

    def _flag(self, cells: Mapping[str, str], name: str) -> bool:
        word = plain(cells.get(name, ""))
        if word not in _YES | _NO:
            self._fault("block_flag", name, cells[name])
        return word in _YES


_CHANGES = ("change", "growth_yoy", "pp_change", "rank_change")
_SAYING = ("value", "text", *_CHANGES)
_NAMES = ("indicator", "code", "unit", "period", "scope", "base_period", "quote", "source", "note")


def _as_written(line: Line, columns: Mapping[int, str]) -> str:
    """The row itself in place of a quote: the words the figure stands in, where it was typed."""
    skipped = ("source", "note", "code", "unit", "approximate", "lower_bound", "to_verify")
    cells = (
        cell for at, cell in enumerate(line.cells) if cell and columns.get(at, "no") not in skipped
    )
    return " ".join(cells)
