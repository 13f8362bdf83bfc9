"""Verbs of a poll, split by where one stands: drawing up, the door, casting, the count."""

from bihuan.audit import services as audit
from bihuan.ballots.services.casting import (
    Token,
    as_answer,
    cast_open,
    cast_slip,
    cast_token,
    close,
    drop_paper,
    start_casting,
    type_paper,
)
from bihuan.ballots.services.counting import cosign, count, end_check_window, hand_out_copy
from bihuan.ballots.services.door import (
    admit_station,
    check_in,
    close_issuing,
    due,
    issue,
    print_slips,
    return_slips,
    right,
    start_issuing,
    station_keys,
    station_known,
    station_signed,
    station_waiting,
    take_back,
)
from bihuan.ballots.services.drawing import Line, draw_up, enrol, enrol_late, freeze, redraw
from bihuan.ballots.services.steps import Closed
from bihuan.base.text import zh
from bihuan.people import services as people

__all__ = [
    "Closed",
    "Line",
    "Token",
    "admit_station",
    "as_answer",
    "cast_open",
    "cast_slip",
    "cast_token",
    "check_in",
    "close",
    "close_issuing",
    "cosign",
    "count",
    "draw_up",
    "drop_paper",
    "due",
    "end_check_window",
    "enrol",
    "enrol_late",
    "freeze",
    "hand_out_copy",
    "issue",
    "print_slips",
    "redraw",
    "return_slips",
    "right",
    "start_casting",
    "start_issuing",
    "station_keys",
    "station_known",
    "station_signed",
    "station_waiting",
    "take_back",
    "type_paper",
]

audit.declare(
    {
        "ballots.poll.draw_up": zh("起草投票方案"),
        "ballots.poll.redraw": zh("修改投票方案"),
        "ballots.poll.frozen": zh("投票方案定稿"),
        "ballots.poll.enrol": zh("编投票名单"),
        "ballots.poll.enrol_late": zh("补录投票人"),
        "ballots.poll.admit_station": zh("接入监票签名站"),
        "ballots.poll.station_keys": zh("监票签名站报来公钥"),
        "ballots.poll.issuing": zh("开始签到发票"),
        "ballots.poll.take_back": zh("收回票证"),
        "ballots.poll.print_slips": zh("印纸票"),
        "ballots.poll.return_slips": zh("退回未用的纸票"),
        "ballots.poll.issued": zh("发票结束"),
        "ballots.poll.casting": zh("开始投票"),
        "ballots.poll.type_paper": zh("录入纸质票"),
        "ballots.poll.closed": zh("结束投票"),
        "ballots.poll.head": zh("公示箱头"),
        "ballots.poll.counted": zh("计票"),
        "ballots.poll.cosign": zh("监票人会签箱头"),
        "ballots.poll.copy": zh("交出票箱副本"),
        "ballots.poll.done": zh("票箱封存"),
    },
    {
        "ballots.poll.voters": zh("人数"),
        "ballots.poll.category": zh("类别"),
        "ballots.poll.printed": zh("印数"),
        "ballots.poll.returned": zh("退回未用"),
        "ballots.poll.size": zh("票数"),
        "ballots.poll.root": zh("箱头"),
        "ballots.poll.columns": zh("分栏摘要"),
    },
)

people.declare_verbs(
    {
        "ballots.run": zh("编投票名单，签到发票"),
        "ballots.type": zh("录入纸质票"),
        "ballots.chair": zh("主持投票：开始、结束、计票"),
    }
)
