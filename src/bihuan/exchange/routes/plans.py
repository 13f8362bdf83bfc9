"""A city plan on files: routes as GeoJSON, legs and totals as CSV, a sheet for every driver."""

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, Protocol

from bihuan.engines.routing.network import Network
from bihuan.engines.routing.plan.legs import Leg, Tour
from bihuan.engines.routing.plan.scenario import Scenario
from bihuan.exchange.paper.document import (
    SHEET,
    Column,
    Document,
    Facts,
    PageBreak,
    Paragraph,
    Part,
    Table,
    Title,
)
from bihuan.exchange.sheet import Value, csv_bytes

Words = Callable[[str], str]


class Drawn(Protocol):
    """What is written down of a plan: its scenario and its tours, whoever keeps them."""

    @property
    def scenario(self) -> Scenario: ...

    @property
    def tours(self) -> tuple[Tour, ...]: ...


def geojson(plan: Drawn) -> str:
    """Every leg as a line, with its vehicle, work and hours."""
    network = plan.scenario.network
    features = []
    for tour in plan.tours:
        for number, leg in enumerate(tour.stops, 1):
            if leg.arcs:
                features.append(
                    {
                        "type": "Feature",
                        "geometry": {"type": "LineString", "coordinates": _line(network, leg)},
                        "properties": {
                            "vehicle": tour.name,
                            "leg": number,
                            "work": leg.kind,
                            "from_s": round(leg.from_s, 1),
                            "to_s": round(leg.to_s, 1),
                            "m": round(leg.m, 1),
                            "kg": round(leg.kg, 1),
                            "roads": "、".join(_roads(network, leg.arcs)),
                        },
                    }
                )
    whole = {
        "type": "FeatureCollection",
        "attribution": network.attribution,
        "features": features,
    }
    return json.dumps(whole, ensure_ascii=False)


def _line(network: Network, leg: Leg) -> list[list[float]]:
    out: list[list[float]] = []
    for arc in leg.arcs:
        lon, lat = network.geometry(arc)
        points = [[round(x, 6), round(y, 6)] for x, y in zip(lon, lat, strict=True)]
        out += points if not out else points[1:]
    return out


def _roads(network: Network, arcs: Iterable[int]) -> list[str]:
    """The streets of a leg in order, each once where it repeats."""
    names = (network.names[network.name[arc]] for arc in arcs)
    return [name for name, _same in groupby(name for name in names if name)]


def legs_csv(plan: Drawn, say: Words) -> bytes:
    """One row a leg. A spreadsheet reads it in either language; numbers are plain."""
    head = ["vehicle", "leg", "work", "start", "end", "km", "kg", "roads"]
    titles = ["车辆", "程", "做什么", "开始", "结束", "公里", "融雪剂千克", "道路"]
    rows: list[list[Value]] = [
        [tour.name, number, say(_WORK[leg.kind]), hour(leg.from_s), hour(leg.to_s),
         f"{leg.m / 1000:.3f}", f"{leg.kg:.0f}", "、".join(_roads(plan.scenario.network, leg.arcs))]
        for tour in plan.tours
        for number, leg in enumerate(tour.stops, 1)
    ]  # fmt: skip
    heads = [f"{say(t)} {h}".strip() for t, h in zip(titles, head, strict=True)]
    return csv_bytes(heads, rows)


def tours_csv(plan: Drawn, say: Words) -> bytes:
    """One row a vehicle."""
    titles = ["车辆", "停车场", "作业公里", "行驶公里", "融雪剂千克", "补料次数", "清完", "回场"]
    yards = plan.scenario.yards
    rows: list[list[Value]] = [
        [tour.name, yards[tour.yard].name, f"{tour.served_m / 1000:.2f}", f"{tour.m / 1000:.2f}",
         f"{tour.kg:.0f}", sum(leg.kind == "refill" for leg in tour.stops),
         hour(tour.cleared_s), hour(tour.back_s)]
        for tour in plan.tours
    ]  # fmt: skip
    return csv_bytes([say(t) for t in titles], rows)


def numbers_csv(rows: Sequence[tuple[str, Any]]) -> bytes:
    """Names and numbers of a plan, whatever the command counts."""
    first, *more = ((name, str(number)) for name, number in rows)
    return csv_bytes(first, more)


_WORK = {"move": "行驶", "serve": "作业", "refill": "补料", "wait": "等待", "seen": "所在"}


def hour(seconds: float) -> str:
    """3 h 7 min after the start as 3:07."""
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def sheets(plan: Drawn, say: Words, *, mark: str = "") -> Document:
    """A sheet for every driver that has work, in the order of the vehicles."""
    parts: list[Part] = []
    for tour in plan.tours:
        if not tour.stops:
            continue
        if parts:
            parts.append(PageBreak())
        parts += _sheet(plan, tour, say, mark)
    return Document(say("行车单"), tuple(parts), SHEET)


def _sheet(plan: Drawn, tour: Tour, say: Words, mark: str) -> list[Part]:
    scenario = plan.scenario
    kind = scenario.types[tour.type]
    lines = list(_lines(plan, tour, say))
    columns = (
        Column(say("时刻"), 1.3), Column(say("做什么"), 1.2), Column(say("道路"), 6),
        Column(say("公里"), 1.2, "right"), Column(say("融雪剂千克"), 1.6, "right"),
    )  # fmt: skip
    pairs = (
        (say("停车场"), scenario.yards[tour.yard].name), (say("车型"), kind.name),
        (say("作业公里"), f"{tour.served_m / 1000:.1f}"), (say("全程公里"), f"{tour.m / 1000:.1f}"),
        (say("清完"), hour(tour.cleared_s)), (say("回场"), hour(tour.back_s)),
    )  # fmt: skip
    parts: list[Part] = [
        Title(tour.name, scenario.title),
        Facts(pairs, per_row=2),
        Table(columns, lines, note=say("时刻自出车令起算（时:分）。")),
    ]
    if scenario.network.attribution:
        parts.append(Paragraph(scenario.network.attribution, indent=False))
    if mark:
        parts.append(Paragraph(mark, indent=False))
    return parts


def _lines(plan: Drawn, tour: Tour, say: Words) -> Iterable[tuple[str, str, str, str, str]]:
    """Legs of the same work in a row as one line: a driver reads streets, not junctions."""
    network = plan.scenario.network
    for kind, same in groupby(tour.stops, key=lambda leg: leg.kind):
        legs = list(same)
        roads = _roads(network, [arc for leg in legs for arc in leg.arcs])
        where = " → ".join(roads) if roads else say("无名道路")
        if legs[0].yard >= 0:
            where = plan.scenario.yards[legs[0].yard].name
        elif kind == "wait":
            where = ""
        metres, kilos = sum(leg.m for leg in legs), sum(leg.kg for leg in legs)
        yield (
            hour(legs[0].from_s), say(_WORK[kind]), where,
            f"{metres / 1000:.2f}" if metres else "", f"{kilos:.0f}" if kilos else "",
        )  # fmt: skip
