"""The engine gives the numbers that others published or computed: ASEM, HDI, EPI, GII."""

import csv
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest

from bihuan.engines.index import Frame, Node, Result, build, frame, method, tree
from bihuan.engines.index.audit import statistics

from .given import BENCH, needs_bench, numbers, read

pytestmark = needs_bench

ASEM = {
    "screen": {"min_share": 0.9},
    "impute": {"how": "group_mean", "group": "EurAsia_group"},
    "aggregate": {"how": ["amean", "amean", "amean"]},
}


@pytest.fixture(scope="module")
def asem_frame() -> Frame:
    meta, data = read("asem/asem_imeta.csv"), read("asem/asem_idata.csv")
    nodes = [
        Node(
            row["iCode"],
            level=int(row["Level"]),
            parent=row["Parent"],
            weight=float(row["Weight"]),
            direction=int(row["Direction"]),
            denominator=row["Denominator"],
        )
        for row in meta
        if row["Level"]
    ]
    grown = tree(nodes, list(data[0]))
    return frame(
        [row["uCode"] for row in data],
        grown,
        numbers(data, grown.indicators),
        groups={"EurAsia_group": [row["EurAsia_group"] for row in data]},
        denominators={
            name: [float(row[name] or "nan") for row in data]
            for name in ("Area", "Energy", "GDP", "Population")
        },
    )


@pytest.fixture(scope="module")
def asem(asem_frame: Frame) -> Result:
    return build(asem_frame, method(ASEM))


def expected(name: str, result: Result, columns: tuple[str, ...]) -> np.ndarray:
    rows = {row["uCode"]: row for row in read(f"asem/{name}.csv")}
    return numbers([rows[unit] for unit in result.units], columns)


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("default_denominated", "denominate"),
        ("default_imputed", "impute"),
        ("default_treated", "treat"),
        ("default_normalised", "normalise"),
    ],
)
def test_every_step_of_the_asem_index_is_as_coinr_computed_it(asem, name, step):
    found = next(s for s in asem.log if s.name == step).after.x
    wanted = expected(name, asem, asem.tree.indicators)
    assert np.array_equal(np.isnan(found), np.isnan(wanted))
    assert np.nanmax(np.abs(found - wanted)) <= 1e-9


def test_every_score_of_the_asem_index_is_as_coinr_computed_it(asem):
    assert len(asem.units) == 51
    wanted = expected("default_aggregated", asem, asem.tree.codes)
    assert np.abs(asem.scores - wanted).max() <= 1e-9


def test_every_rank_of_the_asem_index_is_exactly_as_coinr_computed_it(asem):
    wanted = expected("default_ranks_all_levels", asem, asem.tree.codes)
    assert np.array_equal(asem.ranks, wanted)


def test_winsorised_points_and_skewness_are_as_coinr_listed_them(asem):
    done = next(s for s in asem.log if s.name == "treat").notes["by_year"][None]
    rows = read("asem/default_treat_details.csv")
    assert len(rows) == 49
    for row in rows:
        j = asem.tree.index[row["iCode"]]
        assert done.skew[0][j] == pytest.approx(float(row["check_SkewKurt0.Skew"]), abs=1e-10)
        assert done.kurt[0][j] == pytest.approx(float(row["check_SkewKurt0.Kurt"]), abs=1e-10)
        assert done.points[j] == int(row["winsorise.nwin"] or 0)


def test_statistics_of_raw_indicators_are_as_coinr_listed_them(asem_frame):
    rows = {row["iCode"]: row for row in read("asem/default_stats_raw.csv")}
    for one in statistics(asem_frame):
        row = rows[one.node]
        told = (one.least, one.most, one.mean, one.median, one.sd, one.skew, one.kurt)
        names = ("Min", "Max", "Mean", "Median", "Std", "Skew", "Kurt")
        assert told == pytest.approx([float(row[name]) for name in names], rel=1e-9)
        counts = (one.known, one.nonzero, one.distinct, one.same)
        names = ("N.Avail", "N.NonZero", "N.Unique", "N.Same")
        assert counts == tuple(int(row[name]) for name in names)
        flags = [
            name
            for name, column, word in (
                ("few_known", "Flag.Avail", "LOW"),
                ("many_zeros", "Flag.NonZero", "LOW"),
                ("few_distinct", "Flag.Unique", "LOW"),
                ("outliers", "Flag.SkewKurt", "OUT"),
            )
            if row[column] == word
        ]
        assert list(one.flags) == flags, one.node


