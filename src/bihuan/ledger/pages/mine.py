"""我的工作: what waits for this post now, in groups by what to do next, the most urgent first."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.ledger import queries, rules
from bihuan.ledger.models import Finding, Notice
from bihuan.ledger.pages.listing import PAGE, QuickPaginator, choosing, pager, table
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Link, ListPage, Numbers, Station, Tables
from bihuan.ui.table import Cell, Column, Pager, Table, Tag, columns, row

SHOWN = 10
SLIPS = "slips"  # the one group that is not of findings
AT_ONCE = ("acknowledge", "take_up", "close")  # steps whose forms may be left empty


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
            table(first[code], doing=partial(_pressed, about[code])),
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
    n_approvals = _approvals(by)
    if n_approvals:
        label = _("待批准的约谈、通报")
        stations.append(Station(label, n_approvals, reverse("ledger:remind"), tone="warn"))
    total = sum(counts.values()) + n_slips + n_approvals
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


def _approvals(by: Post) -> int:
    """Talks and bulletins that are due and go out only when this post approves them."""
    if not people.may(by, "ledger.notice"):
        return 0
    return len(queries.waiting_for_approval(among=queries.visible_to(by)))


def group(by: Post, code: str, number: str) -> ListPage | None:
    """One group, all of it; None where this post has no such group."""
    links = (Link(_("我的工作"), reverse("ledger:mine")),)
    if code == SLIPS:
        sent = QuickPaginator(queries.slips_for(by), PAGE).get_page(number)
        below = pager(sent, reverse("ledger:mine"), {"group": code})
        return ListPage(_("待签收的督办单"), _slips(list(sent), below), links=links)
    found = queries.turns(by).get(code)
    turn = next((turn for turn in queries.TURNS if turn.code == code), None)
    if found is None or turn is None:
        return None
    shown = QuickPaginator(found, PAGE).get_page(number)
    here = pager(shown, reverse("ledger:mine"), {"group": code})
    return ListPage(
        _(turn.label),
        choosing(list(shown), here, by, steps=turn.steps, doing=partial(_led_to, turn)),
        _(turn.intro),
        links=links,
    )


def _step(turn: queries.Turn, finding: Finding) -> str:
    """The first step of a turn that the finding's state allows."""
    return next((s for s in turn.steps if rules.after(finding.state, s)), turn.steps[0])


def _led_to(turn: queries.Turn, finding: Finding) -> Cell:
    """The next step as a way to its form, open on the finding's page."""
    step = _step(turn, finding)
    name = _(rules.STEP_NAMES[step])
    return Cell(name, href=f"{finding.get_absolute_url()}?{urlencode({'do': step})}")


def _pressed(turn: queries.Turn, finding: Finding) -> Cell:
    """The next step as a button where nothing need be filled in, else as the way to its form."""
    step = _step(turn, finding)
    if step not in AT_ONCE:
        return _led_to(turn, finding)
    address = reverse("ledger:step", args=[finding.pk, step.replace("_", "-")])
    return Cell(_(rules.STEP_NAMES[step]), "act", href=address)


def _due(finding: Finding) -> date:
    return finding.due or date.max


def _intro(what: str, n: int) -> str:
    if n <= SHOWN:
        return what
    more = _("先列时限最早的 %(n)d 条，点上面的数字看全部。") % {"n": SHOWN}
    return f"{what}{more}"


def _address(code: str) -> str:
    return f"{reverse('ledger:mine')}?{urlencode({'group': code})}"


def _slips(found: Iterable[Notice], below: Pager | None = None) -> Table:
    """Slips to sign for: each leads to itself and to its finding."""
    heads = columns(
        _("单号"), _("名称"), Column(_("问题"), wide=True), _("完成时限"), _("发出日期")
    )
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
    return Table(heads, lines, pager=below)


def _links(by: Post) -> tuple[Link, ...]:
    own = reverse("ledger:unit", args=[by.unit_id])
    links = [Link(_("整改台账"), reverse("ledger:index"))]
    if queries.may_read_unit(by.unit, by):
        links.append(Link(_("本单位"), own))
    return tuple(links)
