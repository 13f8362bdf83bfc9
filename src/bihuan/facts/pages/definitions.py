"""Pages of what figures are of: indicators, frameworks, terms; each with its history."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.base.text import zh
from bihuan.facts import queries, words
from bihuan.facts import terms as known
from bihuan.facts.forms import (
    FrameworkForm,
    GroupForm,
    IndicatorForm,
    ReasonForm,
    TermFilterForm,
    TermForm,
)
from bihuan.facts.models import Framework, Indicator, Term
from bihuan.facts.pages.listing import chart, paged, table
from bihuan.facts.pages.zone import no_figures
from bihuan.facts.world import grouped
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
    Tables,
)
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row

NOT_PUBLISHED = zh("未公布")

# Indicators -------------------------------------------------------------------------------------


def indicators(found: Iterable[Indicator], by: Post) -> ListPage:
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
    links = [
        Link(_("全部数据"), reverse("facts:index")),
        Link(_("全部指标体系"), reverse("facts:frameworks")),
        Link(_("全部用语"), reverse("facts:terms")),
    ]
    if people.may(by, "facts.define"):
        links.insert(0, Link(_("设定新指标"), reverse("facts:define-indicator"), primary=True))
    empty = _("还没有指标。导入数据时自动设定，也可以先行设定。")
    return ListPage(_("全部指标"), Table(heads, lines, empty=empty), links=tuple(links))


def defining_indicator(form: IndicatorForm) -> FormPage:
    """设定一个新指标。"""
    panel = FormPanel("", form, reverse("facts:define-indicator"), _("设定"))
    return FormPage(
        _("设定新指标"), panel, _("代码一经使用不再变；名称和其他各项以后可以改，改动留痕。")
    )


def indicator(one: Indicator, by: Post, bound: IndicatorForm | None = None) -> DetailPage:
    """一个指标：含义，各单位各时期的数，走势；怎样设定，改过什么。"""
    found = queries.visible_to(by, queries.current()).filter(indicator=one)
    shown = list(found.order_by("unit__code", "period__starts", "period__code"))
    counting = queries.visible_to(by).filter(queries.EFFECTIVE, indicator=one)
    versions = grouped(counting.filter(version__gte=1), lambda o: o.unit_id)
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
        (_("备注"), Cell(one.note)),
    ]
    if not share:
        shares = (_("分子"), _("分母"), _("整体所属单位"))
        items = [pair for pair in items if pair[0] not in shares]
    items = [pair for pair in items if pair[1].value or pair[0] != _("备注")]
    panels: list[Panel] = [Facts(_("这个指标"), tuple(items))]
    for unit, rows in grouped(shown, lambda o: o.unit).items():
        drawn = chart(rows, versions.get(unit.pk, ()), unit.label())
        panels.append(drawn or Tables(unit.label(), table(rows, indicator=False)))
    if not shown:
        panels.append(no_figures())
    panels.append(audit.timeline(one))
    links = (
        Link(_("全部指标"), reverse("facts:indicators")),
        Link(_("这个指标的数"), f"{reverse('facts:index')}?indicator={one.pk}"),
    )
    acts: list[Panel] = []
    if people.may(by, "facts.define"):
        address = reverse("facts:change-indicator", args=[one.pk])
        text = _("改动留痕；已有的数不变。")
        form = bound or IndicatorForm(of=one)
        acts.append(FormPanel(_("修改设定"), form, address, _("保存"), text, folded=True))
    return DetailPage(one.label(), panels, acts, kicker=_("指标"), links=links)


def _of_framework(one: Indicator) -> Cell:
    if one.group is None:
        return Cell("")
    framework = one.group.framework
    return Cell(framework.label(), href=framework.get_absolute_url())


# Frameworks -------------------------------------------------------------------------------------


def frameworks(found: Iterable[Framework], by: Post) -> ListPage:
    """指标体系：各版考核办法。"""
    heads = columns(_("代码"), Column(_("指标体系"), wide=True), _("用于考核年度"))
    lines = tuple(
        row(Cell(one.code, "code"), Cell(one.label(), href=one.get_absolute_url()), _rounds(one))
        for one in found
    )
    links = [Link(_("全部指标"), reverse("facts:indicators"))]
    if people.may(by, "facts.define"):
        links.insert(0, Link(_("设定新体系"), reverse("facts:define-framework"), primary=True))
    return ListPage(
        _("全部指标体系"),
        Table(heads, lines, empty=_("还没有指标体系。导入数据或载入示例后即有。")),
        links=tuple(links),
    )


def defining_framework(form: FrameworkForm) -> FormPage:
    """设定一版新的考核办法。"""
    panel = FormPanel("", form, reverse("facts:define-framework"), _("设定"))
    return FormPage(_("设定新体系"), panel, _("先设定体系，再到它的页面设定各组一级指标。"))


def _rounds(one: Framework) -> str:
    years = {"first": one.first_round, "last": one.last_round}
    if one.first_round is None:
        return ""
    if one.last_round is None:
        return _("%(first)d 年起") % years
    return _("%(first)d 至 %(last)d 年") % years


def framework(
    one: Framework,
    by: Post,
    bound: GroupForm | None = None,
    changed: FrameworkForm | None = None,
) -> DetailPage:
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
        address = reverse("facts:change-framework", args=[one.pk])
        renewed = changed or FrameworkForm(of=one)
        acts.append(FormPanel(_("修改体系"), renewed, address, _("保存"), folded=True))
    links = (Link(_("全部指标体系"), reverse("facts:frameworks")),)
    note = _(one.note) if one.note else ""
    return DetailPage(one.label(), panels, acts, kicker=_rounds(one), intro=note, links=links)


# Terms ------------------------------------------------------------------------------------------


def terms(found: QuerySet[Term], form: TermFilterForm, number: int, by: Post) -> ListPage:
    """用语：办公室自己登记的在前，原有的在后；表里没有的计量单位不能用。"""
    here = reverse("facts:terms")
    asked = "".join(f"{name}={value}&" for name, value in form.asked().items())
    own, pager = paged(found, number, f"{here}?{asked}")
    lines = [_own_term(one) for one in own]
    if pager.number == pager.count:
        starting = grouped(queries.starting_terms(**form.asked()), lambda one: (one[0], one[2]))
        lines += [_starting(kind, meaning, rows) for (kind, meaning), rows in starting.items()]
    heads = columns(
        _("类别"), Column(_("写法"), wide=True), Column(_("含义"), wide=True), _("状态")
    )
    links = [
        Link(_("全部数据"), reverse("facts:index")),
        Link(_("全部指标"), reverse("facts:indicators")),
    ]
    if people.may(by, "facts.define"):
        links.insert(0, Link(_("登记用语"), reverse("facts:define-term"), primary=True))
    shown = Table(heads, tuple(lines), pager=pager if pager.count > 1 else None)
    intro = _("程序认得的写法。不在表里的计量单位不能用；口径、指标的另一种写法按登记的写法归并。")
    filters = FormPanel("", form, here, _("筛选"), method="get")
    return ListPage(_("全部用语"), shown, intro, filters, tuple(links))


def _starting(kind: str, meaning: str, rows: Iterable[tuple[str, str, str]]) -> Row:
    """The words the house started with, those of one meaning in one row."""
    listed = _("、").join(words.measure(word) for _kind, word, _meaning in rows)
    told = _(meaning) if meaning else ""
    return row(_(known.TERM_KINDS[kind]), listed, told, Tag(_("原有"), "quiet"))


def _own_term(one: Term) -> Row:
    state = Tag(_("已停用"), "quiet") if one.retired else Tag(_("本单位登记"), "info")
    return row(
        one.get_kind_display(),
        Cell(one.word, href=one.get_absolute_url(), note=one.note),
        words.meaning(one.kind, one.meaning, one.currency, one.factor),
        state,
        tone="quiet" if one.retired else "plain",
    )


def defining_term(form: TermForm) -> FormPage:
    """登记一个用语。"""
    panel = FormPanel("", form, reverse("facts:define-term"), _("登记"))
    return FormPage(_("登记用语"), panel, _("类别和写法登记后不再变；含义以后可以改，改动留痕。"))


def term(
    one: Term, by: Post, bound: TermForm | None = None, judged: ReasonForm | None = None
) -> DetailPage:
    """一个用语：含义，改过什么；可修改、停用、恢复。"""
    items = (
        (_("类别"), Cell(one.get_kind_display())),
        (_("写法"), Cell(one.word)),
        (_("含义"), Cell(words.meaning(one.kind, one.meaning, one.currency, one.factor))),
        (_("备注"), Cell(one.note)),
    )
    acts: list[Panel] = []
    if people.may(by, "facts.define"):
        form = bound or TermForm(of=one)
        address = reverse("facts:change-term", args=[one.pk])
        acts.append(FormPanel(_("修改含义"), form, address, _("保存"), folded=True))
        address = reverse("facts:retire-term", args=[one.pk])
        if one.retired:
            verb, text = _("恢复用语"), _("恢复后又认这个写法。")
        else:
            verb, text = _("停用用语"), _("停用后不再认这个写法；已有的数不变。")
        acts.append(FormPanel(verb, judged or ReasonForm(), address, verb, text, folded=True))
    tags = (Tag(_("已停用"), "warn"),) if one.retired else ()
    links = (Link(_("全部用语"), reverse("facts:terms")),)
    panels = (Facts(_("这个用语"), items), audit.timeline(one))
    return DetailPage(one.word, panels, acts, tags, kicker=_("用语"), links=links)
