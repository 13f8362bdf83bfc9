"""What a new plan would be made from: the rooms' own tables as plain inputs, and all that is wrong.

A vehicle that does not fit is left out and said to be; what keeps any plan from being made is told
at once, in the reader's language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bihuan.fleet import queries as fleet
from bihuan.fleet.models import Vehicle
from bihuan.roads import queries as roads
from bihuan.roads.bridge import Network
from bihuan.snow.bridge import plan as bridge
from bihuan.snow.models import Storm
from bihuan.snow.queries import promises, tables
from bihuan.snow.queries.plan import sentence
from bihuan.snow.rules import plan as rules

HOUR = 3600.0


@dataclass(frozen=True)
class Wish:
    """要排一个怎样的方案：几时出车，什么天气，怎么做，用哪些车。"""

    starts_at: datetime
    temperature: float = -5.0
    precipitation: str = "snow"
    work: str = "apart"
    who: str = "all"
    first: str = "clear"
    shift_h: int = rules.SHIFT_H
    icing: bool = True
    compare: bool = False
    every_h: int = 0
    until_h: int = 0
    closed: Sequence[str] = ()


@dataclass(frozen=True)
class Gathered:
    """排方案的输入，以及所有排不成的原因。"""

    inputs: Mapping[str, Any]
    faults: Sequence[str]


def gathered(wish: Wish, storm: Storm | None, streets: Network | None) -> Gathered:
    """Everything the planner needs, out of the rooms' own tables; all that is wrong, at once."""
    if streets is None:
        return Gathered({}, [_("没有启用的路网。请先装入路网。")])
    wrong: list[str] = []
    grams = rules.grams(tables.table("deicer"), wish.temperature, wish.precipitation)
    if grams is None:
        wrong.append(_("“融雪剂用量”里没有这样的天气。请补上一行，或核对气温。"))
    closed, unknown = section_codes(wish.closed)
    wrong += [_("没有叫“%(name)s”的路段。请核对名称或代码。") % {"name": one} for one in unknown]
    classes, passed = _classes(wish, storm, bool(grams))
    if not classes:
        wrong.append(_("“清完的承诺”里没有一类道路。请先设定。"))
    crews = _Fleet(wish, streets, bool(grams))
    wrong += crews.faults()
    missing = _able(crews.types, classes)
    inputs = {
        "title": storm.name if storm else "",
        "temperature": wish.temperature,
        "precipitation": wish.precipitation,
        "grams_m2": grams or 0.0,
        "lane_m": rules.LANE_M,
        "longest_m": rules.LONGEST_M,
        "work": wish.work,
        "who": wish.who,
        "first": wish.first,
        "icing": wish.icing,
        "icing_codes": sorted(roads.sections().filter(icing=True).values_list("code", flat=True)),
        "icing_spots": [[one.lon, one.lat] for one in roads.places().filter(icing=True)],
        "compare": wish.compare,
        "classes": classes,
        "types": crews.types,
        "yards": crews.yards,
        "vehicles": crews.vehicles,
        "left_out": crews.left_out,
        "missing": missing,
        "passed": passed,
        "repeat": {"every_s": wish.every_h * HOUR, "until_s": wish.until_h * HOUR}
        if wish.every_h and wish.until_h
        else None,
        "closed": closed,
        "events": [],
    }
    if not wrong:
        wrong = [sentence(one.code, one.params) for one in bridge.faults(streets, inputs)]
    return Gathered(inputs, wrong)


