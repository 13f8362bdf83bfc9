"""What the pages of this room show, by subject."""

from bihuan.assessment.pages import (
    auditing,
    entrant,
    moves,
    report,
    results,
    rounds,
    schemes,
    trying,
)

__all__ = ["auditing", "entrant", "moves", "report", "results", "rounds", "schemes", "trying"]
