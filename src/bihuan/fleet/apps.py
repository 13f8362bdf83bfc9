"""Tells Django that this room exists; its verbs and jobs are declared when the house starts."""

from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "bihuan.fleet"
    label = "fleet"

    def ready(self) -> None:
        from bihuan.fleet import (
            services,  # noqa: F401 - declares acts and verbs
            tasks,
        )

        tasks.declare()
