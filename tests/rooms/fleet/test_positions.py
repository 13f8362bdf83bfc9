"""Positions through the interface: idempotent, only on shift, by tokens that can be ended."""

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from bihuan.audit.models import Entry
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.fleet import queries, services, tasks
from bihuan.fleet.models import DeviceDay, LastPosition, Position
from bihuan.fleet.pages import api
from bihuan.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tidied_lately() -> None:
    """The chore has just run, as it has in a house that is in use."""
    cache.set("fleet.tidy", True)


URL = "/fleet/positions/"


def send(yard: Any, *entries: dict[str, Any], token: str = "", **more: Any) -> Any:
    body = {"positions": list(entries), **more}
    return raw(json.dumps(body).encode(), token or yard.token)


def raw(content: bytes, token: str, **headers: str) -> Any:
    return Client().post(
        URL,
        content,
        content_type="application/json",
        headers={"authorization": f"Bearer {token}", **headers},
    )


def test_a_batch_sent_again_is_stored_once(yard):
    sent = [yard.entry(n) for n in (3, 1, 2)]
    first, again = send(yard, *sent).json(), send(yard, *reversed(sent)).json()
    assert (first["stored"], first["repeated"]) == (3, 0)
    assert (again["stored"], again["repeated"]) == (0, 3)
    assert Position.objects.count() == 3


def test_the_same_entry_twice_in_one_batch_is_stored_once(yard):
    told = send(yard, yard.entry(1), yard.entry(1)).json()
    assert (told["stored"], told["repeated"]) == (1, 1)


def test_the_newest_position_stays_whatever_comes_late(yard):
    send(yard, yard.entry(5, speed=30, plough=True))
    send(yard, yard.entry(60, speed=10))
    last = LastPosition.objects.get()
    assert (last.speed_kmh, last.ploughing, last.spreading) == (30, True, None)


def test_off_shift_nothing_is_stored_but_the_number(yard):
    resting = {**yard.entry(1), "vehicle": yard.resting.number}
    told = send(yard, resting, yard.entry(1)).json()
    assert (told["stored"], told["off_shift"], told["faults"]) == (1, 1, [])
    assert not Position.objects.filter(vehicle=yard.resting).exists()
    assert not LastPosition.objects.filter(vehicle=yard.resting).exists()
    day = DeviceDay.objects.get()
    assert (day.received, day.stored, day.off_shift, day.faulty) == (2, 1, 1, 0)


def test_after_the_end_of_the_shift_nothing_more_comes_in(yard, chief):
    services.end_shift(yard.out, by=chief, at=yard.now - timedelta(seconds=30))
    told = send(yard, yard.entry(10), yard.entry(40)).json()
    assert (told["stored"], told["off_shift"]) == (1, 1)
    assert not queries.latest().exists()


def test_faults_are_told_one_by_one_and_the_good_ones_kept(yard):
    told = send(yard, yard.entry(1), yard.entry(2, lon=2.35, lat=48.85), yard.entry(-600)).json()
    assert (told["stored"], told["faulty"]) == (1, 2)
    assert [(one["entry"], one["code"]) for one in told["faults"]] == [
        (1, "elsewhere"),
        (2, "future"),
    ]
    assert "中国" in told["faults"][0]["detail"]


def test_a_vehicle_may_be_called_by_its_plate(yard):
    assert send(yard, yard.entry(1, vehicle="豫A10001")).json()["stored"] == 1


def test_a_device_of_one_vehicle_speaks_for_no_other(yard, chief):
    services.start_shift(yard.resting, by=chief, at=yard.now - timedelta(hours=1))
    _device, token = services.give_device(
        by=chief, name="终端", company=yard.company, vehicle=yard.resting
    )
    other = {**yard.entry(1), "vehicle": yard.resting.number}
    told = send(yard, yard.entry(1), other, token=token).json()
    assert (told["stored"], told["faults"][0]["code"]) == (1, "vehicle")


