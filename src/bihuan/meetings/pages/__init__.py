"""What the templates of this room may show, by subject."""

from bihuan.meetings.models import Meeting
from bihuan.meetings.pages import (
    following,
    grading,
    hall,
    listing,
    meeting,
    papers,
    plan,
    printing,
    rehearsal,
    reporter,
    results,
)
from bihuan.meetings.pages.words import address


def plan_of(found: Meeting) -> str:
    """Where the plan of a round is read."""
    return address(found, "plan")


__all__ = [
    "address",
    "following",
    "grading",
    "hall",
    "listing",
    "meeting",
    "papers",
    "plan",
    "plan_of",
    "printing",
    "rehearsal",
    "reporter",
    "results",
]
