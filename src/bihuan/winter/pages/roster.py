"""值班表：两周一页，空班、重班、歇不够的一次说清；可打印，可导出。"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.people.doing import Bound
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, columns, row
from bihuan.winter.models import Duty
from bihuan.winter.pages import words
from bihuan.winter.pages.acts import ACTS
from bihuan.winter.queries import roster, tables

_DAYS = 14
_SHOWN_FAULTS = 30


def index(by: Post, bound: Bound = None, first: date | None = None) -> DetailPage:
    """从一个星期一起的两周。"""
    monday = roster.monday_of(first or clock.today())
    found = list(roster.duties(monday, monday + timedelta(days=_DAYS - 1)))
    held = {(one.day, one.shift, one.role): one for one in found}
    shifts, roles = tables.TABLE.labels("shifts"), tables.TABLE.labels("roles")
    heads = columns(
        _("日期"),
        *(
            Column(f"{shift} {role}", wide=True)
            for shift in shifts.values()
            for role in roles.values()
        ),
    )
    lines = tuple(
        row(
            f"{day:%m-%d} {_(_WEEK[day.weekday()])}",
            *(_cell(held.get((day, shift, role)), day) for shift in shifts for role in roles),
            tone="info" if day == clock.today() else "plain",
        )
        for day in roster.days_from(monday, _DAYS)
    )
    panels: list[Panel] = [Tables(_("两周的班"), Table(heads, lines)), *_faults()]
    acts = ACTS.panels("roster", None, by, bound)
    here = reverse("winter:roster")
    links = (
        Link(_("前两周"), f"{here}?from={monday - timedelta(days=_DAYS):%Y-%m-%d}"),
        Link(_("后两周"), f"{here}?from={monday + timedelta(days=_DAYS):%Y-%m-%d}"),
        Link(_("导出 .xlsx"), f"{reverse('winter:roster-file', args=['xlsx'])}?from={monday}"),
        Link(_("导出 .csv"), f"{reverse('winter:roster-file', args=['csv'])}?from={monday}"),
        *words.around("roster"),
    )
    last = monday + timedelta(days=_DAYS - 1)
    intro = _("%(first)s至%(last)s。只写任职，电话在各单位的通讯录里。") % {
        "first": clock.in_words(monday),
        "last": clock.in_words(last),
    }
    return DetailPage(_("除雪值班"), panels, acts, intro=intro, links=links, sheet=True)


_WEEK = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def _cell(one: Duty | None, day: date) -> Cell:
    if one is not None:
        return Cell(one.who.label())
    return Cell(_("空"), tone="bad" if day >= clock.today() else "quiet")


def _faults() -> list[Panel]:
    """今后若干天的毛病，按设定的天数看。"""
    days = tables.setting("roster_days")
    found = roster.sentences(roster.faults(clock.today(), days))
    title = _("今后 %(n)d 天") % {"n": days}
    if not found:
        return [Prose(title, _("每班有人，没有重班，都歇得够。"))]
    more = len(found) - _SHOWN_FAULTS
    lines = found[:_SHOWN_FAULTS]
    if more > 0:
        lines.append(_("还有 %(n)d 处。") % {"n": more})
    return [Prose(title, "\n".join(lines))]


def rows(first: date) -> Iterator[tuple[str, ...]]:
    """The two weeks as lines of a file: day, shift, role, post, unit."""
    monday = roster.monday_of(first)
    shifts, roles = tables.TABLE.labels("shifts"), tables.TABLE.labels("roles")
    for one in roster.duties(monday, monday + timedelta(days=_DAYS - 1)):
        yield (
            f"{one.day:%Y-%m-%d}",
            shifts.get(one.shift, one.shift),
            roles.get(one.role, one.role),
            one.who.label(),
            one.who.unit.label(),
        )


def heads() -> tuple[str, ...]:
    return (_("日期"), _("班次"), _("岗位"), _("谁"), _("单位"))
