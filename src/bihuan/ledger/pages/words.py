"""Small cells that the reading pages share: a number with its way, a lamp by its code, a month."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.ledger import queries
from bihuan.ui.table import Cell, Tag


def number(n: int, href: str = "", *, bad: bool = False) -> Cell:
    """A number that leads to what it counts; nothing to see leads nowhere."""
    return Cell(n, "number", href=href if n else "", tone="bad" if bad and n else "plain")


def lamp_tags(day: date | None = None) -> dict[str, Tag]:
    """Every lamp by its code, gravest first, in words and colour; as it was on a past day."""
    lamps = queries.table("lamps") if day is None else queries.table_on("lamps", day)
    return {lamp["code"]: Tag(queries.label(lamp), lamp["tone"]) for lamp in lamps}


def gravest(tags: Mapping[str, Tag], lit: Mapping[str, int]) -> Tag | str:
    """The first lamp that is lit among these; nothing where none is."""
    return next((tag for code, tag in tags.items() if lit.get(code)), "")


def month_in_words(first: date) -> str:
    """2022年1月 in Chinese, January 2022 in English."""
    if get_language() == "en":
        return f"{first:%B %Y}"
    return f"{first.year}年{first.month}月"


def unit_called(units: dict[int, str], pk: object) -> str:
    """A unit by its key."""
    return units.get(pk, _("没有牵头单位")) if isinstance(pk, int) else _("没有牵头单位")
