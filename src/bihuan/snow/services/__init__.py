"""Verbs of this room. Each asks permission, obeys the rules, and leaves an audit entry."""

from bihuan.audit import services as audit
from bihuan.base.text import zh
from bihuan.people import services as people
from bihuan.snow.queries.places import StopPlan
from bihuan.snow.rules import live
from bihuan.snow.rules import plan as plan_rules
from bihuan.snow.rules import review as review_rules
from bihuan.snow.rules import storm as storm_rules
from bihuan.snow.services.field import (
    finish_hand_task,
    open_hand_task,
    report_team,
    say_state,
)
from bihuan.snow.services.inspection import (
    add_stop,
    arrive,
    drop_inspection,
    end_inspection,
    order_on_walk,
    plan_inspection,
    raise_remark,
    remark,
)
from bihuan.snow.services.orders import answer_order, give_order, sign_order
from bihuan.snow.services.plan import ask_plan, ask_what_if, enforce_plan, replan
from bihuan.snow.services.publication import publish_roads, publish_when_due
from bihuan.snow.services.review import (
    ask_replay,
    note_lesson,
    open_review,
    raise_lesson,
    record_year,
    sign_review,
    strike_lesson,
    sum_up,
)
from bihuan.snow.services.situation import (
    amend_situation,
    correct_figure,
    draft_situation,
    drop_situation,
    issue_situation,
)
from bihuan.snow.services.storm import (
    begin_storm,
    end_storm,
    note_snow_stopped,
    relay_warning,
    set_level,
    snow_again,
)
from bihuan.snow.services.tables import set_event_table

__all__ = [
    "StopPlan",
    "add_stop",
    "amend_situation",
    "answer_order",
    "arrive",
    "ask_plan",
    "ask_replay",
    "ask_what_if",
    "begin_storm",
    "correct_figure",
    "draft_situation",
    "drop_inspection",
    "drop_situation",
    "end_inspection",
    "end_storm",
    "enforce_plan",
    "finish_hand_task",
    "give_order",
    "issue_situation",
    "note_lesson",
    "note_snow_stopped",
    "open_hand_task",
    "open_review",
    "order_on_walk",
    "plan_inspection",
    "publish_roads",
    "publish_when_due",
    "raise_lesson",
    "raise_remark",
    "record_year",
    "relay_warning",
    "remark",
    "replan",
    "report_team",
    "say_state",
    "set_event_table",
    "set_level",
    "sign_order",
    "sign_review",
    "snow_again",
    "strike_lesson",
    "sum_up",
]

people.declare_verbs(
    {
        "snow.view": zh("查看扫雪除冰"),
        "snow.report": zh("报送队伍情况，完成人工清雪"),
        "snow.dispatch": zh("调度：启动，派任务，登记路况，拟情况报告"),
        "snow.command": zh("定响应级别，结束响应，签定复盘"),
        "snow.inspect": zh("带队督导，记所见，途中交办"),
        "snow.publish": zh("签发情况报告，对外发布路况，设定规则表"),
        "snow.answer": zh("签收、回报调度指令"),
    }
)
audit.declare(
    {
        "snow.report.team": zh("队伍报告"),
        "snow.state.say": zh("登记路况"),
        "snow.task.open": zh("派人工清雪"),
        "snow.task.finish": zh("人工清雪完成"),
        "snow.storm.begin": zh("启动响应"),
        "snow.storm.stopped": zh("登记雪停"),
        "snow.storm.again": zh("又下雪，雪停取消"),
        "snow.storm.end": zh("结束响应"),
        "snow.warning.relay": zh("转发预警"),
        "snow.level.set": zh("定响应级别"),
        "snow.order.give": zh("下达调度指令"),
        "snow.order.sign": zh("签收调度指令"),
        "snow.order.answer": zh("回报调度指令"),
        "snow.situation.draft": zh("拟情况报告"),
        "snow.situation.amend": zh("改情况报告"),
        "snow.situation.correct": zh("更正情况报告的数"),
        "snow.situation.issue": zh("签发情况报告"),
        "snow.situation.drop": zh("作废情况报告草稿"),
        "snow.roads.publish": zh("对外发布路况"),
        "snow.inspection.plan": zh("安排督导"),
        "snow.inspection.add_stop": zh("督导加一处"),
        "snow.inspection.arrive": zh("到达督导的一处"),
        "snow.inspection.remark": zh("记督导所见"),
        "snow.inspection.raise": zh("督导所见提为问题"),
        "snow.inspection.end": zh("结束督导"),
        "snow.inspection.drop": zh("取消督导"),
        "snow.review.open": zh("开始复盘"),
        "snow.review.sum_up": zh("写复盘的看法"),
        "snow.review.lesson": zh("记复盘的教训"),
        "snow.review.strike": zh("划去复盘的教训"),
        "snow.review.raise": zh("复盘的教训提为问题"),
        "snow.review.sign": zh("签定复盘"),
        "snow.review.year": zh("登记各单位年度承诺兑现率"),
        "snow.replay.ask": zh("发起重演"),
        "snow.replay.keep": zh("重演有了结果"),
        "snow.plan.ask": zh("制订作业方案"),
        "snow.plan.keep": zh("作业方案排好"),
        "snow.plan.enforce": zh("方案付诸执行"),
        "snow.plan.again": zh("重排作业方案"),
        "snow.whatif.ask": zh("在方案上问假如"),
        "snow.whatif.keep": zh("假如有了结果"),
        "snow.table.set": zh("设定扫雪除冰规则表"),
    },
    {
        "snow.sectionstate.state": audit.Named(zh("状态"), lambda: live.STATES),
        "snow.storm.start": audit.Named(zh("怎样启动"), lambda: storm_rules.STARTS),
        "snow.levelchange.level": audit.Named(
            zh("级别"), lambda: {**storm_rules.LEVELS, storm_rules.OFF: zh("解除")}
        ),
        "snow.departmentorder.unit": zh("单位"),
        "snow.inspection.stops": zh("几处"),
        "snow.stop.state": audit.Named(zh("路况"), lambda: live.STATES),
        "snow.remark.finding": zh("问题编号"),
        "snow.lesson.finding": zh("问题编号"),
        "snow.publication.source": zh("怎样发布"),
        "snow.plan.cause": audit.Named(zh("为什么有这一版"), lambda: plan_rules.CAUSES),
        "snow.plan.replaces": zh("替换"),
        "snow.plan.digest": zh("线路摘要"),
        "snow.whatif.kind": audit.Named(zh("假如"), lambda: plan_rules.QUESTIONS),
        "snow.replay.kind": audit.Named(zh("假如"), lambda: review_rules.REPLAYS),
    },
)
