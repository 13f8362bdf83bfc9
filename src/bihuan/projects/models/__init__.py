"""The nouns of this room, by subject."""

from bihuan.projects.models.card import (
    BatchTag,
    Issue,
    KeyListing,
    Project,
    StageStep,
    YearPlan,
)
from bihuan.projects.models.estimates import Estimate
from bihuan.projects.models.execution import Blockage, BlockageMove, Filing, LogEntry, Weekly
from bihuan.projects.models.library import RuleTable, StepRule
from bihuan.projects.models.plans import PlanTask, SchedulePlan
from bihuan.projects.models.work import WorkRenewal, WorkStep, WorkStop

__all__ = [
    "BatchTag",
    "Blockage",
    "BlockageMove",
    "Estimate",
    "Filing",
    "Issue",
    "KeyListing",
    "LogEntry",
    "PlanTask",
    "Project",
    "RuleTable",
    "SchedulePlan",
    "StageStep",
    "StepRule",
    "Weekly",
    "WorkRenewal",
    "WorkStep",
    "WorkStop",
    "YearPlan",
]
