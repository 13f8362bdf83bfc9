"""Reports from the street: stored once however often they are sent, by script and by plain form."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.fleet import services as fleet
from bihuan.people import services as people
from bihuan.people.models import Post, Unit
from bihuan.site import demo
from bihuan.snow import services
from bihuan.snow.models import HandTask, SectionState, TeamReport
from bihuan.snow.queries import live

pytestmark = pytest.mark.django_db
KEY, OTHER = "0" * 32, "1" * 32
REPORT = "/snow/phone/report/"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002"
    "000001e5273d5f0000000049454e44ae426082"
)


def photo(name: str = "现场.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG, "image/png")


@pytest.fixture
def team(unit: Callable[[str], Unit]) -> Unit:
    return unit("sanitation")


@pytest.fixture
def captain(team: Unit) -> Post:
    role = people.add_role(
        by=None, code="crew", name="队长", verbs=["snow.view", "snow.report"], reach="unit"
    )
    person = people.add_person(by=None, name="应急队队长")
    held = people.appoint(person, by=None, unit=team, role=role, title="应急队队长")
    people.open_account(person, by=None, username="crew", password=demo.PASSWORD, must_change=False)
    return held


@pytest.fixture
def phone(captain: Post, browse: Callable[..., Client]) -> Client:
    return browse("crew")


def by_script(phone: Client, team: Unit, address: str = REPORT, **fields: Any) -> Any:
    sent = {"client_key": KEY, "unit": team.pk, **fields}
    return phone.post(address, sent, headers={"accept": "application/json"})


def test_a_report_sent_again_is_stored_once_and_answered_alike(phone, team):
    first = by_script(phone, team, people_sanitation=40, turnouts=3)
    again = by_script(phone, team, people_sanitation=40, turnouts=3)
    assert (first.status_code, first.json()) == (201, {"stored": True, "again": False})
    assert (again.status_code, again.json()) == (200, {"stored": True, "again": True})
    assert TeamReport.objects.get().people == {"sanitation": 40}


def test_a_plain_form_does_the_same_without_a_script(phone, team):
    for _time in range(2):  # the back button, and once more
        answer = phone.post(REPORT, {"client_key": KEY, "unit": team.pk, "deicer_kg": 800})
        assert answer.status_code == 302
    assert TeamReport.objects.get().deicer_kg == 800
    assert "融雪剂 800 kg" in phone.get("/snow/phone/").content.decode()


def test_a_photo_comes_along(phone, team):
    assert by_script(phone, team, photo=photo()).status_code == 201
    stored = TeamReport.objects.get().photo
    assert (stored.name, stored.size) == ("现场.png", len(PNG))


def test_a_state_of_a_section_reaches_the_live_picture(phone, team, monkeypatch):
    street = live.Street(1, "S1", "第五大街", "main", "", 500.0, False, False, {})
    monkeypatch.setattr(live, "streets", lambda codes=None, shapes=False: (street,))
    assert by_script(phone, team, section="第五大街", state="icy").status_code == 201
    assert live.states()["S1"].code == "icy"
    assert SectionState.objects.get().source == "team"
    by_script(phone, team, section="第五大街", state="icy")  # sent again: said once
    assert SectionState.objects.count() == 1
    refused = by_script(phone, team, client_key=OTHER, section="无名路", state="icy")
    assert refused.status_code == 422
    assert "没有叫“无名路”的路段" in refused.json()["faults"][0]


def test_what_is_wrong_is_told_to_the_script_in_sentences(phone, team):
    empty = by_script(phone, team)
    assert (empty.status_code, empty.json()["faults"]) == (409, ["报告是空的。请至少填一项。"])
    bad = by_script(phone, team, turnouts=-1)
    assert (bad.status_code, len(bad.json()["faults"])) == (422, 1)
    assert by_script(phone, team, client_key="x", turnouts=1).status_code == 409
    assert not TeamReport.objects.exists()


def test_a_report_keeps_the_time_at_which_it_was_written(phone, team):
    written = clock.now() - timedelta(hours=3)
    by_script(phone, team, turnouts=1, written_ms=int(written.timestamp() * 1000))
    assert abs(TeamReport.objects.get().at - written) < timedelta(seconds=1)


@pytest.mark.parametrize("hours", [-1, 24 * 8])
def test_a_report_of_tomorrow_or_of_another_snowfall_is_refused(team, captain, hours):
    at = clock.now() - timedelta(hours=hours)
    with pytest.raises(Refused):
        services.report_team(
            team, by=captain, client_key=KEY, people_at_work={"sanitation": 1}, at=at
        )


def test_nobody_reports_for_another_unit_or_under_anothers_key(team, captain, unit):
    with pytest.raises(Refused):
        services.report_team(
            unit("economy"), by=captain, client_key=KEY, people_at_work={"other": 1}
        )
    services.report_team(team, by=None, client_key=KEY, people_at_work={"other": 1})
    with pytest.raises(Refused):
        services.report_team(team, by=captain, client_key=KEY, people_at_work={"other": 2})


def test_a_task_by_hand_runs_from_the_plough_and_is_done_with_a_photo_once(phone, team):
    over = clock.now() - timedelta(minutes=10)
    passed = fleet.report_pass("S1", by=None, from_at=over - timedelta(minutes=5), to_at=over)
    task = services.open_hand_task(
        team, by=None, place="第五大街地铁口", lon=113.7, lat=34.7, after=passed, minutes=30
    )
    assert task.due_at == over + timedelta(minutes=30)
    assert "第五大街地铁口" in phone.get("/snow/phone/").content.decode()
    address = f"/snow/phone/tasks/{task.pk}/done/"
    without = by_script(phone, team, address)
    assert without.status_code == 422
    first = by_script(phone, team, address, photo=photo())
    again = by_script(phone, team, address, photo=photo())
    assert (first.status_code, again.status_code) == (201, 200)
    other = by_script(phone, team, address, photo=photo(), client_key=OTHER)
    assert (other.status_code, other.json()["faults"]) == (409, ["“第五大街地铁口”已经清完。"])
    assert HandTask.objects.get().done_key == KEY


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_carries_its_words_a_fresh_key_and_its_worker(phone, language):
    phone.cookies["django_language"] = language
    first, second = (phone.get("/snow/phone/") for _time in range(2))
    keys = {one.context["page"].report["client_key"].value() for one in (first, second)}
    assert len(keys) == 2
    assert json.dumps(first.context["page"].worker)[1:-1] in first.content.decode()
    worker = phone.get("/snow/phone/worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert 'const PAGE = "/snow/phone/"' in worker.content.decode()


def test_whoever_may_not_report_finds_no_such_page(browse):
    assert browse("viewer").get("/snow/phone/").status_code == 404
