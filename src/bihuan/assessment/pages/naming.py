"""What the pages of this room share: names in the reader's language, links, how numbers look."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.assessment import bridge, queries, rules
from bihuan.assessment.models import Entrant, Node, Run, Scheme
from bihuan.base import clock
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import Link
from bihuan.ui.table import Cell


def names(scheme: Scheme) -> dict[str, str]:
    """Codes of a scheme's nodes → their names; the whole as well."""
    return {n.code: n.label() for n in queries.nodes(scheme)} | {bridge.ROOT: _("综合得分")}


def measures(scheme: Scheme) -> dict[str, str]:
    """Codes of a scheme's indicators → their units of measure."""
    return {n.code: _(n.measure) if n.measure else "" for n in queries.leaves(scheme)}


def unit_names(run: Run) -> dict[str, str]:
    """Codes of a run's entrants → their names in the reader's language."""
    codes, given = run.inputs["units"], run.inputs["names"]
    if get_language() != "en":
        return dict(zip(codes, given, strict=True))
    return {code: one.label() for code, one in queries.entrants(codes).items()}


def league_of(run: Run, entrant: Entrant) -> str:
    """The league in which a run ranked an entrant: that of then, whatever it is now."""
    return _(rules.LEAGUES[bridge.leagues_in(run.inputs)[entrant.code]])


def source_of(node: Node, figures: dict[str, str]) -> str:
    """Where the values of an indicator come from."""
    if node.figure:
        return _("数据：%(name)s") % {"name": figures.get(node.figure, node.figure)}
    if node.count:
        return _("台账：%(name)s") % {"name": _(rules.COUNTS[node.count])}
    return _("手工填报")


def loaded(by: Post | None, at: datetime) -> str:
    """Who brought a number, and when."""
    day = clock.in_words(timezone.localdate(at))
    if by is None:
        return _("系统，%(day)s") % {"day": day}
    return _("%(who)s，%(day)s") % {"who": by.label(), "day": day}


def score(value: Any, digits: int = 2) -> Cell:
    """A score, to so many decimals; a dash for none."""
    if value is None or value != value:
        return Cell("", "number")
    return Cell(f"{float(value):.{digits}f}", "text")


def plus(value: float | Decimal, spec: str = ".2f") -> str:
    """A difference with its sign, the minus as wide as the plus."""
    return f"{value:+{spec}}".replace("-", "−")


def signed(value: float, digits: int = 3) -> Cell:
    """A difference with its sign; the tone says good or bad, the sign says it too."""
    tone = "good" if value > 0 else "bad" if value < 0 else "plain"
    return Cell(plus(value, f".{digits}f"), "text", tone=tone)  # type: ignore[arg-type]  # three of the tones


def figure(value: Any) -> Cell:
    """A figure as declared, without the zeros of its column."""
    if value is None or value != value:
        return Cell("", "number")
    return Cell(float(f"{float(value):.6g}"), "number")


def links(run: Run, entrant: Entrant, by: Post, here: str = "") -> tuple[Link, ...]:
    """The pages about one entrant of a run."""
    if not queries.sees_whole(run.round, by):
        return (Link(_("位次表"), run.get_absolute_url()),)
    shown = [("entrant", _("画像"))]
    if run.previous_id is not None:
        shown.append(("move", _("升降原因")))
    shown += [
        ("what-if", _("假如")),
        ("goal", _("目标")),
        ("sensitivity", _("敏感性")),
        ("report", _("报告")),
    ]
    given = tuple(
        Link(label, reverse(f"assessment:{name}", args=[run.pk, entrant.code]))
        for name, label in shown
        if name != here
    )
    return (*given, Link(_("位次表"), run.get_absolute_url()))


def may_raise(by: Post) -> bool:
    return people.may(by, "ledger.raise")
