"""In the hall: one report, one comment; the rating opened and closed by the chair; the speech."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.ballots import rules as polls
from bihuan.ballots import services as ballots
from bihuan.ballots.models import Poll
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.meetings import queries
from bihuan.meetings.models import Meeting, Reporter
from bihuan.meetings.services.steps import held, moved, reporter_held
from bihuan.people.models import Post


@transaction.atomic
def begin(meeting: Meeting, *, by: Post | None) -> Meeting:
    """宣布开会：方案已批准、票箱已设好；宣布的人即主持人。"""
    meeting = held(meeting, by, "meetings.chair", "preparing")
    faults = []
    if queries.drafting(meeting) is not None:
        faults.append(_("还有一版方案正在草拟或待批准。请先批准或退回。"))
    if meeting.poll is None or not polls.reached(meeting.poll.phase, "frozen"):
        faults.append(_("票箱还没有设好。请经办人先编名单、设票箱。"))
    elif queries.poll_stale(meeting):
        faults.append(_("方案已有新的一版，票箱还是照旧版设的。请经办人重新编名单、设票箱。"))
    if faults:
        raise Refused.all(faults)
    meeting.chair = by
    return moved(meeting, "meetings.meeting.begin", by, fields=("chair",))


@transaction.atomic
def recall_last_year(meeting: Meeting, *, by: Post | None) -> Meeting:
    """通报上年整改情况：在述职之前。"""
    meeting = held(meeting, by, "meetings.run", "sitting")
    if not meeting.recalled:
        meeting.recalled = True
        meeting.save(update_fields=["recalled"])
        audit.record(by, "meetings.meeting.recall", meeting)
    return meeting


@transaction.atomic
def call_on(reporter: Reporter, *, by: Post | None) -> Reporter:
    """开始述职：按次序；前面的没有述职又没有写原因，轮不到后面的。"""
    reporter = reporter_held(reporter, by, "meetings.run", "sitting")
    meeting = reporter.meeting
    faults = []
    if reporter.mode != "onsite" or reporter.withdrawn:
        faults.append(_("%(unit)s不在现场述职之列。") % {"unit": reporter.unit.label()})
    if reporter.ended is not None or reporter.skipped:
        faults.append(
            _("%(unit)s已经述职，或已写明未述职的原因。") % {"unit": reporter.unit.label()}
        )
    before = [one for one in queries.waiting_on_stage(meeting) if one.number < reporter.number]
    speaking = meeting.speaking_id is not None and meeting.stage == "report"
    if speaking and meeting.speaking_id != reporter.pk:
        faults.append(_("上一个单位的述职还没有结束。请先结束。"))
    elif before:
        faults.append(
            _("前面还有：%(units)s。请按次序，或写明未述职的原因。")
            % {"units": _("、").join(one.unit.label() for one in before)}
        )
    if faults:
        raise Refused.all(faults)
    if reporter.began is None:
        reporter.began = clock.now()
        reporter.save(update_fields=["began"])
        audit.record(by, "meetings.reporter.call_on", reporter)
    _stand(meeting, reporter, "report")
    return reporter


@transaction.atomic
def finish_report(reporter: Reporter, *, by: Post | None) -> Reporter:
    """述职结束，转入点评。"""
    reporter = reporter_held(reporter, by, "meetings.run", "sitting")
    if reporter.began is None or reporter.ended is not None:
        raise Refused(_("%(unit)s现在不在述职。请刷新页面。") % {"unit": reporter.unit.label()})
    reporter.ended = clock.now()
    reporter.save(update_fields=["ended"])
    audit.record(by, "meetings.reporter.finish", reporter)
    _stand(reporter.meeting, reporter, "comment")
    return reporter


@transaction.atomic
def pass_over(reporter: Reporter, *, by: Post | None, reason: str) -> Reporter:
    """未述职：写明原因，和结果一起打印，不能悄悄跳过。"""
    reporter = reporter_held(reporter, by, "meetings.run", "sitting")
    if not reason.strip():
        raise Refused(_("请写明未述职的原因。"))
    if reporter.began is not None or reporter.skipped:
        raise Refused(_("%(unit)s已经述职，或已写明原因。") % {"unit": reporter.unit.label()})
    reporter.skipped = reason.strip()
    reporter.save(update_fields=["skipped"])
    audit.record(by, "meetings.reporter.pass_over", reporter, note=reason)
    return reporter


@transaction.atomic
def record_comment(
    reporter: Reporter, *, by: Post | None, comment: str, comment_by: str
) -> Reporter:
    """记录点评：一述一评；书面述职的也要点评；反馈函发出以后不能再改。"""
    reporter = reporter_held(reporter, by, "meetings.run", "sitting", "counted", "decided")
    faults = []
    if not comment.strip():
        faults.append(_("请写下点评。"))
    if not comment_by.strip():
        faults.append(_("请写明是谁点评的。"))
    if reporter.mode == "onsite" and reporter.ended is None:
        faults.append(_("%(unit)s还没有述职，不能先点评。") % {"unit": reporter.unit.label()})
    if faults:
        raise Refused.all(faults)
    before = reporter.comment
    reporter.comment, reporter.comment_by = comment.strip(), comment_by.strip()
    reporter.save(update_fields=["comment", "comment_by"])
    audit.record(
        by, "meetings.reporter.comment", reporter, changes={"comment": (before, reporter.comment)}
    )
    meeting = reporter.meeting
    if meeting.speaking_id == reporter.pk and meeting.stage == "comment":
        _stand(meeting, None, "")
    return reporter


def _stand(meeting: Meeting, reporter: Reporter | None, stage: str) -> None:
    """Where the run-sheet stands now."""
    meeting.speaking, meeting.stage = reporter, stage
    meeting.stage_began = clock.now() if stage else None
    meeting.save(update_fields=["speaking", "stage", "stage_began"])


# The rating -------------------------------------------------------------------------------------


@transaction.atomic
def start_rating(meeting: Meeting, *, by: Post | None) -> Poll:
    """开始测评：由主持人宣布；述职没有做完的，不能开始。"""
    meeting = held(meeting, by, "meetings.chair", "sitting")
    assert meeting.poll is not None  # a constraint of the table
    if waiting := queries.waiting_on_stage(meeting):
        raise Refused(
            _("还没有述职：%(units)s。请述完，或写明未述职的原因。")
            % {"units": _("、").join(one.unit.label() for one in waiting)}
        )
    poll = ballots.start_casting(meeting.poll, by=by)
    _stand(meeting, None, "")
    changes = {"phase": ("issued", poll.phase)}
    audit.record(by, "meetings.meeting.start_rating", meeting, changes=changes)
    return poll


@transaction.atomic
def end_rating(meeting: Meeting, *, by: Post | None) -> Poll:
    """结束测评：由主持人宣布，此后一张票也不收，什么也不变。"""
    meeting = held(meeting, by, "meetings.chair", "sitting")
    assert meeting.poll is not None
    poll = ballots.close(meeting.poll, by=by)
    changes = {"phase": ("casting", poll.phase)}
    audit.record(by, "meetings.meeting.end_rating", meeting, changes=changes)
    return poll


@transaction.atomic
def count_ballots(meeting: Meeting, *, by: Post | None, shares: Sequence[str] = ()) -> Meeting:
    """计票：在监票人面前开箱；核对不平，没有结果。"""
    meeting = held(meeting, by, "meetings.chair", "sitting")
    assert meeting.poll is not None
    if not polls.reached(meeting.poll.phase, "counted"):
        meeting.poll = ballots.count(meeting.poll, by=by, shares=shares)
    return moved(meeting, "meetings.meeting.count", by)


@transaction.atomic
def put_away(meeting: Meeting, *, by: Post | None) -> Poll:
    """封存票箱：核对期满，封着的票、用过的票证和密钥都抹去；在此以前能开箱的人看得到整张的票。"""
    meeting = held(meeting, by, "meetings.chair", "counted", "decided", "issued", "done")
    assert meeting.poll is not None
    until = queries.check_until(meeting)
    if clock.today() <= until:
        raise Refused(
            _("核对期到 %(day)s，监票人还可以复票。过了这一天再封存。")
            % {"day": clock.in_words(until)}
        )
    poll = ballots.end_check_window(meeting.poll, by=by)
    changes = {"phase": ("counted", poll.phase)}
    audit.record(by, "meetings.meeting.put_away", meeting, changes=changes)
    return poll


@transaction.atomic
def record_speech(meeting: Meeting, *, by: Post | None, verdict: str, speech: str) -> Meeting:
    """记录讲话：对一年工作总的评价，和讲话全文。"""
    meeting = held(meeting, by, "meetings.run", "sitting", "counted", "decided", "issued")
    if not speech.strip():
        raise Refused(_("请写下讲话的内容。"))
    before = meeting.verdict
    meeting.verdict, meeting.speech = verdict.strip(), speech.strip()
    meeting.save(update_fields=["verdict", "speech"])
    changes = {"verdict": (before, meeting.verdict)}
    audit.record(by, "meetings.meeting.speech", meeting, changes=changes)
    return meeting
