"""`bihuan snow plan`: a scenario on a network file becomes routes, driver sheets and numbers."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import numpy as np

from bihuan.cli.offline.options import FILE, lang, where_run
from bihuan.cli.offline.roads import kind_name
from bihuan.cli.offline.routes import _of, _stoppable
from bihuan.cli.offline.words import _, english, sentence
from bihuan.engines.faults import Fault, Unfit

_TOLD_SHARE = 0.05


@click.command(
    "plan",
    short_help=_("排扫雪除冰方案"),
    help=_(
        "按任务（TOML：哪几类道路、几遍、几小时清完、车辆、停车场、天气）排出每台车的路线。"
        "先兑现承诺，再早清完，再省里程；排不下的照实列出，不悄悄丢掉。随时可按 Ctrl-C 停止，"
        "写出到那时为止最好的方案。\n\n"
        "目录里写出 routes.geojson、drivers.pdf、legs.csv、tours.csv、numbers.csv、plan.json。"
        "数里有下界和差距、按公司分片和每车一片各要多多少、在速度不确定时兑现承诺的概率，"
        "并由不用求解程序的校验另算一遍。\n\n"
        "例：bihuan snow plan 任务.toml --net net --out 方案 --seconds 60"
    ),
)
@click.argument("file", metavar="SCENARIO.toml", type=FILE)
@click.option("--net", "network_file", type=FILE, help=_("路网文件；默认用任务文件写的。"))
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help=_("输出目录。")
)
@click.option("--seconds", type=click.FloatRange(0, min_open=True), default=30.0, help=_("限时。"))
@click.option("--rounds", type=click.IntRange(1), help=_("限轮数，代替限时，结果可重现。"))
@click.option("--seed", type=click.IntRange(0), default=0, help=_("随机种子。"))
@click.option(
    "--first",
    type=click.Choice(["clear", "distance"]),
    default="clear",
    help=_("承诺之后先求什么：clear 早清完，distance 省里程。"),
)
@click.option("--districts", type=click.IntRange(1), help=_("分几片并行排，再修接缝。"))
@click.option("--compare", is_flag=True, help=_("另按公司分片、每车一片各排一遍，比较。"))
@click.option("--json", "as_json", is_flag=True, help=_("写成 JSON。"))
@where_run
@lang
def plan_command(
    file: Path,
    network_file: Path | None,
    out: Path,
    seconds: float,
    rounds: int | None,
    seed: int,
    first: str,
    districts: int | None,
    compare: bool,
    as_json: bool,
    where: str,
) -> int:
    # Here, as the compiled search is slow to load.
    from bihuan.cli.offline.varying import runner
    from bihuan.engines.routing.plan.bounds import bounds
    from bihuan.engines.routing.plan.check import check
    from bihuan.engines.routing.plan.city import plan_demand
    from bihuan.engines.routing.plan.demand import demand
    from bihuan.engines.routing.plan.planner import Aim, Progress
    from bihuan.exchange.roads import store
    from bihuan.exchange.routes import plans
    from bihuan.exchange.routes import scenario as files

    with _of(file):
        named = files.network_file(file.read_bytes())
        if network_file is None and not named:
            raise Unfit([Fault("scenario_no_network")])
    place = network_file or (file.parent / named)
    with _of(place):
        network = store.load(place)
    last, stopped = [-1.0], [False]

    def tell(now: Progress) -> None:
        if now.share - last[0] >= _TOLD_SHARE or now.share >= 1.0:
            last[0] = now.share
            params = {
                "share": now.share * 100, "done": now.done, "tasks": now.tasks,
                "clear": plans.hour(now.clear_s),
            }  # fmt: skip
            click.echo(
                _("%(share).0f %%：排上 %(done)d/%(tasks)d，%(clear)s 清完。") % params, err=True
            )

    aim = Aim(seconds, rounds, seed, first, progress=tell, stop=lambda: stopped[0])
    with runner(where) as run:
        with _of(file):
            whole = demand(files.read_file(file, network))
        with _stoppable(stopped, True):
            plan = plan_demand(whole, aim, districts=districts, run=run)
        verdict = check(whole.scenario, plan, whole.passes)
        rows = _numbers(plan, verdict, bounds(whole))
        if compare and not stopped[0]:
            rows += _compared(whole, replace(aim, progress=None, stop=None), plan, run)
        rows += _chances(plan)
    out.mkdir(parents=True, exist_ok=True)
    (out / "routes.geojson").write_text(plans.geojson(plan), encoding="utf-8")
    (out / "legs.csv").write_bytes(plans.legs_csv(plan, _))
    (out / "tours.csv").write_bytes(plans.tours_csv(plan, _))
    numbers = plans.numbers_csv([(_(name), value) for _key, name, value in rows])
    (out / "numbers.csv").write_bytes(numbers)
    table: dict[str, Any] = {key: value for key, _name, value in rows}
    table |= {"seed": seed, "first": first, "digest": network.digest}
    (out / "plan.json").write_text(json.dumps(table, ensure_ascii=False, indent=1), "utf-8")
    _sheets(plan, out / "drivers.pdf")
    if as_json:
        click.echo(json.dumps(table, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(f"{_(name)}{': ' if english() else '：'}{v}" for _k, name, v in rows))
    for one in verdict.faults:
        click.echo(sentence(one.code, one.params), err=True)
    return 1 if verdict.faults else 0


Rows = list[tuple[str, str, Any]]


def _numbers(plan: Any, verdict: Any, bound: Any) -> Rows:
    from bihuan.exchange.routes.plans import hour

    judged = verdict.judged
    km = judged.km
    rows: Rows = [
        ("tasks", _("作业项数"), len(plan.demand.tasks)),
        ("left", _("没排上的作业"), len(plan.left)),
        ("vehicles", _("用车台数"), judged.vehicles),
        ("served_km", _("作业公里"), round(verdict.served_km, 2)),
        ("km", _("全程公里"), round(km, 2)),
        ("bound_km", _("全程公里的下界"), round(bound.km, 2)),
        ("gap_percent", _("与下界的差距（%）"), round((km / bound.km - 1) * 100, 2)),
        ("deicer_t", _("融雪剂（吨）"), round(judged.deicer_kg / 1000, 2)),
    ]
    for kind, seconds in judged.clear_s.items():
        whole = np.isfinite(seconds)
        said = hour(seconds) if whole else _("清不完")
        rows.append((f"clear_{kind}", _("%s清完") % kind_name(kind), said))
    for kind, late in judged.late.items():
        rows.append((f"late_{kind}", _("%s超过承诺的路段") % kind_name(kind), late))
    rows += [
        ("bound_clear", _("清完时间的下界"), hour(bound.clear_s)),
        ("first_s", _("第一个完整方案（秒）"),
         round(plan.first_s, 2) if plan.first_s is not None else ""),
        ("seconds", _("排了几秒"), round(plan.seconds, 1)),
        ("faults", _("校验不合之处"), len(verdict.faults)),
    ]  # fmt: skip
    return rows


def _compared(whole: Any, aim: Any, plan: Any, run: Any) -> Rows:
    """What the fences of today cost: companies' sectors, and a territory for every vehicle."""
    from bihuan.engines.routing.plan.sectors import by_company, by_vehicle, plan_pieces
    from bihuan.exchange.routes.plans import hour

    rows: Rows = []
    for key, name, pieces in (
        ("company", _("按公司分片"), by_company(whole)),
        ("territory", _("每车一片"), by_vehicle(whole, aim.seed)),
    ):
        other = plan_pieces(whole, pieces, aim, run=run)
        last = max(other.clear_s().values(), default=0.0)
        rows += [
            (f"{key}_km", _("%s：全程公里") % name, round(other.km, 2)),
            (f"{key}_more_percent", _("%s：多行驶（%%）") % name,
             round((other.km / plan.km - 1) * 100, 1) if plan.km else ""),
            (f"{key}_clear", _("%s：清完") % name,
             hour(last) if np.isfinite(last) else _("清不完")),
            (f"{key}_left", _("%s：没排上的作业") % name, len(other.left)),
        ]  # fmt: skip
    return rows