def section_codes(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Codes of sections by name or code, and the names that nobody knows."""
    wanted = list(dict.fromkeys(one.strip() for one in names if one.strip()))
    if not wanted:
        return [], []
    by_code = dict(roads.sections().filter(code__in=wanted).values_list("code", "code"))
    found, unknown = [], []
    for one in wanted:
        same = [by_code[one]] if one in by_code else list(
            roads.sections().filter(name=one).values_list("code", flat=True)
        )  # fmt: skip
        found += same
        if not same:
            unknown.append(one)
    return sorted(set(found)), unknown


def _classes(wish: Wish, storm: Storm | None, salt: bool) -> tuple[list[dict[str, Any]], list[str]]:
    """Each promised class: how often, by when, in which order, with which work; and those whose
    hour has passed by the time the vehicles leave: they come as soon as can be.

    Hours run from when the snow stopped, else from when the vehicles leave.
    """
    how = {one["code"]: one for one in tables.table("clearing")}
    since = (storm.snow_stopped_at if storm else None) or wish.starts_at
    before = (since - wish.starts_at).total_seconds()
    out, passed = [], []
    for kind, hours in promises.limits().items():
        row = how.get(kind, {"passes": "1", "stage": 0, "weight": 1})
        due = hours * HOUR + before
        if due < rules.LEAST_PROMISE_S:
            passed.append(kind)
        out.append({
            "kind": kind,
            "passes": rules.PASS_CODES[int(row["passes"])],
            "promise_s": max(rules.LEAST_PROMISE_S, due),
            "stage": int(row["stage"]),
            "weight": float(row["weight"]),
            "plough": wish.work != "spread",
            "spread": wish.work != "plough" and salt,
        })  # fmt: skip
    return out, passed


def _able(types: Sequence[Mapping[str, Any]], classes: Sequence[dict[str, Any]]) -> list[str]:
    """Work that none of these vehicles does is not asked of them; returns which it is."""
    done = {work for one in types for work in one["does"]}
    asked = {work for work in ("plough", "spread") if any(one[work] for one in classes)}
    missing = sorted(asked - done)
    if asked - set(missing):
        for one in classes:
            for work in missing:
                one[work] = False
    return missing


class _Fleet:
    """The vehicles that can take part, their types and yards; and why the others cannot."""

    def __init__(self, wish: Wish, streets: Network, salt: bool) -> None:
        self.wish, self.salt = wish, salt
        self.types: list[dict[str, Any]] = []
        self.yards: list[dict[str, Any]] = []
        self.vehicles: list[dict[str, Any]] = []
        self.left_out: list[dict[str, str]] = []
        self.speeds = {one["code"]: one for one in tables.table("speeds")}
        self.shifts = self._shifts()
        every = Vehicle.objects.filter(in_use=True).select_related("depot__company")
        found = list(every.order_by("number", "pk"))
        depots = {one.depot.pk: one.depot for one in found if one.depot and one.depot.in_use}
        places = [(one.lon, one.lat) for one in depots.values()]
        away = dict(zip(depots, bridge.far(streets, places), strict=True))
        self.place: dict[int, int] = {}
        for one in found:
            why = self._why_not(one, away)
            if why:
                self.left_out.append({"number": one.number, "why": why})
            else:
                self._add(one)

    def _shifts(self) -> dict[int, tuple[float, float]]:
        """Of each vehicle its first shift that is on or to come: when it begins and ends."""
        start, found = self.wish.starts_at, {}
        for one in fleet.shifts_from(start):
            opens = max(0.0, (one.starts_at - start).total_seconds())
            over = one.ends_at or one.starts_at + timedelta(hours=self.wish.shift_h)
            shuts = max((over - start).total_seconds(), opens)
            if shuts > opens and one.vehicle_id not in found:
                found[one.vehicle_id] = (opens, shuts)
        return found

    def _why_not(self, one: Vehicle, away: Mapping[int, bool]) -> str:
        if one.depot_id is None or one.depot_id not in away:
            return "yard"
        if away[one.depot_id]:
            return "far"
        if not self._does(one):
            return "work"
        if "spread" in self._does(one) and not one.capacity_kg:
            return "capacity"
        if self.wish.who == "duty" and one.pk not in self.shifts:
            return "shift"
        return ""

    def _does(self, one: Vehicle) -> list[str]:
        """What a vehicle would do: spreading first, where one does not do both at once."""
        able = [code for code, can in (("plough", one.ploughs), ("spread", one.spreads)) if can]
        match self.wish.work:
            case "both":
                wanted = ["plough", "spread"] if self.salt else ["plough"]
                return wanted if set(wanted) <= set(able) else []
            case "apart":
                return [able[-1]] if self.salt and able else ["plough"] if one.ploughs else []
            case alone:
                return [alone] if alone in able else []

    def _add(self, one: Vehicle) -> None:
        assert one.depot is not None  # or it was left out
        opens, shuts = self.shifts.get(one.pk, (0.0, self.wish.shift_h * HOUR))
        told = {
            "pk": one.pk, "number": one.number, "yard": self._yard(one.depot),
            "type": self._type(one), "opens_s": opens, "shuts_s": shuts,
        }  # fmt: skip
        self.vehicles.append(told)

    def _yard(self, depot: Any) -> int:
        if depot.pk not in self.place:
            self.place[depot.pk] = len(self.yards)
            name = str(depot.name)
            if any(one["name"] == name for one in self.yards):
                name = f"{name}（{depot.company.name}）"
            self.yards.append({
                "pk": depot.pk, "name": name, "lon": depot.lon, "lat": depot.lat,
                "refill": depot.refill,
                "refill_s": 60.0 * max(int(one["refill_min"]) for one in self.speeds.values()),
                "company": depot.company.name,
            })  # fmt: skip
        return self.place[depot.pk]

    def _type(self, one: Vehicle) -> int:
        does, speed = self._does(one), self.speeds[one.kind]
        kilos = float(one.capacity_kg or 0) if "spread" in does else rules.PLOUGH_KG
        made = {
            "kind": one.kind, "does": does, "capacity_kg": kilos, "u_turn": False,
            "work_kmh": float(speed["work_kmh"]), "drive_kmh": float(speed["drive_kmh"]),
            "name": f"{one.kind} {'+'.join(does)} {kilos:g}",
        }  # fmt: skip
        if made not in self.types:
            self.types.append(made)
        return self.types.index(made)

    def faults(self) -> list[str]:
        """Why nobody can go out at all, and what nobody can do."""
        wrong = []
        if not self.vehicles:
            if not self.left_out:
                wrong.append(_("没有登记在用的车辆。请先在“车辆”里登记。"))
            for code, n in rules.counted(one["why"] for one in self.left_out).items():
                told = {"n": n, "why": _(rules.UNFIT[code])}
                wrong.append(_("有 %(n)d 台车不能参加：%(why)s。") % told)
            return wrong
        spreads = any("spread" in one["does"] for one in self.types)
        if spreads and not any(one["refill"] for one in self.yards):
            wrong.append(_("没有一个车场可加融雪剂。请至少标一个车场可以补料。"))
        return wrong
