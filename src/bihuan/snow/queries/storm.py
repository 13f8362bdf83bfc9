"""Questions about events: which runs now, at which levels, what was ordered."""

from django.db.models import QuerySet

from bihuan.snow.models import DepartmentOrder, LevelChange, Storm
from bihuan.snow.rules import storm as rules


def storms() -> QuerySet[Storm]:
    """Every event, newest first."""
    return Storm.objects.order_by("-first_snow_at", "-pk")


def current() -> Storm | None:
    """The event that has not ended, if there is one."""
    return storms().filter(ended_at__isnull=True).first()


def levels(storm: Storm) -> dict[str, LevelChange]:
    """Of each scale, the change that holds; scales that were lifted are left out."""
    rows = storm.levels.select_related("by__person", "by__unit").order_by("pk")
    newest = {one.scale: one for one in rows}
    return {scale: one for scale, one in newest.items() if one.level != rules.OFF}


def orders(storm: Storm) -> QuerySet[DepartmentOrder]:
    found = storm.orders.select_related(
        "unit", "inspection", "signed_by__person", "signed_by__unit", "by__person", "by__unit"
    )
    return found.order_by("-given_at", "-pk")
