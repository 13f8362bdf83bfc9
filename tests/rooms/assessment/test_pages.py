"""What the pages say: the move to the last point, what if, the goal, the report, who may look."""

import re
from fractions import Fraction

import pytest

from bihuan.assessment import bridge, queries
from bihuan.assessment.models import Scheme
from bihuan.assessment.pages import goals, moves
from bihuan.engines.index.whatif import what_if
from bihuan.ledger.models import Finding

PAGES = ("", "move/", "what-if/", "goal/", "report/")


@pytest.fixture
def at(run):
    """`at("move/")`: a page about us in the run of 2021."""
    return lambda name="": f"/assessment/runs/{run.pk}/zone/{name}"


@pytest.fixture
def read(browse):
    """`read(address)`: the page's text as the clerk sees it."""
    client = browse("clerk")

    def text(address: str, **asked) -> str:
        answer = client.get(address, asked)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    return text


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_that_it_is_computed_here_and_what_is_a_sample(read, at, name):
    page = read(at(name))
    assert "测算值" in page
    assert "示例数据" in page


def test_the_move_adds_up_to_exactly_what_happened(run):
    move, change, _passed = moves.reasons(run, "zone")
    assert (move.before, move.after) == (26, 22)
    assert sum(move.parts.values(), Fraction(0)) == -4
    assert sum(move.whole().values()) == -4
    assert float(sum(change.parts)) == pytest.approx(change.change, abs=1e-9)


def test_the_waterfall_stands_over_a_table_of_the_same_numbers(read, at):
    page = read(at("move/"))
    assert '"kind": "waterfall"' in page
    assert "测算位次由第 26 位升至第 22 位，上升 4 位。" in page
    assert "谁超过谁" in page


def test_what_if_ranks_again_without_any_script(read, at):
    assert "还没有改动" in read(at("what-if/"))
    page = read(at("what-if/"), **{"c-gdp": "2400", "c-trade": "900"})
    now = re.search(r"22 → (\d+)", page)
    assert now is not None
    assert int(now[1]) < 22
    assert "地区生产总值改为 2400" in page
    weighed = read(at("what-if/"), **{"w-office": "0"})
    assert "22 → " in weighed


def test_what_if_tries_another_scale_another_mean_and_another_edition(read, at, run):
    result = bridge.result(run)
    page = read(at("what-if/"), scale="zscore", mean="gmean")
    assert "无量纲化改为标准分（50 ± 10）、汇总改为几何平均" in page
    new = result.again(
        normalise={"how": "zscore", "mean": 50, "sd": 10}, aggregate={"how": ("gmean",)}
    )
    assert f"22 → {new.top_ranks[new.row('zone')]}" in page
    other = Scheme.objects.get(code="zone-2021")
    page = read(at("what-if/"), edition=str(other.pk), **{"c-trade": "900"})
    assert "2021 年版" in page
    assert "那一版没有的：地区生产总值" in page
    under = bridge.under(run, other)
    assert set(under.tree.indicators) < {"fdi", "trade", *result.tree.indicators}
    tried = what_if(under, {("zone", "trade"): 900.0}).result
    assert f"22 → {tried.top_ranks[tried.row('zone')]}" in page


def test_what_if_says_what_is_wrong_with_a_number(read, at):
    page = read(at("what-if/"), **{"c-gdp": "很多"})
    assert "没有重排" in page


def test_a_goal_is_reached_at_least_cost_and_judged_by_the_whole_index(run, browse, at, post):
    levers, measures = goals.levers(run, "zone")
    asked = {"aim": "gain", "much": "4", "confidence": "0"}
    for one in levers:
        asked |= {f"cost-{one.key}": str(one.low), f"most-{one.key}": str(one.high)}
        asked[f"step-{one.key}"] = "1" if one.step else ""
    answer = browse("clerk").post(at("goal/"), asked)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "怎样做到" in page
    found = re.search(r"22 → (\d+)", page)
    assert found is not None
    assert int(found[1]) <= 18
    assert measures["gdp"] == "亿元"


def test_an_empty_goal_comes_back_with_its_faults(browse, at):
    assert browse("clerk").post(at("goal/"), {"aim": ""}).status_code == 422


