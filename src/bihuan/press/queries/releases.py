"""Releases: who sees which, where one stands in its chain, what the public may read."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.days import queries as days
from bihuan.days.rules import Calendar
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.press import rules
from bihuan.press.models import Release, ReleaseStep

VIEW, WRITE = "press.view", "press.write"
OFFICES = ("press.unit", "press.office", "press.publish")


def releases_for(by: Post) -> QuerySet[Release]:
    """Offices of the chain see all; a unit its own; everybody what is published."""
    found = Release.objects.select_related("unit", "by__person", "by__unit", "corrects")
    found = found.prefetch_related("corrections").order_by("-pk")
    if any(people.scope(by, verb).units is None for verb in OFFICES if people.may(by, verb)):
        return found
    mine = Q(state="published")
    if people.may(by, WRITE) or people.may(by, "press.unit"):
        where = people.scope(by, WRITE if people.may(by, WRITE) else "press.unit")
        mine |= Q() if where.units is None else Q(unit__in=where.units)
    return found.filter(mine)


def published() -> QuerySet[Release]:
    """What the public reads, newest first."""
    found = Release.objects.filter(state="published").select_related("corrects", "unit")
    return found.prefetch_related("corrections").order_by("-published_at", "-pk")


def correction_of(release: Release) -> Release | None:
    """The newest published release that corrects this one."""
    found = [one for one in release.corrections.all() if one.published_at is not None]
    return max(found, key=lambda one: (one.published_at, one.pk), default=None)


def steps(release: Release) -> list[ReleaseStep]:
    return list(release.steps.select_related("by__person", "by__unit"))


def may_pass(by: Post, release: Release) -> bool:
    """May this post take the next step: hold its verb for the unit, and not be the one before?"""
    if release.state not in rules.CHAIN:
        return False
    verb, _next = rules.CHAIN[release.state]
    return people.may(by, verb, at=release.unit)


@dataclass(frozen=True)
class Disclosure:
    """公开时限：信息形成后二十个工作日；还剩几个，是否已过。"""

    due: date
    left: int

    @property
    def late(self) -> bool:
        return self.left < 0


def disclosure(release: Release, calendar: Calendar | None = None) -> Disclosure:
    """How the clock of disclosure stands today, or stood on the day of publication."""
    calendar = calendar or days.calendar()
    due = calendar.add(release.event_on, rules.DISCLOSED_WITHIN, "working", roll=True)
    on = clock.today()
    if release.published_at is not None:
        on = timezone.localtime(release.published_at).date()
    left = calendar.between(on, due) if on <= due else -calendar.between(due, on)
    return Disclosure(due, left)


def private_sentences(text: str) -> list[str]:
    """What of a text belongs to a person and may not leave, a sentence each."""
    return [
        _("文中有%(what)s（%(found)s），不得公开。请删去。") % {"what": _(what), "found": begin}
        for what, begin in rules.private(text)
    ]


def zone_name() -> str:
    """The zone's name as it stands on paper: Chinese; empty before set-up."""
    zone = people.zone()
    return zone.name if zone else ""
