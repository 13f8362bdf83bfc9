"""冬备总览：下雪以前，哪几样齐了，哪几样缺什么。"""

from collections.abc import Iterable
from dataclasses import dataclass

from bihuan.base.text import zh

ITEMS = {
    "plan": zh("预案经签发"),
    "contracts": zh("主次干道都有合同，不重不漏"),
    "teams": zh("队伍有人，白班夜班都有"),
    "tools": zh("手工器具已登记"),
    "vehicles": zh("有在用的推雪车和撒布车"),
    "stock": zh("融雪剂不低于最低储备"),
    "roster": zh("值班排好，没有空班"),
    "drill": zh("本季演练过，按时出动"),
    "fronts": zh("门前五包没有到期未复查的"),
}


@dataclass(frozen=True)
class Ready:
    """一项：齐了没有，缺什么。"""

    code: str
    ok: bool
    told: str


def share(found: Iterable[Ready]) -> tuple[int, int]:
    """How many are ready, of how many."""
    every = list(found)
    return sum(one.ok for one in every), len(every)
