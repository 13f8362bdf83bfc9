"""Tells Django that this room exists; its verbs and jobs are declared when the house starts."""

from django.apps import AppConfig


class SnowConfig(AppConfig):
    name = "bihuan.snow"
    label = "snow"

    def ready(self) -> None:
        from bihuan.snow import (
            services,  # noqa: F401 - declares acts and verbs
            tasks,
        )

        tasks.declare()
