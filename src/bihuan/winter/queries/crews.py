"""Questions about teams: how many people by trade and shift, tools, what was published of them."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from bihuan.facts import queries as facts
from bihuan.facts.models import Observation
from bihuan.people import queries as people
from bihuan.winter.models import Strength, Team, ToolStock

# Published figure → what is counted beside it.
PUBLISHED = {"snow-teams": "teams", "snow-members": "people", "snow-tools": "tools"}


def teams() -> QuerySet[Team]:
    """Teams that stand, each before its parts."""
    found = Team.objects.filter(dissolved=False).select_related("unit", "parent")
    return found.order_by("pk")


def tree() -> list[tuple[Team, int]]:
    """Teams with how deep each stands below its own."""
    below: dict[int | None, list[Team]] = {}
    for one in teams():
        below.setdefault(one.parent_id, []).append(one)

    def walk(parent: int | None, depth: int) -> list[tuple[Team, int]]:
        return [
            line
            for one in below.get(parent, ())
            for line in ((one, depth), *walk(one.pk, depth + 1))
        ]

    return walk(None, 0)


def strengths(team: Team | None = None) -> dict[tuple[str, str], int]:
    """(trade, shift) → people, of one team or of all that stand."""
    rows = Strength.objects.filter(team__dissolved=False)
    if team is not None:
        rows = rows.filter(team=team)
    summed = rows.values("trade", "shift").annotate(n=Sum("people"))
    return {(one["trade"], one["shift"]): one["n"] for one in summed}


def people_of() -> Counter[int]:
    """Team → people in it, its parts not counted."""
    rows = Strength.objects.values("team").annotate(n=Sum("people"))
    return Counter({one["team"]: one["n"] for one in rows})


def tools() -> list[tuple[str, int, bool]]:
    """Tool → how many, and whether any part of it is only known from below."""
    found: dict[str, tuple[int, bool]] = {}
    for one in ToolStock.objects.filter(team__dissolved=False):
        number, bound = found.get(one.tool, (0, False))
        found[one.tool] = (number + one.number, bound or one.lower_bound)
    return [(tool, *told) for tool, told in found.items()]


@dataclass(frozen=True)
class Beside:
    """一个公布的数和登记的数：公布的照原文，登记的由各队伍加总，差多少。"""

    published: Observation
    counted: int

    @property
    def difference(self) -> Decimal:
        return Decimal(self.counted) - (self.published.value or 0)


def beside_published() -> list[Beside]:
    """Published figures beside what is registered; neither changes the other."""
    zone = people.zone()
    if zone is None:
        return []
    counted = {
        "teams": sum(one.parent_id is None for one in teams()),
        "people": sum(strengths().values()),
        "tools": sum(number for _tool, number, _bound in tools()),
    }
    rows = facts.last_figures(zone).filter(indicator__code__in=PUBLISHED)
    rows = rows.select_related("indicator", "period", "unit")
    return [Beside(one, counted[PUBLISHED[one.indicator.code]]) for one in rows]
