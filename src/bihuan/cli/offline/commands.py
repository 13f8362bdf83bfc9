"""`bihuan index …`: the index engine on files. No database, no web framework, no network."""

from pathlib import Path
from typing import Any

import click
import numpy as np

from bihuan.base.errors import Refused
from bihuan.cli.offline import answers, report, runs, varying
from bihuan.cli.offline.options import (
    FILE,
    FOLDER,
    OUT,
    files,
    lang,
    out_folder,
    varying_options,
    where_run,
)
from bihuan.cli.offline.reading import Input, csv_rows, read
from bihuan.cli.offline.words import _, english, sentence
from bihuan.engines.index import Result, build
from bihuan.engines.index.audit import audit as audited
from bihuan.engines.index.explain import score_change
from bihuan.engines.index.faults import Fault, Unfit
from bihuan.engines.index.goal import Lever, Peers, misreports, seek
from bihuan.engines.index.moves import explain_move, passings
from bihuan.engines.index.robust import rises
from bihuan.engines.index.robust import uncertainty as spread_of
from bihuan.engines.index.sensitivity import Output, design_of, shapley_effects, sobol
from bihuan.exchange.report import FORMATS

MOST_TAKEN_OUT = 300  # a build each: for more units only where it is asked for


@click.group(
    short_help=_("综合指数：离线计算"),
    help=_(
        "综合指数引擎，只用文件：算得分和位次、不确定性、敏感性、归因、目标、体检、报告。\n\n"
        "例：bihuan index build --data idata.csv --meta imeta.csv --out 结果"
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@lang
def index() -> None: ...


@index.command(
    "build",
    short_help=_("算得分和位次"),
    help=_("算出每个结点的得分和位次，写出 treated、normalised、scores、ranks 和 run.json。"),
)
@files
@out_folder
@lang
def build_command(
    data: Path, meta: Path, method_file: Path | None, year: int | None, out: Path
) -> None:
    given = read(data, meta, method_file, year)
    result = build(given.frame, given.method)
    runs.write(out, runs.build_files(given, result, year))
    click.echo(
        _("已算出 %(units)d 行、%(nodes)d 个结点的得分和位次（测算值），写在 %(out)s。")
        % {"units": len(result.units), "nodes": len(result.tree.nodes), "out": out}
    )


@index.command(
    "uncertainty",
    short_help=_("位次有多确定"),
    help=_(
        "按抽样逐次重算，得出位次区间、进前几名的概率、谁高于谁的概率；"
        "--replicates 与 --seed 随机抽样，--design 重放一个抽样方案。算不出的抽样写在 failed.csv。"
    ),
)
@files
@out_folder
@click.option("--replicates", default=1000, type=click.IntRange(2), help=_("抽样次数。"))
@click.option("--seed", default=0, type=click.IntRange(0), help=_("随机种子。"))
@click.option("--design", "design_file", type=FILE, help=_("抽样方案（CSV），逐行重放。"))
@varying_options
@click.option("--top", default=30, type=click.IntRange(1), help=_("前几名的概率。"))
@click.option("--last", default=5, type=click.IntRange(1), help=_("末几名的概率。"))
@click.option("--draws/--no-draws", default=None, help=_("写出每次抽样的得分和位次。"))
@where_run
@lang
def uncertainty_command(
    data: Path,
    meta: Path,
    method_file: Path | None,
    year: int | None,
    out: Path,
    replicates: int,
    seed: int,
    design_file: Path | None,
    top: int,
    last: int,
    draws: bool | None,
    where: str,
    **options: Any,
) -> None:
    given = read(data, meta, method_file, year)
    inputs = varying.inputs_from(given, **options)
    design = varying.design(given, inputs, replicates, seed, design_file)
    with varying.runner(where) as run:
        told = varying.telling(run, len(design.picks))
        spread = spread_of(given.frame, given.method, design, told)
    full = draws if draws is not None else len(design.picks) <= 2000
    if len(spread.good) == 0:
        raise Unfit([Fault("all_failed"), spread.failed[0].why])
    files = answers.uncertainty_files(spread, top, last, full)
    runs.write(out, files)
    click.echo(
        _("算了 %(n)d 次，其中 %(failed)d 次算不出，写在 %(out)s。")
        % {"n": len(design.picks), "failed": len(spread.failed), "out": out}
    )


@index.command(
    "rose",
    short_help=_("位次确有上升吗"),
    help=_(
        "两年用同样的抽样（同一种子）逐次重算，得出每个单位位次确有上升、下降、不变的概率；"
        "只有两年都参评的单位。各种做法的选项与 uncertainty 相同，两年用同一套。"
    ),
)
@click.option("--before", type=FOLDER, required=True, help=_("前一次的输出目录。"))
@click.option("--after", type=FOLDER, required=True, help=_("后一次的输出目录。"))
@out_folder
@click.option("--unit", default="", help=_("只看这个单位。"))
@click.option("--replicates", default=1000, type=click.IntRange(2), help=_("抽样次数。"))
@click.option("--seed", default=0, type=click.IntRange(0), help=_("随机种子。"))
@varying_options
@where_run
@lang
def rose_command(
    before: Path,
    after: Path,
    out: Path,
    unit: str,
    replicates: int,
    seed: int,
    where: str,
    **options: Any,
) -> None:
    given = [runs.load(folder)[0] for folder in (before, after)]
    trees = [one.frame.tree.codes for one in given]
    if options["weights"] and trees[0] != trees[1]:
        raise Refused(_("两次的指标不同，不能用同一组权重。请不用 --weights。"))
    inputs = varying.inputs_from(given[1], **options)
    design = varying.design(given[1], inputs, replicates, seed, None)
    with varying.runner(where) as run:
        told = varying.telling(run, 2 * replicates)
        earlier, later = (spread_of(one.frame, one.method, design, told) for one in given)
    for spread in (earlier, later):
        if len(spread.good) == 0:
            raise Unfit([Fault("all_failed"), spread.failed[0].why])
    found = rises(earlier, later)
    if unit and unit not in found:
        raise Refused(sentence("unknown_unit", {"unit": unit}))
    runs.write(out, answers.rose_files(earlier, later, found))
    click.echo("\n".join(answers.rose_lines(earlier, later, found, unit)))


@index.command(
    "sensitivity",
    short_help=_("哪种选择影响最大"),
    help=_("Sobol 指数和沙普利效应：哪种选择最影响位次（全体的平均变动，或某单位的位次）。"),
)
@files
@out_folder
@click.option("--replicates", default=500, type=click.IntRange(2), help=_("每块的抽样次数。"))
@click.option("--seed", default=0, type=click.IntRange(0), help=_("随机种子。"))
@click.option("--unit", default="", help=_("只看这个单位。"))
@click.option(
    "--output",
    "kind",
    type=click.Choice(["shift", "rank", "score", "top"]),
    help=_("看什么：平均变动、位次、得分，或是否进前 --top 名。"),
)
@click.option("--top", default=30, type=click.IntRange(1), help=_("前几名。"))
@click.option("--shapley/--no-shapley", default=True, help=_("也算沙普利效应。"))
@varying_options
@where_run
@lang
def sensitivity_command(
    data: Path,
    meta: Path,
    method_file: Path | None,
    year: int | None,
    out: Path,
    replicates: int,
    seed: int,
    unit: str,
    kind: str | None,
    top: int,
    shapley: bool,
    where: str,
    **options: Any,
) -> None:
    given = read(data, meta, method_file, year)
    inputs = varying.inputs_from(given, **options)
    output = Output(kind or ("rank" if unit else "shift"), unit, top)
    count = len(inputs.varied)
    common: Any = {"count": replicates, "seed": seed, "output": output}
    effects = None
    with varying.runner(where) as run:
        told = varying.telling(run, replicates * (count + 2))
        found = sobol(given.frame, given.method, inputs, run=told, **common)
        if shapley and count <= 7:
            told = varying.telling(run, replicates * (2**count - 1))
            effects = shapley_effects(given.frame, given.method, inputs, run=told, **common)
    design = design_of(inputs, replicates, seed)
    runs.write(out, answers.sensitivity_files(found, effects, design))
    for i, name in enumerate(found.inputs):
        share = "" if effects is None else f"  Sh={effects.share[i]:.3f}"
        click.echo(f"  {name:<14} S={found.first[i]:.3f}  ST={found.total[i]:.3f}{share}")
    click.echo(
        _("算不出的抽样 %(failed)d 次，写在 %(out)s。") % {"failed": len(found.failed), "out": out}
    )


@index.command(
    "explain",
    short_help=_("位次为什么变"),
    help=_("把一个单位的位次变动分解到自身指标、其他单位、尺度、方案和进出，各项相加恰为变动。"),
)
@click.option("--before", type=FOLDER, required=True, help=_("前一次的输出目录。"))
@click.option("--after", type=FOLDER, required=True, help=_("后一次的输出目录。"))
@click.option("--unit", required=True, help=_("单位代码。"))
@click.option("--by-indicator", is_flag=True, help=_("逐指标分解（随机排列，有种子）。"))
@click.option("--permutations", default=10_000, type=click.IntRange(2), help=_("排列的个数。"))
@click.option("--seed", default=0, type=click.IntRange(0), help=_("随机种子。"))
@click.option("--out", type=OUT, help=_("也写出 explain.json。"))
@lang
def explain_command(
    before: Path,
    after: Path,
    unit: str,
    by_indicator: bool,
    permutations: int,
    seed: int,
    out: Path | None,
) -> None:
    first, second = runs.load(before)[1], runs.load(after)[1]
    move = explain_move(
        first, second, unit, groups=not by_indicator, permutations=permutations, seed=seed
    )
    crossed = passings(first, second, unit)
    try:
        change = score_change(first, second, unit)
    except Unfit as refusal:
        change = None
        told = [sentence(f.code, f.params) for f in refusal.faults]
    lines = answers.move_lines(move, second)
    lines += answers.score_lines(change) if change else told
    lines += answers.passing_lines(crossed)
    click.echo("\n".join(lines))
    if out:
        table = answers.explain_table(move, crossed, change)
        runs.write(out, {"explain.json": runs.json_bytes(table)})


@index.command(
    "goal",
    short_help=_("怎样升几位"),
    help=_(
        "代价最小的一揽子改善：升几位、到第几位，或离开末几位；并说明在其他单位变动之下的把握。"
        "抓手表的列：iCode、cost、most、step；不给时每项指标最多改善一个标准差，代价按标准差计。"
    ),
)
@click.option("--run", "folder", type=FOLDER, required=True, help=_("index build 的输出目录。"))
@click.option("--unit", required=True, help=_("单位代码。"))
@click.option("--gain", default=0, type=click.IntRange(0), help=_("升几位。"))
@click.option("--rank", default=0, type=click.IntRange(0), help=_("到第几位。"))
@click.option("--leave-last", default=0, type=click.IntRange(0), help=_("离开末几位。"))
@click.option("--levers", type=FILE, help=_("抓手表（CSV）。"))
@click.option("--peers-sd", default=0.0, type=click.FloatRange(0), help=_("其他单位得分的标准差。"))
@click.option("--drift", default=0.0, help=_("其他单位得分平均会变多少。"))
@click.option("--confidence", default=0.0, type=click.FloatRange(0, 1), help=_("要求的把握。"))
@click.option("--seed", default=0, type=click.IntRange(0), help=_("随机种子。"))
@click.option("--misreport", is_flag=True, help=_("另列：各指标虚报多少才会改变结果。"))
@click.option("--out", type=OUT, help=_("也写出 goal.json。"))
@lang
def goal_command(
    folder: Path,
    unit: str,
    gain: int,
    rank: int,
    leave_last: int,
    levers: Path | None,
    peers_sd: float,
    drift: float,
    confidence: float,
    seed: int,
    misreport: bool,
    out: Path | None,
) -> None:
    result = runs.load(folder)[1]
    chosen = _levers(levers) if levers else _usual_levers(result, unit)
    peers = Peers(sd=peers_sd, drift=drift, confidence=confidence, seed=seed)
    bundle = seek(result, unit, chosen, gain=gain, rank=rank, leave_last=leave_last, peers=peers)
    click.echo("\n".join(answers.goal_lines(bundle)))
    table = answers.goal_table(bundle)
    if misreport:
        found = misreports(result, unit, within=bundle.target)
        table["misreports"] = [vars(one) for one in found]
        click.echo(_("单独虚报一项要多报多少，才会跨过第 %(rank)d 位：") % {"rank": bundle.target})
        for one in found:
            size = _("怎么报都不变") if one.change is None else f"{one.change:+.6g}"
            click.echo(f"  {one.indicator:<12}{one.reported:.6g}  {size}")
    if out:
        runs.write(out, {"goal.json": runs.json_bytes(table)})


def _levers(path: Path) -> list[Lever]:
    names, rows = csv_rows(path, "iCode", "cost", "most")
    faults, out = [], []
    for line, row in enumerate(rows, start=2):
        cells = dict(zip(names, (cell.strip() for cell in row), strict=False))
        numbers = {}
        for name in ("cost", "most", "step"):
            try:
                numbers[name] = float(cells.get(name) or 0)
            except ValueError:
                params = {"file": path.name, "row": line, "found": cells[name]}
                faults.append(sentence("not_number", params))
        if len(numbers) == 3:
            out.append(Lever(cells["iCode"], **numbers))
    if faults:
        raise Refused.all(faults)
    return out


def _usual_levers(result: Result, unit: str) -> list[Lever]:
    row = result.given.units.index(unit) if unit in result.given.units else -1
    if row < 0:
        raise Refused(sentence("unknown_unit", {"unit": unit}))
    sd = np.nanstd(result.given.x, axis=0, ddof=1)
    return [
        Lever(code, cost=1.0 / float(sd[j]), most=float(sd[j]))
        for j, code in enumerate(result.tree.indicators)
        if sd[j] > 0 and not np.isnan(result.given.x[row, j])
    ]


@index.command(
    "audit",
    short_help=_("给指数体检"),
    help=_(
        "体检：各指标的概况、组内外相关、克龙巴赫系数、主成分、重复与相反的对子、各指标的分量。"
    ),
)
@files
@out_folder
@click.option(
    "--reversals/--no-reversals",
    "turned",
    default=None,
    help=_("逐个拿掉单位，看谁与谁先后对调；单位不多于 300 个时默认算。"),
)
@lang
def audit_command(
    data: Path,
    meta: Path,
    method_file: Path | None,
    year: int | None,
    out: Path,
    turned: bool | None,
) -> None:
    given = read(data, meta, method_file, year)
    result = build(given.frame, given.method)
    told = audited(result)
    tables, lines = answers.audit_files(told, result), answers.audit_lines(told)
    one_year = len(result.treated.slices) == 1
    if one_year and (len(result.units) <= MOST_TAKEN_OUT if turned is None else turned):
        more, said = answers.reversal_files(result)
        tables, lines = tables | more, lines + said
    runs.write(out, tables)
    click.echo("\n".join(lines))


@index.command(
    "report",
    short_help=_("写报告"),
    help=_("可打印的报告（.html、.xlsx 或 .docx），每句话都出自算出的数。"),
)
@click.option("--run", "folder", type=FOLDER, help=_("index build 的输出目录。"))
@click.option("--data", type=FILE, help=_("数据表（CSV 或 .xlsx）。"))
@click.option("--meta", type=FILE, help=_("指标表（CSV 或 .xlsx）。"))
@click.option("--method", "method_file", type=FILE, help=_("方案（method.toml）。"))
@click.option("--year", type=int, help=_("只用这一年（Time 列）。"))
@click.option("--unit", default="", help=_("也写这个单位的一节。"))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help=_("报告文件。")
)
@lang
def report_command(
    folder: Path | None,
    data: Path | None,
    meta: Path | None,
    method_file: Path | None,
    year: int | None,
    unit: str,
    out: Path,
) -> None:
    write = FORMATS.get(out.suffix.lower())
    if write is None:
        raise Refused(_("报告只能写成 .html、.xlsx 或 .docx。请改文件名。"))
    if folder is None and (data is None or meta is None):
        raise Refused(_("请给 --run，或同时给 --data 和 --meta。"))
    if folder is not None:
        result = runs.load(folder)[1]
    else:
        assert data is not None  # refused above
        assert meta is not None  # refused above
        given: Input = read(data, meta, method_file, year)
        result = build(given.frame, given.method)
    if len(result.treated.slices) > 1:
        raise Refused(sentence("one_year_only", {"found": len(result.treated.slices)}))
    content = write(report.sections(result, unit), "en" if english() else "zh-CN")
    runs.write(out.parent, {out.name: content})
    click.echo(_("报告写在 %(out)s。") % {"out": out})
