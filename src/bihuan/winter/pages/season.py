"""冬备总览、预案、合同。"""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.text import SAMPLE_MARK
from bihuan.people.doing import Bound
from bihuan.people.models import Post
from bihuan.people.words import who
from bihuan.roads.rules import KINDS
from bihuan.ui.panel import DetailPage, Facts, Link, Panel, Progress, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, moment, row
from bihuan.winter.models import Contract, Season
from bihuan.winter.pages import words
from bihuan.winter.pages.acts import ACTS
from bihuan.winter.queries import readiness, roster, season, tables
from bihuan.winter.rules import readiness as ready_rules
from bihuan.winter.rules.season import SEASON_STATES, Coverage
from bihuan.winter.rules.tables import SCALES

_TONES = {"draft": "warn", "in_force": "good", "over": "quiet"}
_WHERE = {
    "plan": "index",
    "contracts": "contracts",
    "teams": "teams",
    "tools": "teams",
    "stock": "stores",
    "roster": "roster",
    "drill": "drills",
    "fronts": "fronts",
}


def _state(one: Season) -> Tag:
    return Tag(_(SEASON_STATES[one.state]), _TONES[one.state])  # type: ignore[arg-type]  # tones of the table


def index(by: Post, bound: Bound = None) -> DetailPage:
    """冬备总览：齐了几样，缺什么；各季的预案；此刻谁值班。"""
    found = readiness.ready()
    done, every = ready_rules.share(found)
    heads = columns(_("哪一样"), _("齐不齐"), Column(_("怎样"), wide=True))
    lines = tuple(
        row(
            Cell(_(ready_rules.ITEMS[one.code]), href=_link(one.code)),
            words.yes(one.ok, _("齐"), _("缺")),
            one.told,
        )
        for one in found
    )
    table = Table(heads, lines)
    told = _("%(every)d 项里齐了 %(done)d 项") % {"every": every, "done": done}
    bar = Progress(_("下雪以前"), done, every, told)
    names = tables.TABLE.labels("roles")
    now = [
        (names.get(one.role, one.role), Cell(one.who.label(), note=one.who.unit.label()))
        for one in roster.on_duty()
    ]
    plans = columns(Column(_("预案"), wide=True), _("起止"), _("状态"), _("签发"))
    seasons = tuple(
        row(
            Cell(
                one.label(), href=one.get_absolute_url(), note=_(SAMPLE_MARK) if one.sample else ""
            ),
            f"{one.starts:%Y-%m-%d} – {one.ends:%Y-%m-%d}",
            _state(one),
            moment(one.signed_at),
        )
        for one in season.seasons()
    )
    panels: list[Panel] = [
        bar,
        Tables(_("哪几样齐了，哪几样缺什么"), table),
        Facts(_("此刻值班"), tuple(now)) if now else Prose(_("此刻值班"), _("此刻没有排班。")),
        Tables(_("各季的预案"), Table(plans, seasons, empty=_("还没有预案。"))),
    ]
    return DetailPage(
        _("冬季准备"),
        panels,
        ACTS.panels("room", None, by, bound),
        (
            Tag(
                _("%(done)d / %(every)d 项齐") % {"done": done, "every": every},
                "good" if done == every else "warn",
            ),
        ),
        intro=_("每一样都由各自的登记算出，没有一样是填上去的。"),
        links=words.around("index"),
    )


def _link(code: str) -> str:
    if code == "vehicles":
        return reverse("fleet:index")
    return reverse(f"winter:{_WHERE[code]}") if code in _WHERE else ""


def plan(one: Season, by: Post, bound: Bound = None) -> DetailPage:
    """一份预案：起止、总的安排，和它按着办的规则表。"""
    facts = [
        (_("起止"), Cell(f"{one.starts:%Y-%m-%d} – {one.ends:%Y-%m-%d}")),
        (_("拟定"), Cell(who(one.by))),
    ]
    if one.signed_at is not None:
        told = (
            _("签发"),
            Cell(one.signed_at, "moment", note=who(one.signed_by)),
        )
        facts.append(told)
    panels: list[Panel] = [Facts(_("预案"), tuple(facts))]
    if one.text:
        panels.append(Prose(_("总的安排"), one.text))
    panels += levels()
    tags = [_state(one)]
    if one.sample:
        tags.append(Tag(_(SAMPLE_MARK), "quiet"))
    return DetailPage(
        one.label(),
        panels,
        ACTS.panels("season", one, by, bound),
        tuple(tags),
        links=(Link(_("规则表"), reverse("winter:tables")), *words.around("tables")[:1]),
    )


def levels() -> list[Panel]:
    """两套预案的级别并排。"""
    out: list[Panel] = []
    for scale, name in SCALES.items():
        heads = columns(_("级别"), Column(_("什么时候"), wide=True), Column(_("做什么"), wide=True))
        lines = tuple(
            row(
                tables.TABLE.label(one),
                _(str(one["when"])),
                _(str(one["does"])) if one["does"] else "—",
            )
            for one in tables.TABLE.table("levels")
            if one["scale"] == scale
        )
        out.append(Tables(_(name), Table(heads, lines)))
    return out


# Contracts ----------------------------------------------------------------------------------------


def contracts(by: Post, bound: Bound = None) -> DetailPage:
    """合同和范围：哪家管哪些路，今天哪些路没人管、两家管。"""
    found = season.coverage()
    heads = columns(
        _("合同"), _("公司"), _("起止"), _("道路等级"), Column(_("道路"), wide=True), _("状态")
    )
    every = list(season.all_contracts())
    lines = tuple(
        row(
            Cell(one.number, note=_(SAMPLE_MARK) if one.sample else ""),
            one.unit.label(),
            f"{one.starts:%Y-%m-%d} – {one.ends:%Y-%m-%d}",
            "、".join(_(KINDS[kind]) for kind in one.kinds) or _("不限"),
            "、".join(one.streets) or _("全区"),
            _validity(one),
        )
        for one in every
    )
    panels: list[Panel] = [] if found is None else [_gaps(found)]
    panels.append(Tables(_("合同"), Table(heads, lines, empty=_("还没有登记合同。"))))
    acts = ACTS.panels("contracts", None, by, bound)
    return DetailPage(_("清雪合同和范围"), panels, acts, links=words.around("contracts"))


def _validity(one: Contract) -> Tag:
    today = clock.today()
    if one.stopped_on is not None and one.stopped_on <= today:
        return Tag(_("已终止"), "bad")
    if one.ends < today:
        return Tag(_("已到期"), "quiet")
    return Tag(_("有效"), "good") if one.starts <= today else Tag(_("未开始"), "info")


def _gaps(found: Coverage) -> Tables:
    heads = columns(_("哪里不合"), Column(_("道路"), wide=True))
    lines = [row(Tag(_("没有合同"), "bad"), one) for one in found.none]
    lines += [
        row(Tag(_("两份合同"), "warn"), f"{street}（{'、'.join(numbers)}）")
        for street, numbers in found.several
    ]
    lines += [
        row(Tag(_("路网里没有"), "orange"), f"{street}（{number}）")
        for number, street in found.unknown
    ]
    intro = _("主干道、次干道应各在一份合同里；同名的路在别的等级里有合同的不算重。")
    return Tables(_("今天的范围"), Table(heads, tuple(lines), empty=_("不重不漏。")), intro)
