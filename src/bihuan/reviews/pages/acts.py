"""The acts of this room as a table: which form, which verb, who is offered it, and when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base.text import zh
from bihuan.people.models import Post
from bihuan.reviews import forms, services
from bihuan.reviews.models import (
    AgendaItem,
    Criticism,
    Guest,
    Judgement,
    LowerMeeting,
    Opinion,
    Paper,
    Problem,
    Review,
    Seat,
    Step,
)
from bihuan.reviews.rules import Place
from bihuan.ui.panel import FormPanel

Offered = Callable[[Place, Any], bool]
Back = Callable[[Review, Any], str]


@dataclass(frozen=True)
class Act:
    """一件可办的事。`reads` records the reading where the form itself shows something secret."""

    title: str
    submit: str
    form: type[forms.ActForm]
    verb: Callable[..., Any]
    who: Offered
    states: tuple[str, ...]
    back: Back
    part: type[Model] | None = None
    intro: str = ""
    reads: Callable[[Any, Post], object] | None = None


def _clerk(place: Place, _thing: Any) -> bool:
    return place.clerk


def _clerk_or_head(place: Place, _thing: Any) -> bool:
    return place.clerk or place.head


def _clerk_or_guide(place: Place, _thing: Any) -> bool:
    return place.clerk or place.guide


def _guide(place: Place, _thing: Any) -> bool:
    return place.guide


def _clerk_or_member(place: Place, _thing: Any) -> bool:
    return place.clerk or place.seat is not None


def _owner(place: Place, paper: Paper) -> bool:
    return place.sees_draft(paper.kind, paper.seat_id)


def _no_box(place: Place, review: Review) -> bool:
    return place.clerk and review.poll_id is None


def _box(place: Place, review: Review) -> bool:
    return place.clerk and review.poll_id is not None


def _page(name: str) -> Back:
    return lambda review, _thing: reverse(f"reviews:{name}", args=[review.pk])


def _sheet(kind: str) -> Back:
    return lambda review, _thing: reverse("reviews:sheet", args=[review.pk, kind])


def _own(review: Review, thing: Any) -> str:
    name = {Step: "step", Paper: "paper"}[type(thing)]
    return reverse(f"reviews:{name}", args=[review.pk, thing.pk])


def _of_paper(paper: Paper, by: Post) -> object:
    return services.read_paper(paper, by=by)


def _of_opinions(opinion: Opinion, by: Post) -> object:
    return services.read_opinions(opinion.review, by=by)


def _of_record(thing: Any, by: Post) -> object:
    review = thing if isinstance(thing, Review) else thing.review
    return services.read_record(review, by=by)


PREPARING, SITTING, HELD = ("preparing",), ("sitting",), ("held",)
OPEN, TAKING_PLACE = ("preparing", "sitting", "held"), ("sitting", "held")
EVER = (*OPEN, "closed")

_MEETING: dict[str, Act] = {
    "amend": Act(zh("改会议安排"), zh("保存"), forms.AmendForm, services.amend, _clerk, PREPARING,
                 _page("review")),
    "call-off": Act(zh("取消会议"), zh("取消会议"), forms.ReasonForm, services.call_off,
                    _clerk_or_head, PREPARING, _page("review")),
    "open": Act(zh("开会"), zh("开会"), forms.ConfirmForm, services.open_meeting, _clerk_or_head,
                PREPARING, _page("agenda"),
                intro=zh("会前步骤都已办、到会人数够、到了日子，才能开。")),
    "attendance": Act(zh("核对到会"), zh("保存"), forms.AttendanceForm, services.mark_attendance,
                      _clerk, ("preparing", "sitting"), _page("people")),
    "end": Act(zh("散会"), zh("散会"), forms.ConfirmForm, services.end_meeting, _clerk_or_head,
               SITTING, _page("review")),
    "close": Act(zh("了结"), zh("了结"), forms.CloseForm, services.close, _clerk_or_head, HELD,
                 _page("review"),
                 intro=zh("会后步骤都已办，台账里的每一件都已销号或转长期坚持，才能了结。")),
    "clerks": Act(zh("指定经办人"), zh("保存"), forms.ClerksForm, services.name_clerks,
                  _clerk_or_head, OPEN, _page("people")),
    "seat": Act(zh("列入成员"), zh("列入"), forms.SeatForm, services.seat, _clerk, PREPARING,
                _page("people")),
    "arrange": Act(zh("排次序，定主要负责人"), zh("保存"), forms.ArrangeForm, services.arrange,
                   _clerk, PREPARING, _page("people")),
    "unseat": Act(zh("移出名单"), zh("移出"), forms.ReasonForm, services.unseat, _clerk, PREPARING,
                  _page("people"), Seat),
    "invite": Act(zh("邀请指导组成员"), zh("邀请"), forms.InviteForm, services.invite, _clerk,
                  OPEN, _page("people")),
    "invitation": Act(zh("改受邀期"), zh("保存"), forms.InvitationForm, services.end_invitation,
                      _clerk, EVER, _page("people"), Guest),
    "tell": Act(zh("转告缺席成员"), zh("已转告"), forms.TellForm, services.tell_absent,
                _clerk_or_head, HELD, _page("people"), Seat),
    "finish": Act(zh("完成"), zh("完成"), forms.FinishForm, services.finish_step, _clerk, OPEN,
                  _own, Step),
    "skip": Act(zh("跳过"), zh("跳过"), forms.ReasonForm, services.skip_step, _clerk, OPEN, _own,
                Step, intro=zh("不办的步骤必须写明原因，页面和审计都看得到。")),
    "take-back": Act(zh("改回未完成"), zh("改回"), forms.ReasonForm, services.take_back_step,
                     _clerk, OPEN, _own, Step),
    "attach": Act(zh("附材料"), zh("存入"), forms.AttachForm, services.attach, _clerk, OPEN, _own,
                  Step),
}  # fmt: skip
_BEFORE: dict[str, Act] = {
    "note-opinion": Act(zh("记一条意见"), zh("存入"), forms.OpinionForm, services.note_opinion,
                        _clerk, PREPARING, _page("opinions")),
    "sort": Act(zh("分送意见"), zh("分送"), forms.SortForm, services.sort_opinion, _clerk,
                PREPARING, _page("opinions"), Opinion, reads=_of_opinions),
    "return-opinions": Act(zh("反馈意见"), zh("反馈已分送的意见"), forms.ConfirmForm,
                           services.return_opinions, _clerk, PREPARING, _page("opinions"),
                           intro=zh("原样反馈给班子和本人；反馈以后本人就看得到。")),
    "open-box": Act(zh("设匿名意见箱"), zh("设意见箱"), forms.ConfirmForm, services.open_box,
                    _no_box, PREPARING, _page("opinions"),
                    intro=zh("对班子和每个成员各一格；名单、发票、计票在投票的台面上办。")),
    "take-box": Act(zh("取意见箱的意见"), zh("取出"), forms.ConfirmForm, services.take_box, _box,
                    PREPARING, _page("opinions"), intro=zh("计票以后取一次，不带来源。")),
    "note-talk": Act(zh("记一次谈心谈话"), zh("存入"), forms.TalkForm, services.note_talk,
                     _clerk_or_member, PREPARING, _page("talks")),
    "add-due-talk": Act(zh("列入应谈对象"), zh("列入"), forms.DueTalkForm, services.add_due_talk,
                        _clerk, PREPARING, _page("talks")),
    "draft": Act(zh("写草稿"), zh("存草稿"), forms.DraftForm, services.save_draft, _owner,
                 PREPARING, _own, Paper,
                 intro=zh("提交之前，只有本人和经办人看得到。"), reads=_of_paper),
    "submit": Act(zh("提交"), zh("提交审阅"), forms.ConfirmForm, services.submit_paper, _owner,
                  PREPARING, _own, Paper,
                  intro=zh("提交的一版不能再改；班子成员、经办人和指导组看得到。")),
    "judge-paper": Act(zh("审阅"), zh("提交审阅意见"), forms.JudgePaperForm,
                       services.judge_paper, _guide, PREPARING, _own, Paper),
}  # fmt: skip
_SITTING: dict[str, Act] = {
    "finish-item": Act(zh("这一项已进行"), zh("进入下一项"), forms.ItemForm, services.finish_item,
                       _clerk, SITTING, _page("agenda"), AgendaItem),
    "skip-item": Act(zh("略过这一项"), zh("略过"), forms.ReasonForm, services.skip_item, _clerk,
                     SITTING, _page("agenda"), AgendaItem),
    "criticism": Act(zh("记批评意见"), zh("存入"), forms.CriticismForm, services.record_criticism,
                     _clerk_or_member, TAKING_PLACE, _page("record")),
    "correct": Act(zh("更正批评意见"), zh("更正"), forms.CorrectionForm,
                   services.correct_criticism, _clerk, TAKING_PLACE, _page("record"), Criticism,
                   intro=zh("记错的另记一条，原来的保留。"), reads=_of_record),
    "comment": Act(zh("指导组点评"), zh("保存"), forms.CommentForm, services.comment,
                   _clerk_or_guide, TAKING_PLACE, _page("record"), reads=_of_record),
    "judge": Act(zh("评价"), zh("保存"), forms.JudgeForm, services.judge, _clerk_or_guide,
                 TAKING_PLACE, _page("record"), Judgement, reads=_of_record),
}  # fmt: skip
_AFTER: dict[str, Act] = {
    "list-problem": Act(zh("列入问题清单"), zh("列入"), forms.ProblemForm, services.list_problem,
                        _clerk, TAKING_PLACE, _page("problems")),
    "amend-problem": Act(zh("修改问题清单"), zh("保存"), forms.ProblemForm,
                         services.amend_problem, _clerk, TAKING_PLACE, _page("problems"), Problem),
    "drop-problem": Act(zh("不再整改"), zh("注明"), forms.DropForm, services.drop_problem, _clerk,
                        TAKING_PLACE, _page("problems"), Problem),
    "raise-problem": Act(zh("存入台账"), zh("存入台账"), forms.ConfirmForm,
                         services.raise_problem, _clerk, TAKING_PLACE, _page("problems"), Problem,
                         intro=zh("存入后全区看得到台账的人都能读到这一条。")),
    "write-report": Act(zh("会议情况报告"), zh("保存"), forms.ReportForm, services.save_writing,
                        _clerk_or_head, HELD, _sheet("report"),
                        intro=zh("照会上记录起草，改定后保存，即可打印报送。")),
    "write-circular": Act(zh("会议情况通报"), zh("保存"), forms.CircularForm,
                          services.save_writing, _clerk_or_head, HELD, _sheet("circular"),
                          intro=zh("照会上记录起草，改定后保存，即可打印，在规定范围内通报。")),
    "list-lower": Act(zh("列下级民主生活会"), zh("列入"), forms.LowersForm, services.list_lower,
                      _clerk, OPEN, _page("lower")),
    "lower": Act(zh("登记下级民主生活会"), zh("保存"), forms.LowerForm, services.set_lower,
                 _clerk_or_head, OPEN, _page("lower"), LowerMeeting),
}  # fmt: skip

ACTS: Mapping[str, Act] = {**_MEETING, **_BEFORE, **_SITTING, **_AFTER}


def offered(name: str, review: Review, place: Place, thing: Any = None) -> bool:
    """Is this act for whoever is in this place, now?"""
    act = ACTS[name]
    return review.state in act.states and act.who(place, review if thing is None else thing)


def address(name: str, review: Review, thing: Any = None) -> str:
    """Where an act is done."""
    if thing is None:
        return reverse("reviews:act", args=[review.pk, name])
    return reverse("reviews:act-on", args=[review.pk, name, thing.pk])


def panel(
    name: str, review: Review, thing: Any = None, form: Any = None, *, folded: bool = True
) -> FormPanel:
    """An act as a panel, folded until asked for."""
    act = ACTS[name]
    form = form or act.form(about=review if thing is None else thing)
    return FormPanel(
        _(act.title),
        form,
        address(name, review, thing),
        _(act.submit),
        _(act.intro) if act.intro else "",
        folded=folded,
    )


def panels(review: Review, place: Place, *names: str, thing: Any = None) -> tuple[FormPanel, ...]:
    """Those of the named acts that are offered now."""
    return tuple(panel(n, review, thing) for n in names if offered(n, review, place, thing))
