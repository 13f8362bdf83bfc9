"""How far a round has come: each step done, waived or missing; reports, grades, findings."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from bihuan.ballots import rules as polls
from bihuan.base import clock
from bihuan.ledger import queries as ledger
from bihuan.ledger import rules as ledger_rules
from bihuan.ledger.models import Finding
from bihuan.meetings import rules
from bihuan.meetings.models import (
    Decision,
    Issue,
    Meeting,
    Part,
    Report,
    Reporter,
    Use,
    Waiver,
)
from bihuan.meetings.queries import access
from bihuan.meetings.queries import meeting as meetings
from bihuan.people.models import Post

# Reports ----------------------------------------------------------------------------------------


def latest_reports(reporters: Iterable[Reporter]) -> dict[int, Report]:
    """The newest report of each reporter, by the reporter's key."""
    newest = (
        Report.objects.filter(reporter=OuterRef("reporter")).order_by("-number").values("pk")[:1]
    )
    found = Report.objects.filter(
        reporter__in=[one.pk for one in reporters], pk=Subquery(newest)
    ).select_related("version", "by__person", "by__unit", "reporter__unit")
    return {report.reporter_id: report for report in found}


def last_year(reporter: Reporter, by: Post | None = None) -> list[Finding]:
    """上年整改：the findings that last year's round raised for this unit, oldest first.

    With `by`, only those that this post may see in the ledger.
    """
    before = meetings.previous(reporter.meeting)
    if before is None:
        return []
    found = findings_of(before, by).filter(lead_unit=reporter.unit)
    return list(found.order_by("number"))


def findings_of(meeting: Meeting, by: Post | None = None) -> QuerySet[Finding]:
    """Every finding that one round raised."""
    keys = [str(pk) for pk in meeting.issues.values_list("pk", flat=True)]
    found = Finding.objects.select_related("lead_unit") if by is None else ledger.visible_to(by)
    label = Issue._meta.label_lower
    return found.filter(origin_type=label, origin_id__in=keys).exclude(state="void")


@dataclass(frozen=True)
class Review:
    """年度回顾：a unit's findings by where they stand, and last year's decided grade."""

    open: int
    closed: int
    grade: Decision | None


def review(reporter: Reporter, by: Post) -> Review:
    """How the unit stands today in the ledger, and how it was graded the year before.

    The grade only for those who may read the unit's own letter.
    """
    states = ledger.visible_to(by).filter(lead_unit=reporter.unit).values_list("state", flat=True)
    counted = Counter(states)
    closed = counted["closed"]
    still = sum(counted[state] for state in ledger_rules.OPEN)
    before = meetings.previous(reporter.meeting)
    earlier = before.reporters.filter(unit=reporter.unit).first() if before else None
    seen = earlier is not None and access.may_read_letter(by, reporter)
    return Review(still, closed, decision(earlier) if seen and earlier else None)


# The run-sheet ----------------------------------------------------------------------------------


def waiting_on_stage(meeting: Meeting) -> list[Reporter]:
    """Who reports on site and has neither spoken nor been passed over with a reason."""
    found = meetings.reporters(meeting).filter(mode="onsite", ended__isnull=True, skipped="")
    return list(found)


# Grades -----------------------------------------------------------------------------------------


def parts_entered(meeting: Meeting) -> dict[tuple[int, str], Part]:
    """The newest value of each part: (reporter key, part code) → row."""
    newest = (
        Part.objects.filter(reporter=OuterRef("reporter"), code=OuterRef("code"))
        .order_by("-version")
        .values("pk")[:1]
    )
    found = Part.objects.filter(reporter__meeting=meeting, pk=Subquery(newest))
    return {(row.reporter_id, row.code): row for row in found.select_related("by__person")}


def part_values(
    reporter: Reporter, entered: dict[tuple[int, str], Part]
) -> dict[str, Fraction | None]:
    """The entered parts of one reporter as exact numbers; the ballot is no entered part."""
    return {code: Fraction(row.value) for (pk, code), row in entered.items() if pk == reporter.pk}


def decision(reporter: Reporter) -> Decision | None:
    """The grade that holds."""
    return reporter.decisions.order_by("-version").first()


def decisions(meeting: Meeting) -> dict[int, Decision]:
    """The grade that holds for each reporter, by the reporter's key."""
    newest = (
        Decision.objects.filter(reporter=OuterRef("reporter")).order_by("-version").values("pk")[:1]
    )
    found = Decision.objects.filter(reporter__meeting=meeting, pk=Subquery(newest))
    return {row.reporter_id: row for row in found}


# Findings ---------------------------------------------------------------------------------------


def issue(meeting: Meeting, reporter: Reporter | None, kind: str, key: str) -> Issue | None:
    """What this thing was called when it was raised; None if it never was."""
    return Issue.objects.filter(meeting=meeting, reporter=reporter, kind=kind, key=key).first()


