"""Rounds: opened, filled cell by cell, handed in, checked by somebody else, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.assessment import bridge, queries, rules
from bihuan.assessment.models import Cell, Entrant, Node, Round, Scheme
from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.people import queries as people
from bihuan.people.models import Post


@transaction.atomic
def open_round(
    scheme: Scheme,
    *,
    by: Post | None,
    assess_year: int,
    data_year: int,
    league: str = "",
    sample: bool = False,
) -> Round:
    """开始一轮考核：考核年度和数据年度分开定。`league` is the zone's own, asked the first time."""
    _require(by, "assessment.declare")
    faults = []
    if not scheme.first_round <= assess_year <= (scheme.last_round or assess_year):
        last = scheme.last_round or _("今")
        faults.append(
            _("这版方案用于 %(first)s 至 %(last)s 考核年度。请换方案或改年度。")
            % {"first": scheme.first_round, "last": last}
        )
    if data_year > assess_year:
        faults.append(_("数据年度不得晚于考核年度。请改正。"))
    if scheme.rounds.filter(assess_year=assess_year).exists():
        faults.append(_("这版方案的这个考核年度已有一轮。请打开那一轮。"))
    zones = scheme.subject == "zone"
    zone = people.zone()
    there = Entrant.objects.filter(unit__kind="zone").exists()
    if zones and not there and (league not in ("east", "centre", "west") or zone is None):
        faults.append(_("请选本区属于东部、中部还是西部。"))
    if faults:
        raise Refused.all(faults)
    if zones and not there and zone is not None:
        Entrant.objects.create(
            code="zone", name=zone.name, name_en=zone.name_en, league=league, unit=zone
        )
    found = Round.objects.create(
        scheme=scheme, assess_year=assess_year, data_year=data_year, sample=sample
    )
    if scheme.subject == "unit":
        _enter_units()
    audit.record(by, "assessment.round.open", found)
    return found


def _enter_units() -> None:
    """Every unit that is rated has its place among the entrants."""
    there = set(Entrant.objects.filter(unit__isnull=False).values_list("unit", flat=True))
    for unit in queries.rated_units():
        if unit.pk not in there:
            Entrant.objects.create(
                code=f"unit-{unit.code}",
                name=unit.name,
                name_en=unit.name_en,
                league="units",
                unit=unit,
            )


@dataclass(frozen=True)
class Brought:
    """What `take` did: cells newly written, and indicators that a person has to choose for."""

    cells: int
    unclear: tuple[str, ...]


@transaction.atomic
def take(found: Round, *, by: Post | None) -> Brought:
    """从数据和台账取数：有现行观测值或台账统计的，逐格带着来历填上；手工填过的不动。

    Nothing is typed here, so that whoever freezes may take too: internal figures come through a
    post that may see them.
    """
    fills = by is None or people.may(by, "assessment.declare")
    found = still_open(found, by, "assessment.declare" if fills else "assessment.freeze")
    ready, unclear = queries.ready(found, by)
    there = {(c.entrant_id, c.node_id): c for c in queries.cells(found)}
    made = []
    for one in ready:
        old = there.get((one.entrant.pk, one.node.pk))
        if old is not None and (old.origin == "typed" or _same(old, one)):
            continue
        version = old.version + 1 if old else 1
        made.append(
            Cell(
                round=found,
                entrant=one.entrant,
                node=one.node,
                version=version,
                value=one.value,
                origin=one.origin,
                observation=one.observation,
                source=one.source,
                by=by,
            )
        )
    Cell.objects.bulk_create(made)
    audit.record(by, "assessment.round.take", found, changes={"cells": (None, len(made))})
    return Brought(len(made), tuple(node.label() for node in unclear))


def _same(old: Cell, one: queries.Taken) -> bool:
    figure = one.observation.pk if one.observation else None
    return (old.value, old.origin, old.observation_id, old.source) == (
        one.value,
        one.origin,
        figure,
        one.source,
    )


