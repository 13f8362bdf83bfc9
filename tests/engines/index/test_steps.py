"""Each step by itself: what it does, what it notes, and what it refuses."""

import numpy as np
import pytest

from bihuan.engines.index import Node, Unfit, build, frame, method, tree
from bihuan.engines.index.frame import CARRIED, IMPUTED, MISSING, TREATED
from bihuan.engines.index.method import Scale
from bihuan.engines.index.normalise import norms, one_scored, scored
from bihuan.engines.index.rank import EXIT_2016, EXIT_2021, in_last, leaving, ranks

from .given import grove, later, some

PLAIN = {"treat": {"how": "none"}}


def flat(x, **more):
    """One indicator after another under one top."""
    count = np.asarray(x).shape[1]
    nodes = [Node(f"i{j}", parent="top") for j in range(count)]
    grown = tree([*nodes, Node("top", level=2)], [f"i{j}" for j in range(count)])
    return frame([f"u{i}" for i in range(len(x))], grown, x, **more)


def gappy():
    given = some(12)
    x = np.array(given.x)
    x[0, 0] = x[3, 0] = x[5, 2] = np.nan
    return frame(given.units, given.tree, x, groups=given.groups)


# Gaps ---------------------------------------------------------------------------------------------


def test_a_gap_takes_the_mean_of_its_own_group():
    given = gappy()
    told = method({**PLAIN, "impute": {"how": "group_mean", "group": "region"}})
    filled = next(s for s in build(given, told).log if s.name == "impute")
    group = [i for i in range(12) if i % 3 == 0 and i not in (0, 3)]
    assert filled.after.x[0, 0] == pytest.approx(given.x[group, 0].mean())
    assert [(c.unit, c.node) for c in filled.cells()] == [
        ("u000", "i0"), ("u003", "i0"), ("u005", "i2"),
    ]  # fmt: skip
    assert filled.after.status[0, 0] == IMPUTED
    assert filled.before.status[0, 0] == MISSING


@pytest.mark.parametrize(("how", "wanted"), [("mean", np.nanmean), ("median", np.nanmedian)])
def test_a_gap_takes_the_mean_or_median_of_all(how, wanted):
    given = gappy()
    filled = build(given, method({**PLAIN, "impute": {"how": how}})).treated
    assert filled.x[5, 2] == pytest.approx(wanted(given.x[:, 2]))


