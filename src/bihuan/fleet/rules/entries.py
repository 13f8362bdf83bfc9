"""One batch of positions as it was sent: which entries hold, which do not, and why.

Plain Python, quick, and without a look at the database: what is known of vehicles and shifts is
handed in. A faulty entry never takes a good one with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any, NamedTuple

from bihuan.base.text import zh

MOST_ENTRIES = 5000
FUTURE_MS = 120_000  # a clock may be fast by two minutes, not more
BACK_MS = 2_000  # a clock may be set back by two seconds without a word
HOUR_MS = 3_600_000
# China with its seas: GCJ-02 is defined nowhere else, and no plough of ours drives elsewhere.
WEST, EAST, SOUTH, NORTH = 72.0, 137.9, 3.0, 54.5

SENTENCES = {
    "shape": zh("应为一个对象，写明 vehicle、time、lon、lat。"),
    "unknown_key": zh("没有“%(name)s”这一项。请去掉或改正。"),
    "vehicle": zh("没有登记编号为“%(vehicle)s”的车辆，或它不归这个令牌。"),
    "no_vehicle": zh("没有写明车辆（vehicle）。"),
    "time": zh("time 应是带时区的时间，例如 2026-01-21T05:10:03+08:00。"),
    "future": zh("时间比现在晚了 %(minutes)d 分钟以上。请校准设备的时钟。"),
    "too_old": zh("时间是 %(hours)d 小时以前，位置只保存这么久。请校准设备的时钟。"),
    "clock_back": zh("序号在后，时间却在前：设备的时钟被拨回过。请校准设备的时钟。"),
    "seq": zh("seq 应是不为负的整数。"),
    "place": zh("lon、lat 应是以度计的数。"),
    "elsewhere": zh("位置（%(lon)s，%(lat)s）不在中国境内。请检查经纬度有没有写反。"),
    "speed": zh("speed 应在 0 到 200 之间，单位是公里每小时。"),
    "heading": zh("heading 应在 0 到 360 之间，正北为 0，顺时针。"),
    "plough": zh("plough 应为 true、false 或不填。"),
    "spread": zh("spread 应为 true、false 或不填。"),
    "rate": zh("rate 应在 0 到 500 之间，单位是克每平方米。"),
}
# Faults of a whole batch.
UNREADABLE = {
    "object": zh("请求的内容应是一个 JSON 对象。"),
    "unknown_key": zh("没有“%(name)s”这一项。请去掉或改正。"),
    "no_positions": zh("请在 positions 里列出位置。"),
    "too_many": zh("一次最多 %(most)d 条，现有 %(found)d 条。请分几次发送。"),
    "datum": zh("datum 只能是 wgs84、cgcs2000、gcj02、bd09。"),
}
_BATCH_KEYS = frozenset({"datum", "vehicle", "positions"})
_KEYS = frozenset(
    {"vehicle", "time", "lon", "lat", "speed", "heading", "plough", "spread", "rate", "seq"}
)
_DATUMS = frozenset({"wgs84", "cgcs2000", "gcj02", "bd09"})


class Entry(NamedTuple):
    """One position that can be read; its place still in the datum that was declared."""

    nth: int
    vehicle: str
    at_ms: int
    lon: float
    lat: float
    speed_kmh: float | None
    heading: float | None
    ploughing: bool | None
    spreading: bool | None
    rate: float | None
    seq: int | None


@dataclass(frozen=True)
class Fault:
    """What is wrong with one entry (counted from 0), as a code with what its sentence needs."""

    nth: int
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Batch:
    """What was sent: entries that can be read, faults of those that cannot, the datum."""

    datum: str | None
    total: int
    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]


class Shift(NamedTuple):
    """When a vehicle was on duty, in ms since 1970; `until_ms` is None while it still is."""

    vehicle: int
    from_ms: int
    until_ms: int | None

    def covers(self, at_ms: int) -> bool:
        return self.from_ms <= at_ms and (self.until_ms is None or at_ms < self.until_ms)


class Unreadable(Exception):  # noqa: N818 - an answer to the sender, not an error
    """A batch of which nothing could be read."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def in_china(lon: float, lat: float) -> bool:
    """Does a place (in degrees) lie where this house can work at all?"""
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


def milliseconds(moment: datetime) -> int:
    """A moment as ms since 1970."""
    return round(moment.timestamp() * 1000)


