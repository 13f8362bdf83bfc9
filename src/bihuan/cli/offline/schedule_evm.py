"""`bihuan schedule evm`: the earned value of every tracked period."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from bihuan.cli.offline.options import FILE, lang
from bihuan.cli.offline.schedule_read import as_json as json_option
from bihuan.cli.offline.schedule_read import loaded, settled, shown
from bihuan.cli.offline.words import _
from bihuan.engines.faults import Fault, Unfit
from bihuan.engines.schedule.earned import Earned, table
from bihuan.exchange.schedules.counting import Counted, baseline, counted, statuses


@click.command(
    "evm",
    short_help=_("挣值和挣得进度"),
    help=_(
        "按基线和各跟踪期算挣值：PV、EV、AC、ES，偏差、指数，完工费用和完工日期的各种估算。"
        "挣得进度 ES 默认取整到小时（与 ProTrack 相同），--exact 按比例内插。\n\n"
        "例：bihuan schedule evm 项目.xlsx"
    ),
)
@click.argument("file", type=FILE)
@click.option("--whole/--exact", default=True, help=_("挣得进度取整到小时，或按比例内插。"))
@json_option
@lang
def evm_command(file: Path, whole: bool, as_json: bool) -> None:
    one = counted(settled(loaded(file), file))
    if not one.plan.periods:
        raise Unfit([Fault("evm_no_periods", {"file": file.name})])
    rows = table(baseline(one), statuses(one), whole=whole)
    if as_json:
        click.echo(json.dumps(_json(one, rows), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_lines(one, rows)))


def _lines(one: Counted, rows: Sequence[Earned]) -> Iterator[str]:
    yield one.plan.title
    yield _("完工预算 BAC %(budget).2f，计划工期 %(days)g 天") % {
        "budget": rows[0].budget,
        "days": rows[0].length / one.day,
    }
    yield "  ".join([_("状态日"), "PV", "EV", "AC", "SPI", "CPI", "SPI(t)", _("偏差（天）")])
    for period, row in zip(one.plan.periods, rows, strict=True):
        yield "  ".join(
            [
                shown(period.on),
                *(f"{value:.2f}" for value in (row.pv, row.ev, row.ac)),
                *(_index(value) for value in (row.spi, row.cpi, row.spi_t)),
                f"{row.sv_t / one.day:+.1f}",
            ]
        )
    last = rows[-1]
    yield _("最后一个状态日的估算（PF 为效率系数）：")
    yield _("  完工费用  ") + "  ".join(
        f"PF={name} {_money(value)}" for name, value in last.costs().items()
    )
    yield _("  完工日期  ") + "  ".join(
        f"{name} {_moment(one, value)}" for name, value in last.lengths().items()
    )


def _index(value: float | None) -> str:
    return "—" if value is None else f"{value:.4f}"


def _money(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def _moment(one: Counted, ticks: float | None) -> str:
    found = None if ticks is None else one.moment(ticks)
    return "—" if found is None else str(found.date())


def _json(one: Counted, rows: Sequence[Earned]) -> dict[str, Any]:
    return {
        "title": one.plan.title,
        "budget": rows[0].budget,
        "duration_days": rows[0].length / one.day,
        "periods": [
            {
                "name": period.name,
                "on": period.on.isoformat(timespec="minutes"),
                "pv": row.pv,
                "ev": row.ev,
                "ac": row.ac,
                "es_days": row.es / one.day,
                "sv": row.sv,
                "cv": row.cv,
                "spi": row.spi,
                "cpi": row.cpi,
                "sv_t_days": row.sv_t / one.day,
                "spi_t": row.spi_t,
                "p_factor": row.p_factor,
                "eac": row.costs(),
                "eac_t": {name: _moment(one, ticks) for name, ticks in row.lengths().items()},
            }
            for period, row in zip(one.plan.periods, rows, strict=True)
        ],
    }
