"""示例数据：本区的数取自公布的一行，其余 216 家按固定种子生成，并照公布的位次定标。

The sample rounds. Our own row of the round 2021 is the published one (through `facts`); everything
else is generated from SEED by the rules below and called 示例数据 wherever it is shown. The general
level of the peers is searched so that our computed rank is the published one (26, then 22): that
they agree says nothing about the method, and pages say so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db import transaction

from bihuan.assessment import bridge, queries, services
from bihuan.assessment.models import Entrant, Round, Scheme
from bihuan.base import clock
from bihuan.base.text import zh
from bihuan.people import queries as people

SEED = 20_220_126
DRAWS = 250
PEERS: Mapping[str, int] = {"east": 107, "centre": 62, "west": 47}
_WORD = {"east": ("东部", "East"), "centre": ("中部", "Centre"), "west": ("西部", "West")}
_HEADSTART = {"east": 0.35, "centre": 0.0, "west": -0.35}
RANKS = {2020: 26, 2021: 22}  # published: 26 → 22
PEER_SOURCE = zh("示例数据，按固定种子生成")
BACKWARDS = zh("示例数据：由公布的增幅倒推或估计，不是公布的数")


@dataclass(frozen=True)
class Shape:
    """How an indicator is spread among peers: median, spread of its logarithm, a cap, decimals."""

    median: float
    spread: float
    most: float = float("inf")
    places: int = 1
    sign: int = 1  # -1: the better ones have less


SHAPES: Mapping[str, Shape] = {
    "gdp": Shape(420, 0.75, 4500),
    "trade": Shape(130, 1.1, 6000),
    "fdi": Shape(21_000, 0.9, 420_000, 0),
    "rd-share": Shape(1.7, 0.45, 9, 2),
    "high-tech-firms": Shape(95, 0.8, 2200, 0),
    "incubators": Shape(3, 0.6, 30, 0),
    "rd-institutions": Shape(48, 0.7, 500, 0),
    "patents": Shape(38, 0.8, 400, 1),
    "tax-share": Shape(10, 0.55, 60, 1),
    "high-tech-share": Shape(9, 0.75, 70, 1),
    "tertiary-share": Shape(5, 0.6, 40, 1),
    "gdp-share": Shape(8, 0.55, 50, 1),
    "energy": Shape(0.32, 0.5, 3, 3, -1),
    "water": Shape(6.5, 0.5, 60, 2, -1),
    "pollutants": Shape(620, 0.6, 9000, 0, -1),
    "effectiveness": Shape(82, 0.06, 100, 1),
    "fdi-share": Shape(16, 0.6, 80, 1),
    "fdi-growth": Shape(6, 0.5, 60, 1),
    "trade-share": Shape(18, 0.6, 85, 1),
    "trade-growth": Shape(9, 0.5, 90, 1),
    "carbon": Shape(0.9, 0.5, 9, 3, -1),
    "carbon-growth": Shape(2, 0.4, 20, 1, -1),
    "solid-waste": Shape(88, 0.08, 100, 1),
    "new-jobs": Shape(6200, 0.7, 80_000, 0),
    "co-built": Shape(2, 0.5, 12, 0),
    "responsibility": Shape(84, 0.06, 100, 1),
    "large-firms": Shape(6, 0.7, 80, 0),
    "listed-firms": Shape(5, 0.8, 90, 0),
}
# The year before the published one, for our own row: 1202/1.135, 220/1.91, 62687/1.067 and the
# published changes in points; where no change was published, a guess. A sample, and called so.
OWN_BEFORE = {
    "gdp": "1059.0",
    "trade": "115.2",
    "fdi": "58751",
    "rd-share": "1.5",
    "high-tech-firms": "163",
    "incubators": "4",
    "rd-institutions": "84",
    "patents": "82",
    "tax-share": "15.2",
    "high-tech-share": "3.5",
    "tertiary-share": "4.2",
    "gdp-share": "9.1",
}

Rows = dict[str, dict[str, float]]


@transaction.atomic
def load_sample() -> None:
    """装入示例：两版办法、2020 和 2021 两轮的测算、2022 一轮待填、区内单位年度考核一轮。

    Comes after the published figures were imported: our own row is taken from them.
    """
    services.load_schemes(by=None)
    zone = people.zone()
    if zone is None:
        return
    us = services.enter(
        by=None, code="zone", name=zone.name, name_en=zone.name_en, league="centre", unit=zone
    )
    scheme = Scheme.objects.get(code="zone-2016")
    worlds = _Worlds(len(SHAPES))
    for year in (2020, 2021):
        found = services.open_round(
            scheme, by=None, assess_year=year, data_year=year - 1, sample=True
        )
        _own(found, us)
        _peers(found, us, worlds.year(year), RANKS[year])
        _measured(found)
    coming = services.open_round(
        Scheme.objects.get(code="zone-2021"), by=None, assess_year=2022, data_year=2021, sample=True
    )
    services.load_peers(
        coming,
        by=None,
        rows=_as_peers(worlds.year(2022)(0.0), {n.code for n in queries.leaves(coming.scheme)}),
        source=PEER_SOURCE,
        sample=True,
    )
    _units()


def _own(found: Round, us: Entrant) -> None:
    services.take(found, by=None)
    there = set(queries.cells(found).values_list("node__code", flat=True))
    if found.assess_year != 2020:
        return
    values = {code: Decimal(v) for code, v in OWN_BEFORE.items() if code not in there}
    services.declare(found, by=None, entrant=us, values=values, source=BACKWARDS, origin="sample")


def _peers(found: Round, us: Entrant, world: Callable[[float], Rows], wanted: int) -> None:
    """The level of the peers at which our computed rank is the published one, by bisection."""
    mine = queries.values(found).get(us.code, {})
    nodes, adjust = queries.nodes(found.scheme), bridge.rules_for_all(found.scheme)
    codes = {node.code for node in nodes}
    who = {code: ("", league) for code, (_name, league) in _plans().items()} | {
        us.code: ("", "centre")
    }

    def rank(level: float) -> int:
        rows = {code: _only(row, codes) for code, row in world(level).items()}
        made = bridge.result_of(
            bridge.composed(nodes, {**rows, us.code: mine}, who, found.scheme.method, adjust)
        )
        return int(made.top_ranks[made.row(us.code)])

    low, high = -2.0, 2.0
    for _step in range(24):
        level = (low + high) / 2
        place = rank(level)
        if place == wanted:
            break
        low, high = (level, high) if place < wanted else (low, level)
    services.load_peers(
        found, by=None, rows=_as_peers(world(level), codes), source=PEER_SOURCE, sample=True
    )


def _only(row: Mapping[str, float], codes: set[str]) -> dict[str, float]:
    return {code: value for code, value in row.items() if code in codes}


def _measured(found: Round) -> None:
    services.submit(found, by=None)
    services.freeze(found, by=None, note=str(PEER_SOURCE))
    services.measure(found, by=None, draws=DRAWS, seed=SEED)


def _plans() -> dict[str, tuple[str, str]]:
    """Peers by code, with name and league."""
    return {
        f"{league}-{n:03}": (f"{_WORD[league][0]}示例 {n:03}", league)
        for league, count in PEERS.items()
        for n in range(1, count + 1)
    }


def _as_peers(rows: Rows, codes: set[str]) -> list[services.Peer]:
    plans = _plans()
    return [
        services.Peer(
            code,
            plans[code][0],
            f"{_WORD[plans[code][1]][1]} sample {code[-3:]}",
            plans[code][1],
            {name: services.Known(Decimal(str(v))) for name, v in _only(row, codes).items()},
        )
        for code, row in rows.items()
    ]


class _Worlds:
    """Peers over the years: standing ability, group-wise strengths, and a little luck each year.

    Logarithms of values are medians plus spread times (0.55 ability + 0.5 strength + 0.67 luck);
    from year to year ability drifts by 0.12 and luck keeps three quarters of itself.
    """

    def __init__(self, width: int) -> None:
        self.plans = _plans()
        self.chance = np.random.Generator(np.random.Philox(SEED))
        count = len(self.plans)
        start = [_HEADSTART[league] for _name, league in self.plans.values()]
        self.ability = np.array(start) + self.chance.standard_normal(count)
        self.strength = self.chance.standard_normal((count, width))
        self.luck = self.chance.standard_normal((count, width))
        self.growth = 0.0

    def year(self, _year: int) -> Callable[[float], Rows]:
        """The next year: a function of the general level of the peers."""
        self.ability = self.ability + 0.12 * self.chance.standard_normal(self.ability.shape)
        fresh = self.chance.standard_normal(self.luck.shape)
        self.luck = 0.75 * self.luck + np.sqrt(1 - 0.75**2) * fresh
        self.growth += 0.06
        mixed = 0.55 * self.ability[:, None] + 0.5 * self.strength + 0.67 * self.luck
        growth = self.growth

        def world(level: float) -> Rows:
            out: Rows = {code: {} for code in self.plans}
            for j, (name, shape) in enumerate(SHAPES.items()):
                better = mixed[:, j] + level
                drift = growth if shape.spread > 0.3 and shape.sign > 0 else 0.0
                values = shape.median * np.exp(shape.spread * shape.sign * better + drift)
                for code, value in zip(out, np.minimum(values, shape.most), strict=True):
                    out[code][name] = round(float(value), shape.places)
            return out

        return world


def _units() -> None:
    """The zone's own units, this year, from the ledger."""
    year = clock.today().year
    found = services.open_round(
        Scheme.objects.get(code="unit-year"),
        by=None,
        assess_year=year,
        data_year=year,
        sample=True,
    )
    if not services.take(found, by=None).cells:
        return
    counted = set(queries.cells(found).values_list("entrant", flat=True))
    rated = [one for one in queries.own(found) if one.pk in counted]
    given = (
        ("commended", 1, "示例：全市通报表扬"),
        ("late-paper", 1, "示例：迟报材料一次"),
        ("commended", 4, "示例：四次表扬，只计到上限"),
    )
    given_to = {rule.code: rule for rule in queries.rules_of(found.scheme)}
    for entrant, (code, times, reason) in zip(rated, given, strict=False):
        services.give_points(
            found,
            by=None,
            entrant=entrant,
            rule=given_to[code],
            times=times,
            reason=reason,
            basis="示例数据",
        )
    _measured(found)
