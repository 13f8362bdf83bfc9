"""What other rooms show of a file: its size in words, the versions of a document as a table."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from bihuan.files import rules
from bihuan.files.models import Document, Version
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
