"""What stands in the way: of a step, of opening the meeting, of closing it; in sentences."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.ledger import rules as ledger
from bihuan.people.models import Post
from bihuan.reviews.models import LowerMeeting, Review, Seat, Step
from bihuan.reviews.queries import before, sitting
from bihuan.reviews.queries.papers import papers, unpassed
from bihuan.reviews.queries.writing import lacks_writing


def steps(review: Review) -> list[Step]:
    """Every step in order, with its documents."""
    found = review.steps.select_related("done_by__person", "done_by__unit")
    return list(found.prefetch_related("papers").order_by("order", "pk"))


def late_steps(review: Review, day: date | None = None) -> list[Step]:
    """Pending steps whose deadline has passed."""
    today = day or clock.today()
    return [s for s in steps(review) if s.state == "pending" and s.due < today]


def not_ready(review: Review) -> list[str]:
    """准备未完成之处：会前的步骤还有哪些没有办。空表即准备就绪。"""
    return [
        _("会前步骤“%(step)s”还没有完成。请完成，或写明原因后跳过。") % {"step": step.label()}
        for step in steps(review)
        if step.phase == "before" and step.state == "pending"
    ]


def blank_talk_sentences(review: Review) -> list[str]:
    return [
        _("%(one)s与%(other)s还没有谈心谈话。") % {"one": _said(a), "other": _said(b)}
        for a, b in before.blank_talks(review)
    ]


def blank_criticism_sentences(review: Review) -> list[str]:
    return [
        _("%(one)s还没有对%(other)s提出批评意见的记录。") % {"one": a.label(), "other": b.label()}
        for a, b in sitting.blank_criticisms(review)
    ]


def _said(side: Seat | Post) -> str:
    return side.label()


def _opinions(review: Review) -> list[str]:
    faults = []
    if not review.opinions.exists():
        faults.append(_("还没有征求到意见。"))
    if n := before.unsorted(review):
        faults.append(_("有 %(n)d 条意见还没有分送。") % {"n": n})
    waiting = review.opinions.filter(returned_on__isnull=True).exclude(about="").count()
    if waiting:
        faults.append(_("有 %(n)d 条意见还没有反馈给本人或班子。") % {"n": waiting})
    return faults


def _papers_submitted(review: Review) -> list[str]:
    return [
        _("%(paper)s还没有提交。") % {"paper": paper.label()}
        for paper in papers(review)
        if not paper.versions.exists()
    ]


def _papers_passed(review: Review) -> list[str]:
    return [_("%(paper)s还没有通过审阅。") % {"paper": paper.label()} for paper in unpassed(review)]


def _attendance(review: Review) -> list[str]:
    return [
        _("%(member)s是否到会还没有核对。") % {"member": seat.label()}
        for seat in sitting.seats(review)
        if not seat.attendance
    ]


def _agenda(review: Review) -> list[str]:
    item = sitting.current_item(review)
    if item is None:
        return [] if review.agenda.exists() else [_("会议还没有开始。")]
    return [_("议程第 %(n)d 项还没有进行。") % {"n": item.number}]


def _judgements(review: Review) -> list[str]:
    faults = [
        _("“%(name)s”还没有评价。") % {"name": one.label()}
        for one in review.judgements.filter(grade="")
    ]
    return faults if review.comment else [_("还没有写点评。"), *faults]


def _problems(review: Review) -> list[str]:
    listed = list(review.problems.order_by("number"))
    if not listed:
        return [_("问题清单还是空的。")]
    raised = sitting.findings(review)
    return [
        _("问题清单第 %(n)d 条还没有存入台账。") % {"n": problem.number}
        for problem in listed
        if problem.pk not in raised and not problem.dropped
    ]


def _absent(review: Review) -> list[str]:
    return [
        _("缺席的%(member)s还没有转告。") % {"member": seat.label()}
        for seat in sitting.seats(review)
        if seat.attendance == "absent" and seat.told_on is None
    ]


def _lower(review: Review) -> list[str]:
    rows = review.lower.select_related("unit").order_by("pk")
    if not rows:
        return [_("还没有列出下级民主生活会。")]
    return [
        _("%(unit)s的民主生活会还没有召开。") % {"unit": row.unit.label()}
        for row in rows
        if row.state in ("waiting", "dated")
    ]


# What the house itself knows about a step; a step that is not listed is the clerk's word alone.
_KNOWN: dict[str, Callable[[Review], list[str]]] = {
    "opinions": _opinions,
    "talks": blank_talk_sentences,
    "checks": _papers_submitted,
    "guidance": _papers_passed,
    "attendance": _attendance,
    "agenda": _agenda,
    "criticism": blank_criticism_sentences,
    "judgement": _judgements,
    "problems": _problems,
    "absent": _absent,
    "cascade": _lower,
}


def in_the_way(step: Step) -> list[str]:
    """What is still missing for a step, in sentences; empty when it may be called done."""
    known = _KNOWN.get(step.code)
    faults = known(step.review) if known else []
    if step.paper and not step.papers.exists() and lacks_writing(step):
        faults.append(
            _("还没有附上材料：%(documents)s。")
            % {"documents": _(step.documents) if step.documents else ""}
        )
    return faults


def overdue_lower(review: Review, day: date | None = None) -> list[LowerMeeting]:
    """Lower meetings that are late: past their day or their deadline and not held."""
    today = day or clock.today()
    rows = review.lower.filter(state__in=("waiting", "dated")).select_related("unit")
    return [row for row in rows.order_by("pk") if (row.date or row.due) < today or row.due < today]


def open_of_ledger(review: Review) -> list[str]:
    """了结之前还缺什么：问题都已存入台账，每一件都已销号或转长期坚持，会后步骤都已办。"""
    raised = sitting.findings(review)
    faults = _problems(review)
    for problem in review.problems.filter(dropped="").order_by("number"):
        finding = raised.get(problem.pk)
        if finding is not None and finding.state not in ("closed", "long_term"):
            faults.append(
                _("台账 %(number)s（问题清单第 %(n)d 条）还是“%(state)s”，没有销号或转长期坚持。")
                % {
                    "number": finding.number,
                    "n": problem.number,
                    "state": _(ledger.STATES[finding.state]),
                }
            )
    faults += [
        _("步骤“%(step)s”还没有完成。请完成，或写明原因后跳过。") % {"step": step.label()}
        for step in steps(review)
        if step.state == "pending"
    ]
    if review.poll is not None and review.poll.phase == "counted":
        # Until then whoever can open the box reads whole ballots.
        faults.append(_("匿名意见箱还没有封存。请主持人到它的台面上封存。"))
    return faults
