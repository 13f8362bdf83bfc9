"""Small words that the pages of this room share."""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.ui.panel import Link
from bihuan.ui.table import Tag
from bihuan.winter.rules.stock import KG_PER_T


def around(here: str) -> tuple[Link, ...]:
    """The lists of this room, without the one that is open."""
    names = {
        "index": _("冬季准备"),
        "contracts": _("合同"),
        "teams": _("应急队伍"),
        "stores": _("融雪剂"),
        "roster": _("值班"),
        "drills": _("应急演练"),
        "fronts": _("门前五包"),
        "tables": _("规则表"),
    }
    return tuple(
        Link(label, reverse(f"winter:{name}")) for name, label in names.items() if name != here
    )


def tonnes(kg: int) -> str:
    return f"{kg / KG_PER_T:,.3f}".rstrip("0").rstrip(".")


def yes(ok: bool, good: str, bad: str) -> Tag:
    return Tag(good, "good") if ok else Tag(bad, "bad")
