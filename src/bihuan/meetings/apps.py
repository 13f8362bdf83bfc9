"""Tells Django that this room exists; its verbs are declared when the house starts."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "bihuan.meetings"
    label = "meetings"

    def ready(self) -> None:
        from bihuan.meetings import (
            services,  # noqa: F401 - declares acts and verbs
            tasks,
        )

        tasks.declare()