def _chances(plan: Any) -> Rows:
    """How likely each class keeps its hour when speeds are not as planned."""
    from bihuan.engines.routing.chance import chances
    from bihuan.exchange.roads import uncertainty

    if not any(tour.stops for tour in plan.tours):
        return []
    found = chances(plan.timetable(), plan.scenario.promises(), uncertainty.default(), samples=1000)
    return [
        (f"chance_{one.kind}", _("%s按时清完的概率（%%）") % kind_name(one.kind),
         round(one.probability * 100, 1))
        for one in found.kinds
        if np.isfinite(one.promise_s)
    ]  # fmt: skip


def _sheets(plan: Any, place: Path) -> None:
    from bihuan.exchange.paper.glyphs import Unprintable
    from bihuan.exchange.paper.printing import pdf
    from bihuan.exchange.routes.plans import sheets

    if not any(tour.stops for tour in plan.tours):
        return
    fonts = Path(__file__).resolve().parents[2] / "ui" / "static" / "built" / "fonts"
    at = datetime.now(UTC).replace(microsecond=0)
    try:
        place.write_bytes(pdf(sheets(plan, _), fonts=fonts if fonts.is_dir() else None, at=at))
    except Unprintable:
        click.echo(_("没有找到中文字体，行车单没有印成 PDF；其余文件已写出。"), err=True)
