"""What the audit pages show."""

import json
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Paginator
from django.db.models import DateField, Field, Model, QuerySet
from django.utils.translation import gettext as _

from bihuan.audit import queries, services
from bihuan.audit.forms import SearchForm
from bihuan.audit.models import Entry
from bihuan.base import clock
from bihuan.ui.panel import FormPanel, Link, ListPage, Moment, Timeline
from bihuan.ui.table import Cell, Column, Pager, Table, columns, row

PAGE = 50


def sentence(act: str) -> str:
    """What an act is called in the reader's language."""
    return _(services.acts().get(act, act))


def timeline(*things: Model) -> Timeline:
    """经过：这些事物从头到现在的每一步。"""
    return Timeline(_("经过"), tuple(_moment(entry) for entry in queries.of(*things)))


def index(found: QuerySet[Entry], number: int, form: SearchForm, here: str) -> ListPage:
    """The whole chain, newest first, with its root."""
    paginator = Paginator(found, PAGE)
    shown = paginator.get_page(number)
    lines = tuple(
        row(
            Cell(e.seq, kind="number"),
            Cell(e.at, kind="moment"),
            Cell(_who(e)),
            Cell(sentence(e.act), note=e.note),
            Cell(e.thing),
            Cell(e.hash[:12], kind="code"),
        )
        for e in shown
    )
    heads = columns(
        Column(_("序号"), number=True),
        _("时间"),
        Column(_("经办"), wide=True),
        Column(_("事项"), wide=True),
        Column(_("对象"), wide=True),
        _("摘要"),
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


def _who(entry: Entry) -> str:
    """The doer as written down; the system's name in the reader's language."""
    return entry.actor if entry.post_id else _(services.SYSTEM)


def _moment(entry: Entry) -> Moment:
    pairs = json.loads(entry.changes)
    changes = tuple(
        (
            _label(entry.thing_type, key),
            _value(entry.thing_type, key, before),
            _value(entry.thing_type, key, after),
        )
        for key, (before, after) in pairs.items()
    )
    return Moment(entry.at, _who(entry), sentence(entry.act), entry.note, changes)


def _label(thing_type: str, key: str) -> str:
    """What a changed field is called: as its room declared it, else as its model names it."""
    if name := services.named(thing_type, key):
        return _(name.label)
    field = _field(thing_type, key)
    return str(field.verbose_name) if field is not None else key


def _value(thing_type: str, key: str, value: Any) -> str:
    """A stored value in the reader's words: codes by their labels, days and yes or no in words."""
    if isinstance(value, list):
        return _("、").join(_value(thing_type, key, one) for one in value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    name, field = services.named(thing_type, key), _field(thing_type, key)
    if name and (known := name.values().get(str(value))):
        return _(known)
    if isinstance(field, DateField) and isinstance(value, str):
        return _day_in_words(value)
    labels = dict(field.flatchoices) if field is not None else {}
    return str(labels.get(value, value))


def _day_in_words(value: str) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:  # whatever an older version wrote is shown as it stands
        return value
    return clock.in_words(moment if "T" in value or " " in value else date.fromisoformat(value))


def _field(thing_type: str, key: str) -> "Field[Any, Any] | None":
    """The model field of that name; None where the thing or the field is no more."""
    try:
        found = apps.get_model(thing_type)._meta.get_field(key)
    except (LookupError, FieldDoesNotExist):
        return None
    return found if isinstance(found, Field) else None
