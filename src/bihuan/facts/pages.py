"""What this room's pages show: figures with their words, doubts, indicators, submissions."""

from collections.abc import Iterable, Sequence

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.base.text import zh
from bihuan.facts import queries, terms, words
from bihuan.facts.forms import (
    DoubtFilterForm,
    FilterForm,
    ImportForm,
    RecordForm,
    ReviseForm,
    SettleForm,
)
from bihuan.facts.models import Doubt, Observation
from bihuan.facts.world import grouped
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.ui.chart import Chart, Series
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
from bihuan.ui.table import Cell, Column, Pager, Row, Table, Tag, Tone, columns, row

PAGE = 50
RANK = "rank"

_SEVERITY_TONES: dict[str, Tone] = {
    "conflict": "bad",
    "scope": "warn",
    "unit": "warn",
    "count": "warn",
    "time": "info",
    "date": "info",
    "info": "quiet",
}
_STATE_TONES: dict[str, Tone] = {"open": "warn", "raised": "info", "settled": "good"}


# The zone's page --------------------------------------------------------------------------------


def zone_panels(unit: Unit) -> list[Panel]:
    """公布的数：按一级指标或时期分组，每个数带单位、口径、变化、原文、来源。"""
    own = list(queries.current(unit))
    around = list(
        queries.current().filter(unit__kind__in=("city", "population")).exclude(unit=unit)
    )
    panels: list[Panel] = [Tables(title, table(rows)) for title, rows in _by_subject(own).items()]
    if around:
        panels.append(
            Tables(
                _("所在城市与参评总体"),
                table(around, with_unit=True),
                _("用来核对占比和位次；各自照原文保存。"),
            )
        )
    ranks = [one for one in own if one.indicator.code == RANK]
    drawn = chart(sorted(ranks, key=lambda one: (one.period.starts, one.period.code)))
    return [*([drawn] if drawn else []), *panels] if own or around else [no_figures()]


def no_figures() -> Tables:
    return Tables(_("公布的数据"), Table((), (), empty=_("还没有数据。请统计员导入或录入。")))


def _by_subject(found: Iterable[Observation]) -> dict[str, list[Observation]]:
    """Figures by the group of their indicator; those without, by the period they are of."""

    def subject(one: Observation) -> str:
        if one.indicator.code == RANK:
            return _("综合发展水平考核评价")
        group = one.indicator.group
        return group.label() if group else words.period(one.period)

    return grouped(found, subject)


def chart(found: Sequence[Observation]) -> Chart | None:
    """One indicator over the periods, if there are at least two numbers of one measure."""
    numbers = [one for one in found if one.value is not None]
    if len({one.period_id for one in numbers}) < 2 or len({one.measure for one in numbers}) != 1:
        return None
    lines = grouped(numbers, lambda one: one.scope)
    periods = {one.period_id: one.period for one in numbers}
    indicator = numbers[0].indicator
    return Chart(
        "line",
        indicator.label(),
        tuple(words.short_period(period) for period in periods.values()),
        tuple(
            Series(
                scope or words.measure(numbers[0].measure),
                tuple(_points(rows).get(pk) for pk in periods),
            )
            for scope, rows in lines.items()
        ),
        words.measure(numbers[0].measure),
        _("时期"),
        reverse_y=indicator.direction == "lower" and indicator.kind == "rank",
    )


def _points(found: Iterable[Observation]) -> dict[int, float]:
    """Figures as points of a drawing; the table beside it keeps the digits."""
    return {one.period_id: float(one.value) for one in found if one.value is not None}


# Figures ----------------------------------------------------------------------------------------


def in_one_line(observation: Observation) -> tuple[str, ...]:
    """A figure for a terminal: indicator, period, value, change, scope, quote; empty where none."""
    return (
        observation.indicator.label(),
        words.period(observation.period),
        words.value(observation),
        words.change(observation),
        _("口径：%(scope)s") % {"scope": observation.scope} if observation.scope else "",
        f"“{observation.quote}”",
    )


