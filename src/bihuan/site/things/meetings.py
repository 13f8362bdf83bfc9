"""Meetings as news: what was held, who reported, what was studied; never a vote, score or word."""

from collections.abc import Iterable, Iterator
from datetime import date

from bihuan.base.text import zh
from bihuan.designs import queries as design_queries
from bihuan.designs.models import ReviewMeeting
from bihuan.meetings import queries as held
from bihuan.meetings.models import Meeting
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.press.queries import Offer, Thing, Told
from bihuan.press.rules import Known
from bihuan.reviews import queries as review_queries
from bihuan.reviews.models import Review
from bihuan.site.things import words

_SAT = ("counted", "decided", "issued", "done")
_MODES = {"onsite": "现场述职", "written": "书面述职"}
_HALVES = {"am": "上午", "pm": "下午"}


# The yearly evaluation meeting --------------------------------------------------------------------


def _sat(rows: Iterable[Meeting]) -> list[Meeting]:
    return [one for one in rows if one.state in _SAT and not one.rehearsal]


def _meeting_of(key: str) -> Meeting:
    found = _sat(Meeting.objects.filter(pk=words.number(key)))
    if not found:
        raise words.missing()
    return found[0]


def _held_on(meeting: Meeting) -> date:
    return date.fromisoformat(held.document(meeting)["held_on"])


def _meetings(by: Post) -> Iterable[Offer]:
    if not people.may(by, "meetings.view"):
        return ()
    return [Offer(str(one.pk), one.title, _held_on(one)) for one in _sat(held.meetings(by)[:40])]


def _reporting(meeting: Meeting) -> dict[str, list[str]]:
    rows = held.reporters(meeting).filter(withdrawn=False)
    return {mode: [one.unit.name for one in rows if one.mode == mode] for mode in _MODES}


def _meeting_figures(key: str) -> Iterator[Known]:
    for mode, names in _reporting(_meeting_of(key)).items():
        if names:
            told = (f"{_MODES[mode]}单位", f"单位{_MODES[mode]}", f"单位进行了{_MODES[mode]}")
            yield words.figure(mode, told, len(names), "个")


def _meeting(key: str, by: Post | None) -> Told:
    meeting = _meeting_of(key)
    if by is not None and not people.may(by, "meetings.view"):
        raise words.missing()
    plan, on = held.document(meeting), _held_on(meeting)
    reporting = _reporting(meeting)
    said = [
        f"{words.listed(names)}{len(names)}个单位{'' if mode == 'onsite' else '进行了'}{told}"
        for mode, told in _MODES.items()
        if (names := reporting[mode])
    ]
    items = "、".join(one["name"] for one in plan["items"])
    half = _HALVES.get(plan.get("half", ""), "")
    body = words.paragraphs((
        f"{on.month}月{on.day}日{half}，{words.zone()}召开{meeting.title}，"
        f"对{meeting.year}年度工作落实情况回顾检视。",
        f"会上，{'；'.join(said)}。与会人员对述职人{items}情况进行了现场测评。" if said else "",
    ))  # fmt: skip
    return Told(f"{words.zone()}召开{meeting.title}", body, on, meeting.title,
                sample=meeting.sample)  # fmt: skip


# The leadership review meeting: that it was held, nothing of what was said ---------------------


def _reviews(by: Post) -> Iterable[Offer]:
    rows = review_queries.visible_to(by).filter(held_on__isnull=False).order_by("-held_on")
    return [Offer(str(one.pk), str(one), one.held_on) for one in rows[:40] if one.held_on]


def _review(key: str, by: Post | None) -> Told:
    rows = Review.objects.all() if by is None else review_queries.visible_to(by)
    found = rows.filter(pk=words.number(key), held_on__isnull=False).first()
    if found is None or found.held_on is None:
        raise words.missing()
    on, name = found.held_on, str(found).removeprefix(found.body.name)
    theme = found.theme.rstrip("。")
    body = words.paragraphs((
        f"按照上级统一部署，{on.month}月{on.day}日，{found.body.name}召开{name}。"
        f"会议围绕“{theme}”这个主题，深入开展批评和自我批评。",
        "针对查摆出来的问题，列出清单，建立台账，明确责任，抓好整改落实。",
    ))  # fmt: skip
    return Told(f"{found.body.name}召开{name}", body, on, name, sample=found.sample)


# Design review meetings ---------------------------------------------------------------------------


def _design_of(key: str) -> ReviewMeeting:
    rows = ReviewMeeting.objects.filter(state__in=("held", "minuted"))
    found = rows.filter(pk=words.number(key)).first()
    if found is None:
        raise words.missing()
    return found


def _designs(by: Post) -> Iterable[Offer]:
    if not people.may(by, "designs.view"):
        return ()
    rows = design_queries.meetings_for(by).filter(state__in=("held", "minuted")).order_by("-on")
    return [Offer(str(one.pk), one.title, one.on) for one in rows[:40]]


def _design_figures(key: str) -> Iterator[Known]:
    many = len(design_queries.meetings.agenda(_design_of(key)))
    if many:
        yield words.figure("schemes", ("规划设计方案",), many, "个")


def _design(key: str, by: Post | None) -> Told:
    meeting = _design_of(key)
    rows = ReviewMeeting.objects.all() if by is None else design_queries.meetings_for(by)
    if not rows.filter(pk=meeting.pk).exists():
        raise words.missing()
    names = [one.scheme.project.name for one in design_queries.meetings.agenda(meeting)]
    many = f"，会议研究了{words.listed(names)}{len(names)}个规划设计方案" if names else ""
    body = words.paragraphs((
        f"{meeting.on.month}月{meeting.on.day}日，{words.zone()}召开{meeting.title}{many}。",
        f"会议要求，{meeting.requirements}" if meeting.requirements else "",
    ))  # fmt: skip
    return Told(f"{words.zone()}召开{meeting.title}", body, meeting.on, meeting.title,
                "推进项目建设进度", meeting.sample)  # fmt: skip


THINGS = {
    "meetings.meeting": Thing(zh("述职评议会"), _meetings, _meeting, _meeting_figures),
    "reviews.review": Thing(zh("民主生活会"), _reviews, _review, lambda _key: ()),
    "designs.reviewmeeting": Thing(zh("方案审查会"), _designs, _design, _design_figures),
}
