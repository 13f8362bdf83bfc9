"""The rules for rewards and penalties of a scheme, and points given by them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.assessment import queries, rules
from bihuan.assessment.models import Entrant, Node, Point, PointRule, Round, Scheme
from bihuan.assessment.services.rounds import still_open
from bihuan.assessment.services.schemes import open_scheme
from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.people.models import Post


@dataclass(frozen=True)
class RulePlan:
    """一条加减分规则的内容，代码除外。"""

    name: str
    points: Decimal | None
    trigger: str
    basis: str
    name_en: str = ""
    cap: Decimal | None = None
    node: Node | None = None
    limit: Decimal | None = None
    number: int = 0


@transaction.atomic
def add_rule(scheme: Scheme, *, by: Post | None, code: str, plan: RulePlan) -> PointRule:
    """增加一条加减分规则；方案一经使用不能再改。"""
    scheme = open_scheme(scheme, by)
    faults = _faults(scheme, plan)
    if scheme.point_rules.filter(code=code).exists():
        faults.insert(0, _("代码“%(code)s”已有。请换一个。") % {"code": code})
    if faults:
        raise Refused.all(faults)
    made = PointRule(scheme=scheme, code=code)
    _put(made, plan)
    made.number = plan.number or scheme.point_rules.count() + 1
    made.save()
    changes = {"rule": (None, _said(made))}
    audit.record(by, "assessment.scheme.rule", scheme, changes=changes, note=made.basis)
    return made


@transaction.atomic
def amend_rule(rule: PointRule, *, by: Post | None, plan: RulePlan) -> PointRule:
    """修改一条加减分规则：已据以记过分的不能改。"""
    scheme, rule = _unused(rule, by)
    if faults := _faults(scheme, plan):
        raise Refused.all(faults)
    before, before_basis = _said(rule), rule.basis
    _put(rule, plan)
    rule.number = plan.number or rule.number
    rule.save()
    if (before, before_basis) == (_said(rule), rule.basis):
        raise Refused(_("没有改动。请至少改一处。"))
    changes = {"rule": (before, _said(rule))}
    audit.record(by, "assessment.scheme.rule", scheme, changes=changes, note=rule.basis)
    return rule


@transaction.atomic
def remove_rule(rule: PointRule, *, by: Post | None) -> Scheme:
    """删去一条加减分规则：已据以记过分的不能删。"""
    scheme, rule = _unused(rule, by)
    audit.record(by, "assessment.scheme.rule", scheme, changes={"rule": (_said(rule), None)})
    rule.delete()
    return scheme


def _unused(rule: PointRule, by: Post | None) -> tuple[Scheme, PointRule]:
    scheme = open_scheme(rule.scheme, by)
    rule = PointRule.objects.select_related("node").get(pk=rule.pk)
    if rule.given.exists():
        raise Refused(_("已按“%(name)s”记过分，这条不能改也不能删。") % {"name": rule.label()})
    return scheme, rule


def _put(rule: PointRule, plan: RulePlan) -> None:
    rule.name, rule.name_en = plan.name.strip(), plan.name_en.strip()
    rule.points, rule.cap, rule.trigger = plan.points, plan.cap, plan.trigger
    rule.node, rule.limit, rule.basis = plan.node, plan.limit, plan.basis.strip()


def _said(rule: PointRule) -> str:
    """A rule in one line, as the history tells it."""
    parts = [f"{rule.code} {rule.name} {rule.name_en}".strip(), _plain(rule.points)]
    if rule.cap is not None:
        parts.append(f"≤{_plain(rule.cap)}")
    if rule.node is not None:
        parts.append(f"{rule.node.name} {rule.trigger} {_plain(rule.limit)}")
    return "，".join((*parts, f"#{rule.number}"))


def _plain(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.normalize():f}"


def _faults(scheme: Scheme, plan: RulePlan) -> list[str]:
    faults = []
    if not plan.name.strip():
        faults.append(_("请写名称。"))
    if not plan.basis.strip():
        faults.append(_("请写明这条规则的依据。"))
    if plan.points == 0:
        faults.append(_("分数不能是零。请改正，或留空表示逐次核定。"))
    if plan.cap is not None and plan.cap <= 0:
        faults.append(_("累计最多应大于零，减分的也写正数。请改正。"))
    elif plan.cap is not None and plan.points is not None and plan.cap < abs(plan.points):
        faults.append(_("累计最多不能小于一次的分数。请改正。"))
    if plan.trigger == rules.EVENT:
        if plan.points is None and plan.cap is None:
            faults.append(_("逐次核定分数的，要写累计最多。"))
        if plan.node is not None or plan.limit is not None:
            faults.append(_("逐次登记的规则不写指标和界限。请去掉，或改触发。"))
        return faults
    if plan.node is None or plan.node.scheme_id != scheme.pk or plan.limit is None:
        faults.append(_("按得分触发的规则要选指标、写界限。"))
    if plan.points is None:
        faults.append(_("按得分触发的规则要写分数。"))
    if plan.cap is not None:
        faults.append(_("按得分触发的规则一轮只用一次，不写累计最多。请去掉。"))
    return faults


@transaction.atomic
def give_points(
    found: Round,
    *,
    by: Post | None,
    entrant: Entrant,
    rule: PointRule,
    reason: str,
    basis: str,
    times: int = 1,
    points: Decimal | None = None,
) -> Point:
    """加减分：按方案的一条规则对一个单位记一次或几次，写明事由和依据；冻结以后不能再记。

    `points` only where the rule leaves the amount open. A correction is the same with `times`
    (or `points`) of the other sign. What exceeds the rule's cap is recorded and does not count.
    """
    found = still_open(found, by, "assessment.freeze", states=("filling", "submitted"))
    if faults := _giving(found, entrant, rule, times, points, reason, basis):
        raise Refused.all(faults)
    asked = rule.points * times if rule.points is not None else points
    assert asked is not None  # refused above
    made = Point.objects.create(
        round=found,
        entrant=entrant,
        rule=rule,
        times=times,
        points=asked,
        reason=reason.strip(),
        basis=basis.strip(),
        by=by,
    )
    changes: dict[str, tuple[Any, Any]] = {
        "entrant": (None, entrant.name),
        "rule": (None, rule.name),
        "points": (None, _plain(asked)),
    }
    audit.record(by, "assessment.point.give", made, changes=changes, note=f"{reason}（{basis}）")
    return made


def _giving(
    found: Round,
    entrant: Entrant,
    rule: PointRule,
    times: int,
    points: Decimal | None,
    reason: str,
    basis: str,
) -> list[str]:
    faults = []
    if rule.scheme_id != found.scheme_id or rule.trigger != rules.EVENT:
        faults.append(_("请选这版方案里逐次登记的一条规则。"))
    if entrant.pk not in {one.pk for one in queries.own(found)}:
        faults.append(_("“%(name)s”不在这一轮里。请改选。") % {"name": entrant.label()})
    if rule.points is None:
        if not points:
            faults.append(_("这条规则逐次核定，请写分数。"))
        elif rule.cap is not None and abs(points) > rule.cap:
            faults.append(_("这条规则累计最多 %(cap)s 分。请改小。") % {"cap": _plain(rule.cap)})
        if times != 1:
            faults.append(_("逐次核定的一次一条，次数写 1。"))
    else:
        if points is not None:
            faults.append(_("这条规则的分数是定好的，不要另写。"))
        if times == 0:
            faults.append(_("次数不能是零。请改正。"))
    if not reason.strip() or not basis.strip():
        faults.append(_("请写明事由和依据。"))
    return faults
