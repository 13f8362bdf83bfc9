"""Which zone this house runs: the one unit of kind 开发区 at the top of the register."""

from bihuan.base.text import SAMPLE_MARK
from bihuan.people import queries

root = queries.zone


def name() -> str:
    """The zone's name in the reader's language; empty before set-up."""
    zone = root()
    return zone.label() if zone else ""


def is_sample() -> bool:
    """Were units and accounts generated for a demonstration?"""
    zone = root()
    return zone is not None and zone.note.startswith(SAMPLE_MARK)
