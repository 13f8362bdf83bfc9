"""One meeting: its plan in force, who reports, who could, what the plan's faults say."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.meetings import rules
from bihuan.meetings.models import Meeting, Plan, Reporter
from bihuan.people import queries as people
from bihuan.people.models import Post, Tie, Unit

Document = Mapping[str, Any]

# Kinds of unit with a secretary who reports; bodies that stand above do not.
_REPORTING = (
    "party_committee",
    "party_working_committee",
    "subdistrict_office",
    "park",
    "soe",
    "bureau",
)


def in_force(meeting: Meeting) -> Plan | None:
    """The approved version, if there is one."""
    return (
        meeting.plans.select_related("approved_by", "drafted_by").filter(state="approved").first()
    )


def drafting(meeting: Meeting) -> Plan | None:
    """The version that is being written or waits for approval."""
    return meeting.plans.filter(state__in=("draft", "submitted")).first()


def document(meeting: Meeting) -> Any:
    """The plan as it holds: the approved version, or the first draft while there is none."""
    plan = in_force(meeting) or meeting.plans.order_by("-version").first()
    return plan.document if plan else {}


def hours(document: Document) -> tuple[datetime, datetime]:
    """From when to when a meeting of this plan is held, in the office's own time."""
    day = date.fromisoformat(document["held_on"])
    first, last = rules.HOURS[document["half"]]
    start, end = (timezone.make_aware(datetime.combine(day, each)) for each in (first, last))
    return start, end


def previous(meeting: Meeting) -> Meeting | None:
    """The round of the reporting year before this one, or of the latest before that."""
    earlier = Meeting.objects.filter(rehearsal=False, year__lt=meeting.year)
    return earlier.order_by("-year").first()


def reporters(meeting: Meeting) -> QuerySet[Reporter]:
    """Who reports, in the order of the plan."""
    found = meeting.reporters.filter(withdrawn=False).select_related("unit", "meeting")
    return found.order_by("number", "pk")


def reporter_of(meeting: Meeting, code: str) -> Reporter | None:
    """The reporter of a unit code."""
    return reporters(meeting).filter(unit__code=code).first()


def poll_stale(meeting: Meeting) -> bool:
    """Was the poll drawn up from an earlier version of the plan?"""
    plan = in_force(meeting)
    return meeting.poll_id is not None and (plan is None or meeting.poll_plan_id != plan.pk)


def candidates() -> list[Unit]:
    """Units that could report: directly below the zone's party committee on the party line."""
    today = clock.today()
    ties = Tie.objects.filter(
        people.valid_on(today), line="party", parent__kind="party_working_committee"
    )
    found = people.units(today).filter(pk__in=ties.values("child"), kind__in=_REPORTING)
    return list(found.order_by("code"))


def units_by_code(codes: Iterable[str]) -> dict[str, Unit]:
    """Units as they are registered, by code."""
    return {unit.code: unit for unit in Unit.objects.filter(code__in=list(codes))}


def chairs() -> QuerySet[Post]:
    """Posts that may chair today."""
    held = Post.objects.filter(people.valid_on(clock.today())).select_related(
        "person", "unit", "role"
    )
    able = [post.pk for post in held if "meetings.chair" in post.role.verbs]
    return held.filter(pk__in=able).order_by("unit__code", "pk")


def likely_roll(meeting: Meeting) -> list[tuple[str, str, Unit]]:
    """Who would be on the roll by the register: (title, category, unit).

    The leading body by its posts, heads of the reporting units by who answers for them. Delegates
    are in no register: they are pasted.
    """
    categories = [row["code"] for row in document(meeting)["categories"]]
    held = Post.objects.filter(people.valid_on(clock.today())).select_related(
        "person", "unit", "role"
    )
    lines = []
    for post in held.order_by("unit__code", "pk"):
        if "meetings.results" in post.role.verbs and post.unit.kind == "party_working_committee":
            category = "body"
        elif post.primary_owner and post.unit.kind in _REPORTING:
            category = "heads"
        else:
            continue
        if category in categories:
            lines.append((str(post), category, post.unit))
    return lines


# Words ------------------------------------------------------------------------------------------


def named(row: Document) -> str:
    """The name of a row of the plan in the reader's language, where there is one."""
    if get_language() == "en" and row.get("name_en"):
        return str(row["name_en"])
    return str(row.get("name", ""))


def tables_words(plan: Document, table: str) -> dict[str, str]:
    """Codes of one table of the plan → names in the reader's language."""
    return {row["code"]: named(row) for row in plan[table]}


_LABELS = ("field", "table", "column")


def sentence(fault: rules.Fault) -> str:
    """One fault of a plan in the reader's language."""
    params = {name: _(value) if name in _LABELS else value for name, value in fault.params.items()}
    return _(fault.sentence) % params


def plan_faults(plan: Document) -> list[str]:
    """Every fault of a plan, in the reader's language."""
    return [sentence(fault) for fault in rules.faults(plan)]
