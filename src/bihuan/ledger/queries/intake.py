"""What an uploaded workbook would do to the ledger: asked before anything is written."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.text import plain, shorten
from bihuan.exchange.rows import LedgerRead, Row
from bihuan.exchange.units import plain_name
from bihuan.exchange.workbook import read_ledger
from bihuan.files import store
from bihuan.ledger import rules
from bihuan.ledger.models import Finding, Intake
from bihuan.ledger.queries import columns, tables
from bihuan.people import queries as people
from bihuan.people.models import Unit, UnitName

# A column that the 23 do not have, and that gates the warning of a problem that came back.
PLACE_HEADINGS = (
    "地点",
    "位置",
    "点位",
    "问题地点",
    "问题点位",
    "地址",
    "对象",
    "路段",
    "项目名称",
)
_AT_ONCE = 500  # numbers in one IN list: SQLite allows more, PostgreSQL likes fewer


def register() -> dict[str, str]:
    """Every plain name, former name, short name and alias that means exactly one living unit."""
    living = dict(people.units().values_list("pk", "code"))
    names = [(u.name, u.code) for u in Unit.objects.filter(pk__in=living)]
    aliases = UnitName.objects.filter(unit__in=living).values_list("name", "unit__code")
    found: dict[str, set[str]] = {}
    for name, code in [*names, *aliases]:
        found.setdefault(plain_name(name), set()).add(code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def reading(intake: Intake) -> LedgerRead:
    """The workbook as it is understood now: with today's register and with what was answered."""
    known = register()
    known |= {plain_name(name): code for name, code in intake.answers.items() if code}
    when = intake.created_at.date()
    return _read(
        intake.version.digest, intake.version.name, intake.year, when, tuple(sorted(known.items()))
    )


@lru_cache(maxsize=4)
def _read(
    digest: str, name: str, year: int | None, today: date, known: tuple[tuple[str, str], ...]
) -> LedgerRead:
    with store.open_bytes(digest) as stream:
        content = stream.read()
    return read_ledger(content, name=name, register=dict(known), year=year, today=today)


