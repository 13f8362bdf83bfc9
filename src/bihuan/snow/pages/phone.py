"""The telephone's page: one form to report, tasks by hand, what was sent and has arrived."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.people.models import Post
from bihuan.snow.forms.phone import DoneForm, ReportForm
from bihuan.snow.models import HandTask, TeamReport
from bihuan.snow.queries import field as queries
from bihuan.snow.queries import live
from bihuan.snow.rules.field import TRADES
from bihuan.snow.rules.live import STATES
from bihuan.ui.table import Tag


@dataclass(frozen=True)
class TaskForm:
    """One task by hand with its own form."""

    place: str
    unit: str
    due: str
    state: Tag
    form: DoneForm
    action: str

    @property
    def fields(self) -> list[tuple[BoundField, bool]]:
        return [(one, not one.field.required) for one in self.form.visible_fields()]


@dataclass(frozen=True)
class PhonePage:
    """队长的手机页。"""

    title: str
    report: ReportForm
    action: str
    sections: tuple[str, ...]
    tasks: tuple[TaskForm, ...]
    arrived: tuple[str, ...]
    words: Mapping[str, str]
    worker: str

    @property
    def people(self) -> list[tuple[BoundField, bool]]:
        return [(self.report[name], False) for name in self.report.fields if "people_" in name]

    @property
    def first(self) -> list[tuple[BoundField, bool]]:
        return [(self.report["unit"], False)]

    @property
    def amounts(self) -> list[tuple[BoundField, bool]]:
        names = ("turnouts", "deicer_kg", "cleared_m3")
        return [(self.report[name], False) for name in names]

    @property
    def last(self) -> list[tuple[BoundField, bool]]:
        names = ("section", "state", "photo", "note")
        shown = names if self.sections else names[2:]
        return [(self.report[name], True) for name in shown]


def page(
    by: Post, *, report: ReportForm | None = None, task: int = 0, done: DoneForm | None = None
) -> PhonePage:
    """The whole page; a form that came back keeps what was typed."""
    return PhonePage(
        _("报情况"),
        report or ReportForm(by=by),
        reverse("snow:phone-report"),
        tuple(one.name for one in live.streets()),
        tuple(
            _task(one, done if one.pk == task and done is not None else None)
            for one in queries.tasks_for(by)
        ),
        tuple(_arrived(one) for one in queries.reports_by(by)),
        _words(),
        reverse("snow:phone-worker"),
    )


def _task(one: HandTask, form: DoneForm | None) -> TaskForm:
    late = one.due_at is not None and one.due_at < clock.now()
    state = Tag(_("已超时"), "bad") if late else Tag(_("待做"), "warn")
    due = ""
    if one.due_at is not None:
        due = _("%(at)s 前清完") % {"at": f"{timezone.localtime(one.due_at):%H:%M}"}
    form = form or DoneForm()
    form.auto_id = f"task{one.pk}_%s"
    action = reverse("snow:phone-done", args=[one.pk])
    return TaskForm(one.place, one.unit.label(), due, state, form, action)


def _arrived(one: TeamReport) -> str:
    told = [f"{timezone.localtime(one.at):%H:%M}"]
    told += [f"{_(TRADES.get(trade, trade))} {n}" for trade, n in one.people.items()]
    for value, words in (
        (one.turnouts, _("出动 %(n)d 台次")),
        (one.deicer_kg, _("融雪剂 %(n)d kg")),
        (one.cleared_m3, _("清运 %(n)d m³")),
    ):
        told += [words % {"n": value}] if value else []
    if one.state:
        told.append(_(STATES[one.state]))
    if one.photo_id:
        told.append(_("有照片"))
    return " · ".join(told + ([one.note] if one.note else []))


def _words() -> dict[str, Any]:
    """What the page's script says; {n} is a number."""
    return {
        "waiting": _("{n} 条待发"),
        "faulty": _("{n} 条没有收，请核对"),
        "none": _("没有待发的。"),
        "kept": _("已存在手机里。"),
        "sent": _("全部发出。"),
        "offline": _("现在没有网络。有了网络会自动发出，可以继续填。"),
        "trying": _("正在发。发不出去会再试，可以继续填。"),
        "signedOut": _("登录已过期。请重新登录，存着的会接着发。"),
        "refused": _("没有收。请核对后重新填报。"),
        "edit": _("改了再报（照片要重新选）"),
        "drop": _("从手机里删去"),
    }
