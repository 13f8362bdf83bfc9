"""One meeting: what it is, how far it is, its steps; and one step."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.audit import queries as audit_queries
from bihuan.base import clock
from bihuan.people.models import Post
from bihuan.reviews import queries, rules
from bihuan.reviews.models import Review, Step, StepDocument
from bihuan.reviews.pages import acts, words
from bihuan.ui.panel import (
    DetailPage,
    Facts,
    FormPanel,
    Link,
    Moment,
    Panel,
    Progress,
    Prose,
    Tables,
    Timeline,
)
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row


def detail(review: Review, by: Post) -> DetailPage:
    """一次民主生活会。"""
    place = queries.place(review, by)
    steps = queries.steps(review)
    tags = [words.state(review)]
    if review.state == "preparing":
        missing = queries.not_ready(review)
        ready = Tag(_("准备就绪"), "good") if not missing else Tag(_("准备中"), "warn")
        tags.append(ready)
    if review.sample:
        tags.append(Tag(_("示例数据"), "quiet"))
    panels: list[Panel] = [_facts(review), Prose(_("主题"), review.theme)]
    panels += _ahead(review, steps)
    panels += [_phase(review, phase, steps) for phase in rules.PHASES]
    panels.append(_documents(review, steps))
    return DetailPage(
        review.label(),
        panels,
        acts.panels(review, place, "open", "end", "close", "amend", "attendance", "call-off"),
        tuple(tags),
        links=words.around(review, place, "review"),
    )


def _facts(review: Review) -> Facts:
    found = queries.seats(review)
    head = next((seat.label() for seat in found if seat.head), _("未定"))
    count = queries.quorum(review)
    told = {"part": review.quorum_part, "whole": review.quorum_whole, "needed": count.needed}
    items = [
        (_("类别"), Cell(_(rules.KINDS[review.kind]))),
        (_("年度"), Cell(_("%(year)d 年度") % {"year": review.year})),
        (_("班子"), Cell(review.body.label())),
        (_("会议日期"), words.day(review.date)),
        (_("主要负责人"), Cell(head)),
        (_("依据"), Cell(review.basis)),
        (
            _("到会人数"),
            Cell(
                _("应到 %(due)d，实到 %(present)d") % {"due": count.due, "present": count.present},
                note=_("至少 %(needed)d 人（%(whole)d 分之 %(part)d）") % told,
            ),
        ),
        (_("经办人"), Cell(_("、").join(post.label() for post in review.clerks.all()))),
    ]
    if review.consent:
        items.append((_("上级同意提前或推迟"), Cell(review.consent)))
    if review.held_on:
        items.append((_("召开日期"), words.day(review.held_on)))
    if review.closed_on:
        items.append((_("了结日期"), words.day(review.closed_on)))
    if review.reason:
        items.append((_("取消的原因"), Cell(review.reason)))
    return Facts(_("会议"), tuple(items))


def _ahead(review: Review, steps: list[Step]) -> list[Panel]:
    """What comes next: how ready it is, or what stands between it and its end."""
    if review.state == "preparing":
        before = [step for step in steps if step.phase == "before"]
        done = sum(step.state != "pending" for step in before)
        told = {"done": done, "all": len(before)}
        said = _("会前 %(all)d 步，已办 %(done)d 步") % told
        missing = queries.not_ready(review) + queries.seats_in_doubt(review)
        return [
            Progress(_("准备"), done, len(before), said),
            words.sentences(_("开会之前"), missing, empty=_("准备就绪，可以开会。")),
        ]
    if review.state == "held":
        missing = queries.open_of_ledger(review)
        return [words.sentences(_("了结之前"), missing, empty=_("都已办结，可以了结。"))]
    return []


def _phase(review: Review, phase: str, steps: list[Step]) -> Tables:
    heads = columns(
        Column(_("步骤"), wide=True), _("期限"), _("状态"), Column(_("办理"), wide=True),
        Column(_("依据"), wide=True),
    )  # fmt: skip
    today = words.today()
    lines = tuple(_line(review, step, today) for step in steps if step.phase == phase)
    return Tables(_(rules.PHASES[phase]), Table(heads, lines))


def _line(review: Review, step: Step, today: date) -> Row:
    tag = words.step_state(step, today)
    when = Cell(step.due, "date", note=_("暂定") if step.provisional else "")
    return row(
        Cell(
            step.label(),
            href=reverse("reviews:step", args=[review.pk, step.pk]),
            note=words.known(step.documents),
        ),
        when,
        tag,
        Cell(_done(step), note=step.note),
        Cell(words.known(step.source), note=_(rules.GRADES[step.grade])),
        tone="bad" if tag.tone == "bad" else "plain",
    )


def _done(step: Step) -> str:
    if step.done_on is None:
        return ""
    who = step.done_by.label() if step.done_by else _("系统")
    return _("%(who)s，%(day)s") % {"who": who, "day": clock.in_words(step.done_on)}


def _documents(review: Review, steps: list[Step]) -> Tables:
    papers = StepDocument.objects.filter(step__review=review).order_by("step__order", "pk")
    found = papers.select_related("step", "version", "by__person", "by__unit")
    return _papers_table(review, list(found))


def _papers_table(review: Review, found: list[StepDocument]) -> Tables:
    heads = columns(_("步骤"), Column(_("文件"), wide=True), _("经办"), _("时间"))
    lines = tuple(
        row(
            one.step.label(),
            Cell(one.name, href=reverse("reviews:document", args=[review.pk, one.pk])),
            one.by.label() if one.by else _("系统"),
            Cell(one.created_at, "moment"),
        )
        for one in found
    )
    intro = _("每次下载都记入审计。")
    return Tables(_("步骤材料"), Table(heads, lines, empty=_("还没有附材料。")), intro)


def step(found: Step, by: Post) -> DetailPage:
    """一个步骤：期限、还缺什么、材料、办理。"""
    review = found.review
    place = queries.place(review, by)
    facts = Facts(
        _("步骤"),
        (
            (_("阶段"), Cell(_(rules.PHASES[found.phase]))),
            (_("期限"), Cell(found.due, "date", note=_("暂定") if found.provisional else "")),
            (_("材料"), Cell(words.known(found.documents))),
            (_("依据"), Cell(words.known(found.source), note=_(rules.GRADES[found.grade]))),
            (_("办理"), Cell(_done(found))),
            (_("说明"), Cell(found.note)),
        ),
    )
    panels: list[Panel] = [facts]
    if found.state == "pending":
        missing = queries.in_the_way(found)
        panels.append(words.sentences(_("还缺什么"), missing, empty=_("没有缺的，可以完成。")))
    papers = found.papers.select_related("step", "version", "by__person", "by__unit")
    panels.append(_papers_table(review, list(papers.order_by("pk"))))
    names = ("finish", "skip", "attach") if found.state == "pending" else ("attach", "take-back")
    links = [Link(_("会议"), review.get_absolute_url())]
    writing: tuple[FormPanel, ...] = ()
    if kind := rules.STEP_WRITINGS.get(found.code):
        writing = acts.panels(review, place, f"write-{kind}")
        if queries.writing(review, kind) is not None:
            href = reverse("reviews:sheet", args=[review.pk, kind])
            links.insert(0, Link(_(rules.WRITINGS[kind]), href, primary=True))
    return DetailPage(
        found.label(),
        panels,
        (*writing, *acts.panels(review, place, *names, thing=found)),
        (words.step_state(found, words.today()),),
        review.label(),
        links=tuple(links),
    )


def log(review: Review, by: Post) -> DetailPage:
    """经过：这次会的每一件事，包括每一次阅读；给经办人和主要负责人看。"""
    place = queries.place(review, by)
    things = queries.things(review)
    return DetailPage(
        _("经过"),
        (Timeline(_("经过"), tuple(_named(review, things))),),
        kicker=review.label(),
        intro=_("谁读了什么也在这里；审计里没有材料和批评的内容。"),
        links=words.around(review, place, "log"),
    )


def _named(review: Review, things: list[Model]) -> Iterator[Moment]:
    """Each step of the history with the thing it was about."""
    told = audit.timeline(*things).moments
    for entry, moment in zip(audit_queries.of(*things), told, strict=True):
        about = entry.thing.removeprefix(str(review)).strip()
        if not about:
            yield moment
            continue
        what = _("%(act)s：%(thing)s") % {"act": moment.what, "thing": about}
        yield replace(moment, what=what)