# HDI ----------------------------------------------------------------------------------------------

HDI = {
    "treat": {"how": "none"},
    "normalise": {
        "how": "goalposts",
        "each": {
            "le": {"how": "goalposts", "lower": 20, "upper": 85},
            "eys": {"how": "goalposts", "lower": 0, "upper": 18},
            "mys": {"how": "goalposts", "lower": 0, "upper": 15},
            "gnipc": {"how": "goalposts", "lower": 100, "upper": 75000, "log": True},
        },
    },
    "aggregate": {"how": ["amean", "gmean"]},
}
HDI_NODES_LEAVES = ("le", "eys", "mys", "gnipc")
HDI_NODES = [
    Node("le", level=1, parent="health"),
    Node("eys", level=1, parent="education"),
    Node("mys", level=1, parent="education"),
    Node("gnipc", level=1, parent="income"),
    Node("health", level=2, parent="hdi"),
    Node("education", level=2, parent="hdi"),
    Node("income", level=2, parent="hdi"),
    Node("hdi", level=3),
]


def hdi(rows: list[dict[str, str]]) -> Result:
    grown = tree(HDI_NODES, ("le", "eys", "mys", "gnipc"))
    units = [f"{row['iso3']}-{row['year']}" for row in rows]
    return build(frame(units, grown, numbers(rows, grown.indicators)), method(HDI))


def test_the_human_development_index_is_as_published_to_three_decimals():
    rows = read("hdi/hdi_2017_2021.csv")
    found = hdi(rows)
    wrong = [
        (unit, score, row["hdi"])
        for unit, score, row in zip(found.units, found.top, rows, strict=True)
        if Decimal(float(score)).quantize(Decimal("0.001"), ROUND_HALF_EVEN) != Decimal(row["hdi"])
    ]
    assert wrong == []


def test_the_human_development_index_can_be_computed_for_all_5571_country_years():
    rows = read("hdi/hdi_2017_2021.csv") + read("hdi/hdi_inputs_1990_2016.csv")
    found = hdi(rows)
    assert len(found.units) == 5571
    # By hand, apart from the engine: technical note 1 of the report.
    le, eys, mys, gni = (np.array([float(row[n]) for row in rows]) for n in HDI_NODES_LEAVES)
    health = np.minimum((le - 20) / 65, 1)
    schooling = (np.minimum(eys / 18, 1) + np.minimum(mys / 15, 1)) / 2
    income = np.minimum(np.log(gni / 100) / np.log(750), 1)
    assert np.abs(found.top - np.cbrt(health * schooling * income)).max() < 1e-12


# EPI ----------------------------------------------------------------------------------------------

# Published in the EPI 2020 report (Wendling et al. 2020, table ES-1 and country profiles).
EPI = {"DNK": 82.5, "LUX": 82.3, "CHE": 81.5, "GBR": 81.3, "FRA": 80.0, "AUT": 79.6, "FIN": 78.9}
EPI |= {"SWE": 78.7, "NOR": 77.7, "DEU": 77.2, "JPN": 75.1, "USA": 69.3, "CHN": 37.3, "IND": 27.6}
EPI |= {"LBR": 22.6}


def test_the_environmental_performance_index_comes_out_although_cells_are_missing():
    shape, rows = (
        read("epi2020/epi2020_structure.csv"),
        read("epi2020/epi2020_indicator_scores.csv"),
    )
    nodes = [
        Node(
            row["code"],
            level=int(row["level"]),
            parent=row["parent"],
            weight=float(row["weight_within_parent"]),
        )
        for row in shape
    ]
    grown = tree(nodes, list(rows[0]))
    given = frame([row["iso"] for row in rows], grown, numbers(rows, grown.indicators))
    found = build(given, method({"treat": {"how": "none"}, "normalise": {"how": "none"}}))
    assert int(np.isnan(given.x).sum()) == 446
    assert not np.isnan(found.top).any()
    # Inputs are rounded to 0.1, so the last digit may turn.
    assert {u: found.top[found.row(u)] for u in EPI} == pytest.approx(EPI, abs=0.06)
    assert [found.units[i] for i in np.argsort(found.top_ranks)[:3]] == ["DNK", "LUX", "CHE"]


# GII ----------------------------------------------------------------------------------------------

