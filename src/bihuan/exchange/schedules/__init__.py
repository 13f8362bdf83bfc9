"""Schedule files (进度计划): project files, workbooks of tracked projects, an office's own tables.

`read` gives a plan as it stands in the file; `counting` turns it into what the engine counts.
"""

from bihuan.exchange.schedules.plan import (
    Assignment,
    Plan,
    Progress,
    Relation,
    Reported,
    Resource,
    Risk,
    Task,
    Week,
)
from bihuan.exchange.schedules.reading import read
from bihuan.exchange.workbook.guard import Refusal

__all__ = [
    "Assignment",
    "Plan",
    "Progress",
    "Refusal",
    "Relation",
    "Reported",
    "Resource",
    "Risk",
    "Task",
    "Week",
    "read",
]
