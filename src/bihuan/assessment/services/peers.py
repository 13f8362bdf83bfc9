"""Peers' figures: loaded as a table, every cell with its source and status; never overwritten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.assessment import queries
from bihuan.assessment.models import Entrant, Node, PeerCell, PeerLoad, Round
from bihuan.assessment.services.rounds import still_open
from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.people.models import Post


@dataclass(frozen=True)
class Known:
    """What is known of one cell: a number that was given or estimated, or that there is none.

    Without a `source` of its own it has that of the whole load.
    """

    value: Decimal | None
    status: str = "given"
    source: str = ""


@dataclass(frozen=True)
class Peer:
    """One row that is brought: who, in which league, and what is known by indicator."""

    code: str
    name: str
    name_en: str
    league: str
    values: Mapping[str, Known] = field(default_factory=dict)


@transaction.atomic
def load_peers(
    found: Round,
    *,
    by: Post | None,
    rows: Iterable[Peer],
    source: str,
    sample: bool = False,
    replaces: bool = True,
) -> PeerLoad:
    """载入同伴数据：逐格带来源和状态；整批替换，或只改表里有的格；以前各批留着。

    After freezing nothing is loaded any more.
    """
    found = still_open(found, by, "assessment.declare")
    if not source.strip():
        raise Refused(_("请写明同伴数据的来源。"))
    peers = list(rows)
    there = _entered(peers, sample)
    if ours := [one.name for one in peers if there[one.code].unit_id is not None]:
        raise Refused(
            _("“%(names)s”是本区，应逐格填报，不能当作同伴载入。请从表里删去。")
            % {"names": "、".join(ours)}
        )
    before = queries.peer_count(found)
    load = PeerLoad.objects.create(
        round=found, source=shorten(source.strip(), 300), replaces=replaces, sample=sample, by=by
    )
    nodes = {node.code: node for node in queries.leaves(found.scheme)}
    cells = [cell for one in peers for cell in _cells(load, there[one.code], one, nodes)]
    PeerCell.objects.bulk_create(cells, batch_size=500)
    changes: dict[str, tuple[Any, Any]] = {
        "peers": (before, queries.peer_count(found)),
        "cells": (None, len(cells)),
    }
    audit.record(by, "assessment.round.peers", found, changes=changes, note=source)
    return load


def _cells(
    load: PeerLoad, entrant: Entrant, one: Peer, nodes: Mapping[str, Node]
) -> Iterable[PeerCell]:
    for code, known in one.values.items():
        source = shorten(known.source.strip(), 300) or load.source
        status = "missing" if known.value is None else known.status
        yield PeerCell(
            load=load,
            entrant=entrant,
            node=nodes[code],
            value=known.value,
            status=status,
            source=source,
        )


def _entered(peers: list[Peer], sample: bool) -> dict[str, Entrant]:
    """The entrants of these rows; who is new is entered with them."""
    there = queries.entrants(one.code for one in peers)
    new = [
        Entrant(code=one.code, name=one.name, name_en=one.name_en, league=one.league, sample=sample)
        for one in peers
        if one.code not in there
    ]
    Entrant.objects.bulk_create(new, batch_size=500)
    return there | {one.code: one for one in new}
