"""Questions to the ledger: what may be seen, what is late, who took part, what can be done now."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.apps import apps
from django.db.models import Count, F, Model, Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.ledger import rules
from bihuan.ledger.models import Extension, Finding, Limit
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit


def visible_to(by: Post) -> QuerySet[Finding]:
    """What this post may see: its scope; drafts only by those who may raise or assign."""
    where = people.scope(by, "ledger.view")
    found = Finding.objects.select_related("lead_unit")
    if where.units is not None:
        mine = Finding.objects.filter(
            Q(lead_unit__in=where.units) | Q(assist_units__in=where.units)
        )
        found = found.filter(pk__in=mine.values("pk"))
    if not any(people.may(by, verb) for verb in ("ledger.raise", "ledger.assign")):
        found = found.exclude(state__in=("draft", "void"))
    return found


def overdue(day: date | None = None) -> Q:
    """The condition that a finding is overdue on a day: the same rule as `rules.is_overdue`."""
    today = day or clock.today()
    return (Q(state__in=rules.WITH_UNIT) & Q(due__lt=today)) | (
        Q(state__in=rules.WITH_CHECKER)
        & (Q(requested_on__gt=F("due")) | Q(requested_on__isnull=True, due__lt=today))
    )


def search(
    found: QuerySet[Finding],
    *,
    state: str = "",
    unit: Unit | None = None,
    source: str = "",
    text: str = "",
    late: bool = False,
) -> QuerySet[Finding]:
    """Narrow a set of findings as the list's filters say; `state` may be "open"."""
    if state == "open":
        found = found.filter(state__in=rules.OPEN)
    elif state:
        found = found.filter(state=state)
    if unit is not None:
        found = found.filter(Q(lead_unit=unit) | Q(assist_units=unit)).distinct()
    if source:
        found = found.filter(source=source)
    if text:
        found = found.filter(
            Q(number__icontains=text) | Q(title__icontains=text) | Q(description__icontains=text)
        )
    if late:
        found = found.filter(overdue())
    return found.order_by("-number")


# The states in which a permission makes it somebody's turn.
_TURNS = (
    ("ledger.assign", ("draft",)),
    ("ledger.acknowledge", ("assigned",)),
    ("ledger.plan", ("acknowledged",)),
    ("ledger.submit", ("rectifying",)),
    ("ledger.verify", ("requested", "checking")),
    ("ledger.close", ("checking",)),
)


def waiting_for(by: Post, most: int) -> list[Finding]:
    """轮到此任职办的问题，最多 `most` 个，时限早的在前：状态和权限都对得上，不含给自己核查。"""
    found = visible_to(by)
    states = {state for verb, theirs in _TURNS if people.may(by, verb) for state in theirs}
    mine = Q(state__in=states)
    if people.may(by, "ledger.extend"):
        asked = Extension.objects.filter(granted__isnull=True).values("finding")
        mine |= Q(pk__in=asked)
    waiting: list[Finding] = []
    # Asked one by one and only until there are enough: the last word on each has `possible`.
    for finding in found.filter(mine).order_by("due", "number").iterator(chunk_size=2 * most):
        if set(possible(finding, by)) - _NEVER_URGENT:
            waiting.append(finding)
        if len(waiting) == most:
            break
    return waiting


# What may be done at any time and is therefore nobody's turn.
_NEVER_URGENT = {"amend", "discard", "make_long_term", "withdraw", "send_back", "decline"}


@dataclass(frozen=True)
class UnitCount:
    """How one lead unit stands."""

    unit: Unit
    open: int
    overdue: int
    closed: int


def by_unit(found: QuerySet[Finding]) -> list[UnitCount]:
    """Open, overdue and closed findings of each lead unit, most open first; one query."""
    counted = (
        found.filter(lead_unit__isnull=False)
        .order_by()
        .values("lead_unit")
        .annotate(
            n_open=Count("pk", filter=Q(state__in=rules.OPEN)),
            n_overdue=Count("pk", filter=overdue()),
            n_closed=Count("pk", filter=Q(state="closed")),
        )
    )
    units = Unit.objects.in_bulk([line["lead_unit"] for line in counted])
    lines = [
        UnitCount(units[c["lead_unit"]], c["n_open"], c["n_overdue"], c["n_closed"])
        for c in counted
    ]
    return sorted(lines, key=lambda line: (-line.open, -line.overdue, line.unit.code))


def by_state(found: QuerySet[Finding]) -> dict[str, int]:
    """How many findings stand in each state, and under "overdue" how many are late."""
    counts = dict.fromkeys((*rules.STATES, "overdue"), 0)
    counts |= dict(found.order_by().values_list("state").annotate(n=Count("pk")))
    counts["overdue"] = found.filter(overdue()).count()
    return counts


def origin(finding: Finding) -> Model | None:
    """The thing a finding came from, wherever it lives; None if it came from nothing stored."""
    if not finding.origin_type:
        return None
    model = apps.get_model(finding.origin_type)
    return model._default_manager.filter(pk=finding.origin_id).first()


