"""The pages of a winter: seen by the house, changed by whoever may, every fault on its form."""

import re

import pytest

from bihuan.roads import sample as roads
from bihuan.winter import sample
from bihuan.winter.models import Contract, Duty, Front, Movement, Season, Team
from bihuan.winter.rules.tables import TABLES

LISTS = ("", "contracts/", "teams/", "stores/", "roster/", "drills/", "fronts/", "tables/")


@pytest.fixture
def winter(db):
    roads.load_sample()
    return sample.load_sample()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_is_there_with_and_without_anything_in_it(winter, browse, language):
    duty = browse("duty")
    things = [Season, Team, *()]
    where = [f"/winter/{one}" for one in LISTS]
    where += [one.objects.first().get_absolute_url() for one in things]
    where += ["/winter/stores/1/".replace("1", str(Movement.objects.first().store_id))]
    where += [Front.objects.first().get_absolute_url()]
    where += [f"/winter/tables/{code}/" for code in TABLES]
    for one in where:
        answer = duty.get(one, headers={"Accept-Language": language})
        assert answer.status_code == 200, one
        if language == "en":
            page = re.sub(r"<option.*?</option>", "", answer.content.decode(), flags=re.DOTALL)
            assert "冬季准备" not in page
    for kind in ("xlsx", "csv"):
        assert duty.get(f"/winter/roster/file.{kind}").status_code == 200
    assert duty.get("/winter/roster/file.pdf").status_code == 404


def test_an_empty_room_has_its_pages_too(browse):
    duty = browse("duty")
    for one in LISTS:
        assert duty.get(f"/winter/{one}").status_code == 200


def test_who_may_not_finds_no_form_and_no_door(winter, browse):
    reader = browse("econ-liaison")
    page = reader.get("/winter/contracts/").content.decode()
    assert "登记合同" not in page
    assert reader.post("/winter/act/contracts/0/add/", {}).status_code == 404
    assert browse("viewer").get("/winter/").status_code == 404
    assert browse().get("/winter/").status_code == 302
    for kind, name in (("contracts", "nothing"), ("nothing", "add"), ("team", "form"),
                       ("team", "strength"), ("store", "issue"), ("tables", "x")):  # fmt: skip
        assert browse("duty").post(f"/winter/act/{kind}/0/{name}/", {}).status_code == 404


def test_a_contract_and_a_turn_are_written_on_their_pages(winter, browse, unit):
    duty = browse("duty")
    told = {"unit": unit("sanitation").pk, "number": "HT-9", "starts": "2026-01-01",
            "ends": "2027-01-01", "kinds": ["branch"], "streets": "滨河路\n第九大街"}  # fmt: skip
    assert duty.post("/winter/act/contracts/0/add/", told).status_code == 302
    one = Contract.objects.get(number="HT-9")
    assert (one.streets, one.kinds) == (["滨河路", "第九大街"], ["branch"])
    again = duty.post("/winter/act/contracts/0/add/", told)
    assert again.status_code == 409
    assert "已经登记过" in again.content.decode()
    first = Duty.objects.first()
    duty.post("/winter/act/roster/0/off/", {"duty": first.pk})
    assert not Duty.objects.filter(pk=first.pk).exists()


def test_what_was_typed_stays_with_its_faults(winter, browse):
    duty = browse("duty")
    store = Movement.objects.first().store
    answer = duty.post(
        f"/winter/act/store/{store.pk}/issue/", {"product": "deicer", "kg": "-7", "what": "西片撒"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "西片撒" in page
    assert page.count("aria-invalid") + page.count("errorlist") + page.count('role="alert"') >= 2


def test_the_front_page_says_what_lacks(winter, browse):
    page = browse("duty").get("/winter/").content.decode()
    assert "没有合同的道路 1 条" in page
    assert "催办到期未复查 1 处" in page
    assert "空班" in page


def test_a_sheet_is_pasted_on_the_page(winter, browse):
    duty = browse("duty")
    before = Front.objects.count()
    told = {"pasted": "航海路\t新店\t门前\ta\t综合行政执法局"}
    assert duty.post("/winter/act/fronts/0/import/", told).status_code == 302
    assert Front.objects.count() == before + 1
    assert duty.post("/winter/act/fronts/0/import/", {}).status_code == 422
