"""Bulk acts: the preview says line by line what can be done, the outcome what was done."""

from collections.abc import Sequence

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.ledger import rules
from bihuan.ledger.forms.reading import BULK_FORMS, carrying
from bihuan.ledger.pages.listing import state_tag
from bihuan.ledger.services.bulk import Outcome
from bihuan.ui.panel import DetailPage, FormPage, FormPanel, Link, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def preview(
    outcomes: Sequence[Outcome], step: str, form: Form | None = None
) -> FormPage | DetailPage:
    """What would be done; the form does those that can be done."""
    ready = [one.finding for one in outcomes if one.done]
    name = _(rules.STEP_NAMES[step])
    title = _("批量办理：%(step)s") % {"step": name}
    listed = Tables(_("选中的问题"), _table(outcomes, _("可以办理"), _("不能办理")))
    if not ready:
        intro = _("选中的问题都不能办理，原因见下表。") if outcomes else _("没有选中问题。")
        return DetailPage(title, [listed] if outcomes else [], intro=intro, links=_back())
    n, rest = len(ready), len(outcomes) - len(ready)
    intro = ngettext(
        "可以办理 %(n)d 个，不能办理 %(rest)d 个；确认后只办可以办理的，每个问题单独办理。",
        "可以办理 %(n)d 个，不能办理 %(rest)d 个；确认后只办可以办理的，每个问题单独办理。",
        n,
    ) % {"n": n, "rest": rest}
    asked = form or carrying(BULK_FORMS[step](), step, [(f.pk, f.revision) for f in ready])
    panel = FormPanel("", asked, reverse("ledger:bulk"), _("确认办理"))
    return FormPage(title, panel, intro, panels=(listed,))


def outcome(outcomes: Sequence[Outcome], step: str) -> DetailPage:
    """What was done, line by line."""
    done = sum(one.done for one in outcomes)
    intro = _("已办理 %(n)d 个，未办理 %(rest)d 个。") % {"n": done, "rest": len(outcomes) - done}
    listed = Tables(_("逐条结果"), _table(outcomes, _("已办理"), _("未办理")))
    title = _("批量办理：%(step)s") % {"step": _(rules.STEP_NAMES[step])}
    return DetailPage(title, [listed], intro=intro, links=_back())


def _table(outcomes: Sequence[Outcome], yes: str, no: str) -> Table:
    heads = columns(
        _("编号"),
        Column(_("问题"), wide=True),
        _("状态"),
        _("结果"),
        Column(_("原因"), wide=True),
    )
    lines = tuple(
        row(
            Cell(one.finding.number, "code", href=one.finding.get_absolute_url()),
            one.finding.title,
            state_tag(one.finding),
            Tag(yes, "good") if one.done else Tag(no, "warn"),
            "".join(one.why_not),
        )
        for one in outcomes
    )
    return Table(heads, lines)


def _back() -> tuple[Link, ...]:
    return (Link(_("返回台账"), reverse("ledger:index")),)
