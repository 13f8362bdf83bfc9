"""A scenario (作业任务) as TOML: roads, vehicles, yards, weather; in hours and tonnes."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bihuan.engines.routing.faults import Fault, Unfit, unfit
from bihuan.engines.routing.network import Network
from bihuan.engines.routing.plan.scenario import (
    WORKS,
    Amounts,
    ClassRule,
    Group,
    Repeat,
    Scenario,
    VehicleType,
    Yard,
)
from bihuan.engines.routing.turns import TurnRules

_TOP = {
    "title", "network", "weather", "deicer", "classes", "types", "yards", "vehicles", "repeat",
    "lane_m", "longest_m", "closed",
}  # fmt: skip
_PASSES = ("street", "direction", "lane")
_HOUR = 3600.0


def network_file(content: bytes) -> str:
    """The network that a scenario names, as it is written there."""
    return str(_table(content).get("network", ""))


def read(content: bytes, network: Network) -> Scenario:
    """The scenario in a file on a network; Unfit with every fault at once."""
    table = _table(content)
    reader = _Reader()
    for word in sorted(set(table) - _TOP):
        reader.faults.append(Fault("scenario_unknown", {"name": word}))
    weather = reader.mapping(table, "weather", {"temperature", "precipitation"})
    classes = [reader.made("classes", n, row, _class) for n, row in reader.rows(table, "classes")]
    types = [reader.made("types", n, row, _type) for n, row in reader.rows(table, "types")]
    yards = [reader.made("yards", n, row, _yard) for n, row in reader.rows(table, "yards")]
    groups = [reader.made("vehicles", n, row, _group) for n, row in reader.rows(table, "vehicles")]
    deicer = [reader.made("deicer", n, row, _amount) for n, row in reader.rows(table, "deicer")]
    repeat = reader.mapping(table, "repeat", {"every_h", "until_h", "kinds"})
    closed = _closed(table.get("closed", []), network, reader)
    if reader.faults:
        raise Unfit(reader.faults)
    return Scenario(
        network,
        tuple(one for one in classes if one),
        tuple(one for one in types if one),
        tuple(one for one in yards if one),
        tuple(one for one in groups if one),
        str(table.get("title", "")),
        float(weather.get("temperature", -5.0)),
        str(weather.get("precipitation", "snow")),
        Amounts(tuple(one for one in deicer if one)),
        float(table.get("lane_m", 3.5)),
        float(table.get("longest_m", 3000.0)),
        Repeat(
            float(repeat["every_h"]) * _HOUR,
            float(repeat["until_h"]) * _HOUR,
            tuple(repeat.get("kinds", ())),
        )
        if repeat
        else None,
        closed,
    )


def read_file(path: Path, network: Network) -> Scenario:
    """The same from a file."""
    return read(path.read_bytes(), network)


def _table(content: bytes) -> Mapping[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise unfit("scenario_not_toml", why=str(wrong)) from None


class _Reader:
    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def rows(self, table: Mapping[str, Any], part: str) -> list[tuple[int, Mapping[str, Any]]]:
        given = table.get(part, [])
        if not isinstance(given, list):
            self.faults.append(Fault("scenario_rows", {"part": part}))
            return []
        out = []
        for number, row in enumerate(given, 1):
            if isinstance(row, Mapping):
                out.append((number, row))
            else:
                self.faults.append(Fault("scenario_rows", {"part": part}))
        return out

    def mapping(self, table: Mapping[str, Any], part: str, known: set[str]) -> Mapping[str, Any]:
        given = table.get(part, {})
        if not isinstance(given, Mapping):
            self.faults.append(Fault("scenario_rows", {"part": part}))
            return {}
        for word in sorted(set(given) - known):
            self.faults.append(Fault("scenario_unknown", {"name": f"{part}.{word}"}))
        if part == "repeat" and given and not {"every_h", "until_h"} <= set(given):
            self.faults.append(
                Fault("scenario_value", {"part": part, "n": 1, "name": "every_h", "found": ""})
            )
            return {}
        return given

    def made(
        self, part: str, number: int, row: Mapping[str, Any], how: Callable[["_Row"], Any]
    ) -> Any:
        one = _Row(part, number, row, self.faults)
        found = how(one)
        one.finish()
        return None if one.wrong else found


class _Row:
    def __init__(self, part: str, number: int, row: Mapping[str, Any], faults: list[Fault]) -> None:
        self.part, self.number, self.row, self.faults = part, number, row, faults
        self.asked: set[str] = set()
        self.wrong = False

    def _fault(self, name: str, found: object) -> None:
        self.wrong = True
        params = {"part": self.part, "n": self.number, "name": name, "found": found}
        self.faults.append(Fault("scenario_value", params))

    def text(self, name: str, default: str | None = None, among: tuple[str, ...] = ()) -> str:
        self.asked.add(name)
        found = self.row.get(name, default)
        if not isinstance(found, str) or (among and found not in among):
            self._fault(name, "" if found is None else found)
            return ""
        return found

    def number_(self, name: str, default: float | None = None, least: float = -1e9) -> float:
        self.asked.add(name)
        found = self.row.get(name, default)
        if isinstance(found, bool) or not isinstance(found, int | float) or not found >= least:
            self._fault(name, "" if found is None else found)
            return least if least > -1e9 else 0.0
        return float(found)

    def yes(self, name: str, default: bool) -> bool:
        self.asked.add(name)
        found = self.row.get(name, default)
        if not isinstance(found, bool):
            self._fault(name, found)
        return bool(found)

    def words(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        self.asked.add(name)
        found = self.row.get(name, list(default))
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self._fault(name, found)
            return default
        return tuple(found)

    def finish(self) -> None:
        for word in sorted(set(self.row) - self.asked):
            self.wrong = True
            self.faults.append(Fault("scenario_unknown", {"name": f"{self.part}.{word}"}))


def _class(row: _Row) -> ClassRule:
    promise = row.number_("promise_h", float("inf"), 0.0)
    return ClassRule(
        row.text("kind"),
        row.text("passes", "direction", _PASSES),  # type: ignore[arg-type]
        promise * _HOUR,
        int(row.number_("stage", 0, 0)),
        row.number_("weight", 1.0, 0.0),
        row.yes("plough", True),
        row.yes("spread", True),
    )


def _type(row: _Row) -> VehicleType:
    turns = TurnRules(
        row.number_("left_turn_s", 8.0, 0),
        row.number_("right_turn_s", 3.0, 0),
        row.number_("u_turn_s", 30.0, 0),
        not row.yes("u_turn", True),
    )
    return VehicleType(
        row.text("name"),
        row.words("does", WORKS),
        row.number_("work_kmh", 20.0),
        row.number_("drive_kmh", 30.0),
        row.number_("capacity_t", 6.0) * 1000,
        row.words("banned", ()),
        turns,
    )


def _yard(row: _Row) -> Yard:
    return Yard(
        row.text("name"),
        row.number_("lon", None, -180.0),
        row.number_("lat", None, -90.0),
        row.yes("refill", True),
        row.number_("refill_min", 10.0, 0.0) * 60,
        row.text("company", ""),
    )


def _group(row: _Row) -> Group:
    filled = row.number_("filled_t", -1.0)
    return Group(
        row.text("yard"),
        row.text("type"),
        int(row.number_("count", 1, 0)),
        row.number_("opens_h", 0.0, 0.0) * _HOUR,
        row.number_("shuts_h", 8.0, 0.0) * _HOUR,
        None if filled < 0 else filled * 1000,
    )


def _amount(row: _Row) -> tuple[float, str, float]:
    return (
        row.number_("from_c", -100.0),
        row.text("precipitation", ""),
        row.number_("grams_m2", None, 0.0),
    )


def _closed(given: object, network: Network, reader: _Reader) -> tuple[int, ...]:
    """Sections that are shut, by code or name, as arcs."""
    if not isinstance(given, list):
        reader.faults.append(Fault("scenario_rows", {"part": "closed"}))
        return ()
    arcs: list[int] = []
    for word in given:
        found = [one for one in network.sections if word in (one.code, one.name)]
        if not found:
            reader.faults.append(Fault("scenario_closed", {"found": str(word)}))
        for one in found:
            arcs += one.arcs
    return tuple(sorted(set(arcs)))
