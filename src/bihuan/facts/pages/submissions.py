"""Pages of what units hand in: the list, one submission, and the forms that fill it."""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet
from django.forms import BoundField, Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.audit import pages as audit
from bihuan.base.text import shorten, zh
from bihuan.facts import filing, layout, queries, terms, words
from bihuan.facts.forms import (
    CELLS,
    FillForm,
    OpenForm,
    PasteConfirmForm,
    PasteForm,
    ReasonForm,
    SubmissionFilterForm,
    WordForm,
)
from bihuan.facts.models import Observation, Submission
from bihuan.facts.pages.listing import paged, scope_of, table
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import (
    DetailPage,
    Facts,
    FormPage,
    FormPanel,
    Grid,
    GridCell,
    Link,
    ListPage,
    Panel,
    Prose,
    Tables,
)
from bihuan.ui.table import Cell, Column, Row, Table, Tag, Tone, columns, row

_TONES: dict[str, Tone] = {
    "draft": "quiet",
    "submitted": "info",
    "accepted": "good",
    "returned": "bad",
    "dropped": "quiet",
}


def _tag(one: Submission) -> Tag:
    return Tag(_(terms.SUBMISSION_STATES[one.state]), _TONES[one.state])


def submissions(
    found: QuerySet[Submission], form: SubmissionFilterForm, number: int, by: Post
) -> ListPage:
    """填报批次：哪个单位哪个时期的，办到了哪一步。"""
    here = reverse("facts:submissions")
    asked = "".join(f"{k}={getattr(v, 'pk', v)}&" for k, v in form.asked().items())
    shown, pager = paged(found, number, f"{here}?{asked}")
    heads = columns(
        Column(_("标题"), wide=True), _("单位"), _("时期"), _("状态"), _("经办"), _("登记时间")
    )
    lines = tuple(
        row(
            Cell(one.title, href=one.get_absolute_url()),
            one.unit.label() if one.unit else "",
            words.period(one.period) if one.period else "",
            _tag(one),
            one.by.label() if one.by else _("系统"),
            Cell(one.created_at, "moment"),
        )
        for one in shown
    )
    links = [Link(_("全部数据"), reverse("facts:index"))]
    if people.may(by, "facts.import"):
        links.insert(0, Link(_("导入文件"), reverse("facts:import")))
    if people.may(by, "facts.record"):
        links.insert(0, Link(_("新建批次"), reverse("facts:open"), primary=True))
    return ListPage(
        _("全部批次"),
        Table(heads, lines, empty=_("没有批次。"), pager=pager),
        _("一个单位一个时期的数，填好后提交；由没有填报它的人接收。提交以前不算数。"),
        FormPanel("", form, here, _("筛选"), method="get"),
        tuple(links),
    )


def opening(form: OpenForm) -> FormPage:
    """新建一个批次。"""
    panel = FormPanel("", form, reverse("facts:open"), _("新建"))
    return FormPage(
        _("新建填报批次"), panel, _("一个单位一个时期一批。新建后填表或粘贴；提交以前不算数。")
    )


# One submission ---------------------------------------------------------------------------------


def submission(one: Submission, by: Post, bound: Mapping[str, Form] | None = None) -> DetailPage:
    """一个批次：说了哪些数，文件自带的核对说明，办到了哪一步。"""
    found = list(queries.visible_to(by, queries.of_submission(one)))
    known: list[tuple[str, Cell]] = [
        (_("单位"), Cell(one.unit.label() if one.unit else "")),
        (_("时期"), Cell(words.period(one.period) if one.period else "")),
        (_("文件"), Cell(one.file_name)),
        (_("摘要"), Cell(one.digest[:16], "code") if one.digest else Cell("")),
        (_("经办"), Cell(one.by.label() if one.by else _("系统"))),
        (_("提交"), Cell(one.submitted_by.label() if one.submitted_by else "")),
        (_("登记时间"), Cell(one.created_at, "moment")),
    ]
    panels: list[Panel] = [
        Facts(_("基本情况"), tuple(pair for pair in known if pair[1].value not in ("", None))),
        Tables(_("这一批的数"), _figures(one, found)),
    ]
    if one.notes:
        panels.append(Prose(_("文件自带的核对说明"), one.notes))
    panels.append(audit.timeline(one))
    return DetailPage(
        one.title,
        panels,
        _acts(one, by, bound or {}, found),
        (_tag(one),),
        kicker=_("填报批次"),
        links=_links(one, by),
    )


