"""Is everything there before the first snow? Each item asked of its own record, none typed in."""

from collections.abc import Callable
from datetime import timedelta

from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.fleet.models import Vehicle
from bihuan.winter.models import Drill
from bihuan.winter.queries import crews, fronts, roster, season, stock, tables
from bihuan.winter.rules import readiness as rules
from bihuan.winter.rules.stock import KG_PER_T

_LONGEST_DRILL = 240  # days back that count as this season where no plan is in force


def _plan() -> tuple[bool, str]:
    found = season.in_force()
    if found is None:
        return False, _("没有执行中的预案。")
    if found.ends < clock.today():
        return False, _("执行中的预案已过期。")
    return True, found.label()


def _contracts() -> tuple[bool, str]:
    if not season.contracts():
        return False, _("今天没有有效的合同。")
    found = season.coverage()
    if found is None:
        return False, _("没有路网，不能核对范围。")
    told = _("没有合同的道路 %(none)d 条，在两份合同里的 %(two)d 条，路网里没有的 %(no)d 条。")
    said = {"none": len(found.none), "two": len(found.several), "no": len(found.unknown)}
    return found.whole, told % said


def _teams() -> tuple[bool, str]:
    held = crews.strengths()
    by_shift = {
        code: sum(n for (_t, s), n in held.items() if s == code) for code in tables.shifts()
    }
    names = tables.TABLE.labels("shifts")
    told = _("、").join(
        _("%(shift)s %(n)d 人") % {"shift": names[code], "n": n} for code, n in by_shift.items()
    )
    many = crews.teams().filter(parent=None).count()
    said = _("%(n)d 支队伍：%(told)s") % {"n": many, "told": told}
    return bool(many) and all(by_shift.values()), said


def _tools() -> tuple[bool, str]:
    found = crews.tools()
    names = tables.TABLE.labels("tools")
    parts = [
        (_("%(name)s %(n)d 以上") if bound else _("%(name)s %(n)d"))
        % {"name": names.get(tool, tool), "n": number}
        for tool, number, bound in found
    ]
    return bool(found), _("、").join(parts) or _("还没有登记。")


def _vehicles() -> tuple[bool, str]:
    rows = Vehicle.objects.filter(in_use=True)
    ploughs, spreads = rows.filter(ploughs=True).count(), rows.filter(spreads=True).count()
    told = _("能推雪的 %(p)d 台，能撒布的 %(s)d 台（是车辆数，不是台次）")
    return bool(ploughs and spreads), told % {"p": ploughs, "s": spreads}


def _stock() -> tuple[bool, str]:
    found = stock.levels()
    lasts = stock.lasting(found)
    names = tables.TABLE.labels("products")
    parts = [
        _("%(name)s %(t).1f 吨（最低 %(least)d 吨）")
        % {
            "name": names.get(one.product, one.product),
            "t": one.kg / KG_PER_T,
            "least": one.minimum_kg // KG_PER_T,
        }
        for one in found
    ]
    enough = lasts is None or lasts.days >= tables.setting("stock_days")
    if lasts is not None:
        parts.append(_("主次干道够撒 %(n).1f 天") % {"n": lasts.days})
    return enough and not any(one.low for one in found), _("、").join(parts)


def _roster() -> tuple[bool, str]:
    days = tables.setting("roster_days")
    found = roster.faults(clock.today(), days)
    if not found:
        return True, _("今后 %(n)d 天每班有人。") % {"n": days}
    gaps = sum(one.code == "gap" for one in found)
    told = _("今后 %(days)d 天空班 %(gaps)d 处，重班或歇不够 %(rest)d 处。")
    return False, told % {"days": days, "gaps": gaps, "rest": len(found) - gaps}


def _drill() -> tuple[bool, str]:
    plan = season.in_force()
    since = clock.today() - timedelta(days=_LONGEST_DRILL)
    if plan is not None:
        since = plan.starts - timedelta(days=60)  # a drill before the season belongs to it
    last = Drill.objects.filter(on__gte=since).order_by("-on", "-pk").first()
    if last is None:
        return False, _("本季还没有演练。")
    told = {"day": clock.in_words(last.on), "n": last.minutes, "limit": last.limit_minutes}
    return last.in_time, _("%(day)s，%(n)d 分钟出动（规定 %(limit)d 分钟）") % told


def _fronts() -> tuple[bool, str]:
    found = fronts.standings()
    late = sum(one.state == "late" for one in found)
    told = {"n": len(found), "late": late}
    return bool(found) and not late, _("登记 %(n)d 处，催办到期未复查 %(late)d 处。") % told


_ASKED: dict[str, Callable[[], tuple[bool, str]]] = {
    "plan": _plan,
    "contracts": _contracts,
    "teams": _teams,
    "tools": _tools,
    "vehicles": _vehicles,
    "stock": _stock,
    "roster": _roster,
    "drill": _drill,
    "fronts": _fronts,
}


def ready() -> list[rules.Ready]:
    """Every item with what it says."""
    return [rules.Ready(code, *ask()) for code, ask in _ASKED.items()]
