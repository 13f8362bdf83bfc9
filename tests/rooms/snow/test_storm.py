"""An event: begun by the snow, warnings only relayed, two scales side by side, ended and signed."""

import pytest

from bihuan.base.errors import NotAllowed, Refused
from bihuan.snow import services
from bihuan.snow.queries import storm as queries
from tests.rooms.snow.conftest import at, moment

pytestmark = pytest.mark.django_db


def test_snow_itself_is_the_order_and_one_event_runs_at_a_time(storm, post):
    assert queries.current() == storm
    with at(21, 8), pytest.raises(Refused, match="还没有结束"):
        services.begin_storm(by=post("duty"), name="又一场", first_snow_at=moment(21, 7))


def test_both_scales_run_side_by_side(storm, post):
    with at(21, 9):
        services.set_level(storm, by=post("leader"), level="s2", reason="中雪")
        services.set_level(storm, by=post("leader"), level="c3", reason="暴雪黄色预警")
        services.set_level(storm, by=post("leader"), level="s1", reason="转大雪")
    assert {k: one.level for k, one in queries.levels(storm).items()} == {
        "snow": "s1",
        "cold": "c3",
    }
    with at(22, 9), pytest.raises(Refused, match="没有变化"):
        services.set_level(storm, by=post("leader"), level="s1", reason="x")


def test_a_duty_officer_begins_but_does_not_set_levels_or_end(storm, post):
    with at(21, 9):
        for act in (
            lambda: services.set_level(storm, by=post("duty"), level="s2", reason="x"),
            lambda: services.end_storm(storm, by=post("duty"), reason="x"),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_a_warning_names_the_station_that_issued_it(storm, post):
    told = {"kind": "snowstorm", "colour": "blue", "text": "未来12小时降雪量将达4毫米以上。"}
    with at(23, 8):
        with pytest.raises(Refused, match="气象台站"):
            services.relay_warning(
                storm, by=post("duty"), issuer=" ", issued_at=moment(23, 7, 10), **told
            )
        made = services.relay_warning(
            storm, by=post("duty"), issuer="市气象台", issued_at=moment(23, 7, 10), **told
        )
    assert made.issued_at == moment(23, 7, 10)


def test_snow_may_begin_again_after_it_had_stopped(storm, post):
    with at(22, 9):
        services.note_snow_stopped(storm, by=post("duty"), at=moment(22, 8))
        again = services.snow_again(storm, by=post("duty"))
    assert again.snow_stopped_at is None


def test_the_end_lifts_both_scales_and_shuts_the_event(storm, post):
    with at(21, 9):
        services.set_level(storm, by=post("leader"), level="s2", reason="中雪")
    with at(24, 18):
        services.end_storm(storm, by=post("leader"), reason="道路全部恢复")
    storm.refresh_from_db()
    assert (storm.snow_stopped_at, queries.levels(storm)) == (moment(24, 18), {})
    with at(24, 19), pytest.raises(Refused, match="已经结束"):
        services.set_level(storm, by=post("leader"), level="s1", reason="x")
