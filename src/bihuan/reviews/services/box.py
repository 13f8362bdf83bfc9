"""The anonymous box: set up through `ballots`, and its texts taken over once it is counted."""

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.ballots import queries as ballot_queries
from bihuan.ballots import services as ballots
from bihuan.ballots.models import Poll
from bihuan.base.errors import Refused
from bihuan.people.models import Post
from bihuan.reviews import bridge, queries
from bihuan.reviews.models import Opinion, Review
from bihuan.reviews.services.doors import opened


@transaction.atomic
def open_box(review: Review, *, by: Post | None) -> Poll:
    """设匿名意见箱：对班子和每个成员各一格；名单、发票、开箱都在投票的台面上办。"""
    review = opened(review, by, states=("preparing",))
    if review.poll_id is not None:
        raise Refused(_("这次会已经设了匿名意见箱。请到它的台面上办。"))
    found = queries.seats(review)
    poll = ballots.draw_up(
        by=by,
        plan=bridge.box_plan(review, found),
        title=f"{review} 征求意见",
        title_en=f"{review.body.name_en or review.body.name}: opinions asked for",
        subject_url=reverse("reviews:opinions", args=[review.pk]),
        sample=review.sample,
    )
    review.poll = poll
    review.save(update_fields=["poll"])
    audit.record(by, "reviews.review.open_box", review)
    return poll


@transaction.atomic
def take_box(review: Review, *, by: Post | None) -> int:
    """取意见箱：计票以后，把写下的意见分到班子和本人名下；只取一次，不带来源。返回取了几条。"""
    review = opened(review, by, states=("preparing",))
    if review.poll is None:
        raise Refused(_("这次会没有设匿名意见箱。请先设意见箱，或用别的渠道。"))
    poll = ballot_queries.counted(review.poll)
    if queries.box_texts_taken(review):
        raise Refused(_("意见箱里的意见已经取过，不能再取。"))
    number = review.opinions.aggregate(last=Max("number"))["last"] or 0
    rows = []
    for seat, texts in bridge.written(poll).items():
        for text in texts:
            number += 1
            aim = {"about": "body"} if seat is None else {"about": "member", "seat_id": seat}
            rows.append(
                Opinion(review=review, number=number, channel="box", text=text, by=by, **aim)
            )
    if not rows:
        raise Refused(_("意见箱里没有可取的意见：没有人写，或投的票太少，取出来会认出是谁写的。"))
    Opinion.objects.bulk_create(rows)
    audit.record(by, "reviews.review.take_box", review, changes={"count": (None, len(rows))})
    return len(rows)
