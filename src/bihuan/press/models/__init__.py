"""The nouns of this room: templates and papers, releases with their steps and figures."""

from bihuan.press.models.paper import Paper, Template
from bihuan.press.models.release import Figure, Release, ReleaseStep

__all__ = ["Figure", "Paper", "Release", "ReleaseStep", "Template"]