def unmatched(read: LedgerRead, answers: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Unit names that mean none of ours, and names that are close to each; asked, not guessed."""
    found: dict[str, tuple[str, ...]] = {}
    for row in read.rows:
        for unit in (*row.lead_units, *row.assist_units):
            if unit.code is None and unit.name not in answers:
                found.setdefault(unit.name, unit.close)
    return found


@dataclass(frozen=True)
class Line:
    """One row of the workbook and what confirming would do with it.

    `kind` is new, update or same; `changes` what an update changes; `told` what a person should
    know, such as a difference that only an approved act may make.
    """

    row: Row
    kind: str
    finding: Finding | None = None
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    key: str = ""


def lines(read: LedgerRead) -> list[Line]:
    """What confirming would do, row by row; the same file again finds what it made before."""
    keys = list(_keys(read.rows))
    known = _Known(read.rows, keys)
    return [_line(row, key, known) for row, key in zip(read.rows, keys, strict=True)]


def _keys(rows: Iterable[Row]) -> Iterable[str]:
    """One key for each row, from problem and units; the second row of the same kind is another."""
    seen: Counter[str] = Counter()
    for row in rows:
        units = "、".join(unit.name for unit in row.lead_units)
        text = f"{plain(row.problem)}|{plain_name(units)}"
        seen[text] += 1
        counted = f"{text}|{seen[text]}" if seen[text] > 1 else text
        yield hashlib.sha256(counted.encode()).hexdigest()


class _Known:
    """Findings that rows could mean: by our number, by the office's own, by what they say."""

    def __init__(self, rows: Sequence[Row], keys: Sequence[str]) -> None:
        numbers = {row.number for row in rows if row.number}
        self.by_number = self._found("number", numbers)
        self.by_external = self._found("external_number", numbers - set(self.by_number))
        self.by_key = self._found("import_key", set(keys))
        self.sources = {str(r["code"]): str(r["name"]) for r in tables.table("sources")}
        places = {plain(place_of(row)) for row in rows} - {""}
        self.places = Counter(
            place
            for part in _parts(sorted(places))
            for place in Finding.objects.filter(place_key__in=part)
            .exclude(state="void")
            .values_list("place_key", flat=True)
        )

    @staticmethod
    def _found(name: str, values: set[str]) -> dict[str, Finding]:
        found: dict[str, Finding] = {}
        for part in _parts(sorted(values)):
            rows = (
                Finding.objects.filter(**{f"{name}__in": part})
                .exclude(state="void")
                .select_related("lead_unit", "leader__person", "leader__unit")
                .prefetch_related("assist_units", "measures", "progress", "imported")
            )
            for finding in rows.order_by("pk"):
                found.setdefault(getattr(finding, name), finding)
        return found

    def of(self, row: Row, key: str) -> Finding | None:
        for table, value in (
            (self.by_number, row.number),
            (self.by_external, row.number),
            (self.by_key, key),
        ):
            if value and value in table:
                return table[value]
        return None


def _parts(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[i : i + _AT_ONCE] for i in range(0, len(values), _AT_ONCE))


# What an import may change in a finding that stands; the rest is for approved acts.
_TEXTS = ("source_number", "category", "goal", "note")


def _line(row: Row, key: str, known: _Known) -> Line:
    finding = known.of(row, key)
    if finding is None:
        told = []
        place = plain(place_of(row))
        if place and known.places[place]:
            told.append(
                _("同一地点已有 %(n)d 个问题，可能是反复出现。") % {"n": known.places[place]}
            )
        if not _lead(row):
            told.append(_("没有认出牵头单位，先存为草稿，等待交办。"))
        elif due_of(row) is None:
            told.append(_("没有读出时限，先存为草稿，等待交办。"))
        return Line(row, "new", None, {}, tuple(told), key)
    changes, told = _differences(row, finding)
    return Line(row, "update" if changes else "same", finding, changes, tuple(told), key)


def _differences(row: Row, finding: Finding) -> tuple[dict[str, tuple[str, str]], list[str]]:
    changes: dict[str, tuple[str, str]] = {}
    for name in _TEXTS:
        theirs, ours = getattr(row, name), getattr(finding, name)
        if theirs and plain(theirs) != plain(ours):
            changes[name] = (ours, theirs)
    if row.problem and plain(row.problem) != plain(columns.problem(finding)):
        changes["problem"] = (columns.problem(finding), row.problem)
    for name, rows in (
        ("measures", [measure.text for measure in row.measures]),
        ("progress", list(row.progress)),
    ):
        if lacking := lacking_lines(finding, name, rows):
            changes[name] = ("", "；".join(lacking))
    told = []
    day = due_of(row)
    if row.due.kind == "date" and day is not None and finding.due and day != finding.due:
        told.append(
            _("时限与台账的 %(due)s 不同：改时限须申请延期，导入不改。")
            % {"due": clock.in_words(finding.due)}
        )
    lead = _lead(row)
    if lead and finding.lead_unit and lead != finding.lead_unit.code:
        told.append(
            _("牵头单位与台账的“%(unit)s”不同：换单位须移交，导入不改。")
            % {"unit": finding.lead_unit.label()}
        )
    if row.state and row.state not in (finding.state, "finished"):
        told.append(
            _("状态与台账的“%(state)s”不同：销号等须在系统里办理，导入不改。")
            % {"state": _(rules.STATES[finding.state])}
        )
    return changes, told


def lacking_lines(finding: Finding, name: str, wanted: Sequence[str]) -> list[str]:
    """Measures or lines of progress that the workbook has and the finding does not."""
    if name == "measures":
        have = {plain(measure.text) for measure in finding.measures.all()}
    else:
        have = {plain(entry.text) for entry in finding.progress.all()}
        have |= {plain(columns.told(entry)) for entry in finding.progress.all()}
    return [text for text in wanted if plain(text) not in have]


def place_of(row: Row) -> str:
    """The place or object, where the workbook has such a column of its own."""
    for heading in PLACE_HEADINGS:
        if row.extra.get(heading):
            return shorten(" ".join(row.extra[heading].split()), 120)
    return ""


def _lead(row: Row) -> str:
    """The code of the first lead unit that was found in the register."""
    return next((unit.code for unit in row.lead_units if unit.code), "")


def due_of(row: Row) -> date | None:
    """The day by which a row is to be done, as the office's table counts words without a day."""
    if row.due.day is not None:
        return row.due.day
    start = row.assigned_on.day or clock.today()
    kind = row.due.kind if row.due.kind in ("immediate", "standing") else row.rect_kind
    days = {
        "immediate": "immediate_days",
        "standing": "standing_days",
        "long_term": "standing_days",
    }
    if kind in days:
        return start + timedelta(days=tables.limit(days[kind]))
    return row.closed_on.day if row.due.kind == "done" or row.state == "closed" else None
