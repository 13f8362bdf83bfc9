"""复盘：what was promised and kept, what it cost, lessons; and replays of what might have been."""

from django.utils.translation import gettext as _

from bihuan.people.doing import Bound
from bihuan.people.models import Post
from bihuan.snow.models import Replay, Review
from bihuan.snow.pages.acts import panels as acts
from bihuan.snow.pages.words import number
from bihuan.snow.queries import review
from bihuan.snow.rules import promises as promise_rules
from bihuan.snow.rules import review as review_rules
from bihuan.snow.rules import situation as rules
from bihuan.snow.rules.live import KINDS
from bihuan.ui.panel import DetailPage, Facts, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


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
            Cell(number(each.rate), "number"))
        for each in found.classes
    )  # fmt: skip
    facts = Facts(
        _("这场雪"),
        (
            (_("历时（小时）"), Cell(number(found.hours))),
            (_("兑现率（%）"), Cell(number(found.rate))),
            (_("作业遍数"), Cell(found.passes, "number")),
            (_("轨迹证明的融雪剂（吨）"), Cell(number(found.proven_t))),
            *(
                (_("%(name)s（%(measure)s）") % {
                    "name": _(rules.FIGURES[code][0]), "measure": _(rules.FIGURES[code][1])},
                 Cell(rules.plain(value)))
                for code, value in found.amounts.items()
            ),
            (_("费用合计（元）"), Cell(number(found.cost.total))),
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
                *(Cell(number(each["clear_h"].get(kind)), "number") for kind in names),
                Cell(number(each.get("km")), "number"),
                Cell(sum(each.get("late", {}).values()), "number"))
            for each in found
        )  # fmt: skip
        panels.append(Tables(_("比较"), Table(heads, lines)))
    else:
        panels.append(Prose(_("结果"), _("还没有结果。算完以后再看。")))
    links = (Link(_("复盘"), one.review.get_absolute_url()),)
    refresh = 3 if review.busy(one) else 0
    return DetailPage(_(review_rules.REPLAYS[one.kind]), panels, links=links, refresh_s=refresh)
