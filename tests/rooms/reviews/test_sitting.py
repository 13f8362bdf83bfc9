"""The meeting: quorum to the person, agenda in order, criticism with every blank cell named."""

import pytest

from bihuan.audit.models import Entry
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.reviews import queries, services
from tests.rooms.reviews.conftest import at, run_agenda, skip_all

SECRET = "示例批评词句丁戊己"


def test_two_of_three_may_meet_and_one_of_three_may_not(post, review, sit):
    skip_all(review, "before", post("clerk"))
    found = queries.seats(review)
    with at(review.date):
        reasons = {seat.pk: "出差" for seat in found[1:]}
        services.mark_attendance(review, by=post("clerk"), present=found[:1], reasons=reasons)
        with pytest.raises(Refused, match="至少要 2 人"):
            services.open_meeting(review, by=post("secretary"))
    assert sit(review, absent=1).state == "sitting"


def test_absence_needs_a_reason(post, review):
    found = queries.seats(review)
    with pytest.raises(Refused, match="委员缺席的原因"):
        services.mark_attendance(review, by=post("clerk"), present=found[:2], reasons={})
    assert queries.quorum(review).unknown == 3  # nothing was kept of it


def test_it_does_not_open_unready_early_or_unchecked_and_says_all_of_it(post, review):
    with pytest.raises(Refused) as refused:
        services.open_meeting(review, by=post("secretary"))
    said = "".join(refused.value.sentences)
    assert said.count("会前步骤") == 6
    assert "核对是否到会" in said
    assert "还没有到" in said


def test_without_its_head_it_does_not_open(post, review):
    skip_all(review, "before", post("clerk"))
    found = queries.seats(review)
    with at(review.date):
        services.mark_attendance(
            review, by=post("clerk"), present=found[1:], reasons={found[0].pk: "出差"}
        )
        with pytest.raises(Refused, match="主要负责人没有到会"):
            services.open_meeting(review, by=post("clerk"))


def test_the_agenda_runs_in_order_and_the_absent_have_no_turn(post, review, sit):
    sat = sit(review, absent=1)
    items = list(sat.agenda.order_by("number"))
    assert [item.kind for item in items] == [
        "last", "body_check", "own_check", "criticism", "own_check", "comment", "summary",
    ]  # fmt: skip
    found = queries.seats(review)
    with pytest.raises(Refused, match="按次序"):
        services.finish_item(items[1], by=post("clerk"), speakers=found[:1])
    services.finish_item(items[0], by=post("clerk"), speakers=found[1:2])
    with pytest.raises(Refused, match="书记发言"):
        services.finish_item(items[1], by=post("clerk"), speakers=found[1:2])
    with pytest.raises(Refused, match="原因"):
        services.skip_item(items[1], by=post("clerk"), reason="")
    services.skip_item(items[1], by=post("clerk"), reason="示例")
    with pytest.raises(Refused, match="议程第 3 项"):
        services.end_meeting(sat, by=post("secretary"))
    run_agenda(sat, post("clerk"))
    assert services.end_meeting(sat, by=post("secretary")).state == "held"


def test_every_blank_cell_of_the_criticism_is_named(post, review, hold):
    held = hold(review)
    head, second, third = queries.seats(review)
    step = held.steps.get(code="criticism")
    services.record_criticism(held, by=post("clerk"), source=second, target=head, text=SECRET)
    services.record_criticism(held, by=post("member"), source=third, target=head, text=SECRET)
    with pytest.raises(Refused) as refused:
        services.finish_step(step, by=post("clerk"))
    assert refused.value.sentences == (
        "书记还没有对副书记提出批评意见的记录。",
        "委员还没有对副书记提出批评意见的记录。",
        "书记还没有对委员提出批评意见的记录。",
        "副书记还没有对委员提出批评意见的记录。",
    )
    for source, target in ((head, second), (third, second), (head, third), (second, third)):
        services.record_criticism(held, by=post("clerk"), source=source, target=target, text="x")
    assert services.finish_step(step, by=post("clerk")).state == "done"


def test_members_record_only_their_own_and_the_absent_nothing(post, review, hold):
    held = hold(review, absent=1)
    head, second, third = queries.seats(review)
    with pytest.raises(NotAllowed):
        services.record_criticism(held, by=post("leader"), source=head, target=third, text="x")
    with pytest.raises(Refused, match="缺席"):
        services.record_criticism(held, by=post("clerk"), source=third, target=head, text="x")
    with pytest.raises(Refused, match="自我批评"):
        services.record_criticism(held, by=post("clerk"), source=second, target=second, text="x")


def test_a_wrong_record_is_corrected_by_another_and_read_with_an_entry(post, review, hold):
    held = hold(review)
    head, second, _third = queries.seats(review)
    first = services.record_criticism(
        held, by=post("clerk"), source=second, target=head, text=SECRET
    )
    services.correct_criticism(first, by=post("clerk"), text="更正后")
    with pytest.raises(Refused, match="更正过"):
        services.correct_criticism(first, by=post("clerk"), text="再更正")
    assert [row.text for row in services.read_record(held, by=post("leader"))] == ["更正后"]
    services.read_sheet(held, by=post("guide"), sheet="record")
    acts = list(Entry.objects.order_by("-seq").values_list("act", flat=True)[:2])
    assert acts == ["reviews.review.print", "reviews.review.read_record"]
    assert not any(SECRET in str(entry.plain()) for entry in Entry.objects.all())


def test_the_groups_five_judgements_are_data_with_a_grade(post, review, hold):
    held = hold(review)
    judged = list(held.judgements.order_by("order"))
    assert [one.name for one in judged] == [
        "准备工作扎实充分", "查摆问题深刻", "批评和自我批评严肃认真", "整改措施具体细致",
        "达到预期目的",
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        services.judge(judged[0], by=post("secretary"), grade="good")
    with pytest.raises(Refused, match="等次"):
        services.judge(judged[0], by=post("guide"), grade="splendid")
    for one in judged:
        services.judge(one, by=post("guide"), grade="good")
    with pytest.raises(Refused, match="还没有写点评"):
        services.finish_step(held.steps.get(code="judgement"), by=post("clerk"))
    services.comment(held, by=post("guide"), text="点评")
    assert services.finish_step(held.steps.get(code="judgement"), by=post("clerk")).state == "done"


def test_criticism_waits_for_the_meeting(post, review):
    head, second, _third = queries.seats(review)
    with pytest.raises(Refused, match="筹备中"):
        services.record_criticism(review, by=post("clerk"), source=second, target=head, text="x")


def test_the_quorum_is_the_rule_of_the_day_it_was_planned(post, review):
    services.set_rule(
        "quorum", by=post("clerk"), value={"part": 3, "whole": 3}, source="本单位规定", grade="O"
    )
    assert queries.quorum(review).needed == 2
    assert clock.today() <= review.date
