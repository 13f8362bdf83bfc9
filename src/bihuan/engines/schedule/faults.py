"""What is wrong with a network, a calendar or tracking: the engines' one shape of a fault."""

from bihuan.engines.faults import Fault, Unfit, refuse, unfit

__all__ = ["Fault", "Unfit", "refuse", "unfit"]
