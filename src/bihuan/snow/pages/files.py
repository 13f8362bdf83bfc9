"""A plan as files: through the same writers as the command line, in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from bihuan.base.errors import Refused
from bihuan.base.text import SAMPLE_MARK
from bihuan.exchange.routes import plans as writers
from bihuan.snow.models import Plan
from bihuan.snow.queries import plan as queries
from bihuan.snow.rules import plan as rules
from bihuan.snow.rules.live import KINDS
from bihuan.ui.printing import printed


def content(one: Plan, name: str) -> bytes:
    """What the file of that name holds."""
    return _WRITERS[name](one)


def _routes(one: Plan) -> bytes:
    return writers.geojson(queries.sheets(one)).encode()


def _legs(one: Plan) -> bytes:
    return writers.legs_csv(queries.sheets(one), _)


def _tours(one: Plan) -> bytes:
    return writers.tours_csv(queries.sheets(one), _)


def _numbers(one: Plan) -> bytes:
    told = one.told or {}
    rows: list[tuple[str, Any]] = [
        (_("作业项数"), told["tasks"]), (_("没排上的作业"), told["left"]),
        (_("用车台数"), told["vehicles"]), (_("作业公里"), round(told["served_km"], 2)),
        (_("全程公里"), round(told["km"], 2)),
        (_("融雪剂（吨）"), round(told["deicer_kg"] / 1000, 2)),
    ]  # fmt: skip
    if told.get("bound_km"):
        gap = "" if told["gap"] is None else round(told["gap"], 2)
        rows += [
            (_("全程公里的下界"), round(told["bound_km"], 2)),
            (_("与下界的差距（%）"), gap),
        ]
    for each in told["classes"]:
        kind = _(KINDS[each["kind"]])
        clear = each["clear_s"]
        rows += [
            (_("%s清完") % kind, _("清不完") if clear is None else rules.clock(clear)),
            (_("%s超过承诺的路段") % kind, each["late"]),
        ]
    rows.append((_("校验不合之处"), len(told["faults"])))
    return writers.numbers_csv(rows)


def _drivers(one: Plan) -> bytes:
    if not any(tour["stops"] for tour in (one.tours or {}).get("tours", ())):
        raise Refused(_("没有一台车有作业，没有行车单可印。"))
    mark = _(SAMPLE_MARK) if one.sample else ""
    return printed(writers.sheets(queries.sheets(one), _, mark=mark))


_WRITERS: dict[str, Callable[[Plan], bytes]] = {
    "routes": _routes,
    "legs": _legs,
    "tours": _tours,
    "numbers": _numbers,
    "drivers": _drivers,
}
