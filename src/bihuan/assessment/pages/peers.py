"""Where the figures of a round came from: own cells one by one, peers' by source and by cell."""

from typing import Any

from django.utils.translation import gettext as _

from bihuan.assessment import queries, rules, words
from bihuan.assessment.forms import shown
from bihuan.assessment.models import Cell as Declared
from bihuan.assessment.models import Entrant, PeerCell, Round
from bihuan.assessment.pages import naming
from bihuan.ui.panel import Panel, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, Tone, columns, row

TONES: dict[str, Tone] = {"given": "plain", "missing": "warn", "estimated": "info"}


def sources(found: Round) -> list[Panel]:
    """同伴数据的来源：每个来源几格实数、几格缺数、几格估计，谁在何时载入。"""
    known = queries.peer_sources(found)
    if not known:
        return []
    heads = columns(
        Column(_("来源"), wide=True),
        *(Column(_(word), number=True) for word in rules.STATUSES.values()),
        _("谁载入"),
        "",
    )
    rows = tuple(
        row(
            _(one.source),
            Cell(one.given, "number"),
            Cell(one.missing, "number"),
            Cell(one.estimated, "number"),
            naming.loaded(one.load.by, one.load.created_at),
            Tag(_("示例数据"), "warn") if one.load.sample else "",
        )
        for one in known
    )
    intro = _("单位是格：一家的一项算一格。测算以后在位次表里点开一家，看它每一格的来源。")
    return [Tables(_("同伴数据的来源"), Table(heads, rows), intro)]


def told(declared: Declared | None, peer: PeerCell | None) -> Cell:
    """Where one number came from, with who brought it when, and how much is known."""
    if declared is not None:
        href = declared.observation.get_absolute_url() if declared.observation else ""
        note = naming.loaded(declared.by, declared.created_at)
        return Cell(words.source(declared), href=href, note=note)
    if peer is None:
        return Cell("")
    note = naming.loaded(peer.load.by, peer.load.created_at)
    return Cell(_(peer.source), note=note)


def status(declared: Declared | None, peer: PeerCell | None) -> Tag:
    """实数、缺数还是估计；没有登记的算缺数。"""
    if declared is not None and declared.value is not None:
        if declared.origin == "sample":
            return Tag(_(rules.ORIGINS["sample"]), "warn")
        return Tag(_(rules.STATUSES["given"]))
    if peer is not None and peer.load.sample and peer.value is not None:
        return Tag(_(rules.ORIGINS["sample"]), "warn")
    code = peer.status if peer is not None else "missing"
    return Tag(_(rules.STATUSES[code]), TONES[code])


def own_table(found: Round, entrant: Entrant) -> Tables:
    """各项数的来历：数、计量单位、来历、依据、谁、何时。"""
    declared = {one.node.code: one for one in queries.cells(found).filter(entrant=entrant)}
    known = queries.peer_row(found, entrant)
    heads = columns(
        Column(_("指标"), wide=True),
        Column(_("数值"), number=True),
        _("状态"),
        Column(_("来历"), wide=True),
    )
    rows = []
    for node in queries.leaves(found.scheme):
        mine, peer = declared.get(node.code), known.get(node.code)
        value: Any = (mine or peer).value if mine or peer else None  # type: ignore[union-attr]  # one of them
        measure = _(node.measure) if node.measure and value is not None else ""
        rows.append(
            row(
                node.label(),
                Cell(shown(value), note=measure),
                status(mine, peer),
                told(mine, peer),
            )
        )
    return Tables(_("各项数的来历"), Table(heads, tuple(rows)))
