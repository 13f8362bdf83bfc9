"""Doubts: their list, and one with all that belongs to it."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.base.text import zh
from bihuan.facts import terms, words
from bihuan.facts.forms import DoubtFilterForm, SettleForm
from bihuan.facts.models import Doubt
from bihuan.facts.pages.listing import paged, value
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, FormPanel, Link, ListPage, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Pager, Table, Tag, Tone, columns, row

_SEVERITY_TONES: dict[str, Tone] = {
    "conflict": "bad",
    "scope": "warn",
    "unit": "warn",
    "count": "warn",
    "time": "info",
    "date": "info",
    "info": "quiet",
}
_STATE_TONES: dict[str, Tone] = {"open": "warn", "raised": "info", "settled": "good"}


def title(doubt: Doubt) -> str:
    """What does not fit, in one line."""
    return words.title(doubt)


def explanation(doubt: Doubt) -> str:
    """How it was worked out, and what to make of it."""
    return "\n".join(part for part in (words.working(doubt), words.reading(doubt)) if part)


def severity_tag(doubt: Doubt) -> Tag:
    """矛盾、口径、单位……"""
    return Tag(_(terms.SEVERITIES[doubt.severity]), _SEVERITY_TONES[doubt.severity])


def doubt_state(doubt: Doubt) -> Cell | Tag:
    """待处理、已提出（连同成了什么）、已了结。"""
    tag = Tag(_(terms.DOUBT_STATES[doubt.state]), _STATE_TONES[doubt.state])
    return Cell(tag, "tag", note=doubt.thing_name) if doubt.thing_name else tag


def doubts_table(found: Iterable[Doubt], pager: Pager | None = None, empty: str = "") -> Table:
    """Doubts as rows."""
    heads = columns(_("程度"), Column(_("疑点"), wide=True), _("处理"))
    lines = tuple(
        row(
            severity_tag(doubt),
            Cell(title(doubt), href=doubt.get_absolute_url()),
            doubt_state(doubt),
        )
        for doubt in found
    )
    return Table(heads, lines, pager=pager, empty=empty)


def doubts(found: QuerySet[Doubt], form: DoubtFilterForm, number: int) -> ListPage:
    """疑点：待处理的在前，矛盾在前。"""
    here = reverse("facts:doubts")
    asked = "".join(f"{name}={value}&" for name, value in form.asked().items())
    shown, pager = paged(found, number, f"{here}?{asked}")
    return ListPage(
        _("疑点"),
        doubts_table(shown, pager, _("没有疑点。")),
        _("数与数、数与原文对不上的地方。数都保留，疑点由人了结，或提出为问题。"),
        FormPanel("", form, here, _("筛选"), method="get"),
        (Link(_("全部数据"), reverse("facts:index")),),
    )


_ROLES = {
    "share": zh("占比"),
    "level": zh("部分"),
    "whole": zh("整体"),
    "before": zh("整体的上一期"),
    "base": zh("上一期"),
    "figure": zh("这个数"),
    "figures": zh("涉及的数"),
    "turnouts": zh("次数"),
    "stocks": zh("数量"),
}


def doubt(
    doubt: Doubt, by: Post, acts: Sequence[Panel] = (), bound: SettleForm | None = None
) -> DetailPage:
    """一个疑点：哪些数，怎样算出，怎样看，办到了哪一步。"""
    heads = columns(
        _("角色"),
        Column(_("指标"), wide=True),
        _("单位"),
        _("时期"),
        _("数值"),
        _("变化"),
        Column(_("原文"), wide=True),
    )
    lines = tuple(
        row(
            _(_ROLES.get(concern.role, concern.role)),
            Cell(one.indicator.label(), href=one.get_absolute_url()),
            one.unit.label(),
            words.period(one.period),
            value(one),
            Cell(words.change(one), tone=words.change_tone(one)),
            Cell(one.quote, "quote", note=words.source(one)),
        )
        for concern in doubt.concerns.all()
        for one in (concern.observation,)
    )
    texts = ((_("怎样算出"), words.working(doubt)), (_("怎样看"), words.reading(doubt)))
    panels: list[Panel] = [Prose(heading, text) for heading, text in texts if text]
    if lines:
        panels.append(Tables(_("涉及的数"), Table(heads, lines)))
    if doubt.note:
        panels.append(Prose(_("了结说明"), doubt.note))
    panels.append(audit.timeline(doubt))
    all_acts = list(acts)
    if doubt.state == "open" and people.may(by, "facts.record"):
        address = reverse("facts:settle", args=[doubt.pk])
        intro = _("写明查到了什么；数照旧保留。")
        form = bound or SettleForm()
        all_acts.append(FormPanel(_("了结"), form, address, _("了结"), intro, folded=bool(acts)))
    state = doubt_state(doubt)
    return DetailPage(
        title(doubt),
        panels,
        all_acts,
        (severity_tag(doubt), state if isinstance(state, Tag) else state.value),
        kicker=_("疑点"),
        intro=doubt.thing_name,
        links=(Link(_("全部疑点"), reverse("facts:doubts")),),
    )
