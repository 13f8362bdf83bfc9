"""示例的一个冬天：预案、合同、队伍、融雪剂、值班、演练、门面；人数合于公布的 8 支 3970 人。

Generated, and says so; the teams' people add up to the published 3,970, in 8 teams, with tools of
at least 5,000 (a lower bound), so that both stand side by side without a difference.
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from bihuan.base import clock
from bihuan.base.text import SAMPLE_MARK
from bihuan.people.models import Post, Unit
from bihuan.people.queries import acting
from bihuan.winter import services
from bihuan.winter.models import Season, Store, Team
from bihuan.winter.queries import roster, season

# Sample teams: name, unit, what for, people by (trade, shift). Eight teams, 3,970 people.
_TEAMS = (
    (
        "示例第一队",
        "Sample team 1",
        "enforcement",
        "主干道",
        {("management", "day"): 60, ("management", "night"): 60},
    ),
    (
        "示例第二队",
        "Sample team 2",
        "sanitation",
        "北片",
        {("sanitation", "day"): 380, ("sanitation", "night"): 320},
    ),
    (
        "示例第三队",
        "Sample team 3",
        "sanitation",
        "南片",
        {("sanitation", "day"): 360, ("sanitation", "night"): 300},
    ),
    (
        "示例第四队",
        "Sample team 4",
        "sanitation",
        "西片",
        {("sanitation", "day"): 340, ("sanitation", "night"): 280},
    ),
    (
        "示例第五队",
        "Sample team 5",
        "sanitation",
        "东片",
        {("sanitation", "day"): 320, ("sanitation", "night"): 260},
    ),
    (
        "示例第六队",
        "Sample team 6",
        "sanitation",
        "背街小巷",
        {("sanitation", "day"): 340, ("sanitation", "night"): 240},
    ),
    (
        "示例第七队",
        "Sample team 7",
        "sanitation",
        "人行道、路口、地铁口",
        {("sanitation", "day"): 200, ("sanitation", "night"): 120},
    ),
    (
        "示例第八队",
        "Sample team 8",
        "planning",
        "公园广场",
        {("green", "day"): 150, ("green", "night"): 80},
    ),
)


@transaction.atomic
def load_sample() -> Season | None:
    """Through the same verbs as everybody; nothing where there is a plan already."""
    if Season.objects.exists():
        return None
    duty = acting("duty")
    year = clock.today().year if clock.today().month > 6 else clock.today().year - 1
    with clock.days_ago(40):
        made = services.draft_season(
            by=duty,
            title=f"{year}-{year + 1} 年扫雪除冰预案（{SAMPLE_MARK}）",
            title_en=f"Snow clearing plan {year}-{year + 1} (sample data)",
            starts=date(year, 11, 15),
            ends=date(year + 1, 3, 15),
            sample=True,
            text="以雪为令，机械为主、人工为辅；先桥梁、坡道、路口和医院学校门前，再主干道、次干道，"
            "后背街小巷、人行道。夜间降雪，七点以前上路；白天降雪，边下边扫。",
        )
    with clock.days_ago(38):
        services.sign_season(made, by=acting("leader"))
        _contracts(year)
        teams = _teams()
        _stock(teams)
    with clock.days_ago(20):
        services.record_drill(
            by=duty,
            on=clock.today(),
            scenario=f"{SAMPLE_MARK}：凌晨中雪，主干道出动",
            participants=120,
            vehicles=18,
            minutes=26,
            lacking="示例：两台撒布车的钥匙不在值班室。",
            sample=True,
        )
    _roster(duty)
    _fronts()
    return made


def _contracts(year: int) -> None:
    """Main streets in one contract, secondary in another; one street left out, to be seen."""
    unit = Unit.objects.get(code="sanitation")
    names = season.streets()
    main = [street for street, kind in names if kind == "main"]
    second = [street for street, kind in names if kind == "secondary" and street not in main]
    spans: Any = {"starts": date(year, 1, 1), "ends": date(year + 1, 12, 31), "sample": True}
    if main:
        services.add_contract(by=None, unit=unit, number=f"{SAMPLE_MARK}-01", streets=main, **spans)
    if len(second) > 1:
        services.add_contract(
            by=None, unit=unit, number=f"{SAMPLE_MARK}-02", streets=second[:-1], **spans
        )


def _teams() -> list[Team]:
    made = []
    for name, name_en, unit, task, people in _TEAMS:
        team = services.form_team(
            by=None,
            unit=Unit.objects.get(code=unit),
            name=name,
            name_en=name_en,
            task=task,
            sample=True,
        )
        for (trade, shift), number in people.items():
            services.set_strength(team, by=None, trade=trade, shift=shift, number=number)
        made.append(team)
    part = services.form_team(
        by=None, unit=made[6].unit, name="示例第七队地铁口分队",
        name_en="Sample team 7, metro part", parent=made[6], task="路口、地铁口", sample=True,
    )  # fmt: skip
    services.set_strength(part, by=None, trade="sanitation", shift="day", number=100)
    services.set_strength(part, by=None, trade="sanitation", shift="night", number=60)
    services.set_tools(made[6], by=None, tool="both", number=5000, lower_bound=True)
    return made


def _stock(teams: list[Team]) -> Store:
    store = services.open_store(
        by=None,
        unit=Unit.objects.get(code="enforcement"),
        name="示例一号库",
        name_en="Sample store 1",
        place="示例车场内",
        sample=True,
    )
    services.receive(store, by=None, product="deicer", kg=320_000, what=f"{SAMPLE_MARK}：入库单 1")
    wrong = services.receive(
        store, by=None, product="salt", kg=90_000, what=f"{SAMPLE_MARK}：入库单 2"
    )
    services.reverse(wrong, by=None, why="示例：多写了一个品种的数")
    services.receive(
        store, by=None, product="salt", kg=60_000, what=f"{SAMPLE_MARK}：入库单 2 重登"
    )
    services.issue(store, by=None, product="deicer", kg=12_500, team=teams[0], what="示例：试撒")
    services.count(
        store, by=None, product="deicer", kg=307_200, what="示例：盘点，少 300 公斤，受潮"
    )
    return store


def _roster(duty: Post) -> None:
    """A week that is whole, copied onto the next; from then on there are gaps to be seen."""
    leaders = (acting("leader"), acting("secretary"))
    officers = (duty, acting("law-head"), acting("clerk"), acting("econ-liaison"))
    first = clock.today()
    for number, day in enumerate(roster.days_from(first, 8)):
        for shift in ("day", "night"):
            at = number * 2 + (shift == "night")
            services.put_on(
                by=None, day=day, shift=shift, role="leader", who=leaders[at % 2], sample=True
            )
            services.put_on(
                by=None, day=day, shift=shift, role="officer", who=officers[at % 4], sample=True
            )


def _fronts() -> None:
    unit = Unit.objects.get(code="enforcement")
    made = [
        services.register_front(
            by=None,
            street=street,
            name=f"示例商户 {number}",
            unit=unit,
            duties="a",
            stretch="门前至路沿",
            sample=True,
        )
        for street in ("航海路", "第五大街", "经南八路")
        for number in range(1, 5)
    ]
    with clock.held_at(clock.now() - timedelta(hours=9)):
        for one in made[:6]:
            services.check_front(one, by=None)
        services.check_front(made[6], by=None, missed=["clean"], note="示例：门前积雪未清")
    services.check_front(made[7], by=None, missed=["clean"], note="示例：门前积雪未清")
