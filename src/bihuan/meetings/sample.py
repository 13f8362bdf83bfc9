"""示例数据：上一年的述职评议会从方案走到办结，这一年的方案正在草拟；内容全部为演示。

The sample rounds. Units are those of the sample zone and three sub-district offices that are named
A, B, C; everybody is named after a post. Ballots are a simulated hall's, drawn from SEED; every
step goes through the same verbs as in an office, on the day it is told for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from bihuan.base import clock
from bihuan.base.text import SAMPLE_MARK as MARK
from bihuan.base.text import zh
from bihuan.files.sample import sample_paper
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.meetings import queries, services
from bihuan.meetings.models import Meeting, Reporter, Use
from bihuan.meetings.queries import results
from bihuan.meetings.services import rehearsal
from bihuan.people import services as people
from bihuan.people.models import Post, Role, Unit

SEED = 20_220_126
OFFICES = (
    ("office-a", "示例办事处甲", "Sample Sub-district Office A"),
    ("office-b", "示例办事处乙", "Sample Sub-district Office B"),
    ("office-c", "示例办事处丙", "Sample Sub-district Office C"),
)
ONSITE = ("office-a", "office-b", "office-c", "organs", "investment")
WRITTEN = ("bonded", "logistics", "education")
VOTERS = {"body": 11, "heads": 26, "delegates": 24}
_TITLES = {"body": "班子成员", "heads": "单位主要负责人", "delegates": "党员和群众代表"}


@dataclass(frozen=True)
class Said:
    """What the sample says of one unit: comment, everyday marks, survey, assessment."""

    comment: str
    marks: tuple[str, str, str]


SAID = {
    "office-a": Said("党建联建抓得实，楼宇党支部覆盖还不够", ("92", "90.5", "93")),
    "office-b": Said("党务公开做得细，后进支部整顿要再加力", ("88", "86", "87.5")),
    "office-c": Said("治理网格建得全，党员教育形式偏少", ("84", "82.5", "85")),
    "organs": Said("机关支部规范化有进步，与业务融合不够紧", ("86", "85", "84.5")),
    "investment": Said("国企党建进章程已完成，基层支部活动记录不全", ("80", "78", "82")),
    "bonded": Said("非公企业党组织组建进度偏慢", ("78", "74.5", "76")),
    "logistics": Said("流动党员管理有办法，台账更新不及时", ("82", "80", "81")),
    "education": Said("意识形态阵地管理责任压得不实，两所学校整改拖延", ("62", "50", "55.5")),
}
REQUIREMENTS = (
    ("深化思想认识，抓实党建工作", True),
    ("规范督导考核，各单位每季度自查一次党建任务清单", False),
    ("压实班子成员一岗双责，分管领域的党建任务列入年度计划", False),
)
_SPEECH = zh("示例讲话：肯定一年的工作，指出共性问题，对下一步提出要求。")


def load_sample(*, together: int = rehearsal.TOGETHER) -> None:
    """装入示例：办结的一轮和草拟的一轮。Comes after the zone stands.

    `together` of the simulated hall vote at a time. Not one transaction: the hall's doors are
    requests, and a request ends what its connection has begun.
    """
    if not Unit.objects.filter(kind="party_working_committee").exists():
        return
    _offices()
    day = _last_meeting()
    finished = _finished(day, together)
    coming = services.open_round(
        by=_post("clerk"),
        year=finished.year + 1,
        held_on=_next_year(day),
        like=finished,
        sample=True,
    )
    assert coming.state == "planning"


def _last_meeting() -> date:
    """The latest 26 January that lies at least three months back."""
    today = clock.today()
    day = today.replace(month=1, day=26)
    return day if (today - day).days >= 90 else day.replace(year=day.year - 1)


def _next_year(day: date) -> date:
    return day.replace(year=day.year + 1)


def _offices() -> None:
    """The sub-district offices that report on site, below the committee on the party line."""
    above = Unit.objects.filter(kind="party_working_committee").order_by("pk")[0]
    for code, name, name_en in OFFICES:
        unit = people.add_unit(
            by=None, code=code, name=name, name_en=name_en, kind="subdistrict_office", note=MARK
        )
        people.tie_unit(unit, above, by=None, line="party")


def _post(role: str) -> Post | None:
    """The post that acts in a role: the first there is; the system where there is none."""
    found = Role.objects.filter(code=role).first()
    if found is None:
        return None
    return found.posts.select_related("person", "unit", "role").order_by("pk").first()


@contextmanager
def _on(day: date, hour: int = 9) -> Iterator[None]:
    moment = timezone.make_aware(datetime.combine(day, time(hour)))
    with clock.held_at(moment):
        yield


def _finished(day: date, together: int) -> Meeting:
    clerk, leader = _post("clerk"), _post("leader")
    with _on(day - timedelta(days=45)):
        meeting = services.open_round(by=clerk, year=day.year - 1, held_on=day, sample=True)
        units = [*((u, "onsite") for u in ONSITE), *((u, "written") for u in WRITTEN)]
        services.save_units(meeting, by=clerk, units=units)
        services.submit(meeting, by=clerk)
    with _on(day - timedelta(days=42)):
        services.approve(meeting, by=leader)
    with _on(day - timedelta(days=12)):
        for one in queries.reporters(meeting):
            services.hand_in(one, by=None, upload=sample_paper(f"{one.unit.name}述职报告"))
        services.add_material(
            _again(meeting),
            by=clerk,
            kind="agenda",
            title="会议议程",
            upload=sample_paper("会议议程"),
        )
    with _on(day - timedelta(days=3)):
        services.set_roll(_again(meeting), by=clerk, text=_roll(meeting))
        services.seal_box(_again(meeting), by=clerk)
    with _on(day):
        comments = [SAID[one.unit.code].comment for one in queries.reporters(meeting)]
        rehearsal.hold(
            meeting, seed=SEED, tell=lambda *_: None, threads=together, comments=comments,
            by=(clerk, leader),
        )  # fmt: skip
        services.record_speech(
            _again(meeting),
            by=clerk,
            verdict=f"{MARK}：给予肯定。",
            speech=_SPEECH,
        )
        services.add_requirements(
            _again(meeting), by=clerk, texts=[text for text, _general in REQUIREMENTS]
        )
    _after(meeting, day, clerk, leader)
    return _again(meeting)


def _roll(meeting: Meeting) -> str:
    """Posts only; one head from each reporting unit, so that the rule of the own unit is seen."""
    units = [one.unit.name for one in queries.reporters(meeting)]
    lines = []
    for code, count in VOTERS.items():
        for number in range(count):
            unit = units[number] if code == "heads" and number < len(units) else ""
            lines.append(f"{_TITLES[code]}{number + 1:02d}\t{code}\t{unit}")
    return "\n".join(lines)


def _after(meeting: Meeting, day: date, clerk: Post | None, leader: Post | None) -> None:
    with _on(day + timedelta(days=6)):
        reporters = list(queries.reporters(meeting))
        for place, part in enumerate(("everyday", "survey", "building")):
            values = {one.unit.code: Decimal(SAID[one.unit.code].marks[place]) for one in reporters}
            services.enter_parts(
                _again(meeting), by=clerk, code=part, values=values, basis=f"{MARK}：年度考核档案"
            )
    with _on(day + timedelta(days=8)):
        for one in reporters:
            _decide(one, leader)
        raised = _raise(meeting, clerk)
    with _on(day + timedelta(days=12)):
        services.issue_letters(_again(meeting), by=clerk)
        services.record_scores(_again(meeting), by=clerk)
        services.put_away(_again(meeting), by=leader)
        for finding in raised:
            _assign(finding, meeting, clerk)
    with _on(day + timedelta(days=40)):
        for use in Use.objects.filter(reporter__meeting=meeting):
            services.finish_use(use, by=clerk, note=f"{MARK}：已办。")
        services.close(_again(meeting), by=clerk)


def _decide(one: Reporter, leader: Post | None) -> None:
    """As computed; but the education bureau's is put lower, with a reason."""
    one.meeting = _again(one.meeting)
    grade = results.composite_of(one.meeting, one).grade
    codes = [row["code"] for row in queries.document(one.meeting)["grades"]]
    reason = ""
    if one.unit.code == "education" and grade != "average":
        grade, reason = codes[2], f"{MARK}：年内两次被督办仍未整改到位。"
    services.decide(
        one, by=leader, grade=grade, reason=reason, basis=f"{MARK}：党工委会议",
        decided_on=clock.today(),
    )  # fmt: skip


