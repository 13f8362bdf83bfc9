"""Levelling (资源均衡): schedules under limited resources, with a lower bound beside each."""

from bihuan.engines.schedule.levelling.problem import Activity, Link, Problem, problem
from bihuan.engines.schedule.levelling.psplib import psplib
from bihuan.engines.schedule.levelling.result import VERSION, Progress, Result, Stop
from bihuan.engines.schedule.levelling.solve import solve
from bihuan.engines.schedule.levelling.table import from_table

__all__ = [
    "VERSION",
    "Activity",
    "Link",
    "Problem",
    "Progress",
    "Result",
    "Stop",
    "from_table",
    "problem",
    "psplib",
    "solve",
]
