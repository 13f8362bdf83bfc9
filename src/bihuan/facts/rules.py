"""Consistency of figures: each rule looks, none changes a figure or makes one out of others.

Plain Python over plain rows. A rule gets the whole world of current figures, indexed once, and
yields what it finds; all rules together take time in proportion to the figures.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from bihuan.base.text import zh
from bihuan.facts.world import (
    RULES,
    SENTENCES,
    Figure,
    Found,
    Meaning,
    Range,
    World,
    digits,
    grouped,
    told,
)

__all__ = ["FILE_SEVERITIES", "FROM_FILE", "RULES", "SENTENCES", "check", "not_reproduced"]

T = TypeVar("T")

_HUNDRED = Decimal(100)


def check(world: World) -> list[Found]:
    """Every doubt that holds now, conflicts first."""
    return [found for rule in RULES.values() for found in rule(world)]


# Numbers against each other ---------------------------------------------------------------------


def _shares(world: World) -> Iterator[tuple[Figure, list[Figure], list[Figure], Meaning]]:
    """Printed shares of a whole, with the printed part and the printed whole they could be of."""
    for share in world.figures:
        meaning = world.meanings.get(share.indicator)
        if meaning is None or meaning.whole is None or meaning.whole_unit is None:
            continue
        if share.value is None or share.approximate or share.measure != "%":
            continue
        part = meaning.whole if meaning.part is None else meaning.part
        levels = world.at.get((share.unit, part, share.period), [])
        wholes = world.at.get((meaning.whole_unit, meaning.whole, share.period), [])
        if levels and wholes:
            yield share, levels, wholes, meaning


@told(
    "conflict",
    zh(
        "%(level_indicator)s %(level_value)s是%(whole_unit)s %(whole_value)s的 %(ratio)s%%，"
        "报道为 %(share_value)s"
    ),
    zh(
        "%(level_number)s ÷ %(whole_number)s = %(ratio_fine)s%%，不是 %(share_value)s。"
        "按 %(share_value)s 反推，%(level_unit)s应为 %(level_low)s 至 %(level_high)s %(measure)s，"
        "或%(whole_unit)s应为 %(whole_low)s 至 %(whole_high)s %(measure)s。"
    ),
    zh(
        "两个数都照原样保存，都不改动，也不由一个推算另一个。可能口径或分母不同，请向填报单位核对。"
    ),
)
def share_of_whole(world: World) -> Iterator[Found]:
    """占比与总量：部分除以整体，是否等于报道的占比（计入四舍五入）。"""
    for share, levels, wholes, _meaning in _shares(world):
        pairs = [
            (level, whole)
            for level in levels
            for whole in wholes
            if world.comparable(level, whole) and world.range(whole).low > 0
        ]
        # One fitting pair of scopes is enough: the share may rest on that one.
        if not pairs or any(_share_fits(world, share, *pair) for pair in pairs):
            continue
        yield _share_conflict(world, share, *pairs[0])


def _share_fits(world: World, share: Figure, level: Figure, whole: Figure) -> bool:
    part, total = world.range(level), world.range(whole)
    ratios = Range(part.low / total.high * _HUNDRED, part.high / total.low * _HUNDRED)
    if level.lower_bound or whole.lower_bound:  # 余: the one may be larger, so may the other
        ratios = Range(
            Decimal(0) if whole.lower_bound else ratios.low,
            Decimal("Infinity") if level.lower_bound else ratios.high,
        )
    return ratios.meets(Range.printed(share.value or Decimal(0), share.places))


def _share_conflict(world: World, share: Figure, level: Figure, whole: Figure) -> Found:
    assert share.value is not None
    printed = Range.printed(share.value, share.places)
    part, total = world.range(level), world.range(whole)
    unit = world.terms.measures[level.measure].factor
    nominal_part = (part.low + part.high) / 2
    nominal_total = (total.low + total.high) / 2
    ratio = nominal_part / nominal_total * _HUNDRED
    places = max(share.places, 1)
    by_share = [nominal_total * end / _HUNDRED / unit for end in (printed.low, printed.high)]
    ends = (printed.high, printed.low)
    by_level = [nominal_part * _HUNDRED / end / unit if end > 0 else None for end in ends]
    params = {
        "ratio": digits(ratio, places),
        "ratio_fine": digits(ratio, places + 1),
        "level_number": digits(nominal_part / unit, level.places),
        "whole_number": digits(nominal_total / unit, whole.places),
        "level_low": digits(by_share[0], 1),
        "level_high": digits(by_share[1], 1),
        "whole_low": "—" if by_level[0] is None else digits(by_level[0], 0),
        "whole_high": "—" if by_level[1] is None else digits(by_level[1], 0),
        "measure": level.measure,
    }
    concerned = (("share", share), ("level", level), ("whole", whole))
    return Found("share_of_whole", _numbers(concerned), params, concerned)


@told(
    "conflict",
    zh("%(level_indicator)s增长 %(growth)s%%，与占%(whole_unit)s比重变动 %(moved)s 个百分点不相符"),
    zh(
        "%(whole_unit)s同期由 %(before_number)s 到 %(whole_number)s %(measure)s，变动 "
        "%(whole_growth)s%%。%(level_unit)s变动 %(growth)s%%，占比应由 %(share_before)s%% 变动约 "
        "%(expected)s 个百分点，报道为 %(moved)s 个百分点；要与报道相符，%(level_unit)s"
        "应变动 %(fitting_low)s%% 至 %(fitting_high)s%%。"
    ),
    zh("几个数都照原样保存，都不改动。增速可能按不变价，占比可能按另一口径，请向填报单位核对。"),
)
def growth_of_share(world: World) -> Iterator[Found]:
    """增速与占比变动：部分比整体快多少，占比就应上升多少（计入四舍五入）。"""
    for share, levels, wholes, meaning in _shares(world):
        if share.change is None or share.change_kind != "pp_change" or share.base_period is None:
            continue
        befores = world.at.get((meaning.whole_unit or 0, meaning.whole or 0, share.base_period), [])
        sets = [
            (level, whole, before)
            for level in levels
            for whole in wholes
            for before in befores
            if level.change is not None
            and level.change_kind == "growth_yoy"
            and level.base_period == share.base_period
            and not level.approximate
            and whole.scope_key == before.scope_key
            and world.comparable(whole, before)
            and world.range(before).low > 0
        ]
        moves = [_move(world, share, *one) for one in sets]
        if moves and all(move is not None and not move.fits for move in moves) and moves[0]:
            yield _growth_conflict(world, share, sets[0], moves[0])


@dataclass(frozen=True)
class _Move:
    """Ratios of the share now to the share before: as printed, and as the growths imply."""

    printed: Range
    implied: Range
    whole: Range

    @property
    def fits(self) -> bool:
        return self.printed.meets(self.implied)


def _move(
    world: World, share: Figure, level: Figure, whole: Figure, before: Figure
) -> _Move | None:
    now = Range.printed(share.value or Decimal(0), share.places)
    moved = Range.printed(share.change or Decimal(0), share.change_places)
    grown = Range.printed(level.change or Decimal(0), level.change_places)
    if now.low <= 0 or now.low - moved.high <= 0 or grown.low <= -_HUNDRED:
        return None  # the share before could have been nothing: no ratio can be told
    total, former = world.range(whole), world.range(before)
    if total.low <= 0:
        return None
    # now / (now - moved) = 1 / (1 - moved / now), at its ends
    turns = [moved.low / now.low, moved.low / now.high, moved.high / now.low, moved.high / now.high]
    printed = Range(1 / (1 - min(turns)), 1 / (1 - max(turns)))
    rate = Range(total.low / former.high, total.high / former.low)
    implied = Range((1 + grown.low / _HUNDRED) / rate.high, (1 + grown.high / _HUNDRED) / rate.low)
    return _Move(printed, implied, rate)


def _growth_conflict(
    world: World, share: Figure, figures: tuple[Figure, Figure, Figure], move: _Move
) -> Found:
    level, whole, before = figures
    assert share.value is not None
    assert share.change is not None
    assert level.change is not None
    total, former = world.range(whole), world.range(before)
    rate = (total.low + total.high) / (former.low + former.high)
    earlier = share.value - share.change
    places = max(share.change_places, 1)
    expected = earlier * ((1 + level.change / _HUNDRED) / rate - 1)
    params = {
        "growth": digits(level.change, level.change_places),
        "moved": digits(share.change, share.change_places, sign=True),
        "before_number": digits(before.value or Decimal(0), before.places),
        "whole_number": digits(whole.value or Decimal(0), whole.places),
        "measure": whole.measure,
        "whole_growth": digits((rate - 1) * _HUNDRED, 1, sign=True),
        "share_before": digits(earlier, share.places),
        "expected": digits(expected, places, sign=True),
        "fitting_low": digits((move.printed.low * move.whole.low - 1) * _HUNDRED, 1),
        "fitting_high": digits((move.printed.high * move.whole.high - 1) * _HUNDRED, 1),
    }
    concerned = (("share", share), ("level", level), ("whole", whole), ("before", before))
    return Found("growth_of_share", _numbers(concerned), params, concerned)


@told(
    "conflict",
    zh(
        "%(figure_indicator)s由 %(base_value)s 到 %(figure_value)s，与报道的变动 %(printed)s 不相符"
    ),
    zh("由 %(base_value)s 到 %(figure_value)s，变动为 %(computed)s；报道为 %(printed)s。"),
    zh("三个数都照原样保存，都不改动。可能口径有调整或基数有修订，请向填报单位核对。"),
)
def change_against_base(world: World) -> Iterator[Found]:
    """变动与前后两期：两期都有数时，报道的增速或变动是否与它们相符（计入四舍五入）。"""
    for figure in world.figures:
        if figure.change is None or figure.base_period is None:
            continue
        base = world.of_series.get((*figure.series, figure.base_period))
        if base is None or not world.comparable(figure, base):
            continue
        if figure.lower_bound or base.lower_bound:
            continue
        now, then = world.range(figure), world.range(base)
        if figure.change_kind == "growth_yoy":
            if then.low <= 0 or now.low < 0:
                continue
            ends = Range((now.low / then.high - 1) * _HUNDRED, (now.high / then.low - 1) * _HUNDRED)
            unit = "%"
        elif figure.change_kind == "rank_change":
            gap = (figure.value or Decimal(0)) - (base.value or Decimal(0))
            ends, unit = Range(gap, gap), "位"
        else:
            ends, unit = Range(now.low - then.high, now.high - then.low), "百分点"
        if ends.meets(Range.printed(figure.change, figure.change_places)):
            continue
        places = figure.change_places
        params = {
            "printed": digits(figure.change, places, sign=True) + unit,
            "computed": digits((ends.low + ends.high) / 2, max(places, 1), sign=True) + unit,
        }
        concerned = (("figure", figure), ("base", base))
        yield Found("change_against_base", _numbers(concerned), params, concerned)


# What a number is of ----------------------------------------------------------------------------


@told(
    "scope",
    zh("%(share_indicator)s：分子是%(numerator)s，分母是%(denominator)s，不是同一种量"),
    zh("分子：%(whole_numerator)s；分母：%(whole_denominator)s。"),
    zh("这不是真正的占比。分子、分母分开保存；对外使用时照原文写全，不简称“占比”。"),
)
def measure_words(world: World) -> Iterator[Found]:
    """分子与分母：占比的分子和分母应是同一种量。"""
    for indicator, figures in grouped(world.figures, lambda f: f.indicator).items():
        meaning = world.meanings.get(indicator)
        if meaning is None or meaning.whole_unit is None:
            continue
        above, its_family = world.terms.measured_by(meaning.numerator)
        below, other_family = world.terms.measured_by(meaning.denominator)
        if not its_family or not other_family or its_family == other_family:
            continue
        params = {
            "numerator": above,
            "denominator": below,
            "whole_numerator": meaning.numerator,
            "whole_denominator": meaning.denominator,
        }
        about = (str(indicator), above, below)
        yield Found("measure_words", about, params, _in_role("share", figures))


@told(
    "scope",
    zh("%(figure_indicator)s的口径“%(scope)s”须随数使用"),
    zh("原文：%(quote)s。这一口径从数里排除或限定了一部分。"),
    zh("凡引用这个数，都要带上口径，也不与不带这一口径的数相比。"),
)
def scope_travels(world: World) -> Iterator[Found]:
    """口径随数走：有排除或限定的口径，引用时不得丢掉。"""
    limited = (f for f in world.figures if f.scope and world.terms.limited(f.scope))
    for series, figures in grouped(limited, lambda f: f.series).items():
        params = {"scope": figures[0].scope, "quote": figures[0].quote}
        about = tuple(map(str, series))
        yield Found("scope_travels", about, params, _in_role("figure", figures))


@told(
    "unit",
    zh("%(figures_unit)s%(figures_period)s的金额用了不同的货币：%(currencies)s"),
    zh("%(figures)s。"),
    zh("计量单位和货币是数的一部分；不自动折算，不能直接相加或相比。"),
)
def mixed_currencies(world: World) -> Iterator[Found]:
    """货币不一：同一单位同一时期的金额，有的用人民币，有的用外币。"""

    def currency(figure: Figure) -> str:
        measure = world.terms.measures.get(figure.measure)
        return measure.currency if measure else ""

    money = (f for f in world.figures if f.value is not None and currency(f))
    for (unit, period), figures in grouped(money, lambda f: (f.unit, f.period)).items():
        used = sorted({currency(f) for f in figures})
        if len(used) > 1:
            about = (str(unit), str(period), *used)
            params = {"currencies": "、".join(used)}
            yield Found("mixed_currencies", about, params, _in_role("figures", figures))


@told(
    "unit",
    zh("%(turnouts)s是出动次数，不是在册数量"),
    zh("同一时期还有在册数量：%(stocks)s。次数随时间累加，数量不会。"),
    zh("台次不是车辆数，人次不是人数；两类数不能相加，引用时写全计量单位和截止时间。"),
)
def turnouts(world: World) -> Iterator[Found]:
    """台次与台、人次与人：同一事件里既有次数又有数量，分清流量和存量。"""
    counted = (
        f for f in world.figures if f.value is not None and f.measure in world.terms.measures
    )
    for (unit, period), figures in grouped(counted, lambda f: (f.unit, f.period)).items():
        kinds = [(world.terms.measures[f.measure], f) for f in figures]
        times = [f for measure, f in kinds if measure.turnout]
        stocks = [f for measure, f in kinds if measure.dimension in ("count", "persons")]
        if times and stocks:
            concerned = _in_role("turnouts", times) + _in_role("stocks", stocks)
            yield Found("turnouts", (str(unit), str(period)), {}, concerned)


@told(
    "count",
    zh("%(figure_indicator)s %(figure_value)s：所引原文里没有这个数"),
    zh("所引原文：%(quote)s。"),
    zh("可能是整理时数出来的，也可能抄错。请对照原文；抄错的，在这个数的页面修订。"),
)
def not_in_quote(world: World) -> Iterator[Found]:
    """数在原文里：所引的原文应含有这个数。"""
    for figure in world.figures:
        if figure.value is None or not figure.quote or figure.value in _quoted(figure.quote):
            continue
        concerned = (("figure", figure),)
        params = {"quote": figure.quote}
        yield Found("not_in_quote", _numbers(concerned), params, concerned)


_NUMBER = re.compile(r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_CHINESE = {sign: Decimal(n) for n, sign in enumerate("零一二三四五六七八九十")} | {
    "两": Decimal(2)
}


def _quoted(quote: str) -> set[Decimal]:
    """Every number that stands in a text, small Chinese numerals among them."""
    numbers = {Decimal(re.sub("[,，]", "", hit)) for hit in _NUMBER.findall(quote)}
    return numbers | {_CHINESE[sign] for sign in quote if sign in _CHINESE}


# When ------------------------------------------------------------------------------------------


@told(
    "time",
    zh("“%(wording)s”有两种读法"),
    zh("原文：%(quote)s。现按 %(moment)s 保存，原来的写法一并保留。"),
    zh("正午通常写“中午12时”，半夜写“0时”。请核对后了结。"),
)
def ambiguous_time(world: World) -> Iterator[Found]:
    """时间写法：上午12时之类，可指正午也可指半夜。"""
    for figure in world.figures:
        if hit := _AMBIGUOUS.search(figure.quote):
            params = {
                "wording": hit[0],
                "quote": figure.quote,
                "moment": world.periods[figure.period].code.replace("T", " "),
            }
            about = (*map(str, figure.series), str(figure.period))
            yield Found("ambiguous_time", about, params, (("figure", figure),))


_AMBIGUOUS = re.compile(r"(?:上午|早上|早晨|凌晨|下午|晚上|夜间)(?:12|十二|0|零)[时点]")


@told(
    "date",
    zh("%(assess)s 年考核评价的是 %(data)s 年的数据"),
    zh("考核年度 %(assess)s，数据年度 %(data)s：%(figures)s。"),
    zh("两个年度分开保存。引用名次时写明是哪一年的考核，不与别的年度混排。"),
)
def two_years(world: World) -> Iterator[Found]:
    """考核年度不同于数据年度。"""
    for period, figures in grouped(world.figures, lambda f: f.period).items():
        days = world.periods[period]
        if days.assess_year is None or days.data_year is None:
            continue
        if days.assess_year != days.data_year:
            params = {"assess": str(days.assess_year), "data": str(days.data_year)}
            yield Found("two_years", (days.code,), params, _in_role("figures", figures))


@told(
    "date",
    zh("原文没有印出年份，%(year)s 年是推断的"),
    zh("涉及：%(figures)s。"),
    zh("日期中的年份由上下文推断；出版日期不明。引用时请核对原件。"),
)
def year_inferred(world: World) -> Iterator[Found]:
    """年份是推断的：原文只写月日。"""

    def year(figure: Figure) -> int:
        starts = world.periods[figure.period].starts
        return starts.year if starts else 0

    inferred = (f for f in world.figures if f.year_inferred)
    for (unit, number), figures in grouped(inferred, lambda f: (f.unit, year(f))).items():
        about = (str(unit), str(number))
        params = {"year": str(number)}
        yield Found("year_inferred", about, params, _in_role("figures", figures))


# What is missing --------------------------------------------------------------------------------


@told(
    "info",
    zh("%(names)s：只有“%(words)s”，没有给出变动的数"),
    zh("原文：%(quote)s。"),
    zh("按原文保存，不补数。需要时请填报单位提供数值。"),
)
def trend_without_number(world: World) -> Iterator[Found]:
    """只有定性的变化，没有数。"""
    vague = (f for f in world.figures if f.change is None and f.change_kind.startswith("qual"))
    for key, figures in grouped(vague, lambda f: (f.unit, f.period, f.quote)).items():
        params = {"words": figures[0].change_text or figures[0].text, "quote": figures[0].quote}
        about = (str(key[0]), str(key[1]), key[2])
        yield Found("trend_without_number", about, params, _in_role("figures", figures))


@told(
    "info",
    zh("%(figure_indicator)s %(figure_value)s是下限，不是准数"),
    zh("原文：%(quote)s。"),
    zh("引用时保留“余”“以上”等字样；不与准数相加。"),
)
def lower_bound(world: World) -> Iterator[Found]:
    """余、以上：这个数是下限。"""
    for figure in world.figures:
        if figure.lower_bound:
            concerned = (("figure", figure),)
            params = {"quote": figure.quote}
            yield Found("lower_bound", _numbers(concerned), params, concerned)


def _in_role(role: str, figures: Iterable[Figure]) -> tuple[tuple[str, Figure], ...]:
    return tuple((role, figure) for figure in figures)


def _numbers(concerned: Iterable[tuple[str, Figure]]) -> tuple[str, ...]:
    """The figures with their printed numbers: a revised number is another doubt."""
    return tuple(
        f"{role}:{f.unit}:{f.indicator}:{f.period}:{f.scope_key}:{f.value}:{f.change}"
        for role, f in concerned
    )


# Doubts that the file itself raised -------------------------------------------------------------

FROM_FILE = "file"
# How a file grades its checks; "ok", "context" and "silence" are no doubts.
FILE_SEVERITIES = {
    code: code for code in ("conflict", "scope", "unit", "count", "time", "date")
} | {
    "ambiguity": "info",
    "info": "info",
}


def not_reproduced(
    checks: Iterable[tuple[T, str, frozenset[int]]], doubts: Iterable[tuple[str, frozenset[int]]]
) -> list[T]:
    """Checks of a file that our own doubts do not cover; each doubt answers for one check.

    A check is covered by a doubt of the same severity that concerns all its figures.
    """
    left, lacking = list(doubts), []
    for check, severity, about in checks:
        own = next((d for d in left if d[0] == severity and about <= d[1]), None)
        if own is None:
            lacking.append(check)
        else:
            left.remove(own)
    return lacking
