"""The hall: one report, one comment, in order; nothing skipped without a reason."""

from datetime import timedelta

import pytest

from bihuan.ballots import services as ballots
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.meetings import queries, services
from bihuan.meetings.models import Meeting
from bihuan.meetings.pages import hall
from tests.rooms.meetings.conftest import a_file


def test_reports_come_in_by_the_deadline_and_late_ones_are_marked(approved, post, reporter):
    head = post("edu-head")
    first = services.hand_in(reporter(approved, "education"), by=head, upload=a_file("一稿"))
    assert (first.number, first.late) == (1, False)
    with clock.held_at(clock.now() + timedelta(days=15)):
        with pytest.raises(Refused, match="请写明迟交的原因"):
            services.hand_in(reporter(approved, "education"), by=head, upload=a_file("二稿"))
        second = services.hand_in(
            reporter(approved, "education"), by=head, upload=a_file("二稿"), note="补充数据"
        )
    assert (second.number, second.late) == (2, True)
    assert first.version.document_id == second.version.document_id


def test_a_unit_hands_in_for_itself_only(approved, post, reporter):
    for username in ("edu-head", "clerk", "leader", "guide"):
        with pytest.raises(NotAllowed):
            services.hand_in(reporter(approved, "organs"), by=post(username), upload=a_file())


def test_one_report_one_comment_in_order(sitting, post, reporter):
    clerk = post("clerk")
    with pytest.raises(Refused, match="前面还有：机关党委"):
        services.call_on(reporter(sitting, "education"), by=clerk)
    services.call_on(reporter(sitting, "organs"), by=clerk)
    with pytest.raises(Refused, match="上一个单位的述职还没有结束"):
        services.call_on(reporter(sitting, "education"), by=clerk)
    with pytest.raises(Refused, match="还没有述职，不能先点评"):
        services.record_comment(
            reporter(sitting, "organs"), by=clerk, comment="好", comment_by="副书记"
        )
    services.finish_report(reporter(sitting, "organs"), by=clerk)
    sitting.refresh_from_db()
    assert (sitting.speaking.unit.code, sitting.stage) == ("organs", "comment")
    services.record_comment(
        reporter(sitting, "organs"), by=clerk, comment="抓得实", comment_by="副书记"
    )
    sitting.refresh_from_db()
    assert sitting.speaking is None
    services.call_on(reporter(sitting, "education"), by=clerk)


def test_who_does_not_report_is_passed_over_with_a_reason(sitting, post, reporter):
    clerk = post("clerk")
    with pytest.raises(Refused, match="请写明未述职的原因"):
        services.pass_over(reporter(sitting, "organs"), by=clerk, reason=" ")
    services.pass_over(reporter(sitting, "organs"), by=clerk, reason="书记出差，改书面")
    services.call_on(reporter(sitting, "education"), by=clerk)
    with pytest.raises(Refused, match="已经述职，或已写明"):
        services.pass_over(reporter(sitting, "education"), by=clerk, reason="再跳")


def test_written_reporters_are_not_called_on(sitting, post, reporter):
    with pytest.raises(Refused, match="不在现场述职之列"):
        services.call_on(reporter(sitting, "bonded"), by=post("clerk"))


def test_the_clock_on_the_wall_runs_from_when_to_when(sitting, post, reporter):
    services.call_on(reporter(sitting, "organs"), by=post("clerk"))
    meeting = Meeting.objects.get(pk=sitting.pk)
    stage = hall.stage_of(meeting, queries.document(meeting))
    assert stage.allowed_s == 8 * 60
    assert stage.ends_at == (meeting.stage_began + timedelta(minutes=8)).isoformat()
    assert stage.unit == "机关党委"


def test_rating_begins_only_when_everybody_was_heard_and_only_by_the_chair(sitting, post):
    poll = ballots.start_issuing(sitting.poll, by=post("clerk"))
    ballots.close_issuing(poll, by=post("clerk"))
    sitting.refresh_from_db()
    with pytest.raises(Refused, match="还没有述职：机关党委、教文体局、经开投发"):
        services.start_rating(sitting, by=post("leader"))
    with pytest.raises(NotAllowed):
        services.start_rating(sitting, by=post("clerk"))


def test_nothing_can_be_counted_before_the_close(heard, post):
    poll = ballots.start_issuing(heard.poll, by=post("clerk"))
    ballots.close_issuing(poll, by=post("clerk"))
    heard.refresh_from_db()
    services.start_rating(heard, by=post("leader"))
    with pytest.raises(Refused):
        services.count_ballots(heard, by=post("leader"))


def test_the_same_voter_is_not_listed_twice(approved, post):
    with pytest.raises(Refused, match="同名同单位"):
        services.set_roll(
            approved, by=post("clerk"), text="局长，heads，教文体局\n局长,heads,教文体局"
        )


def test_the_run_sheet_shows_the_clock_and_what_to_do_next(sitting, post, reporter, browse):
    clerk = browse("clerk")
    address = f"/meetings/{sitting.pk}/units/organs/"
    clerk.post(f"{address}call-on/")
    shown = clerk.get(f"/meetings/{sitting.pk}/hall/").content.decode()
    assert "data-ends=" in shown
    assert "meetings/timer.js" in shown
    assert "述职结束，转入点评" in shown
    clerk.post(f"{address}finish/")
    faulty = clerk.post(f"{address}comment/", {"comment": "", "comment_by": "副书记"})
    assert faulty.status_code == 422
    told = {"comment": "抓得实，融合不够", "comment_by": "副书记"}
    assert clerk.post(f"{address}comment/", told).status_code == 302
    assert reporter(sitting, "organs").comment == told["comment"]
    clerk.post(f"/meetings/{sitting.pk}/units/education/pass-over/", {"reason": "请假"})
    assert reporter(sitting, "education").skipped == "请假"
