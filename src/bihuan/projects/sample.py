"""示例数据：六个虚构的项目，各在一个阶段；另有公开报道点名的两个项目，只写报道所说的。

Everything goes through the same verbs as in an office, with the clock held at the day of each. The
six are generated and say 示例数据; of the two that the page names, nothing else is known here.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from bihuan.base import clock
from bihuan.base.text import SAMPLE_MARK as MARK
from bihuan.exchange import sheet
from bihuan.files.sample import sample_paper
from bihuan.people.models import Post, Unit
from bihuan.people.queries import acting
from bihuan.projects import paste, queries, rules, services
from bihuan.projects.models import Project, WorkStep
from bihuan.projects.rules import places

PAGE = "公开报道：2022年1月21日省市重点项目规划设计方案专题会"
PAGE_DAY = date(2022, 1, 21)
_NAMED = ("郑州恒海科技产业园", "鼎菱跨境综合产业园")


@transaction.atomic
def load_sample() -> None:
    """装入示例：全区的项目，人员以岗位命名。"""
    if not Unit.objects.filter(code="economy").exists() or Project.objects.exists():
        return
    _named()
    _building()
    _preliminary()
    _overdue()
    _producing()
    _suspended()
    _public()


def _named() -> None:
    """The two projects that the page names: their names, and that a meeting studied them."""
    coordinator = acting("coordinator")
    for name in _NAMED:
        project = services.enter(
            by=coordinator, name=name, source=PAGE,
            note="报道称它们属“三个一批”及省市重点项目，未写明各属哪一批、哪一级；其余情况报道没有说，留空。",
        )  # fmt: skip
        services.log(
            project, by=coordinator, on=PAGE_DAY, kind="meeting",
            text="专题会集中研究了包括本项目在内的“三个一批”及省市重点项目情况，与会人员围绕设计方案讨论，提出修改完善意见。",
        )  # fmt: skip


def _enter(number: int, name: str, name_en: str, unit: str, **more: Any) -> Project:
    return services.enter(
        by=acting("coordinator"),
        sample=True,
        name=f"{MARK}{number}：{name}",
        name_en=f"Sample {number}: {name_en}",
        code=f"SAMPLE-{clock.today().year}-{number:03d}",
        builder=f"示例企业{'甲乙丙丁戊己'[number - 1]}",
        unit=Unit.objects.get(code=unit),
        leader=acting("leader"),
        coordinator=acting("coordinator"),
        content=f"{MARK}：用来演示的虚构项目。",
        **more,
    )


def _step(project: Project, step: str, ago: int, reason: str = "") -> None:
    with clock.days_ago(ago):
        services.advance(
            project, by=acting("coordinator"), step=step, on=clock.today(),
            upload=sample_paper(rules.STEPS[step]), reason=reason,
        )  # fmt: skip
    project.refresh_from_db()


def _tag(project: Project, batch: str, ago: int) -> None:
    with clock.days_ago(ago):
        day = clock.today()
        quarter = "一二三四"[(day.month - 1) // 3]
        services.tag(
            project, by=acting("coordinator"), edition=f"{day.year}年第{quarter}季度",
            batch=batch, on=day, source=MARK,
        )  # fmt: skip


def _year(project: Project, level: str, amount: int, *, starts: bool = False) -> None:
    by, year = acting("coordinator"), clock.today().year
    if level != "none":
        services.list_key(project, by=by, year=year, level=level, source=f"{MARK}：年度名单")
    services.plan_year(
        project, by=by, year=year, amount=Decimal(amount), starts=starts, goal=f"{MARK}：年度目标"
    )


# Preliminary work ---------------------------------------------------------------------------------


def _lay_out(project: Project, ago: int, *codes: str) -> dict[str, WorkStep]:
    with clock.days_ago(ago):
        chosen = [one for one in queries.step_rules() if one.code in codes]
        made = services.lay_out(project, by=acting("coordinator"), steps=chosen)
        planning = Unit.objects.get(code="planning")
        for step in made:
            services.arrange(
                step, by=acting("coordinator"), after=step.after.all(),
                unit=planning if step.code not in ("filing", "impact_form") else None,
            )  # fmt: skip
    return {step.code: step for step in made}


def _through(step: WorkStep, accepted: int, done: int, **more: Any) -> None:
    """A step accepted and done so many days ago."""
    by = acting("coordinator")
    with clock.days_ago(accepted):
        services.accept(step, by=by, on=clock.today())
    with clock.days_ago(done):
        services.finish(step, by=by, on=clock.today(), upload=sample_paper(step.name), **more)


_USUAL = (
    *("filing", "site_opinion", "land_permit", "design_brief", "scheme_notice", "works_permit"),
    *("impact_form", "construction_permit"),
)


def _all_through(project: Project, ago: int) -> dict[str, WorkStep]:
    """Every step of the usual way, one after another, ended so many days ago."""
    steps, at = _lay_out(project, ago + 150, *_USUAL), ago + 145
    for code in _USUAL[:-1]:
        length = {"filing": 0, "scheme_notice": 12}.get(code, 14)
        _through(steps[code], at, at - length)
        at -= length + 1
    _through(steps["construction_permit"], ago + 6, ago, document_number=f"{MARK}-许可-1")
    return steps


# Six invented projects, each at another point of its life -----------------------------------------


def _building() -> None:
    """Under construction: filings, a baseline, a contractor's file that has moved it."""
    with clock.days_ago(360):
        project = _enter(
            1, "智能装备产业园", "smart machinery park", "economy", kind="record",
            industry="装备制造", site="第五大街以东（示例）", plot="示例地块 1",
            total=Decimal(120000),
            geometry=_plot(113.742, 34.716),
        )  # fmt: skip
    for step, ago in (("reserve", 358), ("signed", 340), ("preliminary", 330)):
        _step(project, step, ago)
    _tag(project, "signed", 340)
    _all_through(project, 170)
    _step(project, "started", 165)
    _tag(project, "started", 165)
    _step(project, "under_construction", 150)
    _year(project, "province", 60000, starts=True)
    liaison = acting("econ-liaison")
    _filings(project, liaison)
    services.note_week(
        project, by=liaison, week=clock.ago(7), percent=46, text=f"{MARK}：2 号厂房主体封顶。",
        next_steps=f"{MARK}：屋面防水。",
    )  # fmt: skip
    with clock.days_ago(45):
        services.open_blockage(
            project, by=liaison, title=f"{MARK}：外线供电路由没有定", owner=_unit("planning"),
            note="与道路施工交叉，路由方案两次没有定下来。",
        )  # fmt: skip
    with clock.days_ago(6):
        solved = services.open_blockage(
            project, by=liaison, title=f"{MARK}：渣土外运时段受限", owner=_unit("enforcement")
        )
    with clock.days_ago(3):
        services.solve_blockage(solved, by=acting("law-head"), note="已核定夜间外运时段。")
    with clock.days_ago(20):
        services.log(
            project, by=acting("coordinator"), on=clock.today(), kind="meeting",
            parties="规划建设局、经济发展局", text=f"{MARK}：现场协调外线供电。",
            agreed="十日内定路由。",
        )  # fmt: skip
    _plans(project)


