"""What other rooms show of a file: its size, the versions of a document, what is damaged."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from bihuan.files import rules
from bihuan.files.models import Document, Version
from bihuan.files.queries import Damage
from bihuan.ui.table import Cell, Column, Table, columns, row


def size(n_bytes: int) -> str:
    """A size as people say it: 830 B, 12.4 KB, 50 MB."""
    return rules.size_in_words(n_bytes)


def versions(document: Document, address: Callable[[Version], str]) -> Table:
    """The versions of a document, newest first. `address` is where the owning room delivers one."""
    heads = columns(
        Column(_("版本号"), number=True),
        Column(_("文件"), wide=True),
        _("摘要"),
        _("经办"),
        _("时间"),
    )
    found = document.versions.select_related("by__person", "by__unit").order_by("-number")
    lines = tuple(
        row(
            Cell(v.number, "number"),
            Cell(v.name, href=address(v), note=size(v.size)),
            Cell(v.digest[:12], "code"),
            v.by.label() if v.by else _("系统"),
            Cell(v.created_at, "moment"),
        )
        for v in found
    )
    return Table(heads, lines)


def damage(found: Damage) -> str:
    """A damaged version in one sentence: which, and what is wrong with it."""
    version = found.version
    names = {"title": version.document.title, "n": version.number, "name": version.name}
    if found.reason == "missing":
        return _("“%(title)s”第 %(n)d 版（%(name)s）：文件不在。") % names
    return _("“%(title)s”第 %(n)d 版（%(name)s）：内容与存入时的摘要不符。") % names
