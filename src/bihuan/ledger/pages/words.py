"""Small cells that the reading pages share: a number with its way, a lamp by its code, a month."""

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.ledger import queries
from bihuan.ui.table import Cell, Tag


def number(n: int, href: str = "", *, bad: bool = False) -> Cell:
    """A number that leads to what it counts; nothing to see leads nowhere."""
    return Cell(n, "number", href=href if n else "", tone="bad" if bad and n else "plain")


def lamp_called(code: str | None) -> Tag | None:
    """A lamp by its code, in words and colour."""
    for lamp in queries.table("lamps"):
        if lamp["code"] == code:
            return Tag(queries.label(lamp), lamp["tone"])
    return None


def month_in_words(first: date) -> str:
    """2022年1月 in Chinese, January 2022 in English."""
    if get_language() == "en":
        return f"{first:%B %Y}"
    return f"{first.year}年{first.month}月"


def unit_called(units: dict[int, str], pk: object) -> str:
    """A unit by its key."""
    return units.get(pk, _("没有牵头单位")) if isinstance(pk, int) else _("没有牵头单位")
