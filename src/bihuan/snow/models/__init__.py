"""The nouns of this room, by subject."""

from bihuan.snow.models.field import HandTask, TeamReport
from bihuan.snow.models.state import SectionState

__all__ = [
    "HandTask",
    "SectionState",
    "TeamReport",
]