def table(
    found: Iterable[Observation],
    pager: Pager | None = None,
    *,
    with_unit: bool = False,
    empty: str = "",
) -> Table:
    """Figures as rows: nothing is shown without its unit, scope, period and quote."""
    heads = columns(
        Column(_("指标"), wide=True),
        *((_("单位"),) if with_unit else ()),
        _("时期"),
        _("数值"),
        _("变化"),
        Column(_("原文"), wide=True),
        _("来源"),
    )
    lines = tuple(_line(one, with_unit) for one in found)
    return Table(heads, lines, pager=pager, empty=empty)


def _line(one: Observation, with_unit: bool) -> Row:
    return row(
        Cell(one.indicator.label(), href=one.get_absolute_url()),
        *((Cell(one.unit.label()),) if with_unit else ()),
        words.period(one.period),
        _value(one),
        Cell(words.change(one), tone=words.change_tone(one)),
        Cell(one.quote, "quote"),
        Cell(words.source(one), note=_version(one) if one.version > 1 else ""),
    )


def _value(one: Observation) -> Cell:
    scope = _("口径：%(scope)s") % {"scope": one.scope} if one.scope else ""
    return Cell(words.value(one), note=scope)


def _version(one: Observation) -> str:
    return _("第 %(n)d 版") % {"n": one.version}


def index(found: QuerySet[Observation], form: FilterForm, number: int, by: Post) -> ListPage:
    """数据：现行的每个数，可按单位、指标、时期、文字筛选。"""
    here = reverse("facts:index")
    shown, pager = paged(found, number, form.address(here))
    links = [
        Link(_("疑点"), reverse("facts:doubts")),
        Link(_("指标"), reverse("facts:indicators")),
        Link(_("指标体系"), reverse("facts:frameworks")),
        Link(_("填报批次"), reverse("facts:submissions")),
    ]
    if people.may(by, "facts.record"):
        links.insert(0, Link(_("录入"), reverse("facts:record")))
    if people.may(by, "facts.import"):
        links.insert(0, Link(_("导入文件"), reverse("facts:import"), primary=True))
    return ListPage(
        _("数据"),
        table(shown, pager, with_unit=True, empty=_("没有符合条件的数。")),
        _("每个数照原文保存，修订只加新版；不互相推算。"),
        FormPanel("", form, here, _("筛选"), method="get"),
        tuple(links),
    )


def observation(one: Observation, by: Post, bound: ReviseForm | None = None) -> DetailPage:
    """一个数：说了什么，出自哪里，每一版，涉及的疑点。"""
    versions = list(queries.versions(one))
    if not people.may(by, "facts.record"):
        versions = [v for v in versions if v.submission is None or v.submission.state in _COUNT]
    newest = versions[0]
    doubts = list(queries.doubts_of(one).filter(pk__in=queries.doubts_to_see(by).values("pk")))
    panels: list[Panel] = [
        _about(one),
        Prose(_("原文"), one.quote),
        *([Prose(_("备注"), one.note)] if one.note else []),
        Tables(_("每一版"), _versions_table(versions)),
    ]
    if doubts:
        panels.append(Tables(_("涉及的疑点"), doubts_table(doubts)))
    panels.append(audit.timeline(*versions))
    acts: list[Panel] = []
    if newest.pk == one.pk and people.may(by, "facts.record", at=one.unit):
        form = bound or ReviseForm.of(one)
        address = reverse("facts:revise", args=[one.pk])
        intro = _("旧版一字不动，另登新的一版。")
        acts.append(FormPanel(_("修订"), form, address, _("登记新版"), intro, folded=True))
    tags = [Tag(_version(one), "info")]
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
        (_("货币"), Cell(one.currency)),
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
            _value(one),
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


# Doubts -----------------------------------------------------------------------------------------


def title(doubt: Doubt) -> str:
    """What does not fit, in one line."""
    return words.title(doubt)


def explanation(doubt: Doubt) -> str:
    """How it was worked out, and what to make of it."""
    return "\n".join(part for part in (words.working(doubt), words.reading(doubt)) if part)


def severity_tag(doubt: Doubt) -> Tag:
    """矛盾、口径、单位……"""
    return Tag(_(terms.SEVERITIES[doubt.severity]), _SEVERITY_TONES[doubt.severity])


