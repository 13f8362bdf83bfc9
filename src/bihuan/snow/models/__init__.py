"""The nouns of this room, by subject."""

from bihuan.snow.models.field import HandTask, TeamReport
from bihuan.snow.models.inspection import Inspection, Remark, Stop
from bihuan.snow.models.orders import DepartmentOrder
from bihuan.snow.models.plan import Plan, WhatIf
from bihuan.snow.models.publication import Publication
from bihuan.snow.models.review import Lesson, Replay, Review
from bihuan.snow.models.situation import Correction, SituationReport
from bihuan.snow.models.state import SectionState
from bihuan.snow.models.storm import LevelChange, RelayedWarning, Storm
from bihuan.snow.models.tables import EventTable

__all__ = [
    "Correction",
    "DepartmentOrder",
    "EventTable",
    "HandTask",
    "Inspection",
    "Lesson",
    "LevelChange",
    "Plan",
    "Publication",
    "RelayedWarning",
    "Remark",
    "Replay",
    "Review",
    "SectionState",
    "SituationReport",
    "Stop",
    "Storm",
    "TeamReport",
    "WhatIf",
]
