"""Indicators of a scheme that is not yet in use: added, amended, removed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.assessment import queries
from bihuan.assessment.models import Node, Scheme
from bihuan.assessment.services.schemes import open_scheme, weightless
from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.facts.models import Indicator
from bihuan.people.models import Post


@transaction.atomic
def add_node(
    scheme: Scheme,
    *,
    by: Post | None,
    parent: Node,
    code: str,
    name: str,
    name_en: str = "",
    weight: Decimal | None = None,
    lower_is_better: bool = False,
    measure: str = "",
    indicator: Indicator | None = None,
) -> Node:
    """补录一项指标：公布了新的指标，或别的口有了可用的数。"""
    scheme = open_scheme(scheme, by)
    if scheme.nodes.filter(code=code).exists() or code == "total":
        raise Refused(_("代码“%(code)s”已有。请换一个。") % {"code": code})
    if parent.scheme_id != scheme.pk or parent.parent_id is not None:
        raise Refused(_("请选一个一级指标作上级。"))
    node = Node.objects.create(
        scheme=scheme,
        parent=parent,
        code=code,
        name=name.strip(),
        name_en=name_en.strip(),
        number=scheme.nodes.count() + 1,
        weight=weight,
        lower_is_better=lower_is_better,
        measure=measure,
        figure=indicator.code if indicator else "",
    )
    audit.record(by, "assessment.scheme.node", scheme, changes={"node": (None, node.name)})
    return node


@dataclass(frozen=True)
class NodeWords:
    """一项指标除代码和权重以外的内容；一级指标只用名称和序号。"""

    name: str
    name_en: str
    number: int
    parent: Node | None = None
    measure: str = ""
    lower_is_better: bool = False
    figure: str = ""
    count: str = ""
    ratio_to: str = ""


@transaction.atomic
def amend_node(node: Node, *, by: Post | None, to: NodeWords) -> Node:
    """修改指标：名称、计量单位、方向、上级、取数、比对；方案一经使用不能再改。"""
    scheme = open_scheme(node.scheme, by)
    node = Node.objects.select_related("parent").get(pk=node.pk)
    if faults := _faults(scheme, node, to):
        raise Refused.all(faults)
    before = _said(node)
    node.name, node.name_en, node.number = to.name.strip(), to.name_en.strip(), to.number
    if node.parent_id is not None:
        node.parent, node.measure = to.parent, to.measure.strip()
        node.lower_is_better = to.lower_is_better
        node.figure, node.count, node.ratio_to = to.figure, to.count, to.ratio_to
    after = _said(node)
    if before == after:
        raise Refused(_("没有改动。请至少改一处。"))
    node.save()
    if faults := weightless(scheme):
        raise Refused.all(faults)
    changes: dict[str, tuple[Any, Any]] = {
        name: (before[name], after[name]) for name in before if before[name] != after[name]
    }
    audit.record(by, "assessment.scheme.amend_node", scheme, changes=changes, note=node.code)
    return node


def _said(node: Node) -> dict[str, Any]:
    """What can be amended, as the history tells it."""
    return {
        "name": node.name,
        "name_en": node.name_en,
        "number": node.number,
        "parent": node.parent.name if node.parent else "",
        "measure": node.measure,
        "lower_is_better": node.lower_is_better,
        "figure": node.figure,
        "count": node.count,
        "ratio_to": node.ratio_to,
    }


def _faults(scheme: Scheme, node: Node, to: NodeWords) -> list[str]:
    faults = []
    if not to.name.strip():
        faults.append(_("请写名称。"))
    if node.parent_id is None:
        return faults
    if to.parent is None or to.parent.scheme_id != scheme.pk or to.parent.parent_id is not None:
        faults.append(_("请选一个一级指标作上级。"))
    elif to.parent.pk != node.parent_id and node.parent.children.count() == 1:  # type: ignore[union-attr]  # it has one
        faults.append(
            _("“%(name)s”下面只有这一项，移走以后就空了。请先给它补录一项。")
            % {"name": node.parent.label()}  # type: ignore[union-attr]  # it has one
        )
    if to.figure and to.count:
        faults.append(_("数据指标和台账统计只能选一样。请去掉一样。"))
    if to.ratio_to and to.ratio_to not in {n.code for n in queries.leaves(scheme)} - {node.code}:
        faults.append(_("比对指标应是这版方案里的另一项指标。请改选。"))
    return faults


@transaction.atomic
def remove_node(node: Node, *, by: Post | None) -> Scheme:
    """删去指标：方案还没有用过，这一项也没有填过数、没有别处引用。"""
    scheme = open_scheme(node.scheme, by)
    faults = [_IN_USE[use]() % {"name": node.label()} for use in queries.uses_of(node)]
    if faults:
        raise Refused.all(faults)
    table: Any = scheme.method
    each = table.get("normalise", {}).get("each", {})
    if node.code in each:
        rest = {code: scale for code, scale in each.items() if code != node.code}
        scheme.method = {**table, "normalise": {**table["normalise"], "each": rest}}
        scheme.save(update_fields=["method"])
    audit.record(by, "assessment.scheme.remove_node", scheme, changes={"node": (node.name, None)})
    node.delete()
    if faults := weightless(scheme):
        raise Refused.all(faults)
    return scheme


_IN_USE = {
    "children": lambda: _("“%(name)s”下面还有指标，不能删。请先删去或移走它们。"),
    "only": lambda: _("“%(name)s”是它上级的唯一一项，不能删。请先给上级补录一项。"),
    "cells": lambda: _("“%(name)s”已填过数，不能删。要改，另立一版。"),
    "peers": lambda: _("“%(name)s”已有同伴数据，不能删。要改，另立一版。"),
    "ratio": lambda: _("“%(name)s”是别的指标的比对指标，不能删。请先改那一项。"),
    "rules": lambda: _("“%(name)s”有加减分规则用到，不能删。请先改那条规则。"),
}
