"""What the count gave, unit by unit and item by item, as far as it may be told; composites.

The outcome comes from `ballots` and is never changed here. Three items stay three results.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from bihuan.ballots import rules as polls
from bihuan.base import clock
from bihuan.base.text import shorten
from bihuan.meetings import bridge, rules
from bihuan.meetings.models import Meeting, Reporter
from bihuan.meetings.queries import course
from bihuan.meetings.queries import meeting as meetings

BALLOT = bridge.BALLOT
Joined = bridge.Joined
FINEST = Fraction(1, 10)  # the finest step in which the rule of disclosure tells a score
TITLE = 60  # signs of a comment that stand in the title of a finding
JOINED = ""  # the item under which the engine tells all items together


@dataclass(frozen=True)
class Row:
    """One unit in one item, as far as it may be told (engines.tally.disclosure).

    level: "cells" (every category), "score" (rounded score alone), "range" (only within which
    limits), "none". low and high are the limits of the score, equal where it is exact.
    """

    unit: str
    item: str
    level: str
    reason: str
    cells: Mapping[str, Mapping[str, int]]
    counts: Mapping[str, int]
    low: Fraction | None
    high: Fraction | None
    bands: tuple[str, ...]
    rank: int | None
    rank_last: int | None

    @property
    def score(self) -> Fraction | None:
        """The one number for this row: exact, or the middle of what may be told; None for none."""
        return rules.middle(self.low, self.high)

    @property
    def band(self) -> str:
        """The band, where only one is possible."""
        return self.bands[0] if len(self.bands) == 1 else ""


def is_counted(meeting: Meeting) -> bool:
    return meeting.poll is not None and polls.reached(meeting.poll.phase, "counted")


def rows(meeting: Meeting) -> list[Row]:
    """Every row of the result as it may be told; none before the count."""
    if not is_counted(meeting) or meeting.poll is None or meeting.poll.open is None:
        return []
    return [_row(row) for row in meeting.poll.open["told"]]


def _row(row: Mapping[str, Any]) -> Row:
    return Row(
        unit=row["subject"],
        item=row["item"],
        level=row["level"],
        reason=row["reason"],
        cells=row["cells"] or {},
        counts=row["counts"] or {},
        low=_fraction(row["low"]),
        high=_fraction(row["high"]),
        bands=tuple(row["bands"]),
        rank=row["rank"],
        rank_last=row["rank_last"],
    )


def score_told(row: Row, places: int) -> str:
    """The score as it is printed: exact or rounded; its limits where only they may be told."""
    return between(row.low, row.high, places)


def between(low: Fraction | None, high: Fraction | None, places: int) -> str:
    """One number where its limits are the same on paper, or lie around it by rounding alone;
    else both limits: a number in the middle would claim to be known better than it is."""
    if low is None or high is None:
        return ""
    if high - low <= FINEST:
        return rules.points((low + high) / 2, places)
    return f"{rules.points(low, places)}–{rules.points(high, places)}"


def _fraction(text: Any) -> Fraction | None:
    return None if text is None else Fraction(text)


def flows(meeting: Meeting) -> dict[str, Mapping[str, Any]]:
    """Category → where every right went: due, present, issued, cast, void, not cast."""
    if not is_counted(meeting) or meeting.poll is None or meeting.poll.open is None:
        return {}
    told = meeting.poll.open["reconciliation"]["flows"]
    return {
        row["code"]: told[row["code"]]
        for row in meetings.document(meeting)["categories"]
        if row["code"] in told
    }


def items_of(meeting: Meeting, reporter: Reporter) -> dict[str, Row]:
    """The rows of one unit by item, each item for itself."""
    code = reporter.unit.code
    return {row.item: row for row in rows(meeting) if row.unit == code and row.item != JOINED}


def composites(meeting: Meeting) -> dict[int, bridge.Joined]:
    """The computed composite of every rated reporter, by its key; none before the count."""
    told = rows(meeting)
    if not told:
        return {}
    ballot = {row.unit: (row.low, row.high) for row in told if row.item == JOINED}
    entered: dict[str, dict[str, Fraction]] = {}
    reporters = {one.pk: one for one in meetings.reporters(meeting) if one.rated}
    for (pk, part), row in course.parts_entered(meeting).items():
        if pk in reporters:
            code = reporters[pk].unit.code
            entered.setdefault(part, {})[code] = Fraction(row.value)
    by_unit = bridge.joined(meetings.document(meeting), ballot, entered)
    return {pk: by_unit[one.unit.code] for pk, one in reporters.items()}


def composite_of(meeting: Meeting, reporter: Reporter) -> bridge.Joined:
    """The computed composite of one reporter."""
    nothing = bridge.Joined(None, None, (), (BALLOT,))
    return composites(meeting).get(reporter.pk, nothing)


def remarks(meeting: Meeting, reporter: Reporter) -> tuple[str, ...]:
    """What raters wrote about this unit, in no order that could tell whose; none of a few."""
    if not is_counted(meeting) or meeting.poll is None or meeting.poll.full is None:
        return ()
    columns = meeting.poll.full["full_columns"]
    if sum(columns["accepted"].values()) < int(meeting.poll.plan["min_cell"]):
        return ()
    return tuple(columns["remarks"].get(reporter.unit.code, ()))


# Concerns ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Concern:
    """A thing that can go to the ledger with one click."""

    kind: str
    key: str
    title: str
    description: str


def concerns(meeting: Meeting, reporter: Reporter) -> list[Concern]:
    """What the meeting showed of one unit: the comment, low items, a low grade, remarks."""
    found = []
    unit, title = reporter.unit.name, meeting.title
    if reporter.comment:
        told = _("%(title)s上，%(by)s点评：%(text)s") % {
            "title": title,
            "by": reporter.comment_by,
            "text": reporter.comment,
        }
        name = _("%(unit)s：%(text)s") % {"unit": unit, "text": shorten(reporter.comment, TITLE)}
        found.append(Concern("comment", "", name, told))
    document = meetings.document(meeting)
    low = _lower_half(document["grades"])
    names = {row["code"]: row["name"] for row in document["items"]}
    grades = {row["code"]: row["name"] for row in document["grades"]}
    for code, row in items_of(meeting, reporter).items():
        if row.band and row.band in low:
            params = {"unit": unit, "item": names[code], "grade": grades[row.band]}
            found.append(
                Concern(
                    "item",
                    code,
                    _("%(unit)s“%(item)s”测评为“%(grade)s”") % params,
                    _("%(title)s现场测评。") % {"title": title},
                )
            )
    decision = course.decision(reporter)
    if decision is not None and decision.grade in low:
        params = {"unit": unit, "grade": grades[decision.grade]}
        found.append(
            Concern(
                "grade",
                "",
                _("%(unit)s述职评议综合评价为“%(grade)s”") % params,
                _("%(basis)s确定。") % {"basis": decision.basis},
            )
        )
    for number, text in enumerate(remarks(meeting, reporter), start=1):
        found.append(
            Concern(
                "remark",
                str(number),
                _("%(unit)s：%(text)s") % {"unit": unit, "text": shorten(text, TITLE)},
                _("%(title)s测评票上的意见：%(text)s") % {"title": title, "text": text},
            )
        )
    return found


def _lower_half(grades: Sequence[Mapping[str, Any]]) -> set[str]:
    """Codes of the grades in the lower half of the scale: of four, the last two."""
    return {row["code"] for row in grades[(len(grades) + 1) // 2 :]}


# Letters ----------------------------------------------------------------------------------------


def letter(meeting: Meeting, reporter: Reporter) -> dict[str, Any]:
    """反馈函的内容：各项得分和等次、综合评价等次、点评、存在问题、整改要求；不写名次。"""
    document = meetings.document(meeting)
    names = {row["code"]: row["name"] for row in document["items"]}
    grades = {row["code"]: row["name"] for row in document["grades"]}
    decision = course.decision(reporter)
    places = int(document["decimals"])
    raised = course.issues(meeting)
    return {
        "number": f"〔{meeting.year}〕{reporter.number}号",
        "to": reporter.unit.name,
        "meeting": document["title"],
        "held_on": document["held_on"],
        "items": [
            {
                "item": names[code],
                "points": score_told(row, places),
                "band": grades.get(row.band, ""),
            }
            for code, row in items_of(meeting, reporter).items()
        ],
        "composite": grades[decision.grade] if decision else "",
        "comments": [reporter.comment] if reporter.comment else [],
        "comment_by": reporter.comment_by,
        "skipped": reporter.skipped,
        "problems": [
            finding.title for (pk, _kind, _key), finding in raised.items() if pk == reporter.pk
        ],
        "rectify": any(use.kind == "rectify" for use in reporter.uses.all()),
        "plan_due": (clock.today() + timedelta(days=int(document["plan_days"]))).isoformat(),
        "issued_on": clock.today().isoformat(),
    }
