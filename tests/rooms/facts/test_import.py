"""A published page comes in: whole or not at all, once however often, old versions kept."""

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.audit import queries as audit
from bihuan.base.errors import NotAllowed, Refused
from bihuan.facts import queries, services
from bihuan.facts.models import Doubt, Framework, Indicator, Observation, Submission
from bihuan.people import services as people
from bihuan.site import demo
from tests.rooms.facts.conftest import fact

CHECKOUT = Path(__file__).parents[3]
REAL = Path(os.environ.get("BIHUAN_DOMAIN", CHECKOUT.parent / "shared" / "domain")) / "page.json"


def figures():
    """What is stored, in one row a figure, without keys of rows."""
    return {
        (
            one.unit.code,
            one.indicator.code,
            one.period.code,
            one.scope_key,
            f"{one.value:.{one.places}f}" if one.value is not None else one.text,
            one.measure,
            one.change,
            one.change_kind,
            one.lower_bound,
            one.to_verify,
            one.year_inferred,
        )
        for one in queries.current()
    }


def test_the_page_comes_in_with_unit_scope_change_and_quote(bring, unit):
    result = bring()
    assert (result.added, result.revised, result.unchanged) == (30, 0, 0)
    trade = queries.series("trade", unit("zone")).get()
    assert (trade.value, trade.measure, trade.currency) == (Decimal(220), "亿元", "CNY")
    assert trade.scope == "不含富士康结转"
    assert (trade.change, trade.change_kind, trade.base_period.code) == (91, "growth_yoy", "2019")
    assert trade.quote == "进出口总额(不含富士康结转)220亿元,同比增长91%"
    assert queries.series("fdi", unit("zone")).get().currency == "USD"
    assert queries.series("snow-turnouts", unit("zone")).get().kind == "flow"
    assert queries.series("high-tech-firms", unit("zone")).get().kind == "stock"
    assert queries.series("snow-tools", unit("zone")).get().lower_bound


def test_the_rank_stands_in_two_years(bring, unit):
    bring()
    ranks = queries.series("rank", unit("zone"))
    assert [(int(one.value), one.period.assess_year) for one in ranks] == [(26, 2020), (22, 2021)]
    assert Indicator.objects.get(code="rank").direction == "lower"


def test_nothing_is_derived_from_anything_else(bring):
    bring()
    values = {one.value for one in Observation.objects.exclude(value=None)}
    assert values.isdisjoint({Decimal("1059.0"), Decimal("115.2"), Decimal("9.1"), Decimal("15.2")})


def test_imported_again_nothing_is_doubled(bring):
    first = bring()
    before = (Observation.objects.count(), Doubt.objects.count(), Submission.objects.count())
    again = bring()
    assert (again.added, again.revised, again.unchanged) == (0, 0, 30)
    assert again.submission == first.submission
    assert again.doubts == first.doubts
    after = (Observation.objects.count(), Doubt.objects.count(), Submission.objects.count())
    assert before == after


def test_a_changed_figure_becomes_a_newer_version_with_its_reason(bring, page, unit):
    bring()
    fact(page, "F03")["value"] = 1116
    fact(page, "F03")["source"]["quote"] = "经开区地区生产总值1116亿元,同比增长13.5%"
    result = bring(page, "更正.json")
    assert (result.added, result.revised, result.unchanged) == (0, 1, 29)
    newest = queries.series("gdp", unit("zone")).get()
    old = queries.versions(newest)[1]
    assert (newest.version, newest.value, newest.reason) == (2, 1116, "文件更新：更正.json")
    assert (old.version, old.value, old.reason) == (1, 1202, "")
    (entry,) = audit.of(newest)
    assert entry.act == "facts.observation.revise"
    assert json.loads(entry.changes)["value"] == ["1202", "1116"]


def test_a_correction_settles_the_doubt_that_no_longer_holds_but_not_a_raised_one(
    bring, page, unit
):
    bring()
    conflict = Doubt.objects.get(rule="share_of_whole")
    growth = Doubt.objects.get(rule="growth_of_share")
    services.mark_raised(growth, by=None, thing=unit("zone"))
    fact(page, "F03")["value"] = 1116
    fact(page, "F03")["source"]["quote"] = "1116"
    fact(page, "F03")["change"] = 5.4
    bring(page, "更正.json")
    conflict.refresh_from_db()
    growth.refresh_from_db()
    assert (conflict.state, conflict.settled_by) == ("settled", None)
    assert growth.state == "raised"


def test_a_digit_more_is_another_figure(bring, page, unit):
    bring()
    content = json.dumps(page).replace('"value": 17.5,', '"value": 17.50,').encode()
    result = services.import_file(content, "精确.json", by=None)
    assert (result.revised, result.unchanged) == (1, 29)
    assert queries.series("tax-share", unit("zone")).get().places == 2


