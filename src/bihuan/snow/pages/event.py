"""Pages of an event: the list, the event, its orders, situation reports, walks and its review."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.base.text import SAMPLE_MARK
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.snow.forms import event as forms
from bihuan.snow.models import (
    Inspection,
    Publication,
    RelayedWarning,
    Replay,
    Review,
    SituationReport,
    Storm,
)
from bihuan.snow.pages.acts import panels as acts
from bihuan.snow.queries import publication, review, situation
from bihuan.snow.queries import storm as storms
from bihuan.snow.rules import inspection as walk_rules
from bihuan.snow.rules import promises as promise_rules
from bihuan.snow.rules import public as public_rules
from bihuan.snow.rules import review as review_rules
from bihuan.snow.rules import situation as rules
from bihuan.snow.rules import storm as storm_rules
from bihuan.snow.rules.live import KINDS, STATES, TONES
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

Bound = Mapping[str, Any] | None


def _moment(at: datetime | None) -> Cell:
    return Cell(at, "moment") if at else Cell("—")


def _who(post: Post | None) -> str:
    return post.label() if post else _("系统")


def _state(state: str) -> Tag:
    return Tag(_(STATES[state]), TONES[state])  # type: ignore[arg-type]


def index(by: Post, bound: Bound = None) -> DetailPage:
    """每一场雪；启动新的一场。"""
    heads = columns(
        Column(_("降雪过程"), wide=True), _("降雪开始"), _("启动"), _("结束"), _("状态")
    )
    lines = tuple(
        row(
            Cell(one.label(), href=one.get_absolute_url(), note=_(SAMPLE_MARK) if one.sample
                 else ""),
            _moment(one.first_snow_at), _moment(one.started_at), _moment(one.ended_at),
            Tag(_("进行中"), "warn") if one.ended_at is None else Tag(_("已结束"), "quiet"),
        )
        for one in storms.storms()
    )  # fmt: skip
    table = Table(heads, lines, empty=_("还没有登记过降雪。"))
    forms_: tuple[FormPanel, ...] = ()
    if people.may(by, "snow.dispatch") and storms.current() is None:
        form = (bound or {}).get("begin") or forms.BeginForm()
        forms_ = (
            FormPanel(
                _("启动响应"), form, reverse("snow:begin"), _("启动"),
                _("以雪为令：一下雪就启动，不等命令。"),
            ),
        )  # fmt: skip
    links = (Link(_("实时图"), reverse("snow:live")), Link(_("手机报送"), reverse("snow:phone")))
    return DetailPage(_("降雪过程"), (Tables(_("全部"), table),), forms_, links=links)


def storm(one: Storm, by: Post, bound: Bound = None) -> DetailPage:
    """一场雪：级别、预警、指令、情况报告、督导、路况发布。"""
    held = storms.levels(one)
    said = [
        (
            _(name),
            Cell(_(storm_rules.LEVELS[held[code].level]), note=f"{_who(held[code].by)}")
            if code in held
            else Cell(_("未启动")),
        )
        for code, (name, _levels) in storm_rules.SCALES.items()
    ]
    facts = Facts(
        _("经过"),
        (
            (_("降雪开始"), _moment(one.first_snow_at)), (_("启动"), _moment(one.started_at)),
            (_("怎样启动"), Cell(_(storm_rules.STARTS[one.start]))),
            (_("雪停"), _moment(one.snow_stopped_at)), (_("结束"), _moment(one.ended_at)),
            *said,
        ),
    )  # fmt: skip
    panels: list[Panel] = [facts]
    if one.note:
        panels.append(Prose(_("说明"), one.note))
    panels += [_board(one), _warnings(one), _changes(one), _orders(one), _situations(one),
               _walks(one), _published(one)]  # fmt: skip
    links = [Link(_("全部降雪"), reverse("snow:index")), Link(_("实时图"), reverse("snow:live"))]
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
            _moment(each.issued_at), each.issuer,
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
            _moment(each.at), _(storm_rules.SCALES[each.scale][0]),
            _(storm_rules.LEVELS.get(each.level, "解除")), _who(each.by), each.reason,
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
            _moment(each.given_at), each.unit.label(),
            Cell(each.text, href=reverse("snow:order", args=[each.pk])), _moment(each.due_at),
            _moment(each.signed_at), Cell(each.done_at, "moment", note=each.answer)
            if each.done_at else Cell("—"),
        )
        for each in storms.orders(one)
    )  # fmt: skip
    return Tables(_("调度指令"), Table(heads, lines, empty=_("还没有下达过指令。")))


def _situations(one: Storm) -> Tables:
    heads = columns(Column(_("情况报告"), wide=True), _("截至"), _("状态"), _("签发人"))
    lines = tuple(
        row(Cell(each.label(), href=each.get_absolute_url()), _moment(each.as_of),
            Tag(_(rules.REPORT_STATES[each.state]), "good" if each.state == "issued" else "warn"),
            _who(each.issued_by) if each.issued_by else "—")
        for each in situation.reports(one)
    )  # fmt: skip
    return Tables(_("情况报告"), Table(heads, lines, empty=_("还没有情况报告。")))


def _walks(one: Storm) -> Tables:
    heads = columns(Column(_("督导"), wide=True), _("带队"), _("出发时间"), _("状态"))
    lines = tuple(
        row(Cell(each.label(), href=each.get_absolute_url()), each.leader.label(),
            _moment(each.starts_at), _(walk_rules.STATES[each.state]))
        for each in one.inspections.select_related("leader__person", "leader__unit")
    )  # fmt: skip
    return Tables(_("督导"), Table(heads, lines, empty=_("还没有安排督导。")))


def _published(one: Storm) -> Tables:
    heads = columns(_("截至"), _("怎样发布"), Column(_("给公众的话"), wide=True), _("谁"))
    lines = tuple(
        row(_moment(each.as_of), _(public_rules.SOURCES[each.source]), each.note or "—",
            _who(each.by))
        for each in publication.publications().filter(storm=one)
    )  # fmt: skip
    return Tables(_("对外发布的路况"), Table(heads, lines, empty=_("还没有对外发布过路况。")))


def order(one: Any, by: Post, bound: Bound = None) -> DetailPage:
    facts = Facts(
        _("调度指令"),
        (
            (_("单位"), Cell(one.unit.label())), (_("下达"), _moment(one.given_at)),
            (_("时限"), _moment(one.due_at)), (_("签收时间"), _moment(one.signed_at)),
            (_("办结时间"), _moment(one.done_at)),
        ),
    )  # fmt: skip
    panels: list[Panel] = [facts, Prose(_("指令"), one.text)]
    if one.answer:
        panels.append(Prose(_("办了什么"), one.answer))
    links = (Link(one.storm.label(), one.storm.get_absolute_url()),)
    return DetailPage(_("调度指令"), panels, acts("order", one, by, bound), links=links)


def report(one: SituationReport, by: Post, bound: Bound = None) -> DetailPage:
    """一期情况报告：每个数、由哪些行加起来、更正的原因、路况、与上期的不同。"""
    found = situation.content(one)
    heads = columns(
        _("数"), Column(_("写成"), number=True), _("单位"), Column(_("汇总值"), number=True),
        Column(_("原因"), wide=True),
    )  # fmt: skip
    lines = tuple(
        row(_(rules.FIGURES[code][0]), Cell(rules.plain(said.value), "number"),
            _(rules.FIGURES[code][1]), Cell(rules.plain(said.figure.summed), "number"),
            Cell(said.reason or "—", note=said.by))
        for code, said in found.said.items()
    )  # fmt: skip
    panels: list[Panel] = [
        Tables(_("截至这一刻的数"), Table(heads, lines),
               _("台次是出动的次数，不是车的台数；人次一班只算一次。")),
        _summed(found),
        _roads(found.roads),
    ]  # fmt: skip
    if one.summary:
        panels.append(Prose(_("情况说明"), one.summary))
    if one.next_steps:
        panels.append(Prose(_("下一步"), one.next_steps))
    panels += list(_since(one))
    late = situation.late_entries(one)
    if late:
        panels.append(
            Prose(_("签发以后"), _("又有 %(n)d 条队伍报告到达，没有算进这一期。") % {"n": late})
        )
    tag = Tag(_(rules.REPORT_STATES[one.state]), "good" if one.state == "issued" else "warn")
    as_of = timezone.localtime(one.as_of)
    intro = _("截至 %(at)s") % {"at": f"{as_of:%Y-%m-%d %H:%M}"}
    links = (Link(one.storm.label(), one.storm.get_absolute_url()),)
    return DetailPage(
        one.label(), panels, acts("situation", one, by, bound), (tag,), intro=intro, links=links
    )


def _summed(found: situation.Content) -> Tables:
    """The lines that every figure sums from."""
    heads = columns(
        _("数"), Column(_("单位"), wide=True), _("时间"), Column(_("数量"), number=True),
        Column(_("说明"), wide=True),
    )  # fmt: skip
    lines = tuple(
        row(_(rules.FIGURES[code][0]), line.unit_name, line.at.replace("T", " ")[:16],
            Cell(rules.plain(line.amount), "number"), _shift(line.note))
        for code, said in found.said.items()
        for line in said.figure.lines
    )  # fmt: skip
    return Tables(_("由哪些报告加起来"), Table(heads, lines, empty=_("这段时间里没有队伍报告。")))


def _shift(note: str) -> str:
    """2022-01-24 08 as the shift it names."""
    day, _space, hour = note.partition(" ")
    return _("%(day)s %(hour)s 时的班") % {"day": day, "hour": hour} if hour else note or "—"


def _roads(found: Any) -> Tables:
    heads = columns(
        Column(_("道路"), wide=True), _("状态"), _("已报路段"), Column(_("其中"), wide=True)
    )
    lines = tuple(
        row(one.name, _state(one.state), f"{one.known}/{one.pieces}", "、".join(one.worst) or "—")
        for one in found
    )
    return Tables(_("重点道路"), Table(heads, lines, empty=_("路网里没有标为重点的道路。")))


def _since(one: SituationReport) -> Iterator[Panel]:
    earlier, found = situation.differences(one)
    if earlier is None:
        return
    heads = columns(Column(_("哪一项"), wide=True), _("上期"), _("本期"))
    lines = tuple(
        row(_(rules.FIGURES[each.figure][0]), each.before, each.after)
        if each.figure
        else row(each.road, _(STATES.get(each.before, each.before)),
                 _(STATES.get(each.after, each.after)))
        for each in found
    )  # fmt: skip
    yield Tables(_("与上期不同"), Table(heads, lines, empty=_("与上期没有不同。")))


def walk(one: Inspection, by: Post, bound: Bound = None) -> DetailPage:
    """一次督导：依次到哪几处，到了没有，所见，提为问题。"""
    facts = Facts(
        _("督导"),
        (
            (_("带队"), Cell(one.leader.label())),
            (_("参加督导的"), Cell("、".join(p.label() for p in one.participants.all()) or "—")),
            (_("出发时间"), _moment(one.starts_at)), (_("结束"), _moment(one.ended_at)),
        ),
    )  # fmt: skip
    heads = columns(
        Column(_("第几处"), number=True),
        Column(_("地点"), wide=True),
        _("类别"),
        _("到达"),
        _("路况"),
    )
    stops = list(one.stops.prefetch_related("remarks"))
    table = Table(
        heads,
        tuple(
            row(Cell(each.order, "number"), each.name, _(walk_rules.STOPS[each.kind]),
                _moment(each.arrived_at), _state(each.state) if each.state else "—")
            for each in stops
        ),
        empty=_("还没有写要到哪几处。"),
    )  # fmt: skip
    seen = columns(_("地点"), _("看法"), Column(_("所见"), wide=True), _("时间"), _("照片"))
    remarks = [(stop, each) for stop in stops for each in stop.remarks.all()]
    told = Table(
        seen,
        tuple(
            row(stop.name, _(walk_rules.SEEN[each.seen]), each.text, _moment(each.at),
                _("有照片") if each.photo_id else "—")
            for stop, each in remarks
        ),
        empty=_("还没有记所见。"),
    )  # fmt: skip
    panels: list[Panel] = [facts, Tables(_("依次到的地方"), table), Tables(_("所见"), told)]
    if one.summary:
        panels.append(Prose(_("小结"), one.summary))
    doing: list[FormPanel] = []
    for stop in stops:
        doing += acts("stop", stop, by, bound, f"{stop.name}：")
    for stop, each in remarks:
        doing += acts("remark", each, by, bound, f"{stop.name}：")
    doing += acts("inspection", one, by, bound)
    links = (Link(one.storm.label(), one.storm.get_absolute_url()),) if one.storm else ()
    tags = (Tag(_(walk_rules.STATES[one.state]), "quiet"),)
    return DetailPage(one.label(), panels, tuple(doing), tags, links=links)


def reviewed(one: Review, by: Post, bound: Bound = None) -> DetailPage:
    """复盘：承诺按道路等级兑现得怎样，用了多少料、花了多少钱，要改什么；重演。"""
    found = review.content(one)
    heads = columns(
        _("等级"), Column(_("路段"), number=True), Column(_("公里"), number=True),
        *(Column(_(word), number=True) for word in promise_rules.OUTCOMES.values()),
        Column(_("兑现率（%）"), number=True),
    )  # fmt: skip
    lines = tuple(
        row(_(KINDS[each.kind]), Cell(each.sections, "number"), Cell(each.km, "number"),
            *(Cell(each.counts.get(code, 0), "number") for code in promise_rules.OUTCOMES),
            Cell(_number(each.rate), "number"))
        for each in found.classes
    )  # fmt: skip
    facts = Facts(
        _("这场雪"),
        (
            (_("历时（小时）"), Cell(_number(found.hours))),
            (_("兑现率（%）"), Cell(_number(found.rate))),
            (_("作业遍数"), Cell(found.passes, "number")),
            (_("轨迹证明的融雪剂（吨）"), Cell(_number(found.proven_t))),
            *(
                (_("%(name)s（%(measure)s）") % {
                    "name": _(rules.FIGURES[code][0]), "measure": _(rules.FIGURES[code][1])},
                 Cell(rules.plain(value)))
                for code, value in found.amounts.items()
            ),
            (_("费用合计（元）"), Cell(_number(found.cost.total))),
        ),
    )  # fmt: skip
    panels: list[Panel] = [
        facts,
        Tables(_("承诺兑现"), Table(heads, lines, empty=_("还没有有承诺的路段。")),
               _("“无法证明”既不算兑现，也不算没有兑现。")),
    ]  # fmt: skip
    if one.summary:
        panels.append(Prose(_("总的看法"), one.summary))
    troubles = review.troubles(one.storm)
    if troubles:
        panels.append(Prose(_("从记录里看到的"), "\n".join(troubles)))
    kept = review.lessons(one)
    heads = columns(_("类别"), Column(_("内容"), wide=True), _("涉及单位"), _("问题"))
    panels.append(
        Tables(
            _("教训"),
            Table(
                heads,
                tuple(
                    row(_(review_rules.LESSONS[each.kind]),
                        Cell(each.text, note=_("已划去：%(why)s") % {"why": each.struck}
                             if each.struck else ""),
                        each.unit.label() if each.unit else "—",
                        Cell(finding.number, href=finding.get_absolute_url()) if finding else "—")
                    for each, finding in kept
                ),
                empty=_("还没有记教训。"),
            ),
        )
    )  # fmt: skip
    panels.append(_replays(one))
    doing = list(acts("review", one, by, bound))
    for each, finding in kept:
        if finding is None:
            doing += acts("lesson", each, by, bound, f"{each.text[:12]}：")
    tag = Tag(_(review_rules.STATES[one.state]), "good" if one.state == "signed" else "warn")
    links = (Link(one.storm.label(), one.storm.get_absolute_url()),)
    return DetailPage(
        _("%(storm)s：复盘") % {"storm": one.storm.label()},
        panels,
        tuple(doing),
        (tag,),
        links=links,
    )


def _replays(one: Review) -> Tables:
    heads = columns(Column(_("假如"), wide=True), _("状态"))
    lines = tuple(
        row(Cell(_(review_rules.REPLAYS[each.kind]), href=each.get_absolute_url()),
            _("在算") if review.busy(each) else _("有结果") if each.told else _("没有结果"))
        for each in review.replays(one)
    )  # fmt: skip
    return Tables(_("重演"), Table(heads, lines, empty=_("还没有重演过。")))


def replayed(one: Replay) -> DetailPage:
    """一次重演：原来的一遍和假如的一遍。"""
    told = one.told or {}
    panels: list[Panel] = []
    found = told.get("rows") or []
    if found:
        names = list(dict.fromkeys(kind for each in found for kind in each.get("clear_h", {})))
        heads = columns(
            Column(_("方案"), wide=True),
            *(Column(_("%s清完（小时）") % _(KINDS[kind]), number=True) for kind in names),
            Column(_("公里"), number=True), Column(_("超过承诺的路段"), number=True),
        )  # fmt: skip
        lines = tuple(
            row(each.get("label") or _("原来的一遍"),
                *(Cell(_number(each["clear_h"].get(kind)), "number") for kind in names),
                Cell(_number(each.get("km")), "number"),
                Cell(sum(each.get("late", {}).values()), "number"))
            for each in found
        )  # fmt: skip
        panels.append(Tables(_("比较"), Table(heads, lines)))
    else:
        panels.append(Prose(_("结果"), _("还没有结果。算完以后再看。")))
    links = (Link(_("复盘"), one.review.get_absolute_url()),)
    refresh = 3 if review.busy(one) else 0
    return DetailPage(_(review_rules.REPLAYS[one.kind]), panels, links=links, refresh_s=refresh)


def published(one: Publication | None) -> DetailPage:
    """给所有人看的路况：只有道路、状态、时间。"""
    if one is None:
        return DetailPage(_("道路通行情况"), (Prose("", _("现在没有发布的路况。")),))
    as_of = timezone.localtime(one.as_of)
    heads = columns(Column(_("道路"), wide=True), _("现在怎样"), Column(_("其中"), wide=True))
    lines = tuple(
        row(each["name"], Tag(_(public_rules.PLAIN[each["state"]]), TONES[each["state"]]),  # type: ignore[arg-type]
            "、".join(each["worst"]) or "—")
        for each in one.told["roads"]
    )  # fmt: skip
    panels: list[Panel] = []
    if one.note:
        english = get_language() == "en" and one.note_en
        panels.append(Prose(_("提醒"), one.note_en if english else one.note))
    panels += [*_responding(one), Tables(_("重点道路"), Table(heads, lines)), *_ordered(one)]
    if one.told["closed"]:
        closed = tuple(row(each["name"], each["at"][:16].replace("T", " "))
                       for each in one.told["closed"])  # fmt: skip
        heads = columns(Column(_("封闭的路段"), wide=True), _("什么时候的情况"))
        panels.append(Tables(_("封闭"), Table(heads, closed)))
    promised = tuple(
        row(_(KINDS[each["kind"]]), Cell(each["hours"], "number"),
            each["by"][:16].replace("T", " ") or _("雪停以后起算"))
        for each in one.told["promises"]
    )  # fmt: skip
    heads = columns(_("道路等级"), Column(_("雪停后几小时清完"), number=True), _("什么时候以前"))
    panels.append(Tables(_("承诺"), Table(heads, promised, empty=_("还没有承诺。"))))
    intro = _("截至 %(at)s。以现场交通标志和交警指挥为准。") % {"at": f"{as_of:%Y-%m-%d %H:%M}"}
    return DetailPage(_("道路通行情况"), panels, intro=intro)


def _responding(one: Publication) -> list[Panel]:
    told = [
        f"{_(storm_rules.SCALES[each['scale']][0])} {_(storm_rules.LEVELS[each['level']])}"
        for each in one.told.get("levels", ())
    ]
    return [Prose(_("正在执行的响应"), "、".join(told))] if told else []


def _ordered(one: Publication) -> list[Panel]:
    """Orders that the officer chose to tell: to whom, what, until when, done or not."""
    english = get_language() == "en"
    lines = tuple(
        row((each["unit_en"] if english else "") or each["unit"], each["text"],
            each["given_at"][:16].replace("T", " "),
            each["due_at"][:16].replace("T", " ") or "—",
            Tag(_("已办结"), "good") if each["done"] else Tag(_("正在办"), "info"))
        for each in one.told.get("orders", ())
    )  # fmt: skip
    heads = columns(
        _("部门"), Column(_("办什么"), wide=True), _("下达"), _("什么时候以前"), _("状态")
    )
    return [Tables(_("扫雪指令"), Table(heads, lines))] if lines else []


def _number(value: Decimal | float | str | None) -> str:
    if value is None or value == "":
        return "—"
    return rules.plain(Decimal(str(value)))
