"""The meeting itself: attendance, opening, the agenda, criticism, the group's word, the end."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.reviews import queries, rules
from bihuan.reviews.models import AgendaItem, Criticism, Guest, Judgement, Review, Seat
from bihuan.reviews.services.doors import (
    anybody_inside,
    clerk_or_guide,
    clerk_or_head,
    opened,
    placed,
)

TAKING_PLACE = ("sitting", "held")


@transaction.atomic
def mark_attendance(
    review: Review,
    *,
    by: Post | None,
    present: Iterable[Seat],
    reasons: Mapping[int, str],
) -> Review:
    """核对到会：没有勾选的算缺席，须写明原因。`reasons` 是席位到缺席原因。"""
    review = opened(review, by, states=("preparing", "sitting"))
    here = {seat.pk for seat in present}
    found = queries.seats(review)
    faults = [
        _("请写明%(member)s缺席的原因。") % {"member": seat.label()}
        for seat in found
        if seat.pk not in here and not reasons.get(seat.pk, "").strip()
    ]
    if faults:
        raise Refused.all(faults)
    for seat in found:
        seat.attendance = "present" if seat.pk in here else "absent"
        seat.absent_why = "" if seat.pk in here else reasons[seat.pk].strip()
        seat.save(update_fields=["attendance", "absent_why"])
    if review.state == "sitting" and not queries.quorum(review).met:
        raise Refused(_no_quorum(review))
    changes = {
        "present": (None, [str(seat) for seat in found if seat.pk in here]),
        "absent": (None, [str(seat) for seat in found if seat.pk not in here]),
    }
    audit.record(by, "reviews.review.attendance", review, changes=changes)
    return review


def _no_quorum(review: Review) -> str:
    count = queries.quorum(review)
    return _(
        "应到 %(due)d 人，实到 %(present)d 人，不到应到的 %(whole)d 分之 %(part)d，"
        "至少要 %(needed)d 人，会不能开。请改期，或等到齐。"
    ) % {
        "due": count.due,
        "present": count.present,
        "needed": count.needed,
        "part": review.quorum_part,
        "whole": review.quorum_whole,
    }


@transaction.atomic
def open_meeting(review: Review, *, by: Post | None) -> Review:
    """开会：会前步骤都办了、到会人数够、到了日子，才能开；议程按成员次序排出。"""
    review = opened(review, by, clerk_or_head, states=("preparing",))
    faults = queries.not_ready(review)
    found = queries.seats(review)
    if not any(seat.head for seat in found):
        faults.append(_("还没有定主要负责人。请在“成员和指导组”里指定。"))
    faults += queries.seats_in_doubt(review)
    if unknown := [seat for seat in found if not seat.attendance]:
        names = _("、").join(seat.label() for seat in unknown)
        faults.append(_("还没有核对是否到会：%(names)s。") % {"names": names})
    elif not queries.quorum(review).met:
        faults.append(_no_quorum(review))
    if clock.today() < review.date:
        faults.append(
            _("会议日期是 %(day)s，还没有到。要提前开，请先改日期。")
            % {"day": clock.in_words(review.date)}
        )
    if faults:
        raise Refused.all(faults)
    here = [seat for seat in found if seat.attendance == "present"]
    if not here[0].head:
        raise Refused(_("主要负责人没有到会，会不能开。请改期，或先变更主要负责人。"))
    items = rules.agenda([seat.pk for seat in here], guided=review.guests.exists())
    AgendaItem.objects.bulk_create(
        AgendaItem(review=review, number=n, kind=item.kind, seat_id=item.who)
        for n, item in enumerate(items, start=1)
    )
    review.state, review.held_on = "sitting", clock.today()
    review.save(update_fields=["state", "held_on"])
    audit.record(by, "reviews.review.open", review, changes={"held_on": (None, review.held_on)})
    return review


@transaction.atomic
def finish_item(
    item: AgendaItem,
    *,
    by: Post | None,
    speakers: Iterable[Seat] = (),
    guests: Iterable[Guest] = (),
    note: str = "",
) -> AgendaItem:
    """进行完一项议程：记下谁发了言；只能按次序。"""
    item = _turn(item, by)
    spoke, visitors = list(speakers), list(guests)
    faults = []
    if not spoke and not visitors:
        faults.append(_("请勾选谁发了言。"))
    if item.seat is not None and item.kind != "criticism" and item.seat not in spoke:
        faults.append(_("这一项是%(member)s发言，还没有勾选。") % {"member": item.seat.label()})
    if item.kind == "comment" and not visitors:
        faults.append(_("指导组点评，请勾选指导组里谁发了言。"))
    if faults:
        raise Refused.all(faults)
    item.speakers.set(spoke)
    item.guests.set(visitors)
    return _item_ended(item, "done", by, note)


@transaction.atomic
def skip_item(item: AgendaItem, *, by: Post | None, reason: str) -> AgendaItem:
    """略过一项议程：写明原因。"""
    item = _turn(item, by)
    if not reason.strip():
        raise Refused(_("略过议程须写明原因。"))
    return _item_ended(item, "skipped", by, reason.strip())


def _turn(item: AgendaItem, by: Post | None) -> AgendaItem:
    review = opened(item.review, by, states=("sitting",))
    current = queries.current_item(review)
    if current is None or current.pk != item.pk:
        raise Refused(_("还没轮到这一项，或它已经进行过。议程按次序进行。"))
    return current


def _item_ended(item: AgendaItem, state: str, by: Post | None, note: str) -> AgendaItem:
    item.state, item.ended_at, item.note = state, clock.now(), note
    item.save(update_fields=["state", "ended_at", "note"])
    act = "reviews.agenda.finish" if state == "done" else "reviews.agenda.skip"
    spoke = [str(seat) for seat in item.speakers.all()]
    spoke += [str(guest) for guest in item.guests.all()]
    audit.record(by, act, item, changes={"speakers": (None, spoke)}, note=note)
    return item


@transaction.atomic
def record_criticism(
    review: Review,
    *,
    by: Post | None,
    source: Seat,
    target: Seat,
    text: str,
    replaces: Criticism | None = None,
) -> Criticism:
    """记批评意见：谁对谁；经办人记，提出的人也可自己记；记错的另记一条更正。"""
    review = opened(review, by, anybody_inside, states=TAKING_PLACE)
    place = placed(review, by)
    if by is not None and not place.clerk and place.seat != source.pk:
        raise people.not_allowed(by)
    faults = []
    if source.pk == target.pk:
        faults.append(_("对自己的是自我批评，写在个人对照检查材料里。请改选。"))
    attendance = dict(review.seats.values_list("pk", "attendance"))
    if source.pk not in attendance or target.pk not in attendance:
        faults.append(_("成员不在这次会的名单里。请改选。"))
    elif attendance[source.pk] != "present":
        faults.append(_("缺席的成员不能提出批评意见。请改选。"))
    if not text.strip():
        faults.append(_("请写下批评意见。"))
    if replaces is not None and (
        replaces.review_id != review.pk or Criticism.objects.filter(replaces=replaces).exists()
    ):
        faults.append(_("这条记录已经更正过。请更正最新的一条。"))
    if faults:
        raise Refused.all(faults)
    row = Criticism.objects.create(
        review=review, source=source, target=target, text=text.strip(), replaces=replaces, by=by
    )
    act = "reviews.criticism.correct" if replaces else "reviews.criticism.record"
    audit.record(by, act, row)
    return row


def correct_criticism(row: Criticism, *, by: Post | None, text: str) -> Criticism:
    """更正：记错的另记一条，原来的保留。"""
    return record_criticism(
        row.review, by=by, source=row.source, target=row.target, text=text, replaces=row
    )


@transaction.atomic
def comment(review: Review, *, by: Post | None, text: str) -> Review:
    """点评：指导组的点评，由指导组写或经办人代录。"""
    review = opened(review, by, clerk_or_guide, states=TAKING_PLACE)
    if not text.strip():
        raise Refused(_("请写下点评。"))
    review.comment, review.comment_by = text.strip(), by
    review.save(update_fields=["comment", "comment_by"])
    audit.record(by, "reviews.review.comment", review)
    return review


@transaction.atomic
def judge(judgement: Judgement, *, by: Post | None, grade: str, text: str = "") -> Judgement:
    """评价一个项目：等次取自规则；由指导组评，经办人可代录。"""
    review = opened(judgement.review, by, clerk_or_guide, states=TAKING_PLACE)
    known = {code: (name, name_en) for code, name, name_en in queries.setting("grades")}
    if grade not in known:
        raise Refused(_("请从等次中选一个。"))
    judgement = Judgement.objects.select_for_update().get(pk=judgement.pk, review=review)
    judgement.grade, judgement.grade_en = known[grade]
    judgement.text, judgement.by = text.strip(), by
    judgement.save(update_fields=["grade", "grade_en", "text", "by"])
    audit.record(by, "reviews.judgement.judge", judgement)
    return judgement


@transaction.atomic
def end_meeting(review: Review, *, by: Post | None) -> Review:
    """散会：议程都进行完，会中的步骤还可补办；会后的步骤从此可办。"""
    review = opened(review, by, clerk_or_head, states=("sitting",))
    item = queries.current_item(review)
    if item is not None:
        raise Refused(
            _("议程第 %(n)d 项“%(item)s”还没有进行。请进行完，或写明原因略过。")
            % {"n": item.number, "item": item.label()}
        )
    review.state = "held"
    review.save(update_fields=["state"])
    audit.record(by, "reviews.review.end", review)
    return review


@transaction.atomic
def read_record(review: Review, *, by: Post, way: str = "page") -> list[Criticism]:
    """阅读会上记录：批评意见和点评；每次阅读都记入审计，不写内容。"""
    placed(review, by)
    found = queries.criticisms(review)
    changes = {"way": (None, way), "count": (None, len(found))}
    audit.record(by, "reviews.review.read_record", review, changes=changes)
    return found


@transaction.atomic
def read_sheet(review: Review, *, by: Post, sheet: str) -> None:
    """打印会议用表：每次打开打印页记一条审计。"""
    placed(review, by)
    changes = {"way": (None, "print"), "sheet": (None, sheet)}
    audit.record(by, "reviews.review.print", review, changes=changes)
