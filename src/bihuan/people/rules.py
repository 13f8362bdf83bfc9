"""Kinds of unit, the four lines between units, reaches of a role, limits of sign-in: plain data."""

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

NAME_KINDS = {"former": zh("曾用名"), "short": zh("简称"), "alias": zh("别名")}

REACHES = {
    "unit": zh("本单位"),
    "subtree": zh("本单位及下级"),
    "zone": zh("全区"),
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
