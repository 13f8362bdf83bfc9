"""Verbs on schemes, rounds, runs and warnings. Each asks permission and leaves an audit entry.

Split by subject; other rooms write `from bihuan.assessment import services` and never look inside.
"""

from bihuan.assessment import rules
from bihuan.assessment.services.entrants import amend_entrant, enter
from bihuan.assessment.services.issues import raise_issue
from bihuan.assessment.services.nodes import NodeWords, add_node, amend_node, remove_node
from bihuan.assessment.services.peers import Known, Peer, load_peers
from bihuan.assessment.services.points import (
    RulePlan,
    add_rule,
    amend_rule,
    give_points,
    remove_rule,
)
from bihuan.assessment.services.rounds import (
    declare,
    freeze,
    open_round,
    send_back,
    submit,
    take,
)
from bihuan.assessment.services.runs import keep, measure, start_run
from bihuan.assessment.services.schemes import (
    copy_scheme,
    load_schemes,
    set_method,
    set_weights,
)
from bihuan.assessment.services.sensitivity import ask_what_matters
from bihuan.audit import services as audit
from bihuan.base.text import zh
from bihuan.people import services as people

__all__ = [
    "Known",
    "NodeWords",
    "Peer",
    "RulePlan",
    "add_node",
    "add_rule",
    "amend_entrant",
    "amend_node",
    "amend_rule",
    "ask_what_matters",
    "copy_scheme",
    "declare",
    "enter",
    "freeze",
    "give_points",
    "keep",
    "load_peers",
    "load_schemes",
    "measure",
    "open_round",
    "raise_issue",
    "remove_node",
    "remove_rule",
    "send_back",
    "set_method",
    "set_weights",
    "start_run",
    "submit",
    "take",
]

people.declare_verbs(
    {
        "assessment.view": zh("查看评价方案与测算结果"),
        "assessment.define": zh("设定评价方案"),
        "assessment.declare": zh("填报、提交考核数据"),
        "assessment.freeze": zh("核对、退回、冻结考核数据，加减分"),
        "assessment.run": zh("发起测算"),
    }
)
audit.declare(
    {
        "assessment.scheme.define": zh("设立评价方案"),
        "assessment.scheme.copy": zh("另立一版评价方案"),
        "assessment.scheme.weights": zh("设定权重"),
        "assessment.scheme.method": zh("设定算法"),
        "assessment.scheme.node": zh("增加指标"),
        "assessment.scheme.amend_node": zh("修改指标"),
        "assessment.scheme.remove_node": zh("删去指标"),
        "assessment.scheme.rule": zh("设定加减分规则"),
        "assessment.entrant.enter": zh("登记参评单位"),
        "assessment.entrant.amend": zh("修改参评单位"),
        "assessment.round.open": zh("开始一轮考核"),
        "assessment.round.take": zh("从数据和台账取数"),
        "assessment.round.declare": zh("填报"),
        "assessment.round.peers": zh("载入同伴数据"),
        "assessment.round.submit": zh("提交填报"),
        "assessment.round.send_back": zh("退回填报"),
        "assessment.round.freeze": zh("冻结数据"),
        "assessment.point.give": zh("加减分"),
        "assessment.run.start": zh("发起测算"),
        "assessment.run.keep": zh("存入测算结果"),
        "assessment.sensitivity.start": zh("发起敏感性分析"),
        "assessment.sensitivity.keep": zh("存入敏感性分析"),
        "assessment.issue.raise": zh("由测算提出问题"),
    },
    {
        "assessment.scheme.weights": zh("权重"),
        "assessment.scheme.node": zh("指标"),
        "assessment.scheme.number": zh("序号"),
        "assessment.scheme.parent": zh("一级指标"),
        "assessment.scheme.measure": zh("计量单位"),
        "assessment.scheme.lower_is_better": zh("越小越好"),
        "assessment.scheme.figure": zh("数据指标"),
        "assessment.scheme.count": audit.Named(zh("台账统计"), lambda: rules.COUNTS),
        "assessment.scheme.ratio_to": zh("比对指标"),
        "assessment.scheme.rule": zh("加减分规则"),
        "assessment.point.rule": zh("加减分规则"),
        "assessment.point.entrant": zh("单位"),
        "assessment.scheme.normalise": zh("无量纲化"),
        "assessment.scheme.aggregate": zh("汇总"),
        "assessment.scheme.treat": zh("异常值"),
        "assessment.scheme.impute": zh("插补"),
        "assessment.round.cells": zh("填报格"),
        "assessment.round.peers": zh("同伴家数"),
        "assessment.entrant.unit": zh("对应单位"),
        "assessment.issue.finding": zh("问题编号"),
    },
)
