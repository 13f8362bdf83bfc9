"""Composite index (综合指数): from a table of indicators to scores, ranks and their reasons.

The recipe is `build(frame, method)`; the rest asks what its answer is worth.
"""

from bihuan.engines.index.build import VERSION, Result, build
from bihuan.engines.index.faults import Fault, Unfit
from bihuan.engines.index.frame import Frame, Node, Tree, frame, tree
from bihuan.engines.index.method import Method, method

__all__ = [
    "VERSION",
    "Fault",
    "Frame",
    "Method",
    "Node",
    "Result",
    "Tree",
    "Unfit",
    "build",
    "frame",
    "method",
    "tree",
]
