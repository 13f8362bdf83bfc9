"""The reader of published pages: everything that is wrong at once, nothing guessed, no crash."""

import copy
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bihuan
from bihuan.exchange import page

SAMPLE = Path(bihuan.__file__).parent / "facts" / "samples" / "zone_page.json"


def tree():
    return json.loads(SAMPLE.read_bytes())


def read(content):
    return page.read(json.dumps(content, ensure_ascii=False).encode())


def codes(parsed):
    return [fault.code for fault in parsed.faults]


def by_id(parsed):
    return {fact.id: fact for fact in parsed.facts}


def changed(number, **fields):
    spoiled = tree()
    next(one for one in spoiled["facts"] if one["id"] == number).update(fields)
    return spoiled


def test_the_sample_page_is_read_whole_and_without_a_fault():
    parsed = page.read(SAMPLE.read_bytes())
    assert parsed.faults == ()
    facts = by_id(parsed)
    assert len(facts) == 30
    assert (facts["F03"].value, facts["F03"].measure, facts["F03"].change) == (
        Decimal(1202),
        "亿元",
        Decimal("13.5"),
    )
    assert facts["F04"].scope == "不含富士康结转"
    assert facts["F11"].change_kind == "pp_change"
    assert facts["F23"].lower_bound
    assert facts["F10"].change_text == "较2019年末有明显上升"
    assert facts["F25"].text == "上午12时"


def test_the_former_rank_is_read_from_the_quote_and_not_computed():
    facts = by_id(page.read(SAMPLE.read_bytes()))
    assert facts["F02·base"].value == 26
    assert facts["F02·base"].period.assess_year == 2020
    # Without the words in the quote there is no former rank, though 22 and -4 would give one.
    silent = changed("F02", source={"quote": "郑州经开区位列22位"})
    assert "F02·base" not in by_id(read(silent))


def test_figures_beside_a_check_are_read_in_chinese_and_in_english():
    facts = by_id(page.read(SAMPLE.read_bytes()))
    assert (facts["C1·public"].subject, facts["C1·public"].value) == ("郑州市", Decimal(12003))
    assert not facts["C1·public"].to_verify
    assert facts["C2·public"].to_verify
    english = tree()
    english["checks"][0]["public_fact"] = "Zhengzhou 2020 GDP 12003 亿元 (own knowledge, verify)"
    told = by_id(read(english))["C1·public"]
    assert (told.subject, told.indicator, told.value) == ("Zhengzhou", "GDP", Decimal(12003))
    assert told.to_verify


