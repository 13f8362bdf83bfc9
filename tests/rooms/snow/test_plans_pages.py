"""Plans on their pages: by those whose part it is, with figures, tours, sheets and files."""

import json
import re

import pytest

from bihuan.jobs.services import carry_out
from bihuan.snow import services
from bihuan.snow.models import Plan, WhatIf
from bihuan.snow.queries import plan as queries
from tests.rooms.snow.conftest import at, moment

pytestmark = pytest.mark.django_db
ASKED = {
    "starts_at": "2022-01-21 06:30", "temperature": "-5", "precipitation": "snow",
    "work": "apart", "who": "all", "first": "clear", "shift_h": "12", "seconds": "1",
}  # fmt: skip


def _text(answer) -> str:
    return answer.content.decode()


def test_a_plan_is_asked_for_on_the_page_of_the_event(browse, storm, vehicles):
    duty = browse("duty")
    with at(21, 6, 30):
        answer = duty.post(f"/snow/act/storm/{storm.pk}/plan/", ASKED)
        made = Plan.objects.get()
        assert answer.headers["Location"] == made.get_absolute_url()
        waiting = _text(duty.get(made.get_absolute_url()))
        assert "在排" in waiting
        assert 'data-live="2"' in waiting
        carry_out(made.job_id)
    page = _text(duty.get(made.get_absolute_url()))
    for word in ("没有一处不合", "全程的下界（km）", "清完的份额", "每台车的路线", "付诸执行"):
        assert word in page
    with at(21, 6, 31):
        assert duty.post(f"/snow/act/plan/{made.pk}/enforce/").status_code == 302
    assert "执行中" in _text(duty.get(storm.get_absolute_url()))


def test_what_is_wrong_comes_back_with_the_form(browse, storm, vehicles):
    duty = browse("duty")
    with at(21, 6, 30):
        answer = duty.post(f"/snow/act/storm/{storm.pk}/plan/", {**ASKED, "every_h": "2"})
        assert answer.status_code == 422
        assert "请一起写" in _text(answer)
        answer = duty.post(
            f"/snow/act/storm/{storm.pk}/plan/", {**ASKED, "closed": "甲路、乙路"}
        )  # fmt: skip
        assert answer.status_code == 409
        assert "甲路" in _text(answer)
        assert "乙路" in _text(answer)
    assert not Plan.objects.exists()


def test_readiness_has_a_page_of_its_own_and_starts_with_the_response(browse, vehicles):
    duty = browse("duty")
    with at(21, 5):
        assert duty.post("/snow/act/readiness/0/ask/", ASKED).status_code == 302
        ready = Plan.objects.get()
        carry_out(ready.job_id)
        assert ready.label() in _text(duty.get("/snow/plans/"))
    with at(21, 6):
        duty.post(
            "/snow/act/room/0/begin/",
            {"name": "降雪", "first_snow_at": "2022-01-21 05:30", "start": "snowfall",
             "plan": ready.pk},
        )  # fmt: skip
    mine = Plan.objects.get(state="in_force")
    assert (mine.before_id, mine.starts_at) == (ready.pk, moment(21, 6))


def test_who_does_not_dispatch_reads_but_does_not_act(browse, made):
    plan = made()
    foreman = browse("foreman")
    page = _text(foreman.get(plan.get_absolute_url()))
    assert "每台车的路线" in page
    assert "/enforce/" not in page
    with at(21, 7):
        assert foreman.post(f"/snow/act/plan/{plan.pk}/enforce/").status_code == 404
        assert foreman.post("/snow/act/readiness/0/ask/", ASKED).status_code == 404
    assert browse("statistician").get(plan.get_absolute_url()).status_code == 404


def test_a_sheet_names_streets_in_order_and_no_person(browse, made):
    plan = made()
    vehicle = plan.tours["tours"][0]["vehicle"]
    page = _text(browse("foreman").get(f"/snow/plans/{plan.pk}/vehicles/{vehicle + 1}/"))
    assert plan.inputs["vehicles"][vehicle]["number"] in page
    main = page[page.index("<main") : page.index("</main>")]
    for word in ("向", "撒布" if "撒布" in main else "推雪", "第几遍"):
        assert word in main
    assert "队长" not in main
    assert "无名道路" not in main  # a turn is no street
    assert "值班员" not in main
    hours = re.findall(r'data-label="时刻"[^>]*>(\d\d:\d\d)', main)
    assert hours == sorted(hours)
    assert len(hours) > 3
    for nobody in (0, 999):
        assert browse("foreman").get(f"/snow/plans/{plan.pk}/vehicles/{nobody}/").status_code == 404


