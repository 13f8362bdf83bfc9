"""Verbs on duty: a shift begins, ends, is planned ahead; looking at a track leaves its mark."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.fleet import queries
from bihuan.fleet.models import Look, Position, Shift, Vehicle
from bihuan.fleet.services.register import seen
from bihuan.people import queries as people
from bihuan.people.models import Post

LONGEST = timedelta(hours=24)  # of a shift that is planned ahead


@transaction.atomic
def start_shift(vehicle: Vehicle, *, by: Post | None, at: datetime | None = None) -> Shift:
    """出车：从这一刻起收它的位置；还在班上的不能再出车。"""
    vehicle = _locked(vehicle, by)
    at = at or clock.now()
    if not vehicle.in_use:
        raise Refused(_("“%(number)s”已经停用，不能出车。") % {"number": vehicle.number})
    if queries.shifts_at(at).filter(vehicle=vehicle).exists():
        raise Refused(_("“%(number)s”已经在班上。") % {"number": vehicle.number})
    if vehicle.shifts.filter(starts_at__gt=at, ends_at__isnull=True).exists():
        raise Refused(_("出车的时间早于已登记的当班。请核对时间。"))
    shift = Shift.objects.create(vehicle=vehicle, starts_at=at, by=by)
    audit.record(by, "fleet.shift.start", shift, changes={"starts_at": (None, at)})
    return shift


@transaction.atomic
def end_shift(vehicle: Vehicle, *, by: Post | None, at: datetime | None = None) -> Shift:
    """收车：从这一刻起不再收它的位置。"""
    vehicle = _locked(vehicle, by)
    at = at or clock.now()
    shift = queries.shifts_at(at).filter(vehicle=vehicle).order_by("-starts_at").first()
    if shift is None:
        raise Refused(_("“%(number)s”不在班上。") % {"number": vehicle.number})
    if at <= shift.starts_at:
        raise Refused(_("收车应晚于出车。请核对时间。"))
    before, shift.ends_at = shift.ends_at, at
    shift.save(update_fields=["ends_at"])
    audit.record(by, "fleet.shift.end", shift, changes={"ends_at": (before, at)})
    return shift


@transaction.atomic
def plan_shifts(
    vehicles: Sequence[Vehicle], *, by: Post | None, starts_at: datetime, ends_at: datetime
) -> list[Shift]:
    """排班：几台车从何时到何时当班；与已有的班重叠的一台也不排。"""
    faults = []
    if ends_at <= starts_at:
        faults.append(_("收车应晚于出车。请核对时间。"))
    elif ends_at - starts_at > LONGEST:
        faults.append(_("一班最长 24 小时。请分成几班。"))
    if not vehicles:
        faults.append(_("请至少选一台车。"))
    locked = [_locked(one, by) for one in vehicles]
    taken = queries.shifts_between(starts_at, ends_at).filter(vehicle__in=locked)
    for shift in taken if not faults else ():
        faults.append(_("“%(number)s”这段时间已有班。") % {"number": shift.vehicle.number})
    if faults:
        raise Refused.all(faults)
    made = Shift.objects.bulk_create(
        Shift(vehicle=one, starts_at=starts_at, ends_at=ends_at, by=by) for one in locked
    )
    audit.record_many(by, [audit.Act("fleet.shift.plan", one) for one in made])
    return made


@transaction.atomic
def look_at_track(
    vehicle: Vehicle, *, by: Post, since: datetime, until: datetime, reason: str
) -> list[Position]:
    """查看轨迹：写明原因才看得到；谁、何时、为什么看了，记在车辆的经过里。"""
    people.require(by, queries.MANAGE)
    seen(vehicle, by)
    faults = []
    if not reason.strip():
        faults.append(_("请写明查看的原因。"))
    if until <= since:
        faults.append(_("结束应晚于开始。请核对时间。"))
    if faults:
        raise Refused.all(faults)
    look = Look.objects.create(
        vehicle=vehicle, since=since, until=until, reason=reason.strip(), by=by
    )
    changes = {"since": (None, since), "until": (None, until)}
    audit.record(by, "fleet.track.look", vehicle, changes=changes, note=look.reason)
    return list(queries.track(vehicle, since, until))


def _locked(vehicle: Vehicle, by: Post | None) -> Vehicle:
    """The vehicle, locked, if this post may say when it is on duty."""
    seen(vehicle, by)
    if by is not None:
        people.require(by, queries.SHIFT, at=vehicle.company)
    return Vehicle.objects.select_for_update(of=("self",)).get(pk=vehicle.pk)
