"""Tells Django that this room exists; its verbs are declared when the house starts."""

from django.apps import AppConfig


class DaysConfig(AppConfig):
    name = "bihuan.days"
    label = "days"

    def ready(self) -> None:
        from bihuan.days import services  # noqa: F401 - declares acts and verbs