def test_the_order_of_the_facts_does_not_matter(bring, page):
    with transaction.atomic():
        bring()
        straight, groups = figures(), dict(Indicator.objects.values_list("code", "group__name"))
        doubts = set(Doubt.objects.values_list("fingerprint", flat=True))
        rules = set(Doubt.objects.values_list("rule", flat=True))
        transaction.set_rollback(True)
    page["facts"].reverse()
    page["checks"].reverse()
    bring(page)
    assert figures() == straight
    assert dict(Indicator.objects.values_list("code", "group__name")) == groups
    assert set(Doubt.objects.values_list("rule", flat=True)) == rules
    assert len(doubts) == Doubt.objects.count()


@given(chosen=st.sets(st.integers(0, 26), min_size=1))
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_part_of_the_page_imported_twice_equals_once(bring, page, chosen):
    ids = {page["facts"][i]["id"] for i in chosen}
    part = {
        **page,
        "facts": [one for one in page["facts"] if one["id"] in ids],
        "checks": [one for one in page["checks"] if set(one["facts"]) <= ids],
    }
    with transaction.atomic():
        bring(part)
        once, doubts = figures(), Doubt.objects.count()
        assert bring(part).added == 0
        assert (figures(), Doubt.objects.count()) == (once, doubts)
        transaction.set_rollback(True)


def test_the_share_conflict_keeps_both_figures_and_changes_neither(bring, unit):
    bring()
    doubt = queries.doubts_to_see().get(rule="share_of_whole")
    about = {one.role: one.observation for one in doubt.concerns.all()}
    assert (about["level"].value, about["whole"].value) == (1202, 12003)
    assert about["share"].value == Decimal("9.3")
    assert Observation.objects.filter(version__gt=1).count() == 0
    assert "10.0%" in doubt.name
    assert "9.3%" in doubt.name


def test_every_kind_of_doubt_of_the_page_is_found(bring):
    bring()
    assert set(Doubt.objects.values_list("rule", flat=True)) == {
        "share_of_whole",
        "growth_of_share",
        "measure_words",
        "scope_travels",
        "mixed_currencies",
        "turnouts",
        "not_in_quote",
        "ambiguous_time",
        "two_years",
        "year_inferred",
        "trend_without_number",
        "lower_bound",
        "file",
    }
    told = set(Doubt.objects.filter(rule="file").values_list("params__title", flat=True))
    assert told == {"1个局、6家公司，队伍却有8支", "书面述职的是否也测评"}


def test_the_framework_comes_with_the_file_and_unknown_weights_stay_empty(bring):
    bring()
    old, new = Framework.objects.get(code="2016"), Framework.objects.get(code="2021")
    assert set(old.groups.values_list("weight", flat=True)) == {None}
    assert sum(new.groups.values_list("weight", flat=True)) == 100
    assert Indicator.objects.get(code="gdp").group.name == "产业基础"
    assert Indicator.objects.get(code="gdp-share").of_whole == "郑州市"


# What is refused --------------------------------------------------------------------------------


def refused(bring, page, **more):
    """The sentences of the refusal; nothing at all may have been stored."""
    with pytest.raises(Refused) as refusal:
        bring(page, **more)
    assert Observation.objects.count() == Indicator.objects.count() == 0
    assert Submission.objects.count() == 0
    return [str(sentence) for sentence in refusal.value.sentences]


@pytest.mark.parametrize(
    ("number", "fields", "words"),
    [
        ("F03", {"unit": "万亿"}, "不在用语表中"),
        ("F03", {"unit": "家"}, "不是同一类量"),
        ("F03", {"period": "2099"}, "还没有到"),
        ("F24", {"period": "2099-01-01"}, "还没有到"),
        ("F11", {"value": 117.5}, "不在 0 到 100 之间"),
        ("F02", {"value": 0}, "位次应为 1 或更大的整数"),
        ("F07", {"value": 195.5}, "个数应为不小于 0 的整数"),
        ("F03", {"change": -113.5}, "低于 −100%"),
        ("F03", {"subject": "某某开发区"}, "不在机构名册中"),
        ("F03", {"value": "1202"}, "应为数字"),
        ("F05", {"indicator_zh": "进出口总额", "scope": "不含富士康结转"}, "同一口径的数"),
    ],
)
def test_a_wrong_figure_lets_nothing_in_and_says_what_to_do(bring, page, number, fields, words):
    fact(page, number).update(fields)
    sentences = refused(bring, page)
    assert any(words in sentence and number in sentence for sentence in sentences)
    assert all(sentence.endswith("。") for sentence in sentences)


def test_all_faults_of_a_file_are_told_at_once_and_each_once(bring, page):
    fact(page, "F01")["subject"] = "某某"
    fact(page, "F02")["subject"] = "某某"
    fact(page, "F03")["value"] = "1202"
    fact(page, "F04")["unit"] = "万亿"
    fact(page, "F05")["period"] = "去年"
    sentences = refused(bring, page)
    assert len(sentences) == len(set(sentences)) == 4


