"""Kinds of unit, the four lines between units, reaches of a role, limits of sign-in: plain data."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bihuan.base.text import zh

UNIT_KINDS = {
    "zone": zh("开发区"),
    "party_committee": zh("党委"),
    "party_working_committee": zh("党工委"),
    "admin_committee": zh("管委会"),
    "leading_body": zh("领导班子"),
    "bureau": zh("局办"),
    "subdistrict_office": zh("办事处"),
    "park": zh("园区"),
    "soe": zh("国有企业"),
    "village": zh("村（社区）"),
    "branch": zh("党支部"),
    "team": zh("队伍"),
    "contractor": zh("承包单位"),
    "guidance_group": zh("指导组"),
    "superior": zh("上级单位"),
    "city": zh("所在城市"),
    "population": zh("参评总体"),
    "other": zh("其他单位"),
}

# Handbook section 1. A cascade walks the party or the administrative line only.
LINES = {
    "party": zh("党的隶属"),
    "admin": zh("行政隶属"),
    "contract": zh("合同关系"),
    "guidance": zh("临时指导"),
}
CASCADE_LINES = ("party", "admin")

NAME_KINDS = {
    "former": zh("曾用名"),
    "short": zh("简称"),
    "alias": zh("别名"),
    "merged": zh("并入单位的名称"),
}
# What a person may enter by hand; the other two come from renaming and merging.
GIVEN_NAME_KINDS = {kind: NAME_KINDS[kind] for kind in ("short", "alias")}

REACHES = {
    "unit": zh("本单位"),
    "subtree": zh("本单位及下级"),
    "zone": zh("全区"),
}


# What happens to the posts of a unit that is merged into another.
MERGED_POSTS = {"move": zh("转到并入的单位，角色和职务不变"), "end": zh("全部免去")}

# Headings under which a role's verbs are grouped; a verb's first word is its room.
ROOMS = {
    "people": zh("机构与人员"),
    "audit": zh("审计"),
    "files": zh("文档"),
    "days": zh("工作日"),
    "jobs": zh("作业"),
    "facts": zh("数据"),
    "ledger": zh("整改台账"),
    "press": zh("公文和发布"),
    "assessment": zh("综合评价"),
    "meetings": zh("测评会议"),
    "reviews": zh("民主生活会"),
    "ballots": zh("投票"),
    "roads": zh("道路"),
    "fleet": zh("作业车辆"),
    "snow": zh("扫雪除冰"),
    "projects": zh("重点项目"),
    "designs": zh("方案审查"),
}

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class SignInLimits:
    """登录限制：连续失败几次锁定多久；闲置多久、最长多久须重新登录。"""

    failures: int = 5
    locked_for: timedelta = timedelta(minutes=15)
    idle: timedelta = timedelta(minutes=60)
    longest: timedelta = timedelta(hours=12)


def overlapping(
    first: tuple[date | None, date | None], second: tuple[date | None, date | None]
) -> bool:
    """Do two dated validities share a day? None means open; both ends belong to the period."""
    starts = [d for d in (first[0], second[0]) if d is not None]
    ends = [d for d in (first[1], second[1]) if d is not None]
    return not starts or not ends or max(starts) <= min(ends)


def masked(phone: str) -> str:
    """A telephone number of which a list shows only the ends: 138****0000.

    At least four signs stay hidden: of what is shorter than a mobile number, less is shown.
    """
    head, tail = (3, 4) if len(phone) >= 11 else (0, 2) if len(phone) >= 6 else (0, 0)
    hidden = len(phone) - head - tail
    return phone[:head] + "*" * hidden + phone[head + hidden :]


# Letters and digits that nobody mistakes for one another on paper or on the telephone.
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password() -> str:
    """Twelve random characters in three groups, about 59 bits: to be read out once and changed."""
    groups = ("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def below(top: int, parents: Mapping[int, Iterable[int]]) -> set[int]:
    """All units under `top`, itself included; `parents` maps each unit to those above it."""
    children: dict[int, list[int]] = {}
    for child, above in parents.items():
        for parent in above:
            children.setdefault(parent, []).append(child)
    found, waiting = {top}, [top]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def above(units: Iterable[int], parents: Mapping[int, Iterable[int]]) -> set[int]:
    """These units and all that stand over them; `parents` maps each unit to those above it."""
    found = set(units)
    waiting = list(found)
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


@dataclass(frozen=True)
class Branch:
    """One unit in a tree that is shown as a list: how deep it stands, and whether it is tied."""

    unit: int
    depth: int
    tied: bool = True


def as_list(units: Iterable[int], parents: Mapping[int, int]) -> list[Branch]:
    """The units in the order of a tree: each superior before those below it, then those that
    stand on no line. The order of `units` is kept among brothers; a circle is cut, not walked."""
    order = list(units)
    present = set(order)
    up = {child: parent for child, parent in parents.items() if {child, parent} <= present}
    children: dict[int, list[int]] = {}
    for unit in order:
        if unit in up:
            children.setdefault(up[unit], []).append(unit)
    found: list[Branch] = []
    seen: set[int] = set()

    def walk(top: int) -> None:
        waiting = [(top, 0)]
        while waiting:
            unit, depth = waiting.pop()
            if unit in seen:
                continue
            seen.add(unit)
            found.append(Branch(unit, depth))
            waiting += [(child, depth + 1) for child in reversed(children.get(unit, []))]

    for unit in order:
        if unit not in up and unit in children:
            walk(unit)
    for unit in order:  # a circle has no top: begin anywhere
        if unit in up:
            walk(unit)
    return found + [Branch(unit, 0, tied=False) for unit in order if unit not in seen]
