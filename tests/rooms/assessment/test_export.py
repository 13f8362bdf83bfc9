"""A run's results as a file: everything that is on the pages, marked as what it is."""

import io
import re
import zipfile

import pytest
from openpyxl import load_workbook

from bihuan.assessment import bridge
from bihuan.assessment.models import Entrant


@pytest.fixture
def taken(browse):
    """`taken(run, "xlsx")`: the answer to whoever exports it."""

    def take(run, kind, username="clerk", language=""):
        client = browse(username)
        if language:
            client.post("/language/", {"language": language})
        return client.get(f"/assessment/runs/{run.pk}/results.{kind}")

    return take


def sheets(answer):
    book = load_workbook(io.BytesIO(answer.content))
    return {page.title: [list(row) for row in page.values] for page in book}


def table(rows, first):
    """Rows of a sheet below its heading, by heading."""
    at = next(i for i, row in enumerate(rows) if first in row)
    return [dict(zip(rows[at], row, strict=True)) for row in rows[at + 1 :]]


def test_the_workbook_holds_scores_ranks_intervals_and_contributions(taken, run):
    answer = taken(run, "xlsx")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    book = sheets(answer)
    ranking = table(book["得分与位次"], "位次")
    scores = {one.entrant.code: one for one in run.scores.select_related("entrant")}
    assert len(ranking) == len(scores) == 61
    ours = next(row for row in ranking if row["代码"] == "zone")
    stored = scores["zone"]
    assert (ours["位次"], ours["区间上端"], ours["区间下端"]) == (22, stored.low, stored.high)
    assert ours["测算得分"] == pytest.approx(float(stored.score), abs=1e-6)
    assert ours["确有上升（概率）"] == pytest.approx(float(stored.rose))
    result = bridge.result(run)
    parts = table(book["各家的贡献"], "参评单位")
    first = [v for k, v in parts[0].items() if k not in ("位次", "参评单位")]
    assert sum(first) == pytest.approx(result.top.max() - result.top.mean(), abs=1e-6)


def test_every_table_of_scores_says_that_it_is_an_estimate_and_a_sample(taken, run):
    book = sheets(taken(run, "xlsx"))
    for title in ("得分与位次", "各家的贡献"):
        above = " ".join(str(row[0]) for row in book[title][:3])
        assert "测算值" in above
        assert "示例数据" in above
    assert {row["标记"] for row in table(book["得分与位次"], "位次")} == {"示例数据"}
    name = taken(run, "docx")["Content-Disposition"]
    from urllib.parse import unquote

    assert "测算值，示例数据.docx" in unquote(name)


def test_the_workbook_names_method_and_the_source_of_every_cell(taken, run):
    book = sheets(taken(run, "xlsx"))
    assert any("功效系数法" in str(row) for row in book["算法"])
    weights = table(book["指标与权重"], "指标")
    assert {row["权重来历"] for row in weights} == {"推定"}
    cells = table(book["同伴的每一格"], "指标")
    assert len(cells) == 60 * 16
    assert {row["来源"] for row in cells} == {"示例数据，按固定种子生成"}
    own = table(book["填报的数"], "指标")
    gdp = next(row for row in own if row["指标"] == "地区生产总值")
    assert gdp["数值"] == 1202
    assert "1202亿元" in gdp["依据"]


def test_the_document_opens_and_says_the_same(taken, run):
    answer = taken(run, "docx")
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    assert book.testzip() is None
    text = re.sub(r"<[^>]+>", " ", book.read("word/document.xml").decode())
    for words in ("测算值", "示例数据", "得分与位次", "指标与权重", "同伴数据的来源"):
        assert words in text
    assert "同伴的每一格" not in text  # a thousand lines: in the workbook
    again = zipfile.ZipFile(io.BytesIO(taken(run, "docx").content))
    assert again.read("word/document.xml") == book.read("word/document.xml")


def test_a_name_that_looks_like_a_formula_stays_a_text(taken, run):
    Entrant.objects.filter(code="east-001").update(name="=1+1")
    book = load_workbook(io.BytesIO(taken(run, "xlsx").content))
    cell = next(c for row in book["得分与位次"] for c in row if c.value == "=1+1")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_files_speak_english_too(taken, run):
    book = sheets(taken(run, "xlsx", language="en"))
    assert book
    assert taken(run, "docx", language="en").status_code == 200


def test_whoever_may_not_see_the_whole_gets_no_file(taken, run, rated):
    assert taken(rated, "xlsx", "econ-head").status_code == 404
    assert taken(run, "xlsx", "econ-head").status_code == 200
    assert taken(run, "xlsx", "viewer").status_code == 404
    assert taken(run, "pdf").status_code == 404


def test_points_of_rated_units_stand_in_the_file_one_by_one(taken, rated):
    rows = table(sheets(taken(rated, "xlsx"))["加减分逐条"], "规则")
    told = {(row["参评单位"], row["规则"]): row["计入"] for row in rows}
    assert told["教文体局", "会议认定的其他事项"] == 1.5
    assert len(told) == 3
