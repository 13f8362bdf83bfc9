"""The door of the offline commands: what goes wrong leaves as sentences and a status."""

import os
import sys
from collections.abc import Sequence

import click

from bihuan.base.errors import Refused
from bihuan.cli.offline.words import _, sentence
from bihuan.engines.faults import Unfit


def run(group: click.Group, given: Sequence[str], name: str) -> int:
    """Run a command of the group; its exit status. Every fault is a sentence on stderr."""
    try:
        outcome = group.main(list(given), prog_name=name, standalone_mode=False)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as fault:
        click.echo(_misused(fault), err=True)
        return fault.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(_("已停止，没有写出结果。"), err=True)
        return 130
    except Unfit as refusal:
        for line in dict.fromkeys(sentence(f.code, f.params) for f in refusal.faults):
            click.echo(line, err=True)
        return 1
    except Refused as refusal:
        for words_ in refusal.sentences:
            click.echo(str(words_), err=True)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as fault:
        place, reason = fault.filename or "", fault.strerror or str(fault)
        click.echo(
            _("不能读写“%(place)s”：%(reason)s。请检查路径和权限。")
            % {"place": place, "reason": reason},
            err=True,
        )
        return 1
    return outcome if isinstance(outcome, int) else 0


def _misused(fault: click.ClickException) -> str:
    """What is wrong with how a command was written, and where its usage stands."""
    match fault:
        case click.MissingParameter(param=click.Parameter(opts=[name, *_more])):
            what = _("缺少 %(name)s。") % {"name": name}
        case click.NoSuchOption(option_name=name):
            what = _("没有 %(name)s 这个选项。") % {"name": name}
        case click.BadParameter(param=click.Parameter(opts=[name, *_more])):
            what = _("%(name)s 不能这样写：%(why)s") % {"name": name, "why": _why(fault)}
        case _:
            what = fault.format_message()
    context = getattr(fault, "ctx", None)
    if context is None:
        return what
    return what + _("用法见 %(command)s -h。") % {"command": context.command_path}


def _why(fault: click.BadParameter) -> str:
    """The reason of the most common slip, a wrong path, in the reader's language."""
    if isinstance(fault.param, click.Parameter) and isinstance(fault.param.type, click.Path):
        if fault.param.type.dir_okay:
            return _("没有这个文件夹。请检查路径。")
        return _("没有这个文件。请检查路径。")
    return fault.message
