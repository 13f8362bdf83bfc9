"""Tells Django that this room exists; its verbs are declared when the house starts."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "bihuan.ledger"
    label = "ledger"

    def ready(self) -> None:
        from bihuan.ledger import services  # noqa: F401 - declares acts and verbs
