"""An event on its pages, from the snowfall to the signed review, by those whose part it is."""

import json

import pytest
from django.core.cache import cache
from django.test import Client

from bihuan.audit import queries as audit
from bihuan.ledger.models import Finding
from bihuan.people.models import Unit
from bihuan.site import demo
from bihuan.snow.models import (
    DepartmentOrder,
    Inspection,
    Publication,
    Replay,
    Review,
    SituationReport,
    Storm,
)
from tests.rooms.snow.conftest import at, key

pytestmark = pytest.mark.django_db


def do(client: Client, what: str, pk: int, name: str, /, **told: object) -> int:
    answer = client.post(f"/snow/act/{what}/{pk}/{name}/", told)
    return answer.status_code


@pytest.fixture
def begun(browse, streets):
    duty = browse("duty")
    with at(21, 6):
        answer = duty.post(
            "/snow/act/room/0/begin/",
            {"name": "1月21日降雪", "first_snow_at": "2022-01-21 05:30", "start": "snowfall"},
        )
    assert answer.status_code == 302
    return Storm.objects.get()


def test_from_snowfall_to_a_signed_review(browse, begun, streets, told, post):
    duty, leader = browse("duty"), browse("leader")
    with at(23, 8):
        assert do(
            duty, "storm", begun.pk, "warning", issuer="市气象台", kind="snowstorm", colour="blue",
            issued_at="2022-01-23 07:10", text="暴雪蓝色预警。",
        ) == 302  # fmt: skip
        assert do(duty, "storm", begun.pk, "level", level="c4", reason="以雪为令") == 404
        assert do(leader, "storm", begun.pk, "level", level="c4", reason="以雪为令") == 302
        enforcement = Unit.objects.get(code="enforcement")
        assert do(duty, "storm", begun.pk, "order", to=[enforcement.pk], text="清门前积雪") == 302
    order = DepartmentOrder.objects.get()
    page = duty.get(begun.get_absolute_url()).content.decode()
    for word in ("暴雪蓝色预警", "Ⅳ级", "清门前积雪", "平台只转发，不发布"):
        assert word in page
    told(24, 11, people=120, turnouts=6)
    with at(24, 12):
        assert do(duty, "storm", begun.pk, "situation", as_of="2022-01-24 12:00") == 302
        report = SituationReport.objects.get()
        assert do(
            duty, "situation", report.pk, "correct", figure="people", value="121", reason="漏报一人"
        ) == 302  # fmt: skip
        shown = duty.get(report.get_absolute_url()).content.decode()
        assert "121" in shown
        assert "120" in shown
        assert "漏报一人" in shown
        assert do(leader, "situation", report.pk, "issue") == 302
        assert do(duty, "situation", report.pk, "amend", summary="改") in (302, 409, 422)
        report.refresh_from_db()
        assert report.number == 1
        assert report.summary == ""
        cache.clear()
        assert "现在没有发布的路况" in Client().get("/public/roads/").content.decode()
        assert do(duty, "storm", begun.pk, "publish", note="请慢行") == 302
    cache.clear()
    public = Client().get("/public/roads/")
    assert "请慢行" in public.content.decode()
    data = json.loads(Client().get("/public/roads.json").content)
    assert data["roads"]
    assert "张" not in json.dumps(data, ensure_ascii=False)
    assert b"\xef\xbb\xbf" in Client().get("/public/roads.csv").content
    with at(24, 13):
        assert do(duty, "storm", begun.pk, "stopped", at="2022-01-24 12:30") == 302
        assert do(duty, "storm", begun.pk, "again") == 302
        assert do(leader, "storm", begun.pk, "end", reason="") == 422
        assert do(leader, "storm", begun.pk, "end", reason="雪停") == 302
        assert do(duty, "storm", begun.pk, "review") == 302
        review = Review.objects.get()
        assert do(duty, "review", review.pk, "summary", summary="总体及时。") == 302
        assert do(duty, "review", review.pk, "lesson", kind="change", text="早出车") == 302
        assert do(leader, "review", review.pk, "sign") == 302
    review.refresh_from_db()
    assert review.state == "signed"
    assert "早出车" in leader.get(review.get_absolute_url()).content.decode()
    assert order.signed_at is None
    assert Publication.objects.count() == 1
    assert audit.rows()


def test_an_inspection_with_a_finding_in_one_tap(browse, begun):
    duty, clerk = browse("duty"), browse("clerk")
    with at(24, 10):
        assert do(
            duty, "storm", begun.pk, "walk", subject="扫雪除冰保畅通",
            leader=demo.acting("leader").pk, starts_at="2022-01-24 10:00",
            stops="第五大街\n经南八路潮河大桥",
        ) == 302  # fmt: skip
        walk = Inspection.objects.get()
        first, second = walk.stops.order_by("order")
        assert do(duty, "stop", first.pk, "arrive", state="passable") == 302
        assert do(
            duty, "stop", second.pk, "remark", seen="issue", text="桥面有薄冰", client_key=key()
        ) == 302  # fmt: skip
        page = duty.get(walk.get_absolute_url()).content.decode()
        assert "桥面有薄冰" in page
        remark = second.remarks.get()
        assert do(duty, "remark", remark.pk, "raise") == 302
        finding = Finding.objects.get()
        assert "桥面有薄冰" in finding.description or "桥面有薄冰" in finding.title
        assert do(duty, "inspection", walk.pk, "end", summary="已看完。") == 302
    assert do(clerk, "inspection", walk.pk, "drop", reason="不去了") == 404


def test_a_form_with_faults_comes_back_filled_in(browse, begun):
    duty = browse("duty")
    answer = duty.post(f"/snow/act/storm/{begun.pk}/warning/", {"issuer": "气象台"})
    assert answer.status_code == 422
    assert "气象台" in answer.content.decode()
    assert duty.post(f"/snow/act/storm/{begun.pk}/fly/", {}).status_code == 404
    assert duty.post(f"/snow/act/cloud/{begun.pk}/end/", {}).status_code == 404
    answer = duty.post("/snow/act/room/0/begin/", {"name": ""})
    assert answer.status_code == 422


def test_a_replay_is_shown_beside_what_was(browse, begun):
    with at(25, 12):
        do(browse("leader"), "storm", begun.pk, "end", reason="雪停")
        do(browse("duty"), "storm", begun.pk, "review")
    one = Replay.objects.create(
        review=Review.objects.get(), kind="more", seed=1,
        told={"rows": [
            {"label": "", "clear_h": {"main": 3.5}, "late": {"main": 2, "back": 1}, "km": 81.5},
            {"label": "多一台", "clear_h": {"main": 3.1}, "late": {"main": 0}, "km": 80},
        ]},
    )  # fmt: skip
    page = browse("duty").get(one.get_absolute_url()).content.decode()
    for word in ("原来的一遍", "多一台", "3.5", "3.1", "81.5"):
        assert word in page
    cells = [cell.strip() for cell in page.replace("</td>", "<td>").split("<td") if cell]
    assert any(cell.endswith(">3") for cell in cells)
    Replay.objects.create(review=Review.objects.get(), kind="more", seed=2)
    empty = Replay.objects.get(seed=2)
    assert "还没有结果" in browse("duty").get(empty.get_absolute_url()).content.decode()
