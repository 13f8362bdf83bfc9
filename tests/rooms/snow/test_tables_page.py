"""The rule tables on their pages: look first, then save as a version; photos as they were kept."""

import re

import pytest

from bihuan.snow import services
from bihuan.snow.queries import tables
from bihuan.snow.rules.tables import TABLES
from tests.rooms.snow.conftest import at, key, picture

pytestmark = pytest.mark.django_db
PROMISES = "/snow/tables/promises/"


def names(client) -> dict[str, str]:
    """The names that the form's own fields have, and what stands in them."""
    page = client.get(PROMISES).content.decode()
    return dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))


def test_every_table_has_its_page_and_a_stranger_to_the_room_has_none(browse):
    duty = browse("duty")
    index = duty.get("/snow/tables/").content.decode()
    for code, plan in TABLES.items():
        assert plan.name in index
        assert duty.get(f"/snow/tables/{code}/").status_code == 200
    assert duty.get("/snow/tables/nothing/").status_code == 404
    assert browse("econ-liaison").post(PROMISES, {}).status_code in (403, 404)


def test_new_hours_are_looked_at_and_then_saved_as_a_version(browse):
    duty = browse("duty")
    told = names(duty)
    field = next(name for name, value in told.items() if value == "4" and "hours" in name)
    told |= {field: "3", "source": "示例：会议纪要"}
    looked = duty.post(PROMISES, told)
    assert looked.status_code == 200
    assert "将要改动" in looked.content.decode()
    assert tables.TABLE.history("promises").count() == 0
    told["looked"] = re.search(
        r'name="looked"[^>]*value="([0-9a-f]+)"|value="([0-9a-f]+)"[^>]*name="looked"',
        looked.content.decode(),
    ).group(1)
    assert duty.post(PROMISES, told).status_code == 302
    assert tables.TABLE.history("promises").get().rows[0]["hours"] == 3
    assert "第 1 版" in duty.get(PROMISES).content.decode()
    assert "起始" in duty.get(f"{PROMISES}?version=0").content.decode()


def test_every_fault_of_a_table_is_told_at_once_and_nothing_is_lost(browse):
    duty = browse("duty")
    told = names(duty)
    hours = [name for name in told if "hours" in name][:2]
    answer = duty.post(PROMISES, told | {hours[0]: "0", hours[1]: "many", "source": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "many" in page
    assert page.count('role="alert"') + page.count("errorlist") + page.count("aria-invalid") >= 2
    assert tables.TABLE.history("promises").count() == 0


def test_a_photo_is_seen_by_the_room_and_by_nobody_else(storm, unit, browse, post):
    with at(24, 10):
        made, _new = services.report_team(
            unit("sanitation"), by=None, client_key=key(), people_at_work={"sanitation": 3},
            note="路口已清", photo=picture(),
        )  # fmt: skip
    where = f"/snow/photos/report/{made.pk}/"
    with at(24, 11):
        assert where in browse("duty").get(storm.get_absolute_url()).content.decode()
        answer = browse("duty").get(where)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert browse("auditor").get(where).status_code in (403, 404)
    assert browse().get(where).status_code in (302, 403)
    for other in ("/snow/photos/report/999/", "/snow/photos/people/1/"):
        assert browse("duty").get(other).status_code == 404
