"""示例数据：一年的整改台账，57 个问题、157 条措施（数目取自公开报道，内容全部为演示）。

A year of the sample zone's ledger: as many problems and measures as the published page counts, and
nothing else of it: what stands here is made up, bears the mark of the sample, and names posts only.
Every step goes through the same verbs as in an office, on the day it is told for.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction

from bihuan.base import clock
from bihuan.base.text import SAMPLE_MARK
from bihuan.files.sample import sample_paper
from bihuan.ledger import queries
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.people import queries as people
from bihuan.people import services as people_services
from bihuan.people.models import Person, Post, Role, Unit
from bihuan.site.demo import acting

PROBLEMS, MEASURES = 57, 157
FOUNDED = 400  # days ago: the zone stood before its year began
_SEED = 2026


class Topic(NamedTuple):
    """A kind of problem that turns up at three units or places."""

    text: str
    category: str
    source: str
    standard: str
    measures: tuple[str, str, str]
    units: tuple[str, str, str]
    risk: str = "medium"
    place: str = ""


TOPICS = (
    Topic(
        "中心组学习计划完成不足，两次学习没有记录",
        "理论学习",
        "meeting",
        "补学完成，记录齐全。",
        ("列出补学计划，逐次签到", "由主要负责人领学一次", "每季度检查学习记录"),
        ("education", "logistics", "investment"),
    ),
    Topic(
        "调研报告提出的建议没有转成任务",
        "作风",
        "meeting",
        "每条建议有去向，有答复。",
        ("逐条列出建议和承办科室", "每月通报办理情况", "年底评估办理结果"),
        ("economy", "planning", "bonded"),
    ),
    Topic(
        "督查事项超期办结，没有说明原因",
        "执行力",
        "supervision",
        "超期事项全部办结并说明原因。",
        ("逐件说明原因，限期办结", "建立到期前提醒", "超期件由负责人签字"),
        ("economy", "enforcement", "planning"),
        "high",
    ),
    Topic(
        "统计台账缺少原始凭证",
        "统计",
        "supervision",
        "凭证补齐，抽查十份全部对得上。",
        ("清点缺少的凭证", "补齐并编号归档", "建立月度自查"),
        ("economy", "bonded", "logistics"),
        "high",
    ),
    Topic(
        "企业诉求答复超过五个工作日",
        "营商环境",
        "public",
        "连续两个月按期答复率达到百分之百。",
        ("确定专人受理", "公开答复时限", "每周核对未答复清单"),
        ("bonded", "logistics", "economy"),
    ),
    Topic(
        "学校门口高峰时段拥堵，护学岗不到位",
        "民生",
        "public",
        "现场查看三天，护学岗全部在岗。",
        ("排定护学岗值班表", "协调错峰放学", "增设临时停车位"),
        ("education", "enforcement", "education"),
        place="示例路小学门口",
    ),
    Topic(
        "占道经营反复出现",
        "城市管理",
        "public",
        "连续巡查十五天没有占道经营。",
        ("定岗定时巡查", "设置便民疏导点", "对屡次违规的立案"),
        ("enforcement", "enforcement", "enforcement"),
        place="示例街夜市",
    ),
    Topic(
        "建筑垃圾覆盖不全，扬尘超标",
        "环境保护",
        "supervision",
        "现场覆盖到位，连续七天监测不超标。",
        ("当日完成覆盖", "加装喷淋设备", "工地每日上报照片"),
        ("planning", "enforcement", "investment"),
        "high",
        place="示例地块三号",
    ),
    Topic(
        "井盖破损没有及时更换",
        "市政",
        "public",
        "更换完成，有前后照片。",
        ("设置围挡和警示", "更换井盖", "排查同一路段的井盖"),
        ("planning", "investment", "planning"),
        place="示例路东段",
    ),
    Topic(
        "项目前期手续进度没有按月更新",
        "项目",
        "meeting",
        "连续三个月按期更新，抽查属实。",
        ("补录历史节点", "指定填报人", "每月五日前核对"),
        ("planning", "investment", "bonded"),
    ),
    Topic(
        "合同付款审批缺少会签",
        "财务",
        "supervision",
        "补签完成，抽查二十份没有缺漏。",
        ("补齐会签", "修订付款流程", "组织一次培训"),
        ("investment", "education", "logistics"),
        "high",
    ),
    Topic(
        "公务用车派车单填写不全",
        "作风",
        "supervision",
        "抽查一个月派车单，全部填写完整。",
        ("统一派车单格式", "出车前审核", "按月公示"),
        ("office", "economy", "enforcement"),
        "low",
    ),
    Topic(
        "档案移交超过期限",
        "内部管理",
        "supervision",
        "移交完成，有清单和双方签字。",
        ("清点应移交的档案", "按年度分批移交", "明确今后的移交日期"),
        ("office", "planning", "education"),
        "low",
    ),
    Topic(
        "消防通道堆放杂物",
        "安全生产",
        "supervision",
        "清理完成，一个月内暗访没有反复。",
        ("当日清理", "画线立牌", "纳入每周巡查"),
        ("logistics", "bonded", "investment"),
        "high",
        place="示例仓库二区",
    ),
    Topic(
        "群众来信办理结果没有回访",
        "群众工作",
        "ballot",
        "回访率达到九成以上，有记录。",
        ("补做回访", "回访纳入办结条件", "每季度通报回访率"),
        ("office", "education", "enforcement"),
    ),
    Topic(
        "班子成员联系基层次数不足",
        "作风",
        "ballot",
        "全年联系次数达到规定。",
        ("制定联系安排", "联系情况留记录", "半年通报一次"),
        ("investment", "economy", "logistics"),
        "low",
    ),
    Topic(
        "测评中反映会议多、会期长",
        "作风",
        "ballot",
        "会议数量比上年减少三成。",
        ("合并同类会议", "规定会议时限", "无会日制度"),
        ("office", "planning", "bonded"),
        "low",
    ),
    Topic(
        "路灯故障报修后超过三天未修复",
        "市政",
        "public",
        "连续一个月三天内修复率达到百分之百。",
        ("补修故障路灯", "公布报修电话", "签订维护协议"),
        ("investment", "planning", "logistics"),
        place="示例大道西段",
    ),
    Topic(
        "示范岗的职责没有上墙公示",
        "党的建设",
        "meeting",
        "全部上墙，现场查看属实。",
        ("统一公示内容", "完成上墙", "每半年更新"),
        ("education", "bonded", "office"),
        "low",
    ),
)

# Heads of units without a sign-in of their own, so that their findings have somebody to answer.
HEADS = (
    ("planning", "unit_head", "局长", "Director"),
    ("bonded", "unit_head", "主任", "Director"),
    ("logistics", "unit_head", "主任", "Director"),
    ("investment", "unit_head", "总经理", "General manager"),
    ("office", "unit_head", "主任", "Director"),
    ("admin", "leader", "副主任", "Deputy director"),
)

# How the year went, one word for each problem; shuffled once, the same in every sample zone.
COURSES = (
    *["closed"] * 28,
    *["verified"] * 2,
    *["draft"] * 1,
    *["closed_late"] * 6,
    *["returned_then_closed"] * 4,
    *["rectifying"] * 5,
    *["extended"] * 1,
    *["asked"] * 1,
    *["overdue"] * 3,
    *["waiting"] * 3,
    *["assigned"] * 1,
    *["long_term"] * 2,
)
# Not yet come to their measures.
UNPLANNED = ("assigned", "draft")


@dataclass
class Course:
    """One problem on its way: what happens on which day, counted back from today."""

    at: int
    steps: list[tuple[int, Callable[[], None]]] = field(default_factory=list)
    finding: Finding | None = None

    def then(self, days: int, do: Callable[[Finding], object]) -> None:
        """Some days after the step before."""
        self.at -= days

        def step() -> None:
            assert self.finding is not None
            self.finding.refresh_from_db()
            do(self.finding)

        self.steps.append((self.at, step))


@transaction.atomic
def tell() -> None:
    """Play the year in the order of its days."""
    heads = _appoint_heads()
    chance = random.Random(_SEED)
    courses = list(COURSES)
    chance.shuffle(courses)
    steps: list[tuple[int, int, Callable[[], None]]] = []
    planned = 0
    for i, name in enumerate(courses):
        topic = TOPICS[i % len(TOPICS)]
        planned += name not in UNPLANNED
        # Two measures each, and a third until all are told.
        wanted = 3 if planned <= MEASURES - 2 * (PROBLEMS - len(UNPLANNED)) else 2
        course = _course(i, name, topic, wanted, heads, chance)
        steps += [(at, len(steps) + k, step) for k, (at, step) in enumerate(course.steps)]
    for at, _order, step in sorted(steps, key=lambda one: (-one[0], one[1])):
        with people.remembering(), clock.days_ago(at):
            step()


def _course(
    i: int, name: str, topic: Topic, wanted: int, heads: dict[str, Post], chance: random.Random
) -> Course:
    code = topic.units[i // len(TOPICS)]
    open_now = name in ("rectifying", "extended", "asked", "waiting", "verified", *UNPLANNED)
    limit = chance.choice((30, 45, 60))
    begin = chance.randint(100, 330)
    if open_now:
        begun = {"assigned": 1, "draft": 0, "waiting": 24, "verified": 25, "extended": 26}
        begin = {**begun, "asked": 20}.get(name, chance.randint(8, 22))
    elif name == "overdue":
        limit = 20
        begin = chance.randint(24, 55)
    course = Course(begin)
    head = heads[code]
    measures = topic.measures[:wanted]

    def raised() -> None:
        course.finding = ledger.raise_finding(
            by=acting("clerk"),
            title=topic.text,
            source=topic.source,
            category=topic.category,
            place=topic.place,
            risk=topic.risk,
            standard=topic.standard,
            note=SAMPLE_MARK,
        )

    course.steps.append((begin, raised))
    if name == "draft":
        return course
    # Whoever answers for a problem as its leader cannot grant it more time: two leaders.
    approved = name in ("extended", "asked", "long_term")
    leader = heads["admin"] if approved else acting("leader")
    course.then(0, lambda f: _assign(f, code, limit, leader))
    if name == "assigned":
        return course
    course.then(1, lambda f: ledger.acknowledge(f, by=head))
    course.then(1, lambda f: _plan(f, head, measures))
    match name:
        case "closed" | "waiting" | "verified":
            _work(course, head, measures, limit - 12 if name == "closed" else 16)
        case "closed_late":
            _work(course, head, measures, limit + chance.randint(3, 18))
        case "returned_then_closed":
            _work(course, head, measures, limit - 18)
            course.then(2, lambda f: ledger.take_up(f, by=acting("checker")))
            course.then(1, lambda f: _judge(f, passed=False))
            course.then(3, lambda f: _hand_in(f, head, "补充"))
        case "extended" | "asked":
            course.then(2, lambda f: _ask(f, head))
            if name == "extended":
                course.then(1, _grant)
        case "long_term":
            course.then(9, _make_long_term)
        case _:
            course.then(3, lambda f: ledger.report(f, by=head, text="已完成第一条措施。"))
    if name == "verified":
        _verified(course)
    if "closed" in name:
        _close(course)
    return course


def _assign(finding: Finding, code: str, limit: int, leader: Post) -> None:
    ledger.assign(
        finding,
        by=acting("clerk"),
        lead_unit=Unit.objects.get(code=code),
        due=clock.today() + timedelta(days=limit),
        leader=leader,
    )


def _plan(finding: Finding, head: Post, measures: tuple[str, ...]) -> None:
    for text in measures:
        ledger.plan(finding, by=head, text=f"{text}。")


def _work(course: Course, head: Post, measures: tuple[str, ...], days: int) -> None:
    """Finish the measures one after the other, then hand in and ask for closing."""
    each = max(1, days // (len(measures) + 1))
    for _measure in measures:
        course.then(each, lambda f: _finish_next(f, head))
    course.then(each, lambda f: _hand_in(f, head, "整改"))


def _finish_next(finding: Finding, head: Post) -> None:
    waiting = finding.measures.filter(done_on__isnull=True).order_by("pk")
    ledger.finish_measure(finding, by=head, measure=waiting[0], result="已落实，见佐证。")


def _hand_in(finding: Finding, head: Post, word: str) -> None:
    title = f"{finding.number}{word}情况"
    paper = sample_paper(title)
    ledger.submit_evidence(
        finding, by=head, upload=paper, text=title, kind="after", dated=clock.today()
    )
    ledger.request_close(finding, by=head, note="已完成，见佐证。")


def _judge(finding: Finding, *, passed: bool) -> None:
    opinion = "现场查看，与佐证一致。" if passed else "现场查看与佐证不符，请补充整改。"
    ledger.verify(finding, by=acting("checker"), passed=passed, opinion=opinion, way="visit")
    if passed and finding.signatures > 1:
        second = acting("econ-liaison", role="supervisor")
        if finding.lead_unit is not None and finding.lead_unit.code == "economy":
            second = _second_checker()
        ledger.verify(finding, by=second, passed=True, opinion="同意。", way="papers")


def _verified(course: Course) -> None:
    course.then(2, lambda f: ledger.take_up(f, by=acting("checker")))
    course.then(1, lambda f: _judge(f, passed=True))


def _close(course: Course) -> None:
    _verified(course)
    course.then(1, lambda f: ledger.close(f, by=acting("clerk")))
    if course.at > 96:
        course.then(92, _look_again)


def _look_again(finding: Finding) -> None:
    if finding.number.endswith(("3", "7")) and queries.may_recheck_today(finding):
        ledger.recheck(finding, by=acting("checker"), held=True, opinion="没有反复。")


def _ask(finding: Finding, head: Post) -> None:
    assert finding.due is not None
    to = finding.due + timedelta(days=20)
    ledger.ask_extension(finding, by=head, to=to, reason="设备到货推迟，附采购合同。")


def _grant(finding: Finding) -> None:
    ledger.decide_extension(finding, by=acting("leader"), granted=True, answer="同意，不再延。")


def _make_long_term(finding: Finding) -> None:
    ledger.make_long_term(
        finding,
        by=acting("leader"),
        review=clock.today() + timedelta(days=180),
        note="需要长期坚持，每半年检查。",
    )


def _appoint_heads() -> dict[str, Post]:
    """Who answers for each unit: heads with a sign-in, and the others appointed here."""
    heads = {
        "economy": acting("econ-head"),
        "education": acting("edu-head"),
        "enforcement": acting("law-head"),
    }
    with clock.days_ago(FOUNDED):
        for code, role, title, title_en in HEADS:
            person = people_services.add_person(
                by=None, name=title, name_en=title_en, note=SAMPLE_MARK
            )
            heads[code] = people_services.appoint(
                person,
                by=None,
                unit=Unit.objects.get(code=code),
                role=Role.objects.get(code=role),
                title=title,
                title_en=title_en,
                primary_owner=role == "unit_head",
            )
    return heads


def _second_checker() -> Post:
    """A second verifier for the bureau whose own liaison is seconded to the verifiers."""
    role, unit = Role.objects.get(code="supervisor"), Unit.objects.get(code="supervision")
    held = Post.objects.filter(role=role, unit=unit, title="副主任").first()
    if held is not None:
        return held
    with clock.days_ago(FOUNDED):
        person: Person = people_services.add_person(
            by=None, name="副主任", name_en="Deputy director", note=SAMPLE_MARK
        )
        return people_services.appoint(
            person, by=None, unit=unit, role=role, title="副主任", title_en="Deputy director"
        )