def _raise(meeting: Meeting, clerk: Post | None) -> list[Finding]:
    """Of the low grades and of the requirements that are to be done: findings."""
    meeting = _again(meeting)
    found = []
    for one in queries.reporters(meeting):
        one.meeting = meeting
        for concern in results.concerns(meeting, one):
            if concern.kind == "grade" or (
                concern.kind == "comment" and one.unit.code == "education"
            ):
                found.append(
                    services.raise_issue(
                        meeting,
                        by=clerk,
                        reporter=one,
                        kind=concern.kind,
                        key=concern.key,
                        title=concern.title,
                        description=f"{MARK}：{concern.description}",
                    )
                )
    for number, (text, general) in enumerate(REQUIREMENTS, start=1):
        row = meeting.requirements.get(number=number)
        if general:
            services.set_general(row, by=clerk)
            continue
        found.append(
            services.raise_issue(
                meeting,
                by=clerk,
                reporter=None,
                kind="requirement",
                key=str(number),
                title=text,
                description=f"{MARK}：{meeting.title}会议要求第 {number} 条。",
            )
        )
    return found


def _assign(finding: Finding, meeting: Meeting, clerk: Post | None) -> None:
    """To the unit it is about; a requirement to the supervision office."""
    if clerk is None:
        return
    issue = meeting.issues.select_related("reporter__unit").get(pk=finding.origin_id)
    unit = issue.reporter.unit if issue.reporter else Unit.objects.get(code="supervision")
    due = clock.today() + timedelta(days=60)
    ledger.assign(finding, by=clerk, lead_unit=unit, due=due)


def _again(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_related("poll").get(pk=meeting.pk)
