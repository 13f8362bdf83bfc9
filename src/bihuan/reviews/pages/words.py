"""Tags, tones and small tables that the pages of this room share."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.reviews import rules
from bihuan.reviews.models import Review, Seat, Step
from bihuan.reviews.pages import acts
from bihuan.reviews.rules import Place
from bihuan.ui.panel import Link, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, Tone, columns, row

STATE_TONES: dict[str, Tone] = {
    "preparing": "info",
    "sitting": "warn",
    "held": "orange",
    "closed": "good",
    "called_off": "quiet",
}
STEP_TONES: dict[str, Tone] = {"pending": "plain", "done": "good", "skipped": "warn"}
PAPER_TONES: dict[str, Tone] = {
    "drafting": "plain",
    "submitted": "info",
    "sent_back": "warn",
    "passed": "good",
}


def state(review: Review) -> Tag:
    return Tag(_(rules.STATES[review.state]), STATE_TONES[review.state])


def step_state(step: Step, today: date) -> Tag:
    """The state of a step; late is said in words."""
    if step.state == "pending" and step.due < today:
        days = (today - step.due).days
        return Tag(_("已过期限 %(n)d 天") % {"n": days}, "bad")
    return Tag(_(rules.STEP_STATES[step.state]), STEP_TONES[step.state])


def sentences(title: str, said: Iterable[str], *, empty: str, intro: str = "") -> Tables:
    """A list of sentences under a heading: what is missing, each named."""
    lines = tuple(row(sentence, tone="warn") for sentence in said)
    return Tables(title, Table(columns(Column(_("还缺"), wide=True)), lines, empty=empty), intro)


_MARKS = {"done": "●", "blank": "○", "self": "—"}


def matrix(found: Sequence[Seat], done: set[tuple[int, int]], corner: str) -> Table:
    """Who × whom: ● where there is a record, ○ where there is none, a dash on the diagonal."""
    heads = columns(corner, *(seat.label() for seat in found))
    lines = []
    for one in found:
        marks = [Cell(one.label())]
        for other in found:
            if one.pk == other.pk:
                marks.append(Cell(_MARKS["self"], tone="quiet"))
            elif (one.pk, other.pk) in done:
                marks.append(Cell(_MARKS["done"], tone="good", note=_("已有")))
            else:
                marks.append(Cell(_MARKS["blank"], tone="warn", note=_("空缺")))
        lines.append(row(*marks))
    return Table(heads, tuple(lines))


BLANK = "\u00a0"  # an empty cell: nothing to do here, or to be filled in by hand


def doing(label: str, name: str, review: Review, place: Place, thing: Any) -> Cell:
    """A way to an act on one row, where it is offered."""
    if acts.offered(name, review, place, thing):
        return Cell(label, href=acts.address(name, review, thing))
    return Cell(BLANK)


def trimmed(table: Table) -> Table:
    """The table without those columns for acts in which no row has any."""
    kept = [
        n
        for n, column in enumerate(table.columns)
        if column.label or any(one.cells[n].value != BLANK for one in table.rows)
    ]
    rows = tuple(Row(tuple(one.cells[n] for n in kept), one.tone) for one in table.rows)
    return replace(table, columns=tuple(table.columns[n] for n in kept), rows=rows)


def day(when: date | None) -> Cell:
    return Cell(when, "date")


def around(review: Review, place: Place, here: str) -> tuple[Link, ...]:
    """The pages of one meeting, without the one that is open."""
    names = [
        ("review", _("会议")),
        ("people", _("成员和指导组")),
        ("opinions", _("征求意见")),
        ("talks", _("谈心谈话")),
        ("papers", _("对照检查材料")),
        ("agenda", _("议程")),
        ("record", _("会上记录")),
        ("problems", _("问题清单")),
        ("lower", _("下级")),
        ("sheets", _("打印")),
    ]
    if place.clerk or place.head:
        names.append(("log", _("经过")))
    return tuple(
        Link(label, reverse(f"reviews:{name}", args=[review.pk]))
        for name, label in names
        if name != here
    )


def known(text: str) -> str:
    """A text of the library in the reader's language: what the house brought is translated."""
    return _(text) if text else ""


def today() -> date:
    return clock.today()
