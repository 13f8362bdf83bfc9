"""Honest closing: standards first, two signatures, samples anybody can redraw, signs, returns."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.ledger import queries, services
from bihuan.ledger.models import Finding
from bihuan.ledger.rules import honest
from bihuan.people import services as people
from bihuan.people.models import Role
from tests.rooms.ledger.conftest import paper

NUMBERS = st.lists(
    st.tuples(st.integers(1, 999).map(str), st.sampled_from(["high", "medium", "low"])),
    max_size=60,
    unique_by=lambda pair: pair[0],
)
SHARES = st.fixed_dictionaries({risk: st.integers(0, 100) for risk in ("high", "medium", "low")})


@given(seed=st.text(min_size=1), population=NUMBERS, shares=SHARES, data=st.data())
def test_anybody_draws_the_same_sample_from_the_same_list_and_seed(seed, population, shares, data):
    drawn = honest.draw(seed, population, shares)
    shuffled = data.draw(st.permutations(population))
    assert honest.draw(seed, shuffled, shares) == drawn
    assert honest.population_digest(shuffled) == honest.population_digest(population)
    for risk, share in shares.items():
        stratum = {number for number, its in population if its == risk}
        taken = stratum & set(drawn)
        assert len(taken) == -(-len(stratum) * share // 100)


@given(st.text(), st.text())
def test_likeness_is_symmetrical_and_between_nothing_and_the_same(one, other):
    first, second = honest.grams(one), honest.grams(other)
    assert honest.likeness(first, second) == honest.likeness(second, first)
    assert 0 <= honest.likeness(first, second) <= 1
    if first:
        assert honest.likeness(first, first) == 1


def test_the_standard_is_written_before_the_work_starts(walk, post, unit):
    finding = services.assign(
        walk.finding,
        by=post("clerk"),
        lead_unit=unit("economy"),
        due=clock.today() + timedelta(days=9),
    )
    services.acknowledge(finding, by=post("econ-head"))
    with pytest.raises(Refused, match="验收标准"):
        services.plan(finding, by=post("econ-head"), text="核对")
    services.plan(finding, by=post("econ-head"), text="核对", standard="口径有书面说明")
    services.plan(finding, by=post("econ-head"), text="再核", standard="降低的标准")
    assert Finding.objects.get(pk=finding.pk).standard == "口径有书面说明"


def second_checker(unit):
    person = people.add_person(by=None, name="另一核查员")
    return people.appoint(
        person,
        by=None,
        unit=unit("supervision"),
        role=Role.objects.get(code="supervisor"),
        title="另一核查员",
    )


def test_a_grave_finding_needs_two_different_verifiers(walk, post, unit):
    services.amend(walk.finding, by=post("clerk"), risk="high")
    finding = walk.checking()
    assert finding.signatures == 2
    judge = {"passed": True, "opinion": "属实", "way": "visit"}
    services.verify(finding, by=post("checker"), **judge)
    with pytest.raises(Refused, match="另一人"):
        services.verify(finding, by=post("checker"), **judge)
    with pytest.raises(Refused, match="另一人"):
        services.close(finding, by=post("clerk"))
    services.verify(finding, by=second_checker(unit), **judge)
    assert services.close(finding, by=post("clerk")).state == "closed"


def test_the_leader_answerable_does_not_judge_the_own_finding(walk, post, unit):
    finding = services.assign(
        walk.finding,
        by=post("clerk"),
        lead_unit=unit("economy"),
        due=clock.today() + timedelta(days=9),
        leader=post("leader"),
        standard="已说明",
    )
    services.acknowledge(finding, by=post("econ-head"))
    with pytest.raises(Refused, match="由别人办理"):
        services.cancel(finding, by=post("leader"), note="不改了")


def test_measures_are_counted_apart_from_problems(walk, post):
    finding = walk.rectifying()
    measure = services.plan(finding, by=post("econ-head"), text="再核一次")
    services.finish_measure(finding, by=post("econ-liaison"), measure=measure, result="已核")
    counted = queries.measures(Finding.objects.all())
    assert (counted.total, counted.done) == (2, 1)
    with pytest.raises(Refused, match="不必重复"):
        services.finish_measure(finding, by=post("econ-liaison"), measure=measure, result="已核")


def test_an_old_problem_at_the_same_place_is_shown_when_it_comes_again(walk, post):
    for title, place in (
        ("路面积雪未及时清除，影响通行", "第八大街与经南三路交叉口"),
        ("路面积雪没有及时清除", "前程路"),
    ):
        services.raise_finding(by=post("clerk"), title=title, source="public", place=place)
    found = queries.alike("积雪未清除，车辆通行困难", place="第八大街与经南三路 交叉口")
    assert [one.finding.place for one in found] == ["第八大街与经南三路交叉口"]
    assert queries.alike("积雪未清除", place="没有问题的地方") == []


def test_signs_of_closing_on_paper_start_a_recheck_and_change_nothing_else(walk, post):
    finding = walk.rectifying()
    services.submit_evidence(
        finding,
        by=post("econ-liaison"),
        upload=paper("旧照片"),
        text="旧照片",
        dated=clock.today() - timedelta(days=400),
    )
    services.request_close(finding, by=post("econ-head"), note="完成")
    services.take_up(finding, by=post("checker"))
    services.verify(finding, by=post("checker"), passed=True, opinion="属实", way="papers")
    finding = services.close(finding, by=post("clerk"))
    assert [sign.code for sign in finding.signs.all()] == ["old_evidence"]
    assert finding.state == "closed"
    assert finding in queries.due_for_recheck(Finding.objects.all())
    services.recheck(finding, by=post("checker"), held=True, opinion="实地看过")
    assert finding not in queries.due_for_recheck(Finding.objects.all())


def test_the_same_picture_for_two_problems_is_a_sign(walk, post, unit):
    walk.closed()
    again = type(walk)(post, unit)
    finding = again.closed()
    assert "same_file" in {sign.code for sign in finding.signs.all()}


def test_a_clean_closing_has_no_signs(walk):
    assert not walk.closed().signs.exists()


def test_a_sample_is_kept_with_its_seed_and_can_be_redrawn(walk, post):
    with pytest.raises(Refused, match="没有应回头看"):
        services.draw_sample(by=post("checker"), seed="20260101", source="某日公布的号码")
    finding = walk.closed()
    with clock.held_at(clock.now() + timedelta(days=120)):
        sample = services.draw_sample(by=post("checker"), seed="20260101", source="某日公布的号码")
    assert sample.drawn == [finding.number]
    assert queries.redrawn(sample) == sample.drawn
    assert honest.population_digest([tuple(p) for p in sample.population]) == sample.digest
