"""Tells Django that this room exists; its verbs are declared when the house starts."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "bihuan.reviews"
    label = "reviews"

    def ready(self) -> None:
        from bihuan.reviews import services  # noqa: F401 - declares acts and verbs