def test_a_broken_file_is_refused_in_one_sentence(bring):
    with pytest.raises(Refused, match="不是完整的 JSON"):
        services.import_file(demo.SAMPLE_PAGE.read_bytes()[:-20], "x.json", by=None)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda raw: raw[: len(raw) // 2], "不是完整的 JSON"),
        (lambda raw: b"\x00\x01" + raw, "不是完整的 JSON"),
        (lambda raw: raw.decode().encode("gbk"), "不是 UTF-8 编码"),
        (lambda raw: raw.decode().encode("utf-16"), "不是 UTF-8 编码"),
        (lambda raw: raw + b" " * (50 * 2**20), "超过 5 MB"),
        (lambda raw: raw.replace(b'"value": 1202,', b'"value": NaN,'), "现为“NaN”"),
        (lambda raw: raw.replace(b'"value": 1202,', b'"value": -Infinity,'), "现为“-Infinity”"),
        (lambda raw: raw.replace(b'"value": 1202,', b'"value": 1e999999999,'), "位数太多"),
        (lambda raw: raw.replace(b'"id": "F04"', b'"id": "F03"'), "编号 F03 用了不止一次"),
        (
            lambda raw: raw.replace(b'"facts": [', b'"facts": "none", "x": [', 1),
            "文件的“facts”应为列表",
        ),
    ],
)
def test_a_spoiled_file_stores_nothing_and_says_why_in_one_sentence(db, spoil, words):
    content = demo.SAMPLE_PAGE.read_bytes()
    spoiled = spoil(content)
    assert spoiled != content
    with pytest.raises(Refused) as refusal:
        services.import_file(spoiled, "x.json", by=None)
    told = [sentence for sentence in refusal.value.sentences if words in sentence]
    assert len(told) == 1
    assert told[0].endswith("。")
    assert (
        Observation.objects.count() == Submission.objects.count() == Indicator.objects.count() == 0
    )


def test_a_mark_at_the_start_of_the_file_is_no_fault(db):
    content = demo.SAMPLE_PAGE.read_bytes().decode().encode("utf-8-sig")
    assert services.import_file(content, "x.json", by=None).added == 30


def test_of_a_file_that_is_wrong_throughout_only_so_much_is_told(bring, page):
    one = {**page["facts"][2], "value": "很多"}
    page["facts"] = [{**one, "id": f"X{n}"} for n in range(300)]
    page["checks"] = []
    sentences = refused(bring, page)
    assert len(sentences) == 201
    assert sentences[-1] == "另有 399 处不对，没有列出。请先改正以上各处，再导入一次。"


def test_markup_in_a_file_is_kept_as_text(bring, page, unit):
    nasty = "<script>alert(1)</script>'; DROP TABLE facts_observation; --"
    fact(page, "F04")["scope"] = nasty
    bring(page)
    assert queries.series("trade", unit("zone")).get().scope == nasty


def test_an_unknown_name_can_be_told_and_is_not_guessed(bring, page, unit):
    for one in page["facts"]:
        one["subject"] = "某区" if one["subject"] == "经开区" else one["subject"]
    assert any("“某区”" in sentence for sentence in refused(bring, page))
    assert "没有代码为“nowhere”的单位" in refused(bring, page, subjects={"某区": "nowhere"})[0]
    assert bring(page, subjects={"某区": "zone"}).added == 30
    assert queries.series("snow-teams", unit("zone")).get().value == 8


def test_a_name_of_two_units_is_not_guessed(bring, page):
    for code in ("one", "two"):
        people.add_unit(by=None, code=code, name="同名局", kind="bureau")
    fact(page, "F19")["subject"] = "同名局"
    assert any("指向不止一个单位" in sentence for sentence in refused(bring, page))


def test_who_may_not_import_imports_nothing(post):
    with pytest.raises(NotAllowed):
        services.import_file(demo.SAMPLE_PAGE.read_bytes(), "x.json", by=post("viewer"))
    assert Observation.objects.count() == 0


# The sample and the real page -------------------------------------------------------------------


def test_the_sample_has_figures_and_checks_only(page):
    assert set(page) == {"schema", "source", "facts", "checks"}
    text = demo.SAMPLE_PAGE.read_text(encoding="utf-8")
    assert not any(word in text for word in ("记者", "同志", "强调", "byline"))


@pytest.mark.skipif(not REAL.exists(), reason="no page.json: set BIHUAN_DOMAIN to its folder")
def test_the_sample_names_nobody():
    people = json.loads(REAL.read_bytes())["people"]
    text = demo.SAMPLE_PAGE.read_text(encoding="utf-8")
    assert people
    assert [one for one in people if one["name"] in text] == []


@pytest.mark.skipif(not REAL.exists(), reason="no page.json: set BIHUAN_DOMAIN to its folder")
def test_the_real_page_gives_the_same_figures_and_doubts_as_the_sample(bring):
    with transaction.atomic():
        bring()
        sample, rules = figures(), sorted(Doubt.objects.values_list("rule", "fingerprint"))
        transaction.set_rollback(True)
    result = services.import_file(REAL.read_bytes(), "page.json", by=None)
    assert result.added == 30
    assert figures() == sample
    assert len(Doubt.objects.all()) == len(rules)
    again = bring()
    assert (again.added, again.revised, again.unchanged) == (0, 0, 30)
    assert len(Doubt.objects.all()) == len(rules)