def _filings(project: Project, by: Post) -> None:
    """Every month since signing; one is missing, one came late; amounts from the start on."""
    month, last = clock.ago(340).replace(day=1), clock.today().replace(day=1)
    start, done, whole, number = clock.ago(165).replace(day=1), 0, 0, 0
    while month < last:
        number += 1
        if month.month == 1:
            done = 0
        left = (last - month).days // 28
        if month >= start:
            done, whole = done + 6200 + 300 * number, whole + 6200 + 300 * number
        late = 4 if left == 2 else -1
        if left != 3:
            filed = queries.filing_due(month) + timedelta(days=late)
            with clock.held_at(clock.now() + (filed - clock.today())):
                services.file_month(
                    project, by=by, month=month,
                    invested=Decimal(done) if month >= start else None,
                    invested_total=Decimal(whole) if month >= start else None,
                    progress=f"{MARK}：第 {number} 期形象进度。", problems="无",
                    next_steps=f"{MARK}：下月计划。", upload=sample_paper("现场照片说明"),
                )  # fmt: skip
        month = (month + timedelta(days=32)).replace(day=1)


def _plot(east: float, north: float) -> Mapping[str, Any]:
    """A plot of some 400 m by 300 m with its south-west corner here."""
    corners = ((0.0, 0.0), (0.0044, 0.0), (0.0044, 0.0027), (0.0, 0.0027))
    return places.polygon([(round(east + x, 5), round(north + y, 5)) for x, y in corners])


