"""Verbs of this room. Each asks permission, obeys the rules, and leaves an audit entry."""

from bihuan.audit import services as audit
from bihuan.base.text import zh
from bihuan.people import services as people
from bihuan.projects import rules
from bihuan.projects.services.card import amend, enter, list_key, plan_year, tag, untag
from bihuan.projects.services.estimates import ask_crews, ask_risk, ask_steps
from bihuan.projects.services.execution import (
    SAID,
    file_month,
    lift_blockage,
    log,
    note_blockage,
    note_week,
    open_blockage,
    solve_blockage,
)
from bihuan.projects.services.figures import record_year
from bihuan.projects.services.issues import raise_issue
from bihuan.projects.services.library import FIELDS as STEP_FIELDS
from bihuan.projects.services.library import load_defaults, set_step_rule, set_table
from bihuan.projects.services.life import advance, next_steps, strike
from bihuan.projects.services.plans import bring_plan, decide_plan
from bihuan.projects.services.work import (
    accept,
    arrange,
    extend,
    finish,
    lay_out,
    renew,
    resume,
    skip,
    stop,
    take_back,
)

__all__ = [
    "SAID",
    "STEP_FIELDS",
    "accept",
    "advance",
    "amend",
    "arrange",
    "ask_crews",
    "ask_risk",
    "ask_steps",
    "bring_plan",
    "decide_plan",
    "enter",
    "extend",
    "file_month",
    "finish",
    "lay_out",
    "lift_blockage",
    "list_key",
    "load_defaults",
    "log",
    "next_steps",
    "note_blockage",
    "note_week",
    "open_blockage",
    "plan_year",
    "raise_issue",
    "record_year",
    "renew",
    "resume",
    "set_step_rule",
    "set_table",
    "skip",
    "solve_blockage",
    "stop",
    "strike",
    "tag",
    "take_back",
    "untag",
]

people.declare_verbs(
    {
        "projects.view": zh("查看重点项目"),
        "projects.manage": zh("建项目卡，登记阶段，排前期步骤，管名单和批次"),
        "projects.report": zh("报送月报、周进展、堵点、协调记录、施工计划，办前期步骤"),
        "projects.approve": zh("审批施工计划"),
        "projects.rules": zh("设定项目规则表和步骤库"),
    }
)
audit.declare(
    {
        "projects.project.enter": zh("建项目卡"),
        "projects.project.amend": zh("改项目卡"),
        "projects.batch.tag": zh("列入三个一批"),
        "projects.batch.untag": zh("移出三个一批"),
        "projects.key.list": zh("调整省市重点名单"),
        "projects.year.plan": zh("定年度计划"),
        "projects.key.figures": zh("登记各单位年度投资完成率"),
        "projects.life.advance": zh("登记项目阶段"),
        "projects.life.strike": zh("更正项目阶段"),
        "projects.work.lay_out": zh("排前期步骤"),
        "projects.work.arrange": zh("定步骤的分工和先后"),
        "projects.work.accept": zh("受理"),
        "projects.work.stop": zh("停钟"),
        "projects.work.resume": zh("恢复计时"),
        "projects.work.extend": zh("延长时限"),
        "projects.work.finish": zh("办结步骤"),
        "projects.work.renew": zh("证件延期"),
        "projects.work.skip": zh("步骤不需要办"),
        "projects.work.take_back": zh("步骤退回未受理"),
        "projects.filing.file": zh("报送月报"),
        "projects.filing.correct": zh("更正月报"),
        "projects.weekly.note": zh("记周进展"),
        "projects.blockage.open": zh("登记堵点"),
        "projects.blockage.note": zh("记堵点进展"),
        "projects.blockage.lift": zh("堵点提前升级"),
        "projects.blockage.solve": zh("解决堵点"),
        "projects.log.add": zh("记协调"),
        "projects.plan.bring": zh("报送施工计划"),
        "projects.plan.approve": zh("批准施工计划"),
        "projects.plan.refuse": zh("不批准施工计划"),
        "projects.estimate.start": zh("发起推演"),
        "projects.estimate.keep": zh("推演有了结果"),
        "projects.table.set": zh("设定项目规则表"),
        "projects.step_rule.set": zh("设定步骤库"),
        "projects.issue.raise": zh("项目的事提为问题"),
    },
    {
        "projects.project.steps": zh("前期步骤"),
        "projects.keylisting.level": audit.Named(zh("级别"), lambda: rules.LEVELS),
        "projects.workstep.source": zh("依据"),
        "projects.workstep.after": zh("排在哪些步骤之后"),
        "projects.workstep.kind": zh("情形"),
        "projects.workstep.first": zh("自"),
        "projects.workstep.last": zh("至"),
        "projects.workstep.on": zh("日期"),
        "projects.workstep.stops": zh("停钟"),
        "projects.workstep.state": audit.Named(zh("状态"), lambda: rules.WORK_STATES),
        "projects.stagestep.strikes": zh("不算的一步"),
        "projects.blockage.lifted": zh("提前升到第几级"),
        "projects.scheduleplan.tasks": zh("任务数"),
        "projects.estimate.kind": audit.Named(zh("类别"), lambda: rules.ESTIMATES),
        "projects.estimate.seed": zh("种子"),
        "projects.issue.finding": zh("问题编号"),
    },
)
