"""The verbs of the ledger: who may, what the rules allow, what is kept."""

from datetime import timedelta
from itertools import chain

import pytest
from django.db import DatabaseError, transaction

from bihuan.audit import queries as audit
from bihuan.audit import rules as audit_rules
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.ledger import queries, services
from bihuan.ledger.models import Finding, Progress
from bihuan.ledger.services.steps import opened
from bihuan.people import queries as people
from bihuan.people.models import Account
from tests.rooms.ledger.conftest import paper


def seconded(post):
    """The liaison's other post: verifier on secondment."""
    person = Account.objects.get(username="econ-liaison").person
    return people.posts_of(person).get(role__code="supervisor")


def test_a_finding_walks_from_draft_to_closed_and_every_step_is_recorded(walk):
    finding = walk.closed()
    assert finding.state == "closed"
    assert finding.closed_on == clock.today()
    acts = [entry.act.rsplit(".", 1)[-1] for entry in audit.of(finding).order_by("seq")]
    assert acts == [
        "raise",
        "assign",
        "acknowledge",
        "plan",
        "submit_evidence",
        "request_close",
        "take_up",
        "pass",
        "close",
    ]
    assert audit_rules.check_chain(audit.rows()).whole


def test_numbers_run_on_within_a_year_and_are_never_used_twice(walk, post):
    numbers = [walk.finding.number]
    for title in ("二", "三"):
        finding = services.raise_finding(by=post("clerk"), title=title, source="other")
        numbers.append(finding.number)
    services.discard(finding, by=post("clerk"), note="重复")
    again = services.raise_finding(by=post("clerk"), title="四", source="other")
    numbers.append(again.number)
    running = [int(number.split("-")[1]) for number in numbers]
    assert running == list(range(running[0], running[0] + 4))


def test_the_one_who_acted_cannot_verify_even_in_another_post(walk, post):
    finding = walk.requested()
    by = seconded(post)
    assert people.may(by, "ledger.verify")
    with pytest.raises(Refused, match="由别人办理"):
        services.take_up(finding, by=by)
    assert "take_up" not in queries.possible(finding, by)


def test_somebody_of_the_answerable_unit_cannot_verify_even_without_having_acted(walk, post, unit):
    from bihuan.people import services as people_services
    from bihuan.people.models import Role

    stranger = people_services.add_person(by=None, name="新来的人")
    role = Role.objects.get(code="supervisor")
    checker = people_services.appoint(
        stranger, by=None, unit=unit("supervision"), role=role, title="核查员"
    )
    people_services.appoint(
        stranger, by=None, unit=unit("economy"), role=Role.objects.get(code="viewer"), title="科员"
    )
    with pytest.raises(Refused, match="由别人办理"):
        services.take_up(walk.requested(), by=checker)


def test_the_unit_cannot_close_its_own_finding(walk, post):
    finding = walk.passed()
    for username in ("econ-head", "econ-liaison", "checker"):
        with pytest.raises(NotAllowed):
            services.close(finding, by=post(username))
    assert Finding.objects.get(pk=finding.pk).state == "checking"


def test_without_evidence_nobody_can_even_ask_for_closing(walk, post):
    with pytest.raises(Refused, match="佐证"):
        services.request_close(walk.rectifying(), by=post("econ-head"), note="好了")


def test_without_a_passed_verification_there_is_no_closing(walk, post):
    with pytest.raises(Refused, match="核查"):
        services.close(walk.checking(), by=post("clerk"))


def test_an_opinion_is_required(walk, post):
    with pytest.raises(Refused, match="核查意见"):
        services.verify(walk.checking(), by=post("checker"), passed=True, opinion="  ", way="visit")


def test_a_returned_finding_needs_new_evidence_and_a_new_verification(walk, post):
    finding = walk.checking()
    services.verify(finding, by=post("checker"), passed=False, opinion="缺少来源", way="papers")
    finding.refresh_from_db()
    assert (finding.state, finding.round, finding.requested_on) == ("rectifying", 2, None)
    with pytest.raises(Refused, match="佐证"):
        services.request_close(finding, by=post("econ-head"), note="再报")
    services.submit_evidence(finding, by=post("econ-liaison"), upload=paper("来源"), text="来源")
    services.request_close(finding, by=post("econ-head"), note="再报")
    services.take_up(finding, by=post("checker"))
    with pytest.raises(Refused, match="核查"):
        services.close(finding, by=post("clerk"))


