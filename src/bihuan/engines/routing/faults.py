"""What is wrong with a network, a demand or a plan: the engines' one shape of a fault."""

from bihuan.engines.faults import Fault, Unfit, refuse, unfit

__all__ = ["Fault", "Unfit", "refuse", "unfit"]
