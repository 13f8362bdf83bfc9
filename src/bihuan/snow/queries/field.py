"""Questions about what came from the street: a unit's reports, its tasks by hand."""

from django.db.models import F, QuerySet

from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.snow.models import HandTask, TeamReport

REPORT = "snow.report"


def units_to_report(by: Post) -> QuerySet[Unit]:
    """Units for which this post may report; its own first, where it may report for all."""
    where = people.scope(by, REPORT)
    units = people.units().order_by("code")
    if where.units is not None:
        return units.filter(pk__in=where.units)
    kinds = ("contractor", "team", "bureau", "subdistrict_office", "park", "soe")
    return units.filter(kind__in=kinds)


def reports_by(by: Post, most: int = 10) -> QuerySet[TeamReport]:
    """What this post reported lately, newest first."""
    found = TeamReport.objects.filter(by=by).select_related("unit", "photo")
    return found.order_by("-at", "-pk")[:most]


def tasks_for(by: Post) -> QuerySet[HandTask]:
    """Open tasks by hand of the units for which this post may report, the most urgent first."""
    where = people.scope(by, REPORT)
    found = HandTask.objects.filter(done_at__isnull=True).select_related("unit")
    if where.units is not None:
        found = found.filter(unit__in=where.units)
    return found.order_by(F("due_at").asc(nulls_last=True), "pk")
