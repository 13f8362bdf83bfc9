"""What anybody may read, as plain rows: the zone's figures, its ranks, releases, audit roots."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.db.models.functions import TruncDate

from bihuan.audit.models import Entry
from bihuan.facts import queries as facts
from bihuan.facts.models import Observation
from bihuan.people import queries as people

MOST = 500


def figures() -> list[Observation]:
    """The zone's published figures as they stand: of every series the latest period."""
    zone = people.zone()
    if zone is None:
        return []
    found = facts.last_figures(zone).exclude(indicator__code__startswith="project-year")
    found = found.select_related("indicator", "unit", "period", "base_period")
    return list(found.order_by("indicator__number", "indicator__code")[:MOST])


def ranks() -> list[Observation]:
    """The zone's ranks, oldest first."""
    zone = people.zone()
    if zone is None:
        return []
    found = facts.series("rank", zone).select_related("indicator", "period", "unit")
    return list(found.order_by("period__starts"))


@dataclass(frozen=True)
class Root:
    """一天的审计链根：那一天最后一条记录的序号和摘要。"""

    day: date
    number: int
    root: str


def roots(days: int = 60) -> list[Root]:
    """The last entry of each day, newest day first: whoever noted one can check the chain later."""
    ends = Entry.objects.annotate(day=TruncDate("at")).values("day").annotate(last=Max("seq"))
    found = {row["last"]: row["day"] for row in ends.order_by("-day")[:days]}
    hashes = dict(Entry.objects.filter(seq__in=found).values_list("seq", "hash"))
    return [Root(day, number, hashes[number]) for number, day in found.items()]
