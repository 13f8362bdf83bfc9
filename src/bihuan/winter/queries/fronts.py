"""Questions about fronts: how each stands by its newest check, what is due, by street."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from bihuan.base import clock
from bihuan.ledger import queries as ledger
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.winter.models import Front, FrontCheck
from bihuan.winter.queries import tables
from bihuan.winter.rules import fronts as rules

VIEW, MANAGE, CHECK = "winter.view", "winter.manage", "winter.check"


def fronts() -> QuerySet[Front]:
    found = Front.objects.filter(gone=False)
    return found.select_related("unit", "inspector__unit", "inspector__role", "inspector__person")


@dataclass(frozen=True)
class Standing:
    """一处门面现在怎样：状态、最近一次查看。"""

    front: Front
    state: str
    check: FrontCheck | None


def standings(found: QuerySet[Front] | None = None) -> list[Standing]:
    """Each front with its newest check; three questions however many there are."""
    rows = list(fronts() if found is None else found)
    newest = FrontCheck.objects.filter(front__in=rows).values("front").annotate(last=Max("pk"))
    checks = FrontCheck.objects.in_bulk([one["last"] for one in newest])
    by_front = {one.front_id: one for one in checks.values()}
    raised = ledger.of_origins(list(checks.values()))
    now, out = clock.now(), []
    for one in rows:
        check = by_front.get(one.pk)
        missed = None if check is None else not check.ok
        due = None if check is None else check.urged_until
        there = check is not None and str(check.pk) in raised
        out.append(Standing(one, rules.state(missed, due, there, now), check))
    return out


def checks(front: Front) -> QuerySet[FrontCheck]:
    found = front.checks.select_related("photo", "by__person", "by__unit")
    return found.order_by("-at", "-pk")


def newest_check(front: Front) -> FrontCheck | None:
    return checks(front).first()


def duties(front: Front) -> dict[str, str]:
    """Code → what it is called, of the list that this front keeps to."""
    rows = [one for one in tables.TABLE.table("duties") if one["list"] == front.duties]
    return {str(one["code"]): tables.TABLE.label(one) for one in rows}


def may_check(by: Post, front: Front) -> bool:
    """Whoever checks for the front's unit."""
    return people.may(by, CHECK, at=front.unit)


def by_street(found: list[Standing]) -> dict[str, Counter[str]]:
    """Street → how many fronts stand how."""
    out: dict[str, Counter[str]] = {}
    for one in found:
        out.setdefault(one.front.street, Counter())[one.state] += 1
    return out