def of_origin(thing: Model) -> QuerySet[Finding]:
    """Findings that came from one thing, oldest first."""
    key = {"origin_type": thing._meta.label_lower, "origin_id": str(thing.pk)}
    return Finding.objects.filter(**key).exclude(state="void").order_by("number")


def units_of(finding: Finding) -> set[int]:
    """The lead unit and the assisting ones."""
    lead = {finding.lead_unit_id} if finding.lead_unit_id else set()
    return lead | set(finding.assist_units.values_list("pk", flat=True))


def involved(finding: Finding) -> rules.Involved:
    """整改人：签收、定措施、报进展、交佐证、申请延期或销号的人；以及责任单位。"""
    acted: set[int | None] = set()
    for rows in (finding.measures, finding.progress, finding.evidence, finding.extensions):
        acted |= set(rows.values_list("by__person", flat=True))
    for post in (finding.acknowledged_by, finding.requested_by, finding.owner):
        acted.add(post.person_id if post else None)
    persons = frozenset(person for person in acted if person is not None)
    return rules.Involved(persons, frozenset(units_of(finding)))


def may_judge(finding: Finding, by: Post) -> bool:
    """May this person judge the work? Asked of the person: another post of theirs is no way out."""
    units = people.posts_of(by.person).values_list("unit_id", flat=True)
    return rules.may_judge(by.person_id, units, involved(finding))


def allowed(finding: Finding, step: str, by: Post) -> bool:
    """Does this post hold the permission that a step asks for, at the unit it concerns?"""
    verb, about = rules.STEP_VERBS[step]
    match about:
        case "lead":
            return finding.lead_unit is not None and people.may(by, verb, at=finding.lead_unit)
        case "part":
            where = people.scope(by, verb)
            return any(where.covers(unit) for unit in units_of(finding))
        case _:
            return people.scope(by, verb).units is None


def possible(finding: Finding, by: Post) -> list[str]:
    """The steps this post can take now, in the order of the table."""
    steps = [s for s in rules.STEPS[finding.state] if allowed(finding, s, by)]
    if rules.JUDGING.intersection(steps) and not may_judge(finding, by):
        steps = [s for s in steps if s not in rules.JUDGING]
    pending = finding.extensions.filter(granted__isnull=True).exists()
    hidden = {"ask_extension"} if pending else {"decide_extension"}
    if finding.due is not None and clock.today() > finding.due:
        hidden.add("ask_extension")
    if "close" in steps and missing_for_close(finding):
        hidden.add("close")
    if passed_verification(finding):
        hidden.add("verify")
    if finding.state == "closed" and finding.closed_on:
        first, _last = recheck_window(finding.closed_on)
        if clock.today() < first:
            hidden.add("recheck")
    return [s for s in steps if s not in hidden]


def passed_verification(finding: Finding) -> str:
    """The opinion of this round's verification if it passed; else empty."""
    latest = finding.verifications.filter(round=finding.round).order_by("-pk").first()
    return latest.opinion if latest is not None and latest.passed else ""


def missing_for_close(finding: Finding) -> list[str]:
    """What still stands between this finding and its closing, in the reader's language."""
    opinion = passed_verification(finding)
    evidence = finding.evidence.filter(round=finding.round).count()
    faults = rules.missing_for_close(evidence=evidence, passed=bool(opinion))
    return [_(fault) for fault in faults]


def limit(code: str) -> int:
    """A limit as it holds now: the office's own row, else what the house started with."""
    row = Limit.objects.filter(code=code).values_list("value", flat=True).first()
    return rules.LIMITS[code][0] if row is None else row


def recheck_window(closed_on: date) -> tuple[date, date]:
    """First and last day of the re-check after a closing."""
    return rules.recheck_window(closed_on, limit("recheck_from_days"), limit("recheck_to_days"))


def due_for_recheck(found: QuerySet[Finding]) -> QuerySet[Finding]:
    """Closed findings whose re-check window has begun and that nobody has looked at since."""
    latest = clock.today() - timedelta(days=limit("recheck_from_days"))
    return found.filter(state="closed", closed_on__lte=latest).exclude(rechecks__round=F("round"))


def units_to_choose() -> QuerySet[Unit]:
    """Units that can be made answerable: those that exist today, without cities and populations."""
    return people.units().exclude(kind__in=("zone", "city", "population", "superior"))


def leaders_to_choose() -> QuerySet[Post]:
    """Posts that can be the leader answerable: held today by a role that approves extensions."""
    today = clock.today()
    codes = [post.pk for post in _current_posts(today) if "ledger.extend" in post.role.verbs]
    return Post.objects.filter(pk__in=codes).select_related("person", "unit")


def owners_to_choose() -> QuerySet[Post]:
    """Posts that can answer for the work of their unit."""
    today = clock.today()
    codes = [post.pk for post in _current_posts(today) if "ledger.submit" in post.role.verbs]
    return Post.objects.filter(pk__in=codes).select_related("person", "unit")


def _current_posts(day: date) -> QuerySet[Post]:
    return Post.objects.filter(people.valid_on(day)).select_related("role")
