"""After the meeting: problems into the ledger, absent members told, lower bodies, the end of it."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.ledger import queries as ledger_queries
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.reviews import queries, rules
from bihuan.reviews.models import LowerMeeting, Problem, Review, Seat, Writing
from bihuan.reviews.services.doors import clerk_or_head, opened

AFTER = ("sitting", "held")
FIELDS = ("source", "seat", "title", "measures", "goal", "rect_kind", "lead_unit", "due")


@transaction.atomic
def list_problem(review: Review, *, by: Post | None, **fields: Any) -> Problem:
    """列入问题清单：写成可以存入台账的话，不照抄批评意见和材料。"""
    review = opened(review, by, states=AFTER)
    _check_problem(review, fields)
    last = review.problems.aggregate(last=Max("number"))["last"] or 0
    problem = Problem.objects.create(
        review=review, number=last + 1, **{name: fields[name] for name in FIELDS if name in fields}
    )
    audit.record(by, "reviews.problem.list", problem)
    return problem


@transaction.atomic
def amend_problem(problem: Problem, *, by: Post | None, **fields: Any) -> Problem:
    """改问题清单：存入台账之前可以改。"""
    review = opened(problem.review, by, states=AFTER)
    problem = Problem.objects.select_for_update().get(pk=problem.pk, review=review)
    _not_raised(problem)
    _check_problem(review, fields)
    for name in FIELDS:
        setattr(problem, name, fields.get(name, getattr(problem, name)))
    problem.dropped = ""
    problem.save()
    audit.record(by, "reviews.problem.amend", problem)
    return problem


@transaction.atomic
def drop_problem(problem: Problem, *, by: Post | None, reason: str) -> Problem:
    """不再整改：写明原因，仍列在清单里。"""
    review = opened(problem.review, by, states=AFTER)
    problem = Problem.objects.select_for_update().get(pk=problem.pk, review=review)
    _not_raised(problem)
    if not reason.strip():
        raise Refused(_("请写明不再整改的原因。"))
    problem.dropped = reason.strip()
    problem.save(update_fields=["dropped"])
    audit.record(by, "reviews.problem.drop", problem)
    return problem


@transaction.atomic
def raise_problem(problem: Problem, *, by: Post) -> Finding:
    """存入台账：一按即存为问题，并按清单交办；从此在台账里整改、核查、销号。"""
    review = opened(problem.review, by, states=AFTER)
    problem = (
        Problem.objects.select_for_update(of=("self",))
        .select_related("review__body", "lead_unit", "seat__post")
        .get(pk=problem.pk, review=review)
    )
    _not_raised(problem)
    if problem.dropped:
        raise Refused(_("这一条已注明不再整改。要整改，请先修改这一条。"))
    finding = ledger.raise_finding(
        by=by,
        title=problem.title,
        description=problem.measures,
        goal=problem.goal,
        source="meeting",
        source_number=problem.review.basis[:80],
        rect_kind=problem.rect_kind,
        origin=problem,
    )
    if people.may(by, "ledger.assign"):
        ledger.assign(
            finding,
            by=by,
            lead_unit=problem.lead_unit,
            due=problem.due,
            leader=problem.seat.post if problem.seat else None,
        )
    changes = {"finding": (None, finding.number)}
    audit.record(by, "reviews.problem.raise", problem, changes=changes)
    return finding


def _check_problem(review: Review, fields: dict[str, Any]) -> None:
    faults = []
    if not fields["title"].strip():
        faults.append(_("请写明是什么问题。"))
    if not fields["measures"].strip():
        faults.append(_("请写明整改措施。"))
    if fields.get("due") is None or fields["due"] < clock.today():
        faults.append(_("时限不得早于今天。请改为今天或以后的日期。"))
    seat = fields.get("seat")
    if seat is not None and seat.review_id != review.pk:
        faults.append(_("成员不在这次会的名单里。请改选。"))
    if faults:
        raise Refused.all(faults)


def _not_raised(problem: Problem) -> None:
    if found := ledger_queries.of_origin(problem).first():
        raise Refused(
            _("这一条已存入台账，编号 %(number)s。请到台账里办。") % {"number": found.number}
        )


@transaction.atomic
def save_writing(review: Review, *, by: Post | None, kind: str, text: str) -> Writing:
    """改定会后文书：会议情况报告或通报；审计里没有它的文字。"""
    review = opened(review, by, clerk_or_head, states=("held",))
    if kind not in rules.WRITINGS or not text.strip():
        raise Refused(_("请写下文书的内容。"))
    values = {"text": text.strip(), "saved_at": clock.now(), "by": by}
    made, _new = Writing.objects.update_or_create(review=review, kind=kind, defaults=values)
    audit.record(by, "reviews.writing.save", made)
    return made


@transaction.atomic
def tell_absent(seat: Seat, *, by: Post | None, on: date) -> Seat:
    """转告缺席成员：哪天转告的，谁转告的。"""
    review = opened(seat.review, by, clerk_or_head, states=("held",))
    seat = Seat.objects.select_for_update().get(pk=seat.pk, review=review)
    faults = []
    if seat.attendance != "absent":
        faults.append(_("这位成员到会了，不用转告。"))
    if not (review.held_on or on) <= on <= clock.today():
        faults.append(_("转告日期应在开会之后、今天以前。请改正。"))
    if faults:
        raise Refused.all(faults)
    seat.told_on, seat.told_by = on, by
    seat.save(update_fields=["told_on", "told_by"])
    changes = {"told_on": (None, on), "members": (None, str(seat))}
    audit.record(by, "reviews.review.tell", review, changes=changes)
    return seat


@transaction.atomic
def list_lower(
    review: Review, *, by: Post | None, units: Iterable[Unit], due: date
) -> list[LowerMeeting]:
    """列下级民主生活会：党的隶属线上的下级班子，最迟哪天开；已列的不动。"""
    review = opened(review, by)
    below = set(queries.lower_units(review.body).values_list("pk", flat=True))
    listed = set(review.lower.values_list("unit", flat=True))
    chosen = list(units)
    if any(unit.pk not in below for unit in chosen):
        raise Refused(_("只能列党的隶属线上的下级单位。请改选。"))
    fresh = [unit for unit in chosen if unit.pk not in listed]
    if not fresh:
        raise Refused(_("没有新增的下级单位。请至少选一个。"))
    rows = [LowerMeeting.objects.create(review=review, unit=unit, due=due) for unit in fresh]
    names = [unit.name for unit in fresh]
    audit.record(by, "reviews.review.list_lower", review, changes={"units": (None, names)})
    return rows


@transaction.atomic
def set_lower(
    row: LowerMeeting,
    *,
    by: Post | None,
    state: str,
    date: date | None = None,
    guide: Seat | None = None,
    note: str = "",
) -> LowerMeeting:
    """下级的会：定日期、派成员到会指导、登记已召开，或写明不召开的原因。"""
    review = opened(row.review, by, clerk_or_head)
    before = LowerMeeting.objects.select_for_update().get(pk=row.pk, review=review)
    faults = []
    if state in ("dated", "held") and date is None:
        faults.append(_("请写明会议日期。"))
    if state == "held" and date is not None and date > clock.today():
        faults.append(_("还没到会议日期，不能登记为已召开。请改正。"))
    if state == "held" and guide is None:
        faults.append(_("请选择由谁到会指导。"))
    if state == "exempt" and not note.strip():
        faults.append(_("不召开的，请写明原因。"))
    if guide is not None and guide.review_id != review.pk:
        faults.append(_("成员不在这次会的名单里。请改选。"))
    if faults:
        raise Refused.all(faults)
    row = LowerMeeting.objects.get(pk=before.pk)
    row.state, row.date, row.guide, row.note = state, date, guide, note.strip()
    changes = audit.changed(before, row, "state", "date", "guide", "note")
    row.save(update_fields=["state", "date", "guide", "note"])
    audit.record(by, "reviews.lower.set", row, changes=changes)
    return row


@transaction.atomic
def close(review: Review, *, by: Post | None) -> Review:
    """了结：会后步骤都已办，问题都在台账里，每一件都已销号或转长期坚持。"""
    review = opened(review, by, clerk_or_head, states=("held",))
    if faults := queries.open_of_ledger(review):
        raise Refused.all(faults)
    review.state, review.closed_on = "closed", clock.today()
    review.save(update_fields=["state", "closed_on"])
    audit.record(by, "reviews.review.close", review)
    return review


def default_lower_due(review: Review) -> date:
    """Thirty days after the meeting, or the deadline of its step for that."""
    step = review.steps.filter(code="cascade").first()
    return step.due if step else review.date + timedelta(days=30)
