"""Frameworks, groups, indicators and terms: what figures are of."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.facts import frameworks, queries, reading, terms
from bihuan.facts.models import (
    Framework,
    Group,
    Indicator,
    Term,
)
from bihuan.facts.services.permission import require
from bihuan.people.models import Post

M = TypeVar("M", bound=Model)


@transaction.atomic
def define_framework(*, by: Post | None, code: str, name: str, **fields: Any) -> Framework:
    """设定指标体系：一版考核办法；再设同一代码即修改，改动留痕。"""
    require(by, "facts.define")
    return define(by, "facts.framework.define", Framework, {"code": code}, {"name": name, **fields})


@transaction.atomic
def define_group(framework: Framework, *, by: Post | None, name: str, **fields: Any) -> Group:
    """设定一级指标：名称、权重、个数；未公布的权重留空。"""
    require(by, "facts.define")
    weight = fields.get("weight")
    if weight is not None and not 0 <= weight <= 100:
        raise Refused(_("权重应在 0 到 100 之间。请核对。"))
    key = {"framework": framework, "name": name}
    return define(by, "facts.group.define", Group, key, fields)


@transaction.atomic
def define_indicator(*, by: Post | None, code: str, name: str, **fields: Any) -> Indicator:
    """设定指标：量什么、用什么单位、越大越好还是越小越好；占比另记分子、分母和整体。"""
    require(by, "facts.define")
    measure = fields.get("measure", "")
    if measure and measure not in queries.known_terms().measures:
        params = {"id": name, "found": measure}
        raise Refused(reading.sentence("unknown_measure", params))
    key = {"code": code}
    return define(by, "facts.indicator.define", Indicator, key, {"name": name, **fields})


@transaction.atomic
def add_term(
    *, by: Post | None, kind: str, word: str, meaning: str = "", currency: str = "", note: str = ""
) -> Term:
    """登记用语：计量单位、统计量词、限定词、口径或指标的另一种写法。"""
    require(by, "facts.define")
    word = word.strip()
    faults = []
    if kind not in terms.TERM_KINDS:
        faults.append(_("没有这一类用语。请从列表中选择。"))
    if not word:
        faults.append(_("请填写写法。"))
    if kind == "unit" and meaning not in terms.DIMENSIONS:
        faults.append(_("请选择这个计量单位量的是什么。"))
    if kind in ("measure", "scope", "name") and not meaning.strip():
        faults.append(_("请填写含义。"))
    if Term.objects.filter(kind=kind, word=word).exists():
        faults.append(_("“%(word)s”已登记。") % {"word": word})
    if faults:
        raise Refused.all(faults)
    term = Term.objects.create(kind=kind, word=word, meaning=meaning, currency=currency, note=note)
    audit.record(by, "facts.term.add", term, changes={"meaning": (None, meaning)}, note=note)
    return term


@transaction.atomic
def load_frameworks(*, by: Post | None) -> None:
    """载入公布过的两版指标体系；已有的不动。"""
    require(by, "facts.define")
    load(by)


def load(by: Post | None) -> None:
    there = set(Framework.objects.values_list("code", flat=True))
    for plan in frameworks.FRAMEWORKS:
        if plan.code in there:
            continue
        key: dict[str, Any] = {"code": plan.code}
        made = define(by, "facts.framework.define", Framework, key, plan.fields())
        for number, group in enumerate(plan.groups, start=1):
            about = group.fields() | {"number": number, "source": plan.source}
            key = {"framework": made, "name": group.name}
            define(by, "facts.group.define", Group, key, about)


def define(
    by: Post | None, act: str, noun: type[M], key: Mapping[str, Any], fields: Mapping[str, Any]
) -> M:
    """Make a definition, or change it; only what differs is written and told."""
    manager: Any = noun._default_manager
    one, made = manager.get_or_create(**key, defaults=fields)
    changes = {
        name: (None if made else getattr(one, name), value)
        for name, value in fields.items()
        if made or getattr(one, name) != value
    }
    if changes and not made:
        for name, (_before, value) in changes.items():
            setattr(one, name, value)
        one.save(update_fields=list(changes))
    if changes:
        told = {
            name: pair for name, pair in changes.items() if pair[0] not in (None, "") or pair[1]
        }
        audit.record(by, act, one, changes=told)
    found: M = one
    return found
