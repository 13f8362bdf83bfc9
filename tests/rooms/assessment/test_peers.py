"""Peers' figures: every cell keeps its source, how much is known, who loaded it and when."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from bihuan.assessment import bridge, intake, queries, services
from bihuan.assessment.models import Entrant, PeerCell
from bihuan.base.errors import Refused

TABLE = """代码\t名称\t分类\t来源\t实际使用外资\t进出口总额
来源\t\t\t\t外资月报\t
p-1\t甲区\t东部\t\t1,200\t约30
p-2\t乙区\t中部\t乙区官网\t900*\t—
p-3\t丙区\t西部\t\t\t12（估）
"""


@pytest.fixture
def coming(of_year):
    """The round of 2022, still being filled."""
    return of_year(2022)


@pytest.fixture
def loaded(coming, post):
    rows = intake.peers(coming, TABLE)
    services.load_peers(coming, by=post("statistician"), rows=rows, source="统计年鉴")
    return coming


def known(found, code):
    row = queries.peer_row(found, Entrant.objects.get(code=code))
    return {name: (one.value, one.status, one.source) for name, one in row.items()}


def test_each_cell_keeps_its_own_source_and_status(loaded):
    assert known(loaded, "p-1") == {
        "fdi": (Decimal(1200), "given", "外资月报"),
        "trade": (Decimal(30), "estimated", "统计年鉴"),
    }
    assert known(loaded, "p-2") == {
        "fdi": (Decimal(900), "estimated", "乙区官网；外资月报"),
        "trade": (None, "missing", "乙区官网"),
    }
    assert known(loaded, "p-3") == {
        "fdi": (None, "missing", "外资月报"),
        "trade": (Decimal(12), "estimated", "统计年鉴"),
    }
    assert queries.values(loaded)["p-3"] == {"trade": 12.0}


def test_a_cell_says_who_loaded_it_and_when(loaded, post, browse):
    one = queries.peer_row(loaded, Entrant.objects.get(code="p-1"))["fdi"]
    assert one.load.by == post("statistician")
    assert one.load.created_at is not None
    page = browse("clerk").get(f"/assessment/{loaded.pk}/").content.decode()
    part = page[page.index("同伴数据的来源") :]
    assert "外资月报" in part
    assert "乙区官网；外资月报" in part


def test_a_later_load_changes_only_its_own_cells_and_the_earlier_ones_stay(loaded, post):
    rows = intake.peers(
        loaded, "代码\t名称\t分类\t实际使用外资\np-1\t甲区\t东部\t1300\np-4\t丁区\t东部\t7\n"
    )
    services.load_peers(loaded, by=post("statistician"), rows=rows, source="更正", replaces=False)
    assert known(loaded, "p-1")["fdi"] == (Decimal(1300), "given", "更正")
    assert known(loaded, "p-1")["trade"][2] == "统计年鉴"
    assert queries.peer_count(loaded) == 4
    old = PeerCell.objects.filter(entrant__code="p-1", node__code="fdi").order_by("pk")
    assert [one.value for one in old] == [1200, 1300]
    counted = {
        (one.source, one.given, one.missing, one.estimated) for one in queries.peer_sources(loaded)
    }
    assert ("更正", 2, 0, 0) in counted
    assert ("外资月报", 0, 1, 0) in counted  # its number of p-1 no longer counts


def test_a_number_can_be_taken_back_by_a_later_load(loaded, post):
    rows = intake.peers(loaded, "代码\t名称\t分类\t实际使用外资\np-1\t甲区\t东部\t\n")
    services.load_peers(loaded, by=post("statistician"), rows=rows, source="撤回", replaces=False)
    assert queries.values(loaded)["p-1"] == {"trade": 30.0}


def test_a_whole_load_replaces_every_peer_and_nothing_is_deleted(loaded, post):
    before = PeerCell.objects.count()
    rows = intake.peers(loaded, "代码\t名称\t分类\t实际使用外资\np-1\t甲区\t东部\t5\n")
    services.load_peers(loaded, by=post("statistician"), rows=rows, source="新年鉴")
    assert queries.peer_count(loaded) == 1
    assert PeerCell.objects.count() == before + 1
    with pytest.raises(DatabaseError), transaction.atomic():
        PeerCell.objects.filter(entrant__code="p-2").delete()


@pytest.mark.parametrize("cell", ["nan", "1e999999", "12 亿", "*", "估", "10000000000000000000000"])
def test_what_is_no_number_is_told_with_its_line(coming, cell):
    with pytest.raises(Refused, match=r"第 2 行.*应为数字"):
        intake.peers(coming, f"代码\t名称\t分类\t实际使用外资\np-1\t甲区\t东部\t{cell}\n")


@pytest.mark.parametrize(
    ("cell", "value", "status"),
    [
        ("\uff11\uff12\uff10\uff10", 1200, "given"),  # full width
        ("−5", -5, "given"),
        ("1200\uff0a", 1200, "estimated"),
        ("缺", None, "missing"),
        ("…", None, "missing"),
    ],
)
def test_cells_are_read_as_offices_write_them(coming, cell, value, status):
    (row,) = intake.peers(coming, f"代码\t名称\t分类\t实际使用外资\np-1\t甲区\t东部\t{cell}\n")
    assert (row.values["fdi"].value, row.values["fdi"].status) == (value, status)


def test_a_table_is_merged_from_the_page(browse, loaded):
    said = {
        "table": "代码\t名称\t分类\t进出口总额\np-2\t乙区\t中部\t44\n",
        "source": "海关",
        "merge": "on",
    }
    client = browse("statistician")
    assert client.post(f"/assessment/{loaded.pk}/peers/", said).status_code == 302
    assert known(loaded, "p-2")["trade"] == (Decimal(44), "given", "海关")
    assert queries.peer_count(loaded) == 3


def test_the_page_of_a_peer_and_the_report_name_every_source(browse, run, loaded, us, post):
    services.declare(
        loaded, by=post("statistician"), entrant=us, values={"fdi": Decimal(64000)}, source="年报"
    )
    services.submit(loaded, by=post("statistician"))
    frozen = services.freeze(loaded, by=post("clerk"), note="核对过")
    made = services.measure(frozen, by=post("clerk"), draws=60, seed=1)
    client = browse("clerk")
    page = client.get(f"/assessment/runs/{made.pk}/p-2/").content.decode()
    part = page[page.index("各指标") :]
    assert "乙区官网；外资月报" in part
    assert "估计" in part
    assert "缺数" in part
    report = client.get(f"/assessment/runs/{made.pk}/zone/report/").content.decode()
    for word in ("各项数的来历", "同伴数据的来源", "外资月报", "年报"):
        assert word in report
    assert bridge.digest(bridge.snapshot(frozen)) == made.inputs_digest
    sample = client.get(f"/assessment/runs/{run.pk}/east-001/").content.decode()
    assert "示例数据，按固定种子生成" in sample[sample.index("各指标") :]
