"""Tells Django that this room exists; its verbs and jobs are declared when the house starts."""

from django.apps import AppConfig


class DesignsConfig(AppConfig):
    name = "bihuan.designs"
    label = "designs"

    def ready(self) -> None:
        from bihuan.designs import services, tasks  # noqa: F401 - services declares acts and verbs

        tasks.declare()
