"""Figures: their list with filters, one with all its versions, and the forms that bring them in."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.facts import queries, terms, words
from bihuan.facts.forms import FilterForm, ImportForm, RecordForm, ReviseForm
from bihuan.facts.models import Observation
from bihuan.facts.pages.doubts import doubts_table
from bihuan.facts.pages.listing import paged, table, value, version
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import (
    DetailPage,
    Facts,
    FormPage,
    FormPanel,
    Link,
    ListPage,
    Panel,
    Prose,
    Tables,
)
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def index(found: QuerySet[Observation], form: FilterForm, number: int, by: Post) -> ListPage:
    """数据：现行的每个数，可按单位、指标、时期、文字筛选。"""
    here = reverse("facts:index")
    shown, pager = paged(found, number, form.address(here))
    asked = form.address("").rstrip("&")
    links = [
        Link(_("疑点"), reverse("facts:doubts")),
        Link(_("全部批次"), reverse("facts:submissions")),
        Link(_("全部指标"), reverse("facts:indicators")),
        Link(_("全部指标体系"), reverse("facts:frameworks")),
        Link(_("全部用语"), reverse("facts:terms")),
        Link(_("导出 Excel"), reverse("facts:export", args=["xlsx"]) + asked.rstrip("?")),
        Link(_("导出 CSV"), reverse("facts:export", args=["csv"]) + asked.rstrip("?")),
    ]
    if people.may(by, "facts.record"):
        links.insert(0, Link(_("录入"), reverse("facts:record")))
    if people.may(by, "facts.import"):
        links.insert(0, Link(_("导入文件"), reverse("facts:import"), primary=True))
    return ListPage(
        _("数据"),
        table(shown, pager, unit="column", empty=_("没有符合条件的数。")),
        _("每个数照原文保存，修订只加新版；不互相推算。"),
        FormPanel("", form, here, _("筛选"), method="get"),
        tuple(links),
    )


def observation(one: Observation, by: Post, bound: ReviseForm | None = None) -> DetailPage:
    """一个数：说了什么，出自哪里，每一版，涉及的疑点。"""
    versions = list(queries.visible_to(by, queries.versions(one)))
    newest = queries.newest(one)
    doubts = list(queries.doubts_of(one).filter(pk__in=queries.doubts_to_see(by).values("pk")))
    panels: list[Panel] = [
        _about(one),
        Prose(_("原文"), one.quote),
        *([Prose(_("备注"), one.note)] if one.note else []),
        Tables(_("每一版"), _versions_table(versions)),
    ]
    if doubts:
        panels.append(Tables(_("涉及的疑点"), doubts_table(doubts)))
    # A figure that a file brought was never told one by one: its submission was.
    brought = [one.submission] if one.submission else []
    panels.append(audit.timeline(*versions, *brought))
    acts: list[Panel] = []
    if newest.pk == one.pk and people.may(by, "facts.record", at=one.unit):
        form = bound or ReviseForm.of(one)
        address = reverse("facts:revise", args=[one.pk])
        intro = _("旧版一字不动，另登新的一版。")
        acts.append(FormPanel(_("修订"), form, address, _("登记新版"), intro, folded=True))
    tags = [Tag(version(one), "info")]
    if one.submission is not None and one.submission.state not in _COUNT:
        tags.append(Tag(_("还不算数"), "warn"))
    if newest.pk != one.pk:
        tags.append(Tag(_("已有更新的一版"), "warn"))
    links = [Link(_("全部数据"), reverse("facts:index"))]
    if newest.pk != one.pk:
        links.insert(0, Link(_("看最新一版"), newest.get_absolute_url(), primary=True))
    return DetailPage(
        one.indicator.label(),
        panels,
        acts,
        tuple(tags),
        kicker=f"{one.unit.label()} · {words.period(one.period)}",
        links=tuple(links),
    )


_COUNT = terms.EFFECTIVE


def _about(one: Observation) -> Facts:
    base = words.period(one.base_period) if one.base_period else ""
    change_kind = one.get_change_kind_display() if one.change_kind else ""
    file = Cell("")
    if one.submission is not None:
        file = Cell(one.submission.title, href=one.submission.get_absolute_url())
    items: list[tuple[str, Cell]] = [
        (_("数值"), Cell(words.value(one))),
        (_("口径"), Cell(one.scope)),
        (_("指标"), Cell(one.indicator.label(), href=one.indicator.get_absolute_url())),
        (_("单位"), Cell(one.unit.label())),
        (_("时期"), Cell(words.period(one.period))),
        (_("类型"), Cell(one.get_kind_display())),
        (_("货币"), Cell(words.currency(one.currency))),
        (_("截止时间"), Cell(one.as_of, "moment") if one.as_of else Cell("")),
        (_("变化"), Cell(words.change(one), tone=words.change_tone(one), note=change_kind)),
        (_("基期"), Cell(base)),
        (_("来源"), Cell(words.source(one))),
        (_("填报批次"), file),
        (_("年份为推断"), Cell(_("是") if one.year_inferred else "")),
    ]
    return Facts(_("这个数"), tuple(pair for pair in items if pair[1].value not in ("", None)))


def _versions_table(versions: Iterable[Observation]) -> Table:
    heads = columns(
        Column(_("版本"), number=True),
        _("数值"),
        _("变化"),
        Column(_("修订原因"), wide=True),
        _("经办"),
        _("登记时间"),
    )
    lines = tuple(
        row(
            Cell(one.version, "number", href=one.get_absolute_url()),
            value(one),
            words.change(one),
            one.reason,
            one.by.label() if one.by else _("系统"),
            Cell(one.created_at, "moment"),
        )
        for one in versions
    )
    return Table(heads, lines)


def recording(form: RecordForm) -> FormPage:
    """录入一个数。"""
    panel = FormPanel("", form, reverse("facts:record"), _("录入"))
    return FormPage(
        _("录入数据"), panel, _("照原文录入；已有这个数的，到它的页面修订，不在这里另录。")
    )


def importing(form: ImportForm, faults: tuple[str, ...] = ()) -> FormPage:
    """导入文件：所有的不对一次说清；认不出的单位请指明。"""
    intro = _("同一文件再导入不会重复；改过的数另登新版，旧版保留。")
    if form.initial.get("file_name"):
        intro = _("文件“%(name)s”已收到，还没有导入。请补正下面各项，或改正文件后重新选择。") % {
            "name": form.initial["file_name"]
        }
    panel = FormPanel("", form, reverse("facts:import"), _("导入"))
    return FormPage(_("导入数据文件"), panel, intro, faults=faults)
