"""Tables as offices send them: titles, merged heads, Chinese headings, other codings and marks."""

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from bihuan.cli.offline import run
from bihuan.exchange import index_tables

from .given import DATA

# What the sample's headings are called in an office.
OFFICE = {"uCode": "单位代码", "uName": "单位名称", "Time": "年份"}
OFFICE_META = {
    "iCode": "代码",
    "iName": "名称",
    "Level": "层级",
    "Parent": "上级",
    "Weight": "权重",
}
OFFICE_META |= {"Direction": "方向", "Type": "类型", "Unit": "计量单位", "Denominator": "分母"}
KINDS = {"Indicator": "指标", "Aggregate": "汇总", "Group": "分组", "Denominator": "分母"}


@pytest.fixture(autouse=True)
def _in_chinese(monkeypatch):
    monkeypatch.setenv("BIHUAN_LANG", "zh")


def rows(name: str) -> list[list[str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def text(table: list[list[str]], mark: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=mark).writerows(table)
    return stream.getvalue()


def built(folder: Path, data: Path, meta: Path, *more: str) -> str:
    """The scores of a build from two files."""
    out = folder / "out"
    words = ["build", "--data", str(data), "--meta", str(meta), "--out", str(out), *more]
    assert run(words) == 0
    return (out / "scores.csv").read_text(encoding="utf-8")


@pytest.fixture
def wanted(tmp_path: Path) -> str:
    return built(tmp_path / "plain", DATA / "idata.csv", DATA / "imeta.csv")


def office() -> tuple[list[list[str]], list[list[str]]]:
    """The sample's two tables under the headings of an office, indicators by their names."""
    data, meta = rows("idata.csv"), rows("imeta.csv")
    at = meta[0].index
    names = {line[at("iCode")]: line[at("iName")] for line in meta[1:]}
    data[0] = [OFFICE.get(word) or names.get(word, word) for word in data[0]]
    for line in meta[1:]:
        line[at("Type")] = KINDS[line[at("Type")]]
        line[at("Direction")] = {"1": "正向", "-1": "逆向"}.get(line[at("Direction")], "")
    meta[0] = [OFFICE_META.get(word, word) for word in meta[0]]
    return data, meta


@pytest.mark.parametrize("coding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_read_whatever_its_coding_and_its_mark(tmp_path, wanted, coding, mark):
    for name in ("idata.csv", "imeta.csv"):
        (tmp_path / name).write_bytes(text(rows(name), mark).encode(coding))
    assert built(tmp_path, tmp_path / "idata.csv", tmp_path / "imeta.csv") == wanted


def test_a_workbook_with_titles_merged_heads_and_chinese_headings_is_read(tmp_path, wanted):
    data, meta = office()
    book = Workbook()
    book.active.title = "填表说明"
    book.active.append(["先读这一页"])
    sheet = book.create_sheet("数据")
    sheet.append(["示例数据：开发区统计表"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(data[0]))
    # Two rows of headings: the first seven cells reach down, the others stand under one head.
    sheet.append([*data[0][:7], "各项指标"])
    sheet.append([*[""] * 7, *data[0][7:]])
    for column in range(1, 8):
        sheet.merge_cells(start_row=2, start_column=column, end_row=3, end_column=column)
    for line in data[1:]:
        sheet.append([float(c) if c and c[0].isdigit() else c for c in line])
    sheet = book.create_sheet("指标")
    for line in meta:
        sheet.append(line)
    path = tmp_path / "一本账.xlsx"
    book.save(path)
    assert built(tmp_path, path, path) == wanted
    # The run can be told why: both tables were kept under names of their own.
    told = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert told["inputs"]["data"] != told["inputs"]["meta"]
    words = ["goal", "--run", str(tmp_path / "out"), "--unit", "Z01", "--gain", "1"]
    assert run(words) == 1  # two years at once: refused after the folder was read
    assert run(["report", "--run", str(tmp_path / "out"), "--out", str(tmp_path / "a.html")]) == 1


def test_a_fault_below_a_title_is_told_in_its_own_row(tmp_path, capsys):
    data = rows("idata.csv")
    data[3][6] = "很多"
    path = tmp_path / "idata.csv"
    path.write_text(text([["示例数据"], *data]), encoding="utf-8")
    words = ["--data", str(path), "--meta", str(DATA / "imeta.csv")]
    assert run(["build", *words, "--out", str(tmp_path / "out")]) == 1
    assert "idata.csv 第 5 行 G 列" in capsys.readouterr().err


def test_beside_semicolons_a_comma_is_asked_about(tmp_path, capsys):
    data = rows("idata.csv")
    data[1][6] = "2,782"  # thousands here, decimals elsewhere
    path = tmp_path / "idata.csv"
    path.write_text(text(data, ";"), encoding="utf-8")
    words = ["--data", str(path), "--meta", str(DATA / "imeta.csv")]
    assert run(["build", *words, "--out", str(tmp_path / "out")]) == 1
    assert "现为“2,782”" in capsys.readouterr().err


def test_cells_beyond_the_headings_are_not_lost_in_silence(tmp_path, capsys):
    data = rows("idata.csv")
    data[2] += ["", "99"]
    path = tmp_path / "idata.csv"
    path.write_text(text(data), encoding="utf-8")
    words = ["--data", str(path), "--meta", str(DATA / "imeta.csv")]
    assert run(["build", *words, "--out", str(tmp_path / "out")]) == 1
    assert "第 3 行" in capsys.readouterr().err


def test_a_formula_that_was_never_computed_is_no_gap(tmp_path):
    book = Workbook()
    book.active.append(["uCode", "a"])
    book.active.append(["Z01", "=1+1"])
    book.save(tmp_path / "a.xlsx")
    found = index_tables.sheet(tmp_path / "a.xlsx", "uCode")
    assert [(f.code, f.params["row"], f.params["column"]) for f in found.faults] == [
        ("not_computed", 2, "B")
    ]


def test_two_files_of_one_name_are_both_kept(tmp_path, wanted):
    paths = []
    for name in ("idata.csv", "imeta.csv"):
        path = tmp_path / name[:5] / "table.csv"
        path.parent.mkdir()
        path.write_text(text(rows(name)), encoding="utf-8")
        paths.append(path)
    assert built(tmp_path, *paths) == wanted
    assert len(list((tmp_path / "out" / "inputs").iterdir())) == 2


def test_a_table_that_cannot_be_read_is_told_once(tmp_path, capsys):
    path = tmp_path / "idata.csv"
    path.write_bytes(bytes(range(256)))
    words = ["--data", str(path), "--meta", str(DATA / "imeta.csv")]
    assert run(["build", *words, "--out", str(tmp_path / "out")]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_weight_or_a_column_that_a_method_names_in_vain_is_told(tmp_path, capsys):
    (tmp_path / "w.csv").write_text("iCode,Weight\nfdi,2\nnobody,1\n", encoding="utf-8")
    (tmp_path / "s.csv").write_text("code,lower\nfdi,2\n", encoding="utf-8")
    words = ["--data", str(DATA / "idata.csv"), "--meta", str(DATA / "imeta.csv")]
    words += ["--method", str(tmp_path / "m.toml"), "--out", str(tmp_path / "out")]
    for content, told in (
        ('[weigh]\nfile = "w.csv"\n', "nobody"),
        ('[normalise]\nfile = "s.csv"\n', "iCode"),
    ):
        (tmp_path / "m.toml").write_text(content, encoding="utf-8")
        assert run(["build", *words]) == 1
        assert told in capsys.readouterr().err


def test_files_of_a_method_may_stand_in_a_folder_of_their_own(tmp_path):
    (tmp_path / "more").mkdir()
    weights = "iCode,Weight\nfdi,2\n"
    (tmp_path / "more" / "w.csv").write_text(weights, encoding="utf-8")
    recipe = tmp_path / "m.toml"
    recipe.write_text('[weigh]\nfile = "more/w.csv"\n', encoding="utf-8")
    more = ("--method", str(recipe), "--year", "2020")
    built(tmp_path, DATA / "idata.csv", DATA / "imeta.csv", *more)
    out = tmp_path / "out"
    assert run(["goal", "--run", str(out), "--unit", "Z01", "--rank", "13"]) == 0


def test_levers_may_come_in_the_coding_of_an_office(tmp_path):
    built(tmp_path, DATA / "idata.csv", DATA / "imeta.csv", "--year", "2020")
    path = tmp_path / "levers.csv"
    path.write_bytes(
        "iCode,cost,most,step,说明\nfdi,1,5000,,引资\nrd,2,3,,研发\n".encode("gb18030")
    )
    words = ["goal", "--run", str(tmp_path / "out"), "--unit", "Z01", "--rank", "13"]
    assert run([*words, "--levers", str(path)]) == 0
