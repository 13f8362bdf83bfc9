"""The acts of this room as a table: which form, which verb, who is offered it, and when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base.text import zh
from bihuan.people.models import Post
from bihuan.projects import forms, queries, services
from bihuan.projects.models import BatchTag, Blockage, Project, SchedulePlan, WorkStep
from bihuan.ui.panel import FormPanel

Who = Callable[[Post, Any], bool]
When = Callable[[Any], bool]
Back = Callable[[Project, Any], str]


@dataclass(frozen=True)
class Act:
    """一件可办的事：表单、动作、谁可办、什么时候可办、办完回到哪里。"""

    title: str
    submit: str
    form: Any
    verb: Callable[..., Any]
    who: Who
    when: When
    back: Back
    part: type[Model] | None = None
    intro: str = ""


def _page(name: str) -> Back:
    return lambda project, _thing: reverse(f"projects:{name}", args=[project.pk])


def _own(_project: Project, thing: Any) -> str:
    return str(thing.get_absolute_url())


def _going(project: Project) -> bool:
    return project.side != "withdrawn"


def _steppable(project: Project) -> bool:
    return bool(services.next_steps(project))


def _lived(project: Project) -> bool:
    return bool(project.stage)


def _in(*states: str) -> When:
    return lambda thing: thing.state in states and thing.project.side != "withdrawn"


def _stopped(step: WorkStep) -> bool:
    return step.state == "running" and step.stops.filter(last__isnull=True).exists()


def _stoppable(step: WorkStep) -> bool:
    return step.state == "running" and not _stopped(step)


def _extendable(step: WorkStep) -> bool:
    return step.state == "running" and bool(step.rule.extra_number) and not step.extended


def _renewable(step: WorkStep) -> bool:
    held = queries.clocked(step).validity
    return held is not None and not held.lapsed and held.renewals_left > 0


def _unsolved(blockage: Blockage) -> bool:
    return blockage.solved_on is None and blockage.project.side != "withdrawn"


def _liftable(blockage: Blockage) -> bool:
    held = queries.stuck(blockage)
    return _unsolved(blockage) and held.standing.level + 1 < len(held.rungs)


def _tagged(tag: BatchTag) -> bool:
    return not tag.removed


_CARD: dict[str, Act] = {
    "amend": Act(zh("改项目卡"), zh("保存"), forms.CardForm, services.amend, queries.manages,
                 _going, _page("project")),
    "advance": Act(zh("登记一步"), zh("登记"), forms.AdvanceForm, services.advance,
                   queries.manages, _steppable, _page("project"),
                   intro=zh("只进不退；每一步都要有佐证。")),
    "strike": Act(zh("更正最近一步"), zh("更正"), forms.StrikeForm, services.strike,
                  queries.manages, _lived, _page("project"),
                  intro=zh("最近的一步不再算，原来的登记仍在；写明原因，附依据。")),
    "tag": Act(zh("列入三个一批"), zh("列入"), forms.TagForm, services.tag, queries.manages,
               _going, _page("project")),
    "untag": Act(zh("移出三个一批"), zh("移出"), forms.ReasonForm, services.untag,
                 queries.manages, _tagged, _page("project"), BatchTag),
    "list-key": Act(zh("调整省市重点名单"), zh("保存"), forms.KeyForm, services.list_key,
                    queries.manages, _going, _page("project")),
    "plan-year": Act(zh("定年度计划"), zh("保存"), forms.YearPlanForm, services.plan_year,
                     queries.manages, _going, _page("project")),
}  # fmt: skip
_WORK: dict[str, Act] = {
    "lay-out": Act(zh("排前期步骤"), zh("排入"), forms.LayOutForm, services.lay_out,
                   queries.manages, _going, _page("work"),
                   intro=zh("先后照步骤库；没有选的，前后自动接上。")),
    "arrange": Act(zh("定分工和先后"), zh("保存"), forms.ArrangeForm, services.arrange,
                   queries.manages, _in("waiting", "running", "done"), _own, WorkStep),
    "accept": Act(zh("受理"), zh("受理"), forms.OnForm, services.accept, queries.works_on,
                  _in("waiting"), _own, WorkStep,
                  intro=zh("时钟从第二天起走，时限取受理那天有效的规定。")),
    "finish": Act(zh("办结"), zh("办结"), forms.FinishForm, services.finish, queries.works_on,
                  _in("running"), _own, WorkStep),
    "stop": Act(zh("停钟"), zh("停钟"), forms.StopForm, services.stop, queries.works_on,
                _stoppable, _own, WorkStep,
                intro=zh("公示、听证、专家评审等不计入时限，首尾两天都不算。")),
    "resume": Act(zh("恢复计时"), zh("恢复"), forms.ResumeForm, services.resume,
                  queries.works_on, _stopped, _own, WorkStep),
    "extend": Act(zh("延长时限"), zh("延长"), forms.ReasonForm, services.extend,
                  queries.works_on, _extendable, _own, WorkStep,
                  intro=zh("只能一次；理由要告知申请人。")),
    "renew": Act(zh("证件延期"), zh("延期"), forms.RenewForm, services.renew, queries.works_on,
                 _renewable, _own, WorkStep),
    "skip": Act(zh("不需要办"), zh("注明"), forms.ReasonForm, services.skip, queries.manages,
                _in("waiting"), _own, WorkStep),
    "take-back": Act(zh("退回未受理"), zh("退回"), forms.ReasonForm, services.take_back,
                     queries.manages, _in("running", "done", "skipped"), _own, WorkStep,
                     intro=zh("登记错了，或证件失效须重办；以前的记录都在经过里。")),
}  # fmt: skip
_RUNNING: dict[str, Act] = {
    "file": Act(zh("报送月报"), zh("报送"), forms.FilingForm, services.file_month,
                queries.reports, _going, _page("progress"),
                intro=zh("缺检查清单上的任何一项都不能报；数同时记入“数据”。")),
    "weekly": Act(zh("记周进展"), zh("存入"), forms.WeeklyForm, services.note_week,
                  queries.reports, _going, _page("progress")),
    "block": Act(zh("登记堵点"), zh("登记"), forms.BlockageForm, services.open_blockage,
                 queries.reports, _going, _page("progress"),
                 intro=zh("从登记那天起按堵点升级表走，过期自动到上一级。")),
    "note-blockage": Act(zh("记堵点进展"), zh("存入"), forms.NoteForm, services.note_blockage,
                         queries.answers_for, _unsolved, _page("progress"), Blockage),
    "lift-blockage": Act(zh("提前升级"), zh("升级"), forms.NoteForm, services.lift_blockage,
                         queries.manages, _liftable, _page("progress"), Blockage),
    "solve-blockage": Act(zh("解决堵点"), zh("解决"), forms.SolveForm, services.solve_blockage,
                          queries.answers_for, _unsolved, _page("progress"), Blockage),
    "log": Act(zh("记协调"), zh("存入"), forms.LogForm, services.log, queries.reports, _going,
               _page("progress")),
    "bring-plan": Act(zh("报送施工计划"), zh("报送"), forms.PlanForm, services.bring_plan,
                      queries.reports, _going, _page("plans"),
                      intro=zh("报批的计划由另一人批准后成为基线；施工单位更新的只与基线比对。")),
    "decide-plan": Act(zh("审批计划"), zh("提交结论"), forms.DecideForm, services.decide_plan,
                       queries.approves, _in("submitted"), _own, SchedulePlan),
}  # fmt: skip

ACTS: Mapping[str, Act] = {**_CARD, **_WORK, **_RUNNING}


def offered(name: str, by: Post, thing: Any) -> bool:
    """Is this act for this post, now?"""
    act = ACTS[name]
    return act.who(by, thing) and act.when(thing)


def address(name: str, project: Project, thing: Any = None) -> str:
    """Where an act is done."""
    if thing is None or thing == project:
        return reverse("projects:act", args=[project.pk, name])
    return reverse("projects:act-on", args=[project.pk, name, thing.pk])


def panel(name: str, project: Project, thing: Any, form: Any = None, *, folded: bool) -> FormPanel:
    """An act as a panel, folded until asked for."""
    act = ACTS[name]
    return FormPanel(
        _(act.title),
        form if form is not None else act.form(about=thing),
        address(name, project, thing),
        _(act.submit),
        _(act.intro) if act.intro else "",
        folded=folded,
    )


def panels(project: Project, by: Post, *names: str, thing: Any = None) -> tuple[FormPanel, ...]:
    """Those of the named acts that are offered now."""
    about = project if thing is None else thing
    return tuple(
        panel(name, project, about, folded=True) for name in names if offered(name, by, about)
    )
