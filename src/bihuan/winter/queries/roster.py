"""Questions about the roster: who is on duty when, and everything wrong with it at once."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.winter.models import Duty
from bihuan.winter.queries import tables
from bihuan.winter.rules import roster as rules


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def duties(first: date, last: date) -> QuerySet[Duty]:
    rows = Duty.objects.filter(day__range=(first, last))
    return rows.select_related("who__person", "who__unit", "who__role").order_by("day", "pk")


def on_duty(at: datetime | None = None) -> list[Duty]:
    """Who is on duty at a moment: of yesterday's night shift too, while it lasts."""
    now = timezone.localtime(at or clock.now()).replace(tzinfo=None)
    shifts = tables.shifts()
    rows = duties(now.date() - timedelta(days=1), now.date())
    found = []
    for one in rows:
        if one.shift in shifts:
            begin, end = shifts[one.shift].span(one.day)
            if begin <= now < end:
                found.append(one)
    return found


def faults(first: date, days: int, more: Iterable[rules.Turn] = ()) -> list[rules.Fault]:
    """What is wrong with so many days: neighbours on both sides are looked at for rest."""
    span = days_from(first, days)
    rows = duties(first - timedelta(days=2), first + timedelta(days=days + 1))
    turns = [rules.Turn(one.day, one.shift, one.role, one.who_id) for one in rows]
    roles = tables.TABLE.labels("roles")
    found = rules.faults(
        [*turns, *more], span, tables.shifts(), roles, tables.setting("rest_hours")
    )
    return [one for one in found if one.day in set(span)]


def sentences(found: Iterable[rules.Fault]) -> list[str]:
    """A sentence for each, in the reader's language; the open turns of a day in one."""
    every = list(found)
    posts = Post.objects.filter(pk__in={one.who for one in every}).select_related("unit", "role")
    names = {one.pk: one.label() for one in posts}
    shifts, roles = tables.TABLE.labels("shifts"), tables.TABLE.labels("roles")
    gaps: dict[date, list[str]] = {}
    for one in every:
        if one.code == "gap":
            turn = f"{shifts.get(one.shift, one.shift)} {roles.get(one.role, one.role)}"
            gaps.setdefault(one.day, []).append(turn)
    told = [
        _(rules.SENTENCES["gap"]) % {"day": clock.in_words(day), "turns": _("、").join(turns)}
        for day, turns in gaps.items()
    ]
    least = tables.setting("rest_hours")
    return told + [
        _(rules.SENTENCES[one.code])
        % {
            "day": clock.in_words(one.day),
            "shift": shifts.get(one.shift, one.shift),
            "other": shifts.get(one.other, one.other),
            "who": names.get(one.who, ""),
            "hours": one.hours,
            "least": least,
        }
        for one in every
        if one.code != "gap"
    ]


def posts_to_choose() -> QuerySet[Post]:
    """Posts that hold today, in the order of the units."""
    found = Post.objects.filter(people.valid_on(clock.today()))
    return found.select_related("person", "unit", "role").order_by("unit__code", "pk")