def doubt_state(doubt: Doubt) -> Cell | Tag:
    """待处理、已提出（连同成了什么）、已了结。"""
    tag = Tag(_(terms.DOUBT_STATES[doubt.state]), _STATE_TONES[doubt.state])
    return Cell(tag, "tag", note=doubt.thing_name) if doubt.thing_name else tag


def doubts_table(found: Iterable[Doubt], pager: Pager | None = None, empty: str = "") -> Table:
    """Doubts as rows."""
    heads = columns(_("程度"), Column(_("疑点"), wide=True), _("处理"))
    lines = tuple(
        row(
            severity_tag(doubt),
            Cell(title(doubt), href=doubt.get_absolute_url()),
            doubt_state(doubt),
        )
        for doubt in found
    )
    return Table(heads, lines, pager=pager, empty=empty)


def doubts(found: QuerySet[Doubt], form: DoubtFilterForm, number: int) -> ListPage:
    """疑点：待处理的在前，矛盾在前。"""
    here = reverse("facts:doubts")
    asked = "".join(f"{name}={value}&" for name, value in form.asked().items())
    shown, pager = paged(found, number, f"{here}?{asked}")
    return ListPage(
        _("疑点"),
        doubts_table(shown, pager, _("没有疑点。")),
        _("数与数、数与原文对不上的地方。数都保留，疑点由人了结，或提出为问题。"),
        FormPanel("", form, here, _("筛选"), method="get"),
        (Link(_("全部数据"), reverse("facts:index")),),
    )


_ROLES = {
    "share": zh("占比"),
    "level": zh("部分"),
    "whole": zh("整体"),
    "before": zh("整体的上一期"),
    "base": zh("上一期"),
    "figure": zh("这个数"),
    "figures": zh("涉及的数"),
    "turnouts": zh("次数"),
    "stocks": zh("数量"),
}


def doubt(
    doubt: Doubt, by: Post, acts: Sequence[Panel] = (), bound: SettleForm | None = None
) -> DetailPage:
    """一个疑点：哪些数，怎样算出，怎样看，办到了哪一步。"""
    heads = columns(
        _("角色"),
        Column(_("指标"), wide=True),
        _("单位"),
        _("时期"),
        _("数值"),
        _("变化"),
        Column(_("原文"), wide=True),
    )
    lines = tuple(
        row(
            _(_ROLES.get(concern.role, concern.role)),
            Cell(one.indicator.label(), href=one.get_absolute_url()),
            one.unit.label(),
            words.period(one.period),
            _value(one),
            Cell(words.change(one), tone=words.change_tone(one)),
            Cell(one.quote, "quote", note=words.source(one)),
        )
        for concern in doubt.concerns.all()
        for one in (concern.observation,)
    )
    texts = ((_("怎样算出"), words.working(doubt)), (_("怎样看"), words.reading(doubt)))
    panels: list[Panel] = [Prose(heading, text) for heading, text in texts if text]
    if lines:
        panels.append(Tables(_("涉及的数"), Table(heads, lines)))
    if doubt.note:
        panels.append(Prose(_("了结说明"), doubt.note))
    panels.append(audit.timeline(doubt))
    all_acts = list(acts)
    if doubt.state == "open" and people.may(by, "facts.record"):
        address = reverse("facts:settle", args=[doubt.pk])
        intro = _("写明查到了什么；数照旧保留。")
        form = bound or SettleForm()
        all_acts.append(FormPanel(_("了结"), form, address, _("了结"), intro, folded=bool(acts)))
    state = doubt_state(doubt)
    return DetailPage(
        title(doubt),
        panels,
        all_acts,
        (severity_tag(doubt), state if isinstance(state, Tag) else state.value),
        kicker=_("疑点"),
        intro=doubt.thing_name,
        links=(Link(_("全部疑点"), reverse("facts:doubts")),),
    )


def paged(found: QuerySet, number: int, address: str) -> tuple[list, Pager]:  # type: ignore[type-arg]  # of whatever noun the list is
    paginator = Paginator(found, PAGE)
    shown = paginator.get_page(number)
    pager = Pager(
        shown.number,
        paginator.num_pages,
        paginator.count,
        f"{address}page={shown.number - 1}" if shown.has_previous() else "",
        f"{address}page={shown.number + 1}" if shown.has_next() else "",
    )
    return list(shown), pager
