"""Published frameworks and the indicators the room knows by name: plain data, no database.

What was not published (weights of the 2016 edition, most indicators of the 2021 edition) is left
empty here and said on the page. Sources: 国办发〔2016〕14号; result notices of 商务部.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bihuan.base.text import plain, zh


@dataclass(frozen=True)
class GroupPlan:
    """一级指标：名称、权重（%）、指标个数；未公布的为空。"""

    name: str
    name_en: str
    weight: Decimal | None = None
    indicator_count: int | None = None

    def fields(self) -> dict[str, Any]:
        """What a stored group says, apart from its key."""
        return {
            "name_en": self.name_en,
            "weight": self.weight,
            "indicator_count": self.indicator_count,
        }


@dataclass(frozen=True)
class FrameworkPlan:
    """一版考核办法：哪几轮考核用它，有哪几组指标。"""

    code: str
    name: str
    name_en: str
    edition: str
    first_round: int
    last_round: int | None
    source: str
    note: str
    groups: tuple[GroupPlan, ...]

    def fields(self) -> dict[str, Any]:
        """What a stored framework says, apart from its code."""
        names = ("name", "name_en", "edition", "first_round", "last_round", "note")
        return {name: getattr(self, name) for name in names}


FRAMEWORKS = (
    FrameworkPlan(
        "2016",
        "国家级经开区综合发展水平考核评价指标体系（2016年版）",
        "National ETDZ assessment framework (2016 edition)",
        "2016",
        2016,
        2021,
        "国办发〔2016〕14号",
        zh("共 53 个指标；权重因发展阶段、性质和体制而异，未见公布。"),
        (
            GroupPlan("产业基础", "Industrial base"),
            GroupPlan("科技创新", "Science and innovation"),
            GroupPlan("区域带动", "Regional pull"),
            GroupPlan("生态环保", "Ecology and environment"),
            GroupPlan("行政效能", "Administrative effectiveness"),
        ),
    ),
    FrameworkPlan(
        "2021",
        "国家级经开区综合发展水平考核评价指标体系（2021年版）",
        "National ETDZ assessment framework (2021 edition)",
        "2021",
        2022,
        None,
        "商务部考核评价办法（2021年版）",
        zh("共 30 个指标；各指标的权重和完整名单未见公布，可由办公室补录。"),
        (
            GroupPlan("对外开放", "Opening up", Decimal(30), 7),
            GroupPlan("科技创新", "Science and innovation", Decimal(15), 6),
            GroupPlan("绿色发展", "Green development", Decimal(15), 5),
            GroupPlan("统筹协调", "Coordination", Decimal(10), 4),
            GroupPlan("发展质量", "Quality of development", Decimal(30), 8),
        ),
    ),
)
# The edition whose groups a zone-page/1 file names (its field assessment_group_2016).
FILE_EDITION = "2016"


@dataclass(frozen=True)
class IndicatorPlan:
    """指标：代码一经使用不再变；占比的分子、分母由名称说明。"""

    code: str
    name: str
    name_en: str = ""
    measure: str = ""
    kind: str = "flow"
    direction: str = "none"
    numerator: str = ""
    denominator: str = ""
    of_whole: str = ""
    group: str = ""
    number: int = 999

    def fields(self) -> dict[str, Any]:
        """What a stored indicator says, apart from its code and its group."""
        names = ("name", "name_en", "measure", "kind", "direction", "number")
        share = ("numerator", "denominator", "of_whole")
        return {name: getattr(self, name) for name in (*names, *share)}


def _known(*rows: tuple[str, str, str, str, str]) -> dict[str, IndicatorPlan]:
    plans = (
        IndicatorPlan(code, name, measure=measure, kind=kind, direction=direction, number=number)
        for number, (code, name, measure, kind, direction) in enumerate(rows, start=1)
    )
    return {plan.code: plan for plan in plans}


INDICATORS = _known(
    ("rank", "综合发展水平排名", "位", "rank", "lower"),
    ("zones-assessed", "参评家数", "家", "count", "none"),
    ("gdp", "地区生产总值", "亿元", "flow", "higher"),
    ("trade", "进出口总额", "亿元", "flow", "higher"),
    ("fdi", "实际使用外资和外商投资企业再投资", "万美元", "flow", "higher"),
    (
        "rd-share",
        "规模以上工业企业研究与试验发展经费支出占区内规模以上工业企业营业收入比重",
        "%",
        "rate",
        "higher",
    ),
    ("high-tech-firms", "高新技术企业", "家", "stock", "higher"),
    ("incubators", "国家级孵化器和众创空间", "家", "stock", "higher"),
    ("rd-institutions", "省级及以上研发机构", "家", "stock", "higher"),
    ("patents", "每万人口发明专利拥有量", "件/万人", "stock", "higher"),
    ("tax-share", "税收收入占郑州市比重", "%", "rate", "higher"),
    (
        "high-tech-share",
        "高技术制造业主营业务收入占郑州市高技术制造业产值比重",
        "%",
        "rate",
        "higher",
    ),
    ("tertiary-share", "第三产业增加值占郑州市第三产业增加值比重", "%", "rate", "higher"),
    ("gdp-share", "地区生产总值占郑州市比重", "%", "rate", "higher"),
    ("energy", "规模以上工业企业单位工业增加值能耗", "", "rate", "lower"),
    ("water", "规模以上工业企业单位工业增加值水耗", "", "rate", "lower"),
    ("pollutants", "规模以上工业企业主要污染物排放量", "", "flow", "lower"),
    ("effectiveness", "行政效能", "", "text", "higher"),
    ("snow-teams", "应急抢险队伍数", "支", "stock", "none"),
    ("snow-members", "应急抢险队伍人数", "人", "stock", "none"),
    ("snow-operators", "环卫市场化营运公司", "家", "stock", "none"),
    ("snow-turnouts", "出动扫雪车辆", "台次", "flow", "none"),
    ("snow-tools", "推雪板、扫把", "把", "stock", "none"),
    ("snow-start", "降雪开始日", "date", "text", "none"),
    ("snow-status", "通行状态时点", "time", "text", "none"),
    ("report-year", "述职年度", "年度", "count", "none"),
    ("rated-items", "现场测评项目数", "项", "count", "none"),
)
# Other names under which a file may bring the same indicator.
ALIASES = {
    "gdp": ("GDP", "生产总值", "地区生产总值（GDP）", "regional GDP"),
    "rank": ("综合排名", "overall rank"),
    "trade": ("进出口", "total imports and exports"),
}
NAMES = {plain(plan.name): plan.code for plan in INDICATORS.values()} | {
    plain(name): code for code, names in ALIASES.items() for name in names
}
