"""Reads a problem from plain data, the form that `Problem.table` writes and the judge reads."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from bihuan.engines.schedule.faults import Fault, refuse
from bihuan.engines.schedule.levelling.problem import Activity, Link, Problem, problem

_PARTS = ("first", "capacity", "activities", "links")


def from_table(table: Any) -> Problem:
    """The problem, or everything in it that has the wrong shape. Unfit."""
    faults: list[Fault] = []
    root = _keyed(faults, "problem", table, _PARTS)
    steps = _keyed(faults, "capacity", root.get("capacity", {}), None)
    capacity = {str(name): _steps(faults, str(name), value) for name, value in steps.items()}
    known = [one.name for one in fields(Activity)]
    activities = [
        _activity(faults, f"activities[{k}]", _keyed(faults, f"activities[{k}]", one, known))
        for k, one in enumerate(_listed(faults, "activities", root.get("activities", [])))
    ]
    known = [one.name for one in fields(Link)]
    links = [
        _link(faults, f"links[{k}]", _keyed(faults, f"links[{k}]", one, known))
        for k, one in enumerate(_listed(faults, "links", root.get("links", [])))
    ]
    refuse(faults)
    return problem(activities, links, capacity, root.get("first", "makespan"))


def _activity(faults: list[Fault], where: str, given: Mapping[str, Any]) -> Activity:
    needs = _keyed(faults, f"{where}.needs", given.get("needs", {}), None)

    def whole(key: str, default: int | None = None, *, may_lack: bool = False) -> Any:
        value = given.get(key, default)
        return None if may_lack and value is None else _whole(faults, f"{where}.{key}", value)

    return Activity(
        name=_text(faults, f"{where}.name", given.get("name")),
        duration=whole("duration"),
        needs={str(k): _whole(faults, f"{where}.needs.{k}", n) for k, n in needs.items()},
        release=whole("release", 0),
        due=whole("due", may_lack=True),
        weight=whole("weight", 1),
        start=whole("start", may_lack=True),
    )


def _link(faults: list[Fault], where: str, given: Mapping[str, Any]) -> Link:
    kind: Any = given.get("kind", "FS")
    return Link(
        before=_text(faults, f"{where}.before", given.get("before")),
        after=_text(faults, f"{where}.after", given.get("after")),
        kind=kind,
        lag=_whole(faults, f"{where}.lag", given.get("lag", 0)),
    )


def _steps(faults: list[Fault], name: str, value: Any) -> int | Sequence[tuple[int, int]]:
    where = f"capacity.{name}"
    if not isinstance(value, list):
        return _whole(faults, where, value)
    out = []
    for k, step in enumerate(value):
        pair = _listed(faults, f"{where}[{k}]", step)
        if len(pair) != 2:
            faults.append(_wrong(f"{where}[{k}]", "[from, count]", step))
            continue
        start, count = (_whole(faults, f"{where}[{k}]", part) for part in pair)
        out.append((start, count))
    return out


# Shapes -------------------------------------------------------------------------------------------


def _wrong(where: str, wanted: str, found: Any) -> Fault:
    return Fault("levelling_shape", {"where": where, "wanted": wanted, "found": str(found)[:60]})


def _keyed(
    faults: list[Fault], where: str, given: Any, known: Sequence[str] | None
) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        faults.append(_wrong(where, "{…}", given))
        return {}
    for key in given if known is not None else ():
        if key not in (known or ()):
            params = {"where": where, "found": str(key)[:60], "known": " ".join(known or ())}
            faults.append(Fault("levelling_unknown_key", params))
    return given


def _listed(faults: list[Fault], where: str, given: Any) -> Sequence[Any]:
    if isinstance(given, list | tuple):
        return given
    faults.append(_wrong(where, "[…]", given))
    return ()


def _whole(faults: list[Fault], where: str, given: Any) -> int:
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    faults.append(_wrong(where, "0, 1, 2 …", "" if given is None else given))
    return 0


def _text(faults: list[Fault], where: str, given: Any) -> str:
    if isinstance(given, str) and given:
        return given
    faults.append(_wrong(where, "“…”", "" if given is None else given))
    return ""
