"""A workbook becomes findings: received, looked at, confirmed. Nothing is written before that."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import plain, shorten
from bihuan.exchange.rows import Row
from bihuan.files import services as files
from bihuan.ledger import rules
from bihuan.ledger.models import (
    Finding,
    ImportedRow,
    Intake,
    Measure,
    Progress,
    Series,
    Sign,
    Stint,
)
from bihuan.ledger.queries import intake as asked
from bihuan.ledger.queries import tables
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit

Tell = Callable[[int, int], None]


@transaction.atomic
def receive_workbook(*, by: Post, upload: "UploadedFile[bytes]", year: int | None = None) -> Intake:
    """收到工作簿：原件存证，读懂多少、疑问多少先给人看；台账不变。"""
    people.require(by, "ledger.import")
    version = files.keep(upload, by=by, title=upload.name or "", note=_("导入台账"))
    intake = Intake.objects.create(version=version, year=year, by=by)
    audit.record(by, "ledger.intake.receive", intake, changes={"digest": (None, version.digest)})
    return intake


@transaction.atomic
def answer_intake(intake: Intake, *, by: Post, units: dict[str, str], year: int | None) -> Intake:
    """回答导入时的疑问：写的名称是哪个单位，填报是哪一年。"""
    intake = _waiting(intake, by)
    before = {"answers": intake.answers, "year": intake.year}
    intake.answers, intake.year = {**intake.answers, **units}, year
    intake.save(update_fields=["answers", "year"])
    changes = {"answers": (before["answers"], intake.answers), "year": (before["year"], year)}
    audit.record(by, "ledger.intake.answer", intake, changes=changes)
    return intake


@transaction.atomic
def drop_intake(intake: Intake, *, by: Post) -> Intake:
    """放弃导入：台账不变，原件仍保留。"""
    intake = _waiting(intake, by)
    intake.state = "dropped"
    intake.save(update_fields=["state"])
    audit.record(by, "ledger.intake.drop", intake)
    return intake


@transaction.atomic
def confirm_intake(intake: Intake, *, by: Post, tell: Tell | None = None) -> dict[str, int]:
    """确认导入：新的入账，旧的更新；要么全部写入，要么一行不写。"""
    intake = _waiting(intake, by)
    read = asked.reading(intake)
    if not read.rows:
        raise Refused(_("这份工作簿里没有读出问题，不能导入。请核对文件。"))
    found = asked.lines(read)
    made = _Writer(intake, by, tell).write(found)
    intake.state, intake.outcome = "confirmed", made
    intake.save(update_fields=["state", "outcome"])
    changes = {name: (None, number) for name, number in made.items()}
    audit.record(by, "ledger.intake.confirm", intake, changes=changes)
    return made


def _waiting(intake: Intake, by: Post) -> Intake:
    people.require(by, "ledger.import")
    intake = Intake.objects.select_for_update().select_related("version").get(pk=intake.pk)
    if intake.state != "preview":
        raise Refused(
            _("这次导入%(state)s，不能再办。") % {"state": _(rules.INTAKE_STATES[intake.state])}
        )
    return intake


class _Writer:
    """Writes all rows of one intake in a few large statements instead of many small ones."""

    def __init__(self, intake: Intake, by: Post, tell: Tell | None) -> None:
        self.intake, self.by = intake, by
        self.tell = tell or (lambda done, total: None)
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        sources = tables.table("sources")
        self.sources = {plain(str(row["name"])): str(row["code"]) for row in sources}
        self.now, self.today = clock.now(), clock.today()

    def write(self, found: Sequence[asked.Line]) -> dict[str, int]:
        new = [line for line in found if line.kind == "new"]
        updates = [line for line in found if line.kind == "update"]
        done = len(found) - len(updates) - len(new)
        acts = self._new(new)
        done += len(new)
        self.tell(done, len(found))
        for line in updates:
            acts.append(self._update(line))
            done += 1
            if done % 100 == 0:
                self.tell(done, len(found))
        audit.record_many(self.by, acts)
        drafts = sum(act.thing.state == "draft" for act in acts if isinstance(act.thing, Finding))
        return {
            "new": len(new),
            "updated": len(updates),
            "same": len(found) - len(new) - len(updates),
            "drafts": drafts,
        }

    def _new(self, lines: Sequence[asked.Line]) -> list[audit.Act]:
        numbers = _numbers(len(lines), self.today.year)
        findings = [
            self._finding(line, number) for line, number in zip(lines, numbers, strict=True)
        ]
        Finding.objects.bulk_create(findings, batch_size=500)
        pairs = list(zip(findings, lines, strict=True))
        self.tell(len(lines) // 2, len(lines))
        self._belongings(pairs)
        return [
            audit.Act(
                "ledger.finding.import",
                finding,
                {"state": (None, finding.state), "due": (None, finding.due)},
                f"{line.row.sheet} {line.row.row}",
            )
            for finding, line in pairs
        ]

    def _belongings(self, pairs: Sequence[tuple[Finding, asked.Line]]) -> None:
        """Stints, assisting units, measures, progress and the original cells of new findings."""
        Stint.objects.bulk_create(
            (
                Stint(
                    finding=finding,
                    at=self.now,
                    day=self.today,
                    state=finding.state,
                    due=finding.due,
                    requested_on=finding.requested_on,
                    lead_unit=finding.lead_unit,
                )
                for finding, _line in pairs
            ),
            batch_size=1000,
        )
        assisting = Finding.assist_units.through
        assisting.objects.bulk_create(
            (
                assisting(finding=finding, unit=unit)
                for finding, line in pairs
                for unit in self._assisting(line.row, finding)
            ),
            batch_size=1000,
        )
        Measure.objects.bulk_create(
            (
                Measure(finding=finding, text=measure.text, due=measure.due.day)
                for finding, line in pairs
                for measure in line.row.measures
            ),
            batch_size=1000,
        )
        Progress.objects.bulk_create(
            (
                Progress(finding=finding, text=text)
                for finding, line in pairs
                for text in line.row.progress
            ),
            batch_size=1000,
        )
        Sign.objects.bulk_create(
            (
                Sign(
                    finding=finding,
                    round=1,
                    code="imported",
                    note=_("导入时已是销号，系统里没有佐证和核查。"),
                )
                for finding, _line in pairs
                if finding.state == "closed"
            ),
            batch_size=1000,
        )
        self._originals(pairs)

    def _originals(self, pairs: Sequence[tuple[Finding, asked.Line]]) -> None:
        ImportedRow.objects.bulk_create(
            (
                ImportedRow(
                    intake=self.intake,
                    finding=finding,
                    sheet=line.row.sheet,
                    number=line.row.row,
                    cells=[cell._asdict() for cell in line.row.cells],
                )
                for finding, line in pairs
            ),
            batch_size=1000,
        )

    def _assisting(self, row: Row, finding: Finding) -> list[Unit]:
        codes = [unit.code for unit in (*row.lead_units, *row.assist_units) if unit.code]
        units = [self.units[code] for code in dict.fromkeys(codes)]
        return [unit for unit in units if unit != finding.lead_unit]

    def _finding(self, line: asked.Line, number: str) -> Finding:
        row = line.row
        codes = [unit.code for unit in row.lead_units if unit.code]
        lead = self.units[codes[0]] if codes else None
        due = asked.due_of(row)
        state = _state(row, lead, due)
        title = shorten(" ".join(row.problem.split()), 200)
        assigned = row.assigned_on.day or self.today
        dated = state not in ("draft", "void")
        return Finding(
            number=number,
            title=title,
            description="" if row.problem == title else row.problem,
            category=shorten(row.category, 60),
            source=self.sources.get(plain(row.source), "other"),
            source_number=shorten(row.source_number or row.source, 80),
            place=asked.place_of(row),
            place_key=plain(asked.place_of(row)),
            goal=row.goal,
            rect_kind=_kind(row),
            note=row.note,
            state=state,
            lead_unit=lead,
            leader_text=shorten(row.leader, 120),
            owner_text=shorten(row.owner, 120),
            due=due if dated else None,
            first_due=due if dated else None,
            due_text=shorten(row.due.text, 200),
            assigned_on=assigned if dated else None,
            closed_on=(row.closed_on.day or due or self.today) if state == "closed" else None,
            external_number=shorten(row.number, 60),
            import_key=line.key,
            raised_by=self.by,
        )

    def _update(self, line: asked.Line) -> audit.Act:
        assert line.finding is not None
        finding = Finding.objects.select_for_update().get(pk=line.finding.pk)
        changes: dict[str, tuple[Any, Any]] = dict(line.changes)
        for name in ("source_number", "category", "goal", "note"):
            if name in changes:
                setattr(finding, name, changes[name][1])
        if "problem" in changes:
            finding.title = shorten(" ".join(line.row.problem.split()), 200)
            finding.description = "" if line.row.problem == finding.title else line.row.problem
        wanted = [measure.text for measure in line.row.measures]
        for text in asked.lacking_lines(finding, "measures", wanted):
            Measure.objects.create(finding=finding, text=text)
        for text in asked.lacking_lines(finding, "progress", line.row.progress):
            Progress.objects.create(finding=finding, text=text)
        finding.revision += 1
        finding.save()
        self._originals([(finding, line)])
        note = f"{line.row.sheet} {line.row.row}"
        return audit.Act("ledger.finding.update", finding, changes, note)


def _state(row: Row, lead: Unit | None, due: date | None) -> str:
    """The state in which a row begins here. What nobody has verified in this house is not closed
    by an update; a row that is new and was closed long ago is history, and marked for a re-check.
    """
    if lead is None or due is None:
        return "draft"
    if row.state in ("closed", "void", "draft"):
        return row.state
    if row.due.kind == "standing" or row.rect_kind == "long_term" or row.state == "long_term":
        return "long_term"
    if row.state in ("acknowledged", "assigned"):
        return row.state
    return "rectifying" if row.measures or row.progress or row.state else "assigned"


def _kind(row: Row) -> str:
    if row.rect_kind in rules.RECT_KINDS:
        return row.rect_kind
    return {"immediate": "immediate", "standing": "long_term"}.get(row.due.kind, "dated")


def _numbers(count: int, year: int) -> list[str]:
    """A block of running numbers; the row of the year is locked until the transaction ends."""
    series, _created = Series.objects.select_for_update().get_or_create(year=year)
    first, series.last = series.last + 1, series.last + count
    series.save(update_fields=["last"])
    return [f"{year}-{number:04d}" for number in range(first, first + count)]
