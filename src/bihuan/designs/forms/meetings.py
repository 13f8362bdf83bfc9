"""Forms about a review meeting, its minutes, and a public notice."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.days import queries as days
from bihuan.designs import queries, rules
from bihuan.designs.forms.fields import (
    ActForm,
    Labelled,
    PagesField,
    Several,
    day,
    line,
    number,
    pick,
    words,
)


class MeetingForm(ActForm):
    """改会议安排。"""

    title = line(_("会议名称"))
    kind = pick(_("种类"), rules.MEETING_KINDS)
    on = day(_("日期"))
    time = line(_("时间"), longest=20, required=False, help_text=_("如：上午 9 时"))
    place = line(_("地点"), longest=120, required=False)
    chair = Labelled(_("主持人"), empty_label=None)

    def fit(self) -> None:
        self.choose("chair", queries.chairs_to_choose())
        if self.thing is not None:
            for name in self.fields:
                self.fields[name].initial = getattr(self.thing, name, None)


class _Schemes(Several):
    """Schemes to be ticked, after their projects: many are named alike."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.project.label()} · {obj.label()}"


class CallForm(MeetingForm):
    """召集审查会。"""

    schemes = _Schemes(_("议哪些方案"), required=False, help_text=_("取最新一版；以后还可增减。"))

    def fit(self) -> None:
        super().fit()
        found = queries.visible_to(self.by).filter(state="reviewing", versions__isnull=False)
        self.choose("schemes", found.distinct())


class RequirementsForm(ActForm):
    """记会议要求。"""

    requirements = words(_("会议要求"), required=False, help_text=_("一行一条，写进纪要。"))

    def fit(self) -> None:
        self.fields["requirements"].initial = self.thing.requirements


class AgendaForm(ActForm):
    """列入议程。"""

    scheme = Labelled(_("方案"), empty_label=None)
    minutes = number(_("时长（分钟）"), most=300)

    def fit(self) -> None:
        self.fields["minutes"].initial = 20
        listed = self.thing.agenda.values("scheme")
        found = queries.visible_to(self.by).filter(state="reviewing").exclude(pk__in=listed)
        self.choose("scheme", found)


class InviteForm(ActForm):
    """请人参会。"""

    posts = Several(_("任职"), required=False)
    capacities = words(
        _("外请人员"),
        required=False,
        rows=2,
        help_text=_("一行一个，写身份，如“专家组组长”；不写姓名。"),
    )

    def fit(self) -> None:
        there = self.thing.attendees.filter(post__isnull=False).values("post")
        self.choose("posts", queries.posts_to_choose().exclude(pk__in=there))


class AttendanceForm(ActForm):
    """核对到会：每人一项。"""

    def fit(self) -> None:
        for each in queries.meetings.attendees(self.thing):
            self.fields[f"a{each.pk}"] = pick(each.label(), rules.ATTENDANCE)
            self.fields[f"a{each.pk}"].initial = each.attendance

    def told(self) -> dict[str, Any]:
        return {"marks": {int(name[1:]): mark for name, mark in self.cleaned_data.items()}}


class ConcludeForm(ActForm):
    """记结论。"""

    conclusion = pick(_("结论"), rules.CONCLUSIONS)
    text = words(_("说明"), required=False, help_text=_("不是“原则同意”的要写。"))

    def fit(self) -> None:
        self.fields["conclusion"].initial = self.thing.conclusion
        self.fields["text"].initial = self.thing.text


class MinutesForm(ActForm):
    """改纪要。"""

    text = words(_("正文"), rows=18)

    def fit(self) -> None:
        paper = queries.meetings.paper(self.thing)
        self.fields["text"].initial = paper.text if paper else ""


class IssueForm(ActForm):
    """印发纪要。"""

    issuer = line(_("印发单位"), longest=120)

    def fit(self) -> None:
        self.fields["issuer"].initial = self.by.unit.name


class PublishForm(ActForm):
    """公示。`thing` is the scheme."""

    version = Labelled(_("公示哪一版"), empty_label=None)
    title = line(_("公示标题"))
    text = words(_("公示说明"), help_text=_("写给居民看：是什么项目，在哪里，建什么，怎样提意见。"))
    asking = line(_("咨询方式"), required=False, help_text=_("单位的电话或地址，不写个人的。"))
    pages = PagesField(
        label=_("公示哪几页"), max_length=60,
        help_text=_("如 1,3-5；做成图片公开，原文件不公开。涉密、涉个人信息的页不要选。"),
    )  # fmt: skip
    first = day(_("公示起"))
    last = day(_("公示止"))

    def fit(self) -> None:
        self.choose("version", self.thing.versions.order_by("-number"))
        today = clock.today()
        self.fields["first"].initial = today
        self.fields["last"].initial = days.due(today, rules.NOTICE_LIMIT).due
        self.fields["title"].initial = f"{self.thing.project.name} {self.thing.name}"


class OutcomeForm(ActForm):
    """公布公众意见办理情况。"""

    outcome = words(_("公众意见办理情况"), help_text=_("写怎样办的、为什么；不写是谁提的。"))

    def fit(self) -> None:
        self.fields["outcome"].initial = self.thing.outcome
