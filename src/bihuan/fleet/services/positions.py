"""The fast path: a batch of positions is judged in memory and written by three statements.

One transaction a batch. On SQLite the write-ahead log takes it: readers are never held up, and
what was acknowledged stands in the log, so that the death of the process loses nothing. Several
batches at once queue at the beginning of their transactions.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.db.models import F, Q

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.fleet import bridge, queries, rules
from bihuan.fleet.models import Device, DeviceDay, LastPosition, Vehicle
from bihuan.jobs import services as jobs

TIDY_EVERY_S = 3600
_MANY = 500  # names in a batch above which all vehicles of the company are fetched instead
_COLUMNS = "vehicle_id, at_ms, lon, lat, speed_kmh, heading, ploughing, spreading, rate"
_INSERT = (
    f"INSERT INTO fleet_position ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) "
    "ON CONFLICT DO NOTHING"
)
_NEWEST = (
    f"INSERT INTO fleet_lastposition ({_COLUMNS}, seq) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) "
    "ON CONFLICT (vehicle_id) DO UPDATE SET at_ms = excluded.at_ms, lon = excluded.lon, "
    "lat = excluded.lat, speed_kmh = excluded.speed_kmh, heading = excluded.heading, "
    "ploughing = excluded.ploughing, spreading = excluded.spreading, rate = excluded.rate, "
    "seq = excluded.seq WHERE excluded.at_ms > fleet_lastposition.at_ms"
)


@dataclass(frozen=True)
class Receipt:
    """回执：收到、存下、重复、不在当班、有错各多少条，错的是哪几条。"""

    received: int
    stored: int = 0
    repeated: int = 0
    off_shift: int = 0
    faults: tuple[rules.Fault, ...] = field(default=())


def record_positions(device: Device, body: Any) -> Receipt:
    """收位置：好的存下，重发的不再存，不在当班的只计数，错的逐条说明；不因错的丢好的。

    Raises `rules.Unreadable` where there is no batch. No audit entry: it is a measurement, not an
    act of a person, and there are thousands a minute.
    """
    batch = rules.read_batch(body)
    now = clock.now()
    vehicles = _vehicles(device, {entry.vehicle for entry in batch.entries})
    times = [entry.at_ms for entry in batch.entries]
    shifts = _shifts(vehicles.values(), min(times), max(times)) if vehicles else ()
    numbered = {vehicles.get(one.vehicle) for one in batch.entries if one.seq is not None}
    judged = rules.judge(
        batch,
        vehicles=vehicles,
        shifts=shifts,
        last=_last(pk for pk in numbered if pk is not None),
        now_ms=rules.milliseconds(now),
        keep_hours=queries.keep_hours(),
    )
    rows = _rows(judged.kept, batch.datum or device.datum)
    with transaction.atomic():
        stored = _write(judged.kept, rows)
        receipt = Receipt(batch.total, stored, len(rows) - stored, judged.off_shift, judged.faults)
        _count(device, receipt)
    _tidy_now_and_then()
    return receipt


def _vehicles(device: Device, names: set[str]) -> dict[str, int]:
    """The vehicles of a device by what they may be called: number or plate."""
    found = Vehicle.objects.filter(company=device.company_id, in_use=True)
    if device.vehicle_id is not None:
        found = found.filter(pk=device.vehicle_id)
    elif len(names) <= _MANY:
        found = found.filter(Q(number__in=names) | Q(plate__in=names))
    called: dict[str, int] = {}
    for pk, number, plate in found.values_list("pk", "number", "plate"):
        called[number] = pk
        if plate:
            called.setdefault(plate, pk)
    return called


def _shifts(vehicles: Iterable[int], from_ms: int, until_ms: int) -> list[rules.Shift]:
    wanted = set(vehicles)
    found = queries.shifts_between(
        rules.moment_of(from_ms), rules.moment_of(until_ms + 1)
    ).order_by()
    if len(wanted) <= _MANY:
        found = found.filter(vehicle__in=wanted)
    return [
        rules.Shift(
            vehicle, rules.milliseconds(starts), None if ends is None else rules.milliseconds(ends)
        )
        for vehicle, starts, ends in found.values_list("vehicle", "starts_at", "ends_at")
        if vehicle in wanted
    ]


def _last(vehicles: Iterable[int]) -> dict[int, tuple[int, int | None]]:
    wanted = set(vehicles)
    if not wanted:
        return {}
    found = LastPosition.objects.all()
    if len(wanted) <= _MANY:
        found = found.filter(vehicle__in=wanted)
    return {pk: (at, seq) for pk, at, seq in found.values_list("vehicle", "at_ms", "seq")}


def _rows(kept: Sequence[tuple[int, rules.Entry]], datum: str) -> list[tuple[Any, ...]]:
    lons, lats = bridge.to_wgs84(
        [one.lon for _pk, one in kept], [one.lat for _pk, one in kept], datum
    )
    return [
        (
            vehicle, one.at_ms, lon, lat, one.speed_kmh, one.heading, one.ploughing,
            one.spreading, one.rate,
        )
        for (vehicle, one), lon, lat in zip(kept, lons, lats, strict=True)
    ]  # fmt: skip


def _write(kept: Sequence[tuple[int, rules.Entry]], rows: list[tuple[Any, ...]]) -> int:
    """Insert what is new, renew the newest of each vehicle; says how many were new."""
    if not rows:
        return 0
    newest: dict[int, tuple[Any, ...]] = {}
    for (vehicle, entry), row in zip(kept, rows, strict=True):
        if vehicle not in newest or row[1] > newest[vehicle][1]:
            newest[vehicle] = (*row, entry.seq)
    # Sorted, so that two batches of the same vehicles never wait for each other crosswise.
    ordered = sorted(rows, key=itemgetter(0, 1))
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, ordered)
        stored: int = cursor.rowcount
        cursor.executemany(_NEWEST, [newest[vehicle] for vehicle in sorted(newest)])
    return stored


def _count(device: Device, receipt: Receipt) -> None:
    counts: Mapping[str, int] = {
        "received": receipt.received,
        "stored": receipt.stored,
        "repeated": receipt.repeated,
        "off_shift": receipt.off_shift,
        "faulty": len(receipt.faults),
    }
    told = {name: F(name) + n for name, n in counts.items() if n} | {"heard_at": clock.now()}
    today = DeviceDay.objects.filter(device=device, day=clock.today())
    if not today.update(**told):
        DeviceDay.objects.get_or_create(
            device=device, day=clock.today(), defaults={"heard_at": clock.now()}
        )
        today.update(**told)


def _tidy_now_and_then() -> None:
    """Where positions come in they must also go: the chore runs by itself, at most once an hour in
    each process."""
    if cache.add("fleet.tidy", True, TIDY_EVERY_S):
        with suppress(Refused, OperationalError):  # the batch is stored whatever becomes of it
            jobs.start("fleet.tidy", by=None, inputs={})
