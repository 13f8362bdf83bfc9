"""The public face: plain words, large type, what may be told and nothing else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.exchange.sheet import csv_bytes
from bihuan.facts import words as figures
from bihuan.facts.models import Observation
from bihuan.press import queries
from bihuan.press.models import Release
from bihuan.press.pages import words
from bihuan.press.queries import public as held
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import FormPage, FormPanel, Link, Tables
from bihuan.ui.table import Cell, Column, Table, columns, row


@dataclass(frozen=True)
class Story:
    """一篇发布稿给公众看的样子。"""

    title: str
    subtitle: str
    paragraphs: tuple[str, ...]
    byline: str
    at: Any
    href: str
    correction: str = ""  # what this one corrects
    corrects: tuple[str, str] = ("", "")  # title and address of the one it corrects
    corrected: tuple[str, str, str] = ("", "", "")  # what, title and address of the newer one
    scopes: tuple[tuple[str, str, str], ...] = ()  # figure, value with scope, period
    sample: bool = False
    asking: tuple[str, str] = ("", "")  # until when opinions are taken, address of the form
    asked: str = ""  # until when they were taken
    outcome: str = ""


@dataclass(frozen=True)
class Front:
    """首页：征求意见的、最近的稿件、分区的数、位次的历史。"""

    asking: tuple[Story, ...]
    stories: tuple[Story, ...]
    figures: Tables
    ranks: Chart | None
    links: tuple[Link, ...] = ()


# Public pages of rooms above, as the site declares them: name of the address → what it is called.
ELSEWHERE: dict[str, str] = {}


def story(release: Release, *, whole: bool = True) -> Story:
    newer, older = queries.correction_of(release), release.corrects
    open_ = queries.is_asking(release)
    until = f"{release.opinions_until:%Y-%m-%d}" if release.opinions_until else ""
    body = release.body.split("\n") if whole else [release.body.split("\n")[0]]
    first = f"{release.dateline} {body[0]}".strip() if release.dateline else body[0]
    return Story(
        release.headline,
        release.subheadline,
        tuple(line for line in (first, *body[1:]) if line.strip()),
        release.byline,
        release.published_at,
        release.public_url(),
        release.correction,
        (older.headline, older.public_url()) if older is not None else ("", ""),
        (newer.correction, newer.headline, newer.public_url()) if newer else ("", "", ""),
        tuple(_scoped(release)) if whole else (),
        release.sample,
        (until, reverse("public:say", args=[release.slug])) if open_ else ("", ""),
        "" if open_ else until,
        release.outcome,
    )


def saying(release: Release, form: Form) -> FormPage:
    """写意见的一页。"""
    action = reverse("public:say", args=[release.slug])
    intro = _("不用登录，不问您是谁。意见由办公室办理，办理情况公布在稿件下面。")
    panel = FormPanel(_("写意见"), form, action, _("提交"))
    return FormPage(release.headline, panel, intro)


def _scoped(release: Release) -> Iterator[tuple[str, str, str]]:
    rows = release.figures.select_related("observation__indicator", "observation__period")
    seen = set()
    for one in rows:
        if (mark := one.observation_id or one.code) not in seen:
            seen.add(mark)
            name, told, when, scope = words.pointed(one)
            if scope:
                told = _("%(value)s（%(scope)s）") % {"value": told, "scope": scope}
            yield str(getattr(name, "value", name)), told, when


def front() -> Front:
    stories = tuple(story(one, whole=False) for one in queries.published()[:10])
    asking = tuple(story(one, whole=False) for one in queries.asking()[:10])
    links = tuple(Link(_(label), reverse(name)) for name, label in ELSEWHERE.items())
    return Front(asking, stories, _figures(held.figures()), _ranks(held.ranks()), links)


def _figures(found: list[Observation]) -> Tables:
    heads = columns(
        Column(_("指标"), wide=True), Column(_("数值"), number=True), _("变动"), _("时期"),
        Column(_("口径"), wide=True),
    )  # fmt: skip
    lines = tuple(
        row(one.indicator.label(), Cell(figures.value(one)), figures.change(one),
            figures.period(one.period), one.scope)
        for one in found
    )  # fmt: skip
    return Tables(_("公布的数"), Table(heads, lines, empty=_("还没有公布的数。")))


def _ranks(found: list[Observation]) -> Chart | None:
    told = [one for one in found if one.value is not None]
    if len(told) < 2:
        return None
    return Chart(
        "line",
        _("在国家级经开区中的位次"),
        tuple(figures.short_period(one.period) for one in told),
        (Series(_("位次"), tuple(float(one.value or 0) for one in told)),),
        _("位"),
        _("考核年度"),
        reverse_y=True,
    )


def feed(address: str) -> bytes:
    """Atom：最近五十篇，更正也在里面。"""
    made = Atom1Feed(
        title=_("%(zone)s公开发布") % {"zone": queries.zone_name()},
        link=f"{address}{reverse('public:index')}",
        description=_("公布的数、稿件和更正"),
        language=get_language() or "zh-hans",
        feed_url=f"{address}{reverse('public:feed')}",
    )
    for one in queries.published()[:50]:
        shown = story(one)
        words = "\n".join((*([shown.correction] if shown.correction else []), *shown.paragraphs))
        made.add_item(
            title=shown.title,
            link=f"{address}{shown.href}",
            description=words,
            pubdate=one.published_at,
            updateddate=one.published_at,
            unique_id=f"{address}{shown.href}",
        )
    return made.writeString("utf-8").encode()


OPEN_FIELDS = ("indicator", "code", "value", "unit", "period", "scope", "change", "as_of",
               "quote", "source")  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """Open data: each figure with unit, scope, source and the quote it comes from."""
    return [
        {
            "indicator": one.indicator.label(),
            "code": one.indicator.code,
            "value": None if one.value is None else f"{one.value:.{one.places}f}",
            "unit": one.measure,
            "period": figures.period(one.period),
            "scope": one.scope,
            "change": figures.change(one),
            "as_of": timezone.localtime(one.as_of).isoformat() if one.as_of else "",
            "quote": one.quote,
            "source": one.source,
        }
        for one in held.figures()
    ]


def as_json() -> bytes:
    told = {"zone": queries.zone_name(), "figures": rows()}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def as_csv() -> bytes:
    """For a spreadsheet: with a mark of its encoding, and no cell that it would run."""
    return csv_bytes(OPEN_FIELDS, ([one[name] for name in OPEN_FIELDS] for one in rows()))


def roots() -> Tables:
    heads = columns(_("日期"), Column(_("记录数"), number=True), Column(_("审计链根"), wide=True))
    lines = tuple(
        row(Cell(one.day, "date"), Cell(one.number, "number"), Cell(one.root, "code"))
        for one in held.roots()
    )
    return Tables(_("最近六十天"), Table(heads, lines, empty=_("还没有记录。")))
