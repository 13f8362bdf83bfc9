"""`bihuan index …`: files in, files out, every fault at once, and nothing else woken."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook, load_workbook

from bihuan.cli.main import _command
from bihuan.cli.offline import run
from bihuan.cli.offline.reading import read
from bihuan.engines.index import build
from bihuan.exchange.index_tables import csv_bytes, number

from .given import DATA

IDATA, IMETA, METHOD = (str(DATA / name) for name in ("idata.csv", "imeta.csv", "method.toml"))
GIVEN = ["--data", IDATA, "--meta", IMETA, "--method", METHOD, "--year", "2020"]


@pytest.fixture(autouse=True)
def _in_chinese(monkeypatch):
    monkeypatch.setenv("BIHUAN_LANG", "zh")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Runs of 2019 and 2020."""
    base = tmp_path_factory.mktemp("runs")
    for year in ("2019", "2020"):
        assert run(["build", *GIVEN[:-1], year, "--out", str(base / year)]) == 0
    return base


def rows(path):
    with path.open(encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def as_cell(text):
    value = number(text)
    return text or None if value is None or np.isnan(value) else value


def told(capsys, words, status=1):
    assert run(words) == status
    return capsys.readouterr().err.splitlines()


# Building -----------------------------------------------------------------------------------------


def test_a_build_leaves_every_table_and_its_doubles_round_trip(folders):
    out = folders / "2020"
    given = read(DATA / "idata.csv", DATA / "imeta.csv", DATA / "method.toml", 2020)
    result = build(given.frame, given.method)
    for name, values in (("treated", result.treated.x), ("normalised", result.normalised.x)):
        table = rows(out / f"{name}.csv")
        assert [r["uCode"] for r in table] == list(result.units)
        read_back = [[float(r[c] or "nan") for c in result.tree.indicators] for r in table]
        assert np.array_equal(np.array(read_back), values, equal_nan=True)
    scores = rows(out / "scores.csv")
    assert list(scores[0]) == ["uCode", *result.tree.codes]
    assert list(scores[0])[-1] == "total"
    assert [float(r["total"]) for r in scores] == result.top.tolist()
    assert [int(r["total"]) for r in rows(out / "ranks.csv")] == result.top_ranks.tolist()
    leagues = rows(out / "leagues.csv")
    assert {r["rank"] for r in leagues if r["league"] == "东部"} == {"1", "2", "3", "4"}


def test_run_json_says_how_it_was_made(folders):
    told_ = json.loads((folders / "2020" / "run.json").read_text())
    assert told_["label"] == "测算值"
    assert [step["step"] for step in told_["log"]] == [
        "denominate", "impute", "screen", "treat", "normalise", "weigh", "aggregate", "rank",
    ]  # fmt: skip
    filled = next(s for s in told_["log"] if s["step"] == "impute")["cells"]
    assert [(c["unit"], c["node"]) for c in filled] == [("Z05", "water"), ("Z08", "rd")]
    assert all(isinstance(c["after"], float) for c in filled)
    assert set(told_["inputs"]["sha256"]) == {"idata.csv", "imeta.csv", "method.toml"}
    assert {"engine", "numpy", "python"} <= set(told_["versions"])


def test_a_workbook_gives_the_same_bits_as_a_csv(tmp_path, folders):
    paths = []
    for source in (IDATA, IMETA):
        book = Workbook()
        for line in csv.reader(Path(source).read_text(encoding="utf-8").splitlines()):
            book.active.append([as_cell(text) for text in line])
        paths.append(tmp_path / source.rsplit("/", 1)[1].replace(".csv", ".xlsx"))
        book.save(paths[-1])
    words = ["build", "--data", str(paths[0]), "--meta", str(paths[1]), "--method", METHOD]
    assert run([*words, "--year", "2020", "--out", str(tmp_path / "out")]) == 0
    for name in ("scores.csv", "ranks.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (folders / "2020" / name).read_bytes()


def test_years_together_are_ranked_year_by_year(tmp_path):
    words = ["build", "--data", IDATA, "--meta", IMETA, "--method", METHOD]
    assert run([*words, "--out", str(tmp_path)]) == 0
    ranks = rows(tmp_path / "ranks.csv")
    for year in ("2019", "2020"):
        assert sorted(int(r["total"]) for r in ranks if r["Time"] == year) == list(range(1, 14))


def test_weights_and_scales_may_stand_in_files_of_their_own(tmp_path):
    (tmp_path / "w.csv").write_text("iCode,Weight\nopen,1\ntech,0\n")
    (tmp_path / "n.csv").write_text("iCode,how,lower,upper\nrd,goalposts,0,5\n")
    (tmp_path / "m.toml").write_text('[weigh]\nfile = "w.csv"\n[normalise]\nfile = "n.csv"\n')
    given = read(DATA / "idata.csv", DATA / "imeta.csv", tmp_path / "m.toml", 2020)
    assert given.method.normalise.each["rd"].upper == 5.0
    weights = {n.code: n.weight for n in given.frame.tree.nodes}
    assert (weights["open"], weights["tech"], weights["green"]) == (1.0, 0.0, 15.0)
    assert set(given.digests) == {"idata.csv", "imeta.csv", "m.toml", "w.csv", "n.csv"}


# Bad input ----------------------------------------------------------------------------------------


def test_every_fault_of_both_tables_is_told_at_once_with_file_row_and_column(tmp_path, capsys):
    data = [
        "uCode,a,b,c,d",
        "u1,1,7,0,1",
        "u2,x,7,2,2",
        "u1,3,7,3,3",
        "u3,4,7,4,4",
    ]
    meta = [
        "iCode,Level,Parent,Weight,Direction,Type",
        "a,1,p,1,1,Indicator",
        "b,1,p,1,1,Indicator",
        "c,1,q,0,1,Indicator",
        "d,1,nowhere,1,1,Indicator",
        "p,2,r,1,1,Aggregate",
        "q,2,top,1,1,Aggregate",
        "r,3,p,1,1,Aggregate",
        "top,4,,1,1,Aggregate",
    ]
    (tmp_path / "d.csv").write_text("\n".join(data))
    (tmp_path / "m.csv").write_text("\n".join(meta))
    lines = told(
        capsys,
        [
            "build",
            "--data",
            f"{tmp_path}/d.csv",
            "--meta",
            f"{tmp_path}/m.csv",
            "--out",
            f"{tmp_path}/o",
        ],
    )
    text = "\n".join(lines)
    for where, what in (
        ("d.csv 第 3 行 B 列", "应为数字"),
        ("d.csv 第 4 行 A 列", "出现了两次"),
        ("d.csv 第 1 行 C 列", "没有差别"),
        ("m.csv 第 5 行 C 列", "“nowhere”不存在"),
        ("m.csv 第 7 行 D 列", "权重全是零"),
        ("m.csv 第 6 行 C 列", "绕回"),
    ):
        assert any(line.startswith(where) and what in line for line in lines), (where, what, text)
    assert not (tmp_path / "o").exists()


def test_a_zero_under_a_geometric_mean_is_told_by_unit_and_column(tmp_path, capsys):
    (tmp_path / "m.toml").write_text('[aggregate]\nhow = ["gmean", "amean", "amean"]\n')
    words = ["build", *GIVEN[:4], "--method", f"{tmp_path}/m.toml", "--year", "2020"]
    lines = told(capsys, [*words, "--out", f"{tmp_path}/o"])
    assert len(lines) == 8  # the worst unit of each of eight indicators
    assert all(line.startswith("idata.csv 第 ") and "不为正数" in line for line in lines)


def test_tables_given_the_wrong_way_round_are_told_once_and_not_row_by_row(tmp_path, capsys):
    words = ["build", "--data", IMETA, "--meta", IDATA, "--out", str(tmp_path / "o")]
    lines = told(capsys, words)
    assert len(lines) == 7
    assert all("缺少" in line for line in lines)


def test_a_year_that_the_data_do_not_have_is_refused_though_there_is_but_one(tmp_path, capsys):
    with Path(IDATA).open(encoding="utf-8") as given:
        table = [row for row in csv.reader(given) if "2019" not in row]
    stream = io.StringIO()
    csv.writer(stream).writerows(table)
    (tmp_path / "idata.csv").write_text(stream.getvalue(), encoding="utf-8")
    words = ["build", "--data", str(tmp_path / "idata.csv"), "--meta", IMETA]
    assert run([*words, "--year", "2020", "--out", str(tmp_path / "out")]) == 0
    lines = told(capsys, [*words, "--year", "1999", "--out", str(tmp_path / "out")])
    assert lines == ["--year = 1999：没有这一年，可用：2020。请改正。"]


def test_every_fault_of_a_method_file_is_told_at_once(tmp_path, capsys):
    (tmp_path / "m.toml").write_text(
        '[treat]\nwinmx = 3\n[impute]\nhow = "guess"\n[aggregate]\nhow = ["amean", "saw"]\n'
    )
    words = ["build", *GIVEN[:4], "--method", f"{tmp_path}/m.toml", "--out", f"{tmp_path}/o"]
    assert len(told(capsys, words)) >= 1
    (tmp_path / "m.toml").write_text("[treat\n")
    assert "TOML" in told(capsys, words)[0]


def test_words_that_are_no_numbers_are_not_taken_for_some():
    assert number("1,234.5") == 1234.5
    assert np.isnan(number("n/a"))
    assert number("1_000") is number("12,34") is number("abc") is None


# Draws --------------------------------------------------------------------------------------------


def test_a_design_that_was_written_is_replayed_to_the_same_bytes(tmp_path):
    words = ["uncertainty", *GIVEN, "--data-noise", "0.05", "--winmax", "1,3", "--impute", "mean"]
    words += ["--aggregate", "amean amean gmean", "--aggregate", "gmean", "--weight-noise", "0.1"]
    assert run([*words, "--replicates", "40", "--seed", "5", "--out", f"{tmp_path}/a"]) == 0
    again = ["uncertainty", *GIVEN, "--design", f"{tmp_path}/a/design.csv"]
    assert run([*again, "--out", f"{tmp_path}/b"]) == 0
    for name in ("summary.csv", "replicate_ranks.csv", "replicate_scores.csv", "above.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    header = (tmp_path / "a" / "replicate_ranks.csv").read_text().splitlines()[0].split(",")
    assert header[:3] == ["uCode", "Nominal", "r_1"]
    assert len(header) == 42


def test_draws_that_fail_are_listed_with_a_sentence(tmp_path, capsys):
    words = ["uncertainty", *GIVEN, "--normalise", "zscore", "--aggregate", "gmean"]
    words += ["--aggregate", "amean", "--replicates", "20", "--out", str(tmp_path)]
    assert run(words) == 0
    failed = rows(tmp_path / "failed.csv")
    design = {r["draw"]: r for r in rows(tmp_path / "design.csv")}
    assert failed
    assert all(design[r["draw"]]["aggregation"] == "gmean" for r in failed)
    assert all("不为正数" in r["reason"] for r in failed)
    assert f"其中 {len(failed)} 次算不出" in capsys.readouterr().out


def test_where_all_draws_fail_the_reason_is_the_answer(tmp_path, capsys):
    words = ["uncertainty", *GIVEN, "--normalise", "zscore", "--aggregate", "gmean"]
    lines = told(capsys, [*words, "--replicates", "5", "--out", str(tmp_path / "o")])
    assert "所有抽样都算不出" in lines[-2]
    assert "不为正数" in lines[-1]


def test_weight_sets_are_read_by_name(tmp_path):
    (tmp_path / "w.csv").write_text("set,open,tech\nA,60,15\nB,10,50\n")
    (tmp_path / "d.csv").write_text("rep,weights\n1,A\n2,B\n3,nominal\n")
    words = ["uncertainty", *GIVEN, "--weights", f"{tmp_path}/w.csv"]
    assert run([*words, "--design", f"{tmp_path}/d.csv", "--out", f"{tmp_path}/o"]) == 0
    for row in rows(tmp_path / "o" / "replicate_scores.csv"):
        assert row["r_3"] == row["Nominal"]
        assert row["r_1"] != row["r_2"]


def test_a_process_pool_writes_the_same_bytes(tmp_path):
    words = ["uncertainty", *GIVEN, "--replicates", "30"]
    for where in ("here", "processes:2"):
        assert run([*words, "--run", where, "--out", str(tmp_path / where[:4])]) == 0
    name = "replicate_scores.csv"
    assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "proc" / name).read_bytes()


def test_a_place_to_run_that_does_not_exist_is_refused(tmp_path, capsys):
    words = ["uncertainty", *GIVEN, "--out", str(tmp_path), "--run", "moon"]
    assert "不认识“moon”" in told(capsys, words)[-1]


def test_sensitivity_writes_both_kinds_of_shares(tmp_path):
    words = ["sensitivity", *GIVEN, "--replicates", "16", "--unit", "Z05", "--out", str(tmp_path)]
    assert run(words) == 0
    names = [r["Variable"] for r in rows(tmp_path / "sensitivity.csv")]
    assert names == ["winmax", "normalisation", "aggregation", "weights"]
    assert sum(float(r["share"]) for r in rows(tmp_path / "shapley.csv")) == pytest.approx(1.0)


def test_whether_a_rank_really_rose_is_asked_of_common_draws(folders, tmp_path, capsys):
    words = ["rose", "--before", str(folders / "2019"), "--after", str(folders / "2020")]
    words += ["--replicates", "60", "--seed", "7"]
    assert run([*words, "--out", str(tmp_path / "a"), "--unit", "Z05"]) == 0
    said = capsys.readouterr().out
    assert "Z05：第" in said
    table = {r["uCode"]: r for r in rows(tmp_path / "a" / "rose.csv")}
    assert "Z13" not in table  # left
    assert "Z14" not in table  # came
    for one in table.values():
        parts = [float(one[f"P_{word}"]) for word in ("rose", "same", "fell")]
        assert sum(parts) == pytest.approx(1)
    told_ = json.loads((tmp_path / "a" / "rose.json").read_text())
    assert (told_["draws"], told_["seed"]) == (60, 7)
    # In both years the draws are those of the design that is written down: so by hand.
    for year in ("2019", "2020"):
        given_ = [*GIVEN[:-1], year]
        design = str(tmp_path / "a" / "design.csv")
        out = str(tmp_path / year)
        assert run(["uncertainty", *given_, "--design", design, "--out", out, "--draws"]) == 0
    ranks = [
        {r["uCode"]: list(r.values())[2:] for r in rows(tmp_path / y / "replicate_ranks.csv")}
        for y in ("2019", "2020")
    ]
    pairs = [(int(a), int(b)) for a, b in zip(ranks[0]["Z05"], ranks[1]["Z05"], strict=True)]
    share = sum(b < a for a, b in pairs) / len(pairs)
    assert float(table["Z05"]["P_rose"]) == pytest.approx(share)
    same = ["rose", "--before", str(folders / "2020"), "--after", str(folders / "2020")]
    assert run([*same, "--replicates", "20", "--out", str(tmp_path / "b")]) == 0
    assert {r["P_same"] for r in rows(tmp_path / "b" / "rose.csv")} == {"1.0"}
    assert "nobody" in told(capsys, [*words, "--unit", "nobody", "--out", str(tmp_path / "c")])[-1]


# Reasons, goals, audit, report --------------------------------------------------------------------


def test_explain_adds_up_to_the_move_in_words_and_in_numbers(folders, tmp_path, capsys):
    words = ["explain", "--before", str(folders / "2019"), "--after", str(folders / "2020")]
    assert run([*words, "--unit", "Z05", "--out", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    found = json.loads((tmp_path / "explain.json").read_text())
    change = found["rank"]["change"]
    assert sum(part["value"] for part in found["parts"]) == pytest.approx(change)
    assert sum(part["whole"] for part in found["parts"]) == change
    assert out.startswith(f"Z05：第 {found['rank']['before']} 位 → 第 {found['rank']['after']} 位")
    assert "参评单位有进有出" in out  # Z13 left, Z14 came


def test_a_run_whose_inputs_were_touched_is_refused(folders, tmp_path, capsys):
    import shutil

    shutil.copytree(folders / "2020", tmp_path / "run")
    path = tmp_path / "run" / "inputs" / "idata.csv"
    path.write_text(path.read_text().replace("2842", "2843"))
    assert "与当时的不同" in told(capsys, ["goal", "--run", f"{tmp_path}/run", "--unit", "Z05"])[0]


def test_goal_tells_the_cheapest_way_and_writes_it(folders, tmp_path, capsys):
    (tmp_path / "levers.csv").write_text("iCode,cost,most,step\nfdi,0.01,2000,100\ntax,1e-5,2e5,\n")
    words = ["goal", "--run", str(folders / "2020"), "--unit", "Z05", "--gain", "2"]
    words += ["--levers", f"{tmp_path}/levers.csv", "--misreport", "--out", str(tmp_path)]
    assert run(words) == 0
    found = json.loads((tmp_path / "goal.json").read_text())
    assert found["reached"]
    assert found["rank"][1] < found["rank"][0]
    assert found["changes"].get("fdi", 0) % 100 == 0
    assert "怎么报都不变" in capsys.readouterr().out
    (tmp_path / "levers.csv").write_text("iCode,cost,most\nfdi,much,2000\n")
    assert "应为数字" in told(capsys, words)[0]


def test_audit_writes_its_tables(tmp_path, capsys):
    assert run(["audit", *GIVEN, "--out", str(tmp_path)]) == 0
    names = {p.name for p in tmp_path.iterdir()}
    assert {"stats.csv", "correlations.csv", "groups.csv", "pairs.csv", "influence.csv"} <= names
    out = capsys.readouterr().out
    assert "8 项指标" in out
    turned = rows(tmp_path / "reversals.csv")
    pairs = sum(1 for row in turned if row["one"])
    assert f"共 {pairs} 对次" in out
    assert all(row["taken_out"] not in (row["one"], row["other"]) for row in turned)


@pytest.mark.parametrize("kind", ["html", "xlsx", "docx"])
def test_a_report_says_that_its_scores_are_estimates(folders, tmp_path, kind):
    out = tmp_path / f"r.{kind}"
    assert run(["report", "--run", str(folders / "2020"), "--unit", "Z05", "--out", str(out)]) == 0
    if kind == "xlsx":
        book = load_workbook(out)
        text = " ".join(str(c) for page in book for row in page.values for c in row)
    elif kind == "docx":
        text = zipfile.ZipFile(io.BytesIO(out.read_bytes())).read("word/document.xml").decode()
    else:
        text = out.read_text()
    for words in ("测算值", "Z05", "长处", "克龙巴赫系数"):
        assert words in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["build", "--data", IDATA], "缺少 --meta。"),
        (["build", "--data", "nowhere.csv", "--meta", IMETA, "--out", "o"], "没有这个文件。"),
        (["goal", "--run", IDATA, "--unit", "Z01"], "没有这个文件夹。"),
        (["goal", "--rnu", "x"], "没有 --rnu 这个选项。"),
    ],
)
def test_a_command_written_wrongly_is_told_in_the_readers_language(capsys, words, said):
    (line,) = told(capsys, words, 2)
    assert said in line
    assert f"bihuan index {words[0]} -h" in line


def test_a_report_of_another_kind_is_refused(folders, tmp_path, capsys):
    words = ["report", "--run", str(folders / "2020"), "--out", str(tmp_path / "r.pdf")]
    assert ".docx" in told(capsys, words)[0]


# The door -----------------------------------------------------------------------------------------


def test_the_first_word_decides_wherever_the_common_options_stand():
    assert _command(["--lang", "en", "index", "build"]) == "index"
    assert _command(["--data=x", "index"]) == "index"
    assert _command(["--data", "index", "serve"]) == "serve"
    assert _command(["--help"]) == ""


def test_the_command_wakes_no_web_framework_and_needs_no_data_folder():
    script = (
        "import sys; from bihuan.cli.main import main\n"
        "try: main(['--lang', 'en', 'index', 'build', '--help'])\n"
        "except SystemExit as done: print('django' in sys.modules, done.code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "False 0"


def test_tables_are_written_with_gaps_and_full_doubles():
    assert csv_bytes(["a", "b"], [[0.1 + 0.2, float("nan")]]) == b"a,b\n0.30000000000000004,\n"
