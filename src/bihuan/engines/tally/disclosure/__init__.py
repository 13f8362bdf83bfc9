"""Disclosure (披露): what of a result may be told, and a separate judge of what is told."""

from bihuan.engines.tally.disclosure.derivable import Leak, derivable
from bihuan.engines.tally.disclosure.telling import Told, placed, remarks, tell

__all__ = ["Leak", "Told", "derivable", "placed", "remarks", "tell"]
