"""Tells Django that this room exists; its verbs are declared when the house starts."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "bihuan.jobs"
    label = "jobs"

    def ready(self) -> None:
        from bihuan.jobs import services  # noqa: F401 - declares acts and verbs
