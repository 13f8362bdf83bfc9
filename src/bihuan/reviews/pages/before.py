"""Opinions, talks, check materials. Texts come in from the verbs that record their reading."""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.ballots import rules as ballots
from bihuan.ballots.models import Poll
from bihuan.base import clock
from bihuan.people.models import Post
from bihuan.reviews import queries, rules
from bihuan.reviews.models import Draft, Opinion, Paper, PaperVersion, Review, Seat, Talk
from bihuan.reviews.pages import acts, words
from bihuan.reviews.rules import Place
from bihuan.reviews.services import Reading
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def opinions(review: Review, by: Post, found: list[Opinion]) -> DetailPage:
    """征求意见：渠道、内容、分送、反馈。"""
    place = queries.place(review, by)
    heads = columns(
        Column(_("序号"), number=True), _("渠道"), Column(_("意见"), wide=True), _("对谁"),
        _("反馈"), "",
    )  # fmt: skip
    lines = tuple(
        row(
            Cell(one.number, "number"),
            Cell(_(rules.CHANNELS[one.channel]), note=one.origin),
            one.text,
            _about(one),
            words.day(one.returned_on) if one.returned_on else Cell(_("未反馈")),
            words.doing(_("分送"), "sort", review, place, one)
            if one.returned_on is None
            else Cell(words.BLANK),
        )
        for one in found
    )
    intro = _("成员只看到已反馈的、对班子和对自己的意见；经办人和指导组看到全部。")
    counts = tuple(
        row(_(label), Cell(sum(one.channel == channel for one in found), "number"))
        for channel, label in rules.CHANNELS.items()
    )
    panels: list[Panel] = [
        Tables(_("意见"), words.trimmed(Table(heads, lines, empty=_("没有您可读的意见。"))), intro),
        Tables(_("渠道"), Table(columns(_("渠道"), Column(_("条数"), number=True)), counts)),
    ]
    if review.poll is not None:
        panels.append(_box(review.poll, place))
    return DetailPage(
        _("征求意见"),
        panels,
        acts.panels(review, place, "note-opinion", "open-box", "take-box", "return-opinions"),
        kicker=review.label(),
        intro=_(rules.WARNING),
        links=words.around(review, place, "opinions"),
    )


def _box(poll: Poll, place: Place) -> Facts:
    """The anonymous box: how far it is; its desk for the clerk, its door for whoever is asked."""
    desk = reverse("ballots:desk", args=[poll.slug]) if place.clerk else ""
    return Facts(
        _("匿名意见箱"),
        (
            (_("现在"), Cell(_(ballots.PHASES[poll.phase]), href=desk)),
            (_("填写的地址"), Cell(reverse("ballots:rate", args=[poll.slug]), "code")),
            (_("提醒"), Cell(_(rules.WARNING))),
        ),
    )


def _about(one: Opinion) -> Tag | Cell:
    if one.about == "member" and one.seat is not None:
        return Cell(one.seat.label())
    return Tag(_(rules.ABOUT[one.about]), "plain" if one.about else "warn")


def sorted_opinion(one: Opinion) -> Prose:
    """The text of the opinion that is being sorted."""
    return Prose(_("意见 %(n)d") % {"n": one.number}, one.text)


def talks(review: Review, by: Post) -> DetailPage:
    """谈心谈话：矩阵、空缺、记录。"""
    place = queries.place(review, by)
    found, held = queries.seats(review), queries.talks_held(review)
    done = {(t.seat_id, t.other_id) for t in held if t.other_id is not None}
    done |= {(b, a) for a, b in done}
    table = words.matrix(found, done, _("谁与谁"))
    heads = columns(_("日期"), Column(_("谁与谁"), wide=True), _("要点"))
    lines = tuple(
        row(words.day(talk.on), sides(talk), _points(review, talk, place.clerk, place.seat))
        for talk in held
    )
    missing = queries.blank_talk_sentences(review)
    panels: list[Panel] = [
        Tables(_("谈话矩阵"), table, _("● 已谈，○ 还没有谈")),
        words.sentences(_("还没有谈的"), missing, empty=_("应谈的都谈了。")),
        Tables(_("谈话记录"), Table(heads, lines, empty=_("还没有谈话记录。"))),
    ]
    return DetailPage(
        _("谈心谈话"),
        panels,
        acts.panels(review, place, "note-talk", "add-due-talk"),
        kicker=review.label(),
        intro=_("主要负责人与每位成员谈，成员相互谈；只记谁与谁、哪天，要点可不写。"),
        links=words.around(review, place, "talks"),
    )


def sides(talk: Talk) -> str:
    """Who talked with whom."""
    other: Seat | Post | None = talk.other or talk.post
    return _("%(one)s与%(other)s") % {
        "one": talk.seat.label(),
        "other": other.label() if other else "",
    }


