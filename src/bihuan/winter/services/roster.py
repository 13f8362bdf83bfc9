"""Verbs on the roster: put on duty, take off, a week copied onto another."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.winter.models import Duty
from bihuan.winter.queries import roster as queries
from bihuan.winter.queries import tables
from bihuan.winter.queries.tables import TABLE
from bihuan.winter.rules import roster as rules

MANAGE = "winter.manage"


@transaction.atomic
def put_on(
    *, by: Post | None, day: date, shift: str, role: str, who: Post, sample: bool = False
) -> Duty:
    """排班：哪天哪班哪个岗位由谁值；已有人的换成他。过去的日子不能排。"""
    if by is not None:
        people.require(by, MANAGE)
    faults = []
    if day < clock.today():
        faults.append(_("过去的日子不能再排。"))
    if shift not in TABLE.labels("shifts"):
        faults.append(_("班次表里没有“%(code)s”。") % {"code": shift})
    if role not in TABLE.labels("roles"):
        faults.append(_("岗位表里没有“%(code)s”。") % {"code": role})
    if faults:
        raise Refused.all(faults)
    faults = queries.sentences(
        one
        for one in _with(rules.Turn(day, shift, role, who.pk), day)
        if one.code == "double" and one.who == who.pk
    )
    if faults:
        raise Refused.all(faults)
    held = Duty.objects.select_for_update(of=("self",)).filter(day=day, shift=shift, role=role)
    one = held.select_related("who__person", "who__unit").first()
    before = one.who.label() if one is not None else None
    if one is None:
        one = Duty.objects.create(day=day, shift=shift, role=role, who=who, by=by, sample=sample)
    else:
        one.who, one.by = who, by
        one.save(update_fields=["who", "by"])
    changes = {"who": (before, who.label())}
    note = f"{day} {TABLE.labels('shifts')[shift]} {TABLE.labels('roles')[role]}"
    audit.record(by, "winter.roster.put_on", one, changes=changes, note=note)
    return one


def _with(turn: rules.Turn, day: date) -> list[rules.Fault]:
    """The faults there would be with one turn more, whoever had its place."""
    around = queries.duties(day - timedelta(days=2), day + timedelta(days=2))
    turns = [
        rules.Turn(one.day, one.shift, one.role, one.who_id)
        for one in around
        if (one.day, one.shift, one.role) != (turn.day, turn.shift, turn.role)
    ]
    return rules.faults([*turns, turn], (), tables.shifts(), (), 0)


@transaction.atomic
def take_off(duty: Duty, *, by: Post | None) -> None:
    """撤班：那一班空出来。"""
    if by is not None:
        people.require(by, MANAGE)
    duty = Duty.objects.select_for_update(of=("self",)).get(pk=duty.pk)
    if duty.day < clock.today():
        raise Refused(_("值过的班不能撤。"))
    audit.record(by, "winter.roster.take_off", duty, note=f"{duty.day} {duty.who.label()}")
    duty.delete()


@transaction.atomic
def copy_week(*, by: Post | None, source: date, target: date, weeks: int = 1) -> int:
    """照抄一周：把一周的班抄到后面几周；已排了人的不动，过去的日子不抄。返回抄了几班。"""
    if by is not None:
        people.require(by, MANAGE)
    first, last = queries.monday_of(source), queries.monday_of(target)
    faults = []
    if not 1 <= weeks <= 26:
        faults.append(_("一次抄 1 到 26 周。"))
    if last <= first:
        faults.append(_("要抄到后面的周。"))
    rows = list(queries.duties(first, first + timedelta(days=6)))
    if not rows:
        faults.append(_("那一周还没有排班，没有可抄的。"))
    if faults:
        raise Refused.all(faults)
    made = []
    for week in range(weeks):
        shift_by = (last - first) + timedelta(days=7 * week)
        days = [one.day + shift_by for one in rows]
        there = set(Duty.objects.filter(day__in=days).values_list("day", "shift", "role"))
        made += [
            Duty(day=one.day + shift_by, shift=one.shift, role=one.role, who=one.who, by=by)
            for one in rows
            if one.day + shift_by >= clock.today()
            and (one.day + shift_by, one.shift, one.role) not in there
            and people.holds(one.who, one.day + shift_by)
        ]
    Duty.objects.bulk_create(made)
    if made:
        note = _("%(n)d 班，抄自 %(week)s 一周") % {"n": len(made), "week": clock.in_words(first)}
        audit.record(by, "winter.roster.copy", made[0], note=note)
    return len(made)
