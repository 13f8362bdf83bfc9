"""The chain as plain rows: whatever is done to it, the first row that does not hold is named."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.audit import rules

words = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
numbers = st.none() | st.integers(1, 10**9)
# What of a row is free; its number and its hashes follow.
contents = st.fixed_dictionaries(
    {
        "at": words,
        "actor_id": numbers,
        "post_id": numbers,
        **dict.fromkeys(
            ("actor", "act", "thing_type", "thing_id", "thing", "changes", "note"), words
        ),
    }
)
Row = dict[str, Any]
few = settings(max_examples=40)  # each walks whole chains


def chained(parts: list[Row]) -> list[Row]:
    rows, head = [], rules.GENESIS
    for seq, part in enumerate(parts, 1):
        row = {"seq": seq, **part, "previous_hash": head}
        head = row["hash"] = rules.digest(row)
        rows.append(row)
    return rows


chains = st.lists(contents, min_size=1, max_size=6).map(chained)


def lines(rows: list[Row]) -> list[str]:
    return [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]


@few
@given(chains)
def test_an_untouched_chain_holds_and_so_does_its_export(rows):
    root = (len(rows), rows[-1]["hash"])
    for check in (
        rules.check_chain(rows, expect=root),
        rules.check_lines(lines(rows), expect=root),
    ):
        assert check.whole
        assert (check.count, check.head) == root


@few
@given(chains, st.data())
def test_a_changed_field_is_named_whichever_it_is(rows, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from([*rules.FIELDS, "hash"]))
    old = rows[place][field]
    rows[place][field] = data.draw(
        (numbers | words | st.just([]) | st.booleans()).filter(
            lambda new: (type(new), new) != (type(old), old)
        )
    )
    check = rules.check_chain(rows)
    assert check.broken_at == place + 1
    assert check.count == place


@few
@given(chains, st.data())
def test_a_row_forged_together_with_its_hash_breaks_the_next_or_the_noted_root(rows, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    root = (len(rows), rows[-1]["hash"])
    rows[place]["note"] += "。"
    rows[place]["hash"] = rules.digest(rows[place])
    last = place == len(rows) - 1
    assert rules.check_chain(rows, expect=root).broken_at == (place + 1 if last else place + 2)


@few
@given(chains, st.data())
def test_a_removed_row_is_named(rows, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    root = (len(rows), rows[-1]["hash"])
    del rows[place]
    assert rules.check_chain(rows, expect=root).broken_at == place + 1


@few
@given(chains, contents, st.data())
def test_an_inserted_row_is_named(rows, content, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    before = rows[place]["previous_hash"]
    row = {"seq": place + 1, **content, "previous_hash": before}
    row["hash"] = rules.digest(row)
    rows.insert(place, row)
    # A forger may make one row that fits; what stood there before no longer does.
    assert rules.check_chain(rows).broken_at == place + 2


@few
@given(chains.filter(lambda rows: len(rows) > 1), st.data())
def test_two_rows_that_changed_places_are_named(rows, data):
    first = data.draw(st.integers(0, len(rows) - 2))
    second = data.draw(st.integers(first + 1, len(rows) - 1))
    rows[first], rows[second] = rows[second], rows[first]
    assert rules.check_chain(rows).broken_at == first + 1


@few
@given(chains, st.data())
def test_a_tail_cut_off_is_seen_against_a_root_noted_down_earlier(rows, data):
    kept = data.draw(st.integers(0, len(rows) - 1))
    root = (len(rows), rows[-1]["hash"])
    assert rules.check_chain(rows[:kept]).whole  # without the root nobody could know
    check = rules.check_chain(rows[:kept], expect=root)
    assert (check.broken_at, check.count) == (kept + 1, kept)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(words, below, max_size=3),
    max_leaves=8,
)


@few
@given(json_values)
def test_canonical_spelling_is_one_and_says_everything(value):
    spelt = rules.canonical(value)
    assert json.loads(spelt) == value
    assert rules.canonical(json.loads(spelt)) == spelt


@few
@given(st.dictionaries(words, json_values, max_size=5), st.randoms())
def test_canonical_spelling_does_not_depend_on_the_order_of_fields(value, random):
    keys = list(value)
    random.shuffle(keys)
    assert rules.canonical({key: value[key] for key in keys}) == rules.canonical(value)


broken_lines = st.sampled_from(
    [
        ("\n", "空行"),
        ("   \n", "空行"),
        ("{\n", "JSON"),
        ('{"seq": NaN}\n', "JSON"),
        ('{"seq": 1, "seq": 1}\n', "JSON"),
        ("[" * 100_000 + "\n", "JSON"),
        ('{"seq": ' + "9" * 5000 + "}\n", "JSON"),
        ("\ufeff{}\n", "JSON"),
        ("[1, 2]\n", "记录"),
        ("null\n", "记录"),
        ("{}\n", "缺少"),
    ]
)


@few
@given(chains, broken_lines, st.data())
def test_a_line_that_is_no_entry_is_named_wherever_it_stands(rows, broken, data):
    place = data.draw(st.integers(0, len(rows)))
    text, reason = broken
    check = rules.check_lines([*lines(rows[:place]), text, *lines(rows[place:])])
    assert (check.broken_at, check.count) == (place + 1, place)
    assert reason in check.reason


@few
@given(chains, st.sampled_from([*rules.FIELDS, "hash"]), st.sampled_from([True, 1.0, [], {}, None]))
def test_a_value_of_a_wrong_type_is_named(rows, field, value):
    fits = value is None and field in ("actor_id", "post_id")
    rows[-1][field] = value
    rows[-1]["hash"] = rules.digest(rows[-1]) if field != "hash" else value
    check = rules.check_lines(lines(rows))
    assert check.whole if fits else check.broken_at == len(rows)


@few
@given(chains)
def test_what_no_hash_covers_cannot_travel_along(rows):
    rows[0]["remark"] = "同意"
    assert rules.check_lines(lines(rows)).broken_at == 1


@few
@given(chains)
def test_half_a_character_is_named_and_not_a_crash(rows):
    rows[-1]["note"] = "\ud800"
    escaped = [json.dumps(row) for row in rows]
    assert rules.check_lines(escaped).broken_at == len(rows)


@few
@given(st.lists(st.text(max_size=40) | json_values.map(json.dumps), max_size=5))
def test_no_file_whatever_makes_the_check_fail_without_an_answer(texts):
    assert isinstance(rules.check_lines(texts), rules.Check)


def test_a_file_that_is_not_utf_8_is_named_at_its_line(tmp_path):
    path = tmp_path / "audit.jsonl"
    part = dict.fromkeys(rules.FIELDS, "x") | {"actor_id": None, "post_id": 1}
    path.write_bytes(lines(chained([part]))[0].encode() + "记录\n".encode("gb18030"))
    with path.open(encoding="utf-8", newline="\n", buffering=1) as stream:
        check = rules.check_lines(stream)
    assert not check.whole
    assert "UTF-8" in check.reason


def test_an_empty_chain_holds_but_not_against_a_root():
    assert rules.check_lines([]).whole
    assert rules.check_lines([], expect=(0, rules.GENESIS)).whole
    assert rules.check_lines([], expect=(1, "a" * 64)).broken_at == 1