def test_nothing_is_read_of_people_statements_or_computed_bases():
    full = changed("F03", derived_base=1059.0)
    full["people"] = [{"name": "某某"}]
    full["statements"] = [{"quote": "某某"}]
    plain, more = page.read(SAMPLE.read_bytes()), read(full)
    assert plain.facts == more.facts
    assert "1059" not in repr(more.facts)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "json"),
        (b"{", "json"),
        (SAMPLE.read_bytes()[:-20], "json"),
        (b"\xff\xfe{}", "encoding"),
        ("{}".encode("utf-16"), "encoding"),
        (b"[]", "schema"),
        (b"null", "schema"),
        (b'{"schema": "zone-page/2"}', "schema"),
        (b'{"schema": "zone-page/1", "schema": "zone-page/1"}', "doubled_key"),
        (b"[" * 100_000, "nested"),
        (b'{"a":' * 100_000, "nested"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(content, code):
    assert codes(page.read(content)) == [code]


@pytest.mark.parametrize(
    ("number", "fields", "code"),
    [
        ("F03", {"value": "1202"}, "not_number"),
        ("F03", {"value": True}, "not_number"),
        ("F03", {"value": float("nan")}, "not_number"),
        ("F03", {"value": float("inf")}, "not_number"),
        ("F03", {"value": 10**30}, "number_too_long"),
        ("F03", {"value": 0.123456789}, "number_too_long"),
        ("F03", {"value": None}, "no_value"),
        ("F03", {"unit": None}, "no_unit"),
        ("F03", {"period": "去年"}, "period"),
        ("F03", {"period": "2020年2月30日"}, "period"),
        ("F03", {"change_kind": "up"}, "change_kind"),
        ("F03", {"change_unit": "百分点"}, "change_unit"),
        ("F11", {"change_unit": "%"}, "change_unit"),
        ("F03", {"change_kind": None}, "no_change_kind"),
        ("F03", {"source": {"quote": ""}}, "missing"),
        ("F03", {"source": "原文"}, "missing"),
        ("F03", {"subject": 5}, "not_text"),
        ("F03", {"note": "\x00"}, "odd_signs"),
        ("F03", {"note": "\ud800"}, "odd_signs"),
        ("F03", {"scope": "长" * 201}, "too_long"),
        ("F03", {"approximate": "no"}, "not_flag"),
        ("F24", {"value": 3}, "dated_value"),
        ("F04", {"id": "F03"}, "doubled_id"),
    ],
)
def test_a_faulty_field_is_named(number, fields, code):
    spoiled = changed(number, **fields)
    content = json.dumps(spoiled).encode()  # ASCII, so that odd signs are written as escapes
    assert code in codes(page.read(content))


def test_every_fault_is_told_at_once():
    spoiled = tree()
    spoiled["facts"][0]["value"] = "217"
    spoiled["facts"][2]["period"] = "去年"
    spoiled["facts"][3]["subject"] = None
    spoiled["checks"][0]["facts"] = ["F99"]
    found = page.read(json.dumps(spoiled).encode()).faults
    assert [(f.code, f.params["id"]) for f in found] == [
        ("not_number", "F01"),
        ("period", "F03"),
        ("missing", "F04"),
        ("unknown_fact", "C1"),
    ]


def test_a_fact_with_an_unreadable_period_is_still_known_to_the_checks():
    assert codes(read(changed("F03", period="去年"))) == ["period"]


def test_a_base_of_a_change_must_be_told():
    assert codes(read(changed("F03", base_period=None))) == ["missing"]


def test_a_number_keeps_its_printed_digits():
    content = json.dumps(tree()).replace('"value": 17.5', '"value": 17.50').encode()
    assert str(by_id(page.read(content))["F11"].value) == "17.50"


@given(
    st.decimals(min_value=0, max_value=10**8, places=3, allow_nan=False)
    | st.integers(0, 10**12).map(Decimal)
)
def test_any_printed_number_is_read_digit_by_digit(number):
    content = json.dumps(tree()).replace('"value": 1202,', f'"value": {number:f},').encode()
    assert str(by_id(page.read(content))["F03"].value) == f"{number:f}"


@given(st.permutations(range(27)))
@settings(max_examples=8)
def test_the_order_of_facts_does_not_matter(order):
    mixed = tree()
    mixed["facts"] = [mixed["facts"][i] for i in order]
    assert by_id(read(mixed)) == by_id(page.read(SAMPLE.read_bytes()))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
# Faster than any tree at all: one wrong thing in one place, of every kind there is.
_ODD = st.sampled_from(
    [
        None,
        True,
        [],
        {},
        [[]],
        "",
        "x" * 5000,
        "\x00",
        "\ud800",
        0,
        -1,
        10**40,
        1e308,
        5e-324,
        "2020",
        "2099-13-45",
        "NaN",
        "%(id)s",
        "<script>",
        "'; DROP TABLE x; --",
        "\u202e乱",
    ]
)
_FIELDS = sorted({field for one in tree()["facts"] for field in one})


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    assert page.read(content).faults


@given(_JSON)
def test_any_json_is_refused_without_a_crash(content):
    assert page.read(json.dumps(content).encode()).faults


@given(st.dictionaries(st.sampled_from(["source", "facts", "checks"]), _JSON))
@settings(max_examples=40)
def test_any_tree_of_our_schema_is_refused_without_a_crash(parts):
    assert page.read(json.dumps({"schema": page.SCHEMA, **parts}).encode()).faults


@given(st.sampled_from(range(27)), st.dictionaries(st.sampled_from(_FIELDS), _JSON, min_size=1))
@settings(max_examples=30)
def test_any_value_in_any_field_is_read_or_refused(which, fields):
    spoiled = tree()
    spoiled["facts"][which].update(copy.deepcopy(fields))
    parsed = page.read(json.dumps(spoiled).encode())
    for fact in parsed.facts:
        assert fact.value is None or page.storable(fact.value)
        assert len(fact.text) <= 200
        assert len(fact.change_text) <= 100


@given(st.text(max_size=80))
def test_any_words_beside_a_check_are_a_figure_or_nothing(words):
    told = tree()
    told["checks"][0]["public_fact"] = words
    parsed = page.read(json.dumps(told).encode())
    for fact in parsed.facts:
        assert fact.value is None or page.storable(fact.value)


@pytest.mark.parametrize(
    "number", ["1e999999999", "-1e-999999999", "1e99999999999999999999", "9" * 5000, "NaN", "0e400"]
)
def test_a_number_that_no_arithmetic_can_hold_is_refused(number):
    raw = SAMPLE.read_bytes().replace(b'"value": 1202,', f'"value": {number},'.encode())
    assert codes(page.read(raw))[0] in ("not_number", "number_too_long")


def test_a_huge_file_is_not_even_read():
    content = b"[" + b"0," * (page.MOST_BYTES // 2) + b"0]"
    assert codes(page.read(content)) == ["too_big"]
    many = {"schema": page.SCHEMA, "source": {}, "facts": [{}] * (page.MOST_FACTS + 1)}
    assert codes(read(many)) == ["too_many"]


@given(st.sampled_from(["facts", "checks", "source"]), st.data())
@settings(max_examples=60)
def test_one_wrong_thing_anywhere_is_read_or_refused(part, data):
    spoiled = tree()
    place = spoiled[part]
    while isinstance(place, list | dict) and place:
        keys = list(range(len(place))) if isinstance(place, list) else sorted(place)
        key = data.draw(st.sampled_from(keys))
        inside = place[key]
        if not isinstance(inside, list | dict) or not inside or data.draw(st.booleans()):
            place[key] = data.draw(_ODD)
            break
        place = inside
    content = json.dumps(spoiled).encode()
    parsed = page.read(content)
    for fact in parsed.facts:
        assert fact.value is None or page.storable(fact.value)


@given(st.data())
@settings(max_examples=60)
def test_a_file_damaged_anywhere_is_read_or_refused(data):
    raw = bytearray(SAMPLE.read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    way = data.draw(st.sampled_from(["cut", "flip", "double", "drop"]))
    match way:
        case "cut":
            del raw[at:]
        case "flip":
            raw[at] = data.draw(st.integers(0, 255))
        case "double":
            raw[at:at] = raw[at : at + 40]
        case "drop":
            del raw[at : at + 40]
    page.read(bytes(raw))
