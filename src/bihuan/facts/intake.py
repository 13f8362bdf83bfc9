"""What a figure must satisfy to be let in, and the sentence for each fault. Plain Python.

Faults of a file's form come from `exchange.page`, faults of its content from here; both are told
by the same sentences, all at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bihuan.base.text import zh
from bihuan.facts.terms import CHANGE_UNITS, COUNTED, Terms

# The fields of a fact as an office calls them; the name in the file follows in brackets.
FIELDS = {
    "id": zh("编号"),
    "value": zh("数值"),
    "unit": zh("计量单位"),
    "period": zh("评价期"),
    "base_period": zh("基期"),
    "change": zh("变动"),
    "change_unit": zh("变动的单位"),
    "change_kind": zh("变动类型"),
    "scope": zh("口径"),
    "quote": zh("原文"),
    "subject": zh("单位"),
    "indicator_zh": zh("指标名称"),
    "indicator_en": zh("指标英文名称"),
    "approximate": zh("是否约数"),
    "lower_bound": zh("下限"),
    "to_verify": zh("待核实"),
    "note": zh("备注"),
    "facts": zh("涉及的数"),
    "assessment_group_2016": zh("考评分组"),
    "year_inferred": zh("推断的年份"),
    "newspaper_title": zh("报刊名称"),
    "title": zh("标题"),
    "severity": zh("程度"),
    "working": zh("核算"),
    "reading": zh("判断"),
    "public_fact": zh("公开数据"),
}

SENTENCES = {
    # of the file
    "encoding": zh("文件不是 UTF-8 编码（第 %(byte)s 个字节起读不出）。请另存为 UTF-8 再导入。"),
    "json": zh("文件不是完整的 JSON：第 %(line)s 行第 %(column)s 列读不下去。请检查文件是否截断。"),
    "nested": zh("文件的层次太深，读不了。请检查是不是要导入的文件。"),
    "schema": zh("文件格式应为“%(wanted)s”，现为“%(found)s”。请选择正确的文件。"),
    "doubled_key": zh("文件里“%(key)s”在同一处写了两次，不知取哪一个。请删去一个。"),
    "no_facts": zh("文件里没有数据（facts 为空）。请检查文件。"),
    "no_list": zh("文件的“%(id)s”应为列表。请对照格式改正。"),
    "not_list": zh("%(id)s 的“%(field)s”应为列表。请对照格式改正。"),
    "not_object": zh("%(id)s 应为一组字段。请对照格式改正。"),
    "too_big": zh("文件超过 %(most)s MB，不像是一版数据。请选择正确的文件。"),
    "too_many": zh("文件里有 %(found)s 个数，超过 %(most)s 个。请分成几个文件再导入。"),
    "more": zh("另有 %(more)s 处不对，没有列出。请先改正以上各处，再导入一次。"),
    # of a field
    "missing": zh("%(id)s 缺少“%(field)s”。请补上。"),
    "not_text": zh("%(id)s 的“%(field)s”应为文字，现为“%(found)s”。请改正。"),
    "odd_signs": zh("%(id)s 的“%(field)s”含有不能保存的字符。请删去。"),
    "too_long": zh("%(id)s 的“%(field)s”超过 %(most)s 个字。请缩短。"),
    "not_number": zh("%(id)s 的“%(field)s”应为数字，现为“%(found)s”。请改为数字，如 13.5。"),
    "number_too_long": zh("%(id)s 的“%(field)s”位数太多：%(found)s。请换大一级的计量单位。"),
    "not_flag": zh("%(id)s 的“%(field)s”应为 true 或 false，现为“%(found)s”。请改正。"),
    "not_year": zh("%(id)s 的“%(field)s”应为年份，现为“%(found)s”。请改正。"),
    "period": zh(
        "%(id)s 的“%(field)s”读不懂：“%(found)s”。请写成“2020”“2020年末”“2022-01-21”"
        "或“考核年度2021（数据年度2020）”的样子，并确认有这一天。"
    ),
    "doubled_id": zh("编号 %(id)s 用了不止一次。请给每个数一个编号。"),
    "unknown_fact": zh("%(id)s 的“%(field)s”提到“%(found)s”，文件里没有这个数。请改正编号。"),
    "no_value": zh("%(id)s 既没有数值，也没有定性的变化。请补上一样。"),
    "dated_value": zh("%(id)s 是日期或时间，不能再填数值“%(found)s”。请清空数值。"),
    "no_unit": zh("%(id)s 有数值，没有计量单位。请补上。"),
    "change_kind": zh("%(id)s 的“%(field)s”不认识：“%(found)s”。可用：%(known)s。"),
    "no_change_kind": zh("%(id)s 有变动的数，没有变动类型。请补上，以分清百分比和百分点。"),
    "change_unit": zh(
        "%(id)s 的“%(field)s”应为“%(wanted)s”，现为“%(found)s”。请分清百分比和百分点后改正。"
    ),
    # of the content
    "unknown_measure": zh(
        "%(id)s 的计量单位“%(found)s”不在用语表中。请核对写法；确有这种单位的，先在用语表登记。"
    ),
    "wrong_dimension": zh(
        "%(id)s 的计量单位“%(found)s”与指标的计量单位“%(wanted)s”不是同一类量。请核对。"
    ),
    "future": zh("%(id)s 的“%(field)s”%(found)s 还没有到。请核对年月日。"),
    "percent_range": zh("%(id)s 的比重 %(found)s%% 不在 0 到 100 之间。请核对小数点。"),
    "rank_range": zh("%(id)s 的位次应为 1 或更大的整数，现为 %(found)s。请核对。"),
    "count_range": zh("%(id)s 的个数应为不小于 0 的整数，现为 %(found)s。请核对。"),
    "change_range": zh("%(id)s 的变动 %(found)s%% 低于 −100%%。请核对正负号和小数点。"),
    "unknown_subject": zh(
        "%(id)s 的单位“%(found)s”不在机构名册中，或指向不止一个单位。请先登记单位或别名，"
        "或在导入时指明它是哪个单位。"
    ),
    "unknown_mapping": zh("没有代码为“%(found)s”的单位。请核对“%(name)s”的对应。"),
    "doubled": zh("%(id)s 与 %(other)s 是同一单位、同一指标、同一时期、同一口径的数。请只留一个。"),
    # of a pasted block
    "block_empty": zh("没有读到任何数。请连同表头一起粘贴：第一行是表头，以下每行一个指标。"),
    "block_long": zh("超过 %(most)s 行。请分几次粘贴。"),
    "block_heading": zh("表头“%(found)s”不认识。可用：%(known)s。不要的列请删去。"),
    "block_heading_twice": zh("表头“%(found)s”与前面的一列意思相同，不知取哪一列。请删去一列。"),
    "block_no_heading": zh("第 %(column)s 列没有表头。请补上，或删去这一列。"),
    "block_no_indicator": zh("没有“指标”这一列。请补上表头。"),
    "block_no_name": zh("%(id)s没有写指标。请补上。"),
    "block_both": zh("%(id)s 既有数值，又有文字“%(found)s”。请只留一样。"),
    "block_two_measures": zh(
        "%(id)s 的数值后面写的是“%(found)s”，计量单位一列写的是“%(other)s”。请核对。"
    ),
    "block_two_changes": zh("%(id)s 写了几个变动：%(found)s。请只留一个，其余另记备注。"),
    "block_change": zh(
        "%(id)s 的变动读不懂：“%(found)s”。请写成“13.5%%”“+0.2 个百分点”“上升 4 位”"
        "或“明显上升”的样子。"
    ),
    "block_flag": zh("%(id)s 的“%(field)s”应为“是”或“否”，现为“%(found)s”。请改正。"),
    "unknown_indicator": zh(
        "%(id)s：没有这个指标。请核对写法；确是新指标的，先设定；是另一种写法的，先在用语表登记。"
    ),
    "close_indicator": zh("%(id)s：没有这个指标，相近的有：%(close)s。请改成登记的写法。"),
    "other_unit": zh("%(id)s 的单位是“%(found)s”，这一批是“%(wanted)s”的。请分开填报。"),
    "outside_period": zh("%(id)s 的时期“%(found)s”不在这一批的时期 %(wanted)s 之内。请分开填报。"),
}


@dataclass(frozen=True)
class Fault:
    """One fault: which sentence, and what goes into it."""

    code: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class Draft:
    """A figure on its way in: only what the rules of intake look at."""

    where: str
    value: Decimal | None
    text: str
    measure: str
    quote: str
    share: bool = False
    indicator_measure: str = ""
    change: Decimal | None = None
    change_kind: str = ""
    change_unit: str = ""
    starts: date | None = None
    ends: date | None = None
    base_starts: date | None = None
    period: str = ""
    base_period: str = ""


def faults(draft: Draft, terms: Terms, today: date) -> Iterator[Fault]:
    """Every reason why this figure cannot be let in."""
    if not draft.quote:
        yield _fault("missing", draft, field="quote")
    if draft.value is None and not draft.text:
        yield _fault("no_value", draft)
    yield from _of_measure(draft, terms)
    yield from _of_change(draft)
    last = draft.starts if draft.ends is None else draft.ends
    begins_later = draft.starts is not None and draft.starts > today
    # A year that is not over may have figures so far; a day, a moment or a year's end may not.
    point_later = draft.starts == draft.ends and last is not None and last > today
    if begins_later or point_later:
        yield _fault("future", draft, field="period", found=draft.period)
    if draft.base_starts is not None and draft.base_starts > today:
        yield _fault("future", draft, field="base_period", found=draft.base_period)


def _of_measure(draft: Draft, terms: Terms) -> Iterator[Fault]:
    if not draft.measure:
        if draft.value is not None:
            yield _fault("no_unit", draft)
        return
    measure = terms.measures.get(draft.measure)
    if measure is None:
        yield _fault("unknown_measure", draft, found=draft.measure)
        return
    wanted = terms.sort(draft.indicator_measure)
    if wanted is not None and terms.sort(draft.measure) != wanted:
        yield _fault("wrong_dimension", draft, found=draft.measure, wanted=draft.indicator_measure)
    if draft.value is None:
        return
    found = str(draft.value)
    whole = draft.value == draft.value.to_integral_value()
    if measure.dimension == "percent" and draft.share and not 0 <= draft.value <= 100:
        yield _fault("percent_range", draft, found=found)
    if measure.dimension == "rank" and not (whole and draft.value >= 1):
        yield _fault("rank_range", draft, found=found)
    if measure.dimension in COUNTED:
        # 1.5 万人 is a count too: whole in units of one
        counted = draft.value * measure.factor
        if counted < 0 or counted != counted.to_integral_value():
            yield _fault("count_range", draft, found=found)


def _of_change(draft: Draft) -> Iterator[Fault]:
    if draft.change is None:
        return
    wanted = CHANGE_UNITS.get(draft.change_kind)
    if wanted is None:
        yield _fault("no_change_kind", draft)
    elif draft.change_unit != wanted:
        field = "change_unit"
        yield _fault("change_unit", draft, field=field, found=draft.change_unit, wanted=wanted)
    if draft.change_kind in ("growth_yoy", "pp_change") and draft.change < -100:
        yield _fault("change_range", draft, found=str(draft.change))


def _fault(code: str, draft: Draft, **params: str) -> Fault:
    return Fault(code, {"id": draft.where, **params})


# What an indicator's name says of itself --------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """A share as its name tells it: numerator, denominator, the whole it is a share of."""

    numerator: str
    denominator: str
    of_whole: str


def named_share(name: str) -> Named | None:
    """税收收入占郑州市比重 → 税收收入 / 税收收入 of 郑州市; None for anything that is no share."""
    body, sign, _rest = name.rpartition("比重")
    if not sign or _rest:
        return None
    numerator, sign, rest = body.rstrip("的").partition("占")
    if not sign or not numerator or not rest:
        return None
    for ending in ("市", "省", "全国", "全省", "全市"):
        whole, found, what = rest.partition(ending)
        if found and len(whole) <= 8:
            return Named(numerator, what or numerator, whole + ending)
    return Named(numerator, rest, "")


def is_share(name: str, numerator: str, denominator: str) -> bool:
    """Must this percentage lie between 0 and 100?"""
    growing = any(word in name for word in ("增长", "增速", "增幅"))
    return not growing and (bool(numerator and denominator) or "比重" in name or "占比" in name)
