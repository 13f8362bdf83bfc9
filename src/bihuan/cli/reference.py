"""The reference pages of the documentation, written from the code so that they cannot go stale."""

from collections.abc import Iterator
from pathlib import Path

import click
from django.apps import apps
from django.db.models import Field

from bihuan.audit import services as audit
from bihuan.people import services as people
from bihuan.site import demo, settings

WRITTEN = (
    "<!-- 由 bihuan reference --write 从程序写出；请改程序，不改此页。 Written from the code. -->"
)
ROOMS = (
    "audit",
    "people",
    "days",
    "files",
    "jobs",
    "facts",
    "ledger",
    "press",
    "assessment",
    "meetings",
    "reviews",
    "projects",
    "designs",
    "roads",
    "fleet",
    "snow",
    "winter",
)


def folder() -> Path | None:
    """docs/reference of the source checkout; None where Bihuan is installed without its source."""
    checkout = Path(settings.__file__).resolve().parents[3]
    return checkout / "docs" / "reference" if (checkout / "pyproject.toml").exists() else None


def pages(root: click.Group) -> dict[str, str]:
    """File name → text of every reference page, in Chinese, the source language."""
    return {
        "commands.md": _page("命令 · Commands", _commands(root, "bihuan")),
        "settings.md": _page("设置 · Settings", _settings()),
        "permissions.md": _page("权限 · Permissions", _permissions()),
        "nouns.md": _page("名词 · Nouns", _nouns()),
        "acts.md": _page("审计事项 · Acts in the audit", _acts()),
    }


def _page(title: str, lines: Iterator[str]) -> str:
    return "\n".join([f"# {title}", "", WRITTEN, "", *lines]).rstrip() + "\n"


def _commands(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[str]:
    # With its parents, as when it is called: what they set (such as -h) holds below them too.
    context = command.make_context(name, [], parent, resilient_parsing=True)
    context.terminal_width = context.max_content_width = 96
    yield f"## {context.command_path}"
    yield ""
    yield "```text"
    yield command.get_help(context)
    yield "```"
    yield ""
    if isinstance(command, click.Group):
        for word in command.list_commands(context):
            below = command.get_command(context, word)
            if below is not None:
                yield from _commands(below, word, context)


def _settings() -> Iterator[str]:
    yield "各办公室不同的，都由环境变量或数据目录决定。"
    yield ""
    yield "```text"
    yield from (settings.__doc__ or "").strip().splitlines()[2:]
    yield "```"


def _permissions() -> Iterator[str]:
    yield "角色是可改的数据；下表是起始的样子。范围：unit 本单位，subtree 本单位及下级，zone 全区。"
    yield ""
    yield "| 权限 | 意思 | " + " | ".join(role.name for role in demo.ROLES) + " |"
    yield "|---|---|" + "---|" * len(demo.ROLES)
    yield "| *范围* | | " + " | ".join(role.reach for role in demo.ROLES) + " |"
    for verb, sentence in sorted(people.verbs().items()):
        marks = ("●" if verb in role.verbs else "" for role in demo.ROLES)
        yield f"| `{verb}` | {sentence} | " + " | ".join(marks) + " |"


def _nouns() -> Iterator[str]:
    for room in ROOMS:
        yield f"## {room}"
        yield ""
        for model in apps.get_app_config(room).get_models():
            if model._meta.auto_created:
                continue
            kept = "（只增不改）" if getattr(model, "append_only", False) else ""
            yield f"### {model.__name__}{kept}"
            yield ""
            yield (model.__doc__ or "").strip().splitlines()[0]
            yield ""
            names = (
                f"`{field.name}`" for field in model._meta.get_fields() if isinstance(field, Field)
            )
            yield "、".join(names)
            yield ""


def _acts() -> Iterator[str]:
    yield "| 代码 | 事项 |"
    yield "|---|---|"
    for act, sentence in sorted(audit.acts().items()):
        yield f"| `{act}` | {sentence} |"
