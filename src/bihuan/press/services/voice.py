"""Verbs on opinions: received from anybody, answered by the office, told to all how they ended."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import NotFound, Refused
from bihuan.base.text import tidy
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.press import queries
from bihuan.press.models import Opinion, Release
from bihuan.press.queries.voice import reads_opinions
from bihuan.press.services import visits

_CONTACT = 120


@transaction.atomic
def receive(release: Release, *, text: str, address: str, contact: str = "") -> Opinion:
    """收公众意见：不问是谁，一个来处一小时至多几条；`address` 只计数，不存。"""
    release = Release.objects.select_for_update(of=("self",)).get(pk=release.pk)
    if not queries.is_asking(release):
        raise NotFound(_("这一篇现在不收意见。截止日期写在稿件下面。"))
    visits.require_written(text)
    visits.count(f"press.release:{release.pk}", address)
    last = release.opinions.aggregate(last=Max("number"))["last"] or 0
    opinion = Opinion.objects.create(
        release=release, number=last + 1, text=tidy(text), contact=tidy(contact)[:_CONTACT]
    )
    audit.record(None, "press.opinion.receive", release, changes={"number": (None, last + 1)})
    return opinion


@transaction.atomic
def settle(opinion: Opinion, *, by: Post | None, answer: str, state: str = "answered") -> Opinion:
    """办理意见：写明怎样办的；联系方式随即抹去。`state` is answered, aside or raised."""
    found = Opinion.objects.select_for_update(of=("self",)).select_related("release__unit")
    opinion = found.get(pk=opinion.pk)
    if by is not None and not reads_opinions(by, opinion.release):
        raise people.not_allowed(by)
    told = []
    if opinion.state != "new":
        told.append(_("这条意见已经办理过。"))
    if not answer.strip():
        told.append(_("请写怎样办的；不办理的，写明为什么。"))
    if told:
        raise Refused.all(told)
    opinion.state, opinion.answer, opinion.contact = state, tidy(answer), ""
    opinion.answered_at, opinion.by = clock.now(), by
    opinion.save(update_fields=["state", "answer", "contact", "answered_at", "by"])
    changes = {"number": (None, opinion.number), "state": (None, state)}
    audit.record(by, "press.opinion.settle", opinion.release, changes=changes)
    return opinion


@transaction.atomic
def tell_outcome(release: Release, *, by: Post | None, outcome: str) -> Release:
    """公布意见办理情况：写在稿件下面给大家看；不写是谁提的，私人信息写不出去。"""
    release = Release.objects.select_for_update(of=("self",)).get(pk=release.pk)
    if by is not None:
        people.require(by, "press.office")
    told = []
    if release.state != "published" or release.opinions_until is None:
        told.append(_("这一篇没有征求意见。"))
    if not outcome.strip():
        told.append(_("请写公众意见的办理情况。"))
    told += queries.private_sentences(outcome)
    if told:
        raise Refused.all(told)
    before, release.outcome = release.outcome, tidy(outcome)
    release.save(update_fields=["outcome"])
    changes = {"outcome": (before or None, release.outcome)}
    audit.record(by, "press.release.outcome", release, changes=changes)
    return release
