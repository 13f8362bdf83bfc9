"""Opinions: given for one's unit, answered by the designer, verified by somebody else."""

import pytest

from bihuan.base.errors import NotAllowed, NotFound, Refused
from bihuan.designs import queries, rules, services
from bihuan.designs.models import Aspect, Opinion
from bihuan.designs.services import comparing
from bihuan.ledger.models import Finding
from tests.rooms.designs.conftest import PLAN


def said(refused) -> str:
    return str(refused.value)


def test_an_opinion_belongs_to_the_unit_of_whoever_gives_it(give, unit):
    opinion = give()
    assert (opinion.number, opinion.unit, opinion.state) == (1, unit("economy"), "open")
    assert rules.spelled(opinion.region()) == "40,50,20,10"


def test_a_unit_that_was_not_asked_finds_no_scheme(scheme, people):
    with pytest.raises(NotFound):
        services.give(scheme, by=people.edu_head, text="x", aspect=Aspect.objects.all()[0])


def test_the_designer_gives_no_opinion_on_the_own_scheme(give):
    with pytest.raises(NotAllowed):
        give("designer")


def test_the_office_records_what_experts_said(scheme, people):
    aspect = Aspect.objects.get(code="feasibility")
    opinion = services.give(
        scheme, by=people.planner, text="可行。", aspect=aspect, source="expert"
    )
    assert (opinion.source, opinion.unit, opinion.page) == ("expert", None, None)


def test_all_faults_of_an_opinion_are_told_at_once(give):
    with pytest.raises(Refused) as refused:
        give(text=" ", page=7)
    assert len(refused.value.sentences) == 2


def test_adopted_answered_settled_and_verified_by_the_author_unit(give, second, people):
    opinion = give()
    newer = second()
    services.answer(
        opinion, by=people.designer, decision="adopted", reason="已加大。", settled_in=newer
    )
    services.verify(opinion, by=people.econ_head, passed=True)
    opinion.refresh_from_db()
    assert opinion.state == "settled"


def test_nothing_is_settled_without_the_version_that_settles_it(give, people):
    opinion = give()
    services.answer(opinion, by=people.designer, decision="adopted", reason="将加大。")
    with pytest.raises(Refused, match="哪一版落实"):
        services.verify(opinion, by=people.econ_head, passed=True)


def test_a_version_settles_no_opinion_that_was_given_on_it(give, scheme, people):
    opinion = give()
    with pytest.raises(Refused, match="应在其后"):
        services.answer(
            opinion, by=people.designer, decision="adopted", reason="已有。",
            settled_in=scheme.versions.get(number=1),
        )  # fmt: skip


def test_another_unit_does_not_verify(give, people):
    opinion = give()
    services.answer(opinion, by=people.designer, decision="rejected", reason="红线所限。")
    with pytest.raises(NotAllowed):
        services.verify(opinion, by=people.law_head, passed=True)
    with pytest.raises(NotAllowed):
        services.verify(opinion, by=people.planner, passed=True)


def test_whoever_answered_never_verifies(give, people, unit):
    from bihuan.people import services as people_services
    from bihuan.people.models import Role

    opinion = give()
    services.answer(opinion, by=people.designer, decision="rejected", reason="红线所限。")
    both = people_services.appoint(
        people.designer.person, by=None, unit=unit("economy"),
        role=Role.objects.get(code="unit_head"), title="兼任",
    )  # fmt: skip
    with pytest.raises(Refused, match="您答复过这条意见"):
        services.verify(opinion, by=both, passed=True)


def test_sent_back_it_can_be_answered_again(give, people):
    opinion = give()
    services.answer(opinion, by=people.designer, decision="rejected", reason="红线所限。")
    with pytest.raises(Refused, match="还差什么"):
        services.verify(opinion, by=people.econ_head, passed=False)
    services.verify(opinion, by=people.econ_head, passed=False, note="红线外也可以。")
    services.answer(opinion, by=people.designer, decision="partly", reason="再研究。")
    opinion.refresh_from_db()
    assert (opinion.state, opinion.replies.count()) == ("answered", 2)


