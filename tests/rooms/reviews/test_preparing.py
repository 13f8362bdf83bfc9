"""Preparing: members from posts, steps from the library, consent, readiness, skipping."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.base import clock
from bihuan.base.errors import NotAllowed, NotFound, Refused
from bihuan.people import services as people
from bihuan.people.models import Unit
from bihuan.reviews import queries, services
from bihuan.reviews.models import StepTemplate
from tests.rooms.reviews.conftest import at, fresh, skip_all


def annual(by, **more):
    fields = {
        "kind": "annual", "body": Unit.objects.get(code="party"), "year": 2026, "theme": "主题",
        "basis": "通知", "date": date(2026, 11, 20),
    }  # fmt: skip
    return services.prepare(by=by, **{**fields, **more})


def test_members_are_the_posts_of_that_day_with_the_head_first(review):
    assert [(seat.post.title, seat.head) for seat in queries.seats(review)] == [
        ("书记", True),
        ("副书记", False),
        ("委员", False),
    ]


def test_a_post_that_ends_before_the_meeting_is_not_due(post, review):
    people.end_post(post("member"), by=None, on=review.date - timedelta(days=1))
    later = annual(post("clerk"), kind="special", date=review.date)
    assert len(queries.seats(later)) == 2
    assert "任职" in queries.seats_in_doubt(review)[0]  # and who was seated before is doubted


def test_an_annual_meeting_outside_the_fourth_quarter_needs_consent(post):
    with pytest.raises(Refused, match="上级同意"):
        annual(post("clerk"), date=date(2027, 1, 20))
    review = annual(post("clerk"), date=date(2027, 1, 20), consent="同意推迟的批复")
    assert review.consent
    with pytest.raises(Refused, match="上级同意"):
        services.amend(review, by=post("clerk"), theme="主题", basis="通知", date=date(2027, 2, 1))


def test_all_faults_are_told_at_once(post):
    with pytest.raises(Refused) as refused:
        annual(post("clerk"), date=date(2027, 1, 20), theme=" ", basis="", year=1900)
    assert len(refused.value.sentences) == 4


def test_deadlines_are_counted_from_the_meeting_and_follow_it(post, review):
    plan = review.steps.get(code="plan")
    report = review.steps.get(code="report")
    assert (review.date - plan.due).days == 15
    assert (report.due - review.date).days == 15
    services.skip_step(review.steps.get(code="study"), by=post("clerk"), reason="示例")
    done = review.steps.get(code="study").due
    services.amend(
        review, by=post("clerk"), theme="主题", basis="通知", date=review.date + timedelta(days=7)
    )
    assert review.steps.get(code="plan").due == plan.due + timedelta(days=7)
    assert review.steps.get(code="study").due == done  # what is settled is not moved


def test_working_days_skip_the_weekend(post, review):
    row = queries.template("talks")
    kept = ("name", "name_en", "phase", "order", "documents", "paper", "note", "in_use")
    fields = {name: getattr(row, name) for name in kept}
    services.set_template(
        "talks", by=post("clerk"), **fields, days=5, unit="working", source="本单位规定", grade="O"
    )
    later = annual(post("clerk"), kind="special", date=date(2026, 11, 20))  # a Friday
    assert later.steps.get(code="talks").due == date(2026, 11, 13)
    assert review.steps.get(code="talks").unit == "natural"  # a meeting keeps the rule of its day
    assert StepTemplate.objects.filter(code="talks").count() == 2  # and the old row stays


def test_it_is_ready_when_every_step_before_is_done_or_skipped_with_a_reason(post, review):
    assert len(queries.not_ready(review)) == 6
    with pytest.raises(Refused, match="写明原因"):
        services.skip_step(review.steps.get(code="study"), by=post("clerk"), reason="  ")
    skip_all(review, "before", post("clerk"))
    assert queries.not_ready(review) == []


def test_a_step_that_needs_a_paper_is_not_done_without(post, review):
    plan = review.steps.get(code="plan")
    with pytest.raises(Refused, match="会议方案"):
        services.finish_step(plan, by=post("clerk"))
    services.attach(plan, by=post("clerk"), upload=SimpleUploadedFile("方案.txt", b"plan"))
    assert services.finish_step(plan, by=post("clerk")).state == "done"
    with pytest.raises(Refused, match="已经办过"):
        services.finish_step(plan, by=post("clerk"))


def test_talks_are_done_only_when_no_cell_is_blank_and_each_blank_one_is_named(post, review):
    clerk, (head, second, third) = post("clerk"), queries.seats(review)
    head_of = post("econ-head")
    services.add_due_talk(review, by=clerk, seat=second, post=head_of)
    services.note_talk(review, by=clerk, seat=head, other=second, on=clock.today())
    services.note_talk(review, by=post("member"), seat=third, other=head, on=clock.today())
    with pytest.raises(Refused) as refused:
        services.finish_step(review.steps.get(code="talks"), by=clerk)
    assert refused.value.sentences == (
        "副书记与委员还没有谈心谈话。",
        "副书记与经济发展局局长还没有谈心谈话。",
    )
    services.note_talk(review, by=clerk, seat=third, other=second, on=clock.today())
    services.note_talk(review, by=clerk, seat=second, post=head_of, on=clock.today())
    assert services.finish_step(review.steps.get(code="talks"), by=clerk).state == "done"


def test_a_member_notes_only_own_talks_and_nobody_tomorrows(post, review):
    head, second, third = queries.seats(review)
    with pytest.raises(NotAllowed):
        services.note_talk(review, by=post("member"), seat=head, other=second, on=clock.today())
    with pytest.raises(Refused, match="不得晚于今天"):
        services.note_talk(
            review, by=post("clerk"), seat=head, other=third,
            on=clock.today() + timedelta(days=1),
        )  # fmt: skip


def test_opinions_are_sorted_and_returned_to_whom_they_concern(post, review):
    clerk, (_head, second, third) = post("clerk"), queries.seats(review)
    one = services.note_opinion(review, by=clerk, channel="written", text="对班子", about="body")
    two = services.note_opinion(review, by=clerk, channel="interview", text="对某人")
    with pytest.raises(Refused) as refused:
        services.finish_step(review.steps.get(code="opinions"), by=clerk)
    assert refused.value.sentences == (
        "有 1 条意见还没有分送。",
        "有 1 条意见还没有反馈给本人或班子。",
    )
    services.sort_opinion(two, by=clerk, about="member", seat=second)

    def seen(username):
        place = queries.place(review, post(username))
        return list(queries.opinions_for(review, place))

    assert seen("leader") == []  # not returned yet
    assert services.return_opinions(review, by=clerk) == 2
    assert seen("leader") == [one, two]
    assert seen("member") == [one]
    assert seen("guide") == [one, two]
    with pytest.raises(Refused, match="已经反馈"):
        services.sort_opinion(two, by=clerk, about="member", seat=third)
    assert services.finish_step(review.steps.get(code="opinions"), by=clerk).state == "done"


def test_what_came_from_the_box_never_gets_an_origin(post, review):
    with pytest.raises(Refused, match="匿名"):
        services.note_opinion(review, by=post("clerk"), channel="box", text="意见", origin="某局")


def test_only_its_clerk_prepares_and_others_are_told_there_is_no_such_meeting(
    post, review, outsider
):
    step = review.steps.get(code="study")
    with pytest.raises(NotAllowed):
        services.finish_step(step, by=post("secretary"))
    with pytest.raises(NotFound):
        services.finish_step(step, by=outsider("clerk", "office"))
    services.name_clerks(review, by=post("secretary"), clerks=[outsider("clerk", "supervision")])
    with pytest.raises(NotFound):  # who was relieved sees it no more
        services.finish_step(step, by=post("clerk"))


def test_a_member_with_papers_is_not_struck_from_the_list(post, review):
    _head, second, third = queries.seats(review)
    services.save_draft(second.check_paper, by=post("leader"), text="草稿")
    with pytest.raises(Refused, match="不能移出"):
        services.unseat(second, by=post("clerk"), reason="示例")
    services.unseat(third, by=post("clerk"), reason="示例")
    assert len(queries.seats(review)) == 2
    assert queries.papers(review).count() == 3  # the body's, and one a member


def test_the_order_and_the_head_can_be_changed_before_the_meeting(post, review):
    head, second, third = queries.seats(review)
    services.arrange(
        review, by=post("clerk"), head=second, places={head.pk: 3, second.pk: 9, third.pk: 2}
    )
    assert queries.seats(review) == [second, third, head]
    assert queries.seats(review)[0].head


def test_an_invitation_ends_by_itself(post, review):
    guide = post("guide")
    assert queries.place(review, guide).guide
    with at(clock.today() + timedelta(days=41)):
        assert not queries.place(review, guide).inside
        assert list(queries.visible_to(guide)) == []


def test_a_meeting_that_is_called_off_stays_but_takes_nothing_more(post, review):
    with pytest.raises(Refused, match="原因"):
        services.call_off(review, by=post("clerk"), reason="")
    services.call_off(review, by=post("clerk"), reason="示例：上级另行安排")
    with pytest.raises(Refused, match="已取消"):
        services.amend(review, by=post("clerk"), theme="x", basis="y", date=review.date)
    assert fresh(review).state == "called_off"