def moment_of(at_ms: int) -> datetime:
    """The moment of such a number, aware."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def read_batch(body: Any) -> Batch:
    """Every entry of a batch read by itself; raises `Unreadable` where there is no batch."""
    if not isinstance(body, dict):
        raise Unreadable("object")
    if unknown := [name for name in body if name not in _BATCH_KEYS]:
        raise Unreadable("unknown_key", name=unknown[0][:40])
    datum, positions = body.get("datum"), body.get("positions")
    if datum is not None and datum not in _DATUMS:
        raise Unreadable("datum")
    if not isinstance(positions, list) or not positions:
        raise Unreadable("no_positions")
    if len(positions) > MOST_ENTRIES:
        raise Unreadable("too_many", most=MOST_ENTRIES, found=len(positions))
    entries: list[Entry] = []
    faults: list[Fault] = []
    for index, one in enumerate(positions):
        read = _entry(index, one, body.get("vehicle"))
        if isinstance(read, Entry):
            entries.append(read)
        else:
            faults.append(read)
    return Batch(datum, len(positions), tuple(entries), tuple(faults))


def _entry(index: int, one: Any, default: Any) -> Entry | Fault:
    if not isinstance(one, dict):
        return Fault(index, "shape", {})
    if not one.keys() <= _KEYS:
        name = next(key for key in one if key not in _KEYS)
        return Fault(index, "unknown_key", {"name": name[:40]})
    vehicle = one.get("vehicle", default)
    if not isinstance(vehicle, str) or not vehicle.strip():
        return Fault(index, "no_vehicle", {})
    at_ms = _time(one.get("time"))
    if at_ms is None:
        return Fault(index, "time", {})
    lon: Any = one.get("lon")
    lat: Any = one.get("lat")
    if not (_is_number(lon) and _is_number(lat)):
        return Fault(index, "place", {})
    if not in_china(lon, lat):
        return Fault(index, "elsewhere", {"lon": lon, "lat": lat})
    for name, most in (("speed", 200), ("heading", 360), ("rate", 500)):
        value = one.get(name)
        if value is not None and not (_is_number(value) and 0 <= value <= most):
            return Fault(index, name, {})
    for name in ("plough", "spread"):
        if not isinstance(one.get(name), bool | None):
            return Fault(index, name, {})
    seq = one.get("seq")
    if seq is not None and not (type(seq) is int and 0 <= seq < 2**53):
        return Fault(index, "seq", {})
    return Entry(
        index, vehicle.strip(), at_ms, lon, lat, one.get("speed"), one.get("heading"),
        one.get("plough"), one.get("spread"), one.get("rate"), seq,
    )  # fmt: skip


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and isfinite(value)


def _time(text: Any) -> int | None:
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text)
        return milliseconds(at) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class Judged:
    """What holds of a batch: entries with their vehicle, how many were off shift, faults."""

    kept: tuple[tuple[int, Entry], ...]
    off_shift: int
    faults: tuple[Fault, ...]


def judge(
    batch: Batch,
    *,
    vehicles: Mapping[str, int],
    shifts: Iterable[Shift],
    last: Mapping[int, tuple[int, int | None]],
    now_ms: int,
    keep_hours: int,
) -> Judged:
    """Which entries are kept; `last` holds of each vehicle its newest time and sequence number.

    Of an entry off shift nothing but the count remains: not even where it stood in the batch.
    """
    on_duty: dict[int, list[Shift]] = {}
    for shift in shifts:
        on_duty.setdefault(shift.vehicle, []).append(shift)
    kept: list[tuple[int, Entry]] = []
    faults = list(batch.faults)
    off_shift, oldest = 0, now_ms - keep_hours * HOUR_MS
    for entry in batch.entries:
        vehicle = vehicles.get(entry.vehicle)
        if vehicle is None:
            faults.append(Fault(entry.nth, "vehicle", {"vehicle": entry.vehicle[:40]}))
        elif entry.at_ms > now_ms + FUTURE_MS:
            faults.append(Fault(entry.nth, "future", {"minutes": FUTURE_MS // 60_000}))
        elif entry.at_ms < oldest:
            faults.append(Fault(entry.nth, "too_old", {"hours": keep_hours}))
        elif not any(shift.covers(entry.at_ms) for shift in on_duty.get(vehicle, ())):
            off_shift += 1
        else:
            kept.append((vehicle, entry))
    kept, back = _clocks_back(kept, last)
    faults += back
    return Judged(tuple(kept), off_shift, tuple(sorted(faults, key=lambda fault: fault.nth)))


def _clocks_back(
    kept: Sequence[tuple[int, Entry]], last: Mapping[int, tuple[int, int | None]]
) -> tuple[list[tuple[int, Entry]], list[Fault]]:
    """Entries that their own device numbered later although their time is earlier.

    Without sequence numbers nobody can tell a clock that went back from entries out of order, and
    those are welcome. A number that starts anew (a device was switched off) is no fault.
    """
    numbered: dict[int, list[Entry]] = {}
    for vehicle, entry in kept:
        if entry.seq is not None:
            numbered.setdefault(vehicle, []).append(entry)
    wrong: set[int] = set()
    for vehicle, entries in numbered.items():
        newest, number = last.get(vehicle, (0, None))
        for entry in sorted(entries, key=lambda one: (one.seq or 0, one.at_ms)):
            later = number is not None and (entry.seq or 0) > number
            if later and entry.at_ms < newest - BACK_MS:
                wrong.add(entry.nth)
            elif entry.at_ms > newest:
                newest, number = entry.at_ms, entry.seq
    if not wrong:
        return list(kept), []
    return (
        [one for one in kept if one[1].nth not in wrong],
        [Fault(index, "clock_back", {}) for index in sorted(wrong)],
    )
