"""Tells Django that this room exists; jobs and sources of papers are declared at the start."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "bihuan.site"
    label = "site"

    def ready(self) -> None:
        from bihuan.press.pages import voice
        from bihuan.site import chores, pages, papers, public_roads, things

        chores.declare()
        papers.declare()
        public_roads.declare()
        things.declare()
        voice.FURTHER.append(pages.raising)
