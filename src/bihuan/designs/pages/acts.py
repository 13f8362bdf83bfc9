"""The acts of this room as tables: which form, which verb, who is offered it, and when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base.text import zh
from bihuan.designs import forms, queries, rules, services
from bihuan.designs.models import AgendaItem, Notice, Opinion, ReviewMeeting, Scheme, SchemeVersion
from bihuan.ledger.models import Finding
from bihuan.people.models import Post
from bihuan.ui.panel import FormPanel

Asks = Callable[[Post, Any], bool]


def _always(_thing: Any) -> bool:
    return True


@dataclass(frozen=True)
class Act:
    """一件可办的事。`said` turns what the verb gave back into sentences for the next page."""

    title: str
    submit: str
    form: type[forms.ActForm]
    verb: Callable[..., Any]
    who: Asks
    when: Callable[[Any], bool] = _always
    intro: str = ""
    said: Callable[[Any], list[str]] | None = None


def _in(*states: str) -> Callable[[Any], bool]:
    return lambda thing: thing.state in states


def _brings(by: Post, scheme: Scheme) -> bool:
    return queries.manages(by) or queries.answers_for(by, scheme)


def _can(act: str) -> Callable[[Opinion], bool]:
    return lambda o: o.scheme.state == "reviewing" and act in rules.AFTER[o.state]


def _talks(by: Post, opinion: Opinion) -> bool:
    return queries.comments_on(by, opinion.scheme) or queries.answers_for(by, opinion.scheme)


def _raised(finding: Finding) -> list[str]:
    return [_("已存入台账，编号 %(number)s。") % {"number": finding.number}]


def _taken(report: services.Taken) -> list[str]:
    told = {"new": report.opinions, "known": report.known, "remarks": report.remarks}
    first = _("导入意见 %(new)d 条；已有的 %(known)d 条没有重复，补上讨论 %(remarks)d 条。") % told
    return [first, *report.notes]


SCHEME: Mapping[str, Act] = {
    "bring": Act(zh("交一版"), zh("交图"), forms.BringForm, services.bring, _brings,
                 _in("reviewing"),
                 zh("原件和摘要一起保存，以后不改；有密码、打不开的当场说明。")),
    "amend": Act(zh("改方案安排"), zh("保存"), forms.SchemeForm, services.amend, queries.manages,
                 _in("reviewing")),
    "take-in": Act(zh("导入 BCF"), zh("导入"), forms.BcfForm, services.take_in, queries.manages,
                   lambda s: s.state == "reviewing" and queries.newest(s) is not None,
                   zh("有一处看不懂就一条也不导入，逐条说明；同一文件再导入不重复。"), _taken),
    "publish": Act(zh("公示"), zh("公示"), forms.PublishForm, services.publish, queries.manages,
                   lambda s: s.state == "reviewing" and queries.newest(s) is not None,
                   zh("只公开选定的页，做成图片；居民不登录就能看、能提意见。")),
    "pass": Act(zh("审查通过"), zh("通过"), forms.ConfirmForm, services.pass_scheme,
                queries.manages, _in("reviewing"), zh("“必须修改”的意见都已了结才能通过。")),
    "withdraw": Act(zh("撤回方案"), zh("撤回"), forms.ReasonForm, services.withdraw_scheme,
                    queries.manages, _in("reviewing")),
    "take-up": Act(zh("重新审查"), zh("重新审查"), forms.ReasonForm, services.take_up_again,
                   queries.manages, _in("passed", "withdrawn")),
}  # fmt: skip

OPINION: Mapping[str, Act] = {
    "answer": Act(zh("答复"), zh("答复"), forms.AnswerForm, services.answer,
                  lambda by, o: queries.answers_for(by, o.scheme), _can("answer"),
                  zh("改答复另答一次，以前的都保留。")),
    "verify": Act(zh("核实"), zh("提交核实"), forms.VerifyForm, services.verify,
                  queries.verifies, _can("pass"),
                  zh("看过落实的版本、或不采纳的理由，再定。答复过的人不能核实。")),
    "remark": Act(zh("讨论"), zh("写一句"), forms.RemarkForm, services.remark, _talks,
                  lambda o: o.scheme.state == "reviewing"),
    "withdraw": Act(zh("撤回意见"), zh("撤回"), forms.ReasonForm, services.withdraw,
                    queries.wrote, _can("withdraw")),
    "raise": Act(zh("存入台账"), zh("存入台账"), forms.ConfirmForm, services.raise_opinion,
                 queries.raises,
                 lambda o: queries.not_taken_up(o) and queries.finding_of(o) is None,
                 zh("未采纳的意见，由经办人决定是否作为问题整改。"), _raised),
}  # fmt: skip

MEETING: Mapping[str, Act] = {
    "agenda": Act(zh("列入议程"), zh("列入"), forms.AgendaForm, services.put_on_agenda,
                  queries.manages, _in("planned", "held")),
    "invite": Act(zh("请人参会"), zh("列入"), forms.InviteForm, services.invite, queries.manages,
                  _in("planned", "held")),
    "attendance": Act(zh("核对到会"), zh("保存"), forms.AttendanceForm, services.mark_attendance,
                      queries.manages, _in("planned", "held")),
    "requirements": Act(zh("记会议要求"), zh("保存"), forms.RequirementsForm,
                        services.amend_meeting, queries.manages, _in("planned", "held")),
    "amend": Act(zh("改会议安排"), zh("保存"), forms.MeetingForm, services.amend_meeting,
                 queries.manages, _in("planned")),
    "close": Act(zh("散会"), zh("散会"), forms.ConfirmForm, services.close_meeting,
                 queries.manages, _in("planned"),
                 zh("到会核对过、每个议题有了结论，才能散会。")),
    "call-off": Act(zh("取消会议"), zh("取消会议"), forms.ReasonForm, services.call_off,
                    queries.manages, _in("planned")),
    "draft": Act(zh("起草纪要"), zh("由记录起草"), forms.ConfirmForm, services.draft_minutes,
                 queries.manages, _in("held"),
                 zh("议题、结论、意见、到会都取自记录。再起草一次，覆盖旧稿。")),
    "write": Act(zh("改纪要"), zh("保存"), forms.MinutesForm, services.write_minutes,
                 queries.manages,
                 lambda m: m.state == "held" and queries.meetings.paper(m) is not None),
    "issue": Act(zh("印发纪要"), zh("编号印发"), forms.IssueForm, services.issue_minutes,
                 queries.manages,
                 lambda m: m.state == "held" and queries.meetings.paper(m) is not None,
                 zh("印发即编号，以后不能再改。")),
}  # fmt: skip

ITEM: Mapping[str, Act] = {
    "conclude": Act(zh("记结论"), zh("保存"), forms.ConcludeForm, services.conclude,
                    queries.manages, lambda i: i.meeting.state in ("planned", "held")),
    "off": Act(zh("移出议程"), zh("移出"), forms.ConfirmForm, services.take_off_agenda,
               queries.manages, lambda i: i.meeting.state == "planned"),
}  # fmt: skip

NOTICE: Mapping[str, Act] = {
    "outcome": Act(zh("公布公众意见办理情况"), zh("公布"), forms.OutcomeForm,
                   services.tell_outcome, queries.manages, lambda n: not n.withdrawn),
    "take-down": Act(zh("撤下公示"), zh("撤下"), forms.ReasonForm, services.take_down,
                     queries.manages, lambda n: not n.withdrawn),
}  # fmt: skip

VERSION: Mapping[str, Act] = {
    "give": Act(zh("提意见"), zh("提交意见"), forms.GiveForm, services.give,
                lambda by, v: queries.comments_on(by, v.scheme) and not queries.manages(by),
                lambda v: v.scheme.state == "reviewing",
                zh("先在图上框选，再写意见；不框选就是对整页，不写页码就是对全案。")),
    "record": Act(zh("记意见"), zh("存入"), forms.RecordForm, services.give,
                  lambda by, v: queries.manages(by), lambda v: v.scheme.state == "reviewing",
                  zh("先在图上框选，再写意见；专家的、会上的由办公室记。")),
    "compare": Act(zh("与旧版比对"), zh("比对"), forms.CompareForm, services.ask_again,
                   lambda _by, _v: True, lambda v: v.number > 1,
                   zh("页数、文字、图面逐页比对，在后台计算。")),
}  # fmt: skip

KINDS: Mapping[type, tuple[str, Mapping[str, Act]]] = {
    Scheme: ("scheme-act", SCHEME),
    Opinion: ("opinion-act", OPINION),
    ReviewMeeting: ("meeting-act", MEETING),
    AgendaItem: ("item-act", ITEM),
    Notice: ("notice-act", NOTICE),
    SchemeVersion: ("version-act", VERSION),
}


def offered(name: str, thing: Any, by: Post) -> bool:
    """Is this act for this post, now?"""
    act = KINDS[type(thing)][1][name]
    return act.when(thing) and act.who(by, thing)


def address(name: str, thing: Any) -> str:
    """Where an act is done."""
    route = KINDS[type(thing)][0]
    match thing:
        case Opinion() | SchemeVersion():
            place = [thing.scheme_id, thing.number]
        case AgendaItem():
            place = [thing.meeting_id, thing.number]
        case Notice():
            place = [thing.scheme_id, thing.pk]
        case _:
            place = [thing.pk]
    return reverse(f"designs:{route}", args=[*place, name])


def panel(name: str, thing: Any, by: Post, form: Any = None, *, folded: bool = True) -> FormPanel:
    """An act as a panel, folded until asked for."""
    act = KINDS[type(thing)][1][name]
    return FormPanel(
        _(act.title),
        form or act.form(about=thing, by=by),
        address(name, thing),
        _(act.submit),
        _(act.intro) if act.intro else "",
        folded=folded,
    )


def panels(thing: Any, by: Post, *, unfolded: str = "") -> tuple[FormPanel, ...]:
    """All acts on a thing that are offered now, one of them open."""
    return tuple(
        panel(name, thing, by, folded=name != unfolded)
        for name in KINDS[type(thing)][1]
        if offered(name, thing, by)
    )
