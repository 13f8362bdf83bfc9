"""一场雪：warnings as weather stations issue them, response levels on two scales. No Django.

Levels are names, never numbers to sort by: the first is the gravest, and the two scales of the city
run side by side (handbook section 6). The platform issues no warning; it relays who
said what and when.
"""

from collections.abc import Mapping

from bihuan.base.text import zh

SCALES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "snow": (
        zh("除雪预案"),
        {"s1": zh("一级"), "s2": zh("二级"), "s3": zh("三级"), "s4": zh("四级")},
    ),
    "cold": (
        zh("低温雨雪冰冻灾害应急预案"),
        {"c1": zh("Ⅰ级"), "c2": zh("Ⅱ级"), "c3": zh("Ⅲ级"), "c4": zh("Ⅳ级")},
    ),
}
LEVELS = {code: name for _name, levels in SCALES.values() for code, name in levels.items()}
OFF = "off"  # this scale is no longer in force
STARTS = {"snowfall": zh("以雪为令，降雪即启动"), "order": zh("按指令启动")}
WARNINGS = {
    "snowstorm": zh("暴雪"),
    "icing": zh("道路结冰"),
    "cold": zh("寒潮"),
    "other": zh("其他"),
}
COLOURS = {"blue": zh("蓝色"), "yellow": zh("黄色"), "orange": zh("橙色"), "red": zh("红色")}
TONES = {"blue": "info", "yellow": "warn", "orange": "orange", "red": "bad"}


def scale_of(level: str) -> str:
    """Which scale a level belongs to."""
    return next(code for code, (_name, levels) in SCALES.items() if level in levels)
