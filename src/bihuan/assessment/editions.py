"""The schemes a house starts with: both published editions as far as known, and the year's rating.

Groups, published weights and indicator numbers: handbook section 5. The weight of every indicator,
most of the 2021 edition's indicators and both formulas were not published: they are blank here,
the office fills them in, and pages say which are assumed. The rating of the zone's own units is a
practice that differs from place to place, so all of it is editable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.base.text import zh


@dataclass(frozen=True)
class NodePlan:
    """一项：没有 parent 的是一级指标；indicator 是数据里的指标代码，count 是台账统计。"""

    code: str
    name: str
    name_en: str
    parent: str = ""
    weight: float | None = None
    measure: str = ""
    lower: bool = False
    indicator: str = ""
    count: str = ""
    indicator_count: int | None = None
    ratio_to: str = ""


@dataclass(frozen=True)
class PointPlan:
    """一条加减分规则；没有 points 的逐次核定，cap 是一个单位一轮累计最多。"""

    code: str
    name: str
    name_en: str
    points: float | None
    trigger: str
    cap: float | None = None
    node: str = ""
    limit: float | None = None
    basis: str = zh("起始的一条，由办公室核定")


@dataclass(frozen=True)
class SchemePlan:
    """一版方案。"""

    code: str
    name: str
    name_en: str
    subject: str
    first_round: int
    last_round: int | None
    indicator_count: int | None
    basis: str
    note: str
    note_en: str
    method: Mapping[str, Any]
    nodes: tuple[NodePlan, ...]
    points: tuple[PointPlan, ...] = ()


# How the ministry normalises was not published. The linear efficacy coefficient (功效系数法) is the
# office's usual one: the worst of a year gets 60, the best 100.
_ZONES: Mapping[str, Any] = {
    "impute": {"how": "group_median", "group": "league"},
    "treat": {"how": "winsorise", "winmax": 5, "then": "log"},
    "normalise": {"how": "efficacy_linear"},
    "aggregate": {"how": ["amean"]},
    "rank": {"league": "league"},
}
_UNITS: Mapping[str, Any] = {
    "treat": {"how": "none"},
    "normalise": {"how": "none"},
    "aggregate": {"how": ["amean"]},
    "rank": {},
}
# Scores of a unit's indicators come from fixed marks, so that one unit's year never depends on
# another's: per cents count as they are, days and relapses are turned into marks out of a hundred.
_UNIT_SCALES: Mapping[str, Any] = {
    "late-days": {"how": "goalposts", "lower": 0.0, "upper": 30.0, "scale": 100.0, "cap": True},
    # More than the plan is worth no more than the plan.
    "project-rate": {"how": "goalposts", "lower": 0.0, "upper": 100.0, "scale": 100.0, "cap": True},
    "rebound": {"how": "goalposts", "lower": 0.0, "upper": 5.0, "scale": 100.0, "cap": True},
}
_UNIT_POINTS = (
    PointPlan(
        "on-time-high",
        "按期销号率满 95%",
        "At least 95% closed in time",
        2.0,
        "at_least",
        node="on-time",
        limit=95.0,
    ),
    PointPlan(
        "first-pass-low",
        "一次核查通过率不到 60%",
        "Fewer than 60% passed at the first check",
        -2.0,
        "below",
        node="first-pass",
        limit=60.0,
    ),
    PointPlan(
        "commended", "受到市级以上通报表扬", "Commended by the city or above", 1.0, "event", cap=3.0
    ),
    PointPlan(
        "criticised",
        "受到市级以上通报批评",
        "Criticised by the city or above",
        -1.0,
        "event",
        cap=3.0,
    ),
    PointPlan(
        "late-paper",
        "迟报、漏报材料",
        "Papers late or missing",
        -0.5,
        "event",
        cap=2.0,
    ),
    PointPlan(
        "settled",
        "会议认定的其他事项",
        "Settled by a meeting",
        None,
        "event",
        cap=2.0,
    ),
)

_INDUSTRY, _SCIENCE, _PULL, _ECOLOGY, _OFFICE = "industry", "science", "pull", "ecology", "office"

EDITION_2016 = SchemePlan(
    "zone-2016",
    zh("国家级经开区综合发展水平考核评价（2016 年版）"),
    "National ETDZ assessment (2016 edition)",
    "zone",
    2016,
    2021,
    53,
    "国办发〔2016〕14号",
    zh(
        "共 53 个指标，这里只列出公开材料里能见到的 16 个。各组和各指标的权重因发展阶段、性质和"
        "体制而异，未见公布，留空；无量纲化公式未见公布，这里用线性功效系数法。"
    ),
    "53 indicators, of which the 16 seen in public material stand here. Weights differ by stage, "
    "nature and system of a zone and were not published: blank. The formula of normalisation was "
    "not published either: the linear efficacy coefficient is used.",
    _ZONES,
    (
        NodePlan(_INDUSTRY, "产业基础", "Industrial base"),
        NodePlan(_SCIENCE, "科技创新", "Science and innovation"),
        NodePlan(_PULL, "区域带动", "Regional pull"),
        NodePlan(_ECOLOGY, "生态环保", "Ecology and environment"),
        NodePlan(_OFFICE, "行政效能", "Administrative effectiveness"),
        NodePlan("gdp", "地区生产总值", "Regional GDP", _INDUSTRY, None, "亿元", indicator="gdp"),
        NodePlan(
            "trade",
            "进出口总额",
            "Total imports and exports",
            _INDUSTRY,
            None,
            "亿元",
            indicator="trade",
            ratio_to="gdp",
        ),
        NodePlan(
            "fdi",
            "实际使用外资和再投资",
            "FDI actually used plus reinvestment",
            _INDUSTRY,
            None,
            "万美元",
            indicator="fdi",
            ratio_to="gdp",
        ),
        NodePlan(
            "rd-share",
            "研发经费占营业收入比重",
            "R&D spend as share of revenue",
            _SCIENCE,
            None,
            "%",
            indicator="rd-share",
        ),
        NodePlan(
            "high-tech-firms",
            "高新技术企业",
            "High-tech enterprises",
            _SCIENCE,
            None,
            "家",
            indicator="high-tech-firms",
            ratio_to="gdp",
        ),
        NodePlan(
            "incubators",
            "国家级孵化器和众创空间",
            "National incubators and makerspaces",
            _SCIENCE,
            None,
            "家",
            indicator="incubators",
        ),
        NodePlan(
            "rd-institutions",
            "省级及以上研发机构",
            "R&D institutions, provincial or above",
            _SCIENCE,
            None,
            "家",
            indicator="rd-institutions",
            ratio_to="high-tech-firms",
        ),
        NodePlan(
            "patents",
            "每万人口发明专利拥有量",
            "Invention patents per 10,000 residents",
            _SCIENCE,
            None,
            "件/万人",
            indicator="patents",
        ),
        NodePlan(
            "tax-share",
            "税收收入占所在市比重",
            "Tax revenue as share of the city",
            _PULL,
            None,
            "%",
            indicator="tax-share",
        ),
        NodePlan(
            "high-tech-share",
            "高技术制造业占所在市比重",
            "High-tech manufacturing as share of the city",
            _PULL,
            None,
            "%",
            indicator="high-tech-share",
        ),
        NodePlan(
            "tertiary-share",
            "第三产业增加值占所在市比重",
            "Tertiary value added as share of the city",
            _PULL,
            None,
            "%",
            indicator="tertiary-share",
        ),
        NodePlan(
            "gdp-share",
            "地区生产总值占所在市比重",
            "GDP as share of the city",
            _PULL,
            None,
            "%",
            indicator="gdp-share",
        ),
        NodePlan(
            "energy",
            "单位工业增加值能耗",
            "Energy per industrial value added",
            _ECOLOGY,
            None,
            "吨标准煤/万元",
            True,
            "energy",
        ),
        NodePlan(
            "water",
            "单位工业增加值水耗",
            "Water per industrial value added",
            _ECOLOGY,
            None,
            "立方米/万元",
            True,
            "water",
        ),
        NodePlan(
            "pollutants",
            "主要污染物排放量",
            "Main pollutant emissions",
            _ECOLOGY,
            None,
            "吨",
            True,
            "pollutants",
        ),
        NodePlan(
            "effectiveness",
            "行政效能评分",
            "Administrative effectiveness, rated",
            _OFFICE,
            None,
            "分",
            indicator="effectiveness",
        ),
    ),
)

_OPEN, _NEW, _GREEN, _BALANCE, _QUALITY = "open", "innovation", "green", "balance", "quality"

EDITION_2021 = SchemePlan(
    "zone-2021",
    zh("国家级经开区综合发展水平考核评价（2021 年版）"),
    "National ETDZ assessment (2021 edition)",
    "zone",
    2022,
    None,
    30,
    "商务部考核评价办法（2021年版）",
    zh(
        "共 30 个指标：各组的权重和个数已公布，各指标的权重和完整名单未见公布。这里只列出公开材料"
        "点到名的，其余由办公室补录；未公布的权重留空。无量纲化公式未见公布，这里用线性功效系数法。"
    ),
    "30 indicators. Weights and sizes of the groups were published; weights and the full list of "
    "indicators were not. Only those named in public stand here, the office adds the others; "
    "unpublished weights are blank. The formula of normalisation was not published: the linear "
    "efficacy coefficient is used.",
    _ZONES,
    (
        NodePlan(_OPEN, "对外开放", "Opening up", weight=30, indicator_count=7),
        NodePlan(_NEW, "科技创新", "Science and innovation", weight=15, indicator_count=6),
        NodePlan(_GREEN, "绿色发展", "Green development", weight=15, indicator_count=5),
        NodePlan(_BALANCE, "统筹协调", "Coordination", weight=10, indicator_count=4),
        NodePlan(_QUALITY, "发展质量", "Quality of development", weight=30, indicator_count=8),
        NodePlan(
            "fdi", "实际使用外资", "FDI actually used", _OPEN, None, "万美元", indicator="fdi"
        ),
        NodePlan(
            "fdi-share",
            "实际使用外资占所在市比重",
            "FDI used as share of the city",
            _OPEN,
            None,
            "%",
        ),
        NodePlan("fdi-growth", "实际使用外资增速", "Growth of FDI used", _OPEN, None, "%"),
        NodePlan(
            "trade",
            "进出口总额",
            "Total imports and exports",
            _OPEN,
            None,
            "亿元",
            indicator="trade",
        ),
        NodePlan(
            "trade-share", "进出口占所在市比重", "Trade as share of the city", _OPEN, None, "%"
        ),
        NodePlan("trade-growth", "进出口增速", "Growth of trade", _OPEN, None, "%"),
        NodePlan(
            "rd-share",
            "研发经费投入强度",
            "R&D intensity",
            _NEW,
            None,
            "%",
            indicator="rd-share",
        ),
        NodePlan(
            "rd-institutions",
            "省级及以上研发机构",
            "R&D institutions, provincial or above",
            _NEW,
            None,
            "家",
            indicator="rd-institutions",
        ),
        NodePlan(
            "high-tech-firms",
            "高新技术企业",
            "High-tech enterprises",
            _NEW,
            None,
            "家",
            indicator="high-tech-firms",
            ratio_to="rd-institutions",
        ),
        NodePlan(
            "energy",
            "单位工业增加值能耗",
            "Energy per industrial value added",
            _GREEN,
            None,
            "吨标准煤/万元",
            True,
            "energy",
        ),
        NodePlan(
            "carbon",
            "单位工业增加值二氧化碳排放",
            "CO₂ per industrial value added",
            _GREEN,
            None,
            "吨/万元",
            True,
        ),
        NodePlan(
            "carbon-growth",
            "二氧化碳排放增速",
            "Growth of CO₂ emissions",
            _GREEN,
            None,
            "%",
            True,
        ),
        NodePlan(
            "water",
            "单位工业增加值水耗",
            "Water per industrial value added",
            _GREEN,
            None,
            "立方米/万元",
            True,
            "water",
        ),
        NodePlan(
            "solid-waste",
            "工业固体废物综合利用率",
            "Industrial solid waste reused",
            _GREEN,
            None,
            "%",
        ),
        NodePlan("new-jobs", "城镇新增就业", "New urban jobs", _BALANCE, None, "人"),
        NodePlan("co-built", "合作共建园区", "Co-built parks", _BALANCE, None, "个"),
        NodePlan(
            "responsibility", "履行主体责任", "Main-responsibility work", _BALANCE, None, "分"
        ),
        NodePlan(
            "large-firms",
            "大型制造业企业",
            "Large manufacturing firms",
            _QUALITY,
            None,
            "家",
        ),
        NodePlan("listed-firms", "上市企业", "Listed firms", _QUALITY, None, "家"),
    ),
)

_WORK, _CARE, _RATED, _BUILT = "rectification", "quality", "rated", "projects"

UNIT_YEAR = SchemePlan(
    "unit-year",
    zh("区内单位年度考核"),
    "Year-end rating of the zone's units",
    "unit",
    2022,
    None,
    None,
    "",
    zh(
        "指标、权重和加减分规则由办公室定，这里只是起始的一套。述职评议的得分取自测评，台账的数由台账"
        "统计，投资完成率取自重点项目；清雪等各口的数，凡登记为数据里的指标，都可以在方案里加为一项。"
        "每个单位按固定标准计分，不因别的单位而变。"
    ),
    "Indicators, weights and the rule for rewards and penalties are the office's own: this is a "
    "set to begin with. The evaluation's score comes from the ballots, ledger counts from the "
    "ledger, the investment rate from the key projects; whatever snow work and others record as a "
    "figure can be added as an indicator. Every unit is marked against fixed standards, whatever "
    "the others do.",
    {
        **_UNITS,
        "normalise": {"how": "none", "each": _UNIT_SCALES},
    },
    (
        NodePlan(_RATED, "述职评议", "Rated in the evaluation meeting", weight=25),
        NodePlan(_WORK, "整改进度", "Progress of rectification", weight=36),
        NodePlan(_CARE, "整改质量", "Quality of rectification", weight=24),
        NodePlan(_BUILT, "重点项目", "Key projects", weight=15),
        NodePlan(
            "evaluation", "述职评议综合得分", "Evaluation: composite score", _RATED, 100, "分",
            indicator="evaluation-score",
        ),
        NodePlan(
            "project-rate", "重点项目年度投资完成率",
            "Key projects: investment done, of the year's plan", _BUILT, 100, "%",
            indicator="project-year-rate",
        ),
        NodePlan(
            "on-time", "按期销号率", "Closed in time", _WORK, 60, "%", count="on_time"
        ),
        NodePlan(
            "late-days", "平均逾期天数", "Mean days late", _WORK, 40, "天", True, count="late_days"
        ),
        NodePlan(
            "first-pass", "一次核查通过率", "Passed at the first check", _CARE, 70, "%",
            count="first_pass",
        ),
        NodePlan(
            "rebound", "回头看反弹数", "Relapses found on re-check", _CARE, 30, "个", True,
            count="rebound",
        ),
    ),
    _UNIT_POINTS,
)  # fmt: skip

SCHEMES = (EDITION_2016, EDITION_2021, UNIT_YEAR)
