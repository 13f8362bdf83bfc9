"""States of steps, plans and blockages, and what can become a finding: codes and their words."""

from bihuan.base.text import zh
from bihuan.days.limits import BOUNDS

WORK_STATES = {
    "waiting": zh("未受理"),
    "running": zh("办理中"),
    "done": zh("已办结"),
    "skipped": zh("不需要办"),
}
PLAN_KINDS = {
    "plan": zh("报批的计划"),
    "report": zh("施工单位更新的计划"),
}
ESTIMATES = {
    "risk": zh("工期风险"),
    "crews": zh("班组均衡"),
    "steps": zh("前期均衡"),
}
PLAN_DAYS = {
    "natural": zh("自然日"),
    "working": zh("工作日（与台账的期限同一日历）"),
}
PLAN_STATES = {
    "submitted": zh("待审批"),
    "baseline": zh("已批准，为基线"),
    "refused": zh("未批准"),
    "noted": zh("已收到，与基线比对"),
}
MOVES = {
    "open": zh("登记"),
    "note": zh("进展"),
    "lift": zh("提前升级"),
    "solve": zh("解决"),
}
ISSUES = {
    "blockage": zh("堵点"),
    "step": zh("审批超时"),
    "permit": zh("证件到期"),
    "filing": zh("漏报、迟报"),
    "slow": zh("投资滞后"),
    "delay": zh("工期延误"),
    "baseline": zh("基线被改动"),
    "conversion": zh("转化超期"),
}
__all__ = [
    "BOUNDS",
    "ESTIMATES",
    "ISSUES",
    "MOVES",
    "PLAN_DAYS",
    "PLAN_KINDS",
    "PLAN_STATES",
    "WORK_STATES",
]
