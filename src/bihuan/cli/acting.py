"""Options that every command takes, and in which post a command acts."""

from collections.abc import Callable
from typing import Any

import click
from django.utils.translation import gettext as _

from bihuan.base.errors import Refused
from bihuan.people import queries as people_queries
from bihuan.people.models import Account, Post

F = Callable[..., Any]


def everywhere(command: F) -> F:
    """The options that every command takes; `main` has already read the first two."""
    for option in (
        # Our own, so that it is the same however a command is reached, and in the user's language.
        click.help_option("-h", "--help", help=_("显示这段说明。")),
        click.option("--lang", metavar="zh|en", expose_value=False, help=_("界面语言。")),
        click.option(
            "--data",
            metavar="DIR",
            expose_value=False,
            help=_("数据目录；也可用环境变量 BIHUAN_DATA。"),
        ),
    ):
        command = option(command)
    return command


def acting(username: str) -> Post:
    """The post in which an account acts on the command line: its first."""
    try:
        return people_queries.acting(username)
    except (Account.DoesNotExist, Post.DoesNotExist):
        raise Refused(_("没有可用的账号“%(name)s”。请检查账号名。") % {"name": username}) from None
