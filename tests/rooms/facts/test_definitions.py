"""Terms, indicators and frameworks: defined once, changed with a trace, refused where wrong."""

from decimal import Decimal

import pytest
from django.urls import reverse

from bihuan.audit import queries as audit
from bihuan.base.errors import NotAllowed, Refused
from bihuan.facts import queries, services, terms
from bihuan.facts.models import Doubt, Framework, Indicator, Term
from tests.rooms.facts.test_pages import text
from tests.rooms.facts.test_services import recorded


@pytest.fixture
def jobs(db):
    """An indicator that no file brought."""
    return services.define_indicator(by=None, code="jobs", name="城镇新增就业", measure="人")


# Units of measure -------------------------------------------------------------------------------


def test_units_of_one_dimension_are_compared_by_their_size(bring, unit):
    """5.00 平方公里 and 500 公顷 are the same area: no doubt; 480 公顷 is not."""
    bring()
    land = services.define_indicator(by=None, code="land", name="建成区面积", measure="平方公里")
    said = {"unit": unit("zone"), "indicator": land, "by": None}
    services.record(
        **said, period="2019", value=Decimal("5.00"), measure="平方公里", quote="5.00平方公里"
    )
    later = services.record(
        **said,
        period="2020",
        base_period="2019",
        value=Decimal(500),
        measure="公顷",
        quote="500公顷，持平0%",
        change=Decimal(0),
        change_kind="growth_yoy",
        change_unit="%",
    )
    assert not Doubt.objects.filter(rule="change_against_base").exists()
    services.revise(later, by=None, reason="更正", value=Decimal(480), quote="480公顷，持平0%")
    assert Doubt.objects.filter(rule="change_against_base", state="open").count() == 1


@pytest.mark.parametrize(
    ("measure", "other"), [("件/万人", "万元/亩"), ("家", "人"), ("吨标准煤", "千瓦时")]
)
def test_units_that_have_nothing_to_do_with_one_another_are_kept_apart(unit, db, measure, other):
    one = services.define_indicator(by=None, code="x", name="某项", measure=measure)
    with pytest.raises(Refused, match="不是同一类量"):
        recorded(unit("zone"), one, measure=other)


def test_every_unit_of_measure_has_a_size_and_a_dimension():
    known = terms.known()
    for word, measure in terms.MEASURES.items():
        assert measure.factor > 0
        assert measure.dimension in terms.DIMENSIONS, word
        assert known.sort(word) is not None
    assert set(terms.MEASURE_WORDS.values()) <= set(terms.FAMILIES)


# Terms ------------------------------------------------------------------------------------------


def test_an_own_unit_says_how_much_it_is(bring, unit):
    bring()
    services.define_term(
        by=None, kind="unit", word="千元", meaning="money", currency="CNY", factor=Decimal(1000)
    )
    gdp = queries.series("gdp", unit("zone")).get()
    newer = services.revise(
        gdp, by=None, reason="换单位", value=Decimal(120_200_000), measure="千元", quote="120200000"
    )
    assert (newer.measure, newer.currency) == ("千元", "CNY")
    # The same amount: the doubt about the share still says 10.0 %.
    assert "10.0%" in Doubt.objects.get(rule="share_of_whole", state="open").name


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"kind": "colour", "word": "x"}, "没有这一类"),
        ({"kind": "limit", "word": " "}, "请填写写法"),
        ({"kind": "unit", "word": "亿元", "meaning": "money", "currency": "CNY"}, "已登记"),
        ({"kind": "unit", "word": "千元", "meaning": "cash"}, "量的是什么"),
        ({"kind": "unit", "word": "千元", "meaning": "money"}, "要选货币"),
        (
            {"kind": "unit", "word": "筐", "meaning": "count", "factor": Decimal(0)},
            "换算应大于 0",
        ),
        ({"kind": "measure", "word": "流水", "meaning": "x"}, "哪一类量"),
        ({"kind": "name", "word": "外贸", "meaning": "没有这个"}, "没有名为"),
        ({"kind": "scope", "word": "另一口径"}, "口径写法"),
    ],
)
def test_a_term_that_says_nothing_is_refused(db, said, words):
    with pytest.raises(Refused, match=words):
        services.define_term(by=None, **said)
    assert not Term.objects.exists()


def test_a_term_in_use_is_neither_retired_nor_made_another_sort(jobs, unit):
    day = services.define_term(by=None, kind="unit", word="人日", meaning="persons")
    recorded(unit("zone"), jobs, measure="人日")
    with pytest.raises(Refused, match="不能停用"):
        services.retire_term(day, by=None, note="不用了")
    with pytest.raises(Refused, match="另一类量"):
        services.define_term(by=None, kind="unit", word="人日", meaning="mass", term=day)


def test_a_retired_term_is_no_longer_understood_until_it_is_restored(bring, post):
    bring()
    by = post("statistician")
    term = services.define_term(by=by, kind="name", word="外贸总额", meaning="进出口总额")
    assert queries.indicator_called("外贸总额").code == "trade"
    services.retire_term(term, by=by, note="不再这样写")
    assert queries.indicator_called("外贸总额") is None
    with pytest.raises(Refused, match="已经是这样"):
        services.retire_term(term, by=by, note="再停")
    services.retire_term(term, by=by, note="又用了", retired=False)
    assert queries.indicator_called("外贸总额").code == "trade"
    acts = [entry.act for entry in audit.of(term)]
    assert acts == ["facts.term.define", "facts.term.retire", "facts.term.restore"]
    with pytest.raises(NotAllowed):
        services.retire_term(term, by=post("clerk"), note="无权")


