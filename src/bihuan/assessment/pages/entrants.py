"""Who can be rated: the list, and one, entered or amended."""

from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.assessment import queries, rules
from bihuan.assessment.forms import EntrantFilter, EntrantForm
from bihuan.assessment.models import Entrant
from bihuan.audit import pages as audit
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPage, FormPanel, Link, ListPage, Panel
from bihuan.ui.table import Cell, Column, Pager, Row, Table, Tag, columns, row

PAGE = 50


def index(by: Post, query: QueryDict) -> ListPage:
    """参评单位一览：本区在前，其余按代码。"""
    form = EntrantFilter(query)
    asked = form.asked()
    shown = [
        one
        for one in queries.all_entrants()
        if asked.get("league", one.league) == one.league and asked.get("text", "") in one.label()
    ]
    number, here = query.get("page", "1"), reverse("assessment:entrants")
    paginator = Paginator(shown, PAGE)
    part = paginator.get_page(number if number.isdecimal() else 1)

    def address(page: int) -> str:
        changed = query.copy()
        changed["page"] = str(page)
        return f"{here}?{changed.urlencode()}"

    heads = columns(_("代码"), Column(_("名称"), wide=True), _("分类"), _("对应的单位"), "")
    table = Table(
        heads,
        tuple(_line(one) for one in part),
        empty=_("没有这样的单位。"),
        pager=Pager(
            part.number,
            paginator.num_pages,
            paginator.count,
            address(part.number - 1) if part.has_previous() else "",
            address(part.number + 1) if part.has_next() else "",
        ),
    )
    links = [Link(_("返回方案"), reverse("assessment:schemes"))]
    if people.may(by, "assessment.define"):
        links.insert(0, Link(_("登记参评单位"), reverse("assessment:enter"), primary=True))
    return ListPage(
        _("参评单位"),
        table,
        _("本区、别的开发区和区内单位。改名称、分类不影响已冻结的轮次。"),
        FormPanel("", form, here, _("筛选"), method="get"),
        tuple(links),
    )


def _line(one: Entrant) -> Row:
    return row(
        Cell(one.code, "code"),
        Cell(one.label(), href=one.get_absolute_url()),
        _(rules.LEAGUES[one.league]),
        one.unit.label() if one.unit else "",
        Tag(_("示例数据"), "warn") if one.sample else "",
    )


def entering(form: EntrantForm) -> FormPage:
    """登记参评单位。"""
    return FormPage(
        _("登记参评单位"),
        FormPanel("", form, reverse("assessment:enter"), _("登记")),
        _("粘贴同伴数据时，没有登记过的会自动登记；这里用来登记单个单位。"),
    )


def detail(one: Entrant, by: Post, form: EntrantForm | None = None) -> DetailPage:
    """一个参评单位：内容，参加过的测算，修改。"""
    items = [
        (_("代码"), Cell(one.code, "code")),
        (_("英文名称"), Cell(one.name_en)),
        (_("分类"), Cell(_(rules.LEAGUES[one.league]))),
        (_("对应的单位"), Cell(one.unit.label() if one.unit else "")),
    ]
    acts: list[Panel] = []
    if people.may(by, "assessment.define"):
        acts.append(
            FormPanel(
                _("修改"),
                form or EntrantForm(entrant=one),
                reverse("assessment:who", args=[one.code]),
                _("保存"),
                _("改名称、分类不影响已冻结的轮次。"),
            )
        )
    return DetailPage(
        one.label(),
        [Facts(_("是什么"), tuple(items)), audit.timeline(one)],
        acts,
        (Tag(_("示例数据"), "warn"),) if one.sample else (),
        kicker=_("参评单位"),
        links=(Link(_("全部参评单位"), reverse("assessment:entrants")),),
    )
