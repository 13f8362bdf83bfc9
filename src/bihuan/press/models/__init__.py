"""The nouns of this room: templates, papers, releases with steps and figures, opinions."""

from bihuan.press.models.paper import Paper, Template
from bihuan.press.models.release import Figure, Release, ReleaseStep
from bihuan.press.models.voice import Opinion, Visit

__all__ = ["Figure", "Opinion", "Paper", "Release", "ReleaseStep", "Template", "Visit"]
