"""The question a duty officer asks (作业任务): which roads, how often, by when, with what.

Every number here is the office's own and comes from a file or a table; the engine holds none.
Times are seconds after the start, lengths metres, amounts kilograms.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bihuan.engines.routing.faults import Fault, refuse
from bihuan.engines.routing.network import KINDS, Network
from bihuan.engines.routing.turns import TurnRules

Passes = Literal["street", "direction", "lane"]
WORKS = ("plough", "spread")
_FAR_M = 500.0  # a yard farther than this from any road is not on this map


@dataclass(frozen=True)
class ClassRule:
    """一类道路：做几遍，多久清完（承诺），先后，撒不撒融雪剂。

    `passes`: once for the street whichever way, once in each direction, or once for each lane.
    `stage`: a vehicle does its roads of a lower stage first. `weight`: how much a road that stays
    undone matters.
    """

    kind: str
    passes: Passes = "direction"
    promise_s: float = math.inf
    stage: int = 0
    weight: float = 1.0
    plough: bool = True
    spread: bool = True


@dataclass(frozen=True)
class VehicleType:
    """车型：能做什么，作业和行驶多快，能装多少，不能走哪类路，能否掉头。"""

    name: str
    does: tuple[str, ...] = WORKS
    work_kmh: float = 20.0
    drive_kmh: float = 30.0
    capacity_kg: float = 6000.0
    banned_kinds: tuple[str, ...] = ()
    turns: TurnRules = field(default_factory=TurnRules)


@dataclass(frozen=True)
class Yard:
    """停车场（或补料点）：位置，能否补料，补一次多久，属于哪家公司。"""

    name: str
    lon: float
    lat: float
    refill: bool = True
    refill_s: float = 600.0
    company: str = ""


@dataclass(frozen=True)
class Group:
    """一组同样的车：在哪个停车场，什么车型，几台，几时到几时，出车时装了多少。"""

    yard: str
    type: str
    count: int
    opens_s: float = 0.0
    shuts_s: float = 8 * 3600.0
    filled_kg: float | None = None  # None: full


@dataclass(frozen=True)
class Amounts:
    """融雪剂用量表：温度不低于多少、降水种类 → 克每平方米；取第一条符合的。"""

    rows: tuple[tuple[float, str, float], ...] = ()  # °C from, precipitation or "", g/m²

    def grams(self, temperature: float, precipitation: str) -> float:
        """g/m² for the weather; zero where the table says nothing."""
        for lowest, kind, grams in self.rows:
            if temperature >= lowest and kind in ("", precipitation):
                return grams
        return 0.0


@dataclass(frozen=True)
class Repeat:
    """边下边清：每隔多久再清一轮，到何时为止。"""

    every_s: float
    until_s: float
    kinds: tuple[str, ...] = ()  # none: all classes


@dataclass(frozen=True, eq=False)
class Scenario:
    """一次作业任务。"""

    network: Network
    classes: tuple[ClassRule, ...]
    types: tuple[VehicleType, ...]
    yards: tuple[Yard, ...]
    groups: tuple[Group, ...]
    title: str = ""
    temperature: float = -5.0
    precipitation: str = "snow"
    amounts: Amounts = field(default_factory=Amounts)
    lane_m: float = 3.5
    longest_m: float = 3000.0  # a street run is not longer than this
    repeat: Repeat | None = None
    closed: tuple[int, ...] = ()  # arcs that nobody drives

    def __post_init__(self) -> None:
        refuse(self._faults())

    @property
    def rules(self) -> Mapping[str, ClassRule]:
        return {rule.kind: rule for rule in self.classes}

    @property
    def grams(self) -> float:
        return self.amounts.grams(self.temperature, self.precipitation)

    @property
    def vehicles(self) -> tuple[tuple[int, str], ...]:
        """For each vehicle its group and its name."""
        out = []
        for at, group in enumerate(self.groups):
            out += [(at, f"{group.yard}-{group.type}-{n + 1}") for n in range(group.count)]
        return tuple(out)

    def promises(self) -> tuple[float, ...]:
        """Seconds promised for each of KINDS, infinite where nothing is."""
        rules = self.rules
        return tuple(rules[k].promise_s if k in rules else math.inf for k in KINDS)

    def _faults(self) -> Iterator[Fault]:
        yield from self._class_faults()
        yield from self._type_faults()
        yield from self._yard_faults()
        yield from self._group_faults()

    def _class_faults(self) -> Iterator[Fault]:
        if not self.classes:
            yield Fault("plan_no_classes")
        for rule in self.classes:
            if rule.kind not in KINDS:
                yield Fault("plan_kind", {"found": rule.kind, "known": "、".join(KINDS)})
            if not rule.promise_s > 0:
                yield Fault("plan_promise", {"kind": rule.kind, "found": rule.promise_s / 3600})
            if not rule.weight > 0:
                yield Fault("plan_weight", {"kind": rule.kind, "found": rule.weight})

    def _type_faults(self) -> Iterator[Fault]:
        if not self.types:
            yield Fault("plan_no_types")
        for one in self.types:
            for name, value in (("work_kmh", one.work_kmh), ("drive_kmh", one.drive_kmh)):
                if not 0 < value <= 120:
                    yield Fault("plan_speed", {"type": one.name, "what": name, "found": value})
            if not one.does or set(one.does) - set(WORKS):
                yield Fault("plan_does", {"type": one.name, "known": "、".join(WORKS)})
            if "spread" in one.does and not one.capacity_kg > 0:
                yield Fault("plan_capacity", {"type": one.name, "found": one.capacity_kg})

    def _yard_faults(self) -> Iterator[Fault]:
        if not self.yards:
            yield Fault("plan_no_depot")
            return
        lon = [yard.lon for yard in self.yards]
        lat = [yard.lat for yard in self.yards]
        _node, away = self.network.nearest_nodes(lon, lat)  # type: ignore[arg-type]
        for yard, metres in zip(self.yards, away.tolist(), strict=True):
            if not metres <= _FAR_M:
                yield Fault("plan_yard_far", {"yard": yard.name, "m": round(metres)})

    def _group_faults(self) -> Iterator[Fault]:
        if not sum(group.count for group in self.groups) > 0:
            yield Fault("plan_no_vehicle")
        yards, types = {y.name for y in self.yards}, {t.name for t in self.types}
        for group in self.groups:
            if group.yard not in yards:
                yield Fault("plan_unknown_yard", {"found": group.yard})
            if group.type not in types:
                yield Fault("plan_unknown_type", {"found": group.type})
            if group.count < 0:
                yield Fault("plan_count", {"yard": group.yard, "found": group.count})
            if not group.opens_s < group.shuts_s:
                yield Fault("plan_shift", {"yard": group.yard, "type": group.type})
