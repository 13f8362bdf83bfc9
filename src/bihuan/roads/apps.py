"""Tells Django that this room exists; its verbs are declared when the house starts."""

from django.apps import AppConfig


class RoadsConfig(AppConfig):
    name = "bihuan.roads"
    label = "roads"

    def ready(self) -> None:
        from bihuan.roads import services  # noqa: F401 - declares acts and verbs
