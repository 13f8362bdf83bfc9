"""What an office decides for itself about its projects: rule tables with a history.

All of it is practice [P] or own knowledge [K] by the handbook's marks (section 7), so every figure
here is only what a new office starts with; the machinery is that of the ledger's rule tables.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from bihuan.base.text import zh
from bihuan.days.rules import UNITS
from bihuan.ledger.rules.tables import Column, Fault, Plan, Row, faults
from bihuan.projects.rules.stages import SKIPS, STAGES

SHIFTS = {
    "none": zh("不顺延"),
    "next": zh("顺延到下一个工作日"),
    "previous": zh("提前到上一个工作日"),
}
HOLDERS = {"site": zh("项目现场"), "unit": zh("责任部门"), "leader": zh("责任领导")}
FILING_FIELDS = {
    "invested": zh("本年累计完成投资"),
    "invested_total": zh("开工以来累计完成投资"),
    "progress": zh("形象进度"),
    "problems": zh("存在问题"),
    "next_steps": zh("下月计划"),
    "paper": zh("现场照片或佐证"),
    "weekly": zh("本月至少一次周进展"),
}
WHEN = {"always": zh("都要"), "started": zh("开工以后"), "key": zh("当年省市重点")}

_CODE = Column("code", zh("代码"), "code")
_NAME = Column("name", zh("名称"), "text")
_NAME_EN = Column("name_en", zh("英文名称"), "text", required=False)
_NUMBER = Column("number", zh("期限数"), "whole", least=1, most=1000)
_UNIT = Column("unit", zh("计算单位"), "choice", UNITS)

_STAGES = (
    _CODE,
    _NAME,
    Column("proof", zh("以什么为证"), "text", longest=200),
    Column("skip", zh("可否跳过"), "choice", SKIPS),
)
_CONVERSIONS = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("start", zh("从哪一步起"), "choice", STAGES),
    Column("end", zh("到哪一步"), "choice", STAGES),
    _NUMBER,
    _UNIT,
)
_DEADLINES = (
    _CODE,
    _NAME,
    Column("day", zh("哪一天"), "whole", least=1, most=31),
    Column("shift", zh("遇休息日"), "choice", SHIFTS),
)
_SCOPE = (_CODE, _NAME, Column("on", zh("要报"), "flag"))
_CHECKLIST = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("field", zh("看哪一项"), "choice", FILING_FIELDS),
    Column("when", zh("何时要"), "choice", WHEN),
)
_LADDER = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("holder", zh("由谁解决"), "choice", HOLDERS),
    _NUMBER,
    _UNIT,
)
SHAPES = {
    "pert": zh("贝塔（PERT）"),
    "triangular": zh("三角"),
    "lognormal": zh("对数正态"),
}
_RISKS = (
    _CODE,
    _NAME,
    Column("words", zh("名称或责任单位里含的字"), "text", required=False),
    Column("low", zh("顺利时（计划的 %）"), "whole", least=1, most=1000),
    Column("mode", zh("最可能（%）"), "whole", least=1, most=1000),
    Column("high", zh("不顺时（%）"), "whole", least=1, most=1000),
    Column("shape", zh("分布"), "choice", SHAPES),
)
_SCARCE = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("steps", zh("哪些步骤占用（步骤代码，空格隔开）"), "text", longest=300),
    Column("capacity", zh("同时能办几件"), "whole", least=1, most=1000),
)
_LIMITS = (_CODE, _NAME, Column("value", zh("数值"), "whole"))
_WORDS = (_CODE, _NAME, _NAME_EN)


def _rows(columns: Sequence[Column], *lines: Sequence[Any]) -> tuple[Row, ...]:
    return tuple({c.code: v for c, v in zip(columns, line, strict=True)} for line in lines)


TABLES: dict[str, Plan] = {
    "stages": Plan(
        zh("项目阶段"),
        zh("每一步以什么材料为证，可否跳过。通行做法，待核实。没有佐证的一步不能登记。"),
        _STAGES,
        _rows(
            _STAGES,
            ("reserve", STAGES["reserve"], zh("项目建议或入库表"), "any"),
            ("signed", STAGES["signed"], zh("投资协议"), "government"),
            ("preliminary", STAGES["preliminary"], zh("项目代码或立项批复"), "any"),
            ("started", STAGES["started"], zh("施工许可证和开工现场照片"), "never"),
            ("under_construction", STAGES["under_construction"], zh("现场形象进度照片"), "any"),
            ("completed", STAGES["completed"], zh("竣工验收意见"), "never"),
            ("in_production", STAGES["in_production"], zh("投产证明或首张产品发票"), "never"),
        ),
        fixed=True,
    ),
    "conversions": Plan(
        zh("三个一批转化"),
        zh("每批项目多长时间内应转到下一步。通行做法，待核实；签约后 90 个工作日内开工是例子。"),
        _CONVERSIONS,
        _rows(
            _CONVERSIONS,
            ("signed", zh("签约转开工"), "Signed to started", "signed", "started", 90, "working"),
            ("started", zh("开工转投产"), "Started to in production", "started", "in_production",
             24, "month"),
        ),
    ),
    "deadlines": Plan(
        zh("报送截止日"),
        zh("每月报送写几号；每周进展写星期几（1 至 7）。每月 25 日见 2023 年通知的报道，待核实。"),
        _DEADLINES,
        _rows(
            _DEADLINES,
            ("monthly", zh("每月报送"), 25, "none"),
            ("weekly", zh("每周进展"), 5, "none"),
        ),
        fixed=True,
    ),
    "scope": Plan(
        zh("哪些项目要报"),
        zh("签约以后、投产以前的项目里，哪些要按月报送。通行做法，待核实。"),
        _SCOPE,
        _rows(
            _SCOPE,
            ("key", zh("当年省市重点"), True),
            ("batch", zh("三个一批"), True),
            ("other", zh("其他项目"), False),
        ),
        fixed=True,
    ),
    "checklist": Plan(
        zh("报送检查清单"),
        zh("月报缺了哪一项就不能报。通行做法，待核实。"),
        _CHECKLIST,
        _rows(
            _CHECKLIST,
            ("invested", zh("本年累计完成投资"), "Investment done this year", "invested",
             "started"),
            ("progress", zh("形象进度"), "Progress in words", "progress", "always"),
            ("problems", zh("存在问题（没有写“无”）"), "Problems (“none” if none)", "problems",
             "always"),
            ("next", zh("下月计划"), "Plan of next month", "next_steps", "always"),
            ("paper", zh("现场照片或佐证"), "Photograph or proof", "paper", "key"),
        ),
    ),
    "ladder": Plan(
        zh("堵点升级"),
        zh(
            "一个堵点由谁、在多少天内解决；过期没有解决的，自动到下一级。改动只用于以后登记的堵点。"
            "通行做法，待核实。"
        ),
        _LADDER,
        _rows(
            _LADDER,
            ("site", zh("现场协调"), "Site", "site", 3, "working"),
            ("unit", zh("责任部门协调"), "Owner department", "unit", 5, "working"),
            ("leader", zh("责任领导协调"), "Responsible leader", "leader", 10, "working"),
        ),
        ordered=True,
    ),
    "limits": Plan(
        zh("提醒的界限"),
        zh("办公室自己定的数。"),
        _LIMITS,
        _rows(
            _LIMITS,
            ("soon_days", zh("审批时限剩多少天算临期"), 3),
            ("behind_points", zh("投资完成率落后时间进度多少个百分点算滞后"), 10),
            ("slip_days", zh("施工计划比基线推迟多少天算延误"), 7),
            ("risk_common", zh("工期风险：所有任务共有的方差占百分之几"), 20),
            ("risk_owner", zh("工期风险：同一责任单位共有的方差占百分之几"), 20),
        ),
        fixed=True,
    ),
    "risks": Plan(
        zh("工期的三点估计"),
        zh("任务的工期可能是计划的百分之几；从上到下第一行含得上的作数。自有估计，待核实。"),
        _RISKS,
        _rows(
            _RISKS,
            ("ground", zh("土方和基础"), zh("基础"), 90, 100, 180, "pert"),
            ("outdoor", zh("室外和绿化"), zh("室外"), 90, 100, 170, "pert"),
            ("any", zh("其余"), "", 90, 100, 150, "pert"),
        ),
        ordered=True,
    ),
    "scarce": Plan(
        zh("有限的力量"),
        zh("评审会、勘测队、窗口等同时能办几件；据此排前期步骤的先后。数为举例，待核实。"),
        _SCARCE,
        _rows(
            _SCARCE,
            ("panel", zh("方案评审会"), "Review panel", "design_brief scheme_notice works_permit",
             2),
            ("survey", zh("勘测队"), "Surveyors", "site_opinion land_permit line_check", 2),
            ("impact", zh("环评技术审查"), "Impact reviewers", "impact_report impact_form", 2),
            ("permit", zh("施工许可窗口"), "Permit desk", "construction_permit", 3),
        ),
    ),
    "stops": Plan(
        zh("不计入时限的情形"),
        zh("行政许可法第四十五条所列和各法所定的情形，期间时钟停走。可增减。"),
        _WORDS,
        _rows(
            _WORDS,
            ("notice", zh("公示"), "Public notice"),
            ("hearing", zh("听证"), "Hearing"),
            ("expert", zh("专家评审"), "Expert review"),
            ("evaluation", zh("委托评估"), "Commissioned evaluation"),
            ("supplement", zh("补正材料"), "Supplementing papers"),
        ),
    ),
}  # fmt: skip


def table_faults(code: str, rows: Sequence[Row]) -> Iterator[Fault]:
    """Every reason why these rows cannot become the table."""
    yield from faults(TABLES[code], rows)
    if code == "conversions":
        order = list(STAGES)
        for number, row in enumerate(rows, start=1):
            start, end = row.get("start"), row.get("end")
            if start in order and end in order and order.index(start) >= order.index(end):
                yield Fault(zh("第 %(row)d 行：到哪一步须在从哪一步之后。"), {"row": number})
    if code == "risks":
        yield from _points_faults(rows)
    if code == "scarce":
        yield from _scarce_faults(rows)
    if code == "deadlines":
        for number, row in enumerate(rows, start=1):
            day = row.get("day")
            if row.get("code") == "weekly" and isinstance(day, int) and day > 7:
                yield Fault(zh("第 %(row)d 行：星期几应在 1 到 7 之间。"), {"row": number})


def _points_faults(rows: Sequence[Row]) -> Iterator[Fault]:
    for number, row in enumerate(rows, start=1):
        points = [row.get(name) for name in ("low", "mode", "high")]
        whole = [one for one in points if isinstance(one, int)]
        if len(whole) == len(points) and whole != sorted(whole):
            yield Fault(zh("第 %(row)d 行：顺利时、最可能、不顺时应从小到大。"), {"row": number})


def _scarce_faults(rows: Sequence[Row]) -> Iterator[Fault]:
    """A step takes one kind of strength: who would say which of two came first?"""
    taken: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        for step in str(row.get("steps") or "").split():
            if step in taken:
                told = {"row": number, "other": taken[step], "step": step}
                yield Fault(zh("第 %(row)d 行：步骤“%(step)s”第 %(other)d 行已有。"), told)
            taken.setdefault(step, number)
