"""Faults of planning and replaying an event as sentences; other rooms have files of their own."""

from collections.abc import Mapping

from bihuan.base import matching_words, planning_words, roads_words
from bihuan.base.text import zh

# What the planner, the judge and re-planning say, as an office that knows no files reads it.
PLANS: Mapping[str, str] = {
    **roads_words.SENTENCES,
    **matching_words.SENTENCES,
    **planning_words.SENTENCES,
    "plan_no_classes": zh("没有一类道路有承诺。请先设定“清完的承诺”。"),
    "plan_no_types": zh("没有一种车能参加。请先登记车辆。"),
    "plan_no_depot": zh("没有一个车场，车从哪里出发？请先登记车场。"),
    "plan_no_vehicle": zh("没有一台车能参加。请先登记车辆。"),
    "plan_yard_far": zh("车场“%(yard)s”离最近的路 %(m)s 米，不在这张路网里。请核对经纬度。"),
    "plan_no_roads": zh("路网里没有一条路属于有承诺的等级。请核对“清完的承诺”。"),
    "plan_nobody": zh("没有一种车能做“%(kind)s”的作业。请核对车辆登记里能推雪还是能撒布。"),
    "plan_too_large": zh("停靠点 %(found)s 个，一次最多 %(most)s 个。请减少道路等级。"),
    "replan_other_version": zh("这个方案由另一版程序排成，不能接着重排。请另订一个方案。"),
    "replan_nothing_again": zh("所选的等级还没有一段做完，没有要再做的。"),
    "replan_nothing_first": zh("所写的路段都已做完或不在方案里，没有要先做的。"),
    "whatif_no_such_vehicle": zh("方案里没有一台车做这种作业，不知道加什么样的车。"),
}

# Replaying is planning, of what was.
SENTENCES: Mapping[str, str] = {
    **PLANS,
    "replay_no_vehicle": zh("没有一台车，重演不了。"),
    "replay_no_promise": zh("路网里没有一条路属于有承诺的等级。请先设定“清完的承诺”。"),
    "replay_shift": zh("“%(name)s”收车早于出车。请核对。"),
}
