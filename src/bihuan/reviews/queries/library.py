"""The step library and the settings as they hold now."""

from typing import Any

from django.db.models import QuerySet

from bihuan.reviews import rules
from bihuan.reviews.models import Setting, StepTemplate


def templates() -> list[StepTemplate]:
    """步骤库：每个代码现行的一条，按阶段和次序；停用的也在内。"""
    newest: dict[str, StepTemplate] = {}
    for row in StepTemplate.objects.order_by("pk"):
        newest[row.code] = row
    phases = list(rules.PHASES)
    return sorted(newest.values(), key=lambda row: (phases.index(row.phase), row.order, row.pk))


def template(code: str) -> StepTemplate | None:
    """The row of this code as it holds now."""
    return StepTemplate.objects.filter(code=code).order_by("-pk").first()


def template_history(code: str) -> QuerySet[StepTemplate]:
    """Every version of one row, newest first."""
    found = StepTemplate.objects.filter(code=code).order_by("-pk")
    return found.select_related("by__person", "by__unit")


def setting(code: str) -> Any:
    """The value of a setting: the office's newest, else what the house started with."""
    stored = Setting.objects.filter(code=code).order_by("-pk").values_list("value", flat=True)
    newest = stored.first()
    return rules.SETTINGS[code].value if newest is None else newest


def rule_history(code: str) -> QuerySet[Setting]:
    """Every version that the office has made of a setting, newest first."""
    found = Setting.objects.filter(code=code).order_by("-pk")
    return found.select_related("by__person", "by__unit")
