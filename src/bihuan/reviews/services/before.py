"""Before the meeting: opinions taken, sorted, returned; talks that are due, talks held."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.reviews import queries
from bihuan.reviews.models import DueTalk, Opinion, Review, Seat, Talk
from bihuan.reviews.services.doors import anybody_inside, opened, placed


@transaction.atomic
def note_opinion(
    review: Review,
    *,
    by: Post | None,
    channel: str,
    text: str,
    origin: str = "",
    about: str = "",
    seat: Seat | None = None,
) -> Opinion:
    """记下一条意见：书面或访谈得来；审计里只有序号，没有内容。"""
    review = opened(review, by, states=("preparing",))
    faults = _aim_faults(review, about, seat)
    if not text.strip():
        faults.append(_("请写下意见的内容。"))
    if channel == "box" and origin.strip():
        faults.append(_("匿名意见箱的意见不得写来自哪里。请把“来自”清空。"))
    if faults:
        raise Refused.all(faults)
    last = review.opinions.aggregate(last=Max("number"))["last"] or 0
    opinion = Opinion.objects.create(
        review=review,
        number=last + 1,
        channel=channel,
        text=text.strip(),
        origin=origin.strip(),
        about=about,
        seat=seat if about == "member" else None,
        by=by,
    )
    audit.record(by, "reviews.opinion.note", opinion, changes={"channel": (None, channel)})
    return opinion


@transaction.atomic
def sort_opinion(
    opinion: Opinion, *, by: Post | None, about: str, seat: Seat | None = None
) -> Opinion:
    """分送：这条意见是对班子的，还是对某个成员的。"""
    review = opened(opinion.review, by, states=("preparing",))
    opinion = Opinion.objects.select_for_update().get(pk=opinion.pk)
    faults = _aim_faults(review, about, seat)
    if not about:
        faults.append(_("请选择这条意见是对班子的还是对某个成员的。"))
    if opinion.returned_on is not None:
        faults.append(_("这条意见已经反馈，不能再改分送。"))
    if faults:
        raise Refused.all(faults)
    opinion.about, opinion.seat = about, seat if about == "member" else None
    opinion.save(update_fields=["about", "seat"])
    audit.record(by, "reviews.opinion.sort", opinion, changes={"about": (None, about)})
    return opinion


@transaction.atomic
def return_opinions(review: Review, *, by: Post | None) -> int:
    """反馈：已分送的意见原样反馈给班子和本人；返回反馈了几条。"""
    review = opened(review, by, states=("preparing",))
    waiting = review.opinions.filter(returned_on__isnull=True).exclude(about="")
    count = waiting.count()
    if not count:
        raise Refused(_("没有等待反馈的意见。请先分送。"))
    waiting.update(returned_on=clock.today(), returned_by=by)
    audit.record(by, "reviews.review.return_opinions", review, changes={"count": (None, count)})
    return count


def _aim_faults(review: Review, about: str, seat: Seat | None) -> list[str]:
    if about == "member" and (seat is None or seat.review_id != review.pk):
        return [_("对成员的意见，请选择是哪位成员。")]
    return []


@transaction.atomic
def add_due_talk(review: Review, *, by: Post | None, seat: Seat, post: Post) -> DueTalk:
    """列入应谈对象：某成员与某单位负责人。"""
    review = opened(review, by, states=("preparing",))
    if seat.review_id != review.pk or review.due_talks.filter(seat=seat, post=post).exists():
        raise Refused(_("这一对已在应谈之列，或成员不在名单里。请改选。"))
    row = DueTalk.objects.create(review=review, seat=seat, post=post)
    audit.record(by, "reviews.talk.due", row)
    return row


@transaction.atomic
def note_talk(
    review: Review,
    *,
    by: Post | None,
    seat: Seat,
    on: date,
    other: Seat | None = None,
    post: Post | None = None,
    points: str = "",
) -> Talk:
    """记下一次谈心谈话：只要谁与谁、哪天；成员记自己的，经办人都可记。"""
    review = opened(review, by, anybody_inside, states=("preparing",))
    place = placed(review, by)
    faults = []
    if not place.clerk and (place.seat is None or place.seat not in (seat.pk, _key(other))):
        raise people.not_allowed(by) if by else AssertionError
    if (other is None) == (post is None):
        faults.append(_("请选择与谁谈：一位成员，或一位单位负责人，二者取一。"))
    if other == seat:
        faults.append(_("不能与自己谈心谈话。请改选。"))
    if any(one is not None and one.review_id != review.pk for one in (seat, other)):
        faults.append(_("成员不在这次会的名单里。请改选。"))
    if on > clock.today():
        faults.append(_("谈话日期不得晚于今天。请谈过再记。"))
    if faults:
        raise Refused.all(faults)
    talk = Talk.objects.create(
        review=review, seat=seat, other=other, post=post, on=on, points=points.strip(), by=by
    )
    audit.record(by, "reviews.talk.note", talk, changes={"on": (None, on)})
    return talk


def _key(seat: Seat | None) -> int | None:
    return seat.pk if seat else None


@transaction.atomic
def read_opinions(review: Review, *, by: Post, way: str = "page") -> list[Opinion]:
    """阅读意见：每次阅读都记入审计，只记读了几条。"""
    place = placed(review, by)
    found = list(queries.opinions_for(review, place))
    changes = {"way": (None, way), "count": (None, len(found))}
    audit.record(by, "reviews.review.read_opinions", review, changes=changes)
    return found


@transaction.atomic
def read_talk(talk: Talk, *, by: Post) -> str:
    """阅读谈话要点：只有谈话的双方和经办人；每次阅读都记入审计。"""
    place = placed(talk.review, by)
    sides = {talk.seat_id, talk.other_id} - {None}
    if not place.clerk and place.seat not in sides:
        raise people.not_allowed(by)
    audit.record(by, "reviews.talk.read", talk)
    return talk.points
