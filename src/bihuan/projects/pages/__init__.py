"""What the templates of this room may show: frozen dataclasses built from questions."""

from bihuan.projects.pages import (
    acts,
    boards,
    estimates,
    library,
    plans,
    portfolio,
    progress,
    project,
    work,
)

__all__ = [
    "acts",
    "boards",
    "estimates",
    "library",
    "plans",
    "portfolio",
    "progress",
    "project",
    "work",
]
