"""A text against what is stored: each difference is named, what agrees is left alone."""

import os
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import gettext as _

from bihuan.press import queries, rules
from bihuan.press.rules.mentions import folded, masked, mentions

PAGE = Path(os.environ.get("BIHUAN_BENCH", "../shared/bench")).parent / "domain" / "page.md"
UNITS = {"亿元": "money", "万美元": "money", "%": "percent", "位": "rank", "家": "count",
         "台": "count", "台次": "turnout", "把": "count", "件": "count", "支": "count"}  # fmt: skip


def found(text):
    return [(one.severity, one.code) for one in queries.checked(text).found]


def known(**more):
    usual = {"pk": 1, "name": "进出口总额", "names": ("进出口总额",), "units": ("经开区",),
             "period": "2020年", "years": (2020,), "measure": "亿元", "value": Decimal(220),
             "change": Decimal(91), "change_kind": "growth"}  # fmt: skip
    return rules.Known(**{**usual, **more})


def check(text, *stored, doubts=()):
    return rules.check(text, stored, doubts, UNITS)


# Mentions -----------------------------------------------------------------------------------------


def test_days_hours_and_ordinals_are_no_figures():
    text = "2022年1月24日上午12时，第五大街、第8大街；8支3970人"
    assert [(one.value, one.measure) for one in mentions(text, {"支", "人", "日", "时"})] == [
        (8, "支"), (3970, "人"),
    ]  # fmt: skip


def test_signs_and_widths_are_read():
    one, two, three = mentions("约１，２０２亿元，下降1.5%，推雪板5000余把", {"亿元", "%", "把"})
    assert (one.value, one.bound) == (Decimal(1202), "about")
    assert (two.value, two.role) == (Decimal("-1.5"), "growth")
    assert three.bound == "least"
    assert len(folded("\uff11\uff0c\uff12\uff21")) == 4


def test_a_number_is_masked_and_kept_with_its_place():
    words, numbers = masked("排名由第26位 跃升至22位")
    assert "26" not in words
    assert numbers == [(Decimal(26), 4), (Decimal(22), 11)]


# Rules --------------------------------------------------------------------------------------------


def test_what_agrees_is_pointed_at_and_nothing_is_said():
    told = check("2020年进出口总额220亿元，同比增长91%。", known())
    assert told.found == ()
    assert set(told.pointed.values()) == {1}
    assert len(told.pointed) == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("进出口总额221亿元", "differs"),
        ("进出口总额220万美元", "unit"),
        ("进出口总额同比增长19%", "change"),
        ("进出口总额同比下降91%", "change"),
    ],
)
def test_each_kind_of_difference_is_named(text, code):
    (one,) = check(text, known()).found
    assert (one.code, one.severity) == (code, "wrong")


def test_a_scope_that_cuts_something_out_must_travel_and_another_need_not():
    cut = known(scope="不含富士康结转")
    assert [one.code for one in check("进出口总额220亿元", cut).found] == ["scope"]
    assert check("进出口总额（不含富士康结转）220亿元", cut).found == ()
    assert check("进出口总额220亿元", known(scope="两项合计")).found == ()


def test_a_lower_bound_and_a_moment_are_not_dropped():
    tools = known(name="扫把", names=("扫把",), measure="把", value=Decimal(5000),
                  change=None, lower_bound=True)  # fmt: skip
    assert [one.code for one in check("扫把5000把", tools).found] == ["bound"]
    assert check("扫把5000余把", tools).found == ()
    firms = known(name="高新技术企业", names=("高新技术企业",), measure="家", kind="stock",
                  value=Decimal(195), change=None, period="2020年末")  # fmt: skip
    assert [one.code for one in check("高新技术企业195家", firms).found] == ["as_of"]
    assert check("截至2020年末，高新技术企业195家", firms).found == ()


def test_a_share_of_something_is_not_taken_for_the_thing():
    share = known(pk=2, name="地区生产总值占郑州市比重", names=("地区生产总值占郑州市比重",),
                  measure="%", value=Decimal("9.3"), change=None)  # fmt: skip
    level = known(pk=3, name="地区生产总值", names=("地区生产总值",), value=Decimal(1202),
                  change=None)  # fmt: skip
    told = check("地区生产总值1202亿元，地区生产总值占郑州市比重为9.3%", share, level)
    assert (told.found, sorted(told.pointed.values())) == ((), [2, 3])


def test_both_ends_of_a_move_of_rank_are_checked():
    rank = known(name="排名", names=("综合发展水平排名",), measure="位", kind="rank",
                 value=Decimal(22), change=Decimal(-4))  # fmt: skip
    assert check("排名由第26位跃升至22位", rank).found == ()
    assert [one.code for one in check("排名由第27位跃升至22位", rank).found] == ["rank_move"]


def test_stored_figures_that_contradict_each_other_are_told_where_both_are_used():
    other = known(pk=2, name="税收", names=("税收",), change=None)
    doubt = rules.Doubted("甲与乙不相符", "算法", frozenset({1, 2}))
    text = "进出口总额220亿元，税收220亿元"
    assert [one.code for one in check(text, known(), other, doubts=[doubt]).found] == ["doubt"]
    assert check("进出口总额220亿元", known(), other, doubts=[doubt]).found == ()


# The zone's own figures ---------------------------------------------------------------------------


def test_the_story_of_the_assessment_has_three_conflicts_and_no_difference(told):
    from bihuan.facts.models import Observation

    quotes = Observation.objects.filter(indicator__verb="").values_list("quote", flat=True)
    text = "。".join(dict.fromkeys(quotes))
    checked = queries.checked(text)
    assert [one for one in checked.found if one.severity == "wrong"] == []
    assert len([one for one in checked.found if one.severity == "conflict"]) == 3


@pytest.mark.skipif(not PAGE.exists(), reason="the page's own text is not beside this checkout")
def test_the_pages_own_five_texts_show_what_its_checks_say(told):
    """C1: the share; C2: its growth; C3: revenue over output. All else of the stories agrees."""
    text = PAGE.read_text(encoding="utf-8")
    stories = text[text.index("## S1 ") : text.index("\n## People and roles")]
    checked = queries.checked(stories)
    said = [_(one.sentence) % one.params for one in checked.found if one.severity == "conflict"]
    assert len(said) == 3
    assert any("10.01%" in one and "9.3%" in one for one in said)  # C1
    assert any("13.5%" in one and "0.2 个百分点" in one for one in said)  # C2
    assert any("主营业务收入" in one and "产值" in one for one in said)  # C3
    assert not [one for one in checked.found if one.severity in ("wrong", "lacking")]
    assert len(checked.pointed) >= 28


def test_a_retyped_number_is_caught_by_the_wording_of_its_quote(told):
    assert ("wrong", "quoted") in found("组建9支3970人的应急抢险队伍")
    assert ("wrong", "unit") in found("出动扫雪车辆53台")
    assert found("今天天气很好。") == []


def test_figures_for_some_roles_only_are_never_compared_with(told, unit):
    from bihuan.facts import services as facts
    from bihuan.facts.models import Indicator

    assert Indicator.objects.filter(verb="").exists()
    stored, _doubts = queries.stored()
    hidden = set(Indicator.objects.exclude(verb="").values_list("name", flat=True))
    assert facts is not None
    assert not hidden & {one.name for one in stored}
