"""The nouns of this room, by phase of the meeting."""

from bihuan.reviews.models.after import LowerMeeting, Problem, Writing
from bihuan.reviews.models.before import (
    DueTalk,
    Opinion,
    Talk,
)
from bihuan.reviews.models.library import Setting, StepTemplate
from bihuan.reviews.models.meeting import Guest, Review, Seat, Step, StepDocument
from bihuan.reviews.models.papers import Draft, Paper, PaperReview, PaperVersion
from bihuan.reviews.models.sitting import AgendaItem, Criticism, Judgement

__all__ = [
    "AgendaItem",
    "Criticism",
    "Draft",
    "DueTalk",
    "Guest",
    "Judgement",
    "LowerMeeting",
    "Opinion",
    "Paper",
    "PaperReview",
    "PaperVersion",
    "Problem",
    "Review",
    "Seat",
    "Setting",
    "Step",
    "StepDocument",
    "StepTemplate",
    "Talk",
    "Writing",
]
