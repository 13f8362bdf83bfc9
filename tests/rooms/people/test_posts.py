"""Persons, the posts they hold, and roles."""

from datetime import timedelta

import pytest

from bihuan.audit import queries as audit
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.people import queries, services
from bihuan.people.models import Account, Person, Role

DAY = timedelta(days=1)


@pytest.fixture
def newcomer(db):
    return services.add_person(by=None, name="新来的人", phone="13800001234")


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def test_one_person_holds_posts_in_two_organisations_each_with_its_dates(newcomer, unit):
    day = clock.today()
    services.appoint(
        newcomer, by=None, unit=unit("party"), role=role("leader"), title="副书记", valid_from=day
    )
    services.appoint(
        newcomer,
        by=None,
        unit=unit("airport"),
        role=role("viewer"),
        title="副主任",
        valid_from=day,
        valid_to=day + DAY,
    )
    held = {
        on: {p.unit.code for p in queries.posts_of(newcomer, on)}
        for on in (day - DAY, day, day + DAY, day + 2 * DAY)
    }
    assert list(held.values()) == [set(), {"party", "airport"}, {"party", "airport"}, {"party"}]


def test_the_same_post_is_not_held_twice_at_once_but_may_be_held_again(newcomer, unit):
    day = clock.today()
    post = {"unit": unit("office"), "role": role("clerk"), "title": "经办人"}
    services.appoint(newcomer, by=None, **post, valid_from=day, valid_to=day + 5 * DAY)
    with pytest.raises(Refused, match="已任"):
        services.appoint(newcomer, by=None, **post, valid_from=day + 5 * DAY)
    assert services.appoint(newcomer, by=None, **post, valid_from=day + 6 * DAY)


def test_a_unit_has_one_primary_owner_on_any_day(newcomer, unit):
    day = clock.today()
    post = {"unit": unit("office"), "role": role("unit_head"), "title": "主任"}
    services.appoint(newcomer, by=None, **post, primary_owner=True, valid_from=day + 10 * DAY)
    other = services.add_person(by=None, name="另一人")
    with pytest.raises(Refused, match="第一责任人"):
        services.appoint(other, by=None, **post, primary_owner=True, valid_from=day)
    before = services.appoint(
        other, by=None, **post, primary_owner=True, valid_from=day, valid_to=day + 9 * DAY
    )
    assert before.primary_owner


def test_an_acting_post_is_marked(newcomer, unit):
    held = services.appoint(
        newcomer, by=None, unit=unit("office"), role=role("clerk"), title="主任", acting=True
    )
    assert queries.posts_of(newcomer).get().acting
    services.amend_post(held, by=None, title="主任", acting=False)
    assert not queries.posts_of(newcomer).get().acting


def test_a_post_does_not_outlive_its_unit(newcomer, unit):
    team = services.add_unit(by=None, code="brief", name="专班", kind="team")
    day = clock.today()
    team = services.end_unit(team, by=None, on=day, note="任务完成")
    with pytest.raises(Refused, match="撤销"):
        services.appoint(newcomer, by=None, unit=team, role=role("clerk"), title="组员")


def test_an_ended_post_does_nothing_from_the_next_day(post, unit):
    by, day = post("clerk"), clock.today()
    services.end_post(by, by=post("admin"), on=day, note="轮岗")
    by.refresh_from_db()
    assert queries.may(by, "ledger.raise")
    with clock.held_at(clock.now() + DAY):
        assert not queries.may(by, "ledger.raise")
        with pytest.raises(NotAllowed):
            queries.require(by, "ledger.raise")


def test_nobody_appoints_or_dismisses_themselves(post, unit):
    by = post("admin")
    with pytest.raises(Refused, match="自己"):
        services.appoint(
            by.person, by=by, unit=unit("office"), role=role("auditor"), title="审计员"
        )
    with pytest.raises(Refused, match="自己"):
        services.end_post(by, by=by, on=clock.today())


def test_ending_a_post_twice_or_before_it_began_is_refused(newcomer, unit):
    day = clock.today()
    held = services.appoint(
        newcomer, by=None, unit=unit("office"), role=role("clerk"), title="员", valid_from=day
    )
    with pytest.raises(Refused, match="起始日"):
        services.end_post(held, by=None, on=day - DAY)
    services.end_post(held, by=None, on=day)
    with pytest.raises(Refused, match="此前终止"):
        services.end_post(held, by=None, on=day)


def test_a_person_is_corrected_and_the_telephone_number_stays_out_of_the_chain(newcomer, post):
    services.amend_person(
        newcomer, by=post("admin"), name="新来的人", phone="13900005678", note="借调"
    )
    entry = list(audit.of(newcomer))[-1]
    assert entry.act == "people.person.amend"
    assert "139****5678" in entry.changes
    assert not any("13900005678" in str(row) for row in audit.rows())
    assert Person.objects.get(pk=newcomer.pk).phone == "13900005678"


def test_a_correction_that_changes_nothing_leaves_no_entry(newcomer, post):
    before = audit.head()
    services.amend_person(newcomer, by=post("admin"), name="新来的人", phone="13800001234")
    assert audit.head() == before


def test_a_role_is_set_by_the_security_administrator_alone(post):
    with pytest.raises(NotAllowed):
        services.set_role(role("viewer"), by=post("admin"), verbs=["people.view"], reach="zone")
    services.set_role(
        role("viewer"), by=post("security"), verbs=["people.view", "people.view"], reach="unit"
    )
    changed = role("viewer")
    assert (changed.verbs, changed.reach) == (["people.view"], "unit")


def test_an_unknown_verb_or_reach_is_refused_both_at_once(post):
    with pytest.raises(Refused) as refusal:
        services.set_role(role("viewer"), by=post("security"), verbs=["fly"], reach="moon")
    assert len(refusal.value.sentences) == 2


def test_whoever_sets_roles_neither_loses_that_nor_widens_their_own(post):
    own, by = role("security"), post("security")
    with pytest.raises(Refused, match="无人可以恢复"):
        services.set_role(own, by=by, verbs=["people.view"], reach="zone")
    with pytest.raises(Refused, match="增加权限"):
        services.set_role(own, by=by, verbs=[*own.verbs, "people.manage"], reach="zone")
    assert role("security").verbs == own.verbs


def test_every_verb_of_every_sample_role_is_declared(db):
    declared = set(services.verbs())
    for held in Role.objects.all():
        assert set(held.verbs) <= declared


def test_an_account_belongs_to_one_person_and_a_person_has_one_account(newcomer):
    services.give_account(newcomer, by=None, username="newcomer")
    with pytest.raises(Refused) as refusal:
        services.give_account(newcomer, by=None, username="clerk")
    assert len(refusal.value.sentences) == 2
    assert Account.objects.get(person=newcomer).must_change_password
