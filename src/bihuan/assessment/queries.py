"""Questions about schemes, rounds, runs and scores: what counts now, who may see what."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When

from bihuan.assessment import rules
from bihuan.assessment.models import (
    Cell,
    Entrant,
    Issue,
    Node,
    PeerCell,
    PeerLoad,
    Point,
    PointRule,
    Round,
    Run,
    Scheme,
    Score,
    Sensitivity,
)
from bihuan.base import clock
from bihuan.facts import queries as facts
from bihuan.facts.models import Doubt, Observation
from bihuan.ledger.models import Finding, Recheck, Verification
from bihuan.ledger.queries.choices import units_to_choose
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit

Values = dict[str, float]
# What a score's run carries along and no list shows.
_LONG = ("run__inputs", "run__failed", "run__round__inputs")


# Schemes ----------------------------------------------------------------------------------------


def schemes() -> QuerySet[Scheme]:
    return Scheme.objects.prefetch_related("nodes").order_by(
        "subject", "-first_round", "code", "-version"
    )


def nodes(scheme: Scheme) -> list[Node]:
    """Groups first, each before its indicators, in their order."""
    return list(scheme.nodes.select_related("parent").order_by("number", "pk"))


def leaves(scheme: Scheme) -> list[Node]:
    """Indicators, as the form shows them."""
    return [node for node in nodes(scheme) if node.parent_id is not None]


def other_schemes(scheme: Scheme) -> list[Scheme]:
    """Schemes for the same subject that share an indicator with this one."""
    known = {node.code for node in leaves(scheme)}
    return [
        other
        for other in schemes()
        if other.pk != scheme.pk
        and other.subject == scheme.subject
        and any(n.code in known for n in other.nodes.all() if n.parent_id is not None)
    ]


def rules_of(scheme: Scheme) -> list[PointRule]:
    """The scheme's rules for points, in their order."""
    return list(scheme.point_rules.select_related("node").order_by("number", "pk"))


def uses_of(node: Node) -> list[str]:
    """Why a node cannot be removed: children, only, cells, peers, ratio, rules."""
    found = {
        "children": node.children.exists(),
        "only": node.parent is not None and node.parent.children.count() == 1,
        "cells": node.cells.exists(),
        "peers": PeerCell.objects.filter(node=node).exists(),
        "ratio": node.scheme.nodes.filter(ratio_to=node.code).exists(),
        "rules": PointRule.objects.filter(node=node).exists(),
    }
    return [use for use, there in found.items() if there]


def figure_names(scheme: Scheme) -> dict[str, str]:
    """Codes of the figures that a scheme takes → their names; a figure not yet met has none."""
    codes = [node.figure for node in scheme.nodes.all() if node.figure]
    return {one.code: one.label() for one in facts.indicators().filter(code__in=codes)}


def blanks(scheme: Scheme) -> int:
    """How many weights nobody has published or set."""
    return scheme.nodes.filter(weight__isnull=True).count()


def latest_of(scheme: Scheme) -> int:
    """The newest version number of a scheme."""
    found = Scheme.objects.filter(code=scheme.code).order_by("-version").first()
    return found.version if found else 0


# Rounds -----------------------------------------------------------------------------------------


def rounds(by: Post) -> QuerySet[Round]:
    """Rounds a post may see: those of zones for whoever may look, those of units likewise."""
    found = Round.objects.select_related("scheme", "submitted_by__person", "submitted_by__unit")
    # Lists show nothing of the frozen inputs, which are long; they come when asked for.
    return found.defer("inputs") if people.may(by, "assessment.view") else found.none()


def previous_round(found: Round) -> Round | None:
    """The round before, of the same subject."""
    earlier = Round.objects.filter(
        scheme__subject=found.scheme.subject, assess_year__lt=found.assess_year
    )
    return earlier.select_related("scheme").order_by("-assess_year").first()


def own(found: Round) -> list[Entrant]:
    """Who declares in this round: the zone itself, or every unit that is rated."""
    kinds = Q(unit__kind="zone") if found.scheme.subject == "zone" else ~Q(unit__kind="zone")
    declaring = Entrant.objects.filter(kinds, unit__isnull=False).select_related("unit")
    return list(declaring.order_by("unit__code"))


