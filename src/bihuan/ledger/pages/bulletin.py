"""月度通报: one month told from stored rows alone, made to be printed.

An internal paper. Units stand in the order of the days that problems were late in their hands,
added up over the month: whoever puts everything in order on the last day is not first by that.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import queries as audit
from bihuan.base import clock
from bihuan.ledger import queries, rules
from bihuan.ledger.models import Finding
from bihuan.ledger.pages.listing import state_tag
from bihuan.ledger.pages.words import month_in_words, number
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row

Lines = dict[int | str | None, queries.Figures]


def bulletin(told: queries.Bulletin, by: Post) -> DetailPage:
    """The month as a paper: what happened, who is how late, by source and kind, the longest."""
    unfinished = told.last < queries.end_of_month(told.first)
    panels: list[Panel] = [
        Prose(_("总体情况"), "\n\n".join(_sentences(told))),
        _units(told.by["lead_unit"]),
        _few(_("按来源"), _("来源"), told.by["source"], _sources()),
        _few(_("按整改类型"), _("整改类型"), told.by["rect_kind"], _kinds()),
        *_longest(told),
        _made(told),
    ]
    tags = []
    if unfinished:
        tags.append(Tag(_("暂定：截至 %(day)s") % {"day": clock.in_words(told.last)}, "warn"))
    whole = people.scope(by, "ledger.view").units is None
    return DetailPage(
        _("整改通报（%(month)s）") % {"month": month_in_words(told.first)},
        panels,
        tags=tuple(tags),
        kicker=_("内部资料") if whole else _("内部资料，只含您看得到的问题"),
        links=tuple(_neighbours(told)),
    )


def _sentences(told: queries.Bulletin) -> list[str]:
    """What happened, in sentences of which every number is counted."""
    all_ = told.whole
    sentences = [
        _(
            "本期交办问题 %(assigned)d 个，销号 %(closed)d 个。截至 %(day)s，未销号 %(open)d 个，"
            "其中逾期 %(overdue)d 个。"
        )
        % {
            "assigned": all_.assigned,
            "closed": all_.closed,
            "day": clock.in_words(told.last),
            "open": all_.open,
            "overdue": all_.overdue,
        },
        _(
            "逾期按天累计，不只看期末：本期有过逾期的问题 %(late)d 个，合计逾期 %(days)d 天；"
            "期末仍逾期的 %(overdue)d 个。"
        )
        % {"late": all_.late, "days": all_.late_days, "overdue": all_.overdue},
        _(
            "同意延期 %(extended)d 次，核查退回 %(returned)d 次；回头看 %(rechecked)d 次，"
            "其中有反弹 %(came_back)d 次。"
        )
        % {
            "extended": all_.extended,
            "returned": all_.returned,
            "rechecked": all_.rechecked,
            "came_back": all_.came_back,
        },
        _(
            "问题与措施分开计数：累计交办问题 %(problems)d 个，措施 %(measures)d 条，"
            "已落实 %(done)d 条；本期交办的问题有措施 %(new)d 条。"
        )
        % {
            "problems": told.problems,
            "measures": told.measures,
            "done": told.measures_done,
            "new": told.new_measures,
        },
    ]
    if told.provisional:
        sentences.append(
            _(
                "有 %(n)d 个未销号问题的时限是暂定的：所涉年份的放假安排还没有公布，公布后重算，"
                "逾期的数可能随之变动。"
            )
            % {"n": told.provisional}
        )
    return sentences


def _units(lines: Lines) -> Tables:
    """Units by days overdue, most first; equals in the order of the register."""
    units = queries.in_register_order(key for key in lines if isinstance(key, int))
    ranked = sorted(units, key=lambda unit: -lines[unit.pk].late_days)
    heads = (Column(_("序"), number=True), Column(_("牵头单位")), *_heads())
    rows = tuple(
        Row((Cell(i, "number"), _unit(unit.label(), unit.pk), *_cells(lines[unit.pk])))
        for i, unit in enumerate(ranked, start=1)
    )
    intro = _("按本期逾期的累计天数从多到少排列；天数记在当天牵头的单位名下，移交不带走。")
    return Tables(_("各单位"), Table(heads, rows, empty=_("本期没有问题。")), intro)


def _unit(label: str, pk: int) -> Cell:
    return Cell(label, href=f"{reverse('ledger:index')}?lead={pk}")


def _heads() -> tuple[Column, ...]:
    return tuple(
        Column(label, number=True)
        for label in (
            _("交办数"),
            _("销号数"),
            _("未销号"),
            _("期末逾期"),
            _("有过逾期"),
            _("逾期天数"),
            _("延期次数"),
            _("退回次数"),
        )
    )


def _cells(figures: queries.Figures) -> tuple[Cell, ...]:
    return (
        number(figures.assigned),
        number(figures.closed),
        number(figures.open),
        number(figures.overdue, bad=True),
        number(figures.late),
        number(figures.late_days, bad=True),
        number(figures.extended),
        number(figures.returned),
    )


Named = tuple[list[str], Callable[[str], str]]  # the codes in their order, and what each is called


def _sources() -> Named:
    return [code for code, _word in queries.words("sources")], lambda c: queries.word("sources", c)


def _kinds() -> Named:
    return list(rules.RECT_KINDS), lambda code: _(rules.RECT_KINDS.get(code, code))


def _few(title: str, axis: str, lines: Lines, named: Named) -> Tables:
    codes, called = named
    known = [code for code in codes if code in lines]
    rest = sorted(str(code) for code in lines.keys() - set(codes))
    rows = tuple(Row((Cell(called(code)), *_cells(lines[code]))) for code in (*known, *rest))
    heads = (Column(axis), *_heads())
    return Tables(title, Table(heads, rows, empty=_("本期没有问题。")))


def _longest(told: queries.Bulletin) -> list[Panel]:
    if not told.longest:
        return []
    heads = columns(
        _("编号"),
        Column(_("问题"), wide=True),
        _("牵头单位"),
        _("时限"),
        _("现在的状态"),
        Column(_("本期逾期天数"), number=True),
    )
    lines = tuple(_late(finding, days) for finding, days in told.longest)
    return [Tables(_("逾期最久的问题"), Table(heads, lines))]


def _late(finding: Finding, days: int) -> Row:
    return row(
        Cell(finding.number, "code", href=finding.get_absolute_url()),
        finding.title,
        finding.lead_unit.label() if finding.lead_unit else "",
        Cell(finding.due, "date", note=_("暂定") if finding.provisional else ""),
        state_tag(finding),
        number(days, bad=True),
    )


def _made(told: queries.Bulletin) -> Facts:
    """What the paper rests on: the days it covers, when it was made, the root of the record."""
    seq, head = audit.head()
    days = _("%(first)s 至 %(last)s") % {
        "first": clock.in_words(told.first),
        "last": clock.in_words(told.last),
    }
    root = _("第 %(seq)d 条，%(head)s") % {"seq": seq, "head": head[:16]}
    return Facts(
        _("出具"),
        (
            (_("统计期"), Cell(days)),
            (_("生成时间"), Cell(clock.now(), "moment")),
            (_("审计根"), Cell(root, "code")),
        ),
    )


def _neighbours(told: queries.Bulletin) -> list[Link]:
    before = (told.first - timedelta(days=1)).replace(day=1)
    after = queries.end_of_month(told.first) + timedelta(days=1)
    links = [Link(_("上一月"), _address(before))]
    if after <= clock.today():
        links.append(Link(_("下一月"), _address(after)))
    return [
        *links,
        Link(_("统计"), reverse("ledger:statistics")),
        Link(_("整改台账"), reverse("ledger:index")),
    ]


def _address(first: date) -> str:
    return reverse("ledger:bulletin", args=[first.year, first.month])
