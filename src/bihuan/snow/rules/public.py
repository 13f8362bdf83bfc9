"""公开路况：what may be told to everybody, in plain words. No Django.

Only what was published leaves: the road, its state, the time; the level of response; orders that
the officer chose to tell. No vehicle, no team, no person, no criticism has a place in this shape.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from bihuan.base.text import zh
from bihuan.snow.rules.situation import Road

# In plain words, what a state means to somebody who has to go out.
PLAIN = {
    "passable": zh("可以正常通行"),
    "slow": zh("可以通行，请慢行"),
    "icy": zh("路面结冰，请绕行；必须走的，请慢行"),
    "closed": zh("封闭，请绕行"),
    "unknown": zh("还没有消息"),
}
SOURCES = {"person": zh("值班员发布"), "rule": zh("到时自动发布")}
STALE_HOURS = 6  # [P] what is older is told to be old, in words


@dataclass(frozen=True)
class Told:
    """公布的一条路：名称、等级、状态、什么时候的情况、其中哪些路段封闭或结冰。"""

    name: str
    kind: str
    state: str
    at: str
    known: int
    pieces: int
    worst: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ordered:
    """公布的一道指令：给哪个部门、办什么、什么时候以前、办完没有。"""

    number: int
    unit: str
    text: str
    given_at: str
    due_at: str = ""
    done: bool = False
    unit_en: str = ""


@dataclass(frozen=True)
class Responding:
    """公布的响应级别：哪个预案、几级、从什么时候起；不写谁签。"""

    scale: str
    level: str
    at: str


@dataclass(frozen=True)
class Promised:
    """公布的承诺：哪一类道路，雪停后几小时内清完；雪停了的，就是什么时候以前。"""

    kind: str
    hours: int
    by: str = ""


def content(
    roads: Iterable[Road],
    closed: Iterable[tuple[str, str]],
    limits: Mapping[str, int],
    stopped: datetime | None,
    levels: Iterable[Responding] = (),
    orders: Iterable[Ordered] = (),
) -> dict[str, Any]:
    """What a publication holds, and all it holds; `limits` are hours after the snow stopped."""
    return {
        "roads": [asdict(Told(**{name: getattr(one, name) for name in _FIELDS})) for one in roads],
        "closed": [{"name": name, "at": at} for name, at in closed],
        "promises": [
            asdict(Promised(kind, hours, _by(stopped, hours))) for kind, hours in limits.items()
        ],
        "levels": [asdict(one) for one in levels],
        "orders": [asdict(one) for one in orders],
    }


def _by(stopped: datetime | None, hours: int) -> str:
    return "" if stopped is None else (stopped + timedelta(hours=hours)).isoformat("T", "minutes")


_FIELDS = tuple(Told.__dataclass_fields__)


def due(waiting_since: datetime | None, now: datetime, minutes: int) -> bool:
    """Does the rule publish now? Off at 0 minutes; else when the oldest state that nobody has
    published has waited so long that a duty officer could have published it, or seen it wrong."""
    if not minutes or waiting_since is None:
        return False
    return (now - waiting_since).total_seconds() >= 60 * minutes
