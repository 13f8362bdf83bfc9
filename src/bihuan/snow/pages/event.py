"""Pages of an event: the list, the event and what happens in it, its orders."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.text import SAMPLE_MARK, zh
from bihuan.people.doing import Bound
from bihuan.people.models import Post
from bihuan.people.words import who
from bihuan.snow.models import RelayedWarning, Storm
from bihuan.snow.pages import plans
from bihuan.snow.pages.acts import panels as acts
from bihuan.snow.queries import photos, publication, situation
from bihuan.snow.queries import plan as queries
from bihuan.snow.queries import storm as storms
from bihuan.snow.rules import inspection as walk_rules
from bihuan.snow.rules import public as public_rules
from bihuan.snow.rules import situation as rules
from bihuan.snow.rules import storm as storm_rules
from bihuan.snow.rules.live import KINDS, STATES
from bihuan.ui.panel import DetailPage, Facts, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, moment, row
from bihuan.winter.queries import roster, stock
from bihuan.winter.queries import tables as season


def index(by: Post, bound: Bound = None) -> DetailPage:
    """每一场雪；启动新的一场。"""
    heads = columns(
        Column(_("降雪过程"), wide=True), _("降雪开始"), _("启动"), _("结束"), _("状态")
    )
    lines = tuple(
        row(
            Cell(one.label(), href=one.get_absolute_url(), note=_(SAMPLE_MARK) if one.sample
                 else ""),
            moment(one.first_snow_at), moment(one.started_at), moment(one.ended_at),
            Tag(_("进行中"), "warn") if one.ended_at is None else Tag(_("已结束"), "quiet"),
        )
        for one in storms.storms()
    )  # fmt: skip
    table = Table(heads, lines, empty=_("还没有登记过降雪。"))
    links = (
        Link(_("实时图"), reverse("snow:live")),
        Link(_("备用方案"), reverse("snow:plans")),
        Link(_("手机报送"), reverse("snow:phone")),
        Link(_("规则表"), reverse("snow:tables")),
    )
    return DetailPage(
        _("降雪过程"), (Tables(_("全部"), table),), acts("room", None, by, bound), links=links
    )


def storm(one: Storm, by: Post, bound: Bound = None) -> DetailPage:
    """一场雪：级别、预警、指令、情况报告、督导、路况发布。"""
    held = storms.levels(one)
    said = [
        (
            _(name),
            Cell(_(storm_rules.LEVELS[held[code].level]), note=f"{who(held[code].by)}")
            if code in held
            else Cell(_("未启动")),
        )
        for code, (name, _levels) in storm_rules.SCALES.items()
    ]
    facts = Facts(
        _("经过"),
        (
            (_("降雪开始"), moment(one.first_snow_at)), (_("启动"), moment(one.started_at)),
            (_("怎样启动"), Cell(_(storm_rules.STARTS[one.start]))),
            (_("雪停"), moment(one.snow_stopped_at)), (_("结束"), moment(one.ended_at)),
            *said,
            (_("库房发出的融雪剂（吨）"), Cell(_issued(one))),
        ),
    )  # fmt: skip
    panels: list[Panel] = [facts]
    if one.note:
        panels.append(Prose(_("说明"), one.note))
    if one.ended_at is None:
        panels.append(_on_duty())
    panels += [_board(one), plans.listed(one, _("作业方案")), _warnings(one), _changes(one),
               _orders(one), _situations(one), _walks(one), *_photos(one),
               _published(one)]  # fmt: skip
    links = [Link(_("全部降雪"), reverse("snow:index")), Link(_("实时图"), reverse("snow:live"))]
    if (plan := queries.in_force(one)) is not None:
        links.insert(0, Link(_("执行中的方案") if one.ended_at is None else plan.label(),
                             plan.get_absolute_url()))  # fmt: skip
    if hasattr(one, "review"):
        links.insert(0, Link(_("复盘"), one.review.get_absolute_url(), primary=True))
    tags: tuple[Tag, ...] = (
        Tag(_("进行中"), "warn") if one.ended_at is None else Tag(_("已结束"), "quiet"),
    )
    if one.sample:
        tags = (*tags, Tag(_(SAMPLE_MARK), "quiet"))
    return DetailPage(one.label(), panels, acts("storm", one, by, bound), tags, links=tuple(links))


def _board(one: Storm) -> Tables:
    """How much of each class is how, by what was last said: the dispatcher's board."""
    until = one.ended_at or timezone.now()
    found = situation.counts(one, until)
    heads = columns(_("等级"), *(Column(_(word), number=True) for word in STATES.values()))
    lines = tuple(
        row(_(KINDS[kind]), *(Cell(found[kind].get(state, 0), "number") for state in STATES))
        for kind in KINDS
        if kind in found
    )
    return Tables(
        _("调度板：各等级路段的状态"), Table(heads, lines, empty=_("还没有启用的路网。")),
        _("每个路段以最近一次报的为准。"),
    )  # fmt: skip


def _warned(one: RelayedWarning) -> str:
    return _("%(kind)s%(colour)s预警") % {
        "kind": _(storm_rules.WARNINGS[one.kind]),
        "colour": _(storm_rules.COLOURS[one.colour]),
    }