def test_an_ended_token_is_refused_at_once(yard, chief):
    services.end_device(yard.device, by=chief)
    answer = send(yard, yard.entry(1))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["detail"].startswith("请在")


def test_only_a_digest_of_a_token_is_stored(yard):
    assert yard.token not in json.dumps(list(type(yard.device).objects.values()), default=str)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_another_datum_becomes_wgs84(yard, datum):
    coordinates = pytest.importorskip("bihuan.engines.routing.coordinates")
    send(yard, yard.entry(1), datum=datum)
    stored = Position.objects.get()
    lon, lat = coordinates.to_wgs84([113.75], [34.72], datum)
    assert (stored.lon, stored.lat) == pytest.approx((lon[0], lat[0]))
    assert abs(stored.lon - 113.75) > 0.003


def test_gzip_is_taken_and_a_bomb_is_not(yard):
    body = json.dumps({"positions": [yard.entry(1)]}).encode()
    answer = raw(gzip.compress(body), yard.token, **{"content-encoding": "gzip"})
    assert answer.json()["stored"] == 1
    bomb = gzip.compress(b" " * (api.MOST_BYTES + 1))
    for content, status in ((bomb, 413), (b"nonsense", 400), (gzip.compress(body)[:-9], 400)):
        answer = raw(content, yard.token, **{"content-encoding": "gzip"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, api.PROBLEM)


@pytest.mark.parametrize(
    ("content", "status"), [(b"{", 400), (b"[]", 422), (b'{"positions": []}', 422)]
)
def test_what_is_no_batch_gets_one_sentence(yard, content, status):
    answer = raw(content, yard.token)
    assert answer.status_code == status
    assert answer.json()["detail"].endswith("。")


def test_a_batch_costs_few_queries_however_long_it_is(yard, django_assert_max_num_queries):
    sent = [yard.entry(n / 10) for n in range(1, 500)]
    client = Client(headers={"authorization": f"Bearer {yard.token}"})
    body = json.dumps({"positions": sent})
    with django_assert_max_num_queries(16):
        answer = client.post(URL, body, content_type="application/json")
    assert answer.json()["stored"] == 499


def test_looking_at_a_track_needs_a_reason_and_leaves_an_entry(yard, chief, captain):
    send(yard, yard.entry(1), yard.entry(2))
    span = {"since": yard.now - timedelta(hours=1), "until": yard.now}
    found = services.look_at_track(yard.out, by=chief, reason="核对作业", **span)
    assert len(found) == 2
    entry = Entry.objects.get(act="fleet.track.look")
    assert (entry.thing, entry.note) == ("撒布01", "核对作业")
    for by, reason in ((chief, " "), (captain, "好奇")):
        with pytest.raises(Refused):
            services.look_at_track(yard.out, by=by, reason=reason, **span)


def test_what_is_past_its_time_is_not_shown_and_then_deleted(yard, chief):
    send(yard, yard.entry(3600), yard.entry(10))
    services.set_keeping(by=chief, hours=1, source="示例规定")
    with clock.held_at(yard.now + timedelta(seconds=5)):
        span = (yard.now - timedelta(hours=3), yard.now)
        assert queries.track(yard.out, *span).count() == 1
        assert services.forget_expired() == 1
        assert services.forget_expired() == 0
    assert Position.objects.count() == 1


def test_where_positions_come_in_the_chore_that_deletes_them_runs_by_itself(yard):
    cache.delete("fleet.tidy")
    for n in (1, 2):
        send(yard, yard.entry(n))
    assert Job.objects.filter(kind="fleet.tidy").count() == 1


def test_the_chore_tells_what_it_did(yard, chief):
    send(yard, yard.entry(3600), yard.entry(10))
    services.set_keeping(by=chief, hours=1, source="示例规定")
    with clock.held_at(yard.now + timedelta(seconds=5)):
        told = tasks.tidy({}, seed=0, tell=lambda done, total, message="": None, run=map)
    assert told["删去的位置"] == 1
