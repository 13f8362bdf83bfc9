"""Frameworks, groups, indicators and terms: what figures are of."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.base.text import plain
from bihuan.facts import frameworks, queries, reading, terms
from bihuan.facts.models import (
    Framework,
    Group,
    Indicator,
    Observation,
    Term,
)
from bihuan.facts.services.checking import check
from bihuan.facts.services.permission import require
from bihuan.people.models import Post

M = TypeVar("M", bound=Model)


@transaction.atomic
def define_framework(
    *, by: Post | None, code: str, name: str, new: bool = False, **fields: Any
) -> Framework:
    """设定指标体系：一版考核办法；再设同一代码即修改，改动留痕。`new` 时不得已有。"""
    require(by, "facts.define")
    faults = []
    if new and Framework.objects.filter(code=code).exists():
        faults.append(_("代码“%(code)s”已有指标体系。请换一个代码。") % {"code": code})
    first, last = fields.get("first_round"), fields.get("last_round")
    if first and last and last < first:
        faults.append(_("末次考核年度早于首次。请核对。"))
    if faults:
        raise Refused.all(faults)
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
def define_indicator(
    *, by: Post | None, name: str, code: str = "", new: bool = False, **fields: Any
) -> Indicator:
    """设定指标：量什么、用什么单位、越大越好还是越小越好；占比另记分子、分母和整体。

    再设同一代码即修改，改动留痕；`new` 时不得已有；没有代码的，由名称生成一个。
    """
    require(by, "facts.define")
    name, code = " ".join(name.split()), code or reading.code_of(name)
    there = Indicator.objects.select_for_update(of=("self",)).filter(code=code).first()
    faults = list(_unfit(name, code, there, fields))
    if new and there is not None:
        faults.insert(0, _("代码“%(code)s”已有指标。请换一个代码。") % {"code": code})
    if faults:
        raise Refused.all(faults)
    if measure := fields.get("measure", ""):
        fields["currency"] = queries.known_terms().measures[measure].currency
    key = {"code": code}
    made = define(by, "facts.indicator.define", Indicator, key, {"name": name, **fields})
    check()
    return made


def _unfit(
    name: str, code: str, there: Indicator | None, fields: Mapping[str, Any]
) -> Iterator[str]:
    """Why an indicator cannot be defined like this."""
    known = queries.known_terms()
    if not name:
        yield _("请填写指标的名称。")
    elif queries.indicator_codes().get(plain(name), code) != code:
        other = queries.indicator_called(name)
        if other is not None:
            yield _("已有同名的指标（代码 %(code)s）。请改用它，或换一个名称。") % {
                "code": other.code
            }
    measure = fields.get("measure", there.measure if there else "")
    if measure and measure not in known.measures:
        params = {"id": name, "found": measure}
        yield reading.sentence("unknown_measure", params, of_file=False)
    elif there is not None and there.measure and known.sort(measure) != known.sort(there.measure):
        used = there.observations.count()
        if used:
            yield _("这个指标已有 %(n)d 个数，计量单位不能改成另一类量。请另设一个指标。") % {
                "n": used
            }
    for field in ("part_indicator", "whole_indicator"):
        if there is not None and fields.get(field) == there:
            yield _("分子指标、分母指标不能是这个指标自己。请改选。")


@transaction.atomic
def define_term(
    *,
    by: Post | None,
    kind: str,
    word: str,
    meaning: str = "",
    currency: str = "",
    factor: Decimal = Decimal(1),
    note: str = "",
    term: Term | None = None,
) -> Term:
    """登记用语：计量单位、统计量词、限定词、口径或指标的另一种写法；`term` 为要修改的一条。"""
    require(by, "facts.define")
    word, meaning = word.strip(), meaning.strip()
    if kind != "unit" or meaning != "money":
        currency = ""
    if faults := list(_unfit_term(kind, word, meaning, currency, factor, term)):
        raise Refused.all(faults)
    key = {"kind": kind, "word": word}
    said = {"meaning": meaning, "currency": currency, "factor": factor, "note": note.strip()}
    made = define(by, "facts.term.define", Term, key, said)
    check()
    return made


def _unfit_term(
    kind: str, word: str, meaning: str, currency: str, factor: Decimal, term: Term | None
) -> Iterator[str]:
    """Why a term cannot be entered like this."""
    if kind not in terms.TERM_KINDS:
        yield _("没有这一类用语。请从列表中选择。")
        return
    if not word:
        yield _("请填写写法。")
    known = Term.objects.filter(kind=kind, word=word).exists()
    if term is None and (known or (kind == "unit" and word in terms.MEASURES)):
        yield _("“%(word)s”已登记。") % {"word": word}
    if kind == "unit":
        if meaning not in terms.DIMENSIONS:
            yield _("请选择这个计量单位量的是什么。")
        elif term is not None and term.meaning != meaning and _in_use(term):
            yield _("已有数用了这个计量单位，不能改成另一类量。请另登记一个。")
        if meaning == "money" and currency not in terms.CURRENCIES:
            yield _("金额的计量单位要选货币。")
        if not 0 < factor < Decimal(10) ** 15:
            yield _("换算应大于 0，例如“千元”等于 1000 元，填 1000。请改正。")
    elif kind == "measure" and meaning not in terms.FAMILIES:
        yield _("请选择这个统计量词属于哪一类量。")
    elif kind == "name" and queries.indicator_called(meaning) is None:
        yield _("没有名为“%(name)s”的指标。请填写登记过的指标名称。") % {"name": meaning}
    elif kind == "scope" and not meaning:
        yield _("请填写登记用的口径写法。")


def _in_use(term: Term) -> bool:
    """Is any figure or indicator measured in this unit?"""
    if term.kind != "unit":
        return False
    used = Observation.objects.filter(measure=term.word)
    return used.exists() or Indicator.objects.filter(measure=term.word).exists()


@transaction.atomic
def retire_term(term: Term, *, by: Post | None, note: str, retired: bool = True) -> Term:
    """停用（或恢复）用语：从此不认这个写法；已有数在用的计量单位不能停用。"""
    require(by, "facts.define")
    term = Term.objects.select_for_update().get(pk=term.pk)
    faults = []
    if not note.strip():
        faults.append(_("请写明原因。"))
    if term.retired == retired:
        faults.append(_("已经是这样了。请刷新页面查看。"))
    elif retired and _in_use(term):
        faults.append(_("已有数或指标用了“%(word)s”，不能停用。") % {"word": term.word})
    if faults:
        raise Refused.all(faults)
    term.retired = retired
    term.save(update_fields=["retired"])
    act = "facts.term.retire" if retired else "facts.term.restore"
    audit.record(by, act, term, note=note.strip())
    check()
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