def _warnings(one: Storm) -> Tables:
    heads = columns(_("发布时间"), _("发布单位"), _("预警"), Column(_("原文"), wide=True))
    lines = tuple(
        row(
            moment(each.issued_at), each.issuer,
            Tag(_warned(each),
                storm_rules.TONES[each.colour]),  # type: ignore[arg-type]
            each.text,
        )
        for each in one.warnings.order_by("-issued_at", "-pk")
    )  # fmt: skip
    empty = _("没有转发过预警。")
    return Tables(_("转发的预警"), Table(heads, lines, empty=empty), _("平台只转发，不发布。"))


def _changes(one: Storm) -> Tables:
    heads = columns(_("时间"), _("预案"), _("级别"), _("谁签"), Column(_("原因"), wide=True))
    lines = tuple(
        row(
            moment(each.at), _(storm_rules.SCALES[each.scale][0]),
            _(storm_rules.LEVELS.get(each.level, "解除")), who(each.by), each.reason,
        )
        for each in one.levels.select_related("by__person", "by__unit").order_by("-pk")
    )  # fmt: skip
    return Tables(_("响应级别"), Table(heads, lines, empty=_("还没有定过级别。")))


def _orders(one: Storm) -> Tables:
    heads = columns(
        _("下达时间"),
        _("单位"),
        Column(_("指令"), wide=True),
        _("时限"),
        _("签收时间"),
        _("办结时间"),
    )
    lines = tuple(
        row(
            moment(each.given_at), each.unit.label(),
            Cell(each.text, href=reverse("snow:order", args=[each.pk])), moment(each.due_at),
            moment(each.signed_at), Cell(each.done_at, "moment", note=each.answer)
            if each.done_at else Cell("—"),
        )
        for each in storms.orders(one)
    )  # fmt: skip
    return Tables(_("调度指令"), Table(heads, lines, empty=_("还没有下达过指令。")))


def _situations(one: Storm) -> Tables:
    heads = columns(Column(_("情况报告"), wide=True), _("截至"), _("状态"), _("签发人"))
    lines = tuple(
        row(Cell(each.label(), href=each.get_absolute_url()), moment(each.as_of),
            Tag(_(rules.REPORT_STATES[each.state]), "good" if each.state == "issued" else "warn"),
            who(each.issued_by) if each.issued_by else "—")
        for each in situation.reports(one)
    )  # fmt: skip
    return Tables(_("情况报告"), Table(heads, lines, empty=_("还没有情况报告。")))


def _walks(one: Storm) -> Tables:
    heads = columns(Column(_("督导"), wide=True), _("带队"), _("出发时间"), _("状态"))
    lines = tuple(
        row(Cell(each.label(), href=each.get_absolute_url()), each.leader.label(),
            moment(each.starts_at), _(walk_rules.STATES[each.state]))
        for each in one.inspections.select_related("leader__person", "leader__unit")
    )  # fmt: skip
    return Tables(_("督导"), Table(heads, lines, empty=_("还没有安排督导。")))


def _on_duty() -> Facts | Prose:
    """Who is on duty now, by the winter's roster."""
    roles = season.TABLE.labels("roles")
    now = tuple(
        (roles.get(each.role, each.role), Cell(each.who.label())) for each in roster.on_duty()
    )
    title = _("此刻值班")
    return Facts(title, now) if now else Prose(title, _("此刻没有排班。"))


def _issued(one: Storm) -> str:
    """What left the stores of the winter's register while it lasted, beside what teams report."""
    kg = stock.issued_kg(one.first_snow_at, one.ended_at or clock.now())
    return f"{kg / 1000:,.3f}".rstrip("0").rstrip(".")


_PHOTOS = {"report": zh("队伍报告"), "task": zh("人工清雪任务"), "remark": zh("督导所见")}


def _photos(one: Storm) -> list[Tables]:
    """现场照片：队伍报告的、人工任务的、督导的；没有照片时不占地方。"""
    heads = columns(_("时间"), _("哪来的"), Column(_("说明"), wide=True), _("照片"))
    lines = tuple(
        row(moment(each.at), _(_PHOTOS[each.kind]), each.text,
            Cell(_("看照片"), href=reverse("snow:photo", args=[each.kind, each.pk])))
        for each in photos.of(one)
    )  # fmt: skip
    return [Tables(_("现场照片"), Table(heads, lines))] if lines else []


def _published(one: Storm) -> Tables:
    heads = columns(_("截至"), _("怎样发布"), Column(_("给公众的话"), wide=True), _("谁"))
    lines = tuple(
        row(moment(each.as_of), _(public_rules.SOURCES[each.source]), each.note or "—",
            who(each.by))
        for each in publication.publications().filter(storm=one)
    )  # fmt: skip
    return Tables(_("对外发布的路况"), Table(heads, lines, empty=_("还没有对外发布过路况。")))


def order(one: Any, by: Post, bound: Bound = None) -> DetailPage:
    facts = Facts(
        _("调度指令"),
        (
            (_("单位"), Cell(one.unit.label())), (_("下达"), moment(one.given_at)),
            (_("时限"), moment(one.due_at)), (_("签收时间"), moment(one.signed_at)),
            (_("办结时间"), moment(one.done_at)),
        ),
    )  # fmt: skip
    panels: list[Panel] = [facts, Prose(_("指令"), one.text)]
    if one.answer:
        panels.append(Prose(_("办了什么"), one.answer))
    links = (Link(one.storm.label(), one.storm.get_absolute_url()),)
    return DetailPage(_("调度指令"), panels, acts("order", one, by, bound), links=links)
