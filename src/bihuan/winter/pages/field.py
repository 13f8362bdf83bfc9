"""演练和门前五包。"""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base.text import SAMPLE_MARK
from bihuan.ledger import queries as ledger
from bihuan.people.doing import Bound
from bihuan.people.models import Post
from bihuan.people.words import who
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, Facts, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, moment, row
from bihuan.winter.models import Drill, Front, FrontCheck
from bihuan.winter.pages import words
from bihuan.winter.pages.acts import ACTS
from bihuan.winter.queries import fronts as queries
from bihuan.winter.queries import tables
from bihuan.winter.rules.fronts import STATES, TONES

# Drills -------------------------------------------------------------------------------------------


def drills(by: Post, bound: Bound = None) -> DetailPage:
    """演练记录。"""
    heads = columns(
        _("日期"),
        Column(_("演练内容"), wide=True),
        Column(_("参加人数"), number=True),
        Column(_("出动车辆"), number=True),
        _("几分钟出动"),
        Column(_("发现缺什么"), wide=True),
    )
    lines = tuple(
        row(
            Cell(one.on, "date", href=one.get_absolute_url()),
            Cell(one.scenario, note=_(SAMPLE_MARK) if one.sample else ""),
            Cell(one.people, "number"),
            Cell(one.vehicles, "number"),
            _minutes(one),
            one.lacking or "—",
        )
        for one in Drill.objects.all()
    )
    panels = (Tables(_("应急演练"), Table(heads, lines, empty=_("还没有演练。"))),)
    return DetailPage(
        _("应急演练"), panels, ACTS.panels("drills", None, by, bound), links=words.around("drills")
    )


def _minutes(one: Drill) -> Tag:
    told = _("%(n)d 分钟（规定 %(limit)d）") % {"n": one.minutes, "limit": one.limit_minutes}
    return Tag(told, "good" if one.in_time else "bad")


def drill(one: Drill, by: Post, bound: Bound = None) -> DetailPage:
    facts = (
        (_("日期"), Cell(one.on, "date")),
        (_("参加人数"), Cell(one.people, "number")),
        (_("出动车辆"), Cell(one.vehicles, "number")),
        (_("几分钟出动"), Cell(_minutes(one), "tag")),
        (_("记录"), Cell(who(one.by))),
    )
    panels: list[Panel] = [Facts(_("应急演练"), facts), Prose(_("演练内容"), one.scenario)]
    if one.lacking:
        panels.append(Prose(_("发现缺什么"), one.lacking))
    panels += _found(one)
    return DetailPage(
        f"{_('演练')} {one.on:%Y-%m-%d}",
        panels,
        ACTS.panels("drill", one, by, bound),
        links=(Link(_("全部演练"), reverse("winter:drills")),),
    )


def _found(thing: Drill | FrontCheck) -> list[Panel]:
    """The finding that came of it, if one did."""
    there = ledger.of_origin(thing).first()
    if there is None:
        return []
    return [
        Facts(_("台账"), ((_("问题"), Cell(there.number, "code", href=there.get_absolute_url())),))
    ]


# Fronts -------------------------------------------------------------------------------------------


def _state(state: str) -> Tag:
    return Tag(_(STATES[state]), TONES[state])  # type: ignore[arg-type]  # tones of the table


def fronts(by: Post, bound: Bound = None) -> DetailPage:
    """门前五包：每处怎样，按街汇总。"""
    found = queries.standings()
    heads = columns(
        _("道路"), Column(_("商户"), wide=True), _("责任单位"), _("状态"), _("最近查看")
    )
    order = list(STATES)
    ranked = sorted(found, key=lambda one: (-_urgent(one.state), one.front.street, one.front.name))
    lines = tuple(
        row(
            one.front.street,
            Cell(
                one.front.name,
                href=one.front.get_absolute_url(),
                note=_(SAMPLE_MARK) if one.front.sample else one.front.stretch,
            ),
            one.front.unit.label(),
            _state(one.state),
            moment(one.check.at if one.check else None),
        )
        for one in ranked[:500]
    )
    streets = queries.by_street(found)
    panels: list[Panel] = []
    if streets:
        panels.append(
            Chart(
                "stacked",
                _("各街门前怎样"),
                tuple(streets),
                tuple(
                    Series(_(STATES[state]), tuple(float(n[state]) for n in streets.values()))
                    for state in order
                ),
                _("处"),
                _("道路"),
            )
        )
    panels.append(Tables(_("登记的门面"), Table(heads, lines, empty=_("还没有登记门面。"))))
    intro = _("先催办，到时再看，仍没做到的列为问题；不登记店主的姓名和电话。")
    return DetailPage(
        _("门前五包"),
        panels,
        ACTS.panels("fronts", None, by, bound),
        intro=intro,
        links=words.around("fronts"),
    )


def _urgent(state: str) -> int:
    return {"late": 4, "urged": 3, "unseen": 2, "raised": 1}.get(state, 0)


def front(one: Front, by: Post, bound: Bound = None) -> DetailPage:
    """一处门面：责任、历次查看、催办。"""
    standing = queries.standings(Front.objects.filter(pk=one.pk).select_related("unit"))[0]
    names = queries.duties(one)
    facts = [
        (_("道路"), Cell(one.street, note=one.stretch)),
        (_("责任单位"), Cell(one.unit.label())),
        (_("哪一种门前五包"), Cell(tables.named("lists", one.duties))),
        (_("谁检查"), Cell(one.inspector.label() if one.inspector else "—")),
    ]
    heads = columns(
        _("时间"),
        Column(_("没做到的"), wide=True),
        _("催办到"),
        Column(_("说明"), wide=True),
        _("照片"),
        _("谁"),
    )
    checks = list(queries.checks(one))
    lines = tuple(
        row(
            moment(each.at),
            "、".join(names.get(code, code) for code in each.missed) or _("都做到了"),
            moment(each.urged_until),
            each.note or "—",
            Cell(_("看照片"), href=reverse("winter:photo", args=[each.pk]))
            if each.photo_id
            else "—",
            who(each.by),
        )
        for each in checks
    )
    panels: list[Panel] = [
        Facts(_("门面"), tuple(facts)),
        Tables(_("历次查看"), Table(heads, lines, empty=_("还没有查看过。"))),
    ]
    acts = ACTS.panels("front", one, by, bound)
    if checks and not checks[0].ok:
        found = _found(checks[0])
        panels += found
        if not found:
            acts += ACTS.panels("check", checks[0], by, bound)
    tags = (_state(standing.state), *((Tag(_("已注销"), "quiet"),) if one.gone else ()))
    return DetailPage(
        one.name,
        panels,
        acts,
        tags,
        kicker=one.street,
        links=(Link(_("全部门面"), reverse("winter:fronts")),),
    )
