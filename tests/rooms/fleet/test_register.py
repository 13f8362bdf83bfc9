"""The register: vehicles, devices, shifts, import; who may do what, and what the pages say."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openapi_spec_validator import validate
from openpyxl import Workbook

from bihuan.audit.models import Entry
from bihuan.base.errors import Refused
from bihuan.exchange import sheet
from bihuan.fleet import queries, services
from bihuan.fleet.models import Device, Shift, Vehicle
from bihuan.fleet.pages import api
from bihuan.fleet.rules import pasted

pytestmark = pytest.mark.django_db

TABLE = """编号\t车牌\t种类\t单位\t车场\t载量\t归属
撒布01\t豫A10001\t撒布机\t环卫市场化营运公司\t一号车场\t6000\t自有
铲车01\t\t铲车\t环卫市场化营运公司\t\t\t承包单位的
"""


def test_a_register_is_brought_in_and_brought_in_again(yard, chief, browse):
    browser = browse("fleet-chief")
    for _time in range(2):
        answer = browser.post("/fleet/import/", {"text": TABLE})
        assert answer.status_code == 302, answer.content.decode()
    spreader = Vehicle.objects.get(number="撒布01")
    assert (spreader.capacity_kg, spreader.depot) == (6000, yard.depot)
    loader = Vehicle.objects.get(number="铲车01")
    assert (loader.ploughs, loader.spreads, loader.owner) == (True, False, "contracted")
    acts = Entry.objects.filter(thing="撒布01", act="fleet.vehicle.amend")
    assert acts.count() == 1  # the second time nothing had changed


def test_a_workbook_is_read_like_a_pasted_table(yard, browse):
    book = Workbook()
    for line in TABLE.splitlines():
        book.active.append(line.split("\t"))
    book.save(content := io.BytesIO())
    upload = SimpleUploadedFile("车辆.xlsx", content.getvalue())
    assert browse("fleet-chief").post("/fleet/import/", {"upload": upload}).status_code == 302
    assert Vehicle.objects.filter(number="铲车01").exists()


def test_every_fault_of_a_table_is_told_at_once_and_nothing_is_brought_in(yard, browse):
    table = (
        TABLE
        + "雪辊01\t\t飞机\t别的公司\t\t-3\t自有\n撒布01\t\t撒布机\t环卫市场化营运公司\t\t100\t\n"
    )
    answer = browse("fleet-chief").post("/fleet/import/", {"text": table})
    said = answer.content.decode()
    assert answer.status_code == 422
    for told in (
        "第 4 行：种类“飞机”不认识",
        "“-3”应为大于零的数",
        "第 5 行：编号“撒布01”前面已有",
    ):
        assert told in said
    assert not Vehicle.objects.filter(number="铲车01").exists()


def test_a_company_nobody_knows_is_told_with_its_row(yard, browse):
    answer = browse("fleet-chief").post(
        "/fleet/import/", {"text": "编号\t种类\t单位\nA1\t铲车\t无名公司\n"}
    )
    assert "第 2 行：没有名为“无名公司”的单位" in answer.content.decode()


def test_a_table_without_its_headings_says_which_are_missing():
    found = pasted.read(sheet.pasted("编号\t备注\nA1\t\n"))
    assert [fault.params["column"] for fault in found.faults] == ["种类", "单位"]


def test_one_vehicle_has_one_shift_at_a_time(yard, chief):
    with pytest.raises(Refused):
        services.start_shift(yard.out, by=chief)
    span = {"starts_at": yard.now - timedelta(hours=1), "ends_at": yard.now + timedelta(hours=1)}
    with pytest.raises(Refused) as refusal:
        services.plan_shifts([yard.out, yard.resting], by=chief, **span)
    assert "撒布01" in str(refusal.value)
    assert not Shift.objects.filter(vehicle=yard.resting).exists()
    services.plan_shifts([yard.resting], by=chief, **span)
    assert set(queries.shifts_at(yard.now).values_list("vehicle", flat=True)) == {
        yard.out.pk,
        yard.resting.pk,
    }


def test_a_vehicle_on_duty_is_not_retired(yard, chief):
    with pytest.raises(Refused):
        services.retire(yard.out, by=chief, reason="报废")
    services.retire(yard.resting, by=chief, reason="报废")
    with pytest.raises(Refused):
        services.start_shift(yard.resting, by=chief)


def test_numbers_and_plates_are_nobody_elses(yard, chief):
    told = {"kind": "loader", "company": yard.company}
    with pytest.raises(Refused) as refusal:
        services.enter(by=chief, number="撒布01", plate="豫A10002", **told)
    assert len(refusal.value.sentences) == 2
    with pytest.raises(Refused):
        services.enter(by=chief, number="X", plate="ABC", **told)


def test_a_captain_sends_out_the_own_vehicles_and_keeps_no_register(yard, captain, unit):
    other = services.enter(by=None, number="外单位", kind="truck", company=unit("enforcement"))
    services.start_shift(yard.resting, by=captain)
    for refused in (
        lambda: services.start_shift(other, by=captain),
        lambda: services.retire(yard.out, by=captain, reason="x"),
        lambda: services.give_device(by=captain, name="x", company=yard.company),
    ):
        with pytest.raises(Refused):
            refused()
    assert list(queries.visible_to(captain).values_list("number", flat=True)) == [
        "撒布01",
        "撒布02",
    ]


def test_the_token_is_shown_once(yard, browse):
    browser = browse("fleet-chief")
    sent = {"name": "终端", "company": yard.company.pk, "datum": "gcj02"}
    answer = browser.post("/fleet/devices/", sent)
    device = Device.objects.order_by("-pk")[0]
    secret = answer.context["page"].panels[0].items[1][1].value
    assert services.token_digest(secret) == device.digest
    assert secret in answer.content.decode()
    assert secret not in browser.get("/fleet/devices/").content.decode()


def test_the_interface_is_declared_as_openapi(yard, browse):
    answer = browse("fleet-chief").get("/fleet/positions/openapi.json")
    assert answer.status_code == 200
    validate(answer.json())
    assert api.PATH in answer.json()["paths"]


@pytest.mark.parametrize(
    "address",
    ["", "enter/", "import/", "shifts/", "depots/", "devices/", "keeping/", "api/", "passes/"],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens(yard, browse, address, language):
    browser = browse("fleet-chief")
    browser.cookies["django_language"] = language
    assert browser.get(f"/fleet/{address}").status_code == 200


def test_a_vehicles_page_shows_where_it_is_only_while_it_is_on_duty(yard, chief, browse):
    from tests.rooms.fleet.test_positions import send

    send(yard, yard.entry(1, plough=True, spread=True, rate=20))
    browser = browse("fleet-chief")
    assert "撒布 20 g/m²" in browser.get(f"/fleet/{yard.out.pk}/").content.decode()
    services.end_shift(yard.out, by=chief)
    assert "最近位置" not in browser.get(f"/fleet/{yard.out.pk}/").content.decode()


def test_a_track_is_shown_after_a_reason_was_given(yard, browse):
    from tests.rooms.fleet.test_positions import send

    send(yard, *(yard.entry(n) for n in range(1, 20)))
    browser = browse("fleet-chief")
    sent = {"since": "2020-01-01T00:00", "until": "2099-01-01T00:00", "reason": "核对"}
    answer = browser.post(f"/fleet/{yard.out.pk}/track/", sent)
    assert "共 19 个位置" in answer.content.decode()
    assert "核对" in browser.get(f"/fleet/{yard.out.pk}/").content.decode()
    assert browser.post(f"/fleet/{yard.out.pk}/track/", {**sent, "reason": ""}).status_code == 422
