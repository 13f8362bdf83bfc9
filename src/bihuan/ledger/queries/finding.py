"""Questions to the ledger: what may be seen, what is late, who took part, what can be done now."""

from collections.abc import Sequence
from datetime import date

from django.apps import apps
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.ledger import rules
from bihuan.ledger.models import Finding
from bihuan.ledger.queries import honest, tables
from bihuan.people import queries as people
from bihuan.people.models import Post


def visible_to(by: Post) -> QuerySet[Finding]:
    """What this post may see: its scope; drafts only by those who may raise or assign."""
    where = people.scope(by, "ledger.view")
    found = Finding.objects.select_related("lead_unit")
    if where.units is not None:
        # Index look-ups instead of a join over the whole ledger.
        assisted = Finding.assist_units.through.objects.filter(unit__in=where.units)
        found = found.filter(Q(lead_unit__in=where.units) | Q(pk__in=assisted.values("finding_id")))
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


def origin(finding: Finding) -> Model | None:
    """The thing a finding came from, wherever it lives; None if it came from nothing stored."""
    if not finding.origin_type:
        return None
    model = apps.get_model(finding.origin_type)
    found: Model | None = model._default_manager.filter(pk=finding.origin_id).first()
    return found


def of_origin(thing: Model) -> QuerySet[Finding]:
    """Findings that came from one thing, oldest first."""
    key = {"origin_type": thing._meta.label_lower, "origin_id": str(thing.pk)}
    return Finding.objects.filter(**key).exclude(state="void").order_by("number")


def already_raised(thing: Model | None) -> list[str]:
    """Why nothing can be raised from a thing a second time: one sentence, or none."""
    there = None if thing is None else of_origin(thing).first()
    if there is None:
        return []
    return [_("这件事已提为问题 %(number)s。请到台账查看。") % {"number": there.number}]


def of_origins(things: Sequence[Model]) -> dict[str, Finding]:
    """The oldest finding that came from each of these things of one kind, by the thing's key."""
    if not things:
        return {}
    keys = [str(thing.pk) for thing in things]
    found = Finding.objects.filter(origin_type=things[0]._meta.label_lower, origin_id__in=keys)
    newest_first = found.exclude(state="void").order_by("-number")
    return {finding.origin_id: finding for finding in newest_first}


def units_of(finding: Finding) -> set[int]:
    """The lead unit and the assisting ones."""
    lead = {finding.lead_unit_id} if finding.lead_unit_id else set()
    return lead | set(finding.assist_units.values_list("pk", flat=True))


def involved(finding: Finding) -> rules.Involved:
    """整改人：签收、定措施、报进展、交佐证、申请延期或销号的人；以及责任单位；加上回避规则所列。"""
    acted: set[int | None] = set()
    for rows in (finding.measures, finding.progress, finding.evidence, finding.extensions):
        acted |= set(rows.values_list("by__person", flat=True))
    acted |= set(finding.measures.values_list("done_by__person", flat=True))
    for post in (finding.acknowledged_by, finding.requested_by, finding.owner):
        acted.add(post.person_id if post else None)
    forbidden = {row["code"] for row in tables.table("conflicts") if row["forbids"]}
    if "leader" in forbidden and finding.leader:
        acted.add(finding.leader.person_id)
    if "raised" in forbidden and finding.raised_by:
        acted.add(finding.raised_by.person_id)
    units = units_of(finding)
    if "below" in forbidden and finding.lead_unit is not None:
        units |= people.subordinates(finding.lead_unit)
    persons = frozenset(person for person in acted if person is not None)
    return rules.Involved(persons, frozenset(units))


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
    passed = passed_by(finding)
    if by.person_id in passed or len(passed) >= finding.signatures:
        hidden.add("verify")
    if "finish_measure" in steps and not finding.measures.filter(done_on__isnull=True).exists():
        hidden.add("finish_measure")
    if finding.state == "closed" and not honest.may_recheck_today(finding):
        hidden.add("recheck")
    return [s for s in steps if s not in hidden]


def passed_by(finding: Finding) -> set[int]:
    """The persons who have verified this round and passed it."""
    rows = finding.verifications.filter(round=finding.round, passed=True)
    return set(rows.values_list("by__person", flat=True)) - {None}


def open_children(finding: Finding) -> QuerySet[Finding]:
    """Findings split from this one that are neither closed nor withdrawn by an approved act."""
    return finding.children.exclude(state__in=("closed", "void"))


def missing_for_close(finding: Finding) -> list[str]:
    """What still stands between this finding and its closing, in the reader's language."""
    faults = rules.missing_for_close(
        evidence=finding.evidence.filter(round=finding.round).count(),
        passed=len(passed_by(finding)),
        signatures=finding.signatures,
        children=open_children(finding).count(),
    )
    return [_(fault) for fault in faults]
