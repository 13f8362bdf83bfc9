"""Tells Django that this room exists; its jobs are declared when the house starts."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "bihuan.site"
    label = "site"

    def ready(self) -> None:
        from bihuan.site import chores

        chores.declare()
