"""The composite grade: parts entered, the score computed exactly, the grade decided by people."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.meetings import queries
from bihuan.meetings.models import Decision, Meeting, Part, Reporter
from bihuan.meetings.queries import results
from bihuan.meetings.services.steps import held, moved, reporter_held
from bihuan.people.models import Post

FULL = 100


@transaction.atomic
def enter_parts(
    meeting: Meeting,
    *,
    by: Post | None,
    code: str,
    values: Mapping[str, Decimal | None],
    basis: str,
) -> int:
    """登记一部分的分数：单位代码 → 分，0 至 100；改动的各登新的一版，写明依据；返回改了几个。"""
    meeting = held(meeting, by, "meetings.run", "preparing", "sitting", "counted")
    document = queries.document(meeting)
    faults = []
    if code == results.BALLOT or code not in {row["code"] for row in document["parts"]}:
        faults.append(_("方案里没有这一部分，或它由计票得出，不能手工登记。"))
    if not basis.strip():
        faults.append(_("请写明这些分数的依据。"))
    there = {one.unit.code: one for one in queries.reporters(meeting)}
    for unit, value in values.items():
        if unit not in there:
            faults.append(_("“%(unit)s”不在述职单位之列。") % {"unit": unit})
        elif value is not None and not 0 <= value <= FULL:
            faults.append(
                _("%(unit)s的分数应在 0 和 100 之间。") % {"unit": there[unit].unit.label()}
            )
    if faults:
        raise Refused.all(faults)
    entered = queries.parts_entered(meeting)
    made = []
    for unit, value in values.items():
        old = entered.get((there[unit].pk, code))
        if value is None or (old is not None and old.value == value):
            continue
        made.append(
            Part(
                reporter=there[unit],
                code=code,
                version=old.version + 1 if old else 1,
                value=value,
                basis=shorten(basis.strip(), 300),
                by=by,
            )
        )
    if not made:
        raise Refused(_("没有改动。请至少改一个分数。"))
    for row in made:
        row.save()
        old = entered.get((row.reporter_id, code))
        changes = {"value": (old.value if old else None, row.value)}
        audit.record(by, "meetings.part.enter", row, changes=changes, note=row.basis)
    return len(made)


@transaction.atomic
def decide(
    reporter: Reporter,
    *,
    by: Post | None,
    grade: str,
    basis: str,
    decided_on: date,
    reason: str = "",
) -> Decision:
    """确定等次：由领导班子定；与测算的不同要写理由；反馈函发出以前可以改定，旧的留着。"""
    reporter = reporter_held(reporter, by, "meetings.grade", "counted", "decided")
    meeting = reporter.meeting
    document = queries.document(meeting)
    computed = results.composite_of(meeting, reporter)
    faults = []
    if not reporter.rated or reporter.withdrawn:
        faults.append(_("%(unit)s不参加测评，不定等次。") % {"unit": reporter.unit.label()})
    if grade not in {row["code"] for row in document["grades"]}:
        faults.append(_("请选择等次。"))
    if not basis.strip():
        faults.append(_("请写明是哪次会议确定的。"))
    if decided_on > clock.today():
        faults.append(_("确定日期不得晚于今天。请改正。"))
    entered = [code for code in computed.missing if code != results.BALLOT]
    names = queries.tables_words(document, "parts")
    if entered or not results.is_counted(meeting):
        missing = _("、").join(names.get(code, code) for code in computed.missing)
        faults.append(
            _("%(unit)s还缺：%(parts)s。请先登记齐，再定等次。")
            % {"unit": reporter.unit.label(), "parts": missing}
        )
    elif computed.score is None and not reason.strip():
        # Too few ballots for a result that may be told: there is nothing to compute from.
        faults.append(_("测评结果按披露规则不能给出，没有测算的等次。请写明定这个等次的理由。"))
    elif computed.score is not None and not computed.grade and not reason.strip():
        grades = queries.tables_words(document, "grades")
        possible = _("、").join(grades[code] for code in computed.grades)
        faults.append(
            _("测评结果按披露规则只给范围，测算的等次可能是：%(grades)s。请写明定这个等次的理由。")
            % {"grades": possible}
        )
    elif computed.score is not None and grade != computed.grade and not reason.strip():
        grades = queries.tables_words(document, "grades")
        faults.append(
            _("测算的等次是“%(grade)s”。另定等次，请写明理由。") % {"grade": grades[computed.grade]}
        )
    if faults:
        raise Refused.all(faults)
    last = queries.decision(reporter)
    decision = Decision.objects.create(
        reporter=reporter,
        version=last.version + 1 if last else 1,
        score="" if computed.score is None else str(computed.score),
        computed=computed.grade,
        grade=grade,
        reason=reason.strip(),
        basis=shorten(basis.strip(), 200),
        decided_on=decided_on,
        by=by,
    )
    changes = {"grade": (last.grade if last else None, grade)}
    audit.record(by, "meetings.decision.decide", decision, changes=changes, note=reason)
    if meeting.state == "counted" and not _undecided(meeting):
        moved(meeting, "meetings.decision.decide", by)
    return decision


def _undecided(meeting: Meeting) -> list[Reporter]:
    decided = queries.decisions(meeting)
    return [one for one in queries.reporters(meeting) if one.rated and one.pk not in decided]
