"""How a round of evaluation goes on, and the list of what may not be left out silently.

The source page asks for the round as a whole to be strict (clause S1-41): so every step stands in
`STEPS`, and one that was not taken needs a reason that is printed with the result.
"""

from collections.abc import Mapping

from bihuan.base.text import zh

STATES: Mapping[str, str] = {
    "planning": zh("拟定方案"),
    "preparing": zh("会前准备"),
    "sitting": zh("会议进行"),
    "counted": zh("已计票"),
    "decided": zh("等次已定"),
    "issued": zh("已反馈"),
    "done": zh("已办结"),
}
# Each state has one way on and none back.
NEXT: Mapping[str, str] = dict(zip(list(STATES), list(STATES)[1:], strict=False))

PLAN_STATES: Mapping[str, str] = {
    "draft": zh("草拟"),
    "submitted": zh("待批准"),
    "approved": zh("已批准"),
    "replaced": zh("已被新版代替"),
}

# What happens to one unit on the run-sheet: one report, one comment.
STAGES: Mapping[str, str] = {"report": zh("述职"), "comment": zh("点评")}

STEPS: Mapping[str, str] = {
    "plan": zh("方案经批准并固化"),
    "reports": zh("各单位述职报告收齐"),
    "last_year": zh("上年整改情况在会上通报"),
    "roll": zh("投票名单编定"),
    "reporting": zh("现场述职逐一完成"),
    "comments": zh("一述一评，逐一点评"),
    "ballot": zh("现场测评计票"),
    "speech": zh("主持人讲话"),
    "decision": zh("领导班子确定综合评价等次"),
    "letters": zh("向各单位反馈"),
    "uses": zh("结果运用逐项落实"),
    "ledger": zh("问题和要求进入台账"),
    "scores": zh("年度得分登记入数据"),
    "box": zh("核对期满，票箱封存"),
}

# Without these there is no result that anybody could stand for.
NEVER_WAIVED = ("plan", "ballot", "decision")

MATERIALS: Mapping[str, str] = {
    "agenda": zh("议程"),
    "rectification": zh("上年整改情况通报"),
    "slides": zh("述职演示文稿"),
    "comments": zh("点评提纲"),
    "speech": zh("讲话稿"),
    "minutes": zh("会议记录"),
    "other": zh("其他"),
}

# What a finding in the ledger may come from.
ISSUES: Mapping[str, str] = {
    "comment": zh("点评指出的问题"),
    "item": zh("测评项得分偏低"),
    "grade": zh("综合评价等次偏低"),
    "remark": zh("测评票上的意见"),
    "requirement": zh("会议要求"),
}


def reached(state: str, at_least: str) -> bool:
    """Has a round come as far as this state?"""
    order = list(STATES)
    return order.index(state) >= order.index(at_least)
