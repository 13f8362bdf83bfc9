"""What the pages of this room show, by subject."""

from bihuan.assessment.pages import (
    auditing,
    entrant,
    entrants,
    exporting,
    goals,
    moves,
    nodes,
    points,
    report,
    results,
    rounds,
    schemes,
    sensitivity,
    trying,
)

__all__ = [
    "auditing",
    "entrant",
    "entrants",
    "exporting",
    "goals",
    "moves",
    "nodes",
    "points",
    "report",
    "results",
    "rounds",
    "schemes",
    "sensitivity",
    "trying",
]
