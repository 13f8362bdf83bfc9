"""The words the room starts with: units of measure, measure words, limits of scope, labels.

Plain data. An office adds its own words as rows of `Term`; both together are what holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from bihuan.base.text import plain, zh

DIRECTIONS = {"higher": zh("越大越好"), "lower": zh("越小越好"), "none": zh("不分好坏")}
KINDS = {
    "flow": zh("流量"),
    "stock": zh("期末数"),
    "rate": zh("比率"),
    "rank": zh("位次"),
    "count": zh("个数"),
    "text": zh("文字"),
}
PERIOD_KINDS = {
    "year": zh("年度"),
    "quarter": zh("季度"),
    "month": zh("月度"),
    "day": zh("日"),
    "event": zh("事件"),
    "moment": zh("时点"),
}
SUBMISSION_STATES = {
    "draft": zh("草拟"),
    "submitted": zh("已提交"),
    "accepted": zh("已接收"),
    "returned": zh("已退回"),
    "dropped": zh("已作废"),
}
# Figures of these submissions count; those of a draft do not yet, those returned no longer.
EFFECTIVE = ("submitted", "accepted")
# These are still being filled.
FILLING = ("draft", "returned")
CHANGE_KINDS = {
    "growth_yoy": zh("同比增长"),
    "pp_change": zh("百分点变动"),
    "rank_change": zh("位次变动"),
    "qualitative_up": zh("上升（未给数）"),
    "qualitative_down": zh("下降（未给数）"),
}
CHANGE_UNITS = {"growth_yoy": "%", "pp_change": "百分点", "rank_change": "位"}

SEVERITIES = {
    "conflict": zh("矛盾"),
    "scope": zh("口径"),
    "unit": zh("单位"),
    "count": zh("数目"),
    "time": zh("时间"),
    "date": zh("日期"),
    "info": zh("提示"),
}
DOUBT_STATES = {"open": zh("待处理"), "raised": zh("已提出问题"), "settled": zh("已了结")}

EVENTS = {"snow": zh("降雪"), "rain": zh("降雨"), "cold": zh("寒潮")}

TERM_KINDS = {
    "unit": zh("计量单位"),
    "measure": zh("统计量词"),
    "limit": zh("限定词"),
    "scope": zh("口径的另一种写法"),
    "name": zh("指标的另一种写法"),
}
# Families of measure words: one can be divided by another of its own family only.
FAMILIES = {
    "revenue": zh("收入"),
    "output": zh("产值"),
    "value_added": zh("增加值"),
    "tax": zh("税收"),
    "budget": zh("预算收入"),
    "trade": zh("进出口"),
    "export": zh("出口"),
    "investment": zh("投资"),
    "profit": zh("利润"),
    "energy": zh("能耗"),
    "water": zh("水耗"),
    "wage": zh("工资"),
    "land": zh("土地"),
    "other": zh("其他量"),
}
CURRENCIES = {
    "CNY": zh("人民币"),
    "USD": zh("美元"),
    "EUR": zh("欧元"),
    "HKD": zh("港元"),
    "JPY": zh("日元"),
    "GBP": zh("英镑"),
}


@dataclass(frozen=True)
class Measure:
    """A unit of measure: what it measures, in which currency, how many base units it holds.

    The base units: 元 (or another currency's), one thing, one person, 平方米, 公斤, 吨标准煤,
    千瓦时, 立方米, 米, 分钟, per cent. A turn-out (台次、人次) counts goings-out, which add up over
    time; the thing itself does not.
    """

    dimension: str
    currency: str = ""
    factor: Decimal = Decimal(1)
    turnout: bool = False


DIMENSIONS = {
    "money": zh("金额"),
    "percent": zh("百分比"),
    "rank": zh("位次"),
    "count": zh("个数"),
    "persons": zh("人数"),
    "turnout": zh("次数"),
    "ratio": zh("比值"),
    "year": zh("年度"),
    "moment": zh("日期或时间"),
    "area": zh("面积"),
    "mass": zh("重量"),
    "energy": zh("能源"),
    "electricity": zh("电量"),
    "volume": zh("体积"),
    "length": zh("长度"),
    "duration": zh("时长"),
}

# Figures of these are numbers of things: whole, and not below zero.
COUNTED = ("count", "persons", "turnout")

_YI, _WAN, _THOUSAND = Decimal(100_000_000), Decimal(10_000), Decimal(1000)


def _many(dimension: str, *words: str, turnout: bool = False) -> dict[str, Measure]:
    return {word: Measure(dimension, turnout=turnout) for word in words}


def _sized(dimension: str, sizes: Mapping[str, Decimal | int]) -> dict[str, Measure]:
    return {word: Measure(dimension, factor=Decimal(size)) for word, size in sizes.items()}


MEASURES: dict[str, Measure] = {
    zh("元"): Measure("money", "CNY"),
    zh("万元"): Measure("money", "CNY", _WAN),
    zh("亿元"): Measure("money", "CNY", _YI),
    zh("美元"): Measure("money", "USD"),
    zh("万美元"): Measure("money", "USD", _WAN),
    zh("亿美元"): Measure("money", "USD", _YI),
    zh("万欧元"): Measure("money", "EUR", _WAN),
    zh("亿欧元"): Measure("money", "EUR", _YI),
    zh("亿港元"): Measure("money", "HKD", _YI),
    "%": Measure("percent"),
    "‰": Measure("percent", factor=Decimal("0.1")),
    **_many("rank", zh("位"), zh("名")),
    **_many("count", zh("家"), zh("个"), zh("户"), zh("支"), zh("把"), zh("台"), zh("辆")),
    **_many(
        "count", zh("件"), zh("项"), zh("条"), zh("处"), zh("座"), zh("套"), zh("份"), zh("只")
    ),
    **_sized("persons", {zh("人"): 1, zh("万人"): _WAN}),
    **_many("turnout", zh("台次"), zh("人次"), zh("车次"), zh("次"), turnout=True),
    **_many("ratio", zh("件/万人"), zh("人/平方公里"), zh("万元/亩"), zh("亿元/平方公里")),
    **_many("ratio", zh("吨标准煤/万元"), zh("立方米/万元"), zh("吨/亿元"), zh("分")),
    **_many("year", zh("年度"), zh("年")),
    **_many("moment", "date", "time"),
    **_sized("area", {zh("平方米"): 1, zh("万平方米"): _WAN, zh("公顷"): _WAN}),
    **_sized("area", {zh("亩"): Decimal(2000) / 3, zh("平方公里"): 1_000_000}),
    **_sized("mass", {zh("公斤"): 1, zh("吨"): _THOUSAND, zh("万吨"): _THOUSAND * _WAN}),
    **_sized("energy", {zh("吨标准煤"): 1, zh("万吨标准煤"): _WAN}),
    **_sized("electricity", {zh("千瓦时"): 1, zh("万千瓦时"): _WAN}),
    **_sized("volume", {zh("立方米"): 1, zh("万立方米"): _WAN}),
    **_sized("length", {zh("米"): 1, zh("公里"): _THOUSAND}),
    **_sized("length", {zh("厘米"): Decimal("0.01"), zh("毫米"): Decimal("0.001")}),
    **_sized("duration", {zh("分钟"): 1, zh("小时"): 60, zh("天"): 1440}),
}

# Words that say what is being measured; words of one family can be divided by one another.
MEASURE_WORDS = {
    "主营业务收入": "revenue",
    "营业收入": "revenue",
    "销售收入": "revenue",
    "业务收入": "revenue",
    "总产值": "output",
    "产值": "output",
    "增加值": "value_added",
    "生产总值": "value_added",
    "税收收入": "tax",
    "税收": "tax",
    "公共预算收入": "budget",
    "进出口总额": "trade",
    "进出口": "trade",
    "出口额": "export",
    "投资额": "investment",
    "利润": "profit",
    "能耗": "energy",
    "水耗": "water",
}

# Words by which a scope cuts something out of a number, or adds something to it.
LIMITS = ("不含", "不包括", "不计", "剔除", "扣除", "除外", "仅含", "只含", "excluding", "without")

# The same scope in other words: a file in English does not make a second series of figures.
SCOPES = {
    "two items added together": "两项合计",
    "numerator revenue, denominator output value": "分子为主营业务收入，分母为产值",
    "also: clearly below the mean of the 217 zones": "并显著低于217家国家级经开区平均水平",
}


@dataclass(frozen=True)
class Terms:
    """All words that hold now: what the room starts with and what the office added."""

    measures: Mapping[str, Measure]
    measure_words: Mapping[str, str]
    limits: tuple[str, ...]
    scopes: Mapping[str, str]

    def sort(self, word: str) -> tuple[str, str] | None:
        """What numbers of this unit can be set beside; None for an unknown unit.

        件/万人 and 万元/亩 are both ratios and have nothing to do with one another: a ratio, like a
        year or an hour, is of its own sort.
        """
        measure = self.measures.get(word)
        if measure is None:
            return None
        own = measure.dimension in ("ratio", "year", "moment")
        return measure.dimension, word if own else ""

    def scope_key(self, scope: str) -> str:
        """How a scope is compared: folded, and one wording for the same scope."""
        return plain(self.scopes.get(plain(scope), scope))

    def limited(self, scope: str) -> bool:
        """Does this scope cut something out of the number?"""
        return any(word in scope for word in self.limits)

    def measured_by(self, text: str) -> tuple[str, str]:
        """The measure word at the end of a text, and its family: 制造业产值 → (产值, output)."""
        found = [word for word in self.measure_words if word in text]
        if not found:
            return "", ""
        word = max(found, key=lambda one: (text.rfind(one) + len(one), len(one)))
        return word, self.measure_words[word]


# kind, word, meaning, currency, how many base units
TermRow = tuple[str, str, str, str, Decimal]


def known(rows: Iterable[TermRow] = ()) -> Terms:
    """The starting words with the office's own on top."""
    measures, words = dict(MEASURES), dict(MEASURE_WORDS)
    limits, scopes = list(LIMITS), dict(SCOPES)
    for kind, word, meaning, currency, factor in rows:
        match kind:
            case "unit":
                measures[word] = Measure(meaning, currency, factor, meaning == "turnout")
            case "measure":
                words[word] = meaning
            case "limit":
                limits.append(word)
            case "scope":
                scopes[word] = meaning
    return Terms(measures, words, tuple(limits), {plain(k): v for k, v in scopes.items()})
