"""Tells Django that this room exists; its verbs are declared when the house starts."""

from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "bihuan.press"
    label = "press"

    def ready(self) -> None:
        from bihuan.press import services  # noqa: F401 - declares acts and verbs
