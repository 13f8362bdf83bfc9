"""Tells Django that this room exists; its verbs are declared when the house starts."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "bihuan.people"
    label = "people"

    def ready(self) -> None:
        from bihuan.people import services  # noqa: F401 - declares acts and verbs
