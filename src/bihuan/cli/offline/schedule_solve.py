"""`bihuan schedule solve` and `check`: levelling under limited resources, and its judge."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from bihuan.cli.offline.options import FILE, lang
from bihuan.cli.offline.words import _, sentence
from bihuan.engines.faults import Fault, Unfit
from bihuan.engines.schedule.check import case_of_sm, judge


@click.command(
    "solve",
    short_help=_("在资源有限时排进度"),
    help=_(
        "资源均衡：在能力有限时排出尽可能短的进度，并给出下界（任何进度都不可能更短）。"
        "读 PSPLIB 的 .sm，或 .json（活动、搭接、各期能力、最早开工、应完成期、已定开工期）。\n\n"
        "同样的 --seed 和 --generations 得到逐位相同的进度，与 --run 无关；"
        "限 --seconds 时随机器快慢。\n\n"
        "例：bihuan schedule solve j301_1.sm --seconds 10 --seed 1 --out schedule.json"
    ),
)
@click.argument("file", type=FILE)
@click.option("--seconds", type=click.FloatRange(0, min_open=True), help=_("限时，默认 10 秒。"))
@click.option("--generations", type=click.IntRange(1), help=_("搜索的代数（每代 200 个进度）。"))
@click.option("--seed", default=0, type=click.IntRange(0), help=_("随机种子。"))
@click.option("--islands", type=click.IntRange(1), help=_("并行的种群数；默认每个工位一个。"))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help=_("进度文件（JSON）。"),
)
@click.option(
    "--run",
    "where",
    default="threads",
    help=_("在哪里算：here、threads:2、processes:2 或 dask://主机:端口。"),
)
@lang
def solve_command(
    file: Path,
    seconds: float | None,
    generations: int | None,
    seed: int,
    islands: int | None,
    out: Path,
    where: str,
) -> None:
    # Here, as the compiled search is slow to load and the judge does without it.
    from bihuan.cli.offline.varying import runner
    from bihuan.engines.schedule.levelling import Progress, Stop, from_table, psplib, solve

    text = _text(file)
    with _of(file):
        problem = psplib(text) if file.suffix.lower() == ".sm" else from_table(_json(text))
    if seconds is None and generations is None:
        seconds = 10.0
    places = _places(where)
    if islands is None:
        # One place proves, the others search. Where generations are counted, the result must not
        # depend on the places.
        islands = max(1, places - 1) if generations is None else 1

    def tell(now: Progress) -> None:
        value = _("（还没有）") if now.value is None else now.value
        params = {"seconds": now.seconds, "value": value, "lower": now.lower}
        click.echo(_("%(seconds).1f 秒：现为 %(value)s，下界 %(lower)s。") % params, err=True)

    with runner(f"threads:{places}" if where == "threads" else where) as run:
        result = solve(
            problem,
            Stop(seconds, generations),
            seed=seed,
            islands=islands,
            run=run,
            at_once=places,
            tell=tell,
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    table = json.dumps(result.table(), ensure_ascii=False, indent=1)
    out.write_text(table + "\n", encoding="utf-8")
    told = {"makespan": result.makespan, "tardiness": result.tardiness, "lower": result.lower}
    if problem.first == "makespan":
        click.echo(_("总工期 %(makespan)d 期，下界 %(lower)d 期。") % told)
    else:
        click.echo(_("加权拖期 %(tardiness)d，下界 %(lower)d；总工期 %(makespan)d 期。") % told)
    if result.proved:
        click.echo(_("已证明首要目标不可能更好。"))
    else:
        click.echo(_("与下界相差 %(gap).1f%%，可能还能更好。") % {"gap": 100 * result.gap})
    click.echo(_("进度写在 %(out)s。") % {"out": out})


@click.command(
    "check",
    short_help=_("判定进度是否成立"),
    help=_(
        "判定：搭接是否都满足，各期各项资源是否超出能力；成立时给出总工期，否则列出每一处违反，"
        "退出状态为 1。不用求解的程序，另行计算。\n\n"
        "例：bihuan schedule check j301_1.sm schedule.json"
    ),
)
@click.argument("file", type=FILE)
@click.argument("schedule", type=FILE)
@lang
def check_command(file: Path, schedule: Path) -> int:
    verdict = judge(_case(file), _starts(schedule))
    if not verdict.holds:
        for fault in verdict.violations:
            click.echo(sentence(fault.code, fault.params))
        click.echo(_("不成立：违反 %(count)d 处。") % {"count": len(verdict.violations)})
        return 1
    click.echo(_("成立：总工期 %(makespan)d 期。") % {"makespan": verdict.makespan})
    if verdict.tardiness:
        click.echo(_("加权拖期 %(tardiness)d。") % {"tardiness": verdict.tardiness})
    return 0


def _places(where: str) -> int:
    """How many pieces the place works on at once."""
    if found := re.fullmatch(r"(?:threads|processes)(?::(\d+))?", where):
        return int(found[1]) if found[1] else max(2, os.cpu_count() or 1)
    return 1


@contextmanager
def _of(file: Path) -> Iterator[None]:
    """Faults found inside are told with the file's name in front."""
    try:
        yield
    except Unfit as refusal:
        raise Unfit(
            Fault(f.code, {"file": file.name, **f.params}) for f in refusal.faults
        ) from None


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unfit([Fault("not_text", {"file": file.name})]) from None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unfit([Fault("levelling_not_json", {"detail": str(error)[:80]})]) from None


def _case(file: Path) -> Mapping[str, Any]:
    """The problem as the judge reads it: in its own way, not the solver's."""
    text = _text(file)
    try:
        if file.suffix.lower() == ".sm":
            return case_of_sm(text)
    except ValueError:
        params = {"file": file.name, "what": "jobnr."}
        raise Unfit([Fault("levelling_not_psplib", params)]) from None
    from bihuan.engines.schedule.levelling import from_table

    with _of(file):
        case = _json(text)
        from_table(case)  # refuses what has not the shape; the judge reads the plain data itself
    return case  # type: ignore[no-any-return]  # a mapping, or it would have been refused


def _starts(file: Path) -> Mapping[str, Any]:
    """Activity → start, from `schedule.json` or a bare table."""
    with _of(file):
        table = _json(_text(file))
    starts = table.get("starts", table) if isinstance(table, Mapping) else None
    if not isinstance(starts, Mapping) or not starts:
        raise Unfit([Fault("judged_no_schedule", {"file": file.name})])
    return {str(name): start for name, start in starts.items()}
