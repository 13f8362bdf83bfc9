"""`bihuan snow whatif`: more vehicles, another yard, an earlier promise or start, as a table."""

import csv
import io
import math
from pathlib import Path
from typing import Any

import click

from bihuan.cli.offline.options import FILE, lang, where_run
from bihuan.cli.offline.roads import kind_name
from bihuan.cli.offline.routes import _of, _stoppable
from bihuan.cli.offline.words import _
from bihuan.engines.faults import Fault, Unfit


@click.command(
    "whatif",
    short_help=_("假如多几台车、换个停车场、提高等级"),
    help=_(
        "在同一任务上改一处，各排一遍，比较清完时间、超过承诺的路段、里程和融雪剂；"
        "每个方案都由校验另算。各种假设用同样的秒数和种子，差别只来自所改的地方。"
        "随时可按 Ctrl-C 停止，已算完的照样列出。\n\n"
        "例：bihuan snow whatif 任务.toml --vehicles 8\n\n"
        "例：bihuan snow whatif 任务.toml --raise back=6 --raise back=4"
    ),
)
@click.argument("file", metavar="SCENARIO.toml", type=FILE)
@click.option("--net", "network_file", type=FILE, help=_("路网文件；默认用任务文件写的。"))
@click.option("--vehicles", "most", type=click.IntRange(1), help=_("最多加几台车才能兑现承诺。"))
@click.option(
    "--yard", "places", multiple=True, metavar="LON,LAT", help=_("第一个停车场搬到这里。")
)
@click.option("--raise", "raises", multiple=True, metavar="KIND=H", help=_("某类道路几小时清完。"))
@click.option("--start", "starts", multiple=True, metavar="N=H", help=_("第几组车几小时后出车。"))
@click.option("--seconds", type=click.FloatRange(0, min_open=True), default=10.0, help=_("限时。"))
@click.option("--rounds", type=click.IntRange(1), help=_("限轮数，代替限时，结果可重现。"))
@click.option("--seed", type=click.IntRange(0), default=0, help=_("随机种子。"))
@where_run
@lang
def whatif_command(
    file: Path,
    network_file: Path | None,
    most: int | None,
    places: tuple[str, ...],
    raises: tuple[str, ...],
    starts: tuple[str, ...],
    seconds: float,
    rounds: int | None,
    seed: int,
    where: str,
) -> None:
    # Here, as the compiled search is slow to load.
    from bihuan.cli.offline.varying import runner
    from bihuan.engines.routing import whatif
    from bihuan.engines.routing.plan import variants
    from bihuan.exchange.roads import store
    from bihuan.exchange.routes import scenario as files

    with _of(file):
        named = files.network_file(file.read_bytes())
        if network_file is None and not named:
            raise Unfit([Fault("scenario_no_network")])
    place = network_file or (file.parent / named)
    with _of(place):
        network = store.load(place)
    with _of(file):
        scenario = files.read_file(file, network)
    asked = _asked(scenario, places, raises, starts)
    if not asked and most is None:
        raise Unfit([Fault("whatif_no_candidates")])
    stopped = [False]

    def tell(done: int, whole: int) -> None:
        click.echo(_("已排 %(done)d/%(whole)d") % {"done": done, "whole": whole}, err=True)

    with runner(where) as run, _stoppable(stopped, True):
        means = whatif.Means(
            variants.planner_by_rounds if rounds else variants.planner, variants.judge,
            float(rounds or seconds), seed, run, tell, lambda: stopped[0],
        )  # fmt: skip
        if most is not None:
            table = whatif.vehicles_needed(scenario, variants.more_vehicles, means, most=most)
            click.echo(_table(table))
            click.echo(
                _("加 %(n)d 台车就能兑现全部承诺。") % {"n": table.best.amount}
                if table.best
                else _("加 %(n)d 台车也兑现不了全部承诺。") % {"n": most}
            )
        if asked and not stopped[0]:
            base = whatif.Variant(_("不改"), scenario)
            click.echo(_table(whatif.compare(base, asked, means)))


def _asked(
    scenario: Any, places: tuple[str, ...], raises: tuple[str, ...], starts: tuple[str, ...]
) -> list[Any]:
    from bihuan.engines.routing.plan import variants

    out, faults = [], []
    for text in places:
        lon, _sign, lat = text.partition(",")
        if _number(lon) is None or _number(lat) is None:
            faults.append(Fault("whatif_option", {"option": "--yard", "found": text}))
        else:
            out.append(variants.yard_at(scenario, float(lon), float(lat)))
    for text in raises:
        kind, _sign, hours = text.partition("=")
        if kind not in scenario.rules or not (_number(hours) or 0) > 0:
            faults.append(Fault("whatif_option", {"option": "--raise", "found": text}))
        else:
            out.append(variants.raised(scenario, kind, float(hours) * 3600))
    for text in starts:
        group, _sign, hours = text.partition("=")
        number = _number(group)
        if number is None or not 1 <= number <= len(scenario.groups) or _number(hours) is None:
            faults.append(Fault("whatif_option", {"option": "--start", "found": text}))
        else:
            out.append(variants.started(scenario, int(number) - 1, float(hours) * 3600))
    if faults:
        raise Unfit(faults)
    return out


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _table(table: Any) -> str:
    """The rows as CSV: a spreadsheet reads it, and so do people."""
    from bihuan.exchange.routes.plans import hour

    kinds = list(dict.fromkeys(kind for row in table.rows for kind in row.judged.clear_s))
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow([
        _("假设"), *(_("%s清完") % kind_name(kind) for kind in kinds), _("超过承诺的路段"),
        _("没清完的路段"), _("全程公里"), _("融雪剂（吨）"), _("用车台数"),
    ])  # fmt: skip
    for row in table.rows:
        judged = row.judged
        clear = [judged.clear_s.get(kind, math.inf) for kind in kinds]
        write.writerow([
            row.label, *(hour(one) if math.isfinite(one) else _("清不完") for one in clear),
            sum(judged.late.values()), judged.undone, f"{judged.km:.1f}",
            f"{judged.deicer_kg / 1000:.2f}", judged.vehicles,
        ])  # fmt: skip
    return out.getvalue().rstrip("\n")
