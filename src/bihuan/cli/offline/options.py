"""Options that several commands of `bihuan index` share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bihuan.cli.offline.words import _

F = Callable[..., Any]
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
OUT = click.Path(file_okay=False, path_type=Path)


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, shown in their order."""

    def put(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return put


# main reads it before this module is imported; it stands here for the help.
lang = click.option("--lang", metavar="zh|en", expose_value=False, help=_("界面语言。"))
files = together(
    click.option("--data", type=FILE, required=True, help=_("数据表（CSV 或 .xlsx）。")),
    click.option("--meta", type=FILE, required=True, help=_("指标表（CSV 或 .xlsx）。")),
    click.option("--method", "method_file", type=FILE, help=_("方案（method.toml）。")),
    click.option("--year", type=int, help=_("只用这一年（Time 列）。")),
)
out_folder = click.option("--out", type=OUT, required=True, help=_("输出目录。"))
where_run = click.option(
    "--run", "where", default="here", help=_("在哪里算：here、processes:2 或 dask://主机:端口。")
)
varying_options = together(
    click.option("--winmax", default="", help=_("缩尾点数的各种取法，如 1,2,3,4,5。")),
    click.option("--normalise", multiple=True, help=_("无量纲化的一种取法，如 minmax(1,100)。")),
    click.option("--aggregate", multiple=True, help=_("汇总的一种取法，如 gmean；可写多次。")),
    click.option("--impute", multiple=True, help=_("插补的一种取法，如 group_mean:Group_region。")),
    click.option("--weight-noise", type=click.FloatRange(0, 1), help=_("权重上下浮动的比例。")),
    click.option("--weights", type=FILE, help=_("若干组权重（CSV）。")),
    click.option("--data-noise", type=click.FloatRange(0), help=_("数据的相对误差（标准差）。")),
    click.option("--impute-noise", is_flag=True, help=_("插补值按各指标的标准差波动。")),
)
