"""`bihuan snow …`: snow and ice on files. No database, no web framework, no network."""

import click

from bihuan.cli.offline.options import lang
from bihuan.cli.offline.snow_match import match_command
from bihuan.cli.offline.snow_plan import plan_command
from bihuan.cli.offline.snow_whatif import whatif_command
from bihuan.cli.offline.words import _


@click.group(
    short_help=_("扫雪除冰：方案和轨迹"),
    help=_("扫雪除冰，只用文件。\n\n例：bihuan snow plan 任务.toml --net net --out 方案"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@lang
def snow() -> None: ...


snow.add_command(match_command)
snow.add_command(plan_command)
snow.add_command(whatif_command)