def issues(meeting: Meeting) -> dict[tuple[int | None, str, str], Finding]:
    """What was raised: (reporter key, kind, key) → its finding."""
    rows = list(meeting.issues.all())
    found = ledger.of_origins(rows)
    return {
        (row.reporter_id, row.kind, row.key): found[str(row.pk)]
        for row in rows
        if str(row.pk) in found
    }


# Steps ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """One step: taken, or what is missing, or why it was left out."""

    step: str
    done: bool
    missing: str = ""
    waiver: Waiver | None = None

    @property
    def settled(self) -> bool:
        return self.done or self.waiver is not None


def first_missing(checks: Sequence[Check]) -> Check | None:
    """The first step that is neither taken nor left out with a reason."""
    return next((check for check in checks if not check.settled), None)


def checks(meeting: Meeting) -> list[Check]:
    """Every step of the round, in order, with what is missing in it."""
    waived = {row.step: row for row in meeting.waivers.select_related("by__person", "by__unit")}
    reporters = list(meetings.reporters(meeting))
    found = _missing(meeting, reporters)
    return [
        Check(step, not found[step], found[step], None if not found[step] else waived.get(step))
        for step in rules.STEPS
    ]


def _missing(meeting: Meeting, reporters: list[Reporter]) -> dict[str, str]:
    """Step → what is missing in it; empty where it is done."""
    reports = latest_reports(reporters)
    decided = decisions(meeting)
    rated = [one for one in reporters if one.rated]
    phase = meeting.poll.phase if meeting.poll else "draft"
    uses = Use.objects.filter(reporter__meeting=meeting, done_on__isnull=True)
    return {
        "plan": "" if reporters else _("方案还没有批准。"),
        "reports": _lacking([one for one in reporters if one.pk not in reports]),
        "last_year": ""
        if meeting.recalled or (reporters and meetings.previous(meeting) is None)
        else _("还没有在会上通报。"),
        "roll": "" if polls.reached(phase, "frozen") else _("票箱还没有设好。"),
        "reporting": _lacking(waiting_on_stage(meeting)),
        "comments": _lacking([one for one in reporters if not (one.comment or one.skipped)]),
        "ballot": "" if polls.reached(phase, "counted") else _("还没有计票。"),
        "speech": "" if meeting.speech else _("还没有记录讲话。"),
        "decision": _lacking([one for one in rated if one.pk not in decided])
        if reporters
        else _("还没有确定。"),
        "letters": "" if rules.reached(meeting.state, "issued") else _("还没有反馈。"),
        "uses": _many(uses.count(), rules.reached(meeting.state, "issued")),
        "ledger": _unraised(meeting, reporters),
        "scores": "" if meeting.scored else _("还没有登记。"),
        "box": "" if polls.reached(phase, "done") else _not_put_away(meeting, phase),
    }


def check_until(meeting: Meeting) -> date:
    """The last day on which the ballots may be recounted; afterwards they are put away."""
    document = meetings.document(meeting)
    return date.fromisoformat(document["held_on"]) + timedelta(days=int(document["check_days"]))


def _not_put_away(meeting: Meeting, phase: str) -> str:
    if not polls.reached(phase, "counted"):
        return _("还没有计票。")
    until = clock.in_words(check_until(meeting))
    return _("核对期到 %(day)s；过后请主持人封存票箱。") % {"day": until}


def _lacking(reporters: Sequence[Reporter]) -> str:
    if not reporters:
        return ""
    names = _("、").join(one.unit.label() for one in reporters)
    return _("还差：%(units)s。") % {"units": names}


def _many(open_uses: int, begun: bool) -> str:
    if not begun:
        return _("还没有到这一步。")
    return _("还有 %(n)d 件没有办结。") % {"n": open_uses} if open_uses else ""


def _unraised(meeting: Meeting, reporters: Sequence[Reporter]) -> str:
    """Requirements without a task, and units that must rectify without a finding."""
    if not rules.reached(meeting.state, "issued"):
        return _("还没有到这一步。")
    raised = issues(meeting)
    assigned = {key for key, finding in raised.items() if finding.state != "draft"}
    loose = [
        row.number
        for row in meeting.requirements.filter(general=False)
        if (None, "requirement", str(row.number)) not in assigned
    ]
    told = []
    if loose:
        told.append(
            _("会议要求第 %(numbers)s 条还没有交办。")
            % {"numbers": _("、").join(str(number) for number in loose)}
        )
    with_finding = {key[0] for key in assigned}
    must = set(
        Use.objects.filter(reporter__meeting=meeting, kind="rectify").values_list(
            "reporter", flat=True
        )
    )
    units = [one for one in reporters if one.pk in must - with_finding]
    if units:
        names = _("、").join(one.unit.label() for one in units)
        told.append(_("须限期整改而台账里没有交办的问题：%(units)s。") % {"units": names})
    return "".join(told)
