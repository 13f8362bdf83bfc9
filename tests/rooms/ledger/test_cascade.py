"""层层传导: a finding goes down one line, level by level; a late child shows at the top."""

from datetime import timedelta

import pytest

from bihuan.audit import queries as audit
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.ledger import queries, services
from bihuan.ledger.models import Finding
from bihuan.people import services as people
from bihuan.people.models import Role
from tests.rooms.ledger.conftest import paper


@pytest.fixture
def office(unit):
    """A sub-district office under the administration committee, with a village under it."""
    made = people.add_unit(by=None, code="minghu", name="某办事处", kind="subdistrict_office")
    village = people.add_unit(by=None, code="village", name="某村", kind="village")
    people.tie_unit(made, unit("economy"), by=None, line="admin")
    people.tie_unit(village, made, by=None, line="admin")
    for place in (made, village):
        person = people.add_person(by=None, name="负责人")
        people.appoint(
            person, by=None, unit=place, role=Role.objects.get(code="unit_head"), title="负责人"
        )
    return made, village


def head_of(unit):
    return unit.posts.get()


def split(finding, post, unit, *, days=5, line="admin"):
    due = clock.today() + timedelta(days=days)
    (part,) = services.split(finding, by=post, line=line, units=[unit], due=due)
    return part


def closed(part, post):
    head = head_of(part.lead_unit)
    if part.state == "assigned":
        services.acknowledge(part, by=head)
    services.plan(part, by=head, text="核对")
    services.submit_evidence(part, by=head, upload=paper(part.number), text="说明")
    services.request_close(part, by=head, note="完成")
    services.take_up(part, by=post("checker"))
    services.verify(part, by=post("checker"), passed=True, opinion="属实", way="visit")
    return services.close(part, by=post("clerk"))


def test_a_finding_is_split_among_direct_subordinates_only(walk, post, unit, office):
    near, far = office
    finding = walk.rectifying()
    with pytest.raises(Refused, match="直接下级"):
        split(finding, post("econ-head"), far)
    with pytest.raises(Refused, match="直接下级"):
        split(finding, post("econ-head"), near, line="party")
    part = split(finding, post("econ-head"), near)
    assert (part.parent, part.line, part.state) == (finding, "admin", "assigned")
    below = split(services.acknowledge(part, by=head_of(near)), head_of(near), far, days=4)
    assert queries.parts(finding) == [part, below]


def test_what_came_down_one_line_goes_on_down_that_line(walk, post, office):
    near, _far = office
    finding = walk.rectifying()
    part = services.acknowledge(split(finding, post("econ-head"), near), by=head_of(near))
    with pytest.raises(Refused, match="同一条线"):
        services.split(part, by=head_of(near), line="party", units=[near], due=clock.today())


def test_a_child_is_due_no_later_than_its_parent_and_cannot_be_extended_past_it(walk, post, office):
    near, _far = office
    finding = walk.rectifying(days=10)
    with pytest.raises(Refused, match="不得晚于上级"):
        split(finding, post("econ-head"), near, days=11)
    part = services.acknowledge(split(finding, post("econ-head"), near), by=head_of(near))
    with pytest.raises(Refused, match="不得晚于上级"):
        services.ask_extension(
            part, by=head_of(near), to=finding.due + timedelta(days=1), reason="来不及"
        )


def test_the_same_unit_does_not_get_the_same_finding_twice(walk, post, office):
    near, _far = office
    finding = walk.rectifying()
    split(finding, post("econ-head"), near)
    with pytest.raises(Refused, match="已经有"):
        split(finding, post("econ-head"), near)


def test_a_parent_closes_only_when_each_child_is_closed_or_withdrawn(walk, post, office):
    near, far = office
    finding = walk.rectifying()
    part = split(finding, post("econ-head"), near)
    below = split(services.acknowledge(part, by=head_of(near)), head_of(near), far, days=4)
    services.submit_evidence(finding, by=post("econ-liaison"), upload=paper(), text="说明")
    services.request_close(finding, by=post("econ-head"), note="完成")
    services.take_up(finding, by=post("checker"))
    services.verify(finding, by=post("checker"), passed=True, opinion="属实", way="papers")
    with pytest.raises(Refused, match="分解到下级"):
        services.close(finding, by=post("clerk"))
    with pytest.raises(NotAllowed):
        services.cancel(below, by=head_of(far), note="不做了")
    services.cancel(below, by=post("leader"), note="已由镇里统一办理")
    closed(Finding.objects.get(pk=part.pk), post)
    assert services.close(finding, by=post("clerk")).state == "closed"


def test_a_late_child_shows_at_the_top(walk, post, office):
    near, _far = office
    finding = walk.rectifying(days=30)
    split(finding, post("econ-head"), near, days=2)
    assert queries.roll_up(finding).worst == "green" or queries.lamp(finding)["code"] == "green"
    with clock.held_at(clock.now() + timedelta(days=5)):
        up = queries.roll_up(Finding.objects.get(pk=finding.pk))
        assert queries.lamp(finding)["code"] == "green"
        assert (up.worst, up.overdue, up.total) == ("red", 1, 1)


def test_a_head_sees_and_answers_for_what_is_below(walk, post, office):
    near, far = office
    finding = walk.rectifying()
    part = split(finding, post("econ-head"), near)
    assert queries.visible_to(post("econ-head")).filter(pk=part.pk).exists()
    assert not queries.visible_to(head_of(far)).filter(pk=part.pk).exists()
    assert not queries.visible_to(post("edu-head")).filter(pk=part.pk).exists()


def test_a_part_cannot_be_sent_back_as_if_it_came_from_the_clerk(walk, post, office):
    near, _far = office
    part = split(walk.rectifying(), post("econ-head"), near)
    with pytest.raises(Refused, match="上级单位"):
        services.decline(part, by=head_of(near), note="不归我管")


def test_a_finding_is_handed_over_with_its_dates(walk, post, unit):
    finding = walk.rectifying(days=9)
    due = finding.due
    with pytest.raises(NotAllowed):
        services.hand_over(finding, by=post("econ-head"), to=unit("education"), note="分工调整")
    finding = services.hand_over(finding, by=post("clerk"), to=unit("education"), note="分工调整")
    assert (finding.lead_unit, finding.due, finding.first_due) == (unit("education"), due, due)
    assert audit.of(finding).last().act == "ledger.finding.hand_over"
    assert queries.visible_to(post("edu-head")).filter(pk=finding.pk).exists()


def test_no_open_finding_is_left_without_a_living_owner(walk, post, unit):
    """A unit that still leads open findings cannot be ended; after the hand-over it can."""
    finding = walk.rectifying()
    economy = unit("economy")
    for held in economy.posts.all():
        people.end_post(held, by=None, on=clock.today() - timedelta(days=1))
    with pytest.raises(Refused, match="未销号"):
        people.end_unit(economy, by=None, on=clock.today(), note="撤并")
    assert services.hand_over_all(economy, by=post("clerk"), to=unit("education"), note="撤并") == 1
    people.end_unit(economy, by=None, on=clock.today() - timedelta(days=1), note="撤并")
    assert not queries.without_living_owner().exists()
    assert Finding.objects.get(pk=finding.pk).lead_unit == unit("education")
