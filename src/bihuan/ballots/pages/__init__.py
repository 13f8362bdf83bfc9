"""What the pages of a vote may show: those of the hall, and those of the desk."""

from bihuan.ballots.pages import desk, once, papers, roll
from bihuan.ballots.pages.doors import (
    bundle,
    bundle_name,
    check,
    for_a_second,
    paper,
    rate,
    receipt,
    screen,
    sheet,
    state,
    verifier,
)

__all__ = [
    "bundle",
    "bundle_name",
    "check",
    "desk",
    "for_a_second",
    "once",
    "paper",
    "papers",
    "rate",
    "receipt",
    "roll",
    "screen",
    "sheet",
    "state",
    "verifier",
]
