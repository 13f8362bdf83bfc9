"""What confirming a workbook would do to the ledger, row by row; asked before anything is written.

A row finds the finding it means: by our number, by the office's own number with a similar text, or
by problem and unit. What only an approved act may change (deadline, unit, state) is told, not done.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeVar

from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.text import plain, shorten, zh
from bihuan.exchange.words import join_items, plain_name
from bihuan.exchange.workbook import LedgerRead, Row
from bihuan.ledger import rules
from bihuan.ledger.models import Finding, Measure, Progress
from bihuan.ledger.queries import columns, tables
from bihuan.ledger.queries.recurring import Past
from bihuan.ledger.rules import honest
from bihuan.people.models import Unit

T = TypeVar("T")
_AT_ONCE = 500  # values in one IN list: SQLite allows more, PostgreSQL likes fewer
# Two texts less alike than this under one number are two problems: 编号 1 is in every workbook.
_SAME_NUMBER = 0.5

# What an import may change in a finding that stands, and how long it may be.
TEXTS = {"source_number": 80, "category": 60, "goal": None, "note": None}
_CLOSED = zh("台账里已销号，导入不改。若是新发生的问题，请另行提出。")
_CUT = "此处截断）"  # how an exported text ends that was too long for a cell


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the workbook and what confirming would do with it.

    `kind` is new, update or same; `due` and `state` are what the row says of itself, by the
    office's table of limits. `changes` what an update changes, `adds` the measures and lines
    of progress among it; `told` what a person should know, such as a difference that only an
    approved act may make. `completes` says that a draft now has all that it lacked.
    """

    row: Row
    kind: str
    key: str
    due: date | None
    state: str
    finding: Finding | None = None
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    adds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    completes: bool = False


def lines(read: LedgerRead) -> list[Line]:
    """What confirming would do; the same file again finds what it made before."""
    keys = list(_keys(read.rows))
    known = _Known(read.rows, keys)
    meant = [known.of(row, key) for row, key in zip(read.rows, keys, strict=True)]
    past = Past([row for row, found in zip(read.rows, meant, strict=True) if not found.finding])
    limits = {name: tables.limit(name) for name in ("immediate_days", "standing_days")}
    found = []
    for row, key, one in zip(read.rows, keys, meant, strict=True):
        due = _due(row, limits)
        begun = Line(row, "new", key[0], due, _state(row, due), one.finding, {}, one.told)
        found.append(_compared(begun, past, known.lists))
    return found