# Indicators and frameworks ----------------------------------------------------------------------


def test_an_indicator_is_changed_with_a_trace_and_its_figures_stay(jobs, unit, post):
    made = recorded(unit("zone"), jobs)
    services.define_indicator(
        by=post("statistician"), code="jobs", name="城镇新增就业人数", measure="万人"
    )
    jobs.refresh_from_db()
    assert (jobs.name, jobs.measure) == ("城镇新增就业人数", "万人")
    made.refresh_from_db()
    assert made.measure == "人"
    assert [entry.act for entry in audit.of(jobs)] == ["facts.indicator.define"] * 2


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": "", "code": "y"}, "请填写指标的名称"),
        ({"name": "城镇新增就业", "code": "y"}, "已有同名的指标（代码 jobs）"),
        ({"name": "某项", "code": "jobs", "new": True}, "换一个代码"),
        ({"name": "城镇新增就业", "code": "jobs", "measure": "亿元"}, "已有 1 个数"),
        ({"name": "某项", "code": "y", "measure": "万亿"}, "用语表"),
    ],
)
def test_an_indicator_that_makes_no_sense_is_refused(jobs, unit, said, words):
    recorded(unit("zone"), jobs)
    with pytest.raises(Refused, match=words):
        services.define_indicator(by=None, **said)
    assert Indicator.objects.count() == 1


def test_an_indicator_without_a_code_gets_the_same_one_for_the_same_name(db):
    made = services.define_indicator(by=None, name="（甲）类 项目数", measure="个")
    assert made.code.startswith("i-")
    again = services.define_indicator(by=None, name="(甲)类项目数", measure="个")
    assert again.pk == made.pk


def test_a_framework_is_defined_and_changed_by_form(browse):
    visitor = browse("statistician")
    said = {"code": "2026", "name": "新办法", "first_round": "2027", "last_round": "2026"}
    wrong = visitor.post(reverse("facts:define-framework"), said)
    assert wrong.status_code == 409
    assert "早于首次" in text(wrong)
    made = visitor.post(reverse("facts:define-framework"), {**said, "last_round": ""})
    framework = Framework.objects.get(code="2026")
    assert made.headers["Location"] == framework.get_absolute_url()
    twice = visitor.post(reverse("facts:define-framework"), {**said, "last_round": ""})
    assert "换一个代码" in text(twice)
    address = reverse("facts:change-framework", args=[framework.pk])
    assert visitor.get(address).status_code == 302
    assert visitor.post(address, {"name": ""}).status_code == 422
    assert visitor.post(address, {"name": "新办法（2026年版）"}).status_code == 302
    assert "新办法（2026年版）" in text(visitor.get(framework.get_absolute_url()))


def test_an_indicator_is_defined_and_changed_by_form_with_its_history(browse):
    visitor = browse("statistician")
    said = {"name": "城镇新增就业", "measure": "人", "kind": "flow", "direction": "higher"}
    said |= {"number": "30", "code": "jobs"}
    assert visitor.post(reverse("facts:define-indicator"), {}).status_code == 200
    assert visitor.post(reverse("facts:define-indicator"), said).status_code == 302
    made = Indicator.objects.get(code="jobs")
    address = reverse("facts:change-indicator", args=[made.pk])
    assert visitor.post(address, {**said, "name": ""}).status_code == 422
    assert visitor.post(address, {**said, "measure": "万人"}).status_code == 302
    shown = text(visitor.get(made.get_absolute_url()))
    assert "<s>人</s> → 万人" in shown
    assert "修改设定" not in text(browse("viewer").get(made.get_absolute_url()))


def test_a_term_is_registered_changed_and_retired_by_form(browse):
    visitor = browse("statistician")
    said = {"kind": "unit", "word": "千元", "dimension": "money", "currency": "CNY"}
    assert visitor.post(reverse("facts:define-term"), {**said, "factor": "1000"}).status_code == 302
    term = Term.objects.get()
    assert (term.meaning, term.factor) == ("money", 1000)
    change = reverse("facts:change-term", args=[term.pk])
    form = {"dimension": "money", "currency": "CNY", "factor": "1000", "note": "旧报表用"}
    assert visitor.post(change, form).status_code == 302
    assert visitor.post(change, {**form, "factor": "x"}).status_code == 422
    retire = reverse("facts:retire-term", args=[term.pk])
    assert visitor.post(retire, {"note": ""}).status_code == 422
    assert visitor.post(retire, {"note": "不用了"}).status_code == 302
    shown = text(visitor.get(term.get_absolute_url()))
    assert "已停用" in shown
    assert "等于 1,000 个基本单位" in shown
    listed = text(visitor.get(reverse("facts:terms") + "?kind=unit&text=千"))
    assert "千元" in listed
    assert "千瓦时" in listed
    assert "主营业务收入" not in listed


@pytest.mark.parametrize("who", ["viewer", "clerk"])
def test_readers_look_at_definitions_and_change_none(bring, browse, who):
    bring()
    visitor = browse(who)
    for name in ("terms", "indicators", "frameworks"):
        assert visitor.get(reverse(f"facts:{name}")).status_code == 200
    for name in ("define-term", "define-indicator", "define-framework"):
        assert visitor.get(reverse(f"facts:{name}")).status_code == 404
    gdp = Indicator.objects.get(code="gdp")
    assert visitor.post(reverse("facts:change-indicator", args=[gdp.pk]), {}).status_code == 404
