"""Tells Django that this room exists; its verbs and its job are declared when the house starts."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "bihuan.assessment"
    label = "assessment"

    def ready(self) -> None:
        from bihuan.assessment import (
            services,  # noqa: F401 - declares acts and verbs
            tasks,
        )

        tasks.declare()