def _unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


_TASKS = (
    ("1", "场地平整", 0, 20, "", "土方班组"),
    ("2", "1 号厂房基础", 21, 55, "1", "基础班组"),
    ("3", "2 号厂房基础", 30, 70, "1", "基础班组"),
    ("4", "1 号厂房主体", 56, 130, "2", "主体一班"),
    ("5", "2 号厂房主体", 71, 150, "3", "主体二班"),
    ("6", "室外管网", 120, 190, "4", "管网班组"),
    ("7", "设备安装", 151, 230, "4 5", "安装班组"),
    ("8", "竣工验收", 231, 245, "6 7", ""),
)


_HEADS = "编号\t任务\t开始\t完成\t前置\t责任单位\t完成百分比\t基线开始\t基线完成"


def _line(start: date, key: str, name: str, first: int, last: int, *more: str) -> str:
    days = (start + timedelta(days=n) for n in (first, last))
    return "\t".join((key, name, *(f"{day:%Y-%m-%d}" for day in days), *more))


def _bring(
    project: Project, ago: int, kind: str, title: str, lines: Iterable[str], by: str
) -> None:
    """A plan brought on a day, and approved two days later where it asks for that."""
    text = "\n".join((_HEADS, *lines))
    with clock.days_ago(ago):
        made = services.bring_plan(
            project, by=acting(by), kind=kind, title=f"{MARK}：{title}",
            status_on=clock.today(), tasks=paste.read(sheet.pasted(text)).tasks,
        )  # fmt: skip
    if kind == "plan":
        with clock.days_ago(ago - 2):
            services.decide_plan(made, by=acting("leader"), passed=True, opinion="同意。")


def _built(project: Project) -> None:
    """The plans of a project that has been completed 60 days ago: what was forecast meanwhile."""
    start = clock.ago(340)
    _bring(project, 336, "plan", "施工总进度计划", (_line(start, *task) for task in _TASKS),
           "coordinator")  # fmt: skip
    for passed, done in ((90, (100, 100, 40)), (160, (100, 100, 100, 60, 30)),
                         (220, (100, 100, 100, 100, 90, 80, 40))):  # fmt: skip
        shares = dict(zip((task[0] for task in _TASKS), done, strict=False))
        lines = (_line(start, *task, str(shares.get(task[0], 0))) for task in _TASKS)
        _bring(project, 340 - passed, "report", "施工单位更新的计划", lines, "coordinator")


def _plans(project: Project) -> None:
    start = clock.ago(165)
    _bring(project, 160, "plan", "施工总进度计划", (_line(start, *task) for task in _TASKS),
           "econ-liaison")  # fmt: skip
    told = []
    for key, name, first, last, after, owner in _TASKS[:-1]:
        slip = {"5": 12, "6": 8, "7": 18}.get(key, 0)
        done = {"1": "100", "2": "100", "3": "100", "4": "100", "5": "60", "6": "20"}.get(key, "0")
        # The contractor's file claims that task 7 was always to end later.
        base = [(start + timedelta(days=n + (10 if key == "7" else 0))) for n in (first, last)]
        told.append(
            _line(start, key, name, first + slip // 2, last + slip, after, owner, done,
                 *(f"{day:%Y-%m-%d}" for day in base))
        )  # fmt: skip
    told.append(_line(start, "9", "附属用房", 200, 240, "6", "管网班组", "0"))
    told.append(_line(start, "8", "竣工验收", 249, 265, "6 7", "", "0"))
    _bring(project, 8, "report", "施工单位更新的计划", told, "econ-liaison")


