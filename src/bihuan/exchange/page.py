"""Reads a published page (schema zone-page/1) into plain rows, and names every fault at once.

Only figures and the file's own checks are read. People, statements, stories and by-lines are left
where they are, and so is `derived_base`: a base that somebody computed is not a published figure.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from bihuan.exchange.span import Span, folded, span

SCHEMA = "zone-page/1"

# How a change is worded in the file, and the only unit that fits: % is not 百分点.
CHANGE_UNITS = {
    "growth_yoy": "%",
    "pp_change": "百分点",
    "rank_change": "位",
    "qualitative_up": "",
    "qualitative_down": "",
}
DATE, TIME = "date", "time"

# A page of figures has some ten kilobytes; what is larger than this is another kind of file.
MOST_BYTES = 5 * 2**20
MOST_FACTS = 5_000
_LONGEST = {"indicator_zh": 200, "indicator_en": 300, "scope": 200, "unit": 20, "subject": 120}
_LONGEST_TEXT = 4000
_LONGEST_WORDING = 100  # of a change or a day, as the quote words it
# SQLite keeps fifteen digits exactly, and no published figure has more.
_MOST_DIGITS, _MOST_PLACES = 15, 8

_AT_LEAST = re.compile(r"\d\s*(?:余|多)|以上|逾|超过|不少于|不低于")
_FORMER_RANK = re.compile(r"[由从]第?(\d+)[位名]")
_CLOCK = re.compile(
    r"(?:凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜间)?\d{1,2}[时点](?:\d{1,2}分|半)?"
)
_DAY = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日")
_TREND = re.compile(
    r"(?:较[^,，;；。]{1,12}?|比[^,，;；。]{1,12}?|同比)?(?:也|均|都|有所|有){0,4}"
    r"(?:明显|稳步|显著|大幅|逐步)?(?:上升|下降|提高|提升|降低|增长|减少)"
)
_GROUP = re.compile(r"^([^(]+?)\s*(?:\((.*)\))?$")
# A figure of a host city or another whole, told beside a check: in English or in Chinese.
_PUBLIC = (
    re.compile(
        r"(?P<subject>[A-Z][\w'’ -]*?) (?P<year>\d{4}) (?P<indicator>\D+?) "
        r"(?P<value>\d[\d,.]*\d|\d) ?(?P<unit>[^\s\d(]+) ?\((?P<source>.*)\)"
    ),
    re.compile(
        r"(?P<subject>\D+?)(?P<year>\d{4})年(?P<indicator>\D+?)"
        r"(?P<value>\d[\d,.]*\d|\d)(?P<unit>[^\s\d(]+)\((?P<source>.*)\)"
    ),
)
_PUBLIC_FIELDS = (("subject", "subject"), ("indicator", "indicator_zh"), ("unit", "unit"))
_VERIFY = re.compile(r"\bverify\b|待核实|需核实")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a file: a code, where it is, and what was found."""

    code: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class Fact:
    """One published figure, date or statement, with the words it stands in."""

    id: str
    subject: str
    indicator: str
    indicator_en: str
    group: str
    value: Decimal | None
    text: str
    measure: str
    period: Span
    base_period: Span | None
    change: Decimal | None
    change_unit: str
    change_kind: str
    change_text: str
    scope: str
    approximate: bool
    lower_bound: bool
    to_verify: bool
    year_inferred: bool
    note: str
    quote: str
    source: str


@dataclass(frozen=True)
class Check:
    """A check that the makers of the file did themselves, kept as text."""

    id: str
    severity: str
    facts: tuple[str, ...]
    title: str
    working: str
    reading: str
    public_fact: str

    def __str__(self) -> str:
        parts = (self.title, self.working, self.public_fact, self.reading)
        return f"{self.id} [{self.severity}] " + " | ".join(part for part in parts if part)


@dataclass(frozen=True)
class Parsed:
    """What a file says, and what is wrong with it; with faults nothing of it may be stored."""

    digest: str
    title: str
    year_inferred: int | None
    facts: tuple[Fact, ...]
    checks: tuple[Check, ...]
    faults: tuple[Fault, ...]


