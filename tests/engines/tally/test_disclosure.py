"""What is told gives nothing away that is withheld: the teller against an independent judge."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.engines.tally.count import count
from bihuan.engines.tally.disclosure import derivable, remarks, tell
from bihuan.engines.tally.disclosure.derivable import Leak, Sum

from .rated import columns, plan

F = Fraction
GRADES = ("good", "fair", "average", "poor")
ONE_ITEM = {"items": [{"code": "party", "name": "抓基层党建工作"}]}


def told(one, cells, *, earlier=(), **more):
    cols = columns(one, cells, **more)
    before = [columns(one, each) for each in earlier]
    rows = tell(one, count(one, cols), cols, earlier=before)
    return cols, {(row.subject, row.item): row for row in rows}


def valid(cols):
    return {key: sum(counts[g] for g in GRADES) for key, counts in cols.counts.items()}


def leaks(one, cols, rows, **more):
    return derivable(
        one, cols.accepted, [row.plain() for row in rows.values()], valid=valid(cols), **more
    )


cell = st.one_of(
    st.tuples(*[st.integers(0, 5)] * 4),
    st.tuples(st.integers(0, 14)),  # everybody says 好
    st.tuples(st.integers(6, 12), st.integers(0, 2)),  # nearly everybody
)
some_cells = st.fixed_dictionaries(
    {(c, u, "party"): cell for c in ("lead", "heads", "members") for u in ("u1", "u2")}
)
TWO_UNITS = {
    **ONE_ITEM,
    "subjects": [{"code": "u1", "name": "甲"}, {"code": "u2", "name": "乙"}],
}
BANDS_BY_SHARE = [
    {"code": "A", "name": "好", "score": 90, "share": "2/3"},
    {"code": "B", "name": "较好", "score": 70},
    {"code": "C", "name": "一般"},
]


@settings(max_examples=40, deadline=None)
@given(some_cells, st.sampled_from(["points", "share", "rank"]), st.booleans(), st.booleans())
def test_no_withheld_cell_can_be_derived(cells, method, by_share, joined):
    """Not even by a reader who knows how many valid marks every withheld cell has."""
    bands = {"bands": BANDS_BY_SHARE} if by_share else {}
    one = plan(method=method, combine=joined, **TWO_UNITS, **bands)
    cols, rows = told(one, cells)
    assert leaks(one, cols, rows) == []


@settings(max_examples=60, deadline=None)
@given(some_cells)
def test_a_cell_is_told_only_where_it_is_neither_small_nor_unanimous(cells):
    cols, rows = told(plan(**TWO_UNITS), cells)
    for row in rows.values():
        for category, counts in (row.cells or {}).items():
            numbers = [counts[grade] for grade in GRADES]
            if cols.accepted[category]:
                assert sum(numbers) >= 5
                assert max(numbers) < sum(numbers)


@settings(max_examples=60, deadline=None)
@given(some_cells, st.booleans())
def test_what_is_told_is_true(cells, joined):
    one = plan(combine=joined, **TWO_UNITS)
    cols, rows = told(one, cells)
    for row in count(one, cols).rows:
        said = rows[row.subject, row.item]
        if said.low is not None:
            assert said.low <= row.score <= said.high
            assert row.band in said.bands
        if said.share_low is not None:
            assert said.share_low <= row.share <= said.share_high
    for item in {key[1] for key in rows}:
        own = [row for row in count(one, cols).of(item) if rows[row.subject, item].low is not None]
        for row in own:
            # Its true place among those that are told at all.
            place = 1 + sum(other.score > row.score for other in own)
            assert rows[row.subject, item].rank <= place <= rows[row.subject, item].rank_last


def test_a_row_without_small_cells_is_told_whole():
    _cols, rows = told(plan(), {}, default=(5, 2, 1, 0))
    row = rows["u1", "party"]
    assert (row.level, row.exact, row.rank, row.rank_last) == ("cells", True, 1, 3)
    assert row.cells["lead"]["good"] == 5
    assert row.counts["good"] == 15


def test_a_unanimous_leading_body_hides_all_categories_and_rounds_the_score():
    cells = {"lead": (9,), "heads": (20, 8, 1, 1), "members": (30, 8, 1, 1)}
    cols, rows = told(plan(), cells)
    row = rows["u1", "party"]
    assert (row.level, row.reason) == ("score", "small_cells")
    assert row.cells is row.counts is row.share_low is None
    assert row.high - row.low == F(1, 10)
    assert leaks(plan(), cols, rows) == []


def test_nearly_all_of_one_mind_are_told_a_range_that_does_not_depend_on_how_many():
    """Unanimous, or up to five of 59 of another mind: the same words."""
    said = set()
    for differ in range(6):
        cells = {"lead": (9,), "heads": (30,), "members": (20 - differ, differ)}
        _cols, rows = told(plan(), cells)
        said.add(replace(rows["u1", "party"], rank=None, rank_last=None))
    assert len(said) == 1
    (row,) = said
    assert (row.level, row.near, row.high) == ("range", "good", 100)
    # Five of nine in lead at the worst: 0.3 · 5/9 · 60 = 10.
    assert row.low == 90


def test_fewer_than_five_marks_in_all_are_told_nothing_of():
    _cols, rows = told(plan(), {}, default=(1,))
    assert {(row.level, row.reason, row.low) for row in rows.values()} == {("none", "few", None)}


def test_a_single_voter_beside_few_others_stops_the_score_too():
    cells = {"lead": (1,), "heads": (2, 1), "members": (1, 1, 1)}
    cols, rows = told(plan(), cells)
    assert "cells" not in {row.level for row in rows.values()}
    assert leaks(plan(), cols, rows) == []


def test_an_office_may_ask_for_more_than_one_other_mind():
    cells = {"lead": (8, 1), "heads": (9, 9), "members": (9, 9)}
    assert told(plan(), cells)[1]["u1", "party"].level == "cells"
    assert told(plan(min_other=2), cells)[1]["u1", "party"].level == "score"


def test_a_high_score_beside_a_unanimous_body_is_told_as_a_wider_range():
    """Five of nine could only have been of another mind if others made up for it: few could."""
    cells = {"lead": (9,), "heads": (176, 12, 2, 1), "members": (736, 48, 12, 4)}
    cols, rows = told(plan(**TWO_UNITS), cells)
    row = rows["u1", "party"]
    assert (row.level, row.low, row.high) == ("score", F("96.25"), F("98.75"))
    assert row.low <= count(plan(**TWO_UNITS), cols).row("u1", "party").score < row.high


def test_an_office_that_wants_every_place_says_so_before_the_vote():
    cells = {"lead": (9,), "heads": (29, 1), "members": (30, 8, 1, 1)}
    cells["members", "u2", "party"] = (31, 7, 1, 1)
    one = plan(scores="rounded", decimals=2, **TWO_UNITS)
    cols, rows = told(one, cells)
    assert [(row.level, row.high - row.low) for row in rows.values()] == [("score", F(1, 100))] * 2
    assert [row.rank for row in rows.values()] == [2, 1]
    # The price, told in the documents: the judge can narrow the leading body's cell.
    assert "lead" in {leak.category for leak in leaks(one, cols, rows)}


def test_items_joined_tell_no_more_than_the_items():
    one = plan(combine=True)
    cells = {("lead", "u1", "party"): (9,), "lead": (6, 2, 1), "heads": (9, 9), "members": (9, 9)}
    _cols, rows = told(one, cells)
    joined, party, clean = rows["u1", ""], rows["u1", "party"], rows["u1", "clean"]
    assert (party.level, clean.level, joined.level) == ("score", "cells", "score")
    assert joined.counts is None
    assert joined.low == (2 * party.low + clean.low) / 3


# Differences --------------------------------------------------------------------------------------

BEFORE = {"lead": (6, 2, 1), "heads": (20, 8, 2), "members": (30, 8, 2)}


@pytest.mark.parametrize(
    ("after", "level"),
    [
        ((30, 8, 2), "cells"),  # nothing changed
        ((31, 8, 2), "none"),  # one ballot more: its mark could be read off
        ((29, 9, 2), "none"),  # one mark corrected
        ((36, 8, 2), "none"),  # six more, all of one mind
        ((34, 11, 2), "cells"),  # seven more of two minds
    ],
)
def test_a_correction_is_not_told_where_the_difference_is_small(after, level):
    cells = BEFORE | {("members", "u1", "party"): after}
    _cols, rows = told(plan(), cells, earlier=[BEFORE])
    assert rows["u1", "party"].level == level
    if level == "none":
        assert rows["u1", "party"].reason == "difference"


def test_remarks_are_handed_on_only_from_enough_ballots():
    one = plan(remarks=True)
    for size, enough in ((4, False), (5, True)):
        cols = columns(one, {"lead": (size,), "heads": (0,), "members": (0,)})
        cols = replace(cols, remarks={"u1": ("多下基层",)})
        assert remarks(one, cols) == ({"u1": ("多下基层",)} if enough else {})


# The judge is no rubber stamp ---------------------------------------------------------------------


def planted(row, **changes):
    return {("u1", "party"): replace(row, **changes)}


CELLS = {"lead": (2, 1), "heads": (20, 8, 2), "members": (30, 8, 2)}


def hidden_row():
    one = plan(**ONE_ITEM, subjects=[{"code": "u1", "name": "甲"}])
    cols, rows = told(one, CELLS)
    assert leaks(one, cols, rows) == []
    return one, cols, rows["u1", "party"]


def test_the_judge_finds_a_cell_by_subtracting_the_others_from_the_total():
    one, cols, row = hidden_row()
    shown = {c: dict(cols.counts[c, "u1", "party"]) for c in ("heads", "members")}
    total = {g: sum(cols.counts[c, "u1", "party"][g] for c in CELLS) for g in GRADES}
    found = leaks(one, cols, planted(row, cells=shown, counts=total))
    assert found == [Leak("lead", "u1", "party", 0, 3)]
    # Without the total, and with the score rounded, the three marks stay open.
    assert leaks(one, cols, planted(row, cells=shown, low=F(70), high=F(95))) == []


def test_the_judge_finds_a_cell_by_the_exact_score():
    one, cols, row = hidden_row()
    shown = {c: dict(cols.counts[c, "u1", "party"]) for c in ("heads", "members")}
    score = count(one, cols).row("u1", "party").score
    (leak,) = leaks(one, cols, planted(row, cells=shown, low=score, high=score))
    assert (leak.category, leak.spread) == ("lead", 0)  # only 100 + 100 + 80 makes 280


def test_the_judge_finds_unanimity_by_a_perfect_score():
    one, _cols, row = hidden_row()
    cols = columns(one, {"lead": (3,), "heads": (30,), "members": (30,)})
    found = leaks(one, cols, planted(row, low=F(100), high=F(100)))
    assert {(leak.category, leak.spread) for leak in found} == {
        ("lead", 0), ("heads", 0), ("members", 0),
    }  # fmt: skip


def test_the_judge_finds_a_cell_by_an_items_total_over_all_units():
    one = plan(**ONE_ITEM, subjects=[{"code": "u1", "name": "甲"}, {"code": "u2", "name": "乙"}])
    cells = {"heads": (20, 8, 2), "members": (30, 8, 2), "lead": (6, 2, 1),
             ("lead", "u1", "party"): (9,)}  # fmt: skip
    cols, rows = told(one, cells)
    assert rows["u1", "party"].level == "score"
    assert rows["u2", "party"].level == "cells"
    assert leaks(one, cols, rows) == []
    keys = tuple(("lead", unit, "party") for unit in ("u1", "u2"))
    total = Sum(keys, {g: sum(cols.counts[key][g] for key in keys) for g in GRADES})
    assert Leak("lead", "u1", "party", 0, 5) in leaks(one, cols, rows, sums=[total])
