"""Words and tags that the pages of this room share."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.facts import words as figures
from bihuan.press import rules
from bihuan.press.models import Figure, Paper, Release
from bihuan.ui.panel import Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Table, Tag, columns, row

_PAPER_TONES = {"draft": "warn", "issued": "good", "void": "quiet"}
_RELEASE_TONES = {"draft": "plain", "published": "good", "dropped": "quiet"}
_SEVERITIES = {"wrong": "bad", "lacking": "warn", "conflict": "orange", "unknown": "quiet"}


def paper_state(paper: Paper) -> Tag:
    return Tag(_(rules.PAPER_STATES[paper.state]), _PAPER_TONES[paper.state])  # type: ignore[arg-type]  # tones of the table


def release_state(release: Release) -> Tag:
    tone = _RELEASE_TONES.get(release.state, "info")
    return Tag(_(rules.RELEASE_STATES[release.state]), tone)  # type: ignore[arg-type]  # tones of the table


def around(here: str) -> tuple[Link, ...]:
    """The lists of this room, without the one that is open."""
    names = (
        ("index", _("发布稿")),
        ("papers", _("公文")),
        ("templates", _("公文模板")),
        ("check", _("核对文字")),
    )
    found = tuple(Link(label, reverse(f"press:{name}")) for name, label in names if name != here)
    return (*found, Link(_("公众看的页"), reverse("public:index")))


def pointed(one: Figure) -> tuple[Cell | str, str, str, str]:
    """What a figure of a text points at: its name, the stored value, when, with which scope."""
    about = one.observation
    if about is None:  # of the thing that the text tells of
        return Cell(one.name, note=_("所说的那件事")), one.value, one.period, one.scope
    name = Cell(about.indicator.label(), href=about.get_absolute_url())
    return name, figures.value(about), figures.period(about.period), about.scope


def severity(kind: str) -> Tag:
    names = {
        "wrong": _("不符"),
        "lacking": _("缺口径"),
        "conflict": _("存数矛盾"),
        "unknown": _("没有存数"),
    }
    return Tag(names[kind], _SEVERITIES[kind])  # type: ignore[arg-type]  # tones of the table


def differences(found: rules.Checked) -> list[Panel]:
    """What a check found, worst first; or that nothing was found."""
    count = len(found.pointed)
    if not found.found:
        told = _("文中 %(n)d 个数都与存着的数相符。") % {"n": count}
        return [Prose(_("数的核对"), told if count else _("文中没有要核对的数。"))]
    lines = tuple(row(severity(one.severity), _(one.sentence) % one.params) for one in found.found)
    heads = columns(_("程度"), _("核对所得"))
    intro = _("文中 %(n)d 个数指向存着的数。") % {"n": count}
    return [Tables(_("数的核对"), Table(heads, lines), intro)]


def listed(told: Sequence[str]) -> str:
    return "\n".join(f"· {one}" for one in told)
