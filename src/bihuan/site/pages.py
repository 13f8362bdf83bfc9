"""The pages that look across rooms: the overview, the zone's page, the patterns."""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.facts import pages as facts_pages
from bihuan.facts import queries as facts
from bihuan.facts.models import Doubt
from bihuan.ledger import pages as ledger_pages
from bihuan.ledger import queries as ledger
from bihuan.ledger import rules as ledger_rules
from bihuan.ledger.models import Finding
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.press.models import Opinion
from bihuan.site.forms import NothingToFillIn
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, FormPanel, Link, Loop, Numbers, Panel, Station, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row

SHOWN = 8


def overview(by: Post) -> DetailPage:
    """总览：闭环走到哪里，谁手里还有多少，轮到我办什么。"""
    found = ledger.visible_to(by)
    counts = ledger.by_state(found)
    panels: list[Panel] = [_loop(by, counts)]
    links: tuple[Link, ...] = ()
    if people.may(by, "ledger.view"):
        panels += [_numbers(by, counts), *_mine(by), *_by_unit(by)]
        links = (
            Link(_("我的工作"), reverse("ledger:mine"), primary=True),
            Link(_("领导一页"), reverse("ledger:leader")),
        )
    return DetailPage(
        _("总览"),
        panels,
        intro=_("测量发现差距，差距列为问题，问题有人整改、有人核查，直到销号。"),
        links=links,
    )


def _loop(by: Post, counts: dict[str, int]) -> Loop:
    ledger_home = reverse("ledger:index")
    stations: list[Station] = []
    if people.may(by, "facts.view"):
        stations += [
            Station(_("数据"), facts.current().count(), reverse("facts:index"), _("现行观测值")),
            Station(
                _("疑点"), facts.open_doubts().count(), reverse("facts:doubts"), _("待处理"), "warn"
            ),
        ]
    if people.may(by, "ledger.view"):
        with_unit = sum(counts[state] for state in ledger_rules.WITH_UNIT)
        with_checker = sum(counts[state] for state in ledger_rules.WITH_CHECKER)
        stations += [
            Station(_("问题"), counts["draft"], f"{ledger_home}?state=draft", _("待交办")),
            Station(_("整改"), with_unit, f"{ledger_home}?state=with_unit", _("在责任单位")),
            Station(_("核查"), with_checker, f"{ledger_home}?state=with_checker", _("在核查人")),
            Station(
                _("销号"), counts["closed"], f"{ledger_home}?state=closed", _("已完成"), "good"
            ),
        ]
    return Loop(_("闭环走到哪里"), tuple(stations))


def _numbers(by: Post, counts: dict[str, int]) -> Numbers:
    home = reverse("ledger:index")
    still_open = sum(counts[state] for state in ledger_rules.OPEN)
    rechecks = ledger.due_for_recheck(ledger.visible_to(by)).count()
    return Numbers(
        _("台账"),
        (
            Station(_("未销号"), still_open, f"{home}?state=open"),
            Station(
                _("逾期"),
                counts["overdue"],
                f"{home}?late=on",
                tone="bad" if counts["overdue"] else "plain",
            ),
            Station(_("长期坚持"), counts["long_term"], f"{home}?state=long_term"),
            Station(_("待回头看"), rechecks, f"{home}?recheck=on"),
        ),
    )


def _mine(by: Post) -> list[Tables]:
    """轮到我办的事。"""
    waiting = ledger.waiting_for(by, SHOWN)
    if not waiting:
        return []
    intro = _("先列时限最早的；全部的，按下一步分组，在“我的工作”里。")
    return [Tables(_("轮到我办"), ledger_pages.table(waiting), intro)]


