"""Tells Django that this room exists; its verbs are declared when the house starts."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "bihuan.facts"
    label = "facts"

    def ready(self) -> None:
        from bihuan.facts import services  # noqa: F401 - declares acts and verbs
