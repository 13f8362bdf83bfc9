"""Sections as the standing of a promise needs them: driven one way, or both."""

from functools import lru_cache

from bihuan.engines.routing.network import Network

BOTH = 1.5  # arcs that long, in lengths of the street, are those of two directions


@lru_cache(maxsize=2)
def ways(network: Network) -> dict[str, int]:
    """Of each section, in how many directions it can be driven: 1 or 2."""
    found = {}
    for one in network.sections:
        driven = float(network.length_m[list(one.arcs)].sum())
        found[one.code] = 2 if driven >= BOTH * one.length_m else 1
    return found