def rated_units() -> list[Unit]:
    """Units of the zone that are rated at the end of the year."""
    found = units_to_choose().exclude(
        kind__in=("contractor", "party_working_committee", "guidance_group")
    )
    return list(found.order_by("code"))


def cells(found: Round) -> QuerySet[Cell]:
    """The newest version of every declared cell."""
    newest = (
        Cell.objects.filter(round=found, entrant=OuterRef("entrant"), node=OuterRef("node"))
        .order_by("-version")
        .values("pk")[:1]
    )
    return Cell.objects.filter(round=found, pk=Subquery(newest)).select_related(
        "entrant", "node", "observation__period", "by__person", "by__unit"
    )


def cell(found: Round, entrant: Entrant, node: Node) -> Cell | None:
    """The newest version of one cell."""
    versions = Cell.objects.filter(round=found, entrant=entrant, node=node)
    return versions.order_by("-version").first()


def values(found: Round) -> dict[str, Values]:
    """Every number of a round: entrant → indicator → value; a peer without any has its row."""
    out: dict[str, Values] = {}
    for who, code, value in peer_cells(found).values_list("entrant__code", "node__code", "value"):
        row = out.setdefault(who, {})
        row.pop(code, None)  # what an earlier load said
        if value is not None:
            row[code] = float(value)
    for one in cells(found):
        if one.value is not None:
            out.setdefault(one.entrant.code, {})[one.node.code] = float(one.value)
    return out


# Peers ------------------------------------------------------------------------------------------


def peer_loads(found: Round) -> QuerySet[PeerLoad]:
    """The loads that count: the last that replaced everything, and those after it."""
    last = found.peer_loads.filter(replaces=True).order_by("-pk").first()
    loads = found.peer_loads.select_related("by__person", "by__unit").order_by("pk")
    return loads.filter(pk__gte=last.pk) if last else loads


def peer_cells(found: Round) -> QuerySet[PeerCell]:
    """Cells of the loads that count, oldest first: a later one takes the place of an earlier."""
    return PeerCell.objects.filter(load__in=peer_loads(found)).order_by("load", "pk")


def peer_count(found: Round, *, sample: bool | None = None) -> int:
    """How many peers a round knows; only those that are samples, or that are not."""
    counted = peer_cells(found)
    if sample is not None:
        counted = counted.filter(load__sample=sample)
    return counted.order_by().values("entrant").distinct().count()


def peer_row(found: Round, entrant: Entrant) -> dict[str, PeerCell]:
    """What is known of one peer: indicator → cell, with its load."""
    mine = peer_cells(found).filter(entrant=entrant)
    return {one.node.code: one for one in mine.select_related("node", "load__by__person")}


@dataclass(frozen=True)
class PeerSource:
    """同伴数据的一个来源：哪一批、几格实数、几格缺数、几格估计。"""

    source: str
    load: PeerLoad
    given: int
    missing: int
    estimated: int


def peer_sources(found: Round) -> list[PeerSource]:
    """Where the peers' cells that count came from, with how many of each status."""
    loads = {load.pk: load for load in peer_loads(found)}
    newest: dict[tuple[Any, Any], tuple[Any, str, str]] = {}
    columns = ("entrant", "node", "load", "source", "status")
    for who, node, load, source, status in peer_cells(found).values_list(*columns):
        newest[who, node] = (load, source, status)
    counted: dict[tuple[int, str], Counter[str]] = {}
    for load, source, status in newest.values():
        counted.setdefault((load, source), Counter())[status] += 1
    return [
        PeerSource(source, loads[load], *(some[status] for status in rules.STATUSES))
        for (load, source), some in sorted(counted.items())
    ]


def points(found: Round, by: Post) -> QuerySet[Point]:
    """Points given in a round, as far as this post may see their units."""
    given = found.points.select_related("entrant", "rule", "by__person", "by__unit")
    where = people.scope(by, "assessment.view")
    return given if where.units is None else given.filter(entrant__unit__in=where.units)


def all_entrants() -> QuerySet[Entrant]:
    """Everybody who can be rated: the zone itself first, then by code."""
    return Entrant.objects.select_related("unit").order_by(
        Case(When(unit__kind="zone", then=0), default=1), "code"
    )


