"""States and words of schemes, opinions, meetings and notices; what an office starts with."""

from collections.abc import Mapping
from dataclasses import dataclass

from bihuan.base.text import zh

SCHEME_STATES = {
    "reviewing": zh("审查中"),
    "passed": zh("审查通过"),
    "withdrawn": zh("已撤回"),
}
# What the files of a version are, by extension; all else is no drawing that can be shown.
KINDS = {"pdf": "pdf", "png": "picture", "jpg": "picture", "jpeg": "picture", "webp": "picture"}
MOST_FILES = 8  # of one version

SOURCES = {
    "unit": zh("单位意见"),
    "expert": zh("专家意见"),
    "meeting": zh("会上意见"),
    "public": zh("公众意见"),
    "exchange": zh("由 BCF 导入"),
}
PRIORITIES = {"must": zh("必须修改"), "should": zh("建议修改"), "note": zh("供参考")}
DECISIONS = {"adopted": zh("采纳"), "partly": zh("部分采纳"), "rejected": zh("不采纳")}
TAKEN = ("adopted", "partly")  # these must be settled by a version

STATES = {
    "open": zh("待答复"),
    "answered": zh("已答复，待核实"),
    "returned": zh("核实退回"),
    "settled": zh("已了结"),
    "withdrawn": zh("已撤回"),
}
UNANSWERED = ("open", "returned")
WAITING = (*UNANSWERED, "answered")
# State → act → state after it. Whoever answered never verifies; the verbs see to that.
AFTER: Mapping[str, Mapping[str, str]] = {
    "open": {"answer": "answered", "withdraw": "withdrawn"},
    "answered": {"answer": "answered", "pass": "settled", "return": "returned"},
    "returned": {"answer": "answered", "withdraw": "withdrawn"},
    "settled": {},
    "withdrawn": {},
}


@dataclass(frozen=True)
class AspectPlan:
    """An aspect as the house starts with it; `source` says where it comes from."""

    code: str
    name: str
    name_en: str
    source: str


REPORTED, PRACTICE = zh("公开报道的会议"), zh("通行做法，待核实")
ASPECTS = (
    AspectPlan("image", "城市形象", "City image", REPORTED),
    AspectPlan("layout", "规划布局", "Layout", REPORTED),
    AspectPlan("needs", "群众需求", "Residents' needs", REPORTED),
    AspectPlan("feasibility", "可行性", "Feasibility", REPORTED),
    AspectPlan("character", "特色", "Local character", REPORTED),
    AspectPlan("conditions", "规划条件", "Planning conditions", PRACTICE),
    AspectPlan("traffic", "交通组织", "Traffic", PRACTICE),
    AspectPlan("green", "绿地与环境", "Green space and environment", PRACTICE),
    AspectPlan("safety", "消防与安全", "Fire and safety", PRACTICE),
    AspectPlan("other", "其他", "Other", PRACTICE),
)

MEETING_KINDS = {
    "special": zh("专题会"),
    "experts": zh("专家评审会"),
    "committee": zh("规划委员会会议"),
}
MEETING_STATES = {
    "planned": zh("筹备中"),
    "held": zh("已召开"),
    "minuted": zh("纪要已印发"),
    "called_off": zh("已取消"),
}
ATTENDANCE = {
    "invited": zh("应到"),
    "present": zh("到会"),
    "listening": zh("列席"),
    "absent": zh("缺席"),
}
CONCLUSIONS = {
    "passed": zh("原则同意"),
    "changes": zh("修改完善后同意"),
    "again": zh("修改后再次上会"),
    "refused": zh("不同意"),
    "deferred": zh("暂缓研究"),
}

# 郑州市城乡规划条例 52: the row of the table of legal limits that a notice must keep to.
NOTICE_LIMIT = "public_notice"
MOST_NOTICE_PAGES = 12

# The same in the words of minutes, always in Chinese.
MINUTED = {
    "passed": "会议原则同意该方案",
    "changes": "会议同意该方案按以下要求修改完善后报审",
    "again": "会议要求该方案修改后再次上会",
    "refused": "会议不同意该方案",
    "deferred": "会议决定暂缓研究该方案",
}
