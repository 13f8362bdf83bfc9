"""Tells Django that this room exists; its verbs and jobs are declared when the house starts."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "bihuan.projects"
    label = "projects"

    def ready(self) -> None:
        from bihuan.projects import (
            services,  # noqa: F401 - declares acts and verbs
            tasks,
        )

        tasks.declare()
