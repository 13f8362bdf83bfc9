"""Verbs of a round of evaluation. Each asks permission and leaves an audit entry.

Split by subject; other rooms write `from bihuan.meetings import services` and never look inside.
"""

from bihuan.audit import services as audit
from bihuan.ballots import rules as polls
from bihuan.base.text import zh
from bihuan.meetings import rules
from bihuan.meetings.services.following import (
    add_requirements,
    close,
    finish_use,
    issue_letters,
    raise_issue,
    record_scores,
    set_general,
    sign_letter,
    waive,
)
from bihuan.meetings.services.grading import decide, enter_parts
from bihuan.meetings.services.hall import (
    begin,
    call_on,
    count_ballots,
    end_rating,
    finish_report,
    pass_over,
    put_away,
    recall_last_year,
    record_comment,
    record_speech,
    start_rating,
)
from bihuan.meetings.services.planning import (
    approve,
    new_version,
    open_round,
    save_fields,
    save_table,
    save_units,
    send_back,
    submit,
)
from bihuan.meetings.services.preparing import (
    add_material,
    end_invitation,
    hand_in,
    invite,
    seal_box,
    set_roll,
)
from bihuan.meetings.services.rehearsal import rehearse
from bihuan.people import services as people

__all__ = [
    "add_material",
    "add_requirements",
    "approve",
    "begin",
    "call_on",
    "close",
    "count_ballots",
    "decide",
    "end_invitation",
    "end_rating",
    "enter_parts",
    "finish_report",
    "finish_use",
    "hand_in",
    "invite",
    "issue_letters",
    "new_version",
    "open_round",
    "pass_over",
    "put_away",
    "raise_issue",
    "recall_last_year",
    "record_comment",
    "record_scores",
    "record_speech",
    "rehearse",
    "save_fields",
    "save_table",
    "save_units",
    "seal_box",
    "send_back",
    "set_general",
    "set_roll",
    "sign_letter",
    "start_rating",
    "submit",
    "waive",
]

people.declare_verbs(
    {
        "meetings.view": zh("查看测评会议"),
        "meetings.results": zh("查看各单位的测评结果"),
        "meetings.plan": zh("拟定测评方案"),
        "meetings.approve": zh("批准测评方案"),
        "meetings.run": zh("办理会务：材料、名单、议程、反馈、台账"),
        "meetings.chair": zh("主持测评会：开会、开始和结束测评、计票"),
        "meetings.grade": zh("确定综合评价等次"),
        "meetings.report": zh("提交述职报告，签收反馈函"),
        "meetings.guest": zh("到会指导：只看受邀的会"),
    }
)
audit.declare(
    {
        "meetings.meeting.open": zh("开始一轮述职评议"),
        "meetings.meeting.begin": zh("宣布开会"),
        "meetings.meeting.recall": zh("通报上年整改情况"),
        "meetings.meeting.speech": zh("记录讲话"),
        "meetings.meeting.start_rating": zh("开始测评"),
        "meetings.meeting.end_rating": zh("结束测评"),
        "meetings.meeting.count": zh("计票"),
        "meetings.meeting.put_away": zh("封存票箱"),
        "meetings.meeting.issue_letters": zh("发出反馈函"),
        "meetings.meeting.scores": zh("登记年度得分"),
        "meetings.meeting.close": zh("办结这一轮"),
        "meetings.meeting.seal_box": zh("设好票箱"),
        "meetings.meeting.roll": zh("编投票名单"),
        "meetings.meeting.rehearse": zh("发起演练"),
        "meetings.meeting.rehearsed": zh("演练完成"),
        "meetings.plan.edit": zh("修改方案"),
        "meetings.plan.submit": zh("报批方案"),
        "meetings.plan.send_back": zh("退回方案"),
        "meetings.plan.approve": zh("批准方案"),
        "meetings.plan.new_version": zh("另立一版方案"),
        "meetings.reporter.call_on": zh("开始述职"),
        "meetings.reporter.finish": zh("述职结束"),
        "meetings.reporter.pass_over": zh("未述职，写明原因"),
        "meetings.reporter.comment": zh("记录点评"),
        "meetings.report.hand_in": zh("提交述职报告"),
        "meetings.material.add": zh("存入会议材料"),
        "meetings.guest.invite": zh("登记到会指导"),
        "meetings.guest.end": zh("结束到会指导"),
        "meetings.part.enter": zh("登记综合评价的一部分"),
        "meetings.decision.decide": zh("确定综合评价等次"),
        "meetings.letter.sign": zh("签收反馈函"),
        "meetings.use.finish": zh("办结结果运用"),
        "meetings.requirement.add": zh("登记会议要求"),
        "meetings.requirement.general": zh("标明原则要求"),
        "meetings.issue.raise": zh("由测评会提出问题"),
        "meetings.waiver.give": zh("批准免做一步"),
    },
    {
        "meetings.plan.part": audit.Named(
            zh("改动"),
            lambda: (
                {code: label for code, (label, _fields) in rules.SECTIONS.items()}
                | {code: table.label for code, table in rules.TABLES.items()}
                | {"units": zh("述职单位")}
            ),
        ),
        "meetings.meeting.voters": zh("人数"),
        "meetings.meeting.phase": audit.Named(zh("阶段"), lambda: polls.PHASES),
        "meetings.meeting.figures": zh("得分个数"),
        "meetings.meeting.letters": zh("份数"),
        "meetings.report.digest": zh("摘要"),
        "meetings.issue.finding": zh("问题编号"),
    },
)