def test_a_closing_of_an_earlier_round_does_not_count_after_reopening(walk, post):
    finding = walk.closed()
    due = clock.today() + timedelta(days=5)
    finding = services.reopen(finding, by=post("clerk"), due=due, note="又出现")
    assert finding.state == "rectifying"
    assert finding.closed_on is None
    services.submit_evidence(finding, by=post("econ-liaison"), upload=paper("二"), text="二")
    services.request_close(finding, by=post("econ-head"), note="再报")
    services.take_up(finding, by=post("checker"))
    with pytest.raises(Refused, match="核查"):
        services.close(finding, by=post("clerk"))


def test_an_extension_keeps_the_first_date_for_ever(walk, post):
    finding = walk.rectifying(days=10)
    first = finding.first_due
    later = finding.due + timedelta(days=20)
    services.ask_extension(finding, by=post("econ-head"), to=later, reason="等上级口径")
    finding.refresh_from_db()
    assert finding.due == first
    services.decide_extension(finding, by=post("leader"), granted=True, answer="同意")
    finding.refresh_from_db()
    assert (finding.due, finding.first_due) == (later, first)


def test_a_refused_extension_changes_no_date(walk, post):
    finding = walk.rectifying()
    due = finding.due
    services.ask_extension(
        finding, by=post("econ-head"), to=due + timedelta(days=3), reason="来不及"
    )
    services.decide_extension(finding, by=post("leader"), granted=False, answer="抓紧")
    finding.refresh_from_db()
    assert finding.due == due


def test_an_extension_after_the_due_date_is_refused(walk, post):
    finding = walk.rectifying(days=3)
    with clock.held_at(clock.now() + timedelta(days=4)), pytest.raises(Refused, match="过了时限"):
        services.ask_extension(
            finding, by=post("econ-head"), to=finding.due + timedelta(days=9), reason="晚了"
        )


def test_extensions_run_out(walk, post):
    finding = walk.rectifying()
    services.set_limit("extensions", by=None, value=1, source="办公室规定")
    for attempt in range(2):
        finding.refresh_from_db()
        to = finding.due + timedelta(days=5)
        if attempt:
            with pytest.raises(Refused, match="次数"):
                services.ask_extension(finding, by=post("econ-head"), to=to, reason="再延")
        else:
            services.ask_extension(finding, by=post("econ-head"), to=to, reason="要等")
            services.decide_extension(finding, by=post("leader"), granted=True, answer="同意")


def test_overdue_comes_from_the_clock_alone(walk):
    finding = walk.rectifying(days=3)
    late = Finding.objects.filter(queries.overdue())
    assert finding not in late
    with clock.held_at(clock.now() + timedelta(days=4)):
        assert finding in Finding.objects.filter(queries.overdue())


def test_what_was_handed_in_on_time_is_not_late_while_the_checker_looks_at_it(walk):
    finding = walk.requested(days=3)
    with clock.held_at(clock.now() + timedelta(days=30)):
        assert finding not in Finding.objects.filter(queries.overdue())


def test_the_recheck_waits_for_its_window_and_a_problem_that_came_back_is_a_new_finding(walk, post):
    finding = walk.closed()
    with pytest.raises(Refused, match="最早"):
        services.recheck(finding, by=post("checker"), held=True, opinion="看过")
    with clock.held_at(clock.now() + timedelta(days=100)):
        assert finding in queries.due_for_recheck(Finding.objects.all())
        with pytest.raises(Refused, match="时限"):
            services.recheck(finding, by=post("checker"), held=False, opinion="反弹")
        services.recheck(
            finding,
            by=post("checker"),
            held=False,
            opinion="反弹",
            due=clock.today() + timedelta(days=10),
        )
        finding.refresh_from_db()
        again = finding.returns.get()
        assert (finding.state, again.state, again.risk) == ("closed", "assigned", "high")
        assert (again.lead_unit, again.signatures) == (finding.lead_unit, 2)
        assert again.number != finding.number
        assert finding not in queries.due_for_recheck(Finding.objects.all())


def test_a_recheck_that_holds_leaves_the_finding_closed_and_is_done(walk, post):
    finding = walk.closed()
    with clock.held_at(clock.now() + timedelta(days=100)):
        services.recheck(finding, by=post("checker"), held=True, opinion="没有反弹")
        finding.refresh_from_db()
        assert finding.state == "closed"
        assert finding not in queries.due_for_recheck(Finding.objects.all())


