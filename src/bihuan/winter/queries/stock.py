"""Questions about de-icer: what is where, what came and went, how long it lasts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum

from bihuan.base import clock
from bihuan.roads import queries as roads
from bihuan.winter.models import Movement, Store
from bihuan.winter.queries import tables
from bihuan.winter.rules import stock as rules

LANE_M = 3.5  # [K] width of a lane; a section's length counts its carriageways already
LANES = {"main": 3, "secondary": 2, "branch": 1, "back": 1}  # [K] lanes of one carriageway


def stores() -> QuerySet[Store]:
    return Store.objects.select_related("unit").order_by("pk")


def movements(store: Store) -> QuerySet[Movement]:
    """What came and went, newest first."""
    found = store.movements.select_related("team", "by__person", "by__unit", "reverses")
    return found.order_by("-at", "-pk")


def reversible(store: Store) -> QuerySet[Movement]:
    """What can still be reversed: no reversal, and not reversed already."""
    rows = store.movements.exclude(kind="reversal").filter(reversed_by=None)
    return rows.order_by("-at", "-pk")


def steps(store: Store, product: str) -> list[rules.Step]:
    rows = store.movements.filter(product=product).values_list("at", "kg")
    return [rules.Step(at, kg) for at, kg in rows]


def balances(at: datetime | None = None) -> dict[tuple[int, str], int]:
    """(store, product) → kg at a moment, now unless told."""
    rows = Movement.objects.filter(at__lte=at or clock.now())
    summed = rows.values("store", "product").annotate(kg=Sum("kg"))
    return {(one["store"], one["product"]): one["kg"] for one in summed}


@dataclass(frozen=True)
class Level:
    """一种融雪剂全区有多少，最低储备多少，够几天。"""

    product: str
    kg: int
    minimum_kg: int

    @property
    def low(self) -> bool:
        return self.kg < self.minimum_kg


def levels(at: datetime | None = None) -> list[Level]:
    """Each product of the table with its stock in all places."""
    held: dict[str, int] = {}
    for (_store, product), kg in balances(at).items():
        held[product] = held.get(product, 0) + kg
    least = tables.minimums()
    names = [*least, *(one for one in held if one not in least)]
    return [
        Level(one, held.get(one, 0), least.get(one, 0) * rules.KG_PER_T)
        for one in dict.fromkeys(names)
    ]


def square_m(kinds: Iterable[str] = ("main", "secondary")) -> float:
    """The area of the streets of these classes, by usual widths; 0 without a network."""
    wanted = set(kinds)
    rows = roads.sections().filter(kind__in=wanted).values_list("kind", "length_m")
    return sum(length * LANES[kind] * LANE_M for kind, length in rows)


@dataclass(frozen=True)
class Lasting:
    """够用几天，和由什么算出：主次干道多少平方米，每遍几 g/m²，一天几遍。"""

    days: float
    square_m: float
    grams: int
    passes: int


def lasting(found: Iterable[Level]) -> Lasting | None:
    """For how long that stock lasts on main and secondary streets; None where there are none."""
    area, grams, passes = square_m(), tables.setting("grams"), tables.setting("passes_a_day")
    days = rules.days_left(sum(one.kg for one in found), area, grams, passes)
    return None if days is None else Lasting(days, area, grams, passes)


def issued_kg(since: datetime, until: datetime) -> int:
    """What left the stores in a span of time, reversals taken back: beside what teams reported."""
    rows = Movement.objects.filter(at__range=(since, until)).exclude(kind__in=("receipt", "count"))
    rows = rows.exclude(kind="reversal", reverses__kind__in=("receipt", "count"))
    return -(rows.aggregate(kg=Sum("kg"))["kg"] or 0)