def _figures(one: Submission, found: Sequence[Observation]) -> Table:
    """The figures; where a newer version counts elsewhere, that is said."""
    if one.state in terms.FILLING:
        return table(found, source=False, empty=_("还没有数。请填表，或从电子表格粘贴。"))
    return table(
        found, unit="" if one.period else "below", source=False, empty=_("这一批没有带来新的数。")
    )


def _links(one: Submission, by: Post) -> tuple[Link, ...]:
    links = [Link(_("全部批次"), reverse("facts:submissions"))]
    if one.state in terms.FILLING and one.unit and people.may(by, "facts.record", at=one.unit):
        links = [
            Link(_("填表"), reverse("facts:fill", args=[one.pk]), primary=True),
            Link(_("从电子表格粘贴"), reverse("facts:paste", args=[one.pk])),
            Link(_("录入一个数"), f"{reverse('facts:record')}?submission={one.pk}"),
            *links,
        ]
    return tuple(links)


def _acts(
    one: Submission, by: Post, bound: Mapping[str, Form], found: Sequence[Observation]
) -> list[Panel]:
    return [*_acts_of_filler(one, by, bound, found), *_acts_of_judge(one, by, bound)]


def _acts_of_filler(
    one: Submission, by: Post, bound: Mapping[str, Form], found: Sequence[Observation]
) -> list[Panel]:
    if one.state not in terms.FILLING or not people.may(by, "facts.record", at=one.unit):
        return []
    acts: list[Panel] = []
    if found:
        text = ngettext(
            "提交后，其中 %(n)d 个数开始算数，等别人接收。",
            "提交后，其中 %(n)d 个数开始算数，等别人接收。",
            len(found),
        ) % {"n": len(found)}
        address = reverse("facts:submit", args=[one.pk])
        acts.append(FormPanel(_("提交"), Form(), address, _("提交"), text))
    form = bound.get("drop") or ReasonForm()
    address = reverse("facts:drop", args=[one.pk])
    text = _("作废后不再填；其中的数留存，永不算数。")
    acts.append(FormPanel(_("作废"), form, address, _("作废"), text, tone="bad", folded=True))
    return acts


def _acts_of_judge(one: Submission, by: Post, bound: Mapping[str, Form]) -> list[Panel]:
    if one.state not in terms.EFFECTIVE or not people.may(by, "facts.accept", at=one.unit):
        return []
    if by.person_id in queries.filled_by(one):
        waiting = _("这一批由您填报或提交，要由另一个人接收或退回；换一个任职也不行。")
        return [Prose(_("接收"), waiting)] if one.state == "submitted" else []
    acts: list[Panel] = []
    if one.state == "submitted":
        form = bound.get("accept") or WordForm()
        address = reverse("facts:accept", args=[one.pk])
        acts.append(FormPanel(_("接收"), form, address, _("接收"), _("核对过了，收下。")))
    form = bound.get("send_back") or ReasonForm()
    address = reverse("facts:send-back", args=[one.pk])
    text = _("退回后，其中的数不再算数，等改好再交。")
    acts.append(FormPanel(_("退回"), form, address, _("退回"), text, tone="bad", folded=True))
    return acts


# Filling ----------------------------------------------------------------------------------------


def filling(one: Submission, form: FillForm) -> DetailPage:
    """填表：这个单位报过的每个指标一行，上一次的数在旁。"""
    heads = (
        _("指标"),
        _("上一次"),
        _("数值"),
        _("计量单位"),
        _("文字"),
        _("变动"),
        _("变动类型"),
        _("原文"),
    )
    lines = tuple(_line(heads, row_, form.cells(n)) for n, row_ in enumerate(form.rows))
    grid = Grid(
        "",
        form,
        reverse("facts:fill", args=[one.pk]),
        _("登记"),
        heads,
        lines,
        _("只填有数的，空着的不登记；没有数的填文字，如“明显下降”。原文不填的，以这一行本身为据。"),
    )
    return DetailPage(
        _("填表"),
        (grid,),
        tags=(_tag(one),),
        kicker=one.title,
        intro=_("表里是这个单位报过的指标；还没有报过的，用粘贴或“录入一个数”。"),
        links=(
            Link(_("回到批次"), one.get_absolute_url()),
            Link(_("从电子表格粘贴"), reverse("facts:paste", args=[one.pk])),
            Link(_("录入一个数"), f"{reverse('facts:record')}?submission={one.pk}"),
        ),
    )


