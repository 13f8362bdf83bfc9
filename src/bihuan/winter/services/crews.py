"""Verbs on teams: set up, filled with people by trade and shift, given tools, dissolved."""

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.base.text import tidy
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.winter.models import Strength, Team, ToolStock
from bihuan.winter.queries.tables import TABLE

MANAGE = "winter.manage"


@transaction.atomic
def form_team(
    *,
    by: Post | None,
    unit: Unit,
    name: str,
    name_en: str = "",
    parent: Team | None = None,
    task: str = "",
    sample: bool = False,
) -> Team:
    """组建队伍：属哪个单位；是分队的，属哪支队伍。"""
    if by is not None:
        people.require(by, MANAGE)
    faults, called = [], tidy(name)
    if not called:
        faults.append(_("请写队伍的名称。"))
    elif Team.objects.filter(name=called, dissolved=False).exists():
        faults.append(_("已有一支队伍叫“%(name)s”。") % {"name": called})
    if parent is not None and (parent.dissolved or parent.parent_id is not None):
        faults.append(_("分队只能属一支在册的队伍，不能再分。"))
    if faults:
        raise Refused.all(faults)
    made = Team.objects.create(
        unit=unit,
        name=called,
        name_en=tidy(name_en),
        parent=parent,
        task=tidy(task),
        by=by,
        sample=sample,
    )
    audit.record(by, "winter.team.form", made)
    return made


@transaction.atomic
def dissolve_team(team: Team, *, by: Post | None, why: str) -> Team:
    """撤销队伍：有分队的先撤分队；人数和器具不再计入。"""
    if by is not None:
        people.require(by, MANAGE)
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    faults = []
    if team.dissolved:
        faults.append(_("这支队伍已经撤销。"))
    if team.parts.filter(dissolved=False).exists():
        faults.append(_("请先撤销它的分队。"))
    if not why.strip():
        faults.append(_("请写撤销的原因。"))
    if faults:
        raise Refused.all(faults)
    team.dissolved = True
    team.save(update_fields=["dissolved"])
    audit.record(by, "winter.team.dissolve", team, note=why)
    return team


@transaction.atomic
def set_strength(
    team: Team, *, by: Post | None, trade: str, shift: str, number: int
) -> Strength | None:
    """登记人数：一个工种一个班次多少人；0 是没有。只记人数，不记姓名。"""
    if by is not None:
        people.require(by, MANAGE)
    faults = []
    if trade not in TABLE.labels("trades"):
        faults.append(_("工种表里没有“%(code)s”。") % {"code": trade})
    if shift not in TABLE.labels("shifts"):
        faults.append(_("班次表里没有“%(code)s”。") % {"code": shift})
    if not 0 <= number <= 100_000:
        faults.append(_("人数应在 0 到 100,000 之间。"))
    if team.dissolved:
        faults.append(_("这支队伍已经撤销。"))
    if faults:
        raise Refused.all(faults)
    held = Strength.objects.select_for_update(of=("self",))
    one = held.filter(team=team, trade=trade, shift=shift).first()
    before = one.people if one is not None else None
    if number == 0:
        if one is not None:
            one.delete()
        one = None
    elif one is None:
        one = Strength.objects.create(team=team, trade=trade, shift=shift, people=number, by=by)
    else:
        one.people, one.by = number, by
        one.save(update_fields=["people", "by"])
    what = f"{TABLE.labels('trades')[trade]} {TABLE.labels('shifts')[shift]}"
    audit.record(by, "winter.team.strength", team, changes={"people": (before, number)}, note=what)
    return one


@transaction.atomic
def set_tools(
    team: Team, *, by: Post | None, tool: str, number: int, lower_bound: bool = False
) -> ToolStock:
    """登记器具：多少；只知道下限的，勾“以上”。"""
    if by is not None:
        people.require(by, MANAGE)
    faults = []
    if tool not in TABLE.labels("tools"):
        faults.append(_("器具表里没有“%(code)s”。") % {"code": tool})
    if not 0 <= number <= 1_000_000:
        faults.append(_("数量应在 0 到 1,000,000 之间。"))
    if faults:
        raise Refused.all(faults)
    before = ToolStock.objects.filter(team=team, tool=tool).values_list("number", flat=True).first()
    told = {"number": number, "lower_bound": lower_bound, "by": by}
    one, _new = ToolStock.objects.update_or_create(team=team, tool=tool, defaults=told)
    note = TABLE.labels("tools")[tool]
    audit.record(by, "winter.team.tools", team, changes={"tools": (before, number)}, note=note)
    return one
