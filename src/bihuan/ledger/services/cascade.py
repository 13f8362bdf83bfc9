"""Down the tree and across time: split a finding among direct subordinates, hand it over."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.ledger import queries, rules
from bihuan.ledger.models import Finding
from bihuan.ledger.services.raising import next_number
from bihuan.ledger.services.steps import mark, opened, take
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit


@transaction.atomic
def split(
    finding: Finding,
    *,
    by: Post,
    line: str,
    units: Iterable[Unit],
    due: date,
    standard: str = "",
    note: str = "",
) -> list[Finding]:
    """分解到下级：沿党的隶属或行政隶属逐级分解，不跨线、不越级；下级的时限不晚于上级。"""
    finding = opened(finding, "split", by)
    chosen = list(units)
    faults = []
    if finding.line and finding.line != line:
        faults.append(
            _("这个问题是沿“%(line)s”分解下来的，只能沿同一条线往下分解。")
            % {"line": _(rules.CASCADE_LINES[finding.line])}
        )
    if not chosen:
        faults.append(_("请至少选一个下级单位。"))
    if due < clock.today():
        faults.append(_("时限不得早于今天。请改为今天或以后的日期。"))
    if finding.due is not None and due > finding.due:
        faults.append(
            _("下级的时限不得晚于上级问题的时限 %(due)s。请改早，或先由上级申请延期。")
            % {"due": clock.in_words(finding.due)}
        )
    if finding.lead_unit is not None:
        below = set(queries.direct_subordinates(finding.lead_unit, line))
        faults += [
            _("“%(unit)s”不是“%(lead)s”在这条线上的直接下级。请逐级分解。")
            % {"unit": unit.label(), "lead": finding.lead_unit.label()}
            for unit in chosen
            if unit not in below
        ]
    taken = {part.lead_unit for part in queries.open_children(finding).select_related("lead_unit")}
    faults += [
        _("“%(unit)s”已经有这个问题的一份，不必重复分解。") % {"unit": unit.label()}
        for unit in chosen
        if unit in taken
    ]
    if faults:
        raise Refused.all(faults)
    parts = [_part(finding, by=by, line=line, unit=u, due=due, standard=standard) for u in chosen]
    changes = {"children": (None, [f"{part.number} {part.lead_unit}" for part in parts])}
    take(finding, "split", by, changes=changes, note=note)
    return parts


def _part(
    finding: Finding, *, by: Post, line: str, unit: Unit, due: date, standard: str
) -> Finding:
    part = Finding.objects.create(
        number=next_number(),
        title=finding.title,
        description=finding.description,
        category=finding.category,
        source=finding.source,
        source_number=finding.source_number,
        place=finding.place,
        place_key=finding.place_key,
        risk=finding.risk,
        goal=finding.goal,
        standard=standard or finding.standard,
        rect_kind=finding.rect_kind,
        signatures=finding.signatures,
        state="assigned",
        lead_unit=unit,
        leader=finding.leader,
        due=due,
        first_due=due,
        assigned_on=clock.today(),
        parent=finding,
        line=line,
        raised_by=by,
    )
    mark(part)
    changes = {"parent": (None, finding.number), "lead_unit": (None, unit), "due": (None, due)}
    audit.record(by, "ledger.finding.part", part, changes=changes)
    return part


@transaction.atomic
def hand_over(finding: Finding, *, by: Post | None, to: Unit, note: str) -> Finding:
    """移交：牵头单位撤并、更换时，把问题连同时限移交给接手的单位；时限不因移交而变。"""
    if by is None:
        finding = Finding.objects.select_for_update().get(pk=finding.pk)
    else:
        finding = opened(finding, "hand_over", by)
    faults = []
    if finding.lead_unit == to:
        faults.append(_("“%(unit)s”已经是牵头单位，不必移交。") % {"unit": to.label()})
    if not people.units().filter(pk=to.pk).exists():
        faults.append(_("“%(unit)s”已撤销，不能接手。请另选单位。") % {"unit": to.label()})
    if faults:
        raise Refused.all(faults)
    before, finding.lead_unit, finding.owner = finding.lead_unit, to, None
    finding.assist_units.remove(to)
    return take(finding, "hand_over", by, changes={"lead_unit": (before, to)}, note=note)


@transaction.atomic
def hand_over_all(unit: Unit, *, by: Post | None, to: Unit, note: str) -> int:
    """整体移交：一个单位牵头的所有未销号问题一次移交；返回移交了几个。"""
    if by is not None:
        people.require(by, "ledger.assign")
    open_now = list(queries.open_at(unit).order_by("pk"))
    for finding in open_now:
        hand_over(finding, by=by, to=to, note=note)
    return len(open_now)