# Published for 2021 in the Human Development Report 2021/22, table 5.
GII = {"DNK": 0.013, "NOR": 0.016, "CHE": 0.018, "SWE": 0.023, "NLD": 0.025, "USA": 0.179}
GII |= {"CHN": 0.192, "IND": 0.490, "AFG": 0.678, "YEM": 0.820}

# Technical note 4: (children, function); a trailing 2 marks the second use of an indicator.
GII_TREE = {
    "GII": (("equal", "both"), "shortfall", 6),
    "equal": (("women", "men"), "hmean", 4),
    "both": (("health2", "empowerment2", "labour2"), "gmean", 5),
    "women": (("health_f", "empowerment_f", "labour_f"), "gmean", 3),
    "men": (("one", "empowerment_m", "labour_m"), "gmean", 3),
    "health2": (("health_f2", "one2"), "amean", 4),
    "empowerment2": (("empowerment_f2", "empowerment_m2"), "amean", 4),
    "labour2": (("labour_f2", "labour_m2"), "amean", 4),
    "health_f": (("mmr", "abr"), "gmean", 2),
    "health_f2": (("mmr2", "abr2"), "gmean", 2),
    "empowerment_f": (("pr_f", "se_f"), "gmean", 2),
    "empowerment_f2": (("pr_f2", "se_f2"), "gmean", 2),
    "empowerment_m": (("pr_m", "se_m"), "gmean", 2),
    "empowerment_m2": (("pr_m2", "se_m2"), "gmean", 2),
}


def gii(rows: list[dict[str, str]]) -> Result:
    def column(name: str) -> np.ndarray:
        return np.array([float(row[name]) for row in rows])

    columns = {
        "mmr": 10 / np.clip(column("mmr"), 10, 1000),
        "abr": 1 / column("abr"),
        "pr_f": np.maximum(column("pr_f"), 0.1) / 100,
        "one": np.ones(len(rows)),
        "labour_f": column("lfpr_f") / 100,
        "labour_m": column("lfpr_m") / 100,
        **{name: column(name) / 100 for name in ("se_f", "se_m", "pr_m")},
    }
    columns |= {f"{name}2": values for name, values in columns.items()}
    nodes = [Node("GII", level=6)]
    for parent, (children, _how, level) in GII_TREE.items():
        for child in children:
            below = GII_TREE[child][2] if child in GII_TREE else 1
            assert below < level
            nodes.append(Node(child, level=below, parent=parent))
    grown = tree(nodes)
    x = np.array([columns[code] for code in grown.indicators]).T
    hows = {parent: how for parent, (_children, how, _level) in GII_TREE.items()}
    units = [f"{row['iso3']}-{row['year']}" for row in rows]
    recipe = {
        "treat": {"how": "none"},
        "normalise": {"how": "none"},
        "aggregate": {"how": "amean", "node": hows},
    }
    return build(frame(units, grown, x), method(recipe))


def test_the_gender_inequality_index_comes_out_of_a_nested_tree():
    found = gii(read("gii_inputs/gii_inputs.csv"))
    told = {code: round(float(found.top[found.row(f"{code}-2021")]), 3) for code in GII}
    assert told == GII
    assert ((found.top > 0) & (found.top < 1)).all()


def test_no_bench_file_was_copied_into_this_checkout():
    here = {p.name for p in (BENCH / "index").rglob("*.csv")}
    root = BENCH.__class__(__file__).resolve().parents[3]
    mine = {p.name for part in ("src", "tests", "docs") for p in (root / part).rglob("*.csv")}
    assert not here & mine


def test_the_command_line_gives_the_same_asem_scores_bit_by_bit(asem, tmp_path):
    from bihuan.cli.offline import run

    recipe = tmp_path / "method.toml"
    recipe.write_text(
        '[screen]\nmin_share = 0.9\n[impute]\nhow = "group_mean"\ngroup = "EurAsia_group"\n'
    )
    folder = BENCH / "index" / "asem"
    words = ["build", "--data", f"{folder}/asem_idata.csv"]
    words += ["--meta", f"{folder}/asem_imeta.csv", "--method", str(recipe)]
    assert run([*words, "--out", str(tmp_path / "out")]) == 0
    with (tmp_path / "out" / "scores.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [row["uCode"] for row in rows] == list(asem.units)
    assert np.array_equal(numbers(rows, asem.tree.codes), asem.scores)
