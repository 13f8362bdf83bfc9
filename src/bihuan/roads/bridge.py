"""To the routing engine and its files: a network from what was brought, its sections as rows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bihuan.base import roads_words
from bihuan.engines.routing.build import build
from bihuan.engines.routing.faults import Unfit
from bihuan.engines.routing.network import Network
from bihuan.exchange.roads import geojson, mapping, reading, schematic, store

SENTENCES = roads_words.SENTENCES
__all__ = ["SENTENCES", "Network", "Row", "Unfit", "packed", "read", "rows", "sample", "unpacked"]


@dataclass(frozen=True)
class Row:
    """一个路段，连同它的形状。"""

    code: str
    name: str
    street: str
    kind: str
    length_m: float
    icing: bool
    geometry: str


def read(path: Path) -> Network:
    """A network from a file of any kind that is known; Unfit with every fault."""
    if path.suffix.lower() == ".npz":
        return store.load(path)
    rules = mapping.default()
    return build(reading.read(path, rules), rules).network


def rows(network: Network) -> Iterator[Row]:
    """The sections of a network with their shapes."""
    for one in network.sections:
        told = geojson.shape(network, one)
        yield Row(
            one.code, one.name, one.street, one.kind, one.length_m, one.icing,
            json.dumps(told, ensure_ascii=False, separators=(",", ":")),
        )  # fmt: skip


def packed(network: Network) -> bytes:
    return store.to_bytes(network)


@lru_cache(maxsize=2)
def unpacked(content: bytes) -> Network:
    return store.from_bytes(content)


def sample() -> schematic.Schematic:
    """The schematic streets of the sample zone."""
    return schematic.sample()
