"""Preparing a meeting: plan it, move it, seat members, name clerks, invite the guidance group."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.days import queries as days
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.reviews import queries, rules
from bihuan.reviews.models import Guest, Judgement, Paper, Review, Seat, Step
from bihuan.reviews.services import library
from bihuan.reviews.services.doors import OPEN, clerk_or_head, opened

KEEP = "reviews.keep"
FIRST_YEAR, LAST_YEAR = 1950, 2199
LONGEST_INVITATION = timedelta(days=366)


@transaction.atomic
def prepare(
    *,
    by: Post | None,
    kind: str,
    body: Unit,
    year: int,
    theme: str,
    basis: str,
    date: date,
    consent: str = "",
    sample: bool = False,
) -> Review:
    """筹备：定班子、年度、主题、日期；成员取自任职，步骤和期限取自步骤库，由筹备的人经办。"""
    if by is not None:
        people.require(by, KEEP)
    faults = _date_faults(kind, year, date, consent)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        faults.append(
            _("年度应在 %(first)d 到 %(last)d 之间。请改正。")
            % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    if not theme.strip():
        faults.append(_("请写明会议主题。"))
    if not basis.strip():
        faults.append(_("请写明依据：上级哪份通知或方案。"))
    if faults:
        raise Refused.all(faults)
    library.load_defaults()
    share = queries.setting("quorum")
    review = Review.objects.create(
        kind=kind,
        body=body,
        year=year,
        theme=theme.strip(),
        basis=basis.strip(),
        date=date,
        consent=consent.strip(),
        quorum_part=share["part"],
        quorum_whole=share["whole"],
        sample=sample,
    )
    if by is not None:
        review.clerks.add(by)
    Paper.objects.create(review=review, kind="body")
    _take_steps(review)
    _take_judgements(review)
    _seat_all(review)
    audit.record(by, "reviews.review.prepare", review, changes={"date": (None, date)})
    return review


def _date_faults(kind: str, year: int, day: date, consent: str) -> list[str]:
    """An annual meeting outside the usual time needs the superior's consent."""
    window = queries.setting("window")
    outside = not rules.in_window(day, year, window["first"], window["last"])
    if kind == "annual" and outside and not consent.strip():
        return [
            _(
                "年度民主生活会通常在当年 %(first)s 至 %(last)s 召开。"
                "提前或推迟的，请写明上级同意的依据。"
            )
            % {"first": window["first"], "last": window["last"]}
        ]
    return []


def _take_steps(review: Review) -> None:
    kept = ("code", "name", "name_en", "phase", "days", "unit", "documents", "paper")
    for order, row in enumerate(queries.templates(), start=1):
        if not row.in_use:
            continue
        step = Step(review=review, order=order, source=row.source, grade=row.grade)
        for name in kept:
            setattr(step, name, getattr(row, name))
        step.due, step.provisional = _due(step, review.date)
        step.save()


def _due(step: Step, day: date) -> tuple[date, bool]:
    """The deadline of a step of a meeting on that day, and whether it leans on a guess."""
    calendar = days.calendar()
    if step.phase == "before":
        due = calendar.back(day, step.days, step.unit)
        leans = step.unit == "working" and calendar.provisional(due, day)
    else:
        due = calendar.add(day, step.days, step.unit)
        leans = step.unit == "working" and calendar.provisional(day, due)
    return due, leans


def _take_judgements(review: Review) -> None:
    for order, (code, name, name_en) in enumerate(queries.setting("judgements"), start=1):
        Judgement.objects.create(review=review, code=code, name=name, name_en=name_en, order=order)


def _seat_all(review: Review) -> None:
    """Whoever holds a post in the body that day; its primary owner first, as its head."""
    posts = sorted(queries.members_to_choose(review), key=lambda p: (not p.primary_owner, p.pk))
    for order, post in enumerate(posts, start=1):
        _seat(review, post, order=order, head=order == 1 and post.primary_owner)


def _seat(review: Review, post: Post, *, order: int, head: bool = False) -> Seat:
    seat = Seat.objects.create(review=review, post=post, order=order, head=head)
    Paper.objects.create(review=review, kind="personal", seat=seat)
    return seat


@transaction.atomic
def amend(
    review: Review, *, by: Post | None, theme: str, basis: str, date: date, consent: str = ""
) -> Review:
    """改主题、依据、日期；日期一改，未办步骤的期限重算；提前或推迟年度会议须有上级同意。"""
    review = opened(review, by, states=("preparing",))
    before = Review.objects.get(pk=review.pk)
    faults = _date_faults(review.kind, review.year, date, consent)
    if not theme.strip():
        faults.append(_("请写明会议主题。"))
    if not basis.strip():
        faults.append(_("请写明依据：上级哪份通知或方案。"))
    if faults:
        raise Refused.all(faults)
    review.theme, review.basis = theme.strip(), basis.strip()
    review.date, review.consent = date, consent.strip()
    changes = audit.changed(before, review, "theme", "basis", "date", "consent")
    if not changes:
        return review
    review.save(update_fields=list(changes))
    if "date" in changes:
        for step in review.steps.filter(state="pending"):
            step.due, step.provisional = _due(step, date)
            step.save(update_fields=["due", "provisional"])
    audit.record(by, "reviews.review.amend", review, changes=changes)
    return review


@transaction.atomic
def call_off(review: Review, *, by: Post | None, reason: str) -> Review:
    """取消：会没有开，写明原因；记录保留。"""
    review = opened(review, by, clerk_or_head, states=("preparing",))
    if not reason.strip():
        raise Refused(_("请写明取消的原因。"))
    review.state, review.reason = "called_off", reason.strip()
    review.save(update_fields=["state", "reason"])
    audit.record(by, "reviews.review.call_off", review, note=reason)
    return review


