"""Looking at one version, and at two side by side with what changed."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base.text import shorten
from bihuan.designs import queries, rules
from bihuan.designs.models import Comparison, Opinion, SchemeVersion
from bihuan.designs.pages import acts, viewer, words
from bihuan.designs.pages.scheme import opinions_table
from bihuan.exchange.drawings import Look
from bihuan.jobs import rules as job_rules
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, Link, Panel, Progress, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

_RENEW_S = 3


def detail(version: SchemeVersion, by: Post) -> DetailPage:
    """看图提意见：一版的图，图上的意见，提意见的表单。"""
    scheme = version.scheme
    every = queries.opinions(scheme)
    here = [o for o in every if o.version_id == version.pk and o.state != "withdrawn"]
    doing = acts.panels(version, by, unfolded="give" if not queries.manages(by) else "record")
    draws = any(acts.offered(name, version, by) for name in ("give", "record"))
    panels: list[Panel] = [
        viewer.of(version, here, draws=draws),
        opinions_table(here, _("图上的意见")),
    ]
    if version.note:
        panels.append(Prose(_("这一版改了什么"), version.note))
    panels.append(_files(version))
    return DetailPage(
        _("%(scheme)s 第 %(n)d 版") % {"scheme": scheme.label(), "n": version.number},
        panels,
        doing,
        (words.scheme_state(scheme),),
        kicker=scheme.project.label(),
        links=_others(version),
    )


def _others(version: SchemeVersion) -> tuple[Link, ...]:
    found = version.scheme.versions.exclude(pk=version.pk).order_by("-number")
    return (
        Link(_("回到这个方案"), version.scheme.get_absolute_url()),
        *(Link(one.label(), one.get_absolute_url()) for one in found[:5]),
    )


def _files(version: SchemeVersion) -> Tables:
    heads = columns(
        Column(_("文件"), wide=True), _("页码"), Column(_("摘要（SHA-256）"), wide=True), _("脚本")
    )
    lines = tuple(
        row(
            Cell(
                file.kept.name,
                href=reverse("designs:file", args=[version.scheme_id, version.number, file.order]),
            ),
            rules.pages_of(range(file.first, file.first + file.pages)),
            Cell(file.kept.digest, "code"),
            Tag(_("带脚本 %(n)d 段") % {"n": file.scripts}, "warn") if file.scripts else _("无"),
        )
        for file in queries.files(version)
    )
    return Tables(_("文件"), Table(heads, lines))


# Two versions -----------------------------------------------------------------------------------


def compared(
    older: SchemeVersion, newer: SchemeVersion, found: Comparison | None, by: Post
) -> DetailPage:
    """两版并排看：页数、文字、图面改了什么，采纳的意见动没动。"""
    scheme = newer.scheme
    looks = queries.looks(found) if found is not None else []
    on_older = [o for o in queries.opinions(scheme) if o.version_id == older.pk]
    panels: list[Panel] = []
    waiting = _waiting(found)
    if waiting is not None:
        panels.append(waiting)
    if looks:
        panels.append(_summary(older, newer, looks))
    running = isinstance(waiting, Progress)
    if not running:  # it would be drawn anew each time the page is renewed
        panels.append(viewer.two(older, newer, looks, on_older))
    if looks:
        panels += [_pages(looks), _places(on_older, looks), *_texts(looks)]
    elif found is None:
        panels.append(Prose(_("还没比对"), _("这两版还没有比对。可在右边“与旧版比对”里发起。")))
    return DetailPage(
        _("第 %(old)d 版与第 %(new)d 版") % {"old": older.number, "new": newer.number},
        panels,
        (acts.panel("compare", newer, by, folded=bool(looks)),) if not running else (),
        kicker=f"{scheme.project.label()} · {scheme.label()}",
        links=(
            Link(_("回到这个方案"), scheme.get_absolute_url()),
            Link(older.label(), older.get_absolute_url()),
            Link(newer.label(), newer.get_absolute_url()),
        ),
        refresh_s=_RENEW_S if running else 0,
    )


def _waiting(found: Comparison | None) -> Progress | Prose | None:
    """How far the job is, or why there is no result."""
    if found is None or found.pairs is not None or found.job is None:
        return None
    job = found.job
    if job.state in job_rules.UNFINISHED:
        return Progress(_("正在比对"), job.done, job.total, job.message or _("正在打开文件…"))
    return Prose(_("没有比对成"), job.fault or _(job_rules.STATES[job.state]))


def _summary(older: SchemeVersion, newer: SchemeVersion, looks: Sequence[Look]) -> Facts:
    both = [look for look in looks if look.old and look.new]
    return Facts(
        _("改了什么"),
        (
            (
                _("页数"),
                Cell(_("%(old)d 页 → %(new)d 页") % {"old": older.pages, "new": newer.pages}),
            ),
            (_("新增的页"), Cell(_listed(look.new for look in looks if look.old is None))),
            (_("去掉的页"), Cell(_listed(look.old for look in looks if look.new is None))),
            (_("图面有改动的页"), Cell(_listed(look.new for look in both if look.mask))),
            (
                _("文字有改动的页"),
                Cell(_listed(look.new for look in both if look.gone or look.come)),
            ),
        ),
    )


def _listed(numbers: Iterable[int | None]) -> str:
    return rules.pages_of(number for number in numbers if number) or _("无")


def _pages(looks: Sequence[Look]) -> Tables:
    heads = columns(
        Column(_("旧版页"), number=True), Column(_("新版页"), number=True), _("改动"),
        Column(_("改动的图面（%）"), number=True), Column(_("改动处"), number=True),
        Column(_("文字增减行"), number=True),
    )  # fmt: skip
    lines = tuple(
        row(
            Cell(look.old or "", "number"),
            Cell(look.new or "", "number"),
            _kind(look),
            Cell(round(100 * look.share, 1), "number") if look.old and look.new else "",
            Cell(len(look.regions), "number") if look.old and look.new else "",
            Cell(f"+{len(look.come)} −{len(look.gone)}") if look.gone or look.come else "",
        )
        for look in looks
    )
    return Tables(
        _("逐页"), Table(heads, lines), _("页按画面和文字对应，插入的页不会让后面的页都算改动。")
    )


def _kind(look: Look) -> Tag:
    if look.old is None:
        return Tag(_("新增"), "info")
    if look.new is None:
        return Tag(_("去掉"), "bad")
    if look.mask or look.gone or look.come:
        return Tag(_("有改动"), "warn")
    return Tag(_("没有改动"), "quiet")


def _places(opinions: Sequence[Opinion], looks: Sequence[Look]) -> Tables:
    """对旧版提的意见，所指的地方在新版里动没动。"""
    heads = columns(
        Column(_("编号"), number=True), Column(_("意见"), wide=True), _("答复"), _("所指的地方")
    )
    lines = []
    for opinion in opinions:
        told = queries.touch(opinion, looks)
        lines.append(
            row(
                Cell(opinion.number, "number"),
                Cell(shorten(opinion.text, 120), href=opinion.get_absolute_url()),
                words.answered(opinion),
                _touched(told),
            )
        )
    return Tables(_("意见所指的地方"), Table(heads, tuple(lines), empty=_("对旧版没有意见。")))


def _touched(told: queries.Touch | None) -> Tag:
    if told is None:
        return Tag(_("没有钉在页上，无从比对"), "quiet")
    if told.page is None:
        return Tag(_("这一页去掉了"), "warn")
    if told.untouched:
        return Tag(_("没有动"), "bad")
    return Tag(_("动了 %(share)d%%") % {"share": max(1, round(100 * told.share))}, "good")


def _texts(looks: Sequence[Look]) -> list[Panel]:
    found = []
    heads = columns(Column(_("去掉的文字"), wide=True), Column(_("新增的文字"), wide=True))
    for look in looks:
        if look.gone or look.come:
            lines = (row("\n".join(look.gone), "\n".join(look.come)),)
            title = _("第 %(n)d 页的文字") % {"n": look.new or 0}
            found.append(Tables(title, Table(heads, lines)))
    return found[:20]
