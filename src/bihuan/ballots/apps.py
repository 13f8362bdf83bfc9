"""Tells Django that this room exists; its verbs are declared when the house starts."""

from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "bihuan.ballots"
    label = "ballots"
