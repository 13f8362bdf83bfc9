"""Schemes: set up, weighed, copied to a new version. A scheme in use is never changed.

Their indicators are in `nodes`, their rules for points in `points`.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.assessment import queries, words
from bihuan.assessment.editions import SCHEMES, NodePlan, PointPlan, SchemePlan
from bihuan.assessment.models import Node, PointRule, Scheme
from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.engines.index import method as read_method
from bihuan.jobs import rules as spelling
from bihuan.people import queries as people
from bihuan.people.models import Post


@transaction.atomic
def load_schemes(*, by: Post | None) -> list[Scheme]:
    """载入起始的方案：两版公布的考核办法（已知的部分）和区内单位年度考核。已有的不动。"""
    if by is not None:
        people.require(by, "assessment.define")
    there = set(Scheme.objects.values_list("code", flat=True))
    return [_make(plan, by) for plan in SCHEMES if plan.code not in there]


def _make(plan: SchemePlan, by: Post | None) -> Scheme:
    read_method(plan.method)  # what the engine would refuse is not stored
    names = ("code", "name", "name_en", "subject", "first_round", "last_round")
    rest = ("indicator_count", "basis", "note", "note_en")
    said: dict[str, Any] = {name: getattr(plan, name) for name in (*names, *rest)}
    scheme = Scheme.objects.create(**said, method=_table(plan.method))
    groups: dict[str, Node] = {}
    for number, node in enumerate(plan.nodes, start=1):
        made = _add(scheme, node, number, groups.get(node.parent))
        if not node.parent:
            groups[node.code] = made
    for number, rule in enumerate(plan.points, start=1):
        _rule(scheme, rule, number)
    audit.record(by, "assessment.scheme.define", scheme)
    return scheme


def _rule(scheme: Scheme, plan: PointPlan, number: int) -> PointRule:
    amounts = (plan.points, plan.cap, plan.limit)
    points, cap, limit = (None if one is None else Decimal(str(one)) for one in amounts)
    return PointRule.objects.create(
        scheme=scheme,
        code=plan.code,
        name=plan.name,
        name_en=plan.name_en,
        number=number,
        points=points,
        cap=cap,
        trigger=plan.trigger,
        node=scheme.nodes.get(code=plan.node) if plan.node else None,
        limit=limit,
        basis=plan.basis,
    )


def _table(method: Mapping[str, Any]) -> Any:
    """As the field for JSON takes it, whose stub knows only text."""
    return dict(method)


def _add(scheme: Scheme, plan: NodePlan, number: int, parent: Node | None) -> Node:
    return Node.objects.create(
        scheme=scheme,
        code=plan.code,
        name=plan.name,
        name_en=plan.name_en,
        parent=parent,
        number=number,
        weight=None if plan.weight is None else Decimal(str(plan.weight)),
        lower_is_better=plan.lower,
        measure=plan.measure,
        figure=plan.indicator,
        count=plan.count,
        indicator_count=plan.indicator_count,
        ratio_to=plan.ratio_to,
    )


@transaction.atomic
def set_weights(
    scheme: Scheme, *, by: Post | None, weights: Mapping[str, Decimal | None], basis: str
) -> Scheme:
    """设定权重：空的就是未公布；方案一经使用不能再改。"""
    scheme = open_scheme(scheme, by)
    if not basis.strip():
        raise Refused(_("请写明权重的依据。"))
    changes: list[str] = []
    faults = []
    for node in queries.nodes(scheme):
        if node.code not in weights or node.weight == weights[node.code]:
            continue
        new = weights[node.code]
        if new is not None and new < 0:
            faults.append(_("“%(name)s”的权重不能为负。请改正。") % {"name": node.label()})
            continue
        changes.append(f"{node.name} {_shown(node.weight)} → {_shown(new)}")
        Node.objects.filter(pk=node.pk).update(weight=new)
    faults += weightless(scheme)
    if faults:
        raise Refused.all(faults)
    if not changes:
        raise Refused(_("没有改动。请至少改一项权重。"))
    audit.record(
        by,
        "assessment.scheme.weights",
        scheme,
        changes={"weights": (None, "；".join(changes))},
        note=basis,
    )
    return scheme


def _shown(weight: Decimal | None) -> str:
    return "—" if weight is None else f"{weight.normalize():f}"


def weightless(scheme: Scheme) -> list[str]:
    """Groups of which every weight is nought."""
    faults = []
    broods: dict[str, list[Decimal | None]] = {}
    for node in queries.nodes(scheme):
        broods.setdefault(node.parent.label() if node.parent else scheme.label(), []).append(
            node.weight
        )
    for name, brood in broods.items():
        if all(weight == 0 for weight in brood):
            faults.append(
                _("“%(name)s”下面的权重全是零。请至少给一项权重，或留空。") % {"name": name}
            )
    return faults


@transaction.atomic
def set_method(
    scheme: Scheme, *, by: Post | None, table: Mapping[str, Any], draws: int, basis: str
) -> Scheme:
    """设定算法：引擎认不得的不存。"""
    scheme = open_scheme(scheme, by)
    with words.spoken():
        made = read_method({**scheme.method, **table})
    before: Any = scheme.method
    before_draws = scheme.draws
    scheme.method, scheme.draws = {**scheme.method, **table}, draws
    if made.rank.league not in ("", "league"):
        raise Refused(_("分类只能按登记的分类。请改正。"))
    scheme.save(update_fields=["method", "draws"])
    after: Any = scheme.method
    changes: dict[str, tuple[Any, Any]] = {
        name: (spelling.canonical(before.get(name, {})), spelling.canonical(after[name]))
        for name in table
        if before.get(name) != after[name]
    }
    if before_draws != draws:
        changes["draws"] = (before_draws, draws)
    if not changes:
        raise Refused(_("没有改动。请至少改一处。"))
    audit.record(by, "assessment.scheme.method", scheme, changes=changes, note=basis)
    return scheme


@transaction.atomic
def copy_scheme(scheme: Scheme, *, by: Post | None, first_round: int, basis: str) -> Scheme:
    """另立一版：照抄现版，改从某个考核年度起用；旧版照旧留着。"""
    if by is not None:
        people.require(by, "assessment.define")
    if scheme.last_round is not None and first_round > scheme.last_round:
        raise Refused(
            _("这版办法只用到 %(year)d 考核年度。请另选起用年度。") % {"year": scheme.last_round}
        )
    made = Scheme.objects.get(pk=scheme.pk)
    nodes = queries.nodes(scheme)
    made.pk, made.frozen = None, False
    made._state.adding = True
    made.version, made.first_round = queries.latest_of(scheme) + 1, first_round
    made.basis = basis.strip() or scheme.basis
    made.save()
    copies: dict[int | None, Node | None] = {None: None}
    for node in sorted(nodes, key=lambda one: one.parent_id is not None):
        old, parent = node.pk, copies[node.parent_id]
        node.pk, node.scheme, node.parent = None, made, parent
        node._state.adding = True
        node.save()
        copies[old] = node
    for rule in queries.rules_of(scheme):
        rule.pk, rule.scheme, rule.node = None, made, copies[rule.node_id]
        rule._state.adding = True
        rule.save()
    audit.record(
        by, "assessment.scheme.copy", made, changes={"version": (scheme.version, made.version)}
    )
    return made


def open_scheme(scheme: Scheme, by: Post | None) -> Scheme:
    """The scheme, locked, if it may still be changed."""
    if by is not None:
        people.require(by, "assessment.define")
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    if scheme.frozen:
        raise Refused(_("这版方案已用于测算，不能再改。请另立一版。"))
    return scheme
