"""Indicators that this room fills: defined the first time, afterwards they are the office's."""

from typing import Any

from django.utils.translation import gettext as _

from bihuan.base.text import zh
from bihuan.facts import queries as facts_queries
from bihuan.facts import services as facts
from bihuan.facts.models import Indicator

# Figure of a review → code, name, English name, measure, kind, direction.
EVENT = {
    "people": ("snow-people", zh("扫雪除冰出动人次"), "Snow: person-shifts", "人次", "flow", ""),
    "turnouts": ("snow-turnouts", zh("扫雪除冰出动台次"), "Snow: vehicle turn-outs", "台次", "flow",
                 ""),
    "deicer_t": ("snow-deicer", zh("扫雪除冰用融雪剂"), "Snow: de-icer used", "吨", "flow", ""),
    "cleared_m3": ("snow-cleared", zh("扫雪除冰清运积雪"), "Snow: snow carried off", "立方米",
                   "flow", ""),
    "promise_rate": ("snow-event-rate", zh("一场雪的承诺兑现率"), "Snow: promises kept, one event",
                     "%", "rate", "higher"),
    "hours": ("snow-hours", zh("扫雪除冰响应时长"), "Snow: hours of response", "小时", "flow", ""),
}  # fmt: skip
YEAR_RATE = (
    "snow-promise-rate",
    zh("扫雪除冰承诺兑现率"),
    "Snow: promises of clearing kept, of the year",
    "%",
    "rate",
    "higher",
)


def indicator(
    code: str, name: str, name_en: str, measure: str, kind: str, direction: str
) -> Indicator:
    """The indicator by its code."""
    there = facts_queries.indicators().filter(code=code).first()
    more: Any = {"direction": direction} if direction else {}
    return there or facts.define_indicator(
        by=None, code=code, name=name, name_en=name_en, measure=measure, kind=kind,
        note=_("由扫雪除冰复盘记入。"), **more,
    )  # fmt: skip