def _by_unit(by: Post) -> list[Panel]:
    lines = ledger.by_unit(ledger.visible_to(by))
    if not lines:
        return []
    home = reverse("ledger:index")
    heads = columns(
        _("牵头单位"),
        *(Column(label, number=True) for label in (_("未销号"), _("逾期"), _("已销号"))),
    )
    rows = tuple(
        row(
            Cell(
                line.unit.label(),
                href=reverse("ledger:unit", args=[line.unit.pk])
                if ledger.may_read_unit(line.unit, by)
                else "",
            ),
            ledger_pages.number(line.open, f"{home}?lead={line.unit.pk}&state=open"),
            ledger_pages.number(line.overdue, f"{home}?lead={line.unit.pk}&late=on", bad=True),
            ledger_pages.number(line.closed, f"{home}?lead={line.unit.pk}&state=closed"),
        )
        for line in lines
    )
    panels: list[Panel] = [Tables(_("各单位"), Table(heads, rows))]
    if len(lines) > 1:
        panels.append(
            Chart(
                "stacked",
                _("各单位问题"),
                tuple(line.unit.label() for line in lines),
                (
                    Series(_("按期"), tuple(float(x.open - x.overdue) for x in lines)),
                    Series(_("逾期"), tuple(float(x.overdue) for x in lines)),
                    Series(_("已销号"), tuple(float(x.closed) for x in lines)),
                ),
                unit=_("个"),
                axis=_("牵头单位"),
            )
        )
    return panels


def zone(unit: Unit, by: Post) -> DetailPage:
    """分区主页：公布的每个数连同单位、口径、变化和原文；疑点在前。"""
    panels = [_doubts(by), *facts_pages.zone_panels(unit)]
    return DetailPage(
        unit.label(),
        panels,
        kicker=_("公布的数据"),
        intro=_("数字照原文保存，不互相推算；前后不一致的列为疑点，两个都保留。"),
        links=(Link(_("全部数据"), reverse("facts:index")),),
    )


def _doubts(by: Post) -> Tables:
    doubts = list(facts.doubts_to_see(by))
    may_raise = people.may(by, "ledger.raise")
    raised = ledger.of_origins(doubts)
    pks = [finding.pk for finding in raised.values()]
    seen = set(ledger.visible_to(by).filter(pk__in=pks).values_list("pk", flat=True))
    heads = columns(_("程度"), Column(_("疑点"), wide=True), _("处理"), "")
    rows = tuple(_doubt_row(one, raised.get(str(one.pk)), seen, may_raise) for one in doubts)
    return Tables(_("疑点"), Table(heads, rows, empty=_("没有疑点。")))


def _doubt_row(doubt: Doubt, finding: Finding | None, seen: set[int], may_raise: bool) -> Row:
    act = Cell("", "act")
    if finding is None and may_raise and doubt.state == "open":
        act = Cell(_("提出问题"), "act", href=reverse("raise-from-doubt", args=[doubt.pk]))
    state: Cell | Tag = facts_pages.doubt_state(doubt)
    if finding is not None and finding.pk in seen:
        state = Cell(finding.number, "code", href=finding.get_absolute_url())
        act = Cell(ledger_pages.state_tag(finding), "tag")
    return row(
        facts_pages.severity_tag(doubt),
        Cell(facts_pages.title(doubt), href=doubt.get_absolute_url()),
        state,
        act,
    )


def raising(opinion: Opinion, by: Post) -> list[Panel]:
    """The button on an opinion's page that leads upstairs."""
    if not people.may(by, "ledger.raise"):
        return []
    action = reverse("raise-from-opinion", args=[opinion.pk])
    told = _("存入台账为草稿，来源是群众意见；答复里写明编号，联系方式抹去。")
    title = _("列为问题")
    return [FormPanel(title, NothingToFillIn(), action, title, told)]


def doubt(doubt: Doubt, by: Post) -> DetailPage:
    """A doubt's own page, with the button that raises it."""
    acts: tuple[FormPanel, ...] = ()
    finding = ledger.of_origin(doubt).first()
    if finding is None and doubt.state == "open" and people.may(by, "ledger.raise"):
        acts = (
            FormPanel(
                _("提出问题"),
                NothingToFillIn(),
                reverse("raise-from-doubt", args=[doubt.pk]),
                _("提出问题"),
                _("存入台账为草稿，疑点和数字一并带过去；数据照旧保留。"),
            ),
        )
    return facts_pages.doubt(doubt, by, acts)