@transaction.atomic
def declare(
    found: Round,
    *,
    by: Post | None,
    entrant: Entrant,
    values: Mapping[str, Decimal | None],
    source: str,
    origin: str = "typed",
) -> int:
    """填报：改动的格各登新的一版，写明依据；返回改了几格。"""
    found = still_open(found, by, "assessment.declare")
    if not source.strip():
        raise Refused(_("请写明这些数的依据。"))
    nodes = {node.code: node for node in queries.leaves(found.scheme)}
    there = {c.node_id: c for c in queries.cells(found).filter(entrant=entrant)}
    made = []
    for code, value in values.items():
        node = nodes[code]
        old = there.get(node.pk)
        if (old is None and value is None) or (old is not None and old.value == value):
            continue
        made.append(_cell(found, entrant, node, old, value, origin, source, by))
    if not made:
        raise Refused(_("没有改动。请至少改一个数。"))
    Cell.objects.bulk_create(made)
    told = (f"{one.node.name} {_plain(there.get(one.node_id))} → {_plain(one)}" for one in made)
    changes = {"cells": (None, f"{entrant.name}：{'；'.join(told)}")}
    audit.record(by, "assessment.round.declare", found, changes=changes, note=source)
    return len(made)


def _cell(
    found: Round,
    entrant: Entrant,
    node: Node,
    old: Cell | None,
    value: Decimal | None,
    origin: str,
    source: str,
    by: Post | None,
) -> Cell:
    return Cell(
        round=found,
        entrant=entrant,
        node=node,
        version=old.version + 1 if old else 1,
        value=value,
        origin=origin,
        source=shorten(source.strip(), 300),
        by=by,
    )


def _plain(one: Cell | None) -> str:
    return "—" if one is None or one.value is None else f"{one.value.normalize():f}"


@transaction.atomic
def submit(found: Round, *, by: Post | None) -> Round:
    """提交填报：交由别人核对；一个数也没有的不能交。"""
    found = _step(found, "submit", by, "assessment.declare")
    if not queries.cells(found).filter(value__isnull=False).exists():
        raise Refused(_("一个数也没有填。请先取数或填报。"))
    found.submitted_by = by
    return _moved(found, "submit", by)


@transaction.atomic
def send_back(found: Round, *, by: Post | None, note: str) -> Round:
    """退回填报：写明要改什么。"""
    found = _step(found, "send_back", by, "assessment.freeze")
    if not note.strip():
        raise Refused(_("请写明要改什么。"))
    return _moved(found, "send_back", by, note)


@transaction.atomic
def freeze(found: Round, *, by: Post | None, note: str) -> Round:
    """冻结：核对以后数据不再变；提交的人不得自己冻结。疑点未说明的写在备注里。"""
    found = _step(found, "freeze", by, "assessment.freeze")
    if by is not None and found.submitted_by and found.submitted_by.person_id == by.person_id:
        raise Refused(_("提交的人不能自己核对冻结。请由另一人办理。"))
    if queries.suspicions(found) and not note.strip():
        raise Refused(_("还有核对疑点。请在备注里逐条说明，或先退回改正。"))
    inputs: Any = bridge.snapshot(found)  # the stub of the field knows only text
    bridge.result_of(inputs)  # what cannot be computed is not frozen
    found.inputs, found.digest = inputs, bridge.digest(inputs)
    Scheme.objects.filter(pk=found.scheme_id).update(frozen=True)
    return _moved(found, "freeze", by, note)


# Steps ------------------------------------------------------------------------------------------


def _require(by: Post | None, verb: str) -> None:
    """Figures of a round concern the whole zone: so must the permission."""
    if by is None:
        return
    people.require(by, verb)
    if people.scope(by, verb).units is not None:
        raise people.not_allowed(by)


def _locked(found: Round, by: Post | None, verb: str) -> Round:
    _require(by, verb)
    return Round.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=found.pk)


def still_open(
    found: Round, by: Post | None, verb: str, states: tuple[str, ...] = ("filling",)
) -> Round:
    """The round, locked, if its figures may still be changed."""
    found = _locked(found, by, verb)
    if found.state not in states:
        raise Refused(
            _("这一轮%(state)s，不能再改数。请先退回，或另开一轮。")
            % {"state": _(rules.STATES[found.state])}
        )
    return found


def _step(found: Round, step: str, by: Post | None, verb: str) -> Round:
    found = _locked(found, by, verb)
    if step not in rules.STEPS[found.state]:
        raise Refused(
            _("这一轮%(state)s，现在不能这样办。请刷新页面。")
            % {"state": _(rules.STATES[found.state])}
        )
    return found


def _moved(found: Round, step: str, by: Post | None, note: str = "") -> Round:
    before, found.state = found.state, rules.STEPS[found.state][step]
    found.save(update_fields=["state", "submitted_by", "digest", "inputs"])
    changes: dict[str, tuple[Any, Any]] = {"state": (before, found.state)}
    if step == "freeze":
        changes["digest"] = (None, found.digest)
    audit.record(by, f"assessment.round.{step}", found, changes=changes, note=note)
    return found
