"""Bulk acts: the preview says line by line what would be done, the outcome what was done."""

from collections.abc import Sequence

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.ledger.forms.reading import BULK_NAMES, carrying
from bihuan.ledger.models import Finding
from bihuan.ledger.pages.listing import state_tag
from bihuan.ledger.services.bulk import Outcome
from bihuan.ui.panel import DetailPage, FormPage, FormPanel, Link, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

Page = FormPage | DetailPage


def asking(outcomes: Sequence[Outcome], step: str, form: Form) -> Page:
    """First page of two: what the act needs to know; which findings it cannot be done for."""
    ready = _ready(outcomes)
    if not ready:
        return _nothing(outcomes, step)
    intro = ngettext(
        "可以办理 %(n)d 个，不能办理 %(rest)d 个。填好后先看会怎样，再确认。",
        "可以办理 %(n)d 个，不能办理 %(rest)d 个。填好后先看会怎样，再确认。",
        len(ready),
    ) % {"n": len(ready), "rest": len(outcomes) - len(ready)}
    asked = carrying(form, {f.pk: f.revision for f in ready}, confirmed=False)
    panel = FormPanel("", asked, reverse("ledger:bulk"), _("看会怎样"))
    return FormPage(_title(step), panel, intro, panels=(_listed(outcomes),))


def preview(outcomes: Sequence[Outcome], step: str, form: Form) -> Page:
    """What will happen to each, and which will be left alone and why; one press does it."""
    ready = _ready(outcomes)
    if not ready:
        return _nothing(outcomes, step)
    intro = ngettext(
        "还没有办理。确认后办理 %(n)d 个，不办理 %(rest)d 个；每个问题单独办理。",
        "还没有办理。确认后办理 %(n)d 个，不办理 %(rest)d 个；每个问题单独办理。",
        len(ready),
    ) % {"n": len(ready), "rest": len(outcomes) - len(ready)}
    asked = carrying(form, {f.pk: f.revision for f in ready}, confirmed=True)
    panel = FormPanel("", asked, reverse("ledger:bulk"), _("确认办理"))
    return FormPage(_title(step), panel, intro, panels=(_listed(outcomes),))


def outcome(outcomes: Sequence[Outcome], step: str) -> DetailPage:
    """What was done, line by line."""
    done = sum(one.done for one in outcomes)
    intro = _("已办理 %(n)d 个，未办理 %(rest)d 个。") % {"n": done, "rest": len(outcomes) - done}
    listed = Tables(_("逐条结果"), _table(outcomes, _("已办理"), _("未办理")))
    return DetailPage(_title(step), [listed], intro=intro, links=_back())


def _nothing(outcomes: Sequence[Outcome], step: str) -> DetailPage:
    intro = _("选中的问题都不能办理，原因见下表。") if outcomes else _("没有选中问题。")
    panels = [_listed(outcomes)] if outcomes else []
    return DetailPage(_title(step), panels, intro=intro, links=_back())


def _ready(outcomes: Sequence[Outcome]) -> list[Finding]:
    return [one.finding for one in outcomes if one.done]


def _title(step: str) -> str:
    return _("批量办理：%(step)s") % {"step": _(BULK_NAMES[step])}


def _listed(outcomes: Sequence[Outcome]) -> Tables:
    # What is left alone stands first: it is what a person has to look at.
    ordered = sorted(outcomes, key=lambda one: one.done)
    return Tables(_("选中的问题"), _table(ordered, _("可以办理"), _("不能办理")))


def _table(outcomes: Sequence[Outcome], yes: str, no: str) -> Table:
    heads = columns(
        _("编号"),
        Column(_("问题"), wide=True),
        _("状态"),
        _("结果"),
        Column(_("变化或原因"), wide=True),
    )
    lines = tuple(
        row(
            Cell(one.finding.number, "code", href=one.finding.get_absolute_url()),
            one.finding.title,
            state_tag(one.finding),
            Tag(yes, "good") if one.done else Tag(no, "warn"),
            _told(one),
        )
        for one in outcomes
    )
    return Table(heads, lines)


def _told(one: Outcome) -> str:
    """What changes, or why nothing does."""
    if not one.done:
        return "".join(one.why_not)
    changes = [
        _change(*change) for moment in one.acts for change in moment.changes if any(change[1:])
    ]
    return _("；").join(changes)


def _change(what: str, before: str, after: str) -> str:
    if not before:
        return _("%(what)s：%(value)s") % {"what": what, "value": after}
    parts = {"what": what, "before": before, "after": after or "—"}
    return _("%(what)s：%(before)s → %(after)s") % parts


def _back() -> tuple[Link, ...]:
    return (Link(_("返回台账"), reverse("ledger:index")),)
