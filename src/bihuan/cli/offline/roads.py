"""`bihuan roads …`: street networks on files. No database, no web framework, no network."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from bihuan.cli.offline.options import FILE, lang
from bihuan.cli.offline.words import _, sentence
from bihuan.engines.faults import Fault, Unfit
from bihuan.engines.routing.build import Built, build
from bihuan.engines.routing.coordinates import DATUMS
from bihuan.engines.routing.network import KINDS
from bihuan.engines.routing.snap import snapped
from bihuan.engines.routing.streets import Streets
from bihuan.exchange.roads import geojson, mapping, store
from bihuan.exchange.roads.reading import read

_NEW = click.Path(dir_okay=False, path_type=Path)


@click.group(
    short_help=_("路网：由地图建成路网"),
    help=_(
        "路网，只用文件：把地图建成能派车的路网——互通、分等级、有单行和车道、"
        "有值班员叫得出的路段。\n\n例：bihuan roads build 本市.osm.pbf --out net"
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@lang
def roads() -> None: ...


@roads.command(
    "build",
    short_help=_("由地图建成路网"),
    help=_(
        "由地图建成路网：读 OpenStreetMap 的 .osm.pbf、GeoJSON 或表格（CSV、.xlsx），"
        "取能互相到达的最大一片，按对照表分等级，切成路段。不通的部分逐级报出，不悄悄丢掉。\n\n"
        "路网文件可反复使用，几分之一秒读回；地图须署名的，署名随文件走。\n\n"
        "例：bihuan roads build 本市.osm.pbf --out net --geojson 路段.geojson"
    ),
)
@click.argument("file", type=FILE)
@click.option("--out", type=_NEW, required=True, help=_("路网文件。"))
@click.option("--mapping", "table", type=FILE, help=_("道路等级对照表（TOML）；默认用自带的。"))
@click.option(
    "--datum",
    type=click.Choice(DATUMS),
    default="wgs84",
    help=_("地图的坐标系；.osm.pbf 总是 WGS-84。"),
)
@click.option(
    "--snap",
    type=click.FloatRange(0, 50),
    default=0.0,
    help=_("线的端点离别的线不到这么多米的，接上；默认不接。"),
)
@click.option("--geojson", "shown", type=_NEW, help=_("另把路段写成 GeoJSON。"))
@click.option("--json", "as_json", is_flag=True, help=_("写成 JSON。"))
@lang
def build_command(
    file: Path,
    out: Path,
    table: Path | None,
    datum: str,
    snap: float,
    shown: Path | None,
    as_json: bool,
) -> None:
    began = time.process_time()
    try:
        rules = mapping.read(table.read_bytes()) if table else mapping.default()
    except Unfit as refusal:
        raise _at(refusal, table) from None
    try:
        streets, joined = snapped(read(file, rules, datum=datum), snap)
        built = build(streets, rules)
    except Unfit as refusal:
        raise _at(refusal, file) from None
    store.save(built.network, out)
    if shown:
        text = json.dumps(geojson.sections(built.network), ensure_ascii=False)
        shown.write_text(text, encoding="utf-8")
    spent = time.process_time() - began
    if as_json:
        click.echo(json.dumps(_table(streets, built, joined, spent), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_lines(streets, built, joined, spent)))
    for note in built.notes:
        click.echo(sentence(note.code, note.params), err=True)


def _at(refusal: Unfit, file: Path | None) -> Unfit:
    """The same faults, with the file they are of."""
    name = file.name if file else ""
    return Unfit(Fault(one.code, {**one.params, "file": name}) for one in refusal.faults)


def kind_name(kind: str) -> str:
    return {
        "main": _("主干道"),
        "secondary": _("次干道"),
        "branch": _("支路"),
        "back": _("背街小巷"),
        "other": _("其他"),
    }[kind]


def _why(code: str) -> str:
    return {
        "not_drivable": _("不是车行道"),
        "closed": _("禁止通行或内部专用"),
        "left_out": _("停车场通道、入户路"),
        "reversible": _("潮汐或交替通行，按双向算"),
        "turn_over_way": _("跨路段的转向限制，没有读入"),
        "not_line": _("不是线"),
    }[code]


def _lines(streets: Streets, built: Built, joined: int, spent: float) -> Iterator[str]:
    network, cut = built.network, built.cut_off
    yield _("路口 %(nodes)d 个，单向路段 %(arcs)d 条，命名路段 %(sections)d 个") % {
        "nodes": network.nodes,
        "arcs": network.arcs,
        "sections": len(network.sections),
    }
    counts = Counter(KINDS[kind] for kind in network.kind.tolist())
    for kind, km in network.km_by_kind().items():
        if counts[kind]:
            yield _("  %(kind)s：%(arcs)d 条，单向里程 %(km).1f 公里") % {
                "kind": kind_name(kind),
                "arcs": counts[kind],
                "km": km,
            }
    yield _("桥梁 %(bridges)d 条，隧道 %(tunnels)d 条，易结冰 %(icing)d 条") % {
        "bridges": int(network.bridge.sum()),
        "tunnels": int(network.tunnel.sum()),
        "icing": int(network.icing.sum()),
    }
    if joined:
        yield _("接上的端点 %(n)d 处") % {"n": joined}
    if len(network.forbidden):
        yield _("禁止的转向 %(turns)d 处") % {"turns": len(network.forbidden)}
    if cut.arcs:
        gone = (f"{kind_name(kind)} {km:.1f}" for kind, km in cut.km_by_kind.items() if km > 0)
        yield _(
            "不通而略去：路口 %(nodes)d 个，单向路段 %(arcs)d 条，%(km).1f 公里（%(kinds)s）；"
            "留下的占 %(share).1f %%"
        ) % {
            "nodes": cut.nodes,
            "arcs": cut.arcs,
            "km": cut.km,
            "kinds": _("、").join(gone),
            "share": 100 * cut.kept_share,
        }
    for why, count in (streets.left_out or {}).items():
        yield _("  %(why)s：%(n)d 条") % {"why": _why(why), "n": count}
    if network.attribution:
        yield _("署名：%(who)s") % {"who": network.attribution}
    yield _("摘要 %(digest)s，用了 %(seconds).1f 秒处理器时间") % {
        "digest": network.digest[:16],
        "seconds": spent,
    }


def _table(streets: Streets, built: Built, joined: int, spent: float) -> dict[str, Any]:
    network, cut = built.network, built.cut_off
    counts = Counter(KINDS[kind] for kind in network.kind.tolist())
    return {
        "nodes": network.nodes,
        "arcs": network.arcs,
        "sections": len(network.sections),
        "kinds": {
            kind: {"arcs": counts[kind], "km": round(km, 3)}
            for kind, km in network.km_by_kind().items()
        },
        "bridges": int(network.bridge.sum()),
        "tunnels": int(network.tunnel.sum()),
        "icing": int(network.icing.sum()),
        "snapped": joined,
        "forbidden_turns": len(network.forbidden),
        "cut_off": {
            "nodes": cut.nodes,
            "arcs": cut.arcs,
            "km": round(cut.km, 3),
            "km_by_kind": {kind: round(km, 3) for kind, km in cut.km_by_kind.items()},
            "kept_share": round(cut.kept_share, 4),
        },
        "left_out": streets.left_out or {},
        "notes": [sentence(note.code, note.params) for note in built.notes],
        "attribution": network.attribution,
        "digest": network.digest,
        "seconds": round(spent, 2),
    }
