"""What is told of tracks, matching and re-planned tours, as sentences: commands and pages."""

from collections.abc import Mapping

from bihuan.base.text import zh

SENTENCES: Mapping[str, str] = {
    # files
    "tracks_empty": zh("轨迹文件是空的。请选择有定位点的 CSV 文件。"),
    "tracks_not_table": zh("轨迹文件读不成表格。请另存为 CSV 后再试。"),
    "tracks_no_columns": zh(
        "表头里找不到%(missing)s。轨迹要有车辆、时间、经度、纬度四列，班次要有车辆、出车两列。"
    ),
    "tracks_bad_cell": zh("“%(found)s”读不懂，这一行没有用。请改正。"),
    "tracks_bad_signal": zh("“%(found)s”不是开或关，按设备没有说明处理。"),
    "tracks_shift_order": zh("收车时间 %(found)s 不晚于出车时间，这一班没有用。请改正。"),
    "tracks_off_shift": zh("有 %(n)s 个点不在班次内，已丢弃，不用也不存。"),
    # matching
    "match_empty": zh("没有一个可用的定位点。请检查轨迹文件和班次。"),
    "match_no_points": zh("%(vehicle)s：没有定位点。"),
    "match_swapped": zh("%(vehicle)s：经纬度写反了，已对调后使用。请改正设备的输出。"),
    "match_datum": zh(
        "%(vehicle)s：坐标是 %(datum)s，偏了约 %(metres)s 米，已改正为 WGS-84。"
        "请把坐标系登记到设备上。"
    ),
    "match_clock_back": zh("%(vehicle)s：时间倒退 %(n)s 次，已按时间重新排好。"),
    "match_bad_time": zh(
        "%(vehicle)s：%(n)s 个点的时间不成立（同一刻在两处，或不是时间），没有用。"
    ),
    "match_repeated": zh("%(vehicle)s：%(n)s 个点是重复的，只算一次。"),
    "match_bad_place": zh("%(vehicle)s：%(n)s 个点的坐标不在地球上，没有用。"),
    "match_far_away": zh("%(vehicle)s：%(n)s 个点离路网很远，没有用。请检查车辆编号和坐标系。"),
    "match_impossible": zh(
        "%(vehicle)s：%(n)s 个点要车速超过常理才到得了，没有用。"
        "如果一直这样，请查是否两台设备用了同一个编号。"
    ),
    "match_off_road": zh("%(vehicle)s：%(n)s 个点附近没有路（院内、场地或路网缺路），没有匹配。"),
    "match_one_point": zh("%(vehicle)s：只有一个可用的点，看不出行驶路线。"),
    "match_nothing_used": zh("%(vehicle)s：没有一个可用的点，没有匹配。"),
    "match_inferred": zh(
        "%(vehicle)s：有 %(metres)s 米没有收到定位，路线是推断的，不作为作业证明。"
    ),
    "match_breaks": zh("%(vehicle)s：轨迹中断 %(n)s 次，中断期间在哪里不知道，不作推断。"),
    # re-planning
    "replan_unknown": zh("变化里的第 %(at)s 号车或作业不在方案里。请改正。"),
    "replan_clock": zh("重排的时刻 %(found)s 早于出车。请核对时钟。"),
    "replan_not_able": zh("第 %(vehicle)s 号车不能做第 %(task)s 项作业。请重新排。"),
    "replan_too_heavy": zh("第 %(task)s 项作业的用料超过第 %(vehicle)s 号车的容量。请拆开。"),
    "replan_count": zh("第 %(task)s 项作业排了 %(n)s 次，应恰好一次。请重新排。"),
    "replan_after_shift": zh(
        "第 %(vehicle)s 号车的第 %(task)s 项作业做完时已过收车时间。请重新排。"
    ),
}
