"""The life of a project and the words of its card: plain data, readable by a clerk."""

from collections.abc import Mapping, Sequence
from typing import Any

from bihuan.base.text import zh

# Handbook section 7 [P]: what counts as proof and what may be skipped is a rule table.
STAGES = {
    "reserve": zh("谋划储备"),
    "signed": zh("签约"),
    "preliminary": zh("前期"),
    "started": zh("开工"),
    "under_construction": zh("在建"),
    "completed": zh("竣工"),
    "in_production": zh("投产"),
}
SIDES = {
    "suspended": zh("停建"),
    "resumed": zh("复工"),
    "withdrawn": zh("退出"),
}
STRUCK = "struck"
STEPS = {**STAGES, **SIDES, STRUCK: zh("更正：前一步不算")}
NO_STAGE = zh("未登记")

KINDS = {
    "record": zh("企业投资（备案）"),
    "approval": zh("企业投资（核准）"),
    "government": zh("政府投资"),
}
LEVELS = {"province": zh("省重点"), "city": zh("市重点"), "none": zh("不在名单")}
BATCHES = {"signed": zh("签约"), "started": zh("开工"), "producing": zh("投产")}
SKIPS = {
    "never": zh("不可跳过"),
    "government": zh("政府投资项目可跳过"),
    "any": zh("可跳过"),
}
LOG_KINDS = {
    "meeting": zh("会议"),
    "visit": zh("现场"),
    "call": zh("电话"),
    "letter": zh("函件"),
    "other": zh("其他"),
}
ORDER = tuple(STAGES)


def reached(stage: str, wanted: str) -> bool:
    """Is a project of this stage at `wanted` or beyond?"""
    return stage in ORDER and ORDER.index(stage) >= ORDER.index(wanted)


def following(stage: str, kind: str, table: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The stages that may come next: the very next one, and those beyond what may be skipped."""
    skips = {row["code"]: row["skip"] for row in table}
    after = ORDER if not stage else ORDER[ORDER.index(stage) + 1 :]
    if not stage:
        # A project may be entered at any point of its life, each step told with its proof.
        return after
    found: list[str] = []
    for one in after:
        found.append(one)
        skip = skips.get(one, "never")
        if skip == "never" or (skip == "government" and kind != "government"):
            break
    return tuple(found)
