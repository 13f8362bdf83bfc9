"""Verbs of this room. Each asks permission, obeys the rules, and leaves an audit entry."""

from bihuan.audit import services as audit
from bihuan.base.text import zh
from bihuan.people import services as people
from bihuan.snow.rules import live
from bihuan.snow.services.field import (
    finish_hand_task,
    open_hand_task,
    report_team,
    say_state,
)

__all__ = [
    "finish_hand_task",
    "open_hand_task",
    "report_team",
    "say_state",
]

people.declare_verbs(
    {
        "snow.view": zh("查看扫雪除冰"),
        "snow.report": zh("报送队伍情况，完成人工清雪"),
        "snow.dispatch": zh("调度：派任务，登记路况"),
    }
)
audit.declare(
    {
        "snow.report.team": zh("队伍报告"),
        "snow.state.say": zh("登记路况"),
        "snow.task.open": zh("派人工清雪"),
        "snow.task.finish": zh("人工清雪完成"),
    },
    {"snow.sectionstate.state": audit.Named(zh("状态"), lambda: live.STATES)},
)
