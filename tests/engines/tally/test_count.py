"""Counting: exact, the same in any order, and by hand where a hand can follow."""

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.engines.tally.columns import gather
from bihuan.engines.tally.count import count

from .rated import cast, columns, plan

F = Fraction


def rows(one, cells, item="party", **more):
    return {row.subject: row for row in count(one, columns(one, cells, **more)).of(item)}


def test_a_score_is_the_weighted_mean_of_the_categories_means():
    """By hand: lead (100·2+80·1)/3 = 280/3, heads 90, members 60; 0.3·280/3 + 0.4·90 + 0.3·60."""
    found = rows(plan(), {"lead": (2, 1), "heads": (1, 1), "members": (0, 0, 4)})["u1"]
    assert [cell.points for cell in found.cells] == [F(280, 3), F(90), F(60)]
    assert found.score == F(28) + F(36) + F(18) == F(82)
    assert found.share == F(3, 9)
    assert (found.valid, found.band) == (9, "B")


def test_marks_that_are_no_grade_are_counted_and_do_not_count():
    one = plan(subjects=[{"code": "u1", "name": "甲"}], items=[{"code": "party", "name": "党建"}])
    given_marks = ["good", "poor", "abstain", "", "own"]
    found = count(one, gather(one, [cast(one, "lead", mark) for mark in given_marks]))
    (row,) = found.rows
    assert (row.valid, row.score) == (2, F(70))
    assert [row.counts[mark] for mark in ("abstain", "", "own", "void")] == [1, 1, 1, 0]


def test_a_category_without_a_valid_mark_gives_its_weight_away_or_there_is_no_result():
    cells = {"lead": (0,), "heads": (1, 1), "members": (1,)}
    assert rows(plan(), cells)["u1"].score == (F(4, 10) * 90 + F(3, 10) * 100) / F(7, 10)
    none = rows(plan(empty_category="no_result"), cells)["u1"]
    assert (none.score, none.rank, none.band, none.reason) == (None, None, "", "empty_category")
    nothing = rows(plan(), {}, default=(0,))["u1"]
    assert (nothing.score, nothing.reason) == (None, "no_marks")


def test_the_share_method_counts_what_is_good_and_nothing_else():
    cells = {"lead": (1, 1), "heads": (1, 3), "members": (0, 0, 1)}
    assert rows(plan(method="share"), cells)["u1"].score == F(15) + F(10)
    wide = rows(plan(method="share", good=["good", "fair"]), cells)["u1"]
    assert wide.score == F(70)
    assert wide.share == F(6, 7)


def test_the_rank_method_turns_places_into_points_category_by_category():
    cells = {
        ("lead", "u1", "party"): (2,), ("lead", "u2", "party"): (1, 1),
        ("lead", "u3", "party"): (0, 2),
        ("heads", "u1", "party"): (1, 1), ("heads", "u2", "party"): (1, 1),
        ("heads", "u3", "party"): (2,),
        "members": (1,),
    }  # fmt: skip
    found = rows(plan(method="rank"), cells)
    # Places: lead 1, 2, 3; heads 2½, 2½, 1; members all 2. Points 100 (3 − r) / 2.
    assert [found[u].score for u in ("u1", "u2", "u3")] == [
        F(3, 10) * 100 + F(4, 10) * 25 + F(3, 10) * 50,
        F(3, 10) * 50 + F(4, 10) * 25 + F(3, 10) * 50,
        F(0) + F(4, 10) * 100 + F(3, 10) * 50,
    ]
    assert [found[u].rank for u in ("u1", "u2", "u3")] == [1, 3, 2]
    assert found["u1"].score == found["u3"].score == 55
    assert found["u3"].decided_by == "share"


def test_bands_ask_for_score_and_share():
    bands = [
        {"code": "A", "name": "好", "score": 80, "share": "1/2"},
        {"code": "B", "name": "较好", "score": 80},
        {"code": "C", "name": "一般"},
    ]
    one = plan(bands=bands)
    assert rows(one, {}, default=(1, 1))["u1"].band == "A"
    assert rows(one, {}, default=(1, 2))["u1"].band == "B"
    assert rows(one, {}, default=(0, 0, 1))["u1"].band == "C"


TIES = {
    "share": ("share", {"u1": (2, 0, 2), "u2": (0, 4, 0)}),
    "fewest": ("fewest:poor", {"u1": (0, 4, 0, 0), "u2": (2, 1, 0, 1)}),
    "majority": ("majority", {"u1": (0, 4, 0, 0), "u2": (2, 0, 2, 0)}),
}


