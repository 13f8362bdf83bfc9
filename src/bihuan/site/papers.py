"""Which record an official paper is filled from: the only place that knows all rooms and `press`.

Each source finds its record for a post, refuses what that post may not see, and says what the
template's holes hold. What a room already prints is taken as it prints it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from bihuan.assessment import pages as assessment
from bihuan.assessment.models import Score
from bihuan.base import clock
from bihuan.base.errors import NotFound
from bihuan.base.text import SAMPLE_MARK
from bihuan.designs import pages as designs
from bihuan.designs import queries as design_queries
from bihuan.designs.models import ReviewMeeting
from bihuan.exchange.paper import Document, official
from bihuan.ledger import queries as ledger
from bihuan.ledger.models import Finding
from bihuan.meetings import queries as meeting_queries
from bihuan.meetings.models import Letter, Meeting
from bihuan.meetings.pages import printing as meetings
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.press import services as press
from bihuan.site import zone
from bihuan.snow.models import SituationReport
from bihuan.snow.queries import situation as snow
from bihuan.snow.rules.live import STATES
from bihuan.snow.rules.situation import FIGURES, plain
from bihuan.ui.panel import Facts, Prose, Tables

Filled = press.Filled


def _missing() -> NotFound:
    return NotFound(_("没有这条记录，或您现在的任职看不到它。"))


def _number(text: str) -> int:
    if not text.isdecimal():
        raise _missing()
    return int(text)


def _may(by: Post | None, verb: str) -> None:
    if by is not None and not people.may(by, verb):
        raise _missing()


def finding(kind: str, key: str, by: Post | None) -> Filled:
    """交办单、督办单、催办单：由台账的一个问题。"""
    rows = Finding.objects.all() if by is None else ledger.visible_to(by)
    found = rows.filter(number=key).select_related("lead_unit").first()
    if found is None or found.lead_unit is None:
        raise _missing()
    with translation.override("zh-hans"):
        due = clock.in_words(found.due) if found.due else "（未定）"
        late = "" if found.due is None or found.due >= clock.today() else "，已逾期"
        opening = {
            "assign": f"现将问题（编号 {found.number}）交你单位办理。",
            "supervise": f"问题（编号 {found.number}）由你单位办理，现予督办。",
            "urge": f"问题（编号 {found.number}）由你单位办理，现予催办。",
        }[kind]
        request = {
            "assign": f"请于{due}前办结，佐证齐全后申请销号。",
            "supervise": "请你单位负责人亲自过问，查明未办结的原因，三个工作日内书面报告。",
            "urge": "请抓紧办理，办理情况及时录入台账。",
        }[kind]
        standing = f"完成时限{due}{late}；目前状态：{_state(found)}。"
    body = [found.title, found.description]
    if found.standard:
        body.append(f"验收标准：{found.standard}")
    return Filled(
        {
            "subject": found.title, "to": found.lead_unit.name, "opening": opening,
            "body": "\n".join(line for line in body if line), "request": request,
            "standing": standing,
        },
        sample=zone.is_sample(),
    )  # fmt: skip


def _state(found: Finding) -> str:
    return str(found.get_state_display())


def rectification(_kind: str, key: str, by: Post | None) -> Filled:
    """整改方案：一个单位没有销号的问题，逐条列出目标、时限、责任人。"""
    unit = people.unit_called(key) or Unit.objects.filter(code=key).first()
    if unit is None:
        raise _missing()
    rows = Finding.objects.all() if by is None else ledger.visible_to(by)
    found = rows.filter(lead_unit=unit).exclude(state__in=("closed", "cancelled"))
    found = found.select_related("owner__person").order_by("due", "pk")[:100]
    if not found:
        raise NotFound(_("这个单位没有未销号的问题，或您现在的任职看不到。"))
    lines = ["| 编号 | 问题 | 目标 | 时限 | 状态 |", "|---|---|---|---|---|"]
    with translation.override("zh-hans"):
        for one in found:
            due = f"{one.due:%Y-%m-%d}" if one.due else ""
            told = (one.number, one.title, one.goal or one.standard, due, _state(one))
            lines.append("| " + " | ".join(_cell(word) for word in told) + " |")
    opening = (
        f"截至{clock.today():%Y年%-m月%-d日}，{unit.name}未销号的问题{len(found)}项，逐项整改如下。"
    )
    return Filled(
        {"subject": unit.name, "to": unit.name, "opening": opening, "body": "\n".join(lines)},
        sample=zone.is_sample(),
    )


def _cell(text: str) -> str:
    return text.replace("|", "／").replace("\n", " ")


def _printed(document: Document, subject: str, opening: str) -> Filled:
    """What a room already prints, as text to be edited."""
    holes = {"subject": subject, "title": subject, "opening": opening,
             "body": official.body_of(document.parts)}  # fmt: skip
    return Filled(holes, document.mark.startswith(SAMPLE_MARK))


def meeting(_kind: str, key: str, by: Post | None) -> Filled:
    """测评结果单：一次计过票的测评会。"""
    _may(by, "meetings.results")
    rows = Meeting.objects.all() if by is None else meeting_queries.meetings(by)
    found = rows.filter(pk=_number(key)).first()
    if found is None:
        raise _missing()
    made = meetings.result_paper(found)
    return _printed(made, found.title, "现将测评结果公布如下，票数核对相符。")


def letter(_kind: str, key: str, by: Post | None) -> Filled:
    """测评反馈函：给一个单位的一封。"""
    _may(by, "meetings.results")
    found = Letter.objects.filter(pk=_number(key)).select_related("reporter__meeting").first()
    if found is None:
        raise _missing()
    made = meetings.letter_paper(found)
    filled = _printed(made, found.content["meeting"], "")
    return Filled({**filled.values, "to": found.content["to"]}, filled.sample)


def design_minutes(_kind: str, key: str, by: Post | None) -> Filled:
    """方案审查会议纪要。"""
    rows = ReviewMeeting.objects.all() if by is None else design_queries.meetings_for(by)
    found = rows.filter(pk=_number(key)).first()
    kept = None if found is None else design_queries.meetings.paper(found)
    if found is None or kept is None:
        raise _missing()
    return _printed(designs.papers.minutes(kept), f"{found.title}会议纪要", "")


def run(_kind: str, key: str, by: Post | None) -> Filled:
    """年度考核评价报告：本区在一轮测算里的得分，一律标测算值。"""
    _may(by, "assessment.view")
    ours = zone.root()
    rows = Score.objects.filter(run_id=_number(key)).select_related(
        "run__round__scheme", "run__previous", "entrant"
    )
    score = rows.filter(entrant__unit=ours).first() or rows.order_by("rank").first()
    if score is None:
        raise _missing()
    with translation.override("zh-hans"):
        page = assessment.report.detail(score.run, score, by or people.acting("clerk"))
        body = "\n".join(_panel(panel) for panel in page.panels)
        return Filled(
            {"subject": page.kicker, "opening": page.intro, "body": body}, zone.is_sample()
        )


def _panel(panel: Any) -> str:
    """One panel of a page as text: words, pairs, tables; what is only drawn is left out."""
    match panel:
        case Prose():
            return f"# {panel.title}\n{panel.text}"
        case Facts():
            lines = [f"{name}：{_shown(cell)}" for name, cell in panel.items]
            return "\n".join((f"## {panel.title}", *lines))
        case Tables():
            return "\n".join((f"## {panel.title}", *_table(panel.table)))
    return ""


def _table(table: Any) -> Iterable[str]:
    heads: Sequence[Any] = table.columns
    yield "| " + " | ".join(_cell(str(one.label)) for one in heads) + " |"
    yield "|" + "|".join("---:" if one.number else "---" for one in heads) + "|"
    for line in table.rows:
        yield "| " + " | ".join(_cell(_shown(cell)) for cell in line.cells) + " |"


def _shown(cell: Any) -> str:
    value = getattr(cell, "value", cell)
    text = "" if value is None else str(getattr(value, "label", value))
    note = getattr(cell, "note", "")
    return f"{text}（{note}）" if note and text else text


def situation(_kind: str, key: str, by: Post | None) -> Filled:
    """扫雪除冰情况报告：已签发的一期，每个数照签发的写，连同截至时间和重点道路。"""
    _may(by, "snow.view")
    found = SituationReport.objects.select_related("storm").filter(pk=_number(key)).first()
    if found is None or found.state != "issued":
        raise _missing()
    said = snow.content(found)
    with translation.override("zh-hans"):
        at = timezone.localtime(found.as_of)
        as_of = f"{clock.in_words(at)}{at.hour}时" + (f"{at.minute}分" if at.minute else "")
        lines = ["| 项目 | 数 | 单位 | 说明 |", "|---|---|---|---|"]
        for code, one in said.said.items():
            name, measure, _places = FIGURES[code]
            told = (_(name), plain(one.value), _(measure), one.reason)
            lines.append("| " + " | ".join(_cell(word) for word in told) + " |")
        roads = ["重点道路通行情况如下：", "| 道路 | 状态 |", "|---|---|"]
        for road in said.roads:
            roads.append(f"| {_cell(road.name)} | {_cell(_(STATES[road.state]))} |")
        opening = f"现将{found.storm.name}的扫雪除冰情况报告如下，截至{as_of}。"
    body = [found.summary, *lines, *(roads if said.roads else []), found.next_steps]
    return Filled(
        {
            "subject": found.label(), "to": "区党工委、管委会领导", "opening": opening,
            "body": "\n".join(line for line in body if line),
        },
        sample=found.storm.sample,
    )  # fmt: skip


def declare() -> None:
    """Make the sources known to `press`."""
    for source, fill in {
        "finding": finding,
        "unit": rectification,
        "meeting": meeting,
        "letter": letter,
        "design-minutes": design_minutes,
        "run": run,
        "situation": situation,
    }.items():
        press.declare_source(source, fill)
