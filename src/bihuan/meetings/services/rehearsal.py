"""演练：the same meeting with a simulated hall, before anybody sits in it; and what came of it.

Everything goes through the same verbs and the same doors as on the day, with the mark of a
rehearsal on every page and paper; nothing of it reaches the ledger or the figures.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.ballots import hall
from bihuan.ballots import queries as polls
from bihuan.ballots import services as ballots
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.jobs import services as jobs
from bihuan.jobs.models import Job
from bihuan.meetings import bridge, queries
from bihuan.meetings.models import Meeting, Plan
from bihuan.meetings.services import hall as sitting
from bihuan.meetings.services import planning, preparing
from bihuan.meetings.services.steps import held
from bihuan.people.models import Post

KIND = "meetings.rehearsal"
FEWEST, MOST = 30, 3000
SAMPLE_OF_RECEIPTS = 3
# The box keeps a ballot waiting for others, so that none stands alone in a batch: a hall in which
# few vote at a time is a slow one.
TOGETHER = 40
Tell = Callable[[int, int, str], None]


@transaction.atomic
def rehearse(meeting: Meeting, *, by: Post | None, voters: int, seed: int) -> Meeting:
    """发起演练：照现行的一版方案另开一场演练，模拟会场在后台进行。"""
    meeting = held(meeting, by, "meetings.run", "preparing", "sitting")
    plan = queries.in_force(meeting)
    if plan is None or meeting.rehearsal:
        raise Refused(_("先批准方案，再从正式的会议发起演练。"))
    if not FEWEST <= voters <= MOST:
        raise Refused(
            _("人数应在 %(least)d 和 %(most)d 之间。请改正。") % {"least": FEWEST, "most": MOST}
        )
    trial = Meeting.objects.create(
        year=meeting.year,
        title=meeting.title,
        title_en=meeting.title_en,
        state="preparing",
        rehearsal=True,
        rehearsal_of=meeting,
        sample=meeting.sample,
    )
    # A key that is split among people could not be put together again by a machine.
    document: Any = {**plan.document, "seal": "house", "signers": 1}
    copy = Plan.objects.create(
        meeting=trial,
        version=1,
        state="approved",
        document=document,
        digest=plan.digest,
        approved_on=clock.today(),
        approved_by=plan.approved_by,
    )
    planning.line_up(trial, copy)
    audit.record(by, "meetings.meeting.rehearse", trial, note=str(voters))
    trial.job = jobs.start(
        KIND,
        by=by,
        inputs={"meeting": trial.pk, "voters": voters},
        title=_("演练：%(title)s") % {"title": meeting.title},
        seed=seed,
    )
    trial.save(update_fields=["job"])
    return trial


def roll(meeting: Meeting, voters: int) -> str:
    """So many voters over the categories; one of the first ones from each reporting unit."""
    document = queries.document(meeting)
    codes = [row["code"] for row in document["categories"]]
    units = [row["name"] for row in document["units"]]
    lines = []
    for number in range(voters):
        code = codes[number % len(codes)]
        place = number // len(codes)
        unit = units[place] if code == codes[min(1, len(codes) - 1)] and place < len(units) else ""
        lines.append(f"演练投票人{number + 1:04d}\t{code}\t{unit}")
    return "\n".join(lines)


def work(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """The job: from the roll to the count, and the checks of the published bundle."""
    meeting = Meeting.objects.get(pk=inputs["meeting"])
    preparing.set_roll(meeting, by=None, text=roll(meeting, inputs["voters"]))
    meeting.refresh_from_db()
    preparing.seal_box(meeting, by=None)
    return hold(meeting, seed=seed, tell=tell)


def hold(
    meeting: Meeting,
    *,
    seed: int,
    tell: Tell,
    threads: int = TOGETHER,
    comments: Iterable[str] = (),
    by: tuple[Post | None, Post | None] = (None, None),
) -> dict[str, Any]:
    """The whole meeting with a simulated hall, from its opening to the count; what happened.

    `by` are clerk and chair; `comments` are said over the reporters in their order.
    """
    clerk, chair = by
    sitting.begin(_again(meeting), by=chair)
    sitting.recall_last_year(_again(meeting), by=clerk)
    told = iter(comments)
    for one in queries.reporters(meeting):
        one.meeting = _again(meeting)
        if one.mode == "onsite":
            sitting.call_on(one, by=clerk)
            sitting.finish_report(one, by=clerk)
        comment = next(told, _("演练点评"))
        sitting.record_comment(one, by=clerk, comment=comment, comment_by=_("主持人"))
    report, taken_s = _rated(_again(meeting), seed, tell, threads, clerk, chair)
    found = sitting.count_ballots(_again(meeting), by=chair)
    assert found.poll is not None
    return {
        "voters": report.voters,
        "phones": report.phones,
        "slips": report.slips,
        "cast": report.cast,
        "not_cast": report.not_cast,
        "met": dict(sorted(report.met.items())),
        "wrong": report.wrong,
        "taken_s": round(taken_s, 1),
        "size": found.poll.open["final"]["size"],
        "root": found.poll.open["final"]["root"],
        "receipts": report.receipts[:SAMPLE_OF_RECEIPTS],
        "checks": bridge.verified(found.poll.open, found.poll.keys["log"]),
    }


def _again(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_related("poll").get(pk=meeting.pk)


def _rated(
    meeting: Meeting, seed: int, tell: Tell, threads: int, clerk: Post | None, chair: Post | None
) -> tuple[hall.Report, float]:
    """Door, casting, close; how long casting took."""
    assert meeting.poll is not None
    poll = ballots.start_issuing(meeting.poll, by=clerk)
    post, report = hall.door(poll.slug), hall.Report()
    rights = hall.fill(poll, clerk=clerk, seed=seed, papers=0)
    phones = hall.activate(poll, rights, post, report)
    ballots.close_issuing(polls.poll(poll.slug), by=clerk)
    poll = sitting.start_rating(_again(meeting), by=chair)
    began = time.monotonic()
    hall.vote(
        poll,
        rights,
        phones,
        post,
        typists=(clerk, chair),
        seed=seed,
        report=report,
        threads=threads,
        tell=tell,
    )
    taken_s = time.monotonic() - began
    sitting.end_rating(_again(meeting), by=chair)
    return report, taken_s


def note_done(job: Job) -> None:
    """In the transaction that ends the job: the chain says that the rehearsal is over."""
    trial = Meeting.objects.get(pk=job.inputs["meeting"])
    audit.record(job.by, "meetings.meeting.rehearsed", trial)
