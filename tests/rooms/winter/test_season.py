"""Plans and contracts: signed by another, one in force, areas that leave nothing out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.base.errors import NotAllowed, Refused
from bihuan.roads import sample as roads
from bihuan.winter import services
from bihuan.winter.models import Season
from bihuan.winter.queries import season as queries
from bihuan.winter.rules.season import Area, coverage
from tests.rooms.winter.conftest import TODAY


def contract(unit, number="HT-1", **more):
    told = {"starts": TODAY - timedelta(days=9), "ends": TODAY + timedelta(days=200), **more}
    return services.add_contract(by=None, unit=unit("sanitation"), number=number, **told)


def test_a_plan_is_signed_by_somebody_else_and_takes_the_place_of_the_last(season, post):
    with pytest.raises(NotAllowed):
        services.sign_season(season, by=post("duty"))
    first = services.sign_season(season, by=post("leader"))
    assert queries.in_force() == first
    second = services.draft_season(
        by=post("duty"), title="修订预案", starts=date(2026, 11, 15), ends=date(2027, 3, 15)
    )
    services.sign_season(second, by=post("leader"))
    assert [one.state for one in Season.objects.order_by("pk")] == ["over", "in_force"]


def test_who_drafted_it_may_not_sign_it_however_high(post):
    own = services.draft_season(
        by=None, title="自拟", starts=date(2026, 11, 1), ends=date(2027, 3, 1)
    )
    own.by = post("leader")
    own.save(update_fields=["by"])
    with pytest.raises(Refused, match="以外的人"):
        services.sign_season(own, by=post("leader"))


def test_a_signed_plan_is_never_changed(season, post):
    signed = services.sign_season(season, by=post("leader"))
    told = {"title": "改", "starts": season.starts, "ends": season.ends}
    with pytest.raises(Refused, match="不能改"):
        services.amend_season(signed, by=post("duty"), **told)


def test_every_fault_of_a_plan_is_told_at_once(post):
    with pytest.raises(Refused) as refused:
        services.draft_season(by=post("duty"), title=" ", starts=TODAY, ends=TODAY)
    assert len(refused.value.sentences) == 2
    with pytest.raises(Refused, match="一个冬天"):
        services.draft_season(
            by=post("duty"), title="两年", starts=TODAY, ends=TODAY + timedelta(days=700)
        )


def test_faults_of_a_contract_are_told_at_once(unit):
    contract(unit)
    with pytest.raises(Refused) as refused:
        services.add_contract(
            by=None, unit=unit("economy"), number="HT-1", starts=TODAY,
            ends=TODAY - timedelta(days=1), kinds=["nothing"],
        )  # fmt: skip
    assert len(refused.value.sentences) == 4


def test_streets_in_no_contract_in_two_and_not_on_the_map(unit):
    roads.load_sample()
    names = queries.streets()
    main = sorted({street for street, kind in names if kind == "main"})
    second = sorted({street for street, kind in names if kind == "secondary"} - set(main))
    contract(unit, "A", streets=main)
    contract(unit, "B", streets=[*second[1:], main[0], "没有的路"])
    found = queries.coverage()
    assert found.none == (second[0],)
    assert main[0] in dict(found.several)
    assert found.unknown == (("B", "没有的路"),)
    assert not found.whole


def test_a_stopped_contract_leaves_its_streets_open(unit):
    roads.load_sample()
    one = contract(unit, "全区")
    assert queries.coverage().whole
    services.stop_contract(one, by=None, on=TODAY, why="违约")
    assert queries.coverage().none
    with pytest.raises(Refused, match="已经终止"):
        services.stop_contract(one, by=None, on=TODAY, why="再来")


STREETS = st.sampled_from(["甲路", "乙路", "丙路", "丁路"])
KINDS = st.sampled_from(["main", "secondary", "branch"])
AREAS = st.lists(
    st.builds(Area, st.uuids().map(str), st.frozensets(KINDS), st.frozensets(STREETS)),
    max_size=5,
)


@given(st.lists(st.tuples(STREETS, KINDS)), AREAS)
def test_coverage_agrees_with_asking_every_street(streets, areas):
    owed = frozenset({"main", "secondary"})
    found = coverage(streets, areas, owed)
    for street, kind in streets:
        holders = [one for one in areas if one.covers(street, kind)]
        if kind in owed and not holders:
            assert street in found.none
        if len(holders) > 1:
            assert street in dict(found.several)
    assert all(any(s == street for s, _k in streets) for street in found.none)
