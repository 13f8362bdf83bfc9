"""Road states for everybody: only what was published leaves, and nothing of who cleared or how."""

import json

import pytest

from bihuan.base.errors import NotAllowed, Refused
from bihuan.snow import services
from bihuan.snow.models import Publication
from bihuan.snow.pages import public as pages
from bihuan.snow.queries import publication as queries
from bihuan.snow.queries import tables
from bihuan.snow.rules import public as rules
from tests.rooms.snow.conftest import at, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def told_states(storm, streets, post):
    keys = [one for one in streets if one.key]
    with at(24, 11, 30):
        for one in keys[:-1]:
            services.say_state(one.code, "passable", by=post("duty"), note="张三的队慢")
        services.say_state(keys[-1].code, "closed", by=post("duty"))
    return keys


def test_only_what_was_published_is_public(told_states, storm, post):
    assert queries.newest() is None
    with at(24, 12):
        made = services.publish_roads(storm, by=post("duty"), note="请慢行")
    assert queries.newest() == made
    with at(24, 12, 30):
        services.say_state(told_states[0].code, "icy", by=post("duty"))
    told = {one["name"]: one["state"] for one in queries.newest().told["roads"]}
    assert told[told_states[0].street] != "icy"


def test_what_leaves_has_roads_states_and_hours_and_nothing_else(told_states, storm, told, post):
    told(24, 10, people=77, note="张三迟到", deicer_kg=4321)
    with at(24, 12):
        services.note_snow_stopped(storm, by=post("duty"), at=moment(24, 8))
        made = services.publish_roads(storm, by=post("duty"))
    text = json.dumps(made.told, ensure_ascii=False)
    assert set(made.told) == {"roads", "closed", "promises", "levels", "orders"}
    for private in ("张三", "4321", "sanitation", "环卫", "lon", "geometry"):
        assert private not in text
    assert [one["name"] for one in made.told["closed"]] == [told_states[-1].name]
    by = {one["kind"]: one["by"] for one in made.told["promises"]}
    assert by["main"].startswith("2022-01-24T12:00")


def test_chosen_orders_and_levels_are_told_without_answers_or_signers(
    told_states, storm, post, unit
):
    with at(24, 11):
        services.set_level(storm, by=post("leader"), level="c4", reason="内部理由")
        chosen, other = services.give_order(
            storm,
            by=post("duty"),
            to=[unit("enforcement"), unit("sanitation")],
            text="清理门前积雪",
        )
    with at(24, 12):
        made = services.publish_roads(storm, by=post("duty"), orders=[chosen])
    (told,) = made.told["orders"]
    assert (told["unit"], told["text"], told["done"]) == (chosen.unit.name, "清理门前积雪", False)
    assert [(one["scale"], one["level"]) for one in made.told["levels"]] == [("cold", "c4")]
    text = json.dumps(made.told, ensure_ascii=False)
    for private in (other.unit.name, "内部理由", post("leader").person.name):
        assert private not in text
    # The rule goes on telling what a person chose to tell, and no more.
    assert queries.told_orders(storm) == [chosen.pk]


def test_orders_of_another_snowfall_are_not_told(told_states, storm, post, unit):
    with at(24, 11):
        (order,) = services.give_order(storm, by=post("duty"), to=[unit("sanitation")], text="清")
    order.storm_id = storm.pk + 1
    with at(24, 12), pytest.raises(Refused, match="不是这一场雪"):
        services.publish_roads(storm, by=post("duty"), orders=[order])


def test_a_promise_has_no_hour_before_the_snow_has_stopped(told_states, storm, post):
    with at(24, 12):
        made = services.publish_roads(storm, by=post("duty"))
    assert {one["by"] for one in made.told["promises"]} == {""}


def test_the_rule_publishes_after_its_minutes_and_not_before(told_states, storm, post):
    with at(24, 12):
        assert services.publish_when_due(storm) is None  # switched off as the house comes
    rows = [dict(one) for one in tables.table("event")]
    next(one for one in rows if one["code"] == "publish_after")["value"] = 45
    services.set_event_table("event", by=post("leader"), rows=rows, source="示例决定")
    with at(24, 12, 10):
        assert services.publish_when_due(storm) is None
    with at(24, 12, 20):
        made = services.publish_when_due(storm)
    assert made is not None
    assert (made.source, made.by) == ("rule", None)
    with at(24, 20):
        assert services.publish_when_due(storm) is None  # nothing new was told


def test_the_clock_of_publications_does_not_go_back(told_states, storm, post):
    with at(24, 12):
        services.publish_roads(storm, by=post("duty"))
        with pytest.raises(Refused, match="更晚时刻"):
            services.publish_roads(storm, by=post("duty"), as_of=moment(24, 11))
    with at(24, 13), pytest.raises(NotAllowed):
        services.publish_roads(storm, by=post("clerk"))
    assert Publication.objects.count() == 1


def test_waiting_is_counted_from_the_oldest_state_nobody_published():
    assert not rules.due(None, moment(24, 12), 30)
    assert not rules.due(moment(24, 11), moment(24, 12), 0)
    assert rules.due(moment(24, 11), moment(24, 12), 30)
    assert not rules.due(moment(24, 11, 45), moment(24, 12), 30)


def test_what_is_old_is_said_to_be_old(told_states, storm, post):
    with at(24, 12):
        made = services.publish_roads(storm, by=post("duty"))
    with at(24, 17):
        assert "小时以前" not in pages.published(made).intro
    with at(24, 19):
        assert "7 小时以前" in pages.published(made).intro
