"""What is wrong with a plan, a ballot, a share or a bundle: the engines' one shape of a fault."""

from bihuan.engines.faults import Fault, Unfit, refuse, unfit

__all__ = ["Fault", "Unfit", "refuse", "unfit"]
