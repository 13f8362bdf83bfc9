"""Faults of levelling problems and violations of levelled schedules as sentences."""

from collections.abc import Mapping

from bihuan.base.text import zh

SENTENCES: Mapping[str, str] = {
    # reading a problem
    "levelling_not_psplib": zh("不是 PSPLIB 的 .sm 文件：找不到“%(what)s”。请核对文件。"),
    "levelling_line": zh("这一行“%(found)s”读不出需要的整数。请核对文件。"),
    "levelling_modes": zh("有活动带多种执行方式，只能读单一方式（.sm）。请换文件。"),
    "levelling_nonrenewable": zh("有不可更新的资源，只能均衡可更新的资源。请换文件。"),
    "levelling_not_json": zh("不是可读的 JSON：%(detail)s。请核对文件。"),
    "levelling_shape": zh("%(where)s 应写成 %(wanted)s，现为“%(found)s”。请改正。"),
    "levelling_unknown_key": zh("%(where)s 里的“%(found)s”不认识，可用：%(known)s。请改正。"),
    # the problem, as it hangs together
    "levelling_nothing": zh("没有活动。请至少给一项。"),
    "levelling_name_twice": zh("活动“%(activity)s”出现了两次。请改名或删去一项。"),
    "levelling_number": zh(
        "活动“%(activity)s”的 %(field)s 是 %(found)s，应为不小于零的整数，且不超过 2147483647。"
        "请改正。"
    ),
    "levelling_unknown_activity": zh(
        "搭接“%(before)s → %(after)s”里的活动“%(found)s”不存在。请改正或删去。"
    ),
    "levelling_kind": zh(
        "搭接“%(before)s → %(after)s”的种类“%(found)s”不认识，可用 FS、SS、FF、SF。请改正。"
    ),
    "levelling_circle": zh("搭接绕成了圈，涉及 %(count)s 项活动：%(found)s。请断开一处。"),
    "levelling_steps": zh("资源“%(resource)s”的能力应从第 0 期起，按期次依次写。请改正。"),
    "levelling_capacity": zh(
        "资源“%(resource)s”的能力是 %(found)s，应在 0 和 2147483647 之间。请改正。"
    ),
    "levelling_unknown_resource": zh(
        "活动“%(activity)s”要用的资源“%(found)s”没有登记。请登记，或删去这项占用。"
    ),
    "levelling_need": zh(
        "活动“%(activity)s”要用“%(resource)s” %(found)s 个，而以后只有 %(most)s 个，永远排不进去。"
        "请减少占用或增加能力。"
    ),
    "levelling_fixed_over": zh(
        "已定的活动在第 %(period)s 期合计占用“%(resource)s” %(found)s 个，而只有 %(most)s 个。"
        "请改动其中一项。"
    ),
    "levelling_first": zh("首要目标“%(found)s”不认识，可用 makespan、tardiness。请改正。"),
    "levelling_too_long": zh("全部活动首尾相接要 %(found)s 期，最多 %(most)s 期。请把每期取长些。"),
    "levelling_weights": zh("拖期的权重太大，合计可达 %(found)s，最多 %(most)s。请按比例缩小。"),
    # solving
    "levelling_no_end": zh("没有说何时停。请给秒数或代数。"),
    "levelling_impossible": zh("已定的开工期无法都做到：搭接或能力不允许。请放开一项。"),
    "levelling_not_found": zh(
        "在限时内没有找到能保住全部已定开工期的进度，也没有证明做不到。请延长时间，或放开一项。"
    ),
    # judging
    "judged_no_schedule": zh("读不出各活动的开工期。应为“活动: 期次”的 JSON。请核对文件。"),
    "judged_no_start": zh("活动“%(activity)s”没有开工期。"),
    "judged_not_period": zh("活动“%(activity)s”的开工期是“%(found)s”，应为不小于零的整数。"),
    "judged_unknown_activity": zh("活动“%(activity)s”不在问题里。"),
    "judged_before_release": zh(
        "活动“%(activity)s”从第 %(found)s 期开工，早于最早开工期 %(least)s。"
    ),
    "judged_not_as_fixed": zh("活动“%(activity)s”从第 %(found)s 期开工，已定为第 %(wanted)s 期。"),
    "judged_link_broken": zh(
        "搭接“%(before)s → %(after)s”（%(kind)s，时距 %(lag)s）不满足：应不早于第 %(least)s 期，"
        "现为第 %(found)s 期。"
    ),
    "judged_over_capacity": zh(
        "资源“%(resource)s”在第 %(from)s 至 %(to)s 期占用 %(found)s 个，而只有 %(most)s 个。"
    ),
}
