"""What the templates of this room may show: frozen dataclasses built from questions."""

from bihuan.press.pages import papers, public, releases, voice

__all__ = ["papers", "public", "releases", "voice"]