def units_to_enter() -> QuerySet[Unit]:
    """Units that an entrant can stand for: the zone, and those that are rated."""
    codes = [unit.pk for unit in rated_units()]
    return Unit.objects.filter(Q(kind="zone") | Q(pk__in=codes)).order_by("code")


def entrants(codes: Iterable[str]) -> dict[str, Entrant]:
    """Entrants by code."""
    found = Entrant.objects.filter(code__in=list(codes)).select_related("unit")
    return {one.code: one for one in found}


# Where declared values come from ----------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """What stands ready for a cell: a figure, or a count of the ledger."""

    entrant: Entrant
    node: Node
    value: Decimal
    origin: str
    source: str
    observation: Observation | None = None


def ready(found: Round, by: Post | None) -> tuple[list[Taken], list[Node]]:
    """Values that figures and the ledger already hold; and indicators with several scopes, in
    another unit of measure or not for this post to see, of which somebody else must decide."""
    taken: list[Taken] = []
    unclear: list[Node] = []
    asked = leaves(found.scheme)
    for entrant in own(found):
        assert entrant.unit is not None
        known = figures_of(entrant.unit, found.data_year)
        for node in asked:
            if node.figure:
                figures = known.get(node.figure, [])
                if len(figures) == 1 and _same_measure(figures[0], node) and _open(figures[0], by):
                    taken.append(_from_figure(entrant, node, figures[0]))
                elif figures:
                    unclear.append(node)
            elif node.count:
                counted = count(entrant.unit, node.count, found.data_year)
                if counted is not None:
                    value, said = counted
                    said = f"{said}|{found.data_year}"
                    taken.append(Taken(entrant, node, value, "ledger", said))
    return taken, unclear


def _open(one: Observation, by: Post | None) -> bool:
    """An internal figure (a ballot's score) is brought only by a post that may see it."""
    verb = one.indicator.verb
    return by is None or not verb or verb in by.role.verbs


def _same_measure(one: Observation, node: Node) -> bool:
    """The unit of measure is part of a number: 亿元 never goes where 万元 is asked."""
    return not node.measure or one.measure == node.measure


def _from_figure(entrant: Entrant, node: Node, one: Observation) -> Taken:
    assert one.value is not None
    source = (one.source or one.quote)[:300]
    return Taken(entrant, node, one.value, "facts", source, one)


def figures_of(unit: Unit, year: int) -> dict[str, list[Observation]]:
    """Current numbers of a year or of its end by indicator, one for each scope."""
    found = facts.current(unit).filter(
        value__isnull=False, period__code__in=(str(year), f"{year}-end")
    )
    out: dict[str, list[Observation]] = {}
    for one in found:
        out.setdefault(one.indicator.code, []).append(one)
    return out


def count(unit: Unit, what: str, year: int) -> tuple[Decimal, str] | None:
    """One count of the ledger for a unit and a year, with what it was counted from."""
    first, last = date(year, 1, 1), min(date(year, 12, 31), clock.today())
    led = Finding.objects.filter(lead_unit=unit).exclude(state__in=("draft", "void"))
    due = led.filter(first_due__range=(first, last))
    match what:
        case "on_time":
            whole, late = due.count(), due.filter(missed_on__isnull=False).count()
            return _per_cent(whole - late, whole)
        case "late_days":
            days = [_late(one, last) for one in due.only("due", "closed_on", "missed_on")]
            return (_round(sum(days) / len(days)), f"{sum(days)}/{len(days)}") if days else None
        case "first_pass":
            judged: dict[int, bool] = {}
            rows = Verification.objects.filter(day_in(first, last), finding__in=led)
            for finding, passed in rows.order_by("pk").values_list("finding", "passed"):
                judged.setdefault(finding, passed)
            return _per_cent(sum(judged.values()), len(judged))
        case _:
            looked = Recheck.objects.filter(day_in(first, last), finding__in=led)
            failed = looked.filter(held=False).count()
            return (Decimal(failed), f"{failed}/{looked.count()}") if due.exists() else None


def day_in(first: date, last: date) -> Q:
    """Registered between two days."""
    return Q(created_at__date__range=(first, last))


def _late(one: Finding, last: date) -> int:
    if one.missed_on is None or one.due is None:
        return 0
    return max(((one.closed_on or last) - one.due).days, 0)


def _per_cent(part: int, whole: int) -> tuple[Decimal, str] | None:
    share = rules.share(part, whole)
    return None if share is None else (_round(share), f"{part}/{whole}")