@pytest.mark.parametrize(("link", "cells"), TIES.values(), ids=TIES)
def test_equal_scores_are_parted_by_the_chain_that_the_plan_names(link, cells):
    one = plan(
        ties=[link, "shared"],
        subjects=[{"code": "u1", "name": "甲"}, {"code": "u2", "name": "乙"}],
    )
    marks = {(c.code, u, "party"): n for c in one.categories for u, n in cells.items()}
    found = rows(one, marks)
    assert found["u1"].score == found["u2"].score
    assert [(found[u].rank, found[u].decided_by, found[u].shared) for u in ("u1", "u2")] == [
        (1, link, False), (2, link, False),
    ]  # fmt: skip


def test_the_leading_bodys_mark_may_part_equals_and_what_nothing_parts_shares_its_rank():
    one = plan(ties=["category:lead", "shared"])
    cells = {
        ("lead", "u1", "party"): (0, 4), ("lead", "u2", "party"): (2, 0, 2),
        ("lead", "u3", "party"): (4,),
        ("members", "u3", "party"): (0, 0, 3), "heads": (1,), "members": (0, 3),
    }  # fmt: skip
    found = rows(one, cells)
    assert len({row.score for row in found.values()}) == 1
    assert [(found[u].rank, found[u].shared) for u in ("u3", "u1", "u2")] == [
        (1, False), (2, True), (2, True),
    ]  # fmt: skip


def test_three_items_stay_three_results_unless_the_plan_joins_them():
    assert {row.item for row in count(plan(), columns(plan(), {})).rows} == {"party", "clean"}
    one = plan(combine=True, ties=["item:party", "shared"])
    cells = {
        ("lead", "u1", "party"): (1,), ("lead", "u1", "clean"): (0, 0, 0, 1),
        ("lead", "u2", "party"): (0, 1), ("lead", "u2", "clean"): (0, 1),
        "heads": (1,), "members": (1,),
    }  # fmt: skip
    found = count(one, columns(one, cells))
    # party 100 and clean 82 by weights 2 and 1; party 94 and clean 94.
    assert [found.row(u, "").score for u in ("u1", "u2")] == [F(94), F(94)]
    assert [found.row(u, "").rank for u in ("u1", "u2")] == [2, 3]
    assert found.row("u1", "").decided_by == "item:party"


counts = st.tuples(*[st.integers(0, 6)] * 4)
cells_of = st.fixed_dictionaries(
    {
        (c, u, i): counts
        for c in ("lead", "heads", "members")
        for u in ("u1", "u2", "u3")
        for i in ("party", "clean")
    }
)
methods = st.sampled_from(["points", "share", "rank"])


@given(cells_of, methods)
def test_a_score_lies_between_the_worst_and_the_best_grade(cells, method):
    for row in count(plan(method=method), columns(plan(), cells)).rows:
        assert row.score is None or (0 if method != "points" else 40) <= row.score <= 100


@given(cells_of, methods, st.integers(2, 5))
def test_doubling_every_ballot_or_every_weight_changes_no_score_and_no_rank(cells, method, times):
    one = plan(method=method, combine=True, ties=["share", "majority", "shared"])
    found = count(one, columns(one, cells))
    more = {key: tuple(times * n for n in number) for key, number in cells.items()}
    weights = tuple(replace(c, weight=c.weight * times) for c in one.categories)
    for other in (
        count(one, columns(one, more)),
        count(replace(one, categories=weights), columns(one, cells)),
    ):
        assert [(r.score, r.rank, r.band) for r in other.rows] == [
            (r.score, r.rank, r.band) for r in found.rows
        ]


@given(cells_of, methods, st.permutations(["u1", "u2", "u3"]))
def test_the_order_of_units_in_the_plan_changes_no_rank(cells, method, order):
    one = plan(method=method, ties=["majority", "fewest:poor", "category:lead", "shared"])
    by_code = {subject.code: subject for subject in one.subjects}
    other = replace(one, subjects=tuple(by_code[code] for code in order))
    found, again = (count(each, columns(each, cells)) for each in (one, other))
    for row in found.rows:
        same = again.row(row.subject, row.item)
        assert (same.score, same.rank, same.decided_by) == (row.score, row.rank, row.decided_by)


@given(cells_of, st.sampled_from(["points", "share"]))
def test_a_better_mark_never_harms_its_own_unit(cells, method):
    one = plan(method=method)
    good, fair, average, poor = cells["lead", "u1", "party"]
    if not poor:
        return
    better = cells | {("lead", "u1", "party"): (good + 1, fair, average, poor - 1)}
    before, after = (rows(one, each)["u1"] for each in (cells, better))
    assert after.score >= before.score
    assert after.rank <= before.rank


def test_ranks_of_any_three_scores_are_those_of_sorting():
    for scores in permutations([(4,), (2, 2), (0, 4)]):
        cells = {("lead", f"u{n}", "party"): s for n, s in enumerate(scores, 1)}
        found = rows(plan(), {**cells, "heads": (1,), "members": (1,)})
        assert [found[f"u{n}"].rank for n in (1, 2, 3)] == [
            1 + [(4,), (2, 2), (0, 4)].index(s) for s in scores
        ]
