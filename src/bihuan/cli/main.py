"""`bihuan`: reads the two options every command takes, wakes Django, then lets click go on.

Settings are read when Django starts, so `--data` and `--lang` must be known before; commands are
imported after that, so that their help is in the reader's language. `bihuan index …`,
`bihuan schedule …` and `bihuan tally …` work on files alone and go their own way, without Django
and without a data folder.
"""

import os
import sys
import tempfile
from collections.abc import Sequence

import click

from bihuan.cli import offline

_DEMOS = (["demo", "check"], ["demo", "meeting"])


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: run one command; every failure is sentences on stderr and a non-zero status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    status = _run(given)
    sys.stdout.flush()
    sys.exit(status)


def _run(given: list[str]) -> int:
    early = _early(given)
    if (name := _command(given)) in offline.GROUPS:
        return _offline(name, given, early)
    words = [word for word in given if not word.startswith("-")]
    elsewhere = (
        "data" in early or "BIHUAN_DATA" in os.environ or "BIHUAN_DATABASE_URL" in os.environ
    )
    if words[:2] in _DEMOS and not elsewhere:
        with tempfile.TemporaryDirectory(prefix="bihuan-demo-") as folder:
            return _go(given, {**early, "data": folder})
    return _go(given, early)


def _go(given: list[str], early: dict[str, str]) -> int:
    if early.get("data"):
        os.environ["BIHUAN_DATA"] = early["data"]
    if early.get("lang"):
        os.environ["BIHUAN_LANG"] = early["lang"]
    try:
        command = _wake(_language())
    except OSError as fault:
        click.echo(_unwritable(fault), err=True)
        return 1
    return _attempt(command, given)


def _offline(name: str, given: list[str], early: dict[str, str]) -> int:
    if early.get("lang"):
        os.environ["BIHUAN_LANG"] = early["lang"]
    return offline.run(given[given.index(name) + 1 :], name)


def _attempt(command: click.Command, given: list[str]) -> int:
    from django.db import DatabaseError

    from bihuan.base.errors import Refused

    try:
        outcome = command.main(given, prog_name="bihuan", standalone_mode=False)
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except click.Abort:
        click.echo("", err=True)
        return 130
    except Refused as refusal:
        for sentence in refusal.sentences:
            click.echo(str(sentence), err=True)
        return 1
    except DatabaseError as fault:
        click.echo(_database_fault(fault), err=True)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as fault:
        click.echo(_unwritable(fault), err=True)
        return 1
    return outcome if isinstance(outcome, int) else 0


def _wake(language: str) -> click.Command:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.site.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate(language)
    from bihuan.cli.commands import bihuan

    return bihuan


def _early(given: Sequence[str]) -> dict[str, str]:
    """The values of `--data` and `--lang`, wherever they stand before a `--`."""
    found = {}
    for i, word in enumerate(given):
        if word == "--":
            break
        name, sign, value = word.partition("=")
        if name in ("--data", "--lang"):
            found[name[2:]] = value if sign else next(iter(given[i + 1 :]), "")
    return found


def _command(given: Sequence[str]) -> str:
    """The first word that is neither an option nor the value of one that every command takes."""
    words = iter(given)
    for word in words:
        if word in ("--data", "--lang"):
            next(words, None)
        elif not word.startswith("-"):
            return word
    return ""


def _language() -> str:
    """BIHUAN_LANG or `--lang`; else English where the terminal is English; else Chinese."""
    asked = os.environ.get("BIHUAN_LANG", "")
    if not asked:
        asked = os.environ.get("LC_ALL") or os.environ.get("LANG") or "zh"
    return "en" if asked.lower().startswith("en") else "zh-hans"


def _unwritable(fault: OSError) -> str:
    from django.utils.translation import gettext as _

    place, reason = fault.filename or "", fault.strerror or str(fault)
    try:
        return _("不能读写“%(place)s”：%(reason)s。请检查路径和权限。") % {
            "place": place,
            "reason": reason,
        }
    except Exception:  # Django may not be awake yet; say it all the same
        return f"不能读写 {place}：{reason}。 Cannot read or write {place}: {reason}."


def _database_fault(fault: Exception) -> str:
    from django.utils.translation import gettext as _

    lines = str(fault).strip().splitlines()
    return _("数据库不能用：%(reason)s。请检查数据目录或数据库地址。") % {
        "reason": lines[0] if lines else fault.__class__.__name__
    }


if __name__ == "__main__":
    main()