def _points(review: Review, talk: Talk, clerk: bool, seat: int | None) -> Cell:
    if not talk.points:
        return Cell(_("未写"))
    if clerk or seat in (talk.seat_id, talk.other_id):
        return Cell(_("阅读"), href=reverse("reviews:talk", args=[review.pk, talk.pk]))
    return Cell(_("只有双方可读"))


def talk(found: Talk, points: str) -> DetailPage:
    """一次谈话的要点。"""
    return DetailPage(
        sides(found),
        (Prose(_("要点"), points or _("未写")),),
        kicker=clock.in_words(found.on),
        links=(Link(_("谈心谈话"), reverse("reviews:talks", args=[found.review_id])),),
    )


def papers(review: Review, by: Post) -> DetailPage:
    """对照检查材料：每份到了哪一步；点开才是阅读。"""
    place = queries.place(review, by)
    heads = columns(
        Column(_("材料"), wide=True), _("状态"), Column(_("版本"), number=True), _("最近提交")
    )
    lines = []
    for paper in queries.papers(review):
        versions = list(queries.versions(paper))
        lines.append(
            row(
                Cell(paper.label(), href=paper.get_absolute_url()),
                Tag(_(rules.PAPER_STATES[paper.state]), words.PAPER_TONES[paper.state]),
                Cell(len(versions), "number"),
                Cell(versions[0].created_at if versions else None, "moment"),
            )
        )
    intro = _("点开即为阅读，每次阅读、下载、打印都记入审计；草稿只有本人和经办人看得到。")
    return DetailPage(
        _("对照检查材料"),
        (Tables(_("材料"), Table(heads, tuple(lines)), intro),),
        kicker=review.label(),
        links=words.around(review, place, "papers"),
    )


def paper(reading: Reading, by: Post) -> DetailPage:
    """一份对照检查材料：草稿（只给本人和经办人）、各版、审阅意见。"""
    found = reading.paper
    review = found.review
    place = queries.place(review, by)
    panels: list[Panel] = []
    if reading.draft is not None:
        panels += _draft(found, reading.draft)
    for version in reading.versions:
        panels += _version(found, version)
    if not panels:
        panels.append(Facts(_("版本"), ((_("现在"), Cell(_("还没有提交过。"))),)))
    return DetailPage(
        found.label(),
        panels,
        _paper_acts(review, place, found, reading.draft),
        (Tag(_(rules.PAPER_STATES[found.state]), words.PAPER_TONES[found.state]),),
        review.label(),
        _("本次阅读已记入审计。"),
        (Link(_("对照检查材料"), reverse("reviews:papers", args=[review.pk])),),
    )


def _paper_acts(
    review: Review, place: Place, found: Paper, draft: Draft | None
) -> tuple[FormPanel, ...]:
    names = []
    if found.state != "submitted":
        names = ["draft", "submit"] if draft is not None else ["draft"]
    else:
        names = ["judge-paper"]
    return acts.panels(review, place, *names, thing=found)


def _draft(found: Paper, draft: Draft) -> list[Panel]:
    items = [(_("保存时间"), Cell(draft.saved_at, "moment"))]
    if draft.version is not None:
        href = reverse("reviews:draft-file", args=[found.review_id, found.pk])
        items.append((_("文件"), Cell(draft.name, href=href)))
    panels: list[Panel] = [Facts(_("草稿（未提交）"), tuple(items))]
    return [*panels, Prose(_("草稿的文字"), draft.text)] if draft.text else panels


def _version(found: Paper, version: PaperVersion) -> list[Panel]:
    items = [
        (_("提交"), Cell(version.created_at, "moment")),
        (_("提交人"), Cell(version.by.label() if version.by else _("系统"))),
    ]
    if version.version is not None:
        args = [found.review_id, found.pk, version.number]
        href = reverse("reviews:paper-file", args=args)
        items.append((_("文件"), Cell(version.name, href=href)))
    judged = getattr(version, "judged", None)
    if judged is None:
        items.append((_("审阅"), Cell(_("还没有审阅"))))
    else:
        tag = Tag(_("通过"), "good") if judged.passed else Tag(_("退回修改"), "warn")
        who = judged.by.label() if judged.by else _("系统")
        items += [(_("审阅"), Cell(tag, "tag", note=who)), (_("审阅意见"), Cell(judged.text))]
    title = _("第 %(n)d 版") % {"n": version.number}
    panels: list[Panel] = [Facts(title, tuple(items))]
    if version.text:
        panels.append(Prose(_("第 %(n)d 版的文字") % {"n": version.number}, version.text))
    return panels
