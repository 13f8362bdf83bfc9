"""A snowfall as news: an issued situation report, a signed review."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from bihuan.base.text import zh
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.press.queries import Offer, Thing, Told
from bihuan.press.rules import Known
from bihuan.roads.rules import KINDS
from bihuan.site.things import words
from bihuan.snow.models import LevelChange, Review, SituationReport, Storm
from bihuan.snow.queries import review as reviews
from bihuan.snow.queries import situation as situations
from bihuan.snow.rules import storm as rules
from bihuan.snow.rules.situation import FIGURES

# Figure → what it is called in a text, the nearest name first; what comes before the number there.
_NAMES = {
    "posted": (("在岗人数", "在岗"), "在岗"),
    "people": (("出动人次", "累计出动"), "累计出动"),
    "turnouts": (("出动车辆", "扫雪车辆"), "扫雪车辆"),
    "deicer_t": (("撒布融雪剂",), "撒布融雪剂"),
    "cleared_m3": (("清运积雪",), "清运积雪"),
}
_STATES = (
    ("passable", "均通行正常"),
    ("slow", "可以通行，请慢行"),
    ("icy", "路面结冰，请绕行"),
    ("closed", "封闭，请绕行"),
)


def _when(report: SituationReport) -> str:
    at = timezone.localtime(report.as_of)
    minute = f"{at.minute}分" if at.minute else ""
    return f"{words.day(at.date())}{at.hour}时{minute}"


def _issued(key: str) -> SituationReport:
    rows = SituationReport.objects.select_related("storm").filter(state="issued")
    found = rows.filter(pk=words.number(key)).first()
    if found is None:
        raise words.missing()
    return found


def _reports(by: Post) -> Iterable[Offer]:
    if not people.may(by, "snow.view"):
        return ()
    rows = SituationReport.objects.select_related("storm").filter(state="issued").order_by("-pk")
    return [
        Offer(str(one.pk), one.label(), timezone.localtime(one.as_of).date()) for one in rows[:40]
    ]


def _report_figures(key: str) -> list[Known]:
    report = _issued(key)
    return _said(report, situations.content(report))


def _said(report: SituationReport, content: situations.Content) -> list[Known]:
    as_of = f"截至{_when(report)}"
    return [
        words.figure(code, _NAMES[code][0], one.value, FIGURES[code][1], period=as_of)
        for code, one in content.said.items()
        if one.value
    ]


def _report(key: str, by: Post | None) -> Told:
    report = _issued(key)
    if by is not None and not people.may(by, "snow.view"):
        raise words.missing()
    said, storm = situations.content(report), report.storm
    roads = [
        f"{words.listed([one.name for one in said.roads if one.state == state], 6)}等重点道路{how}"
        if state == "passable" else
        f"{words.listed([one.name for one in said.roads if one.state == state], 6)}{how}"
        for state, how in _STATES
        if any(one.state == state for one in said.roads)
    ]  # fmt: skip
    told = all(one.name in report.summary for one in said.roads)  # by whoever wrote the report
    body = words.paragraphs((
        f"截至{_when(report)}，{words.zone()}{'；'.join(roads)}。" if roads and not told else "",
        f"{_begun(storm)}，{_levels(storm, report)}{_figures(_said(report, said))}。",
        report.summary,
        report.next_steps,
    ))  # fmt: skip
    return Told(
        "扫雪除冰保畅通", body, timezone.localtime(report.as_of).date(), report.label(),
        f"截至{_when(report)}", storm.sample,
    )  # fmt: skip


def _begun(storm: Storm) -> str:
    snow = timezone.localtime(storm.first_snow_at).date()
    told = "以雪为令，" if storm.start == "snowfall" else ""
    return f"自{snow.month}月{snow.day}日降雪以来，{words.zone()}{told}迅速启动应急预案"


def _levels(storm: Storm, report: SituationReport) -> str:
    newest: dict[str, LevelChange] = {
        one.scale: one for one in storm.levels.filter(at__lte=report.as_of).order_by("pk")
    }
    told = [
        f"{rules.SCALES[scale][0]}{rules.LEVELS[one.level]}响应"
        for scale, one in newest.items()
        if one.level != rules.OFF
    ]
    return f"执行{'、'.join(told)}，" if told else ""


def _figures(found: Iterable[Known]) -> str:
    parts = [f"{_NAMES[one.code][1]}{words.written(one)}" for one in found]
    return "，".join(parts) if parts else "各队伍全部上路"


def _signed(key: str) -> Review:
    rows = Review.objects.select_related("storm").filter(state="signed")
    found = rows.filter(pk=words.number(key)).first()
    if found is None:
        raise words.missing()
    return found


def _reviews(by: Post) -> Iterable[Offer]:
    if not people.may(by, "snow.view"):
        return ()
    rows = Review.objects.select_related("storm").filter(state="signed").order_by("-pk")
    return [
        Offer(str(one.pk), f"{one.storm.label()}复盘", timezone.localtime(one.signed_at).date())
        for one in rows[:40]
        if one.signed_at is not None
    ]


def _review_figures(key: str) -> Iterator[Known]:
    review = _signed(key)
    found = reviews.content(review)
    period = review.storm.label()
    yield words.figure("hours", ("响应时长", "历时"), found.hours, "小时", period=period)
    for code, value in found.amounts.items():
        if value and code in _NAMES:
            yield words.figure(code, _NAMES[code][0], value, FIGURES[code][1], period=period)
    for line in found.classes:
        if line.rate is not None:
            names = (f"{KINDS[line.kind]}按时清完率",)
            yield words.figure(f"rate-{line.kind}", names, line.rate, "%", period=period)


def _review(key: str, by: Post | None) -> Told:
    review = _signed(key)
    if by is not None and not people.may(by, "snow.view"):
        raise words.missing()
    figures = {one.code: one for one in _review_figures(key)}
    rates = [f"{one.name}{words.written(one)}" for code, one in figures.items()
             if code.startswith("rate-")]  # fmt: skip
    used = [one for code, one in figures.items() if code in _NAMES]
    ended = timezone.localtime(review.storm.ended_at or review.storm.started_at).date()
    body = words.paragraphs((
        f"{words.day(ended)}，{review.storm.name}的扫雪除冰应急响应结束，"
        f"历时{words.written(figures['hours'])}。{_figures(used)}。",
        f"雪停以后，{'，'.join(rates)}。" if rates else "",
    ))  # fmt: skip
    return Told("扫雪除冰响应结束", body, ended, f"{review.storm.name}复盘",
                sample=review.storm.sample)  # fmt: skip


THINGS = {
    "snow.situationreport": Thing(zh("扫雪除冰情况报告"), _reports, _report, _report_figures),
    "snow.review": Thing(zh("扫雪除冰复盘"), _reviews, _review, _review_figures),
}
