"""`bihuan snow match`: tracks on a network file become ways driven and passes of sections."""

import csv
import io
import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import numpy as np

from bihuan.cli.offline.options import FILE, lang
from bihuan.cli.offline.words import _, sentence
from bihuan.engines.faults import Fault, Unfit
from bihuan.engines.routing.coordinates import DATUMS
from bihuan.engines.routing.coverage import Pass, on_shift, passes, ways
from bihuan.engines.routing.matching import FATES, Cells, Matched, Tracks, cells, match
from bihuan.exchange.roads import store
from bihuan.exchange.roads import tracks as files

_NEW = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "match",
    short_help=_("把车辆轨迹匹配到路网"),
    help=_(
        "把车辆轨迹（CSV：车辆、时间、经度、纬度，可有铲雪、撒布、撒布量三列）匹配到路网，"
        "得出每辆车驶过哪些路段、何时、作业没有。\n\n"
        "坐标系不写明时自行认出 WGS-84、GCJ-02、BD-09 并改正；"
        "用不上的点逐类说明，没有收到定位的一段另行标明，不当作作业证明。"
        "给出班次时，班次以外的点一律丢弃。\n\n"
        "例：bihuan snow match 轨迹.csv --net net --out 作业记录.csv"
    ),
)
@click.argument("file", metavar="TRACKS.csv", type=FILE)
@click.option("--net", "network_file", type=FILE, required=True, help=_("路网文件。"))
@click.option("--shifts", "shifts_file", type=FILE, help=_("班次（CSV：车辆、出车、收车）。"))
@click.option("--datum", type=click.Choice(DATUMS), help=_("轨迹的坐标系；默认自行认出。"))
@click.option("--out", type=_NEW, help=_("作业记录（CSV）：每次通过一个路段一行。"))
@click.option("--geojson", "shown", type=_NEW, help=_("另把驶过的路线写成 GeoJSON。"))
@click.option("--json", "as_json", is_flag=True, help=_("写成 JSON。"))
@lang
def match_command(
    file: Path,
    network_file: Path,
    shifts_file: Path | None,
    datum: str | None,
    out: Path | None,
    shown: Path | None,
    as_json: bool,
) -> None:
    try:
        network = store.load(network_file)
    except Unfit as refusal:
        raise _at(refusal.faults, network_file) from None
    try:
        read = files.read(file.read_bytes(), datum=datum or "")
    except Unfit as refusal:
        raise _at(refusal.faults, file) from None
    told = _named(read.faults, file)
    tracks, lines = read.tracks, read.lines
    if shifts_file:
        try:
            shifts, faults = files.read_shifts(shifts_file.read_bytes(), tracks.vehicles)
        except Unfit as refusal:
            raise _at(refusal.faults, shifts_file) from None
        tracks, kept = on_shift(tracks, shifts)
        lines = lines[kept]
        told += _named(faults, shifts_file)
        if not kept.all():
            told.append(Fault("tracks_off_shift", {"n": int((~kept).sum())}))
    if not tracks.points:
        raise Unfit([*told, Fault("match_empty", {})])
    places = cells(network)
    began = time.process_time()
    matched = match(places, tracks)
    spent = time.process_time() - began
    found = passes(ways(network), tracks, matched)
    if out:
        out.write_text(_csv(_names(places), tracks, lines, found), encoding="utf-8-sig")
    if shown:
        shown.write_text(
            json.dumps(_geojson(places, tracks, matched), ensure_ascii=False), encoding="utf-8"
        )
    told += matched.notes
    table = _table(tracks, matched, found, spent)
    if as_json:
        table["notes"] = [sentence(one.code, one.params) for one in told]
        click.echo(json.dumps(table, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_lines(table)))
        for one in told:
            click.echo(sentence(one.code, one.params), err=True)


def _names(places: Cells) -> dict[str, str]:
    """Code of a section → its name."""
    return {one.code: one.name for one in places.network.sections}


def _named(faults: tuple[Fault, ...], file: Path) -> list[Fault]:
    return [Fault(one.code, {**one.params, "file": file.name}) for one in faults]


def _at(faults: tuple[Fault, ...], file: Path) -> Unfit:
    return Unfit(_named(faults, file))


def _table(tracks: Tracks, matched: Matched, found: list[Pass], spent: float) -> dict[str, Any]:
    driven = matched.driven
    metres = driven.to_m - driven.from_m
    vehicles = []
    for at, name in enumerate(tracks.vehicles):
        mine, points = driven.vehicle == at, tracks.vehicle == at
        vehicles.append(
            {
                "vehicle": name,
                "points": int(points.sum()),
                "used": int((matched.fate[points] == 0).sum()),
                "km": round(float(metres[mine & driven.seen].sum()) / 1000, 3),
                "inferred_km": round(float(metres[mine & ~driven.seen].sum()) / 1000, 3),
                "datum": matched.datums[at],
                "noise_m": round(float(matched.noise_m[at]), 1),
            }
        )
    return {
        "points": tracks.points,
        "fates": {name: matched.count(at) for at, name in enumerate(FATES) if matched.count(at)},
        "km": round(float(metres[driven.seen].sum()) / 1000, 3),
        "inferred_km": round(float(metres[~driven.seen].sum()) / 1000, 3),
        "passes": len(found),
        "sections": len({one.section for one in found}),
        "vehicles": vehicles,
        "seconds": round(spent, 3),
    }