def test_said_adopted_and_drawn_the_same_is_listed(give, second, scheme, people):
    untouched = give(text="加长厂房。", region=rules.read_region("10,20,30,20"))
    done = give()
    newer = second()
    for opinion in (untouched, done):
        services.answer(
            opinion, by=people.designer, decision="adopted", reason="已改。", settled_in=newer
        )
    assert [one.opinion for one in queries.untouched(scheme)] == [untouched]


def test_until_versions_are_compared_the_page_says_so(give, second, scheme, people):
    first = scheme.versions.get(number=1)
    opinion = give()
    newer = services.bring(scheme, by=people.designer, uploads=[_other()], note="改。")
    third = services.bring(scheme, by=people.designer, uploads=[_other("B")], note="再改。")
    services.answer(
        opinion, by=people.designer, decision="adopted", reason="已改。", settled_in=third
    )
    assert newer.number == 2
    assert queries.wanted_pairs(scheme) == [(first, third)]


def test_a_new_version_is_compared_by_a_job(scheme, people):
    newer = services.bring(scheme, by=people.designer, uploads=[_other()], note="改。")
    found = queries.comparison(scheme.versions.get(number=1), newer)
    told = []
    made = comparing.work(
        found.job.inputs, seed=0, tell=lambda done, total, message="": told.append(done), run=map
    )
    assert (found.pairs, found.job.kind) == (None, comparing.KIND)
    assert (told, [(p["old"], p["new"]) for p in made["pairs"]]) == ([1, 2], [(1, 1), (2, 2)])


def _other(words: str = "A"):
    from tests.exchange.drawings.pdfs import pdf
    from tests.rooms.designs.conftest import upload

    return upload(pdf(([], words), ([], words)))


def test_what_was_not_taken_up_becomes_a_finding_when_the_clerk_says_so(give, people):
    opinion = give()
    with pytest.raises(Refused, match="还在办"):
        services.raise_opinion(opinion, by=people.clerk)
    services.answer(opinion, by=people.designer, decision="rejected", reason="红线所限。")
    with pytest.raises(NotAllowed):
        services.raise_opinion(opinion, by=people.planner)
    finding = services.raise_opinion(opinion, by=people.clerk)
    assert Finding.objects.get(pk=finding.pk).origin_name == str(opinion)
    with pytest.raises(Refused, match=finding.number):
        services.raise_opinion(opinion, by=people.clerk)


def test_a_must_that_is_open_keeps_the_scheme_from_passing(give, scheme, people):
    opinion = give()
    with pytest.raises(Refused, match="第 1 条"):
        services.pass_scheme(scheme, by=people.planner)
    services.withdraw(opinion, by=people.econ_head, reason="误提。")
    assert services.pass_scheme(scheme, by=people.planner).state == "passed"


def test_nobody_comments_on_what_is_withdrawn(give, scheme, people):
    services.withdraw_scheme(scheme, by=people.planner, reason="另行报送。")
    with pytest.raises(Refused, match="已撤回"):
        give()
    assert Opinion.objects.count() == 0


def test_the_same_file_is_no_new_version(scheme, people):
    from tests.rooms.designs.conftest import upload

    with pytest.raises(Refused, match="完全相同"):
        services.bring(scheme, by=people.designer, uploads=[upload(PLAN)], note="没改。")


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "90,0,0,10", "-1,0,10,10", "101,0,1,1"])
def test_a_region_that_is_none_is_refused(text):
    with pytest.raises(rules.Misplaced):
        rules.read_region(text)


def test_a_region_over_the_edge_is_cut():
    assert rules.spelled(rules.read_region("90，95，20，20")) == "90,95,10,5"


def test_pages_are_read_as_they_are_written():
    assert rules.read_pages("3-5, 1，4", 9) == [1, 3, 4, 5]
    assert rules.pages_of([1, 3, 4, 5]) == "1,3-5"