def test_long_term_keeps_on_and_can_still_be_closed(walk, post):
    finding = walk.rectifying()
    review = finding.due + timedelta(days=60)
    finding = services.make_long_term(finding, by=post("leader"), review=review, note="要靠制度")
    assert (finding.state, finding.rect_kind, finding.due) == ("long_term", "long_term", review)
    services.submit_evidence(finding, by=post("econ-liaison"), upload=paper(), text="制度")
    finding = services.request_close(finding, by=post("econ-head"), note="制度已建")
    assert finding.state == "requested"


def test_a_unit_sends_back_what_is_not_its_own_and_the_next_gets_its_own_first_date(
    walk, post, unit
):
    finding = services.decline(walk.assigned(), by=post("econ-head"), note="不属本局")
    assert (finding.state, finding.lead_unit, finding.first_due) == ("draft", None, None)
    due = clock.today() + timedelta(days=40)
    finding = services.assign(
        finding, by=post("clerk"), lead_unit=unit("education"), due=due, standard="已说明"
    )
    assert finding.first_due == due


def test_a_draft_can_be_mended_and_an_assigned_finding_cannot(walk, post):
    finding = services.amend(walk.finding, by=post("clerk"), title="占比与总量对不上")
    assert finding.title == "占比与总量对不上"
    assert finding.source == "figures"
    walk.assigned()
    with pytest.raises(Refused, match="已交办"):
        services.amend(walk.finding, by=post("clerk"), title="再改")


def test_assigning_says_all_faults_at_once(walk, post, unit):
    with pytest.raises(Refused) as refusal:
        services.assign(
            walk.finding,
            by=post("clerk"),
            lead_unit=unit("economy"),
            due=clock.today() - timedelta(days=1),
            owner=post("edu-head"),
        )
    assert len(refusal.value.sentences) == 2


def test_another_unit_does_not_see_it(walk, post):
    finding = walk.assigned()
    assert not queries.visible_to(post("edu-head")).filter(pk=finding.pk).exists()
    assert queries.visible_to(post("econ-head")).filter(pk=finding.pk).exists()
    with pytest.raises(NotAllowed):
        services.acknowledge(finding, by=post("edu-head"))


def test_an_assisting_unit_sees_it_and_reports_but_does_not_ask_for_closing(walk, post, unit):
    finding = services.assign(
        walk.finding,
        by=post("clerk"),
        lead_unit=unit("economy"),
        assist_units=[unit("education")],
        due=clock.today() + timedelta(days=9),
        standard="已核对",
    )
    services.acknowledge(finding, by=post("econ-head"))
    services.plan(finding, by=post("econ-head"), text="核对")
    services.report(finding, by=post("edu-head"), text="本局数据已核")
    with pytest.raises(NotAllowed):
        services.request_close(finding, by=post("edu-head"), note="好了")
    assert queries.visible_to(post("edu-head")).filter(pk=finding.pk).exists()


def test_the_same_step_twice_is_refused_in_words(walk, post):
    finding = walk.acknowledged()
    with pytest.raises(Refused, match="已签收"):
        services.acknowledge(finding, by=post("econ-head"))


def test_progress_once_written_cannot_be_changed_by_any_program(walk, post):
    finding = walk.rectifying()
    entry = services.report(finding, by=post("econ-liaison"), text="进行中")
    with pytest.raises(DatabaseError), transaction.atomic():
        Progress.objects.filter(pk=entry.pk).update(text="完成")
    with pytest.raises(DatabaseError), transaction.atomic():
        Progress.objects.filter(pk=entry.pk).delete()


def _at_every_stop(walk):
    """The finding at each point of its way; the next step is taken when the next is asked for."""
    yield walk.assigned()
    yield services.acknowledge(walk.finding, by=walk.post("econ-head"))
    services.plan(walk.finding, by=walk.post("econ-head"), text="核对")
    yield Finding.objects.get(pk=walk.finding.pk)


@pytest.mark.parametrize("username", ["clerk", "econ-head", "checker", "leader", "edu-head"])
def test_what_is_offered_is_what_is_accepted(walk, post, username):
    """`possible` and the verbs agree: what a page offers is not refused for want of permission."""
    by = post(username)
    for finding in chain([walk.finding], _at_every_stop(walk)):
        for step in queries.possible(finding, by):
            opened(finding, step, by)
