"""Tells Django that this room exists; its verbs are declared when the house starts."""

from django.apps import AppConfig


class WinterConfig(AppConfig):
    name = "bihuan.winter"
    label = "winter"

    def ready(self) -> None:
        from bihuan.winter import services  # noqa: F401 - declares acts and verbs
