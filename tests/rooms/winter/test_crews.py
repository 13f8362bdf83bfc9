"""Teams, people by trade, tools with a lower bound, beside what was published; drills."""

from datetime import timedelta

import pytest

from bihuan.base.errors import Refused
from bihuan.site import story
from bihuan.winter import sample, services
from bihuan.winter.models import Strength, Team
from bihuan.winter.queries import crews, readiness
from tests.rooms.winter.conftest import TODAY


def test_people_are_numbers_by_trade_and_shift(team):
    services.set_strength(team, by=None, trade="sanitation", shift="day", number=60)
    services.set_strength(team, by=None, trade="sanitation", shift="day", number=70)
    services.set_strength(team, by=None, trade="green", shift="night", number=5)
    services.set_strength(team, by=None, trade="green", shift="night", number=0)
    assert crews.strengths() == {("sanitation", "day"): 70}
    fields = {field.name for field in Strength._meta.get_fields()}
    assert fields == {"id", "created_at", "team", "trade", "shift", "people", "by"}  # no names


def test_parts_are_one_deep_and_go_first(team, unit):
    part = services.form_team(by=None, unit=unit("sanitation"), name="分队", parent=team)
    with pytest.raises(Refused, match="不能再分"):
        services.form_team(by=None, unit=unit("sanitation"), name="再分", parent=part)
    with pytest.raises(Refused, match="先撤销"):
        services.dissolve_team(team, by=None, why="合并")
    services.dissolve_team(part, by=None, why="合并")
    services.dissolve_team(team, by=None, why="合并")
    assert crews.tree() == []


def test_every_fault_of_a_number_is_told_at_once(team):
    with pytest.raises(Refused) as refused:
        services.set_strength(team, by=None, trade="x", shift="y", number=-1)
    assert len(refused.value.sentences) == 3


def test_the_sample_adds_up_to_what_was_published(post):
    story.tell()
    sample.load_sample()
    beside = {one.published.indicator.code: one for one in crews.beside_published()}
    assert Team.objects.filter(parent=None).count() == 8
    assert Team.objects.exclude(parent=None).count() == 1
    assert (beside["snow-members"].counted, beside["snow-members"].difference) == (3970, 0)
    assert beside["snow-teams"].difference == 0
    assert beside["snow-tools"].published.lower_bound
    (tool,) = crews.tools()
    assert tool == ("both", 5000, True)
    # Turn-outs are no vehicles: nothing here is counted beside the 53 of the page.
    assert "snow-turnouts" not in beside


def test_a_late_drill_becomes_a_finding_once_and_keeps_its_limit(post):
    late = services.record_drill(
        by=post("duty"), on=TODAY, scenario="夜间中雪", participants=30, vehicles=6, minutes=55
    )
    assert (late.in_time, late.limit_minutes) == (False, 30)
    finding = services.raise_drill(late, by=post("duty"))
    assert "55 分钟" in finding.title
    with pytest.raises(Refused, match=finding.number):
        services.raise_drill(late, by=post("duty"))
    good = services.record_drill(
        by=post("duty"), on=TODAY, scenario="白天小雪", participants=30, vehicles=6, minutes=20
    )
    with pytest.raises(Refused, match="没有可列"):
        services.raise_drill(good, by=post("duty"))


def test_an_impossible_drill_is_refused_with_every_fault(post):
    with pytest.raises(Refused) as refused:
        services.record_drill(
            by=post("duty"), on=TODAY + timedelta(days=1), scenario=" ", participants=-1,
            vehicles=0, minutes=0,
        )  # fmt: skip
    assert len(refused.value.sentences) == 3


def test_an_empty_winter_lacks_everything_and_says_what(db):
    found = {one.code: one for one in readiness.ready()}
    assert not any(found[code].ok for code in ("plan", "contracts", "teams", "tools", "stock",
                                               "roster", "drill", "fronts"))  # fmt: skip
    assert all(one.told for one in found.values())
