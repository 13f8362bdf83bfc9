"""Fronts: urged first, a finding only after; from a sheet with every fault at once."""

from datetime import timedelta

import pytest

from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.exchange import sheet
from bihuan.ledger.models import Finding
from bihuan.winter import services
from bihuan.winter.models import Front
from bihuan.winter.queries import fronts as queries
from bihuan.winter.queries import tables


def state(front):
    return queries.standings(Front.objects.filter(pk=front.pk))[0].state


def test_urged_then_looked_at_again_then_a_finding_and_only_once(front, post):
    assert state(front) == "unseen"
    first = services.check_front(front, by=post("duty"), missed=["clean"], note="积雪")
    assert state(front) == "urged"
    with pytest.raises(Refused, match="还没有到期"):
        services.raise_front(first, by=post("duty"))
    with clock.held_at(clock.now() + timedelta(hours=5)):
        assert state(front) == "late"
        again = services.check_front(front, by=post("duty"), missed=["clean"])
        with pytest.raises(Refused, match="最近一次"):
            services.raise_front(first, by=post("duty"))
        finding = services.raise_front(again, by=post("duty"))
        assert state(front) == "raised"
        with pytest.raises(Refused, match=finding.number):
            services.raise_front(again, by=post("duty"))
    assert "包卫生" in finding.title
    assert finding.place == "航海路"


def test_late_without_another_look_may_be_raised(front, post):
    check = services.check_front(front, by=post("duty"), missed=["clean"])
    with clock.held_at(clock.now() + timedelta(hours=5)):
        services.raise_front(check, by=post("duty"))
    assert Finding.objects.filter(category="门前五包").count() == 1


def test_met_closes_the_urging(front, post):
    services.check_front(front, by=post("duty"), missed=["clean"])
    check = services.check_front(front, by=post("duty"))
    assert state(front) == "met"
    with pytest.raises(Refused, match="都做到了"):
        services.raise_front(check, by=post("duty"))


def test_duties_of_another_list_are_refused(front, post):
    with pytest.raises(Refused, match="civil-b"):
        services.check_front(front, by=post("duty"), missed=["civil-b"])
    with pytest.raises(NotAllowed):
        services.check_front(front, by=post("econ-liaison"), missed=["clean"])


def test_a_sheet_is_registered_whole_or_not_at_all(front, post):
    bureau = "综合行政执法局"
    rows = (
        f"航海路\t甲店\t门前\ta\t{bureau}",
        f"第五大街\t乙店\t\t\t{bureau}",
        f"航海路\t小店\t\ta\t{bureau}",
    )
    good = "\n".join(rows)
    assert services.import_fronts(sheet.pasted(good).lines, by=post("duty")) == (2, 1)
    bad = f"航海路\t丙店\t\tq\t没有的局\n\t丁店\t\ta\t{bureau}\n航海路\t丙店\t\ta\t{bureau}"
    with pytest.raises(Refused) as refused:
        services.import_fronts(sheet.pasted(bad).lines, by=post("duty"))
    told = "\n".join(refused.value.sentences)
    assert told.count("第 1 行：") == 2
    assert "第 2 行：请写道路" in told
    assert "第 3 行：与第 1 行重复" in told
    assert Front.objects.count() == 3


def test_a_workbook_and_its_heading_are_read(post):
    content = sheet.xlsx_bytes("门面", ["道路", "商户", "门前范围", "哪一种", "责任单位"],
                               [["航海路", "=cmd", "", "b", "综合行政执法局"]])  # fmt: skip
    assert services.import_fronts(sheet.opened(content).lines, by=post("duty")) == (1, 0)
    assert Front.objects.get().name == "=cmd"


def test_a_front_is_struck_off_with_its_looks_kept(front, post):
    services.check_front(front, by=post("duty"))
    services.strike_front(front, by=post("duty"), why="搬走")
    assert queries.fronts().count() == 0
    assert front.checks.count() == 1
    services.register_front(
        by=None, street="航海路", name="小店", unit=front.unit, duties="b"
    )  # the place may be taken again


def test_an_office_adds_a_list_of_its_own_and_cannot_drop_one_that_is_used(front, post, unit):
    rows = [*tables.TABLE.table("lists"), {"code": "local", "name": "本地七包", "name_en": ""}]
    services.set_table("lists", by=post("leader"), rows=rows, source="示例：本地通知")
    duty = {"code": "snow-local", "name": "包清雪", "name_en": "", "list": "local"}
    duties = [*tables.TABLE.table("duties"), duty]
    services.set_table("duties", by=post("leader"), rows=duties, source="示例：本地通知")
    one = services.register_front(
        by=None, street="第五大街", name="大店", unit=unit("enforcement"), duties="local"
    )
    assert queries.duties(one) == {"snow-local": "包清雪"}
    with pytest.raises(Refused, match="不能删去"):
        services.set_table("lists", by=post("leader"), rows=rows[1:], source="示例")
    with pytest.raises(Refused):
        services.set_table(
            "duties", by=post("leader"), rows=[*duties, {**duty, "code": "y", "list": "none"}],
            source="示例",
        )  # fmt: skip
