"""The bridge to the schedule engine and to the files of project programs, by subject."""

from bihuan.engines.schedule.chance import VERSION
from bihuan.engines.schedule.faults import Unfit
from bihuan.projects.bridge.files import SENTENCES, FileTasks, file_tasks
from bihuan.projects.bridge.levelling import (
    SECONDS,
    Item,
    Workdays,
    clashes,
    crews,
    levelled,
    table,
)
from bihuan.projects.bridge.network import Critical, critical
from bihuan.projects.bridge.outlook import (
    Outlook,
    Past,
    final_spi_t,
    judged,
    outlook,
    reference,
)
from bihuan.projects.bridge.risk import Points, Promise, pieces, risk

__all__ = [
    "SECONDS",
    "SENTENCES",
    "VERSION",
    "Critical",
    "FileTasks",
    "Item",
    "Outlook",
    "Past",
    "Points",
    "Promise",
    "Unfit",
    "Workdays",
    "clashes",
    "crews",
    "critical",
    "file_tasks",
    "final_spi_t",
    "judged",
    "levelled",
    "outlook",
    "pieces",
    "reference",
    "risk",
    "table",
]