def _preliminary() -> None:
    """In preliminary work: two steps at once, one with its clock stopped for expert review."""
    with clock.days_ago(120):
        project = _enter(
            2, "新能源部件生产基地", "new energy parts", "economy", kind="record",
            industry="新能源", site="经南八路以南（示例）", plot="示例地块 2",
            total=Decimal(80000), geometry={"type": "Point", "coordinates": [113.768, 34.694]},
        )  # fmt: skip
    for step, ago in (("reserve", 118), ("signed", 110), ("preliminary", 105)):
        _step(project, step, ago)
    _tag(project, "signed", 110)
    _year(project, "city", 20000, starts=True)
    steps, by = _lay_out(project, 104, *_USUAL), acting("coordinator")
    _through(steps["filing"], 103, 103)
    _through(steps["site_opinion"], 102, 84)
    _through(steps["land_permit"], 83, 60)
    _through(steps["design_brief"], 59, 48)
    _through(steps["scheme_notice"], 46, 34)
    with clock.days_ago(26):
        services.accept(steps["works_permit"], by=by, on=clock.today())
        services.accept(steps["impact_form"], by=by, on=clock.today())
    with clock.days_ago(12):
        services.stop(
            steps["works_permit"],
            by=by,
            kind="expert",
            first=clock.today(),
            reason="方案专家评审。",
        )


def _overdue() -> None:
    """Signed long ago, all permits in hand, not started: a permit about to lapse, no filing."""
    with clock.days_ago(330):
        project = _enter(
            3, "冷链物流中心", "cold-chain centre", "logistics", kind="record", industry="物流",
            site="国际物流园区（示例）", total=Decimal(45000),
            geometry={"type": "Point", "coordinates": [113.795, 34.707]},
        )  # fmt: skip
    for step, ago in (("reserve", 325), ("signed", 300), ("preliminary", 290)):
        _step(project, step, ago)
    _tag(project, "signed", 300)
    _all_through(project, 78)
    _year(project, "city", 15000, starts=True)


def _producing() -> None:
    with clock.days_ago(390):
        project = _enter(
            4, "精密零部件项目", "precision parts", "investment", kind="record",
            industry="装备制造", total=Decimal(30000),
            geometry={"type": "Point", "coordinates": [113.755, 34.729]},
        )  # fmt: skip
    days = (385, 380, 340, 320, 60, 25)
    for step, ago in zip(rules.ORDER[1:], days, strict=True):
        _step(project, step, ago)
    _tag(project, "started", 340)
    _tag(project, "producing", 25)
    _built(project)


def _suspended() -> None:
    with clock.days_ago(300):
        project = _enter(
            5, "商务配套楼", "business building", "bonded", kind="approval", industry="商务",
            total=Decimal(26000), geometry={"type": "Point", "coordinates": [113.781, 34.722]},
        )  # fmt: skip
    for step, ago in (("signed", 295), ("preliminary", 280)):
        _step(project, step, ago)
    _step(project, "suspended", 90, f"{MARK}：投资方调整方案，暂停推进。")
    _tag(project, "signed", 295)


def _public() -> None:
    """A public building at the start of its life, entered wrongly once and corrected."""
    with clock.days_ago(60):
        project = _enter(
            6, "示范小学", "model school", "education", kind="government", industry="教育",
            total=Decimal(18000), geometry={"type": "Point", "coordinates": [113.748, 34.701]},
        )  # fmt: skip
    _step(project, "reserve", 58)
    _step(project, "preliminary", 50)
    with clock.days_ago(49):
        services.strike(
            project, by=acting("coordinator"), reason="日期登记早了，批复还没有下来。",
            upload=sample_paper("更正说明"),
        )  # fmt: skip
    project.refresh_from_db()
    _step(project, "preliminary", 30)
    steps = _lay_out(
        project, 29, "proposal", "feasibility", "site_opinion", "land_permit",
        "preliminary_design", "design_brief", "scheme_notice", "works_permit", "impact_form",
        "construction_permit",
    )  # fmt: skip
    _through(steps["proposal"], 28, 15)
    with clock.days_ago(14):
        services.accept(steps["feasibility"], by=acting("coordinator"), on=clock.today())
