"""Rule tables of any room as pages: the list of them, one with its versions and its form.

The ledger's own tables have more (what two versions differ by, who signs): see `tables`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.ledger.forms.office import TableForm
from bihuan.ledger.pages import tables
from bihuan.ledger.rules.tables import Plan
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def _nothing(_code: str, _form: Any) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class RoomTables:
    """一个室的规则表：有哪几张，现行内容问谁，谁可以改，页面在哪里。

    `questions` is a module with `history(code)` and `table(code)`; `effects` are sentences on what
    new rows would change today, shown before anything is saved.
    """

    plans: Mapping[str, Plan]
    questions: Any
    form: type[TableForm]
    verb: str
    address: str
    home: Callable[[], Link]
    effects: Callable[[str, Any], Iterable[str]] = _nothing

    def index(self) -> Tables:
        """Every table with what it is for, its version and what that rests on."""
        heads = columns(
            _("规则表"), Column(_("用途"), wide=True), _("版本"), Column(_("依据"), wide=True)
        )
        lines = []
        for code, plan in self.plans.items():
            newest = self.questions.history(code).first()
            lines.append(
                row(
                    Cell(_(plan.name), href=reverse(self.address, args=[code])),
                    _(plan.intro),
                    tables.numbered(newest.version if newest else 0),
                    newest.source if newest else "",
                )
            )
        return Tables(_("规则表"), Table(heads, tuple(lines)))

    def page(
        self, code: str, by: Post, *, form: TableForm | None = None, version: str = ""
    ) -> DetailPage:
        """一张规则表：现行内容、历次版本、修改；先看会改变什么，再保存。"""
        plan = self.questions.plan(code)
        history = list(self.questions.history(code).select_related("by__person", "by__unit"))
        stored = {str(one.version): one.rows for one in history} | {"0": plan.rows}
        here = reverse(self.address, args=[code])
        looking = form is not None and not form.errors
        panels: list[Panel] = []
        if form is not None and looking:
            panels += self._preview(code, form)
        elif version in stored:
            title = _("%(version)s的内容") % {"version": tables.numbered(int(version))}
            panels.append(Tables(title, tables.as_table(plan, stored[version])))
        else:
            now = self.questions.table(code)
            panels.append(Tables(_("现行内容"), tables.as_table(plan, now)))
        if people.may(by, self.verb):
            panels.append(tables.grid(form or self.form(code), here, looking))
        panels.append(Tables(_("历次版本"), tables.versions(here, plan, history)))
        return DetailPage(
            _(plan.name),
            panels,
            tags=(Tag(tables.numbered(history[0].version if history else 0), "info"),),
            kicker=_("规则表"),
            intro=_(plan.intro),
            links=(self.home(),),
        )

    def _preview(self, code: str, form: TableForm) -> list[Panel]:
        told = tables.differences(form.plan, form.current, form.rows)
        panels: list[Panel] = [Prose(_("将要改动（还没有保存）"), "\n".join(told))]
        if effects := list(self.effects(code, form)):
            panels.append(Prose(_("今天会因此改变什么"), "\n".join(effects)))
        panels.append(Tables(_("改后的内容"), tables.as_table(form.plan, form.rows)))
        return panels
