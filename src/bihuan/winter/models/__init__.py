"""The nouns of this room: what has to be there before the first snow."""

from bihuan.winter.models.crews import Strength, Team, ToolStock
from bihuan.winter.models.drills import Drill
from bihuan.winter.models.fronts import Front, FrontCheck
from bihuan.winter.models.roster import Duty
from bihuan.winter.models.season import Contract, Season, SeasonTable
from bihuan.winter.models.stock import Movement, Store

__all__ = [
    "Contract",
    "Drill",
    "Duty",
    "Front",
    "FrontCheck",
    "Movement",
    "Season",
    "SeasonTable",
    "Store",
    "Strength",
    "Team",
    "ToolStock",
]