@transaction.atomic
def name_clerks(review: Review, *, by: Post | None, clerks: Iterable[Post]) -> Review:
    """指定经办人：至少一人；换下的人从此看不到这个会。"""
    review = opened(review, by, clerk_or_head)
    chosen = list(clerks)
    allowed = set(queries.clerks_to_choose().values_list("pk", flat=True))
    if not chosen:
        raise Refused(_("请至少指定一名经办人。"))
    if any(post.pk not in allowed for post in chosen):
        raise Refused(_("经办人须有“筹备和记录民主生活会”的权限。请改选。"))
    before = [str(post) for post in review.clerks.order_by("pk")]
    review.clerks.set(chosen)
    after = [str(post) for post in review.clerks.order_by("pk")]
    audit.record(by, "reviews.review.clerks", review, changes={"clerks": (before, after)})
    return review


@transaction.atomic
def seat(review: Review, *, by: Post | None, post: Post, head: bool = False) -> Seat:
    """列入成员：在会议日任职的人；只在会前。"""
    review = opened(review, by, states=("preparing",))
    if not queries.members_to_choose(review).filter(pk=post.pk).exists():
        raise Refused(_("此人在会议日不在这个班子任职，或已在名单里。请核对任职。"))
    last = max((one.order for one in queries.seats(review)), default=0)
    if head:
        review.seats.filter(head=True).update(head=False)
    made = _seat(review, post, order=last + 1, head=head)
    audit.record(by, "reviews.review.seat", review, changes={"members": (None, str(made))})
    return made


@transaction.atomic
def unseat(seat: Seat, *, by: Post | None, reason: str) -> Review:
    """移出名单：会前，且还没有任何记载的成员；写明原因。"""
    review = opened(seat.review, by, states=("preparing",))
    paper = seat.check_paper
    used = (
        paper.versions.exists()
        or hasattr(paper, "draft")
        or review.opinions.filter(seat=seat).exists()
        or review.talks.filter(seat=seat).exists()
        or review.talks.filter(other=seat).exists()
        or review.due_talks.filter(seat=seat).exists()
        or review.lower.filter(guide=seat).exists()
        or review.poll_id is not None  # the box has a compartment for each member
    )
    if used:
        raise Refused(
            _(
                "“%(member)s”已有材料、意见或谈话记载，或已设意见箱，不能移出。不到会的，请记为缺席。"
            )
            % {"member": seat.label()}
        )
    if not reason.strip():
        raise Refused(_("请写明移出的原因。"))
    name = str(seat)
    paper.delete()
    seat.delete()
    audit.record(
        by, "reviews.review.unseat", review, changes={"members": (name, None)}, note=reason
    )
    return review


@transaction.atomic
def arrange(review: Review, *, by: Post | None, head: Seat, places: Mapping[int, int]) -> Review:
    """排次序，定主要负责人：议程按这个次序走；`places` 是席位到次序。"""
    review = opened(review, by, states=("preparing",))
    found = queries.seats(review)
    before = [str(one) for one in found]
    if head not in found:
        raise Refused(_("主要负责人须在名单里。请从名单中选。"))
    review.seats.filter(head=True).update(head=False)
    wanted = sorted(found, key=lambda one: (one != head, places.get(one.pk, one.order), one.order))
    for order, one in enumerate(wanted, start=1):
        review.seats.filter(pk=one.pk).update(order=order, head=one == head)
    after = [str(one) for one in wanted]
    audit.record(by, "reviews.review.arrange", review, changes={"members": (before, after)})
    return review


@transaction.atomic
def invite(
    review: Review,
    *,
    by: Post | None,
    post: Post,
    valid_from: date,
    valid_to: date,
    leader: bool = False,
    home_unit: str = "",
) -> Guest:
    """邀请指导组成员：从某日到某日看得到这一次会，期满自行失效。"""
    review = opened(review, by)
    faults = []
    if not queries.guides_to_choose(review).filter(pk=post.pk).exists():
        faults.append(_("此人没有指导组成员的任职，或已受邀。请先由管理员任职。"))
    if valid_to < valid_from:
        faults.append(_("受邀的终止日期不得早于起始日期。请检查日期。"))
    elif valid_to - valid_from > LONGEST_INVITATION:
        faults.append(_("受邀期不得超过一年。请改早终止日期。"))
    if faults:
        raise Refused.all(faults)
    guest = Guest.objects.create(
        review=review,
        post=post,
        leader=leader,
        home_unit=home_unit,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    changes = {"guests": (None, str(guest)), "valid_to": (None, valid_to)}
    audit.record(by, "reviews.review.invite", review, changes=changes)
    return guest


@transaction.atomic
def end_invitation(guest: Guest, *, by: Post | None, valid_to: date) -> Guest:
    """改受邀期：提前终止或延长；昨天为止的，今天就看不到。"""
    review = opened(guest.review, by, states=(*OPEN, "closed"))
    guest = Guest.objects.select_for_update().get(pk=guest.pk)
    earliest = min(guest.valid_from, clock.today())
    if valid_to < earliest or valid_to - guest.valid_from > LONGEST_INVITATION:
        raise Refused(_("终止日期应在受邀起始日之后一年以内。请改正。"))
    before = guest.valid_to
    guest.valid_to = max(valid_to, guest.valid_from)
    guest.save(update_fields=["valid_to"])
    changes: dict[str, tuple[Any, Any]] = {
        "guests": (None, str(guest)),
        "valid_to": (before, guest.valid_to),
    }
    audit.record(by, "reviews.review.invite", review, changes=changes)
    return guest
