"""Questions about vehicles: who may see which, what is on the road now, what devices report."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from bihuan.base import clock
from bihuan.fleet import rules
from bihuan.fleet.models import (
    Depot,
    Device,
    DeviceDay,
    Keeping,
    LastPosition,
    Look,
    Position,
    Shift,
    Vehicle,
)
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit

VIEW, MANAGE, SHIFT = "fleet.view", "fleet.manage", "fleet.shift"


# The register -------------------------------------------------------------------------------------


def visible_to(by: Post) -> QuerySet[Vehicle]:
    """全区的角色看全部车辆；单位只看自己的。"""
    return _within(Vehicle.objects.select_related("company", "depot"), by)


def depots_of(by: Post) -> QuerySet[Depot]:
    """Depots that this post may see."""
    return _within(Depot.objects.select_related("company"), by)


def _within(found: QuerySet, by: Post) -> QuerySet:  # type: ignore[type-arg]  # of either noun
    where = people.scope(by, VIEW)
    return found if where.units is None else found.filter(company__in=where.units)


def found(
    by: Post, *, text: str = "", kind: str = "", company: Unit | None = None, duty: str = ""
) -> QuerySet[Vehicle]:
    """Vehicles by number or plate, kind, company, on duty or not; each with its open shift."""
    vehicles = visible_to(by).filter(in_use=True)
    if text := text.strip():
        vehicles = vehicles.filter(Q(number__icontains=text) | Q(plate__icontains=text))
    if kind:
        vehicles = vehicles.filter(kind=kind)
    if company is not None:
        vehicles = vehicles.filter(company=company)
    on_duty = shifts_at(clock.now())
    if duty == "on":
        vehicles = vehicles.filter(pk__in=on_duty.values("vehicle"))
    elif duty == "off":
        vehicles = vehicles.exclude(pk__in=on_duty.values("vehicle"))
    return vehicles.prefetch_related(Prefetch("shifts", on_duty, to_attr="now_on"))


def to_plan(by: Post) -> QuerySet[Vehicle]:
    """Vehicles whose shifts this post may set."""
    where = people.scope(by, SHIFT)
    vehicles = visible_to(by).filter(in_use=True)
    return vehicles if where.units is None else vehicles.filter(company__in=where.units)


def companies() -> QuerySet[Unit]:
    """Units that have vehicles."""
    return Unit.objects.filter(pk__in=Vehicle.objects.values("company")).order_by("code")


def company_choices() -> QuerySet[Unit]:
    """Units that could run vehicles: those that exist today."""
    kinds = ("contractor", "bureau", "team", "soe", "subdistrict_office", "park")
    return people.units().filter(kind__in=kinds).order_by("code")


def counted(by: Post) -> dict[str, int]:
    """How many vehicles of each kind are in use."""
    kinds = visible_to(by).filter(in_use=True).order_by().values_list("kind")
    return dict(kinds.annotate(n=Count("pk")))


def devices() -> QuerySet[Device]:
    """Every device, newest first."""
    return Device.objects.select_related("company", "vehicle").order_by("-pk")


def device_in_force(digest: str) -> Device | None:
    """The device of a token that was not ended: one look into an index."""
    return next(iter(Device.objects.filter(digest=digest, ended_at__isnull=True)[:1]), None)


def heard_today() -> dict[int, DeviceDay]:
    """Today's counts of every device that was heard."""
    return {one.device_id: one for one in DeviceDay.objects.filter(day=clock.today())}


# Duty and tracks ----------------------------------------------------------------------------------


def shifts_at(moment: datetime) -> QuerySet[Shift]:
    """Shifts that are on at a moment."""
    going_on = Q(ends_at__isnull=True) | Q(ends_at__gt=moment)
    return Shift.objects.filter(going_on, starts_at__lte=moment)


def shifts_between(since: datetime, until: datetime) -> QuerySet[Shift]:
    """Shifts that share a moment with a span of time."""
    going_on = Q(ends_at__isnull=True) | Q(ends_at__gt=since)
    return Shift.objects.filter(going_on, starts_at__lt=until).select_related("vehicle")


def shifts_from(moment: datetime) -> QuerySet[Shift]:
    """Shifts that are on at a moment or begin later, in their order."""
    going_on = Q(ends_at__isnull=True) | Q(ends_at__gt=moment)
    found = Shift.objects.filter(going_on).select_related("vehicle", "vehicle__company")
    return found.order_by("starts_at", "pk")


def latest(at: datetime | None = None) -> QuerySet[LastPosition]:
    """最近位置：正在当班的车辆各一条；收了车的不在其中。"""
    on_duty = shifts_at(at or clock.now()).values("vehicle")
    return LastPosition.objects.filter(vehicle__in=on_duty).select_related(
        "vehicle", "vehicle__company"
    )


def keepings() -> QuerySet[Keeping]:
    """What was decided about keeping positions, newest first."""
    return Keeping.objects.select_related("by__person", "by__unit").order_by("-pk")


def keep_hours() -> int:
    """How many hours single positions are kept."""
    hours = Keeping.objects.order_by("-pk").values_list("hours", flat=True).first()
    return rules.KEEP_HOURS if hours is None else hours


def kept_since_ms() -> int:
    """Older positions should be deleted by now, and are not looked at."""
    return rules.milliseconds(clock.now()) - keep_hours() * rules.HOUR_MS


def track(vehicle: Vehicle, since: datetime, until: datetime) -> QuerySet[Position]:
    """One vehicle's positions in a span; what should be deleted by now is not among them."""
    from_ms = max(rules.milliseconds(since), kept_since_ms())
    found = Position.objects.filter(
        vehicle=vehicle, at_ms__gte=from_ms, at_ms__lte=rules.milliseconds(until)
    )
    return found.order_by("at_ms")


def looks_at(vehicle: Vehicle) -> QuerySet[Look]:
    """Who looked at a vehicle's tracks, newest first."""
    return vehicle.looks.select_related("by__person", "by__unit").order_by("-pk")


def expired_vehicles(before_ms: int) -> Iterable[int]:
    """Vehicles of which a position is older than that, by a walk over vehicles, not positions."""
    for pk in Vehicle.objects.order_by("pk").values_list("pk", flat=True):
        if Position.objects.filter(vehicle=pk, at_ms__lt=before_ms).exists():
            yield pk


def oldest_ms(vehicle: int) -> int | None:
    """The oldest position of a vehicle that is still kept."""
    found = Position.objects.filter(vehicle=vehicle).order_by("at_ms")
    return found.values_list("at_ms", flat=True).first()


def positions_count() -> int:
    """How many positions are kept at the moment."""
    return Position.objects.count()
