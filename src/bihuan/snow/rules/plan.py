"""作业方案：its states, why a version was made, what may be asked of it. No Django."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bihuan.base.text import zh

STATES = {
    "waiting": zh("在排"),
    "failed": zh("没有排成"),
    "ready": zh("已排好"),
    "in_force": zh("执行中"),
    "replaced": zh("已被替换"),
    "over": zh("执行到响应结束"),  # in force when the event ended: nothing that is stored
}
TONES = {
    "waiting": "info",
    "failed": "bad",
    "ready": "plain",
    "in_force": "good",
    "replaced": "quiet",
    "over": "quiet",
}
CAUSES = {
    "first": zh("首版"),
    "readiness": zh("由备用方案启动"),
    "breakdown": zh("车坏了"),
    "late": zh("晚出车"),
    "closed": zh("封路"),
    "snow": zh("又下雪"),
    "order": zh("要求先做"),
    "behind": zh("落在后面"),
}
WORKS = {
    "apart": zh("推雪、撒布由能做的车分别做"),
    "both": zh("推撒一体车一遍做完"),
    "plough": zh("只推雪"),
    "spread": zh("只撒布"),
}
WHO = {"all": zh("在用的全部车辆"), "duty": zh("只用当班的车辆")}
SNOWS = {"snow": zh("雪"), "sleet": zh("雨夹雪"), "ice": zh("冻雨或结冰")}
PASSES = {"1": zh("一遍"), "2": zh("每个方向一遍"), "3": zh("每条车道一遍")}
PASS_CODES = {1: "street", 2: "direction", 3: "lane"}
QUESTIONS = {
    "vehicles": zh("假如多几台车，能不能兑现全部承诺"),
    "raise": zh("假如某一等级提早清完"),
    "yard": zh("假如某个车场换个地方"),
}
# Why a vehicle is left out of a plan.
UNFIT = {
    "yard": zh("没有写从哪个车场出发，或车场停用"),
    "far": zh("车场离路网太远"),
    "work": zh("不能做这次的作业"),
    "capacity": zh("没有写融雪剂载量"),
    "shift": zh("没有排班，或班次在出车以前就结束"),
}
SECONDS, MOST_SECONDS = 20, 600
MOST_ROUNDS = 1_000_000
LANE_M, LONGEST_M = 3.5, 1500.0
LEAST_PROMISE_S = 900.0  # a promised hour that has passed: as soon as can be, and said to be late
SHIFT_H = 12
PLOUGH_KG = 1.0  # the engine wants a hopper of everybody; what ploughs only carries nothing
FAR_M = 500.0
SLACK_S = 900.0  # so long after its planned end a section without any pass counts as not done
SPOT_M = 150.0  # within which a place where ice forms belongs to a street
MOST_MORE = 16


def clock(seconds: float) -> str:
    """3 h 7 min as 3:07."""
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def grams(
    rows: Sequence[Mapping[str, Any]], temperature: float, precipitation: str
) -> float | None:
    """g/m² of the first row, from top to bottom, that fits the weather; None where none does.

    >>> mild, cold = {"from_c": -5, "snow": "snow", "grams": 15}, {"from_c": -40, "grams": 25}
    >>> [grams([mild, cold], *weather) for weather in ((-3, "snow"), (-8, "snow"), (-3, "ice"))]
    [15.0, 25.0, 25.0]
    """
    for one in rows:
        if temperature >= one["from_c"] and one.get("snow") in (None, "", "any", precipitation):
            return float(one["grams"])
    return None


def steps(last_s: float, most: int = 16) -> list[float]:
    """Moments at which a curve is told: round ones from the start to the end, at most so many.

    >>> [int(s / 60) for s in steps(3600 * 1.6)]
    [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    """
    stride = next((s for s in (300, 600, 900, 1800, 3600, 7200) if last_s / s <= most), 14400)
    return [float(stride * at) for at in range(max(1, -(-round(last_s) // stride)) + 1)]


def empty_share(km: float, served_km: float) -> float:
    """Share of the way driven without work, in per cent."""
    return (km - served_km) / km * 100 if km else 0.0


def parted(text: str) -> list[str]:
    """Names that people separate by commas, semicolons, 、 or lines."""
    for sign in "、，,;；\n\r\t":
        text = text.replace(sign, "\n")
    return list(dict.fromkeys(one.strip() for one in text.split("\n") if one.strip()))


def place(text: str) -> tuple[float, float] | None:
    """“113.75,34.71” as longitude and latitude.

    >>> place("113.75，34.71"), place("34.71"), place("200,10")
    ((113.75, 34.71), None, None)
    """
    parts = parted(text.replace(" ", ","))
    try:
        lon, lat = (float(one) for one in parts)
    except ValueError:
        return None
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


def counted(reasons: Iterable[str]) -> dict[str, int]:
    """How many vehicles were left out for each reason."""
    found = list(reasons)
    return {code: found.count(code) for code in UNFIT if code in found}


# What a driver reads.
LEGS = {
    "move": zh("行驶"), "serve": zh("作业"), "refill": zh("补料"), "wait": zh("等待"),
    "seen": zh("所在"),
}  # fmt: skip
DOES = {"plough": zh("推雪"), "spread": zh("撒布")}
TOWARDS = {
    "n": zh("向北"),
    "ne": zh("向东北"),
    "e": zh("向东"),
    "se": zh("向东南"),
    "s": zh("向南"),
    "sw": zh("向西南"),
    "w": zh("向西"),
    "nw": zh("向西北"),
}
FIRSTS = {"clear": zh("早清完"), "distance": zh("少跑路")}
FENCES = {
    "company": zh("按公司固定分片"),
    "yard": zh("按车场固定分片"),
    "territory": zh("每车固定一片"),
}


@dataclass(frozen=True)
class File:
    """方案写成的一种文件：叫什么，文件名，给浏览器的种类。"""

    label: str
    name: str
    media: str


CSV = "text/csv; charset=utf-8"
FILES = {
    "drivers": File(zh("行车单（PDF）"), "drivers.pdf", "application/pdf"),
    "routes": File(zh("路线（GeoJSON）"), "routes.geojson", "application/geo+json; charset=utf-8"),
    "legs": File(zh("各程（CSV）"), "legs.csv", CSV),
    "tours": File(zh("各车（CSV）"), "tours.csv", CSV),
    "numbers": File(zh("各项数（CSV）"), "numbers.csv", CSV),
}
