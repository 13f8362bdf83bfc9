"""Pages of what figures are of and came with: indicators, frameworks, submissions."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.base.text import zh
from bihuan.facts import pages, queries, terms, words
from bihuan.facts.forms import (
    GroupForm,
    ReasonForm,
    WordForm,
)
from bihuan.facts.models import Framework, Indicator, Submission
from bihuan.facts.world import grouped
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import (
    DetailPage,
    Facts,
    FormPanel,
    Link,
    ListPage,
    Panel,
    Prose,
    Tables,
)
from bihuan.ui.table import Cell, Column, Table, Tag, Tone, columns, row

NOT_PUBLISHED = zh("未公布")
_SUBMISSION_TONES: dict[str, Tone] = {
    "draft": "quiet",
    "submitted": "info",
    "accepted": "good",
    "returned": "bad",
}

# Indicators and frameworks ----------------------------------------------------------------------


def indicators(found: Iterable[Indicator]) -> ListPage:
    """指标：量什么，用什么单位，越大越好还是越小越好。"""
    heads = columns(
        Column(_("指标"), wide=True), _("代码"), _("计量单位"), _("类型"), _("方向"), _("一级指标")
    )
    lines = tuple(
        row(
            Cell(one.label(), href=one.get_absolute_url()),
            Cell(one.code, "code"),
            words.measure(one.measure),
            one.get_kind_display(),
            one.get_direction_display(),
            one.group.label() if one.group else "",
        )
        for one in found
    )
    links = (
        Link(_("全部数据"), reverse("facts:index")),
        Link(_("指标体系"), reverse("facts:frameworks")),
    )
    return ListPage(_("指标"), Table(heads, lines), links=links)


def indicator(one: Indicator, by: Post) -> DetailPage:
    """一个指标：含义，各单位各时期的数，走势。"""
    found = queries.visible_to(by, queries.current()).filter(indicator=one)
    shown = list(found.order_by("unit__code", "period__starts", "period__code"))
    share = one.numerator != "" or one.denominator != ""
    items: list[tuple[str, Cell]] = [
        (_("代码"), Cell(one.code, "code")),
        (_("计量单位"), Cell(words.measure(one.measure))),
        (_("类型"), Cell(one.get_kind_display())),
        (_("方向"), Cell(one.get_direction_display())),
        (_("分子"), Cell(one.numerator)),
        (_("分母"), Cell(one.denominator)),
        (_("整体所属单位"), Cell(one.of_whole)),
        (_("一级指标"), Cell(one.group.label() if one.group else "")),
        (_("指标体系"), _of_framework(one)),
        (_("牵头部门"), Cell(one.bureau.label() if one.bureau else "")),
        (_("计算方法"), Cell(one.formula or _(NOT_PUBLISHED))),
    ]
    if not share:
        items = [pair for pair in items if pair[0] not in (_("分子"), _("分母"))]
    panels: list[Panel] = [Facts(_("这个指标"), tuple(items))]
    for unit, rows in grouped(shown, lambda o: o.unit).items():
        if chart := pages.chart(rows):
            panels.append(chart)
        panels.append(Tables(unit.label(), pages.table(rows)))
    if not shown:
        panels.append(pages.no_figures())
    links = (Link(_("全部指标"), reverse("facts:indicators")),)
    return DetailPage(one.label(), panels, kicker=_("指标"), links=links)


def _of_framework(one: Indicator) -> Cell:
    if one.group is None:
        return Cell("")
    framework = one.group.framework
    return Cell(framework.label(), href=framework.get_absolute_url())


def frameworks(found: Iterable[Framework]) -> ListPage:
    """指标体系：各版考核办法。"""
    heads = columns(_("代码"), Column(_("指标体系"), wide=True), _("用于考核年度"))
    lines = tuple(
        row(Cell(one.code, "code"), Cell(one.label(), href=one.get_absolute_url()), _rounds(one))
        for one in found
    )
    return ListPage(
        _("指标体系"),
        Table(heads, lines, empty=_("还没有指标体系。导入数据或载入示例后即有。")),
        links=(Link(_("全部指标"), reverse("facts:indicators")),),
    )


def _rounds(one: Framework) -> str:
    years = {"first": one.first_round, "last": one.last_round}
    if one.first_round is None:
        return ""
    if one.last_round is None:
        return _("%(first)d 年起") % years
    return _("%(first)d 至 %(last)d 年") % years


def framework(one: Framework, by: Post, bound: GroupForm | None = None) -> DetailPage:
    """一版指标体系：各组权重；未公布的写明未公布。"""
    unknown = Tag(_(NOT_PUBLISHED), "quiet")
    heads = columns(
        Column(_("序号"), number=True),
        Column(_("一级指标"), wide=True),
        _("权重"),
        _("指标个数"),
        _("已登记的指标"),
        _("依据"),
    )
    groups = list(one.groups.all())
    lines = tuple(
        row(
            Cell(group.number, "number"),
            group.label(),
            unknown if group.weight is None else Cell(group.weight, "percent"),
            unknown if group.indicator_count is None else Cell(group.indicator_count, "number"),
            Cell(len(group.indicators.all()), "number"),
            group.source,
        )
        for group in groups
    )
    known = [group.weight for group in groups if group.weight is not None]
    intro = _("权重未公布的留空，不推算。")
    if known and len(known) == len(groups):
        intro = _("权重合计 %(sum)s%%。") % {"sum": f"{sum(known, Decimal(0)).normalize():f}"}
    panels: list[Panel] = [Tables(_("一级指标"), Table(heads, lines), intro)]
    listed = [(group, each) for group in groups for each in group.indicators.all()]
    if listed:
        rows = tuple(
            row(
                group.label(),
                Cell(each.label(), href=each.get_absolute_url()),
                words.measure(each.measure),
            )
            for group, each in listed
        )
        heads = columns(_("一级指标"), Column(_("指标"), wide=True), _("计量单位"))
        panels.append(Tables(_("已登记的指标"), Table(heads, rows)))
    panels.append(audit.timeline(one, *groups))
    acts: list[Panel] = []
    if people.may(by, "facts.define"):
        address = reverse("facts:define-group", args=[one.pk])
        text = _("名称相同的即修改，改动留痕。")
        form = bound or GroupForm()
        acts.append(FormPanel(_("设定一级指标"), form, address, _("保存"), text, folded=True))
    links = (Link(_("全部指标体系"), reverse("facts:frameworks")),)
    note = _(one.note) if one.note else ""
    return DetailPage(one.label(), panels, acts, kicker=_rounds(one), intro=note, links=links)


# Submissions ------------------------------------------------------------------------------------


def _submission_tag(one: Submission) -> Tag:
    return Tag(_(terms.SUBMISSION_STATES[one.state]), _SUBMISSION_TONES[one.state])


def submissions(found: QuerySet[Submission], number: int, by: Post) -> ListPage:
    """填报批次：哪个单位交来的哪份文件，办到了哪一步。"""
    here = reverse("facts:submissions")
    shown, pager = pages.paged(found, number, f"{here}?")
    heads = columns(Column(_("标题"), wide=True), _("单位"), _("状态"), _("经办"), _("登记时间"))
    lines = tuple(
        row(
            Cell(one.title, href=one.get_absolute_url()),
            one.unit.label() if one.unit else "",
            _submission_tag(one),
            one.by.label() if one.by else _("系统"),
            Cell(one.created_at, "moment"),
        )
        for one in shown
    )
    links = [Link(_("全部数据"), reverse("facts:index"))]
    if people.may(by, "facts.import"):
        links.insert(0, Link(_("导入文件"), reverse("facts:import"), primary=True))
    return ListPage(_("填报批次"), Table(heads, lines, pager=pager), links=tuple(links))


def submission(one: Submission, by: Post, bound: Mapping[str, Form] | None = None) -> DetailPage:
    """一个批次：文件说了哪些数，文件自带的核对说明，办到了哪一步。"""
    found = list(queries.visible_to(by).filter(submission=one).order_by("pk"))
    facts = Facts(
        _("基本情况"),
        (
            (_("单位"), Cell(one.unit.label() if one.unit else "")),
            (_("文件"), Cell(one.file_name)),
            (_("摘要"), Cell(one.digest, "code") if one.digest else Cell("")),
            (_("经办"), Cell(one.by.label() if one.by else _("系统"))),
            (_("登记时间"), Cell(one.created_at, "moment")),
        ),
    )
    empty = _("这一批没有带来新的数。")
    panels: list[Panel] = [
        facts,
        Tables(_("这一批的数"), pages.table(found, with_unit=True, empty=empty)),
    ]
    if one.notes:
        panels.append(Prose(_("文件自带的核对说明"), one.notes))
    panels.append(audit.timeline(one))
    links = (Link(_("全部批次"), reverse("facts:submissions")),)
    acts = _submission_acts(one, by, bound or {})
    return DetailPage(
        one.title, panels, acts, (_submission_tag(one),), kicker=_("填报批次"), links=links
    )


def _submission_acts(one: Submission, by: Post, bound: Mapping[str, Form]) -> list[Panel]:
    if not people.may(by, "facts.record", at=one.unit):
        return []
    acts: list[Panel] = []
    if one.state in ("draft", "returned"):
        address = reverse("facts:submit", args=[one.pk])
        text = _("提交后，其中的数开始算数。")
        acts.append(FormPanel(_("提交"), Form(), address, _("提交"), text))
    if one.state == "submitted":
        form = bound.get("accept") or WordForm()
        acts.append(FormPanel(_("接收"), form, reverse("facts:accept", args=[one.pk]), _("接收")))
    if one.state in ("submitted", "accepted"):
        form = bound.get("send_back") or ReasonForm()
        address = reverse("facts:send-back", args=[one.pk])
        text = _("退回后，其中的数不再算数，等改好再交。")
        acts.append(FormPanel(_("退回"), form, address, _("退回"), text, tone="bad", folded=True))
    return acts
