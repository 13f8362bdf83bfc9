"""A workbook becomes findings: received, looked at, confirmed. Nothing is written before that."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import plain, shorten
from bihuan.exchange.workbook import Row
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
from bihuan.ledger.queries import comparing, tables
from bihuan.ledger.queries import intake as asked
from bihuan.ledger.queries.recurring import place_of
from bihuan.ledger.rules.time import ONE_DAY
from bihuan.ledger.services.raising import signatures_for
from bihuan.people import queries as people
from bihuan.people import services as register
from bihuan.people.models import Post, Unit

_AT_ONCE = 500  # keys in one IN list, findings written at once

T = TypeVar("T")
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
def answer_intake(
    intake: Intake,
    *,
    by: Post,
    units: Mapping[str, str],
    year: int | None = None,
    remembered: Collection[str] = (),
) -> Intake:
    """回答导入时的疑问：写的名称是哪个单位（可记为该单位的别名），填报是哪一年。

    `units` maps a written name to a unit's code, "" for none of ours; of these, `remembered` are
    entered in the register, so that nobody is asked again.
    """
    intake = _waiting(intake, by)
    for name in remembered:
        if code := units.get(name):
            unit = Unit.objects.get(code=code)
            register.add_alias(unit, by=by, name=name)
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
    found = comparing.lines(read)
    _refuse_if_moved(found)
    made = _Writer(intake, by, tell).write(found)
    intake.state, intake.outcome = "confirmed", made
    intake.save(update_fields=["state", "outcome"])
    changes = {name: (None, number) for name, number in made.items()}
    audit.record(by, "ledger.intake.confirm", intake, changes=changes)
    return made


def _refuse_if_moved(found: Sequence[comparing.Line]) -> None:
    """Lock what will change; whoever acted while the workbook was being compared goes first."""
    seen = {one.finding.pk: one.finding for one in found if one.kind == "update" and one.finding}
    moved = []
    for part in _parts(sorted(seen)):
        rows = Finding.objects.select_for_update().filter(pk__in=part).order_by("pk")
        now = rows.values_list("pk", "revision")
        moved += [seen[pk].number for pk, revision in now if seen[pk].revision != revision]
    if moved:
        raise Refused(
            _("刚才有人办理了 %(numbers)s，没有导入。请再看一遍后确认。")
            % {"numbers": "、".join(moved[:10])}
        )


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[at : at + _AT_ONCE] for at in range(0, len(values), _AT_ONCE))


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
        self._needed: dict[tuple[str, ...], int] = {}

    def write(self, found: Sequence[comparing.Line]) -> dict[str, int]:
        new = [line for line in found if line.kind == "new"]
        updates = [line for line in found if line.kind == "update"]
        done = drafts = 0
        for some, write in ((new, self._new), (updates, self._updates)):
            # By parts, so that a large workbook never lies in memory as objects all at once.
            for part in _parts(some):
                acts = write(part)
                audit.record_many(self.by, acts)
                things = (act.thing for act in acts)
                drafts += sum(isinstance(one, Finding) and one.state == "draft" for one in things)
                done += len(part)
                self.tell(done, len(new) + len(updates))
        return {
            "new": len(new),
            "updated": len(updates),
            "same": len(found) - len(new) - len(updates),
            "drafts": drafts,
        }

    def _new(self, lines: Sequence[comparing.Line]) -> list[audit.Act]:
        numbers = _numbers(len(lines), self.today.year)
        findings = [
            self._finding(line, number) for line, number in zip(lines, numbers, strict=True)
        ]
        Finding.objects.bulk_create(findings, batch_size=500)
        pairs = list(zip(findings, lines, strict=True))
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

    def _belongings(self, pairs: Sequence[tuple[Finding, comparing.Line]]) -> None:
        """Stints, assisting units, measures, progress and the original cells of new findings."""
        Stint.objects.bulk_create(
            (self._stint(finding) for finding, _line in pairs), batch_size=1000
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

    def _originals(self, pairs: Sequence[tuple[Finding, comparing.Line]]) -> None:
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

    def _stint(self, finding: Finding) -> Stint:
        return Stint(
            finding=finding,
            at=self.now,
            day=self.today,
            state=finding.state,
            due=finding.due,
            requested_on=finding.requested_on,
            lead_unit=finding.lead_unit,
        )

    def _assisting(self, row: Row, finding: Finding) -> list[Unit]:
        codes = [unit.code for unit in (*row.lead_units, *row.assist_units) if unit.code]
        units = [self.units[code] for code in dict.fromkeys(codes)]
        return [unit for unit in units if unit != finding.lead_unit]

    def _finding(self, line: comparing.Line, number: str) -> Finding:
        row = line.row
        finding = Finding(
            number=number,
            category=shorten(row.category, 60),
            source=self.sources.get(plain(row.source), "other"),
            source_number=shorten(row.source_number or row.source, 80),
            place=place_of(row),
            place_key=plain(place_of(row)),
            goal=row.goal,
            note=row.note,
            leader_text=shorten(row.leader, 120),
            owner_text=shorten(row.owner, 120),
            external_number=shorten(row.number, 60),
            import_key=line.key,
            raised_by=self.by,
        )
        self._say(finding, row)
        self._begin(finding, line)
        return finding

    def _say(self, finding: Finding, row: Row) -> None:
        """The problem in words; a row without any is still a row, and says where it stands."""
        text = row.problem or next((measure.text for measure in row.measures), "")
        text = text or _("（原表没有写问题：%(sheet)s 第 %(row)s 行）") % {
            "sheet": row.sheet,
            "row": row.row,
        }
        finding.title = shorten(" ".join(text.split()), 200)
        finding.description = "" if text == finding.title else text

    def _begin(self, finding: Finding, line: comparing.Line) -> None:
        """State, unit and dates with which a row begins here."""
        row, due = line.row, line.due
        code = comparing.lead_of(row)
        finding.state = line.state
        finding.lead_unit = self.units[code] if code else None
        finding.rect_kind = _kind(row)
        finding.due_text = shorten(row.due.text, 200)
        if finding.state in ("draft", "void") or due is None:
            return
        finding.due = finding.first_due = due
        finding.assigned_on = row.assigned_on.day or min(self.today, due)
        finding.signatures = self._signatures(finding)
        if finding.state == "closed":
            finding.closed_on = row.closed_on.day or due
            if finding.closed_on > due:
                finding.missed_on = due + ONE_DAY

    def _signatures(self, finding: Finding) -> int:
        about = (finding.risk, finding.source, finding.category, finding.rect_kind)
        if about not in self._needed:
            self._needed[about] = signatures_for(finding)
        return self._needed[about]

    def _updates(self, lines: Sequence[comparing.Line]) -> list[audit.Act]:
        """What the workbook adds to findings that stand, in a few statements for all of them."""
        pairs = [(line.finding, line) for line in lines if line.finding is not None]
        acts, measures, entries = [], [], []
        for finding, line in pairs:
            row, changes = line.row, line.changes
            lacking = line.adds
            measures += [Measure(finding=finding, text=t) for t in lacking.get("measures", ())]
            entries += [Progress(finding=finding, text=t) for t in lacking.get("progress", ())]
            for name in comparing.TEXTS.keys() & changes.keys():
                setattr(finding, name, changes[name][1])
            if "problem" in changes:
                self._say(finding, row)
            if line.completes:
                self._begin(finding, line)
            finding.import_key = finding.import_key or line.key
            finding.revision += 1
            note = f"{row.sheet} {row.row}"
            acts.append(audit.Act("ledger.finding.update", finding, dict(changes), note))
        Finding.objects.bulk_update([one for one, _line in pairs], _UPDATED, batch_size=200)
        Measure.objects.bulk_create(measures, batch_size=1000)
        Progress.objects.bulk_create(entries, batch_size=1000)
        begun = [(finding, line) for finding, line in pairs if line.completes]
        Stint.objects.bulk_create((self._stint(one) for one, _line in begun), batch_size=1000)
        for finding, line in begun:
            finding.assist_units.set(self._assisting(line.row, finding))
        self._originals(pairs)
        return acts


# Everything that an update, or the completion of a draft, may set.
_UPDATED = (
    *comparing.TEXTS,
    *("title", "description", "state", "lead_unit", "rect_kind", "due", "first_due", "due_text"),
    *("assigned_on", "closed_on", "missed_on", "import_key", "revision", "signatures"),
)


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
