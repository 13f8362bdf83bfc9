"""The rules on plain figures, without a database."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.facts import intake, rules, terms
from bihuan.facts.world import Days, Figure, Meaning, Range, World

ZONE, CITY = 1, 2
GDP, SHARE, OTHER = 1, 2, 3
Y2019, Y2020 = 19, 20
PERIODS = {
    Y2019: Days("2019", date(2019, 1, 1), None, 2019),
    Y2020: Days("2020", date(2020, 1, 1), None, 2020),
}
MEANINGS = {SHARE: Meaning("地区生产总值", "地区生产总值", CITY, GDP, GDP)}


def figure(pk, unit, indicator, value, *, period=Y2020, places=0, measure="亿元", **more):
    number = None if value is None else Decimal(value)
    return Figure(pk, unit, indicator, period, "", "", number, places, measure, **more)


def world(*figures, meanings=MEANINGS):
    return World(figures, meanings, PERIODS, terms.known())


def found(name, *figures, **more):
    return list(rules.RULES[name](world(*figures, **more)))


def share(value="9.3", places=1, **more):
    return figure(3, ZONE, SHARE, value, places=places, measure="%", **more)


def test_a_share_that_does_not_fit_its_whole_is_a_conflict():
    (doubt,) = found(
        "share_of_whole", figure(1, ZONE, GDP, 1202), figure(2, CITY, GDP, 12003), share()
    )
    assert doubt.params["ratio"] == "10.0"
    assert doubt.params["ratio_fine"] == "10.01"
    assert {role for role, _one in doubt.concerned} == {"share", "level", "whole"}


def test_a_share_that_fits_within_its_rounding_is_no_doubt():
    level, whole = figure(1, ZONE, GDP, 1202), figure(2, CITY, GDP, 12003)
    assert found("share_of_whole", level, whole, share("10.0")) == []
    assert found("share_of_whole", level, whole, share("10", places=0)) == []
    assert len(found("share_of_whole", level, whole, share("10.1"))) == 1


def test_figures_in_other_currencies_are_never_divided_by_one_another():
    level = figure(1, ZONE, GDP, 1202, measure="亿美元")
    assert found("share_of_whole", level, figure(2, CITY, GDP, 12003), share()) == []


def test_units_of_one_currency_are_compared_whatever_their_size():
    level = figure(1, ZONE, GDP, 12_020_000, measure="万元")
    assert len(found("share_of_whole", level, figure(2, CITY, GDP, 12003), share())) == 1
    assert found("share_of_whole", level, figure(2, CITY, GDP, 12003), share("10.0")) == []


def test_a_lower_bound_gives_the_share_room_upwards_only():
    whole = figure(2, CITY, GDP, 12003)
    at_least = figure(1, ZONE, GDP, 1202, lower_bound=True)
    assert found("share_of_whole", at_least, whole, share("12.0")) == []
    assert len(found("share_of_whole", at_least, whole, share("9.3"))) == 1


def test_growth_and_a_rise_of_the_share_must_go_together():
    before = figure(4, CITY, GDP, "11589.7", period=Y2019, places=1)
    whole = figure(2, CITY, GDP, 12003)
    grown = {"change": Decimal("13.5"), "change_places": 1, "change_kind": "growth_yoy"}
    moved = {"change_places": 1, "change_kind": "pp_change", "base_period": Y2019}
    level = figure(1, ZONE, GDP, 1202, base_period=Y2019, **grown)
    (doubt,) = found("growth_of_share", before, whole, level, share(change=Decimal("0.2"), **moved))
    assert doubt.params["expected"] == "+0.9"
    fitting = share("10.0", change=Decimal("0.9"), **moved)
    assert found("growth_of_share", before, whole, level, fitting) == []


def test_revenue_divided_by_output_is_no_share_of_one_thing():
    meaning = {OTHER: Meaning("高技术制造业主营业务收入", "高技术制造业产值", CITY)}
    part = figure(1, ZONE, OTHER, "4.6", places=1, measure="%")
    (doubt,) = found("measure_words", part, meanings=meaning)
    assert (doubt.params["numerator"], doubt.params["denominator"]) == ("主营业务收入", "产值")
    same = {OTHER: Meaning("第三产业增加值", "第三产业增加值", CITY)}
    assert found("measure_words", part, meanings=same) == []


def test_turnouts_are_told_apart_from_things():
    cars = figure(1, ZONE, OTHER, 53, measure="台次")
    assert found("turnouts", cars) == []
    (doubt,) = found("turnouts", cars, figure(2, ZONE, GDP, 8, measure="支"))
    assert [role for role, _one in doubt.concerned] == ["turnouts", "stocks"]


@pytest.mark.parametrize(
    ("value", "quote", "doubts"),
    [
        (53, "出动扫雪车辆53台次", 0),
        (35, "出动扫雪车辆53台次", 1),
        (3, "三项", 0),
        (62687, "62,687万美元", 0),
        (1202, "", 0),
    ],
)
def test_a_number_must_stand_in_its_quote(value, quote, doubts):
    assert len(found("not_in_quote", figure(1, ZONE, OTHER, value, quote=quote))) == doubts


def test_a_change_is_held_against_the_former_figure():
    now = {"change_places": 0, "change_kind": "rank_change", "base_period": Y2019}
    before = figure(1, ZONE, OTHER, 26, period=Y2019, measure="位")
    right = figure(2, ZONE, OTHER, 22, measure="位", change=Decimal(-4), **now)
    wrong = figure(2, ZONE, OTHER, 22, measure="位", change=Decimal(4), **now)
    assert found("change_against_base", before, right) == []
    assert len(found("change_against_base", before, wrong)) == 1


@pytest.mark.parametrize(("quote", "doubts"), [("截至上午12时", 1), ("截至中午12时", 0)])
def test_twelve_in_the_morning_can_be_read_in_two_ways(quote, doubts):
    assert len(found("ambiguous_time", figure(1, ZONE, OTHER, 1, quote=quote))) == doubts


def test_a_scope_that_cuts_something_out_travels_with_its_number():
    cut = figure(1, ZONE, OTHER, 220, quote="220亿元")
    object.__setattr__(cut, "scope", "不含富士康结转")
    assert len(found("scope_travels", cut)) == 1
    assert found("scope_travels", figure(1, ZONE, OTHER, 220)) == []


def test_two_currencies_of_one_unit_and_period_are_told():
    yuan, dollars = figure(1, ZONE, GDP, 1202), figure(2, ZONE, OTHER, 62687, measure="万美元")
    (doubt,) = found("mixed_currencies", yuan, dollars)
    assert doubt.params["currencies"] == "CNY、USD"
    assert found("mixed_currencies", yuan) == []


def test_the_same_doubt_keeps_its_fingerprint_and_a_revised_number_makes_another():
    level, whole = figure(1, ZONE, GDP, 1202), figure(2, CITY, GDP, 12003)
    first, again = (rules.check(world(level, whole, share()))[0] for _n in range(2))
    other = rules.check(world(figure(9, ZONE, GDP, 1300), whole, share()))[0]
    assert first.fingerprint == again.fingerprint != other.fingerprint


_NUMBERS = st.decimals(min_value=Decimal("0.1"), max_value=99999, places=1)


@given(_NUMBERS, _NUMBERS, st.integers(0, 2))
def test_a_share_computed_from_its_parts_and_rounded_is_never_a_conflict(level, whole, places):
    printed = (level / whole * 100).quantize(Decimal(1).scaleb(-places))
    figures = (
        figure(1, ZONE, GDP, level, places=1),
        figure(2, CITY, GDP, whole, places=1),
        share(printed, places=places),
    )
    assert found("share_of_whole", *figures) == []


@given(st.permutations(range(5)))
def test_the_order_of_figures_does_not_matter(order):
    moved = {"change": Decimal("0.2"), "change_places": 1, "change_kind": "pp_change"}
    grown = {"change": Decimal("13.5"), "change_places": 1, "change_kind": "growth_yoy"}
    figures = [
        figure(1, ZONE, GDP, 1202, base_period=Y2019, **grown),
        figure(2, CITY, GDP, 12003),
        share(base_period=Y2019, **moved),
        figure(4, CITY, GDP, "11589.7", period=Y2019, places=1),
        figure(5, ZONE, OTHER, 5000, measure="把", lower_bound=True),
    ]
    prints = {one.fingerprint for one in rules.check(world(*figures))}
    assert prints == {one.fingerprint for one in rules.check(world(*(figures[i] for i in order)))}
    assert len(prints) == 3


@given(st.decimals(-(10**6), 10**6, places=2), st.integers(0, 2))
def test_a_printed_number_lies_within_its_own_range(value, places):
    printed = value.quantize(Decimal(1).scaleb(-places))
    around = Range.printed(printed, places)
    assert around.low <= value <= around.high


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("税收收入占郑州市比重", ("税收收入", "税收收入", "郑州市")),
        (
            "高技术制造业主营业务收入占郑州市高技术制造业产值比重",
            ("高技术制造业主营业务收入", "高技术制造业产值", "郑州市"),
        ),
        ("地区生产总值", None),
        ("比重", None),
    ],
)
def test_a_share_tells_its_parts_by_its_name(name, expected):
    share = intake.named_share(name)
    assert (share and (share.numerator, share.denominator, share.of_whole)) == expected


def test_every_rule_has_its_sentences():
    assert set(rules.RULES) == set(rules.SENTENCES)
    assert {one.severity for one in rules.SENTENCES.values()} <= set(terms.SEVERITIES)
