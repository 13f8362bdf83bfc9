"""Small words that every page of an event says alike: moments, who it was, states, numbers."""

from decimal import Decimal

from django.utils.translation import gettext as _

from bihuan.snow.rules import situation as rules
from bihuan.snow.rules.live import STATES, TONES
from bihuan.ui.table import Tag


def state(state: str) -> Tag:
    return Tag(_(STATES[state]), TONES[state])  # type: ignore[arg-type]


def number(value: Decimal | float | str | None) -> str:
    if value is None or value == "":
        return "—"
    return rules.plain(Decimal(str(value)))
