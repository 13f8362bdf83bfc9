"""Tracks of vehicles and their shifts from tables (.csv): one row a point, one row a shift.

A row that cannot be read is told with its line; the rest is used.
"""

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import numpy as np

from bihuan.engines.routing.coordinates import DATUMS
from bihuan.engines.routing.coverage import Shifts
from bihuan.engines.routing.faults import Fault, unfit
from bihuan.engines.routing.matching import Tracks

BEIJING = timezone(timedelta(hours=8))  # a time without a zone is the office's clock
_TOLD = 20
_COLUMNS: Mapping[str, Sequence[str]] = {
    "vehicle": ("vehicle", "车辆", "车牌", "车号", "车辆编号", "number", "plate", "id"),
    "time": ("time", "时间", "t", "时刻", "定位时间", "timestamp", "at"),
    "lon": ("lon", "经度", "lng", "longitude", "x"),
    "lat": ("lat", "纬度", "latitude", "y"),
    "plough": ("plough", "plow", "铲", "铲雪", "推铲"),
    "spread": ("spread", "spreader", "撒布", "撒布机"),
    "rate": ("rate", "rate_g_m2", "撒布量", "撒布量(g/m²)", "g/m2", "g/m²"),
    "from": ("from", "start", "出车", "开始", "起"),
    "to": ("to", "end", "收车", "结束", "止"),
}
_SIGNAL: Mapping[str, int] = {
    "1": 1, "是": 1, "开": 1, "on": 1, "true": 1, "yes": 1, "down": 1, "落": 1,
    "0": 0, "否": 0, "关": 0, "off": 0, "false": 0, "no": 0, "up": 0, "起": 0,
    "": -1,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Read:
    """读到的轨迹；`lines` 是每点在文件里的行号，`faults` 是没有读成的行。"""

    tracks: Tracks
    lines: np.ndarray
    faults: tuple[Fault, ...]


def read(content: bytes, *, datum: str = "") -> Read:
    """The points of a file, in its order."""
    if datum and datum not in DATUMS:
        raise unfit("roads_unknown_datum", found=datum, known="、".join(DATUMS))
    at, titles, rows = _table(content, ("vehicle", "time", "lon", "lat"))
    known: dict[str, int] = {}
    faults = _Faults(titles)
    out: list[tuple[int, int, float, float, float, int, int, float]] = []
    for line, row in rows:
        name = row[at["vehicle"]].strip()
        moment, lon, lat = (
            _moment(row[at["time"]]),
            _number(row[at["lon"]]),
            _number(row[at["lat"]]),
        )
        wrong = [
            (title, row[at[title]])
            for title, bad in (
                ("vehicle", not name),
                ("time", math.isnan(moment)),
                ("lon", math.isnan(lon)),
                ("lat", math.isnan(lat)),
            )
            if bad
        ]
        if wrong:
            faults.tell("tracks_bad_cell", line, wrong[0][0], wrong[0][1])
            continue
        signals = {}
        for title in ("plough", "spread"):
            text = row[at[title]].strip().lower() if title in at else ""
            if text not in _SIGNAL:
                faults.tell("tracks_bad_signal", line, title, text)
            signals[title] = _SIGNAL.get(text, -1)
        rate = _number(row[at["rate"]]) if "rate" in at else math.nan
        place = known.setdefault(name, len(known))
        out.append((line, place, moment, lon, lat, signals["plough"], signals["spread"], rate))
    columns = list(zip(*out, strict=True)) if out else [()] * 8
    found = Tracks(
        tuple(known),
        np.array(columns[1], dtype=np.int32),
        np.array(columns[2], dtype=np.float64),
        np.array(columns[3], dtype=np.float64),
        np.array(columns[4], dtype=np.float64),
        np.array(columns[5], dtype=np.int8),
        np.array(columns[6], dtype=np.int8),
        np.array(columns[7], dtype=np.float64),
        datum,
    )
    return Read(found, np.array(columns[0], dtype=np.int64), faults.all())


def read_shifts(content: bytes, vehicles: Sequence[str]) -> tuple[Shifts, tuple[Fault, ...]]:
    """Shifts of the vehicles of a track; those of other vehicles are passed over."""
    at, titles, rows = _table(content, ("vehicle", "from"))
    places = {name: k for k, name in enumerate(vehicles)}
    faults = _Faults(titles)
    out: list[tuple[int, float, float]] = []
    for line, row in rows:
        begin = _moment(row[at["from"]])
        text = row[at["to"]].strip() if "to" in at else ""
        end = _moment(text) if text else math.inf
        if math.isnan(begin) or math.isnan(end):
            bad = "from" if math.isnan(begin) else "to"
            faults.tell("tracks_bad_cell", line, bad, row[at[bad]])
        elif end <= begin:
            faults.tell("tracks_shift_order", line, "to", text)
        elif (vehicle := places.get(row[at["vehicle"]].strip())) is not None:
            out.append((vehicle, begin, end))
    columns = list(zip(*out, strict=True)) if out else [(), (), ()]
    return (
        Shifts(
            np.array(columns[0], dtype=np.int32),
            np.array(columns[1], dtype=float),
            np.array(columns[2], dtype=float),
        ),
        faults.all(),
    )


class _Faults:
    """The first of many; the rest only counted."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.titles = titles
        self.found: list[Fault] = []
        self.more = 0

    def tell(self, code: str, row: int, column: str, found: str) -> None:
        if len(self.found) < _TOLD:
            where = {"row": row, "column": self.titles[column], "found": found.strip()[:40]}
            self.found.append(Fault(code, where))
        else:
            self.more += 1

    def all(self) -> tuple[Fault, ...]:
        extra = [Fault("roads_more_faults", {"n": self.more})] if self.more else []
        return (*self.found, *extra)


def _table(
    content: bytes, needed: Sequence[str]
) -> tuple[dict[str, int], dict[str, str], Iterator[tuple[int, list[str]]]]:
    if not content.strip():
        raise unfit("tracks_empty")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    if "\x00" in text:
        raise unfit("tracks_not_table")
    rows = csv.reader(io.StringIO(text))
    given = [cell.strip() for cell in next(rows, [])]
    headings = [cell.lower() for cell in given]
    at: dict[str, int] = {}
    for name, words in _COLUMNS.items():
        for place, heading in enumerate(headings):
            if heading in words:
                at.setdefault(name, place)
    missing = [name for name in needed if name not in at]
    if missing:
        raise unfit("tracks_no_columns", missing="、".join(_COLUMNS[name][1] for name in missing))
    width = max(at.values()) + 1

    def body() -> Iterator[tuple[int, list[str]]]:
        for row in rows:
            if any(cell.strip() for cell in row):
                yield rows.line_num, row + [""] * (width - len(row))

    return at, {name: given[place] for name, place in at.items()}, body()


def _moment(text: str) -> float:
    """Seconds since 1970: ISO 8601, or seconds, or milliseconds."""
    text = text.strip()
    value = _number(text)
    if not math.isnan(value):
        return value / 1000 if abs(value) > 1e11 else value
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return math.nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).timestamp()


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