def _round(value: float) -> Decimal:
    return Decimal(str(round(value, 4)))


def doubts(found: Round) -> list[Doubt]:
    """Doubts of the figures that this round declares, still open or raised."""
    about = cells(found).filter(observation__isnull=False).values("observation")
    concerned = Doubt.objects.filter(
        concerns__observation__in=about,
        severity__in=("conflict", "scope"),
        state__in=("open", "raised"),
    )
    return list(concerned.distinct().order_by("pk"))


def suspicions(found: Round) -> list[tuple[Entrant, rules.Suspicion]]:
    """核对：突变、比例、缺数，逐格与上一轮和同伴比。Units have no peers of this kind: their counts
    come from the ledger itself."""
    if found.scheme.subject == "unit":
        return []
    now = values(found)
    before_round = previous_round(found)
    before = values(before_round) if before_round else {}
    out: list[tuple[Entrant, rules.Suspicion]] = []
    asked = leaves(found.scheme)
    for entrant in own(found):
        mine, past = now.get(entrant.code, {}), before.get(entrant.code, {})
        others = [code for code in now if code != entrant.code]
        for node in asked:
            code, base = node.code, node.ratio_to
            growth = [
                (before[o][code], now[o][code])
                for o in others
                if code in before.get(o, {}) and code in now[o]
            ]
            pairs = [(now[o][code], now[o][base]) for o in others if {code, base} <= now[o].keys()]
            seen = (
                rules.jump(code, past.get(code), mine.get(code), growth),
                rules.ratio(code, mine.get(code), mine.get(base), pairs) if base else None,
                rules.vanished(code, past.get(code), mine.get(code)),
            )
            out += [(entrant, one) for one in seen if one is not None]
    return out


# Runs and scores --------------------------------------------------------------------------------


def runs(by: Post) -> QuerySet[Run]:
    """Runs a post may see."""
    found = Run.objects.select_related("round__scheme", "previous__round__scheme", "job").defer(
        "round__inputs", "previous__inputs", "previous__round__inputs"
    )
    return found if people.may(by, "assessment.view") else found.none()


def latest_run(found: Round) -> Run | None:
    """The newest finished run of a round."""
    done = found.runs.exclude(digest="").select_related("round__scheme")
    return done.defer("inputs", "round__inputs").order_by("-pk").first()


def scores(run: Run, by: Post) -> QuerySet[Score]:
    """Scores of a run that a post may see: of its own reach only, where units are rated."""
    found = run.scores.select_related("entrant__unit", "run__round__scheme").defer(*_LONG)
    where = people.scope(by, "assessment.view")
    if run.round.scheme.subject == "unit" and where.units is not None:
        found = found.filter(entrant__unit__in=where.units)
    return found.order_by("rank", "pk")


def sees_whole(found: Round, by: Post) -> bool:
    """May this post see everybody's scores? Of rated units only whoever answers for the zone."""
    where = people.scope(by, "assessment.view")
    return found.scheme.subject != "unit" or where.units is None


def sensitivities(run: Run, entrant: Entrant) -> list[Sensitivity]:
    """What was asked about one entrant of a run, the newest first."""
    found = run.sensitivities.filter(entrant=entrant)
    return list(found.select_related("job", "by__person", "by__unit").order_by("-pk"))


def history(entrant: Entrant, subject: str) -> list[Score]:
    """The newest score of an entrant in every round, oldest first."""
    found = Score.objects.filter(entrant=entrant, run__round__scheme__subject=subject)
    newest: dict[int, Score] = {}
    for one in found.select_related("run__round__scheme").defer(*_LONG).order_by("run__pk"):
        newest[one.run.round.assess_year] = one
    return [newest[year] for year in sorted(newest)]


def published(unit: Unit | None) -> list[Observation]:
    """Ranks that were published, oldest first."""
    if unit is None:
        return []
    return list(facts.series("rank", unit).filter(value__isnull=False))


def issues(found: Round) -> list[Issue]:
    return list(found.issues.select_related("entrant").order_by("pk"))


def issue(found: Round, entrant: Entrant, kind: str, node_code: str) -> Issue | None:
    return Issue.objects.filter(
        round=found, entrant=entrant, kind=kind, node_code=node_code
    ).first()