def years(x):
    """Two units, year by year."""
    grown = tree([Node("a", parent="t"), Node("b", parent="t"), Node("t", level=2)], ("a", "b"))
    when = [2018 + i // 2 for i in range(len(x))]
    return frame(["u", "v"] * (len(x) // 2), grown, x, years=when)


def test_a_gap_takes_the_last_known_value_and_never_a_later_one():
    given = years([[1.0, 1], [5, 2], [np.nan, 3], [6, 4], [3, 5], [np.nan, 6]])
    told = method({**PLAIN, "impute": {"how": "last"}})
    filled = build(given, told).treated
    assert (filled.x[2, 0], filled.x[5, 0]) == (1.0, 6.0)
    assert filled.status[2, 0] == CARRIED


def test_a_gap_between_two_years_lies_on_the_line_between_them():
    given = years([[1.0, 1], [5, 2], [np.nan, 3], [6, 4], [3, 5], [7, 6]])
    assert build(given, method({**PLAIN, "impute": {"how": "linear"}})).treated.x[2, 0] == 2.0


def test_values_of_one_year_only_cannot_be_carried_over():
    with pytest.raises(Unfit) as refusal:
        build(gappy(), method({"impute": {"how": "last"}}))
    assert refusal.value.faults[0].code == "no_years"


def test_units_with_too_few_values_are_screened_out_and_named():
    given = gappy()
    told = method({**PLAIN, "screen": {"min_share": 0.9, "before": True}})
    result = build(given, told)
    step = next(s for s in result.log if s.name == "screen")
    assert step.dropped == ("u000", "u003", "u005")
    assert len(result.units) == 9


def test_a_zero_denominator_is_named_and_never_divided_by():
    nodes = [Node("a", parent="t", denominator="pop"), Node("b", parent="t"), Node("t", level=2)]
    given = frame(
        ["u", "v", "w"],
        tree(nodes, ("a", "b")),
        [[1.0, 1], [2, 2], [3, 4]],
        denominators={"pop": [1.0, 0.0, 2.0]},
    )
    with pytest.raises(Unfit) as refusal:
        build(given)
    assert [(f.code, f.params["unit"]) for f in refusal.value.faults] == [("zero_denominator", "v")]


# Outliers -----------------------------------------------------------------------------------------


def test_an_outlier_is_moved_to_the_next_value_and_listed():
    x = np.column_stack([np.append(np.linspace(1, 2, 19), 100.0), np.linspace(0, 1, 20)])
    step = next(s for s in build(flat(x)).log if s.name == "treat")
    cells = list(step.cells())
    assert [(c.unit, c.node, c.before, c.after) for c in cells] == [("u19", "i0", 100.0, 2.0)]
    assert step.after.status[19, 0] == TREATED


def test_the_original_is_logged_where_winsorising_is_not_enough():
    x = np.append(np.linspace(1, 2, 19), 100.0)
    told = method({"treat": {"winmax": 0}})
    result = build(flat(np.column_stack([x, np.arange(20.0)])), told)
    wanted = np.log(x - 1 + 0.01 * 99)
    assert np.allclose(result.treated.x[:, 0], wanted, rtol=0, atol=1e-14)


def test_a_long_lower_tail_is_logged_from_the_other_side():
    x = np.append(np.linspace(1, 2, 19), 100.0)
    told = method({"treat": {"winmax": 0, "then": "log_ct_plus"}})
    result = build(flat(np.column_stack([-x, x])), told)
    logged = np.log(x - 1 + 0.01 * 99)
    assert np.allclose(result.treated.x, np.column_stack([-logged, logged]), rtol=0, atol=1e-14)


def test_an_indicator_that_is_to_be_left_alone_is_left_alone():
    x = np.column_stack([np.append(np.linspace(1, 2, 19), 100.0), np.arange(20.0)])
    result = build(flat(x), method({"treat": {"skip": ["i0"]}}))
    assert np.array_equal(result.treated.x, x)


# Norms --------------------------------------------------------------------------------------------


def test_a_constant_indicator_is_refused_by_name():
    x = np.column_stack([np.ones(5), np.arange(5.0), np.ones(5)])
    with pytest.raises(Unfit) as refusal:
        build(flat(x))
    assert [(f.code, f.params["node"]) for f in refusal.value.faults] == [
        ("constant", "i0"), ("constant", "i2"),
    ]  # fmt: skip


def test_an_indicator_alone_scores_as_it_does_among_all():
    given = some()
    for how in ("minmax", "zscore", "rank", "prank", "borda", "dist2max", "efficacy_exp"):
        spec = method({"normalise": {"how": how}}).normalise
        fitted = norms(given.columns, given.tree, spec)
        whole = scored(given.columns, fitted)
        for leaf in (0, 4):
            alone = one_scored(given.columns[leaf].copy(), leaf, fitted)
            assert np.array_equal(alone, whole[leaf]), how


def test_where_less_is_better_the_least_scores_most():
    given = some()
    for how in ("minmax", "zscore", "rank", "dist2max", "fracmax", "efficacy_linear"):
        result = build(given, method({**PLAIN, "normalise": {"how": how}}))
        assert result.normalised.x[:, 4].argmax() == given.x[:, 4].argmin(), how


def test_anchors_may_come_from_each_year_all_years_or_one():
    x = np.array([[0.0, 1], [10, 2], [5, 1], [20, 2]])
    given = years(x)
    own = build(given, method(PLAIN)).normalised.x[:, 0]
    pooled = build(given, method({**PLAIN, "year": {"anchors": "pooled"}})).normalised.x[:, 0]
    fixed = build(given, method({**PLAIN, "year": {"anchors": 2018}})).normalised.x[:, 0]
    assert own.tolist() == [0, 100, 0, 100]
    assert pooled.tolist() == [0, 50, 25, 100]
    assert fixed.tolist() == [0, 100, 50, 200]


def test_a_value_in_the_best_interval_scores_full_and_less_the_farther_out():
    x = np.array([[0.0, 1], [4, 2], [6, 3], [10, 4], [5, 5]])
    each = {"i0": {"how": "interval", "best_low": 4, "best_high": 6}}
    result = build(flat(x), method({**PLAIN, "normalise": {"each": each}}))
    assert result.normalised.x[:, 0].tolist() == [0, 1, 1, 0, 1]


def test_a_value_below_every_band_is_refused():
    x = np.array([[0.0, 1], [4, 2], [6, 3]])
    each = {"i0": {"how": "bands", "bands": [[1, 10], [5, 20]]}}
    with pytest.raises(Unfit) as refusal:
        build(flat(x), method({**PLAIN, "normalise": {"each": each}}))
    assert [(f.code, f.params["unit"]) for f in refusal.value.faults] == [("not_normalised", "u0")]


def test_a_logarithm_of_nothing_is_refused_by_unit():
    x = np.array([[0.0, 1], [4, 2], [6, 3]])
    each = {"i0": {"how": "minmax", "log": True}}
    with pytest.raises(Unfit) as refusal:
        build(flat(x), method({**PLAIN, "normalise": {"each": each}}))
    assert refusal.value.faults[0].params["unit"] == "u0"


def test_a_scale_of_its_own_is_given_to_an_indicator_by_name():
    with pytest.raises(Unfit) as refusal:
        build(some(), method({"normalise": {"each": {"none": {"how": "rank"}}}}))
    assert refusal.value.faults[0].code == "unknown_node"
    assert Scale().how == "minmax"


# Means --------------------------------------------------------------------------------------------


def test_zero_under_a_geometric_mean_is_refused_by_unit_and_child():
    with pytest.raises(Unfit) as refusal:
        build(some(), method({**PLAIN, "aggregate": {"how": ["gmean", "amean"]}}))
    faults = refusal.value.faults
    assert {f.code for f in faults} == {"not_positive"}
    assert {f.params["child"] for f in faults} == {f"i{j}" for j in range(8)}


def test_a_zero_fits_a_power_mean_of_a_positive_power_only():
    x = [[0.0, 4.0], [9.0, 1.0]]
    recipe = {**PLAIN, "normalise": {"how": "none"}}
    half = method({**recipe, "aggregate": {"how": "genmean", "p": 0.5}})
    assert build(flat(x), half).top.tolist() == [1.0, 4.0]  # ((0 + 2) / 2)², ((3 + 1) / 2)²
    with pytest.raises(Unfit) as refusal:
        build(flat(x), method({**recipe, "aggregate": {"how": "genmean", "p": -1}}))
    assert [f.code for f in refusal.value.faults] == ["not_positive"]


def test_a_missing_child_is_made_up_for_by_the_others():
    result = build(gappy(), method(PLAIN))
    row, tree_ = result.scores[0], result.tree
    kids = [c for c in tree_.children[tree_.index["p0"]] if c != 0]
    assert row[tree_.index["p0"]] == pytest.approx(row[kids].mean())


def test_a_parent_with_too_few_children_is_missing_itself():
    result = build(gappy(), method({**PLAIN, "aggregate": {"min_share": 0.8}}))
    assert np.isnan(result.scores[0, result.tree.index["p0"]])
    # Two of three pillars are below 0.8 as well, so the unit is not ranked at all.
    assert np.isnan(result.top[0])
    assert (result.top_ranks[0], result.top_ranks.max()) == (0, 9)
    lenient = build(gappy(), method({**PLAIN, "aggregate": {"min_share": 0.6}}))
    # u005 knows one of two indicators of p2; its other two pillars are enough for the top.
    assert np.isnan(lenient.scores[5, lenient.tree.index["p2"]])
    assert np.isfinite(lenient.top).all()
    strict = method({**PLAIN, "aggregate": {"refuse_missing": True}})
    with pytest.raises(Unfit) as refusal:
        build(gappy(), strict)
    assert {f.code for f in refusal.value.faults} == {"child_missing"}


@pytest.mark.parametrize("how", ["median", "min", "max", "topsis", "owa", "mpi", "copeland"])
def test_every_mean_copes_with_a_gap_and_with_a_copy_beside_it(how):
    told = method({**PLAIN, "normalise": {"lower": 1, "upper": 100}, "aggregate": {"how": how}})
    result = build(gappy(), told)
    assert np.isfinite(result.top).all()
    assert set(result.top_ranks) <= set(range(1, 13))


def test_a_node_may_have_a_function_of_its_own():
    told = method({**PLAIN, "normalise": {"lower": 1}, "aggregate": {"node": {"p1": "gmean"}}})
    result = build(some(), told)
    kids = list(result.tree.children[result.tree.index["p1"]])
    wanted = np.exp(np.log(result.scores[:, kids]).mean(axis=1))
    assert np.allclose(result.scores[:, result.tree.index["p1"]], wanted)


def test_the_number_of_functions_must_fit_the_levels():
    with pytest.raises(Unfit) as refusal:
        build(some(), method({"aggregate": {"how": ["amean"] * 3}}))
    assert refusal.value.faults[0].params == {"field": "aggregate.how", "found": 3, "wanted": 2}


# Ranks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ties", "wanted"),
    [("min", [1, 2, 2, 4, 0]), ("max", [1, 3, 3, 4, 0]), ("dense", [1, 2, 2, 3, 0]),
     ("first", [1, 2, 3, 4, 0])],
)  # fmt: skip
def test_equal_scores_share_a_rank_by_the_tie_rule(ties, wanted):
    scores = np.array([9.0, 5.0, 5.0, 1.0, np.nan])
    assert ranks(scores, ties).tolist() == wanted
    assert ranks(np.array([scores, scores[::-1]]), ties)[0].tolist() == wanted


def test_leagues_are_ranked_each_for_itself():
    given = some(9)
    result = build(given, method({**PLAIN, "rank": {"league": "region"}}))
    east = [i for i in range(9) if i % 3 == 0]
    order = sorted(east, key=lambda i: -result.top[i])
    assert [int(result.league_ranks[i]) for i in order] == [1, 2, 3]


def test_points_caps_and_vetoes_are_told_unit_by_unit():
    base = build(some(9), method(PLAIN))
    best = base.units[int(base.top.argmax())]
    rules = [
        {"reason": "通报表扬", "unit": "u000", "points": 2.0},
        {"reason": "一票否决", "unit": best, "last": True},
        {"reason": "短板封顶", "node": "p0", "test": "below", "limit": 20.0, "cap": 30.0},
    ]
    result = base.again(adjust=method({"adjust": rules}).adjust)
    assert result.top_ranks[result.row(best)] == 9
    lines = {(line.unit, line.reason): line for line in result.adjusted}
    praised = lines["u000", "通报表扬"]
    assert praised.after - praised.before == pytest.approx(2.0)
    weak = {u for u in base.units if base.scores[base.row(u), base.tree.index["p0"]] < 20}
    assert {u for u, reason in lines if reason == "短板封顶"} == weak
    assert all(result.top[result.row(u)] <= 30 for u in weak)


def test_what_one_rule_gives_to_one_unit_has_a_limit_and_a_correction_takes_back():
    base = build(some(9), method(PLAIN))

    def counted(*points):
        given = [
            {"reason": "r", "rule": "praise", "unit": "u000", "points": p, "most": 3.0}
            for p in points
        ]
        given.append({"reason": "r", "rule": "praise", "unit": "u001", "points": 2.0, "most": 3.0})
        result = base.again(adjust=method({"adjust": given}).adjust)
        assert [line.asked for line in result.adjusted] == [*points, 2.0]
        return [round(line.after - line.before, 9) for line in result.adjusted]

    assert counted(2.0, 2.0, 2.0) == [2.0, 1.0, 0.0, 2.0]  # the other unit has a limit of its own
    assert counted(5.0, -4.0) == [3.0, -2.0, 2.0]  # 5 − 4 = 1 is left
    assert counted(-2.0, -2.0) == [-2.0, -1.0, 2.0]
    with pytest.raises(Unfit):
        method({"adjust": [{"reason": "r", "unit": "u", "points": 1.0, "most": 0.0}]})


def test_the_2016_rule_removes_the_last_five_two_years_running():
    years_ = [{"a": True, "b": True}, {"a": False, "b": True}, {"a": True, "b": True}]
    assert leaving(years_, EXIT_2016) == ("b",)
    assert leaving(years_[:1], EXIT_2016) == ()


def test_the_2021_rule_removes_those_twice_in_the_last_five_within_three_years():
    years_ = [{"a": True, "b": False}, {"a": False, "b": True}, {"a": True, "b": False}]
    assert leaving(years_, EXIT_2021) == ("a",)
    assert leaving([{"a": True}, {"b": True}, {}, {"a": True}], EXIT_2021) == ()


def test_ties_at_the_line_are_all_among_the_last():
    assert in_last(np.array([5.0, 1.0, 1.0, 3.0]), 1).tolist() == [False, True, True, False]


# The run ------------------------------------------------------------------------------------------


def test_a_run_is_built_again_with_one_argument_changed():
    result = build(some(30, seed=3))
    other = result.again(treat={"winmax": 0, "then": "none"})
    assert np.array_equal(other.treated.x, other.given.x)
    assert other.method.normalise == result.method.normalise
    assert result.digest != other.digest
    assert other.again(treat={"winmax": 5, "then": "log"}).digest == result.digest


def test_another_value_gives_another_digest():
    assert build(some()).digest != build(later(some())).digest
    assert build(some()).digest == build(some()).digest


def test_a_tree_of_one_level_needs_no_pillars():
    result = build(flat(np.arange(12.0).reshape(4, 3) ** 1.1))
    assert result.top_ranks.tolist() == [4, 3, 2, 1]
    assert grove().leaves == 8
