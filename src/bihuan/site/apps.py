"""Tells Django that this room exists; jobs and sources of papers are declared at the start."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "bihuan.site"
    label = "site"

    def ready(self) -> None:
        from bihuan.site import chores, papers, public_roads

        chores.declare()
        papers.declare()
        public_roads.declare()
