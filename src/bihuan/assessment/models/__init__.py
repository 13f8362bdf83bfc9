"""Schemes, rounds, what was declared, runs and their scores: nouns and constraints."""

from bihuan.assessment.models.rounds import Cell, PeerCell, PeerLoad, Point, Round
from bihuan.assessment.models.runs import Issue, Run, Score, Sensitivity
from bihuan.assessment.models.schemes import Entrant, Node, PointRule, Scheme

__all__ = [
    "Cell",
    "Entrant",
    "Issue",
    "Node",
    "PeerCell",
    "PeerLoad",
    "Point",
    "PointRule",
    "Round",
    "Run",
    "Scheme",
    "Score",
    "Sensitivity",
]
