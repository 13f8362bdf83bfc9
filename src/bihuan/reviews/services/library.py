"""Verbs on the step library and the settings: newer rows replace older ones, nothing is lost."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.reviews import queries, rules
from bihuan.reviews.models import Setting, StepTemplate

KEEP = "reviews.keep"
FIELDS = (
    "name",
    "name_en",
    "phase",
    "order",
    "days",
    "unit",
    "documents",
    "paper",
    "source",
    "grade",
    "note",
    "in_use",
)
MOST_DAYS = 365


@transaction.atomic
def set_template(code: str, *, by: Post | None, **fields: Any) -> StepTemplate:
    """设定步骤：新的一条为准；已在筹备的会用的是当时的，不受影响。"""
    _require(by)
    before = queries.template(code)
    faults = []
    if not fields["name"].strip():
        faults.append(_("请写明步骤的名称。"))
    if not fields["source"].strip():
        faults.append(_("请写明依据：哪份规定、哪份通知，或本单位的决定。"))
    if not 0 <= fields["days"] <= MOST_DAYS:
        faults.append(_("天数应在 0 到 %(most)d 之间。请改正。") % {"most": MOST_DAYS})
    if faults:
        raise Refused.all(faults)
    row = StepTemplate.objects.create(code=code, by=by, **{n: fields[n] for n in FIELDS})
    changes = audit.changed(before, row, *FIELDS) if before else {"name": (None, row.name)}
    audit.record(by, "reviews.template.set", row, changes=changes, note=row.source)
    return row


@transaction.atomic
def load_defaults(by: Post | None = None) -> int:
    """装入起始的步骤库：手册第 3 节；已有的代码不动。返回新装的条数。"""
    _require(by)
    known = set(StepTemplate.objects.values_list("code", flat=True))
    fresh = [plan for plan in rules.DEFAULTS if plan.code not in known]
    for order, plan in enumerate(rules.DEFAULTS, start=1):
        if plan in fresh:
            fields = {n: getattr(plan, n) for n in FIELDS if n not in ("order", "in_use")}
            set_template(plan.code, by=by, order=order * 10, in_use=True, **fields)
    return len(fresh)


@transaction.atomic
def set_rule(code: str, *, by: Post | None, value: Any, source: str, grade: str) -> Setting:
    """设定规则：到会人数下限、年度会议的时间、评价的项目和等次。"""
    _require(by)
    if not source.strip():
        raise Refused(_("请写明依据：哪份规定、哪份通知，或本单位的决定。"))
    before = queries.setting(code)
    row = Setting.objects.create(code=code, by=by, value=value, source=source, grade=grade)
    audit.record(by, "reviews.setting.set", row, changes={"value": (before, value)}, note=source)
    return row


def _require(by: Post | None) -> None:
    if by is not None:
        people.require(by, KEEP)
