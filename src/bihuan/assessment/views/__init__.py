"""Parse, call one verb or one question, render one page; by subject."""

from bihuan.assessment.views import entrants, rounds, runs, schemes

__all__ = ["entrants", "rounds", "runs", "schemes"]
