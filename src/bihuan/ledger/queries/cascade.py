"""Down and up the tree: parts of a finding, what they add up to, findings with no living owner."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.ledger import rules
from bihuan.ledger.models import Finding
from bihuan.ledger.queries import tables, time
from bihuan.ledger.rules import time as timing
from bihuan.people import queries as people
from bihuan.people.models import Tie, Unit


def direct_subordinates(unit: Unit, line: str) -> QuerySet[Unit]:
    """Units directly below on one line today."""
    ties = Tie.objects.filter(people.valid_on(clock.today()), parent=unit, line=line)
    return people.units().filter(pk__in=ties.values("child")).order_by("code")


def parts(finding: Finding) -> list[Finding]:
    """All findings split from this one, level by level, to the bottom."""
    found: list[Finding] = []
    level = [finding.pk]
    while level:
        below = list(
            Finding.objects.filter(parent__in=level).select_related("lead_unit").order_by("pk")
        )
        found += below
        level = [part.pk for part in below]
    return found


@dataclass(frozen=True)
class RollUp:
    """What the parts of a finding add up to: counts by state, late ones, the worst lamp."""

    total: int
    closed: int
    withdrawn: int
    overdue: int
    worst: str | None


def roll_up(finding: Finding, below: Sequence[Finding] | None = None) -> RollUp:
    """A late child shows at the top: the worst lamp of the finding and of everything below it."""
    below = parts(finding) if below is None else below
    counts = Counter(part.state for part in below)
    lamps = time.lamps([finding, *below])
    today = clock.today()
    late = sum(rules.is_overdue(part.state, part.due, today, part.requested_on) for part in below)
    shown = [row["code"] for row in lamps.values() if row is not None]
    worst = timing.worst(tables.table("lamps"), shown)
    return RollUp(len(below), counts["closed"], counts["void"], late, worst)


def without_living_owner() -> QuerySet[Finding]:
    """Open findings whose lead unit no longer exists: must always be empty."""
    today = clock.today()
    ended = Q(lead_unit__valid_to__lt=today) | Q(lead_unit__isnull=True)
    return Finding.objects.filter(ended, state__in=rules.OPEN)


def open_at(unit: Unit) -> QuerySet[Finding]:
    """Open findings that a unit leads."""
    return Finding.objects.filter(lead_unit=unit, state__in=rules.OPEN)


def left_behind(unit: Unit, day: date) -> list[str]:
    """What would have no living owner if the unit ended on this day: asked by `people` before it
    does (`people.services.guard`)."""
    count = open_at(unit).count()
    if not count:
        return []
    return [
        _(
            "“%(unit)s”牵头的问题还有 %(count)d 个未销号，%(day)s之后将无人负责。"
            "请先在台账中把它们移交给其他单位。"
        )
        % {"unit": unit.label(), "count": count, "day": clock.in_words(day)}
    ]
