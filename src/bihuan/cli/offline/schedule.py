"""`bihuan schedule …`: schedules on files. No database, no web framework, no network."""

from collections.abc import Mapping
from importlib import import_module

import click

from bihuan.cli.offline.options import lang
from bihuan.cli.offline.words import _

# Word → where its command stands. Imported when asked: compiled numerics are slow to load, and
# whoever reads a file does not wait for those of a forecast.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "read": ("bihuan.cli.offline.schedule_read", "read_command"),
    "evm": ("bihuan.cli.offline.schedule_evm", "evm_command"),
    "forecast": ("bihuan.cli.offline.schedule_forecast", "forecast_command"),
    "solve": ("bihuan.cli.offline.schedule_solve", "solve_command"),
    "check": ("bihuan.cli.offline.schedule_solve", "check_command"),
}


class _Group(click.Group):
    """A group whose commands are imported one by one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(
    cls=_Group,
    short_help=_("进度计划：读取、测算、预测、均衡"),
    help=_(
        "进度计划引擎，只用文件：读计划文件，算关键路线、挣值，预测完工日期，在资源有限时排进度。\n\n"
        "例：bihuan schedule read 计划.mpp"
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@lang
def schedule() -> None: ...
