"""What the audit pages show."""

import json

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from bihuan.audit import queries, services
from bihuan.audit.forms import SearchForm
from bihuan.audit.models import Entry
from bihuan.ui.panel import FormPanel, Link, ListPage, Moment, Timeline
from bihuan.ui.table import Cell, Column, Pager, Table, columns, row

PAGE = 50


def sentence(act: str) -> str:
    """What an act is called in the reader's language."""
    return _(services.acts().get(act, act))


def timeline(*things: Model) -> Timeline:
    """经过：这些事物从头到现在的每一步。"""
    entries = sorted((e for thing in things for e in queries.of(thing)), key=lambda e: e.seq)
    return Timeline(_("经过"), tuple(_moment(entry) for entry in entries))


def index(found: QuerySet[Entry], number: int, form: SearchForm, here: str) -> ListPage:
    """The whole chain, newest first, with its root."""
    paginator = Paginator(found, PAGE)
    shown = paginator.get_page(number)
    lines = tuple(
        row(
            Cell(e.seq, kind="number"),
            Cell(e.at, kind="moment"),
            Cell(e.actor or _("系统")),
            Cell(sentence(e.act), note=e.note),
            Cell(e.thing),
            Cell(e.hash[:12], kind="code"),
        )
        for e in shown
    )
    heads = columns(
        Column(_("序号"), number=True), _("时间"), _("经办"), _("事项"), _("对象"), _("摘要")
    )
    seq, head = queries.head()
    intro = _("审计根：第 %(seq)d 条，%(head)s。记下它，日后可证明此前的记录未被改动。") % {
        "seq": seq,
        "head": head[:16],
    }
    address = form.address(here)
    pager = Pager(
        shown.number,
        paginator.num_pages,
        paginator.count,
        f"{address}page={shown.number - 1}" if shown.has_previous() else "",
        f"{address}page={shown.number + 1}" if shown.has_next() else "",
    )
    return ListPage(
        _("审计记录"),
        Table(heads, lines, pager=pager),
        intro,
        FormPanel("", form, here, _("查询"), method="get"),
        (Link(_("导出"), f"{here}export/"),),
    )


def _moment(entry: Entry) -> Moment:
    pairs = json.loads(entry.changes)
    changes = tuple((name, _text(a), _text(b)) for name, (a, b) in pairs.items())
    return Moment(entry.at, entry.actor, sentence(entry.act), entry.note, changes)


def _text(value: object) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "" if value is None else str(value)
