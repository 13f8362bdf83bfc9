"""What the ledger's pages show, by subject."""

from bihuan.ledger.pages.detail import detail
from bihuan.ledger.pages.listing import index, lamp_tag, raising, state_tag, table
from bihuan.ledger.pages.words import number

__all__ = ["detail", "index", "lamp_tag", "number", "raising", "state_tag", "table"]
