"""Verbs on what the office edits: rule tables and the step library; nothing is overwritten."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.ledger import services as ledger
from bihuan.ledger.rules.tables import Row
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.projects import queries, rules
from bihuan.projects.models import RuleTable, StepRule
from bihuan.projects.queries import tables
from bihuan.projects.rules.tables import TABLES

RULES = "projects.rules"
FIELDS = (
    "name",
    "name_en",
    "order",
    "authority",
    "number",
    "unit",
    "bound",
    "extra_number",
    "valid_from",
    "valid_to",
    "source",
    "grade",
    "note",
    "kinds",
    "after",
    "stops",
    "blocks_start",
    "joint",
    "usual",
    "document",
    "document_number",
    "document_unit",
    "renewals",
    "renewal_number",
    "warn_days",
    "in_use",
)


@transaction.atomic
def set_table(
    code: str, *, by: Post | None, rows: Sequence[Row], source: str, seen: int | None = None
) -> RuleTable:
    """设定规则表：存为新的一版，写明依据；旧版永远可查。"""
    _require(by)
    return ledger.save_table(
        RuleTable,
        TABLES[code],
        code,
        by=by,
        before=tables.table(code),
        rows=rows,
        faults=[tables.sentence(fault) for fault in tables.table_faults(code, rows)],
        source=source,
        seen=seen,
        act="projects.table.set",
    )


@transaction.atomic
def set_step_rule(code: str, *, by: Post | None, **fields: Any) -> StepRule:
    """设定步骤库的一步：新的一条，写明依据和有效期；已受理的步骤仍按受理时的规定。"""
    _require(by)
    told = {name: fields[name] for name in FIELDS if name in fields}
    if faults := step_faults(code, told):
        raise Refused.all(faults)
    before = queries.step_rule(code)
    if before is not None and all(getattr(before, n) == told.get(n) for n in FIELDS):
        raise Refused(_("内容没有变化，不必另存。"))
    row = StepRule.objects.create(code=code, by=by, **told)
    changes = audit.changed(before, row, *FIELDS) if before else {"name": (None, row.name)}
    audit.record(by, "projects.step_rule.set", row, changes=changes, note=row.source)
    return row


def step_faults(code: str, told: Mapping[str, Any]) -> list[str]:
    """Every reason why a row of the library cannot be."""
    faults = []
    if not str(told.get("name") or "").strip():
        faults.append(_("请写明步骤的名称。"))
    if not str(told.get("source") or "").strip():
        faults.append(_("请写明依据：哪部法规哪一条，或本单位的决定。"))
    first, last = told.get("valid_from"), told.get("valid_to")
    if first and last and last < first:
        faults.append(_("有效期的止日不得早于起日。"))
    if told.get("renewals") and not told.get("renewal_number"):
        faults.append(_("准许延期的，请写明每次延多久。"))
    if told.get("document_number") and not told.get("document"):
        faults.append(_("有有效期的，请写明是什么证件。"))
    known = {one.code: list(one.after) for one in queries.step_rules()}
    after = list(told.get("after") or ())
    if unknown := [one for one in after if one not in known and one != code]:
        faults.append(_("步骤库里没有：%(codes)s。") % {"codes": _("、").join(unknown)})
    links = {**known, code: after}
    numbers = {one: n for n, one in enumerate(links)}
    circle = rules.cycle(
        {numbers[c]: [numbers[a] for a in b if a in numbers] for c, b in links.items()}
    )
    if circle:
        names = list(numbers)
        path = " → ".join(names[n] for n in (*circle, circle[0]))
        faults.append(_("先后成了圈：%(steps)s。请去掉其中一条。") % {"steps": path})
    return faults


@transaction.atomic
def load_defaults(by: Post | None = None) -> int:
    """装入起始的步骤库；已有的代码不动。返回新装的条数。"""
    if by is not None:
        _require(by)
    known = set(StepRule.objects.values_list("code", flat=True))
    made = 0
    for plan in rules.DEFAULTS:
        if plan.code in known:
            continue
        fields = {name: getattr(plan, name) for name in FIELDS if name != "in_use"}
        fields |= {name: list(fields[name]) for name in ("kinds", "after", "stops")}
        row = StepRule.objects.create(code=plan.code, by=by, **fields)
        audit.record(by, "projects.step_rule.set", row, note=row.source)
        made += 1
    return made


def _require(by: Post | None) -> None:
    if by is not None:
        people.require(by, RULES)
