"""The live picture: list and map say the same, changes are small, nothing is missed."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from bihuan.base import clock
from bihuan.fleet import rules as fleet
from bihuan.fleet import services
from bihuan.fleet.models import Pass, Vehicle
from bihuan.people import services as people
from bihuan.people.models import Role, Unit
from bihuan.roads import queries as roads
from bihuan.roads import sample
from bihuan.roads import services as road_services
from bihuan.site import demo
from bihuan.snow.forms.live import LiveForm
from bihuan.snow.pages import live as pages
from bihuan.snow.queries import live as queries
from bihuan.snow.rules import live as rules

pytestmark = pytest.mark.django_db
LINE = {"type": "LineString", "coordinates": [[113.7412345, 34.72], [113.75, 34.7212345]]}


def street(n: int, kind: str = "main", **more: Any) -> queries.Street:
    told = {"company": "", "length_m": 500.0, "icing": False, "key": False, "geometry": LINE}
    return queries.Street(n, f"S{n}", f"第{n}大街", kind, **{**told, **more})


class Zone:
    """A zone of three streets, one of them icy, one never reported."""

    def __init__(self) -> None:
        now = clock.now()
        self.streets = [street(1), street(2, "secondary", icing=True), street(3, "back")]
        self.states = {
            "S1": queries.State("passable", now - timedelta(minutes=5)),
            "S2": queries.State("icy", now - timedelta(minutes=5)),
        }
        self.told_at = {code: now - timedelta(minutes=5) for code in self.states}
        self.tasks: tuple[queries.Task, ...] = ()

    def asked(self, codes: Iterable[str] | None = None, *, shapes: bool = False) -> Any:
        known = None if codes is None else set(codes)
        return tuple(one for one in self.streets if known is None or one.code in known)

    def say(self, code: str, state: str) -> None:
        self.states[code] = queries.State(state, clock.now())
        self.told_at[code] = clock.now()


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Zone:
    made, touched = Zone(), queries.touched

    def also_told(since: datetime, fresh: timedelta) -> set[str]:
        told = {code for code, at in made.told_at.items() if at >= since}
        return touched(since, fresh) | told

    def states(codes: Iterable[str] | None = None) -> dict[str, queries.State]:
        known = None if codes is None else set(codes)
        return {c: s for c, s in made.states.items() if known is None or c in known}

    spot = queries.Spot("潮河大桥", 113.75, 34.7)
    for name, answer in {
        "streets": made.asked,
        "streets_count": lambda: len(made.streets),
        "spots": lambda: (spot,),
        "states": states,
        "touched": also_told,
        "tasks": lambda: made.tasks,
        "network_mark": lambda: f"{len(made.streets)}",
    }.items():
        monkeypatch.setattr(queries, name, answer)
    return made


@pytest.fixture
def watcher(unit: Callable[[str], Unit], browse: Callable[..., Client]) -> Client:
    role = people.add_role(by=None, code="watch", name="值班", verbs=["snow.view"], reach="zone")
    person = people.add_person(by=None, name="值班员")
    people.appoint(person, by=None, unit=unit("enforcement"), role=role, title="值班员")
    people.open_account(
        person, by=None, username="watcher", password=demo.PASSWORD, must_change=False
    )
    return browse("watcher")


def report(code: str, minutes: float) -> Pass:
    at = clock.now() - timedelta(minutes=minutes)
    return services.report_pass(code, by=None, from_at=at - timedelta(minutes=5), to_at=at)


def lines(asked: str = "") -> list[pages.Line]:
    return list(pages.page(LiveForm(QueryDict(asked)), 1).lines)


def test_the_worst_stands_first_and_every_state_has_a_word(zone):
    assert [(one.name, one.state.label) for one in lines()] == [
        ("第2大街", "结冰"),
        ("第3大街", "没有报过"),
        ("第1大街", "畅通"),
    ]


def test_a_pass_shows_its_time_its_source_and_its_age(zone):
    report("S1", 30)
    report("S3", 300)
    found = {one.name: one for one in lines()}
    assert (found["第1大街"].age, found["第1大街"].source) == ("fresh", "队伍报告")
    assert (found["第3大街"].age, found["第2大街"].age) == ("old", "never")
    assert found["第2大街"].passed == ""


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("kind=back", ["第3大街"]),
        ("state=icy", ["第2大街"]),
        ("icing=on", ["第2大街"]),
        ("text=1大", ["第1大街"]),
        ("age=never&sort=name", ["第1大街", "第2大街", "第3大街"]),
        ("sort=name&down=1", ["第3大街", "第2大街", "第1大街"]),
        ("sort=nonsense&kind=nonsense", ["第2大街", "第3大街", "第1大街"]),
    ],
)
def test_the_list_can_be_filtered_and_sorted_without_a_script(zone, asked, names):
    assert [one.name for one in lines(asked)] == names


def test_the_first_answer_tells_everything_and_the_next_only_what_changed(zone):
    first = pages.changes(None, 2)
    assert [one["id"] for one in first["sections"]] == [1, 2, 3]
    assert first["counts"] == {"passable": 1, "slow": 0, "icy": 1, "closed": 0, "unknown": 1}
    cursor = first["cursor"]
    assert pages.changes(cursor, 2)["sections"] == []
    zone.say("S3", "closed")
    second = pages.changes(cursor, 2)
    assert [(one["id"], one["state"], one["colour"]) for one in second["sections"]] == [
        (3, "封闭", "shut")
    ]
    assert second["counts"]["closed"] == 1


def test_a_pass_that_is_written_late_is_told_though_it_was_driven_long_ago(zone):
    cursor = pages.changes(None, 2)["cursor"]
    report("S1", 90)
    told = pages.changes(cursor, 2)["sections"]
    assert [(one["id"], one["age"]) for one in told] == [(1, "fresh")]


def test_growing_old_is_a_change_too(zone):
    report("S1", 118)
    cursor = pages.changes(None, 2)["cursor"]
    with clock.held_at(clock.now() + timedelta(minutes=3)):
        told = pages.changes(cursor, 2)["sections"]
    assert [(one["id"], one["age"]) for one in told] == [(1, "old")]


def test_list_and_changes_say_the_same(zone):
    report("S2", 10)
    told = {one["id"]: one for one in pages.changes(None, 2)["sections"]}
    for one in lines():
        same = told[one.pk]
        assert (one.state.label, one.passed, one.source, one.age) == (
            same["state"],
            same["pass"],
            same["source"],
            same["age"],
        )


def test_only_vehicles_on_duty_are_in_the_picture(zone, unit):
    company = unit("sanitation")
    chief = people.appoint(
        people.add_person(by=None, name="除雪办"),
        by=None,
        unit=unit("enforcement"),
        role=Role.objects.get(code="admin"),
        title="除雪办",
    )
    people.set_role(chief.role, by=None, verbs=["fleet.manage"], reach="zone")
    device, _token = services.give_device(by=chief, name="平台", company=company)
    out = services.enter(by=None, number="雪铲1", kind="plough", ploughs=True, company=company)
    services.start_shift(out, by=None, at=clock.now() - timedelta(hours=1))
    at = clock.now() - timedelta(seconds=3)
    entry = {"vehicle": "雪铲1", "time": at.isoformat(), "lon": 113.75, "lat": 34.72}
    services.record_positions(device, {"positions": [{**entry, "plough": True, "heading": 90}]})
    (told,) = pages.changes(None, 2)["vehicles"]
    assert (told["number"], told["doing"], told["stale"]) == ("雪铲1", "推雪", False)
    with clock.held_at(clock.now() + timedelta(minutes=6)):
        (silent,) = pages.changes(None, 2)["vehicles"]
        assert (silent["doing"], silent["stale"]) == ("没有声音", True)
        services.end_shift(Vehicle.objects.get(number="雪铲1"), by=None)
        assert pages.changes(None, 2)["vehicles"] == []


def test_a_hand_task_past_its_time_is_told(zone):
    now = clock.now()
    zone.tasks = tuple(
        queries.Task(n, "地铁口", 113.7, 34.7, now + timedelta(minutes=minutes), done)
        for n, (minutes, done) in enumerate([(-5, False), (5, False), (-5, True)])
    )
    told = pages.changes(None, 2)["tasks"]
    assert [one["state"] for one in told] == ["已超时", "待做", "已做"]


def test_the_streets_are_sent_once_and_then_only_confirmed(zone, watcher):
    first = watcher.get("/snow/live/network.json")
    drawn = first.json()
    assert [one["id"] for one in drawn["streets"]["features"]] == [1, 2, 3]
    assert drawn["streets"]["features"][0]["geometry"]["coordinates"][0] == [113.74123, 34.72]
    again = watcher.get("/snow/live/network.json", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    zone.streets.append(street(4))
    assert watcher.get("/snow/live/changes.json").json()["network"] == "4"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_opens_and_holds_its_own_list(zone, watcher, language):
    watcher.cookies["django_language"] = language
    said = watcher.get("/snow/live/").content.decode()
    assert 'data-section="2"' in said
    assert '<meta http-equiv="refresh"' in said  # without a script it loads itself again


def test_whoever_may_not_see_the_event_finds_nothing(zone, browse):
    for address in ("", "network.json", "changes.json"):
        assert browse("viewer").get(f"/snow/live/{address}").status_code == 404


@pytest.mark.parametrize("since", ["x", "-1", "9" * 30, "\u0661"])
def test_a_cursor_that_is_none_means_everything(zone, watcher, since):
    told = watcher.get("/snow/live/changes.json", {"since": since}).json()
    assert len(told["sections"]) == 3


def test_a_look_costs_the_same_for_three_streets_and_for_three_thousand(
    zone, django_assert_max_num_queries
):
    zone.streets = [street(n) for n in range(3000)]
    cursor = fleet.milliseconds(clock.now())
    with django_assert_max_num_queries(5):
        assert pages.changes(cursor, 2)["sections"] == []


def test_a_house_without_a_network_has_an_empty_picture(db):
    assert queries.streets_count() == 0
    assert pages.changes(None, rules.FRESH)["sections"] == []


def test_the_picture_shows_the_sections_and_icing_spots_of_the_network_in_use(db):
    sample.load_sample()
    drawn = queries.streets(shapes=True)
    assert {one.code for one in drawn} == set(roads.sections().values_list("code", flat=True))
    assert all(one.geometry["coordinates"] for one in drawn)
    assert {one.company for one in drawn if one.key} == set(queries.companies())
    assert len(queries.spots()) == roads.places().filter(icing=True).count() > 0
    before = queries.network_mark()
    road_services.mark(roads.sections().filter(icing=False)[0], by=None, icing=True, key=False)
    assert queries.network_mark() != before