def test_the_map_and_the_files_say_the_same_as_the_list(browse, made):
    plan = made()
    duty = browse("duty")
    drawn = json.loads(duty.get(f"/snow/plans/{plan.pk}/ways.json").content)
    groups = {one["properties"]["group"] for one in drawn["features"]}
    vehicles = plan.inputs["vehicles"]
    assert groups == {vehicles[one["vehicle"]]["number"] for one in plan.tours["tours"]}
    place = f"/snow/plans/{plan.pk}/files/"
    routes = json.loads(duty.get(place + "routes/").content)
    assert {one["properties"]["vehicle"] for one in routes["features"]} == groups
    tours = duty.get(place + "tours/").content.decode("utf-8-sig").splitlines()
    assert len(tours) == len(groups) + 1
    assert duty.get(place + "drivers/").content[:5] == b"%PDF-"
    assert "校验不合之处,0" in duty.get(place + "numbers/").content.decode()
    assert duty.get(place + "legs/").status_code == 200
    assert duty.get(place + "../../etc").status_code == 404
    assert duty.get(place + "secret/").status_code == 404


def test_a_breakdown_is_told_on_the_page_and_makes_a_version(browse, made):
    plan = made(force=True)
    vehicle = max(plan.tours["tours"], key=lambda one: one["stops"][-1][2])["vehicle"]
    duty = browse("duty")
    with at(21, 6, 40):
        answer = duty.post(
            f"/snow/act/plan/{plan.pk}/breakdown/", {"vehicles": [vehicle], "note": "抛锚"}
        )  # fmt: skip
        second = Plan.objects.get(before=plan)
        assert answer.headers["Location"] == second.get_absolute_url()
        carry_out(second.job_id)
        page = _text(duty.get(second.get_absolute_url()))
    assert "比上一版改了多少" in page
    assert plan.label() in page
    with at(21, 6, 40):
        answer = duty.post(f"/snow/act/plan/{plan.pk}/closed/", {"sections": "没有这条路"})
    assert answer.status_code == 409
    assert "没有这条路" in _text(answer)


def test_what_if_is_a_table_and_a_chart(browse, made):
    plan = made()
    duty = browse("duty")
    with at(21, 7):
        duty.post(f"/snow/act/plan/{plan.pk}/raise/", {"road": "main", "hours": "3、0.2"})
        asked = WhatIf.objects.get()
        assert "停止" in _text(duty.get(asked.get_absolute_url()))
        carry_out(asked.job_id)
    page = _text(duty.get(asked.get_absolute_url()))
    assert "data-chart" in page
    assert "0.2 小时" in page
    with at(21, 7):
        answer = duty.post(f"/snow/act/plan/{plan.pk}/yard/", {"yard": 0, "place": "这里"})
        assert answer.status_code == 422
        answer = duty.post(f"/snow/act/plan/{plan.pk}/raise/", {"road": "main", "hours": "快"})
        assert answer.status_code == 422


def test_the_live_page_offers_the_tours_of_the_plan_in_force(browse, made, storm):
    duty = browse("duty")
    with at(21, 7):
        assert "data-plan-tours" not in _text(duty.get("/snow/live/"))
        plan = made(force=True)
        page = _text(duty.get("/snow/live/"))
        assert "data-plan-tours" in page
        assert f"/snow/plans/{plan.pk}/ways.json" in page
        assert plan.inputs["vehicles"][plan.tours["tours"][0]["vehicle"]]["number"] in page


def test_streets_said_to_be_closed_stand_in_the_form(browse, storm, streets, vehicles, post):
    with at(21, 6, 20):
        services.say_state(streets[0].code, "closed", by=post("duty"), source="team")
        assert queries.closed_now() == [streets[0].name]
        assert streets[0].name in _text(browse("duty").get(storm.get_absolute_url()))


def test_in_english_nothing_of_the_page_is_left_in_chinese(browse, made):
    plan = made()
    duty = browse("duty")
    duty.cookies["django_language"] = "en"
    page = _text(duty.get(plan.get_absolute_url()))
    for word in ("Figures of the plan", "Share cleared", "Routes of the vehicles"):
        assert word in page
