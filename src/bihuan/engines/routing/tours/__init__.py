"""Tours (作业线路): who does which task, in which order and direction, loading where."""

from bihuan.engines.routing.tours.problem import Fleet, Matrices, Problem, Stops, Work
from bihuan.engines.routing.tours.search import Found, Limits, solve

__all__ = ["Fleet", "Found", "Limits", "Matrices", "Problem", "Stops", "Work", "solve"]
