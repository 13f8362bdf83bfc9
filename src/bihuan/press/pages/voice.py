"""Opinions of the public as the office reads them: the list of one text, one opinion."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.people.words import who
from bihuan.press import forms, queries, rules
from bihuan.press.models import Opinion, Release
from bihuan.press.queries.voice import reads_opinions
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

# What rooms above can do with an opinion, as the site declares it: the forms it may offer a post.
FURTHER: list[Callable[[Opinion, Post], list[Panel]]] = []

_TONES = {"new": "warn", "answered": "good", "raised": "info", "aside": "quiet"}


def state(one: Opinion) -> Tag:
    return Tag(_(rules.OPINION_STATES[one.state]), _TONES[one.state])  # type: ignore[arg-type]  # tones of the table


def panels(release: Release, by: Post) -> tuple[list[Panel], list[Panel]]:
    """What came on a text that asks, and the acts on it; nothing where nothing is asked."""
    if release.opinions_until is None or not reads_opinions(by, release):
        return [], []
    heads = columns(Column(_("编号"), number=True), Column(_("意见"), wide=True), _("收到"),
                    _("状态"))  # fmt: skip
    lines = tuple(
        row(
            Cell(one.number, "number", href=one.get_absolute_url()), one.text[:80],
            Cell(one.created_at, "moment"), state(one),
        )
        for one in queries.opinions(release)
    )  # fmt: skip
    empty = _("还没有人写意见。")
    title = _("公众意见（征求至 %(day)s）") % {"day": f"{release.opinions_until:%Y-%m-%d}"}
    shown: list[Panel] = [Tables(title, Table(heads, lines, empty=empty))]
    acts: list[Panel] = []
    if release.state == "published" and people.may(by, "press.office"):
        action = reverse("press:release-act", args=[release.pk, "outcome"])
        form = forms.OutcomeForm(initial={"outcome": release.outcome})
        told = _("公布意见办理情况")
        acts.append(FormPanel(told, form, action, told, folded=True))
    return shown, acts


def opinion(one: Opinion, form: forms.SettleForm, by: Post) -> DetailPage:
    """一条意见：写了什么，怎样办的。"""
    facts = [
        (_("稿件"), Cell(one.release.headline, href=one.release.get_absolute_url())),
        (_("收到"), Cell(one.created_at, "moment")),
    ]
    if one.contact:
        facts.append((_("联系方式"), Cell(one.contact, note=_("只供回复，办理后即抹去"))))
    if one.answered_at is not None:
        facts += [
            (_("办结"), Cell(one.answered_at, "moment", note=who(one.by))),
            (_("答复"), Cell(one.answer)),
        ]
    acts: list[Panel] = []
    if one.state == "new":
        acts = [
            FormPanel(_("办理这条意见"), form, reverse("press:opinion", args=[one.pk]), _("办结"))
        ]
        acts += [panel for further in FURTHER for panel in further(one, by)]
    return DetailPage(
        _("公众意见 %(n)d") % {"n": one.number},
        (Prose(_("意见"), one.text), Facts(_("来去"), tuple(facts))),
        acts,
        (state(one),),
        kicker=one.release.unit.label(),
        links=(Link(_("稿件"), one.release.get_absolute_url()),),
    )