def read(content: bytes) -> Parsed:
    """The whole file, or every fault in it."""
    digest = hashlib.sha256(content).hexdigest()
    if len(content) > MOST_BYTES:
        fault = Fault("too_big", {"most": str(MOST_BYTES // 2**20)})
        return Parsed(digest, "", None, (), (), (fault,))
    tree, faults = _tree(content)
    if faults:
        return Parsed(digest, "", None, (), (), tuple(faults))
    reader = _Reader()
    title, year = reader.source(tree.get("source"))
    facts = reader.facts(tree.get("facts"), year)
    checks = reader.checks(tree.get("checks"))
    extra = [*filter(None, map(_former_rank, facts)), *filter(None, map(_public, checks))]
    return Parsed(digest, title, year, (*facts, *extra), checks, tuple(reader.faults))


def _tree(content: bytes) -> tuple[dict[str, Any], list[Fault]]:
    """The JSON object, or why it cannot be read as one of our schema."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        if fault.reason != "unexpected end of data":
            return {}, [Fault("encoding", {"byte": str(fault.start + 1)})]
        text = content[: fault.start].decode("utf-8-sig")  # cut off within a sign: told below
    doubled: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _value in pairs]
        doubled.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return dict(pairs)

    try:
        # Decimals keep the digits as printed: 17.50 is not 17.5. NaN and the like stay words and
        # are refused as such further down.
        tree = json.loads(
            text,
            parse_float=_decimal,
            parse_int=_decimal,
            parse_constant=str,
            object_pairs_hook=once,
        )
    except json.JSONDecodeError as fault:
        return {}, [Fault("json", {"line": str(fault.lineno), "column": str(fault.colno)})]
    except RecursionError:
        return {}, [Fault("nested", {})]
    if not isinstance(tree, dict) or tree.get("schema") != SCHEMA:
        found = tree.get("schema") if isinstance(tree, dict) else None
        return {}, [Fault("schema", {"wanted": SCHEMA, "found": _shown(found)})]
    return tree, [Fault("doubled_key", {"key": _shown(key)}) for key in doubled]


def _decimal(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def places(value: Decimal) -> int:
    """Decimal places as printed: 2 for 17.50."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def storable(value: Decimal) -> bool:
    """Can both databases keep this number exactly? No arithmetic: 1E+999999999 would overflow."""
    return (
        value.adjusted() < _MOST_DIGITS
        and places(value) <= _MOST_PLACES
        and len(value.as_tuple().digits) <= _MOST_DIGITS
    )


def _shown(value: Any) -> str:
    """What was found, short enough for a sentence."""
    text = "null" if value is None else str(value)
    text = "".join(sign if sign.isprintable() else "�" for sign in text[:41])
    return text if len(text) <= 40 else text[:39] + "…"


class _Reader:
    """Reads field by field and remembers every fault instead of stopping at the first."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.ids: set[str] = set()

    def _fault(self, code: str, where: str, field: str = "", found: Any = "", **more: str) -> None:
        params = {"id": where, "field": field, "found": _shown(found), **more}
        self.faults.append(Fault(code, params))

    def _text(
        self, row: Any, field: str, where: str, *, must: bool = False, lines: bool = False
    ) -> str:
        """A text field: folded to one line unless `lines`, within its length, storable."""
        value = row.get(field)
        if value is None:
            if must:
                self._fault("missing", where, field)
            return ""
        if not isinstance(value, str):
            self._fault("not_text", where, field, value)
            return ""
        if any((ord(c) < 32 and c not in "\n\t\r") or 0xD800 <= ord(c) <= 0xDFFF for c in value):
            self._fault("odd_signs", where, field)
            return ""
        most = _LONGEST.get(field, _LONGEST_TEXT)
        text: str = value.strip() if lines else " ".join(value.split())
        if len(text) > most:
            self._fault("too_long", where, field, most=str(most))
            return ""
        if must and not text:
            self._fault("missing", where, field)
        return text

    def _number(self, row: Any, field: str, where: str) -> Decimal | None:
        value = row.get(field)
        if value is None:
            return None
        if not isinstance(value, Decimal) or not value.is_finite():
            self._fault("not_number", where, field, value)
            return None
        if not storable(value):
            self._fault("number_too_long", where, field, value)
            return None
        return value if places(value) else value.quantize(Decimal(1))

    def _flag(self, row: Any, field: str, where: str) -> bool:
        value = row.get(field)
        if value is not None and not isinstance(value, bool):
            self._fault("not_flag", where, field, value)
        return value is True

    def _span(self, row: Any, field: str, where: str, *, must: bool = False) -> Span | None:
        written = self._text(row, field, where, must=must)
        found = span(written) if written else None
        if written and found is None:
            self._fault("period", where, field, written)
        return found

    def source(self, row: Any) -> tuple[str, int | None]:
        """Title and inferred year of the publication; both may be unknown."""
        if not isinstance(row, dict):
            self._fault("not_object", "source")
            return "", None
        year = self._number(row, "year_inferred", "source")
        if year is not None and not (year == int(year) and 1900 <= year <= 2100):
            self._fault("not_year", "source", "year_inferred", year)
            year = None
        title = self._text(row, "newspaper_title", "source")
        return title, int(year) if year is not None else None

    def facts(self, rows: Any, year: int | None) -> tuple[Fact, ...]:
        if not isinstance(rows, list):
            self._fault("no_list", "facts")
            return ()
        if not rows:
            self._fault("no_facts", "facts")
        if len(rows) > MOST_FACTS:
            self._fault("too_many", "facts", found=str(len(rows)), most=str(MOST_FACTS))
            return ()
        found: list[Fact] = []
        for number, row in enumerate(rows, start=1):
            place = f"facts[{number}]"
            if not isinstance(row, dict):
                self._fault("not_object", place)
                continue
            where = self._text(row, "id", place, must=True) or place
            if where in self.ids:
                self._fault("doubled_id", where)
            self.ids.add(where)
            fact = self._fact(row, where, year)
            if fact is not None:
                found.append(fact)
        return tuple(found)

    def _fact(self, row: dict[str, Any], where: str, year: int | None) -> Fact | None:
        """One fact; None where its period cannot be read, since nothing can be made of it."""
        for field in ("value", "unit"):
            if field not in row:
                self._fault("missing", where, field)
        value = self._number(row, "value", where)
        measure = self._text(row, "unit", where)
        period = self._span(row, "period", where, must=True)
        quote = self._quote(row, where)
        kind = self._change_kind(row, where)
        group = _GROUP.match(folded(self._text(row, "assessment_group_2016", where)))
        approximate = self._flag(row, "approximate", where)
        fact = Fact(
            id=where,
            subject=self._text(row, "subject", where, must=True),
            indicator=self._text(row, "indicator_zh", where, must=True),
            indicator_en=self._text(row, "indicator_en", where),
            group=group[1] if group else "",
            value=value,
            text="",
            measure=measure,
            period=period or _NO_SPAN,
            base_period=self._span(row, "base_period", where),
            change=self._number(row, "change", where),
            change_unit=self._text(row, "change_unit", where),
            change_kind=kind,
            change_text=_trend(quote) if kind.startswith("qualitative") else "",
            scope=self._text(row, "scope", where),
            approximate=approximate,
            lower_bound=approximate and bool(_AT_LEAST.search(quote)),
            to_verify=False,
            year_inferred=_inferred(period, quote, year),
            note=self._text(row, "note", where, lines=True),
            quote=quote,
            source="",
        )
        self._fits(row, fact)
        return replace(fact, text=_wording(fact)) if period else None

    def _quote(self, row: dict[str, Any], where: str) -> str:
        source = row.get("source")
        if not isinstance(source, dict):
            self._fault("missing", where, "quote")
            return ""
        return self._text(source, "quote", where, must=True)

    def _change_kind(self, row: dict[str, Any], where: str) -> str:
        kind = self._text(row, "change_kind", where)
        if kind and kind not in CHANGE_UNITS:
            self._fault("change_kind", where, "change_kind", kind, known="、".join(CHANGE_UNITS))
            return ""
        return kind

    def _fits(self, row: dict[str, Any], fact: Fact) -> None:
        """Do the fields of one fact go together?"""
        dated = fact.measure in (DATE, TIME)
        if row.get("value") is None and not dated and not fact.change_kind.startswith("qual"):
            self._fault("no_value", fact.id, "value")
        if fact.value is not None and dated:
            self._fault("dated_value", fact.id, "value", fact.value)
        if fact.value is not None and not fact.measure and isinstance(row.get("unit"), None | str):
            self._fault("no_unit", fact.id, "unit")
        wanted = CHANGE_UNITS.get(fact.change_kind)
        if row.get("change") is not None and wanted is None:
            self._fault("no_change_kind", fact.id, "change_kind")
        if wanted is not None and fact.change_unit != wanted:
            self._fault("change_unit", fact.id, "change_unit", fact.change_unit, wanted=wanted)
        if wanted and row.get("change") is None:
            self._fault("missing", fact.id, "change")
        if row.get("change") is not None and not row.get("base_period"):
            self._fault("missing", fact.id, "base_period")

    def checks(self, rows: Any) -> tuple[Check, ...]:
        if rows is None:
            return ()
        if not isinstance(rows, list):
            self._fault("no_list", "checks")
            return ()
        found = []
        for number, row in enumerate(rows, start=1):
            place = f"checks[{number}]"
            if not isinstance(row, dict):
                self._fault("not_object", place)
                continue
            where = self._text(row, "id", place, must=True) or place
            texts = {
                name: self._text(row, name, where)
                for name in ("severity", "title", "working", "reading", "public_fact")
            }
            about = row.get("facts")
            if not isinstance(about, list) or not all(isinstance(one, str) for one in about):
                self._fault("not_list", where, "facts")
                about = []
            for one in about:
                if self.ids and one not in self.ids:
                    self._fault("unknown_fact", where, "facts", one)
            found.append(Check(id=where, facts=tuple(about), **texts))
        return tuple(found)


_NO_SPAN = Span("", "", "", None, None)


def _trend(quote: str) -> str:
    """The words of a change that has no number: 较2019年末有明显上升."""
    found = _TREND.search(quote)
    return found[0].lstrip("也")[:_LONGEST_WORDING] if found else ""


def _inferred(period: Span | None, quote: str, year: int | None) -> bool:
    """Is the year of this date a conclusion of the file's makers, not printed in the quote?"""
    if period is None or period.starts is None or year is None:
        return False
    dated = period.kind in ("day", "moment", "event") and period.starts.year == year
    return dated and str(year) not in quote


def _wording(fact: Fact) -> str:
    """What stands in place of a number: the day, the hour or the trend as the quote words it."""
    if fact.value is not None:
        return ""
    if fact.measure == TIME:
        found = _CLOCK.search(fact.quote)
    elif fact.measure == DATE:
        found = _DAY.search(fact.quote)
    else:
        return fact.change_text or fact.quote[:_LONGEST_WORDING]
    return found[0] if found else fact.period.label


def _former_rank(fact: Fact) -> Fact | None:
    """The rank before, where the quote itself states it (由第26位跃升至22位); never computed."""
    found = _FORMER_RANK.search(fact.quote)
    if fact.change_kind != "rank_change" or fact.base_period is None or found is None:
        return None
    former = Decimal(found[1])
    if former == fact.value or not storable(former):
        return None
    return replace(
        fact,
        id=f"{fact.id}·base",
        value=former,
        period=fact.base_period,
        base_period=None,
        change=None,
        change_unit="",
        change_kind="",
        note="",
    )


def _public(check: Check) -> Fact | None:
    """A figure told beside a check: 郑州市2020年地区生产总值12003亿元（市政府工作报告）."""
    text = folded(check.public_fact)
    found = next((hit for pattern in _PUBLIC if (hit := pattern.fullmatch(text))), None)
    value = _decimal(found["value"].replace(",", "")) if found else ""
    period = span(found["year"]) if found else None
    if found is None or period is None or not isinstance(value, Decimal) or not storable(value):
        return None
    if any(len(found[name].strip()) > _LONGEST[field] for name, field in _PUBLIC_FIELDS):
        return None  # a paragraph that happens to hold a number, not the telling of a figure
    return Fact(
        id=f"{check.id}·public",
        subject=found["subject"].strip(),
        indicator=found["indicator"].strip(),
        indicator_en="",
        group="",
        value=value,
        text="",
        measure=found["unit"].strip(),
        period=period,
        base_period=None,
        change=None,
        change_unit="",
        change_kind="",
        change_text="",
        scope="",
        approximate=False,
        lower_bound=False,
        to_verify=bool(_VERIFY.search(found["source"])),
        year_inferred=False,
        note="",
        quote=text[: found.start("source") - 1].strip(),
        source=found["source"][:300],
    )
