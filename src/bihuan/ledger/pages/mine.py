"""我的工作: what waits for this post now, in groups by what to do next, the most urgent first."""

from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.ledger import queries
from bihuan.ledger.models import Finding, Notice
from bihuan.ledger.pages.listing import PAGE, QuickPaginator, pager, table
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Link, ListPage, Numbers, Station, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

SHOWN = 10
SLIPS = "slips"  # the one group that is not of findings


def mine(by: Post) -> DetailPage:
    """Every group that is not empty; the one with the earliest deadline first."""
    groups = queries.turns(by)
    counts = {code: queries.quick_count(found) for code, found in groups.items()}
    first = {code: list(groups[code][:SHOWN]) for code, n in counts.items() if n}
    about = {turn.code: turn for turn in queries.TURNS}
    order = sorted(first, key=lambda code: (not about[code].urgent, _due(first[code][0])))
    panels = [
        Tables(
            _("%(what)s（%(n)d）") % {"what": _(about[code].label), "n": counts[code]},
            table(first[code]),
            _intro(_(about[code].intro), counts[code]),
        )
        for code in order
    ]
    slips = queries.slips_for(by)
    n_slips = slips.count()
    if n_slips:
        title = _("%(what)s（%(n)d）") % {"what": _("待签收的督办单"), "n": n_slips}
        panels.insert(0, Tables(title, _slips(slips[:SHOWN]), _intro("", n_slips)))
    stations = [
        Station(_(turn.label), counts[turn.code], _address(turn.code))
        for turn in queries.TURNS
        if turn.code in counts
    ]
    if n_slips:
        stations.append(Station(_("待签收的督办单"), n_slips, _address(SLIPS), tone="warn"))
    total = sum(counts.values()) + n_slips
    intro = ngettext("现在有 %(n)d 件事轮到您办。", "现在有 %(n)d 件事轮到您办。", total) % {
        "n": total
    }
    return DetailPage(
        _("我的工作"),
        [Numbers(_("轮到我办"), tuple(stations)), *panels] if stations else panels,
        kicker=by.label(),
        intro=intro if total else _("现在没有轮到您办的事。"),
        links=_links(by),
    )


def group(by: Post, code: str, number: int) -> ListPage | None:
    """One group, all of it; None where this post has no such group."""
    links = (Link(_("我的工作"), reverse("ledger:mine")),)
    if code == SLIPS:
        slips = queries.slips_for(by)[:PAGE]
        return ListPage(_("待签收的督办单"), _slips(slips), links=links)
    found = queries.turns(by).get(code)
    turn = next((turn for turn in queries.TURNS if turn.code == code), None)
    if found is None or turn is None:
        return None
    shown = QuickPaginator(found, PAGE).get_page(number)
    here = pager(shown, reverse("ledger:mine"), {"group": code})
    return ListPage(_(turn.label), table(list(shown), here), _(turn.intro), links=links)


def _due(finding: Finding) -> date:
    return finding.due or date.max


def _intro(what: str, n: int) -> str:
    if n <= SHOWN:
        return what
    more = _("先列时限最早的 %(n)d 条，点上面的数字看全部。") % {"n": SHOWN}
    return f"{what}{more}"


def _address(code: str) -> str:
    return f"{reverse('ledger:mine')}?{urlencode({'group': code})}"


def _slips(found: QuerySet[Notice]) -> Table:
    """Slips to sign for: each leads to itself and to its finding."""
    heads = columns(_("单号"), _("名称"), Column(_("问题"), wide=True), _("完成时限"), _("发出"))
    lines = tuple(
        row(
            Cell(one.number or str(one.pk), "code", href=one.get_absolute_url()),
            Tag(one.name, "warn"),
            Cell(
                one.finding.title,
                href=one.finding.get_absolute_url(),
                note=one.finding.number,
            ),
            Cell(one.due, "date"),
            Cell(one.day, "date"),
        )
        for one in found
    )
    return Table(heads, lines)


def _links(by: Post) -> tuple[Link, ...]:
    own = reverse("ledger:unit", args=[by.unit_id])
    links = [Link(_("整改台账"), reverse("ledger:index"))]
    if queries.may_read_unit(by.unit, by):
        links.append(Link(_("本单位"), own))
    return tuple(links)
