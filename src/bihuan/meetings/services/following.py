"""After the meeting: letters, uses, requirements, findings, scores; and the end of the round."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.jobs import rules as spelling
from bihuan.ledger import queries as ledger_queries
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.meetings import queries, rules
from bihuan.meetings.models import Issue, Letter, Meeting, Reporter, Requirement, Use, Waiver
from bihuan.meetings.queries import results
from bihuan.meetings.services import scores
from bihuan.meetings.services.steps import held, moved
from bihuan.people import queries as people
from bihuan.people.models import Post

# Letters and uses -------------------------------------------------------------------------------


@transaction.atomic
def issue_letters(meeting: Meeting, *, by: Post | None) -> int:
    """发出反馈函：每个单位一份，只有本单位和领导班子看得到；结果运用的事项同时列出。返回份数。"""
    meeting = held(meeting, by, "meetings.run", "decided")
    document = queries.document(meeting)
    decided = queries.decisions(meeting)
    made = 0
    for reporter in queries.reporters(meeting):
        decision = decided.get(reporter.pk)
        if decision is not None:
            _list_uses(reporter, decision.grade, document, by)
        content: Any = results.letter(meeting, reporter)  # the stub of the field knows only text
        text = spelling.canonical(content)
        Letter.objects.create(
            reporter=reporter,
            content=content,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            by=by,
        )
        made += 1
    changes = {"letters": (None, made)}
    moved(meeting, "meetings.meeting.issue_letters", by, changes=changes)
    return made


def _list_uses(reporter: Reporter, grade: str, document: Any, by: Post | None) -> None:
    """What the plan asks for after this grade, each with its deadline from today."""
    for row in document["uses"]:
        if row["grade"] == grade:
            due = clock.today() + timedelta(days=int(row["days"]))
            Use.objects.get_or_create(
                reporter=reporter, kind=row["use"], defaults={"due": due, "by": by}
            )


@transaction.atomic
def sign_letter(letter: Letter, *, by: Post) -> Letter:
    """签收反馈函：由本单位的人。"""
    people.require(by, "meetings.report", at=letter.reporter.unit)
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if letter.read_by_id is not None:
        raise Refused(_("这份反馈函已经签收。"))
    letter.read_by, letter.read_at = by, clock.now()
    letter.save(update_fields=["read_by", "read_at"])
    audit.record(by, "meetings.letter.sign", letter)
    return letter


@transaction.atomic
def finish_use(use: Use, *, by: Post | None, note: str) -> Use:
    """办结一项结果运用：写明怎样办的。"""
    held(use.reporter.meeting, by, "meetings.run", "issued")
    use = Use.objects.select_for_update(of=("self",)).get(pk=use.pk)
    if use.done_on is not None:
        raise Refused(_("这一项已经办结。"))
    if not note.strip():
        raise Refused(_("请写明怎样办的。"))
    use.done_on, use.note = clock.today(), note.strip()
    use.save(update_fields=["done_on", "note"])
    audit.record(by, "meetings.use.finish", use, note=note)
    return use


# Requirements and findings ----------------------------------------------------------------------


@transaction.atomic
def add_requirements(meeting: Meeting, *, by: Post | None, texts: Sequence[str]) -> int:
    """登记会议要求：讲话里提出的，逐条编号，接着排。"""
    meeting = held(meeting, by, "meetings.run", "sitting", "counted", "decided", "issued")
    told = [" ".join(text.split()) for text in texts]
    told = [text for text in told if text]
    if not told:
        raise Refused(_("请至少写一条要求，一行一条。"))
    last = meeting.requirements.order_by("-number").values_list("number", flat=True).first() or 0
    for number, text in enumerate(told, start=last + 1):
        row = Requirement.objects.create(meeting=meeting, number=number, text=text)
        audit.record(by, "meetings.requirement.add", row, note=text)
    return len(told)


@transaction.atomic
def set_general(requirement: Requirement, *, by: Post | None) -> Requirement:
    """标明原则要求：不单列任务；经办人定，留痕。"""
    meeting = held(
        requirement.meeting, by, "meetings.run", "sitting", "counted", "decided", "issued"
    )
    if queries.issue(meeting, None, "requirement", str(requirement.number)) is not None:
        raise Refused(_("这一条已经进了台账，不能再标为原则要求。"))
    requirement.general = not requirement.general
    requirement.save(update_fields=["general"])
    changes = {"general": (not requirement.general, requirement.general)}
    audit.record(by, "meetings.requirement.general", requirement, changes=changes)
    return requirement


@transaction.atomic
def raise_issue(
    meeting: Meeting,
    *,
    by: Post | None,
    reporter: Reporter | None,
    kind: str,
    key: str,
    title: str,
    description: str,
) -> Finding:
    """由测评会提出问题：一件事只提一次，进台账为草稿，由谁办、何时办完在交办时定。"""
    meeting = held(meeting, by, "meetings.run", "sitting", "counted", "decided", "issued")
    if meeting.rehearsal:
        raise Refused(_("演练不进台账。"))
    issue = queries.issue(meeting, reporter, kind, key)
    if told := ledger_queries.already_raised(issue):
        raise Refused.all(told)
    if issue is None:
        issue = Issue.objects.create(
            meeting=meeting, reporter=reporter, kind=kind, key=key, title=shorten(title, 200)
        )
    finding = ledger.raise_finding(
        by=by,
        title=title,
        description=description,
        category=_("党的建设"),
        source="meeting" if kind == "requirement" else "ballot",
        source_number=shorten(str(meeting), 80),
        risk="high" if kind == "grade" else "medium",
        origin=issue,
    )
    changes = {"finding": (None, finding.number)}
    audit.record(by, "meetings.issue.raise", issue, changes=changes)
    return finding


# Scores and the end -----------------------------------------------------------------------------


@transaction.atomic
def record_scores(meeting: Meeting, *, by: Post | None) -> int:
    """登记年度得分：各单位的综合得分和各项得分进入“数据”，只有看得到测评结果的人看得到。"""
    meeting = held(meeting, by, "meetings.run", "decided", "issued")
    if meeting.rehearsal:
        raise Refused(_("演练的得分不登记。"))
    if meeting.scored:
        raise Refused(_("这一轮的得分已经登记。"))
    with translation.override(settings.LANGUAGE_CODE):  # what is stored, whoever enters it
        made = scores.record(meeting)
    meeting.scored = True
    meeting.save(update_fields=["scored"])
    audit.record(by, "meetings.meeting.scores", meeting, changes={"figures": (None, made)})
    return made


@transaction.atomic
def waive(meeting: Meeting, *, by: Post | None, step: str, reason: str) -> Waiver:
    """批准免做一步：写明原因，和结果一起打印；已做的不用免，方案、计票、定等次不能免。"""
    meeting = held(meeting, by, "meetings.approve")
    check = next((one for one in queries.checks(meeting) if one.step == step), None)
    faults = []
    if check is None or step in rules.NEVER_WAIVED:
        faults.append(_("这一步不能免。"))
    elif check.settled:
        faults.append(_("这一步已经做了，或已批准免做。"))
    if not reason.strip():
        faults.append(_("请写明免做的原因。"))
    if faults:
        raise Refused.all(faults)
    waiver = Waiver.objects.create(meeting=meeting, step=step, reason=reason.strip(), by=by)
    audit.record(by, "meetings.waiver.give", waiver, note=reason)
    return waiver


@transaction.atomic
def close(meeting: Meeting, *, by: Post | None) -> Meeting:
    """办结这一轮：每一步都做了，或写明为什么没有做；缺哪一步，一次说完。"""
    meeting = held(meeting, by, "meetings.run", "issued")
    missing = [check for check in queries.checks(meeting) if not check.settled]
    if missing:
        raise Refused.all(
            _("“%(step)s”：%(missing)s")
            % {"step": _(rules.STEPS[one.step]), "missing": one.missing}
            for one in missing
        )
    return moved(meeting, "meetings.meeting.close", by)