def test_the_report_speaks_from_the_attribution(read, at):
    page = read(at("report/"))
    for words in (
        "在 61 家中居第 22 位",
        "使位次上升的主要是",
        "位次九成落在",
        "没有数、按方案插补的有：单位工业增加值能耗",
        "项权重未公布，按同组平分",
    ):
        assert words in page


def test_the_audit_lists_what_was_filled_and_what_was_pulled_in(read, run):
    page = read(f"/assessment/runs/{run.pk}/audit/")
    assert "各组的一致性" in page
    assert "插补和收拢的格" in page


def test_the_ranking_is_filtered_by_league(read, run):
    page = read(f"/assessment/runs/{run.pk}/", league="west")
    table = page[page.index("位次表") :]
    assert "西部示例" in table
    assert "东部示例" not in table[: table.index("退出规则")]


def test_one_click_makes_a_finding_of_a_low_score(browse, at, run):
    client = browse("clerk")
    page = client.get(at()).content.decode()
    raising = re.search(r'action="(/assessment/runs/\d+/zone/raise/[^"]+)"', page)
    assert raising is not None
    answer = client.post(raising[1])
    finding = Finding.objects.get(origin_type="assessment.issue")
    assert answer["Location"] == finding.get_absolute_url()
    assert finding.number in client.get(at()).content.decode()
    assert "测算摘要" in finding.description


def test_a_number_that_was_filled_in_is_no_low_score(read, at):
    page = read(at())
    start, end = page.index("预警"), page.index("各组得分")
    assert "行政效能评分" not in page[start:end]


def test_a_suspicious_number_becomes_a_finding(browse, of_year, us, post):
    from decimal import Decimal

    from bihuan.assessment import services

    found = of_year(2022)
    services.declare(
        found, by=post("statistician"), entrant=us, values={"fdi": Decimal(1)}, source="试"
    )
    node = queries.suspicions(found)[0][1]
    address = f"/assessment/{found.pk}/raise/{node.rule}/{node.node}/"
    assert browse("clerk").post(address).status_code == 302
    assert Finding.objects.filter(origin_type="assessment.issue", source="figures").count() == 1


def test_unpublished_weights_are_blank_and_said(read, db):
    scheme = Scheme.objects.get(code="zone-2016")
    page = read(scheme.get_absolute_url())
    assert "未公布的权重" in page
    assert "21 项" in page
    assert "推定" in page


def test_a_round_can_be_filled_submitted_and_frozen_from_its_page(browse, of_year, us):
    found = of_year(2022)
    clerk, statistician = browse("clerk"), browse("statistician")
    page = f"/assessment/{found.pk}/"
    cells = {"c-fdi": "64000", "c-trade": "", "source": "年报"}
    assert statistician.post(f"{page}declare/zone/", cells).status_code == 302
    assert "64000" in statistician.get(page).content.decode()
    assert statistician.post(f"{page}submit/").status_code == 302
    assert clerk.post(f"{page}freeze/", {"note": "核对过"}).status_code == 302
    found.refresh_from_db()
    assert found.state == "frozen"


def test_who_may_not_look_finds_nothing(browse, at, run):
    assert browse("viewer").get(at()).status_code == 404
    assert browse("econ-head").get(at()).status_code == 200
    assert browse("econ-head").post(f"/assessment/{run.round_id}/freeze/").status_code == 404


def test_one_unit_does_not_see_the_others_through_any_page(browse, rated):
    head, clerk = browse("econ-head"), browse("clerk")
    page = f"/assessment/runs/{rated.pk}/"
    own = head.get(f"{page}unit-economy/").content.decode()
    assert "一次核查通过率不到 60%" in own
    assert "教文体局" not in head.get(page).content.decode()
    hidden = ("audit/", "unit-education/", *(f"unit-economy/{p}" for p in ("what-if/", "report/")))
    for name in hidden:
        assert head.get(page + name).status_code == 404, name
        assert clerk.get(page + name).status_code == 200, name
    marks = head.get(f"/assessment/{rated.round_id}/").content.decode()
    assert "经济发展局" in marks
    assert "受到表扬" not in marks


@pytest.mark.parametrize("name", ["", "report/"])
def test_pages_speak_english_too(browse, at, name):
    client = browse("clerk")
    client.post("/language/", {"language": "en"})
    assert client.get(at(name)).status_code == 200
