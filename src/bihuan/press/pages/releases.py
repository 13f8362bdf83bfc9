"""Releases: the list by state, one with its text, its figures, its way through the offices."""

from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.days import queries as days
from bihuan.days.rules import Calendar
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.people.words import who
from bihuan.press import forms, queries, rules, services
from bihuan.press.models import Release
from bihuan.press.pages import voice, words
from bihuan.ui.panel import (
    DetailPage,
    Facts,
    FormPage,
    FormPanel,
    Link,
    Moment,
    Panel,
    Prose,
    Tables,
    Timeline,
)
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def index(by: Post) -> DetailPage:
    """发布稿：在流转的在前，时限还剩几天。"""
    heads = columns(
        Column(_("标题"), wide=True), _("状态"), _("起草单位"), _("公开时限"), _("发布"), _("更正")
    )
    lines, calendar = [], days.calendar()
    for one in queries.releases_for(by)[:200]:
        correction = queries.correction_of(one)
        lines.append(
            row(
                Cell(one.headline, href=one.get_absolute_url(), note=one.subheadline),
                words.release_state(one),
                one.unit.label(),
                _clock(one, calendar),
                Cell(one.published_at, "moment") if one.published_at else "",
                Tag(_("已更正"), "warn") if correction else "",
            )
        )
    links = words.around("index")
    if people.may(by, "press.write"):
        links = (
            Link(_("由记录起草"), reverse("press:from"), primary=True),
            Link(_("自拟发布稿"), reverse("press:write")),
            *links,
        )
    return DetailPage(
        _("发布稿"),
        (Tables(_("全部稿件"), Table(heads, tuple(lines), empty=_("还没有稿件。"))),),
        intro=_("起草 → 单位负责人 → 办公室（发布前审查）→ 领导 → 发布；一步一个人。"),
        links=links,
    )


def _clock(release: Release, calendar: Calendar | None = None) -> Tag | str:
    if release.state == "dropped":
        return ""
    found = queries.disclosure(release, calendar)
    day = clock.in_words(found.due)
    if release.published_at is not None:
        return Tag(_("按时公开"), "good") if not found.late else Tag(_("公开晚了"), "orange")
    if found.late:
        return Tag(_("已过 %(day)s") % {"day": day}, "bad")
    told = _("%(day)s，还剩 %(n)d 个工作日") % {"day": day, "n": found.left}
    return Tag(told, "warn" if found.left <= 5 else "plain")


def writing(form: Form, correcting: Release | None = None) -> FormPage:
    action = reverse("press:write")
    title = _("起草发布稿")
    if correcting is not None:
        action = reverse("press:correct", args=[correcting.pk])
        title = _("更正：%(headline)s") % {"headline": correcting.headline}
    intro = _("不写选票、个人得分、对照检查、批评和私人信息；写了也发不出去。")
    return FormPage(title, FormPanel(title, form, action, _("存为草稿"), intro))


def choosing(form: Form) -> FormPage:
    """由哪件事起草。"""
    title = _("由记录起草")
    intro = _("标题、正文、日期由记录填写，文中的数都指向记录；起草以后照样修改、核对、审签。")
    return FormPage(title, FormPanel(title, form, reverse("press:from"), _("由它起草"), intro))


def detail(release: Release, by: Post, form: Any = None) -> DetailPage:
    """一篇稿件：全文，数指向哪里，走到哪一步，下一步谁办。"""
    mine = queries.may_pass(by, release)
    panels: list[Panel] = []
    if release.corrects is not None:
        panels.append(Prose(_("更正"), release.correction))
    correction = queries.correction_of(release)
    if correction is not None:
        panels.append(Prose(_("已更正"), f"{correction.headline}：{correction.correction}"))
    if mine:
        shown = form or forms.ReleaseForm(initial=_initial(release))
        action = reverse("press:release", args=[release.pk])
        panels.append(FormPanel(_("文稿"), shown, action, _("保存")))
    else:
        panels.append(Prose(release.subheadline or _("文稿"), _whole(release)))
    checked, _about = queries.release_checked(release)
    obstacles = services.obstacles(release, checked) if release.state in rules.CHAIN else []
    if obstacles:
        panels.append(Prose(_("走不下去，因为"), words.listed(obstacles)))
    panels += words.differences(checked)
    asked, answering = voice.panels(release, by)
    panels += [_figures(release), *asked, _way(release)]
    links = [Link(_("全部稿件"), reverse("press:index"))]
    if release.state == "published":
        links.insert(0, Link(_("公众看到的"), release.public_url()))
    return DetailPage(
        release.headline,
        panels,
        [*_acts(release, by, mine, bool(obstacles)), *answering],
        (words.release_state(release), *_marks(release)),
        kicker=release.unit.label(),
        links=tuple(links),
    )


def _marks(release: Release) -> tuple[Tag, ...]:
    told = _clock(release)
    found = [told] if isinstance(told, Tag) else []
    if release.state in ("office", "leader"):
        found.append(
            Tag(_("已审查"), "good") if release.reviewed else Tag(_("发布前审查未做"), "warn")
        )
    return tuple(found)


def _initial(release: Release) -> dict[str, Any]:
    return {name: getattr(release, name) for name in services.FIELDS}


def _whole(release: Release) -> str:
    lines = [f"{release.dateline} {release.body}".strip(), release.byline]
    return "\n".join(line for line in lines if line)


def _figures(release: Release) -> Tables:
    """每个数从哪里来。"""
    heads = columns(_("文中"), _("指标"), _("存着的数"), _("时期"), Column(_("口径"), wide=True))
    held = release.figures.select_related(
        "observation__indicator", "observation__period", "observation__base_period"
    )
    text = release.text
    lines = tuple(
        row(text[one.at : one.at + 14].split("\n")[0], *words.pointed(one)) for one in held
    )
    return Tables(_("文中的数"), Table(heads, lines, empty=_("没有指向存数的数。")))


def _way(release: Release) -> Timeline:
    return Timeline(
        _("经过"),
        tuple(
            Moment(one.created_at, who(one.by), _(rules.STEPS[one.step]), one.note)
            for one in queries.steps(release)
        ),
    )


def _acts(release: Release, by: Post, mine: bool, stuck: bool) -> list[Panel]:
    def panel(name: str, title: str, form: Form, tone: Any = "plain", intro: str = "") -> FormPanel:
        action = reverse("press:release-act", args=[release.pk, name])
        return FormPanel(title, form, action, title, intro, tone, folded=name != "pass")

    acts: list[Panel] = []
    if mine and not stuck:
        _verb, after = rules.CHAIN[release.state]
        title = {"unit": _("送审"), "published": _("发布")}.get(after, _("通过"))
        if after != "published" or release.reviewed:
            acts.append(panel("pass", title, forms.NoteForm(), "good"))
    if release.state in ("office", "leader") and people.may(by, "press.office"):
        acts.append(panel("review", _("发布前审查"), forms.ReviewForm()))
    if mine and release.state != "draft":
        acts.append(panel("return", _("退回"), forms.NoteForm(), "bad"))
    if release.state in rules.CHAIN and people.may(by, "press.write", at=release.unit):
        acts.append(panel("drop", _("撤回"), forms.NoteForm(), "bad"))
    if release.state == "published" and people.may(by, "press.write", at=release.unit):
        action = reverse("press:correct", args=[release.pk])
        acts.append(Facts(_("发现有错"), ((_("更正"), Cell(_("写一篇更正"), href=action)),)))
    return acts