def _keys(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Two keys for each row, from the problem and its units: by their codes, and as written.

    The second finds what was imported before the register knew the name. Of several rows that say
    the same, each has a key of its own.
    """
    seen: Counter[str] = Counter()
    for row in rows:
        text = plain(row.problem or "；".join(measure.text for measure in row.measures))
        codes = "、".join(unit.code or plain_name(unit.name) for unit in row.lead_units)
        names = "、".join(plain_name(unit.name) for unit in row.lead_units)
        first = f"{text}|{codes}"
        seen[first] += 1
        again = f"|{seen[first]}" if seen[first] > 1 else ""
        yield _hashed(first + again), _hashed(f"{text}|{names}{again}")


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Meant:
    """The finding that a row means, if any, and what to say about those it does not mean."""

    finding: Finding | None
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Lists:
    """What a finding's lists hold: its measures, and its progress as told and as written."""

    measures: list[str] = field(default_factory=list)
    progress: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


class _Known:
    """Findings that rows could mean: by our number, by the office's own, by what they say."""

    def __init__(self, rows: Sequence[Row], keys: Sequence[tuple[str, str]]) -> None:
        numbers = {row.number for row in rows if row.number}
        self._numbered: dict[str, list[Finding]] = {}
        for name in ("number", "external_number"):
            for number, findings in _found(name, numbers).items():
                self._numbered.setdefault(number, []).extend(findings)
        # What a number has found need not be looked for by its words.
        pairs = zip(rows, keys, strict=True)
        left = {one for row, pair in pairs if row.number not in self._numbered for one in pair}
        self._keyed = _found("import_key", left)
        everyone = (*self._numbered.values(), *self._keyed.values())
        self.lists = _lists({one.pk for findings in everyone for one in findings})
        self._taken: set[int] = set()

    def of(self, row: Row, keys: tuple[str, str]) -> _Meant:
        """Each finding is meant by one row at most: the first that fits."""
        told: list[str] = []
        for finding in self._free(self._numbered.get(row.number, [])):
            if not row.problem or _same_words(row, finding):
                return self._take(finding, told)
        others = self._numbered.get(row.number, [])
        keyed = self._free([one for key in keys for one in self._keyed.get(key, [])])
        for finding in keyed:
            if finding.state != "closed" or _closed_before(row, finding):
                return self._take(finding, told)
        if others:
            told.append(
                _("编号“%(number)s”在台账里是另一个问题（%(other)s），按新问题导入。")
                % {"number": row.number, "other": others[0].number}
            )
        return _Meant(None, tuple(told))

    def _free(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those that no row has taken yet: open ones first, the newest first."""
        free = {one.pk: one for one in findings if one.pk not in self._taken}
        return sorted(free.values(), key=lambda one: (one.state == "closed", -one.pk))

    def _take(self, finding: Finding, told: list[str]) -> _Meant:
        self._taken.add(finding.pk)
        return _Meant(finding, tuple(told))


def _found(name: str, values: set[str]) -> dict[str, list[Finding]]:
    """Findings by the value of one field, the newest first."""
    there = Finding.objects.exclude(state="void").exclude(**{name: ""})
    if len(values) > _AT_ONCE:
        # Going through one column of the whole ledger is quicker than asking for each value.
        keys = [pk for pk, value in there.values_list("pk", name).iterator() if value in values]
        about = "pk__in", sorted(keys)
    else:
        about = f"{name}__in", sorted(values)
    units = {unit.pk: unit for unit in Unit.objects.all()}
    found: dict[str, list[Finding]] = {}
    for part in _parts(about[1]):
        for finding in there.filter(**{about[0]: part}):
            if finding.lead_unit_id is not None:
                finding.lead_unit = units[finding.lead_unit_id]
            found.setdefault(getattr(finding, name), []).append(finding)
    return found


def _lists(keys: set[int]) -> dict[int, _Lists]:
    """Measures and progress of many findings, as texts: rows of their own would cost ten times."""
    found = {key: _Lists() for key in keys}
    for part in _parts(sorted(keys)):
        measures = Measure.objects.filter(finding__in=part).order_by("pk")
        for key, text in measures.values_list("finding_id", "text"):
            found[key].measures.append(text)
        entries = Progress.objects.filter(finding__in=part).order_by("pk")
        for key, text, by, at in entries.values_list("finding_id", "text", "by_id", "created_at"):
            found[key].progress.append(columns.dated(text, at if by is not None else None))
            found[key].written.append(text)
    return found


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[at : at + _AT_ONCE] for at in range(0, len(values), _AT_ONCE))


def _same_words(row: Row, finding: Finding) -> bool:
    """Is it the same problem in about the same words?"""
    ours = columns.problem(finding)
    if _says(row, "problem", row.problem, ours):
        return True
    return honest.likeness(honest.grams(row.problem), honest.grams(ours)) >= _SAME_NUMBER


def _closed_before(row: Row, finding: Finding) -> bool:
    """Is this the row that was closed, and not the same problem come back with a new deadline?"""
    return row.state in ("closed", "finished") or plain(row.due.text) in (
        plain(finding.due_text),
        plain(str(finding.due or "")),
    )


def _compared(line: Line, past: Past, lists: Mapping[int, _Lists]) -> Line:
    row, finding = line.row, line.finding
    if finding is None:
        return replace(line, told=(*line.told, *past.told(row), *_beginning(line)))
    changes = _texts(row, finding)
    adds = dict(_lacking(row, lists[finding.pk]))
    if finding.state == "closed":
        closed = (_(_CLOSED),) if changes or adds else ()
        return replace(line, kind="same", told=(*line.told, *closed))
    changes |= {name: ("", "；".join(texts)) for name, texts in adds.items()}
    completes = finding.state == "draft" and bool(lead_of(row)) and line.due is not None
    if completes and line.due is not None:
        changes["lead_units"] = ("", "、".join(unit.name for unit in row.lead_units))
        changes["due"] = ("", row.due.text or line.due.isoformat())
    told = () if completes else _only_by_act(row, finding)
    return replace(
        line,
        kind="update" if changes else "same",
        changes=changes,
        told=(*line.told, *told),
        adds=adds,
        completes=completes,
    )


def _beginning(line: Line) -> Iterator[str]:
    """How a new row begins here, where that is not what the workbook says."""
    row = line.row
    if line.state == "draft" and row.state != "draft":
        said = {doubt.code for doubt in row.doubts}
        if not row.problem:
            yield _("没有写问题，先存为草稿。")
        elif not lead_of(row) and "no_lead" not in said:
            yield _("没有认出牵头单位，先存为草稿，等待交办。")
        elif line.due is None and "no_due" not in said:
            yield _("没有读出时限，先存为草稿，等待交办。")
    elif line.state == "closed":
        yield _("原表已销号：照原表入账，列入回头看。")
    elif row.state in ("finished", "requested", "checking"):
        word = row.state_text or row.due.text
        yield _("原表写“%(word)s”：按整改中入账，核查通过后再销号。") % {"word": word}


def _texts(row: Row, finding: Finding) -> dict[str, tuple[str, str]]:
    """Fields whose words differ: what we have, what the workbook says."""
    changes: dict[str, tuple[str, str]] = {}
    for name, most in TEXTS.items():
        theirs, ours = getattr(row, name), getattr(finding, name)
        theirs = shorten(theirs, most) if most else theirs
        if theirs and not _says(row, name, theirs, ours):
            changes[name] = (ours, theirs)
    if row.problem and not _says(row, "problem", row.problem, columns.problem(finding)):
        changes["problem"] = (columns.problem(finding), row.problem)
    return changes


def _says(row: Row, name: str, theirs: str, ours: str) -> bool:
    """Does the workbook say what we have? Also where the cell holds what we once wrote into it."""
    if plain(theirs) == plain(ours):
        return True
    cell = "\n".join(cell.text for cell in row.cells if cell.field == name)
    if plain(cell) == plain(ours):
        return True
    return cell.endswith(_CUT) and plain(ours).startswith(plain(cell.rpartition("……")[0]))


def _lacking(row: Row, ours: _Lists) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Measures and lines of progress that the workbook has and the finding does not."""
    measures = [measure.text for measure in row.measures]
    for name, wanted, have, written in (
        ("measures", measures, ours.measures, ()),
        ("progress", row.progress, ours.progress, ours.written),
    ):
        known = {_key(text) for text in (*have, *written)}
        lacking = {_key(text): text for text in wanted if _key(text) not in known}
        if lacking and not _says(row, name, "", join_items(have)):
            yield name, tuple(lacking.values())


def _key(text: str) -> str:
    """What makes two lines of a list the same: the stop at their end does not."""
    return plain(text).rstrip(";。.,、")


def _only_by_act(row: Row, finding: Finding) -> Iterator[str]:
    """Differences that an import does not settle: each has an act of its own."""
    day = row.due.day if row.due.kind in ("date", "period_end") else None
    if day and finding.due and day not in (finding.due, finding.first_due):
        yield _("时限与台账的 %(due)s 不同：改时限须申请延期，导入不改。") % {
            "due": clock.in_words(finding.due)
        }
    lead = lead_of(row)
    if lead and finding.lead_unit and lead != finding.lead_unit.code:
        yield _("牵头单位与台账的“%(unit)s”不同：换单位须移交，导入不改。") % {
            "unit": finding.lead_unit.label()
        }
    if row.state not in ("", finding.state) and not _started(row.state, finding.state):
        yield _("状态与台账的“%(state)s”不同：销号等须在系统里办理，导入不改。") % {
            "state": _(rules.STATES[finding.state])
        }


def _started(theirs: str, ours: str) -> bool:
    """整改中 in the workbook is no news of a finding that is on its way."""
    return theirs == "rectifying" and ours in rules.OPEN and ours != "draft"


def lead_of(row: Row) -> str:
    """The code of the first lead unit that was found in the register."""
    return next((unit.code for unit in row.lead_units if unit.code), "")


def _due(row: Row, limits: Mapping[str, int]) -> date | None:
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
        return start + timedelta(days=limits[days[kind]])
    return row.closed_on.day if row.due.kind == "done" or row.state == "closed" else None


def _state(row: Row, due: date | None) -> str:
    """The state in which a row begins here. What nobody has verified in this house is not closed;
    a row that is new and was closed long ago is history, and marked for a re-check.
    """
    if not row.problem or not lead_of(row) or due is None:
        return "draft"
    if row.state in ("closed", "void", "draft"):
        return row.state
    if row.due.kind == "standing" or row.rect_kind == "long_term" or row.state == "long_term":
        return "long_term"
    if row.state in ("acknowledged", "assigned"):
        return row.state
    return "rectifying" if row.measures or row.progress or row.state else "assigned"
