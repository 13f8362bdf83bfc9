"""What the list's filters ask: every one of them is part of an address that can be sent on."""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual

from bihuan.base import clock
from bihuan.base.text import zh
from bihuan.ledger import rules
from bihuan.ledger.models import Finding
from bihuan.ledger.queries import honest, tables
from bihuan.ledger.queries.finding import overdue
from bihuan.ledger.rules.tables import Row
from bihuan.people.models import Post, Unit

# What has been given to a unit: everything but drafts and what was withdrawn.
NEVER_GIVEN = ("draft", "void")
# States that are asked for together: not yet closed, ever given, with the unit, with the checker.
STATE_GROUPS = {
    "open": rules.OPEN,
    "given": tuple(state for state in rules.STATES if state not in NEVER_GIVEN),
    "with_unit": rules.WITH_UNIT,
    "with_checker": rules.WITH_CHECKER,
}
NONE = "-"  # in an address: the field is empty

# How a list can be sorted besides newest first; those without the day asked for stand last.
SORTS = {
    "due": zh("时限早的在前"),
    "closed": zh("最近销号的在前"),
    "unit": zh("按牵头单位"),
}
_ORDERS: dict[str, tuple[Any, ...]] = {
    "due": (F("due").asc(nulls_last=True), "pk"),
    "closed": (F("closed_on").desc(nulls_last=True), "-pk"),
    "unit": (F("lead_unit__code").asc(nulls_last=True), "-pk"),
}


def search(
    found: QuerySet[Finding],
    *,
    state: str = "",
    unit: Unit | None = None,
    lead: Unit | None = None,
    leader: Post | None = None,
    source: str = "",
    kind: str = "",
    category: str = "",
    risk: str = "",
    lamp: str = "",
    text: str = "",
    late: bool = False,
    since: date | None = None,
    until: date | None = None,
    closed_since: date | None = None,
    closed_until: date | None = None,
    recheck: bool = False,
    sort: str = "",
) -> QuerySet[Finding]:
    """Narrow a set of findings as the list's filters say.

    `state` may also be one of `STATE_GROUPS`; `unit` leads or assists, `lead` leads, `leader` is
    the leader answerable; `since` and `until` are days of assignment; `recheck` keeps those due for
    a re-check; "-" as a category or lamp means that there is none; `sort` is one of `SORTS`, else
    the newest stand first.
    """
    if state:
        found = found.filter(state__in=STATE_GROUPS.get(state, (state,)))
    if unit is not None:
        # Two index look-ups instead of a join with DISTINCT over the whole ledger.
        assisted = Finding.assist_units.through.objects.filter(unit=unit).values("finding_id")
        found = found.filter(Q(lead_unit=unit) | Q(pk__in=assisted))
    exact: dict[str, Any] = {
        "lead_unit": lead,
        "leader": leader,
        "source": source,
        "rect_kind": kind,
        "category": "" if category == NONE else category or None,
        "risk": risk,
    }
    found = found.filter(**{n: v for n, v in exact.items() if v or (n, v) == ("category", "")})
    days = {
        "assigned_on__gte": since,
        "assigned_on__lte": until,
        "closed_on__gte": closed_since,
        "closed_on__lte": closed_until,
    }
    found = found.filter(**{name: day for name, day in days.items() if day is not None})
    if text:
        found = found.filter(_containing(text))
    if late:
        found = found.filter(overdue())
    if lamp:
        found = found.alias(lamp=lamp_now()).filter(lamp="" if lamp == NONE else lamp)
    if recheck:
        found = honest.due_for_recheck(found)
    return found.order_by(*_ORDERS.get(sort, ("-pk",)))


def _containing(text: str) -> Q:
    """The condition that a text stands in one of the searched fields, whatever the case.

    Where there is no case, as in Chinese, looking for the very words is several times as fast.
    """
    caseless = text.lower() == text.upper()
    found = Q()
    for field in ("number", "title", "place", "description"):
        very_words = Q(GreaterThan(StrIndex(F(field), Value(text)), 0))
        found |= very_words if caseless else Q(**{f"{field}__icontains": text})
    return found


def quick_count(found: QuerySet[Any]) -> int:
    """How many there are, without the order and the joins that only the rows need."""
    return found.order_by().select_related(None).count()


def both_states(asked: str, wanted: str) -> str | None:
    """The state of the list's filter that means both; None where no finding can be both."""
    if not asked or not wanted:
        return asked or wanted
    whole = {state: {state} for state in rules.STATES}
    whole |= {group: set(states) for group, states in STATE_GROUPS.items()}
    both = whole[asked] & whole[wanted]
    return next((code for code in (asked, wanted) if whole[code] == both), None)


def lamp_now() -> Case:
    """Today's lamp as the database sees it: its code, or "" for none; as `rules.time.lamp`."""
    today = clock.today()
    late = overdue(today)
    lit = [When(_fits(row, late, today), then=Value(row["code"])) for row in tables.table("lamps")]
    dark = When(~Q(state__in=rules.OPEN) | Q(due__isnull=True), then=Value(""))
    return Case(dark, *lit, default=Value(""), output_field=CharField())


def _fits(row: Row, late: Q, today: date) -> Q:
    days = timedelta(days=row["days"])
    match row["when"]:
        case "overdue":
            since_request = ExpressionWrapper(
                F("requested_on") - F("due"), output_field=DurationField()
            )
            long_enough = Q(requested_on__isnull=True, due__lte=today - days) | (
                Q(requested_on__isnull=False) & Q(GreaterThanOrEqual(since_request, days))
            )
            return late & long_enough
        case "missed":
            return Q(missed_on__isnull=False) | late
        case "left":
            return ~late & Q(requested_on__isnull=True, due__lte=today + days)
        case _:
            return Q(pk__isnull=False)
