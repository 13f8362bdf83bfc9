"""Small words that every page of an event says alike: moments, who it was, states, numbers."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from bihuan.people.models import Post
from bihuan.snow.rules import situation as rules
from bihuan.snow.rules.live import STATES, TONES
from bihuan.ui.table import Cell, Tag


def moment(at: datetime | None) -> Cell:
    return Cell(at, "moment") if at else Cell("—")


def who(post: Post | None) -> str:
    return post.label() if post else _("系统")


def state(state: str) -> Tag:
    return Tag(_(STATES[state]), TONES[state])  # type: ignore[arg-type]


def number(value: Decimal | float | str | None) -> str:
    if value is None or value == "":
        return "—"
    return rules.plain(Decimal(str(value)))
