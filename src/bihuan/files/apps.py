"""Tells Django that this room exists; its verbs are declared when the house starts."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "bihuan.files"
    label = "files"

    def ready(self) -> None:
        from bihuan.files import services  # noqa: F401 - declares acts and verbs
