"""One scheme: what it is, its versions, all opinions, what was promised and not done."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit.pages import timeline
from bihuan.base import clock
from bihuan.base.text import shorten
from bihuan.designs import queries, rules
from bihuan.designs.models import Opinion, Scheme
from bihuan.designs.pages import acts, words
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, Link, Numbers, Panel, Prose, Station, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def detail(scheme: Scheme, by: Post) -> DetailPage:
    """方案页。"""
    found = queries.opinions(scheme)
    panels: list[Panel] = [_facts(scheme)]
    if found:
        panels.append(_numbers(scheme, found))
    panels += _untouched(scheme, found)
    panels += [_versions(scheme), opinions_table(found)]
    panels += _meetings(scheme, by)
    panels += _notices(scheme, by)
    if scheme.conditions:
        panels.append(Prose(_("规划条件"), scheme.conditions))
    panels.append(timeline(scheme))
    newest = queries.newest(scheme)
    links = []
    if newest is not None:
        links.append(Link(_("看图提意见"), newest.get_absolute_url(), primary=True))
        links.append(Link(_("意见清单（打印）"), reverse("designs:sheet", args=[scheme.pk])))
        links += [
            Link(f"BCF {edition}", reverse("designs:bcf", args=[scheme.pk, code]))
            for code, edition in EDITIONS.items()
        ]
    return DetailPage(
        scheme.label(),
        panels,
        acts.panels(scheme, by, unfolded="bring" if newest is None else ""),
        tuple(filter(None, (words.scheme_state(scheme), _mark(scheme)))),
        kicker=scheme.project.label(),
        links=tuple(links),
    )


EDITIONS = {"2-1": "2.1", "3-0": "3.0"}


def _mark(scheme: Scheme) -> Tag | None:
    return Tag(_("示例数据"), "quiet") if scheme.sample else None


def _facts(scheme: Scheme) -> Facts:
    asked = _("、").join(unit.label() for unit in scheme.units.all())
    items = [
        (_("项目"), Cell(scheme.project.label(), href=scheme.project.get_absolute_url())),
        (_("设计（项目）单位"), Cell(scheme.designer.label())),
        (_("征求意见的单位"), Cell(asked)),
        (_("提意见截止"), _due(scheme)),
    ]
    if scheme.reason:
        items.append((_("说明"), Cell(scheme.reason)))
    return Facts(_("安排"), tuple(items))


def _due(scheme: Scheme) -> Cell:
    late = scheme.due is not None and scheme.due < clock.today() and scheme.state == "reviewing"
    return Cell(
        scheme.due, "date", note=_("已过") if late else "", tone="warn" if late else "plain"
    )


def _numbers(scheme: Scheme, found: Sequence[Opinion]) -> Numbers:
    href = scheme.get_absolute_url()
    stations = tuple(
        Station(_(label), sum(o.state == code for o in found), href, tone=words.STATE_TONES[code])
        for code, label in rules.STATES.items()
        if code != "withdrawn"
    )
    return Numbers(_("意见办到哪一步"), stations)


def _untouched(scheme: Scheme, found: Sequence[Opinion]) -> list[Panel]:
    """说采纳、图上没动的；还没比对的也说一声。"""
    panels: list[Panel] = []
    listed = queries.untouched(scheme, found)
    if listed:
        heads = columns(
            Column(_("编号"), number=True), Column(_("意见"), wide=True), _("提出"), _("答复"),
            _("落实的版本"), _("看比对"),
        )  # fmt: skip
        lines = tuple(
            row(
                Cell(one.opinion.number, "number"),
                Cell(shorten(one.opinion.text, 80), href=one.opinion.get_absolute_url()),
                words.who(one.opinion),
                words.decision(one.reply),
                _("第 %(n)d 版第 %(page)d 页") % {"n": _settled(one), "page": one.page},
                Cell(_("并排看"), href=_compared(one)),
                tone="bad",
            )
            for one in listed
        )
        panels.append(
            Tables(
                _("说采纳、图上没动"),
                Table(heads, lines),
                _("落实的版本里，框选的地方与原来一样。可能改在别处，请核实时看清。"),
            )
        )
    wanted = queries.wanted_pairs(scheme)
    if wanted:
        told = _("、").join(
            _("第 %(old)d 版与第 %(new)d 版") % {"old": old.number, "new": new.number}
            for old, new in wanted
        )
        note = _("这些版本还没有比对，说采纳的图上动没动还不知道：%(pairs)s。") % {"pairs": told}
        panels.append(Prose(_("还没比对"), note))
    return panels


def _settled(one: queries.Untouched) -> int:
    return one.reply.settled_in.number if one.reply.settled_in else 0


def _compared(one: queries.Untouched) -> str:
    numbers = [one.opinion.scheme_id, one.opinion.version.number, _settled(one)]
    return reverse("designs:compare", args=numbers) + f"#page={one.page}"


def _versions(scheme: Scheme) -> Tables:
    found = list(scheme.versions.select_related("by__person", "by__unit").order_by("-number"))
    heads = columns(
        _("版本"), Column(_("页数"), number=True), Column(_("这一版改了什么"), wide=True),
        Column(_("经办"), wide=True), _("比对"),
    )  # fmt: skip
    lines = []
    for version in found:
        numbers = [scheme.pk, version.number - 1, version.number]
        digests = " ".join(file.kept.digest[:12] for file in queries.files(version))
        lines.append(
            row(
                Cell(version.label(), href=version.get_absolute_url(), note=digests),
                Cell(version.pages, "number"),
                version.note,
                Cell(
                    version.by.label() if version.by else _("系统"),
                    note=clock.in_words(version.created_at),
                ),
                Cell(_("与前一版"), href=reverse("designs:compare", args=numbers))
                if version.number > 1
                else "",
            )
        )
    empty = _("还没有交过一版。由设计（项目）单位交图。")
    return Tables(_("各版"), Table(heads, tuple(lines), empty=empty))


def opinions_table(found: Sequence[Opinion], title: str = "") -> Tables:
    """意见清单。"""
    heads = columns(
        Column(_("编号"), number=True),
        Column(_("意见"), wide=True),
        _("位置"),
        _("答复"),
        _("状态"),
    )
    lines = tuple(
        row(
            Cell(one.number, "number"),
            Cell(shorten(one.text, 120), href=one.get_absolute_url(), note=_about(one)),
            words.place(one),
            words.answered(one),
            words.state(one),
            tone="quiet" if one.state == "withdrawn" else "plain",
        )
        for one in found
    )
    return Tables(title or _("意见清单"), Table(heads, lines, empty=_("还没有意见。")))


def _about(opinion: Opinion) -> str:
    """Who, from which aspect, how much it weighs: the small line under an opinion."""
    weight = _(rules.PRIORITIES[opinion.priority])
    return f"{words.who(opinion)} · {opinion.aspect.label()} · {weight}"


def _meetings(scheme: Scheme, by: Post) -> list[Panel]:
    seen = queries.meetings_for(by).values("pk")
    items = list(scheme.agenda.filter(meeting__in=seen).select_related("meeting", "version"))
    if not items:
        return []
    heads = columns(Column(_("审查会"), wide=True), _("日期"), _("议的版本"), _("结论"))
    lines = tuple(
        row(
            Cell(item.meeting.title, href=item.meeting.get_absolute_url()),
            Cell(item.meeting.on, "date"),
            item.version.label(),
            _(rules.CONCLUSIONS[item.conclusion]) if item.conclusion else "",
        )
        for item in items
    )
    return [Tables(_("审查会"), Table(heads, lines))]


def _notices(scheme: Scheme, by: Post) -> list[Panel]:
    found = list(scheme.notices.select_related("version").prefetch_related("pages"))
    if not found:
        return []
    heads = columns(
        Column(_("公示"), wide=True), _("版本"), _("公示的页"), _("公示期"),
        Column(_("收到意见"), number=True), _("状态"), "",
    )  # fmt: skip
    lines = []
    for notice in found:
        days = f"{clock.in_words(notice.first)} – {clock.in_words(notice.last)}"
        tag = (
            Tag(_("已撤下"), "quiet")
            if notice.withdrawn
            else Tag(_("公示中"), "info")
            if queries.notices.is_open(notice)
            else Tag(_("公示期外"), "plain")
        )
        lines.append(
            row(
                Cell(notice.title, href=notice.get_absolute_url()),
                notice.version.label(),
                rules.pages_of(page.page for page in notice.pages.all()),
                days,
                Cell(notice.opinions.count(), "number"),
                tag,
                Cell(_("去办理"), href=_notice(notice.scheme_id, notice.pk))
                if queries.manages(by)
                else "",
            )
        )
    return [Tables(_("公示"), Table(heads, tuple(lines)))]


def _notice(scheme: int, pk: int) -> str:
    return reverse("designs:notice", args=[scheme, pk])