def _line(
    heads: Sequence[str], one: layout.Row, cells: Mapping[str, BoundField]
) -> tuple[GridCell, ...]:
    name = one.indicator.label()
    if one.scope:
        name = _("%(name)s（%(scope)s）") % {"name": name, "scope": one.scope}
    told = "—"
    if one.last is not None:
        last = {"value": words.value(one.last), "period": words.period(one.last.period)}
        told = _("%(period)s：%(value)s") % last
    fields = (GridCell(heads[n], field=cells[key]) for n, key in enumerate(CELLS, start=2))
    return (GridCell(heads[0], value=name), GridCell(heads[1], value=told), *fields)


def pasting(one: Submission, form: PasteForm, faults: Sequence[str] = ()) -> FormPage:
    """粘贴一块表格。"""
    panel = FormPanel("", form, reverse("facts:paste", args=[one.pk]), _("预览"))
    heads = columns(*(_(heading) for heading in _EXAMPLE[0]))
    example = Table(heads, tuple(row(*line) for line in _EXAMPLE[1:]))
    intro = _(
        "连同表头一起复制。“指标”一列必须有；其余各列有几列写几列。数值照显示的样子读，小数位数照样保留；"
        "时期不写的用这一批的时期。"
    )
    return FormPage(
        _("从电子表格粘贴：%(title)s") % {"title": one.title},
        panel,
        intro,
        (Tables(_("样子"), example, _("示例数据，只示意各列怎样写。")),),
        tuple(faults),
    )


_EXAMPLE = (
    (zh("指标"), zh("数值"), zh("计量单位"), zh("口径"), zh("变动"), zh("原文")),
    ("地区生产总值", "1202", "亿元", "", "13.5%", "地区生产总值1202亿元，同比增长13.5%"),
    ("税收收入占郑州市比重", "17.5", "%", "", "+0.2个百分点", ""),
    ("综合发展水平排名", "22", "位", "", "上升4位", ""),
)


def preview(one: Submission, found: filing.Filing, form: PasteConfirmForm) -> FormPage:
    """读到的每一行会成为什么；核对后再登记。"""
    new, revised = len(found.having("new")), len(found.having("revised"))
    counts = {"new": new, "revised": revised, "same": len(found.having("same"))}
    intro = (
        _("新增 %(new)d 个，修订 %(revised)d 个，不变 %(same)d 个。还没有登记，请核对。") % counts
    )
    panels: list[Panel] = [Tables(_("读到的数"), _preview(found.placed))]
    if found.empty:
        listed = words.listed(found.empty)
        panels.append(Prose(_("没有填数、跳过的指标"), listed))
    text = _("核对无误后登记；提交以后才算数。")
    address = reverse("facts:confirm", args=[one.pk])
    panel = FormPanel(_("登记"), form, address, _("登记"), text)
    return FormPage(_("核对：%(title)s") % {"title": one.title}, panel, intro, panels)


def _outcome(outcome: filing.Outcome) -> tuple[str, Tone]:
    match outcome:
        case "new":
            return _("新增"), "good"
        case "revised":
            return _("修订"), "warn"
        case _:
            return _("不变"), "quiet"


def _preview(found: Sequence[filing.Placed]) -> Table:
    heads = columns(
        _("结果"),
        Column(_("指标"), wide=True),
        _("时期"),
        _("数值"),
        _("变化"),
        _("现有的数"),
        Column(_("原文"), wide=True),
    )
    return Table(heads, tuple(_preview_row(placed) for placed in found))


def _preview_row(placed: filing.Placed) -> Row:
    one, before = placed.one, placed.before
    label, tone = _outcome(placed.outcome)
    return row(
        Tag(label, tone),
        one.indicator.label(),
        words.period(one.period),
        Cell(words.value(one), note=scope_of(one)),
        Cell(words.change(one), tone=words.change_tone(one)),
        words.value(before) if before else "",
        Cell(shorten(one.quote, 200), "quote"),
    )