def _lines(table: dict[str, Any]) -> Iterator[str]:
    yield _("定位点 %(points)d 个，用上 %(used)d 个") % {
        "points": table["points"],
        "used": table["fates"].get("used", 0),
    }
    yield _("驶过 %(km).1f 公里，另有 %(inferred).1f 公里没有定位、是推断的") % {
        "km": table["km"],
        "inferred": table["inferred_km"],
    }
    yield _("通过路段 %(passes)d 次，路段 %(sections)d 个") % {
        "passes": table["passes"],
        "sections": table["sections"],
    }
    for one in table["vehicles"]:
        yield (
            _(
                "  %(vehicle)s：点 %(points)d 个，用上 %(used)d 个，%(km).1f 公里，"
                "定位误差约 %(noise_m).0f 米，坐标系 %(datum)s"
            )
            % one
        )
    yield _("用了 %(seconds).1f 秒处理器时间") % {"seconds": table["seconds"]}


def _csv(names: dict[str, str], tracks: Tracks, lines: Any, found: list[Pass]) -> str:
    """One row a pass; evidence are the line numbers of the track file."""
    stream = io.StringIO()
    rows = csv.writer(stream)
    rows.writerow(
        (
            _("车辆"), _("路段代码"), _("路段"), _("方向"), _("起"), _("止"), _("通过比例"),
            _("推断比例"), _("铲雪"), _("撒布"), _("撒布量（克）"), _("证据（轨迹文件行号）"),
        )
    )  # fmt: skip
    for one in found:
        rows.writerow(
            (
                tracks.vehicles[one.vehicle],
                one.section,
                names[one.section],
                _("反向") if one.direction == "against" else _("正向"),
                _moment(one.from_s),
                _moment(one.to_s),
                f"{one.share:.3f}",
                f"{one.inferred:.3f}",
                _told(one.ploughed),
                _told(one.spread),
                "" if one.grams is None else f"{one.grams:.0f}",
                " ".join(str(int(lines[at])) for at in one.evidence),
            )
        )
    return stream.getvalue()


def _moment(t_s: float) -> str:
    return datetime.fromtimestamp(t_s, tz=files.BEIJING).isoformat(timespec="seconds")


def _told(flag: bool | None) -> str:
    return _("未说明") if flag is None else _("是") if flag else _("否")


def _geojson(places: Cells, tracks: Tracks, matched: Matched) -> dict[str, Any]:
    """The ways driven as lines, one for each piece of a track, in the network's own places."""
    driven, network = matched.driven, places.network
    features = []
    new = np.zeros(len(driven), dtype=bool)
    new[:1] = True
    for name in ("vehicle", "part", "seen"):
        value = getattr(driven, name)
        new[1:] |= value[1:] != value[:-1]
    for start, stop in zip(
        np.flatnonzero(new), [*np.flatnonzero(new)[1:], len(driven)], strict=True
    ):
        line: list[list[float]] = []
        for row in range(int(start), int(stop)):
            for lon, lat in _cut(network, driven, row):
                point = [round(lon, 6), round(lat, 6)]
                if not line or line[-1] != point:
                    line.append(point)
        if len(line) > 1:
            about = {
                "vehicle": tracks.vehicles[int(driven.vehicle[start])],
                "from": _moment(float(driven.from_s[start])),
                "to": _moment(float(driven.to_s[stop - 1])),
                "seen": bool(driven.seen[start]),
            }
            shape = {"type": "LineString", "coordinates": line}
            features.append({"type": "Feature", "properties": about, "geometry": shape})
    return {
        "type": "FeatureCollection",
        "attribution": network.attribution,
        "features": features,
    }


def _cut(network: Any, driven: Any, row: int) -> list[tuple[float, float]]:
    """The part of an arc's shape that was driven."""
    arc = int(driven.arc[row])
    lon, lat = network.geometry(arc)
    narrow = np.cos(np.radians(lat.mean()))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(lon) * narrow, np.diff(lat)))])
    along *= float(network.length_m[arc]) / max(float(along[-1]), 1e-12)
    low, high = float(driven.from_m[row]), float(driven.to_m[row])
    at = np.concatenate([[low], along[(along > low) & (along < high)], [high]])
    return list(
        zip(np.interp(at, along, lon).tolist(), np.interp(at, along, lat).tolist(), strict=True)
    )
