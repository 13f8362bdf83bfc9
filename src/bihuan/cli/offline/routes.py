"""`bihuan routes …`: arc routing benchmarks on files, to measure the search below the city's."""

from dataclasses import replace
from pathlib import Path

import click

from bihuan.cli.offline.options import FILE, lang, where_run
from bihuan.cli.offline.words import _, sentence
from bihuan.engines.faults import Fault, Unfit

_NEW = click.Path(dir_okay=False, path_type=Path)
_TOLD_S = 1.0


@click.group(
    short_help=_("路线算例：求解和校验"),
    help=_(
        "弧路径算例，只用文件：读 CARPLIB 文本（.dat）或撒布算例（.json），求解、给下界、校验。\n\n"
        "例：bihuan routes solve egl-e1-A.dat --seconds 10 --seed 1 --out plan.json"
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@lang
def routes() -> None: ...


@routes.command(
    "solve",
    short_help=_("求解一个算例"),
    help=_(
        "求解一个算例，写出线路、代价和下界（任何线路都不可能更省）。随时可按 Ctrl-C 停止，"
        "写出到那时为止最好的线路。\n\n"
        "限 --rounds 时同样的 --seed 得到同样的线路；限 --seconds 时随机器快慢。"
        "--starts 大于 1 时用相邻的种子各算一遍取最好的，可用 --run 并行。\n\n"
        "例：bihuan routes solve egl-e1-A.dat --seconds 10 --seed 1 --out plan.json"
    ),
)
@click.argument("file", type=FILE)
@click.option("--seconds", type=click.FloatRange(0, min_open=True), default=10.0, help=_("限时。"))
@click.option("--rounds", type=click.IntRange(1), help=_("限轮数，代替限时。"))
@click.option("--seed", type=click.IntRange(0), default=0, help=_("随机种子。"))
@click.option("--starts", type=click.IntRange(1), default=1, help=_("用几个种子各算一遍。"))
@click.option(
    "--open-end", is_flag=True, help=_("撒布算例：收车地点不限，回程不计（默认回到住处）。")
)
@click.option("--out", type=_NEW, required=True, help=_("方案文件（JSON）。"))
@where_run
@lang
def solve_command(
    file: Path,
    seconds: float,
    rounds: int | None,
    seed: int,
    starts: int,
    open_end: bool,
    out: Path,
    where: str,
) -> None:
    # Here, as the compiled search is slow to load and the judge does without it.
    from bihuan.cli.offline.varying import runner
    from bihuan.engines.routing import carp as engine
    from bihuan.engines.routing import gritting
    from bihuan.engines.routing.carp_bound import lower_bound
    from bihuan.engines.routing.tours import Found, Limits
    from bihuan.exchange.carp import carplib, kerteminde, plans

    last, stopped = [0.0], [False]

    def tell(now: Found) -> None:
        if now.seconds - last[0] >= _TOLD_S:
            last[0] = now.seconds
            params = {"seconds": now.seconds, "cost": now.cost, "left": len(now.undone)}
            click.echo(_("%(seconds).0f 秒：代价 %(cost).0f，未排 %(left)d。") % params, err=True)

    quiet = starts > 1
    limits = [
        Limits(
            seconds, rounds, seed + at,
            progress=None if quiet else tell,
            stop=None if quiet else lambda: stopped[0],
        )
        for at in range(starts)
    ]  # fmt: skip
    with _of(file), _stoppable(stopped, not quiet), runner(where) as run:
        if file.suffix.lower() == ".json":
            given = replace(kerteminde.read(file.read_bytes()), ends_home=not open_end)
            found = list(run(gritting.solve_gritting, [given] * starts, limits))
            grit = min(found, key=lambda one: (len(one.left), one.m))
            out.write_text(plans.grit_json(given, grit, seed), encoding="utf-8")
            params = {"km": grit.m / 1000, "left": len(grit.left), "rounds": grit.rounds}
            click.echo(_("行驶 %(km).1f 公里，未做 %(left)d 条，搜索 %(rounds)d 轮。") % params)
            return
        carp = carplib.read(file.read_bytes())
        plan = min(run(engine.solve_carp, [carp] * starts, limits), key=lambda one: one.cost)
        bound = lower_bound(carp)
    out.write_text(plans.carp_json(carp, plan, bound, seed), encoding="utf-8")
    gap = (plan.cost / bound - 1) * 100 if bound > 0 else 0.0
    params = {
        "cost": plan.cost, "bound": bound, "gap": gap, "routes": len(plan.routes),
        "rounds": plan.rounds,
    }  # fmt: skip
    click.echo(
        _("代价 %(cost).0f，下界 %(bound).0f，差距 %(gap).2f %%；%(routes)d 车，%(rounds)d 轮。")
        % params
    )


@routes.command(
    "check",
    short_help=_("校验一个方案"),
    help=_(
        "校验一个方案：另算一遍代价，不合之处一条一句；不用求解的程序。\n\n"
        "例：bihuan routes check egl-e1-A.dat plan.json"
    ),
)
@click.argument("file", type=FILE)
@click.argument("plan_file", metavar="PLAN.json", type=FILE)
@lang
def check_command(file: Path, plan_file: Path) -> int:
    from bihuan.engines.routing.carp import check
    from bihuan.engines.routing.gritting import check_gritting
    from bihuan.exchange.carp import carplib, kerteminde, plans

    with _of(file):
        if file.suffix.lower() == ".json":
            grit = kerteminde.read(file.read_bytes())
        else:
            carp = carplib.read(file.read_bytes())
    with _of(plan_file):
        if file.suffix.lower() == ".json":
            trips, home = plans.grit_trips(plan_file.read_bytes())
            cost, faults = check_gritting(replace(grit, ends_home=home), trips)
        else:
            cost, faults = check(carp, plans.carp_routes(plan_file.read_bytes()))
    click.echo(_("代价 %(cost).10g") % {"cost": cost})
    for one in faults:
        click.echo(sentence(one.code, one.params), err=True)
    return 1 if faults else 0


class _of:  # noqa: N801 - reads as a preposition
    """The faults of a file with its name."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, fault: BaseException | None, trace: object) -> None:
        if isinstance(fault, Unfit):
            named = [Fault(f.code, {**f.params, "file": self.file.name}) for f in fault.faults]
            raise Unfit(named) from None


class _stoppable:  # noqa: N801 - reads as an adverb
    """Ctrl-C asks the search to stop; what it has found is written."""

    def __init__(self, stopped: list[bool], active: bool) -> None:
        self.stopped, self.active, self.before = stopped, active, None

    def __enter__(self) -> None:
        if self.active:
            import signal

            self.before = signal.signal(signal.SIGINT, self._stop)  # type: ignore[assignment]

    def _stop(self, *_signal: object) -> None:
        if self.stopped[0]:
            raise KeyboardInterrupt
        self.stopped[0] = True

    def __exit__(self, *_left: object) -> None:
        if self.active:
            import signal

            signal.signal(signal.SIGINT, self.before or signal.default_int_handler)


__all__ = ["routes"]
