"""Who can be rated: entered, amended. Nobody is deleted: what was rated stays rated."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.assessment import rules
from bihuan.assessment.models import Entrant
from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit


@transaction.atomic
def enter(
    *,
    by: Post | None,
    code: str,
    name: str,
    name_en: str = "",
    league: str,
    unit: Unit | None = None,
    sample: bool = False,
) -> Entrant:
    """登记参评单位。"""
    _require(by)
    faults = _faults(None, name, league, unit)
    if Entrant.objects.filter(code=code).exists():
        faults.insert(0, _("代码“%(code)s”已有。请换一个。") % {"code": code})
    if faults:
        raise Refused.all(faults)
    made = Entrant.objects.create(
        code=code,
        name=name.strip(),
        name_en=name_en.strip(),
        league=league,
        unit=unit,
        sample=sample,
    )
    audit.record(by, "assessment.entrant.enter", made)
    return made


@transaction.atomic
def amend_entrant(
    entrant: Entrant,
    *,
    by: Post | None,
    name: str,
    name_en: str,
    league: str,
    unit: Unit | None,
    sample: bool,
) -> Entrant:
    """修改参评单位：名称、分类、对应单位、示例标记；代码不变，冻结的轮次照旧。"""
    _require(by)
    entrant = (
        Entrant.objects.select_for_update(of=("self",)).select_related("unit").get(pk=entrant.pk)
    )
    faults = _faults(entrant, name, league, unit)
    if unit != entrant.unit and entrant.cells.exists():
        faults.append(_("这个单位已填过数，对应的单位不能再改。请另登记一个。"))
    if faults:
        raise Refused.all(faults)
    before = _said(entrant)
    entrant.name, entrant.name_en, entrant.league = name.strip(), name_en.strip(), league
    entrant.unit, entrant.sample = unit, sample
    after = _said(entrant)
    if before == after:
        raise Refused(_("没有改动。请至少改一处。"))
    entrant.save()
    changes: dict[str, tuple[Any, Any]] = {
        key: (before[key], after[key]) for key in before if before[key] != after[key]
    }
    audit.record(by, "assessment.entrant.amend", entrant, changes=changes)
    return entrant


def _said(entrant: Entrant) -> dict[str, Any]:
    return {
        "name": entrant.name,
        "name_en": entrant.name_en,
        "league": entrant.league,
        "unit": entrant.unit.name if entrant.unit else "",
        "sample": entrant.sample,
    }


def _require(by: Post | None) -> None:
    """Who is rated concerns the whole zone: so must the permission."""
    if by is None:
        return
    people.require(by, "assessment.define")
    if people.scope(by, "assessment.define").units is not None:
        raise people.not_allowed(by)


def _faults(entrant: Entrant | None, name: str, league: str, unit: Unit | None) -> list[str]:
    faults = []
    if not name.strip():
        faults.append(_("请写名称。"))
    if league not in rules.LEAGUES:
        faults.append(_("分类不认识。请重选。"))
    elif unit is None and league == "units":
        faults.append(_("区内单位要选对应的单位。"))
    elif unit is not None and (unit.kind == "zone") == (league == "units"):
        faults.append(_("本区分在东部、中部或西部，区内别的单位分在“区内单位”。请改正。"))
    if unit is not None:
        taken = Entrant.objects.filter(unit=unit)
        if entrant is not None:
            taken = taken.exclude(pk=entrant.pk)
        if there := taken.first():
            faults.append(
                _("“%(unit)s”已登记为“%(name)s”。请改选。")
                % {"unit": unit.name, "name": there.label()}
            )
    return faults
