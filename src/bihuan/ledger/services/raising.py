"""Raising a finding and giving it to somebody: draft, amend, assign, discard."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import plain, shorten
from bihuan.days import queries as days
from bihuan.ledger import queries
from bihuan.ledger.models import Finding, Series
from bihuan.ledger.services.steps import mark, opened, take
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit

DRAFTED = (
    "title",
    "description",
    "category",
    "source",
    "source_number",
    "place",
    "risk",
    "goal",
    "standard",
    "rect_kind",
)


@transaction.atomic
def raise_finding(
    *,
    by: Post | None,
    title: str,
    source: str,
    description: str = "",
    category: str = "",
    source_number: str = "",
    place: str = "",
    risk: str = "medium",
    goal: str = "",
    standard: str = "",
    rect_kind: str = "dated",
    origin: Model | None = None,
    previous: Finding | None = None,
    external_number: str = "",
    note: str = "",
) -> Finding:
    """提出问题：先入台账为草稿，编号；由谁整改、何时完成，在交办时定。"""
    if by is not None:
        people.require(by, "ledger.raise")
    if not title.strip():
        raise Refused(_("请写明是什么问题。"))
    finding = Finding.objects.create(
        number=next_number(),
        title=shorten(" ".join(title.split()), 200),
        description=description,
        category=category,
        source=source,
        source_number=source_number,
        place=place,
        place_key=plain(place),
        risk=risk,
        goal=goal,
        standard=standard,
        rect_kind=rect_kind,
        note=note,
        previous=previous,
        external_number=external_number,
        raised_by=by,
        origin_type=origin._meta.label_lower if origin else "",
        origin_id=str(origin.pk) if origin else "",
        origin_name=shorten(str(origin), 300) if origin else "",
    )
    mark(finding)
    audit.record(by, "ledger.finding.raise", finding, note=description)
    return finding


@transaction.atomic
def amend(finding: Finding, *, by: Post, **fields: Any) -> Finding:
    """修改草稿：交办之前可改，交办之后不可。"""
    finding = opened(finding, "amend", by)
    before = {name: getattr(finding, name) for name in DRAFTED}
    for name in DRAFTED:
        setattr(finding, name, fields.get(name, before[name]))
    finding.place_key = plain(finding.place)
    changes = {
        n: (before[n], getattr(finding, n)) for n in DRAFTED if before[n] != getattr(finding, n)
    }
    return take(finding, "amend", by, changes=changes)


@transaction.atomic
def assign(
    finding: Finding,
    *,
    by: Post,
    lead_unit: Unit,
    due: date | None = None,
    days_given: int | None = None,
    days_unit: str = "working",
    basis: str = "",
    assist_units: Iterable[Unit] = (),
    leader: Post | None = None,
    owner: Post | None = None,
    rect_kind: str = "",
    goal: str = "",
    standard: str = "",
    note: str = "",
) -> Finding:
    """交办：定牵头单位、配合单位、责任领导、责任人和时限；最初时限从此不变。

    The deadline is a day, or a number of working or natural days counted from today.
    """
    finding = opened(finding, "assign", by)
    assisting = [unit for unit in assist_units if unit != lead_unit]
    faults = []
    if (due is None) == (days_given is None):
        faults.append(_("请定时限：或写日期，或写天数，二者取一。"))
    if due is not None and due < clock.today():
        faults.append(_("时限不得早于今天。请改为今天或以后的日期。"))
    if owner is not None and owner.unit_id not in {lead_unit.pk, *(u.pk for u in assisting)}:
        faults.append(_("责任人不在牵头单位或配合单位任职。请改选责任人或单位。"))
    if faults:
        raise Refused.all(faults)
    if days_given is not None:
        count_due(finding, days_given, days_unit, basis)
    else:
        finding.due = due
    finding.first_due = finding.due
    finding.lead_unit, finding.leader, finding.owner = lead_unit, leader, owner
    finding.assigned_on = clock.today()
    finding.rect_kind = rect_kind or finding.rect_kind
    finding.goal = goal or finding.goal
    finding.standard = standard or finding.standard
    finding.signatures = signatures_for(finding)
    finding.assist_units.set(assisting)
    changes = {
        "lead_unit": (None, lead_unit),
        "assist_units": (None, [unit.name for unit in assisting]),
        "due": (None, finding.due),
    }
    return take(finding, "assign", by, changes=changes, note=note)


@transaction.atomic
def discard(finding: Finding, *, by: Post, note: str) -> Finding:
    """作废：只限草稿，写明原因，编号保留不再用。"""
    return take(opened(finding, "discard", by), "discard", by, note=note)


def count_due(finding: Finding, n: int, unit: str, basis: str) -> None:
    """Count the deadline from today; what the calendar does not know yet makes it provisional."""
    counted = days.calendar().explain(clock.today(), n, unit)
    finding.due, finding.provisional = counted.due, counted.provisional
    finding.counted_from, finding.counted_days = clock.today(), n
    finding.counted_unit, finding.counted_by = unit, basis


def signatures_for(finding: Finding) -> int:
    """How many people must verify this finding, by the office's table."""
    return queries.signatures_needed(
        {
            "risk": finding.risk,
            "source": finding.source,
            "category": finding.category,
            "rect_kind": finding.rect_kind,
        }
    )


def next_number() -> str:
    """编号：年份加四位流水。The row of the year is locked, so that two clerks never share one."""
    year = clock.today().year
    series, _created = Series.objects.select_for_update().get_or_create(year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{year}-{series.last:04d}"
