"""A built network as one file (.npz): arrays as they are, words as JSON. Loads in a moment."""

import io
import json
import zipfile
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np

from bihuan.engines.routing.faults import unfit
from bihuan.engines.routing.network import Network, Section

FORMAT = 2
_WORDS = ("names", "sections", "attribution")


def to_bytes(network: Network) -> bytes:
    """The file of a network."""
    arrays = {
        one.name: getattr(network, one.name) for one in fields(network) if one.name not in _WORDS
    }
    words = {
        "format": FORMAT,
        "digest": network.digest,
        "names": network.names,
        "sections": [asdict(one) for one in network.sections],
        "attribution": network.attribution,
    }
    text = np.frombuffer(json.dumps(words, ensure_ascii=False).encode(), dtype=np.uint8)
    out = io.BytesIO()
    np.savez(out, words=text, **arrays)
    return out.getvalue()


def from_bytes(content: bytes) -> Network:
    """The network in a file; Unfit where it is another file, or broken, or of another version."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            words = json.loads(file["words"].tobytes())
            if words["format"] != FORMAT:
                raise unfit("roads_store_other", found=words["format"], known=FORMAT)
            arrays = {one.name: file[one.name] for one in fields(Network) if one.name not in _WORDS}
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        raise unfit("roads_store_broken") from None
    network = Network(
        **arrays,
        names=tuple(words["names"]),
        sections=tuple(Section(**{**one, "arcs": tuple(one["arcs"])}) for one in words["sections"]),
        attribution=words["attribution"],
    )
    if network.digest != words["digest"]:
        raise unfit("roads_store_broken")
    return network


def save(network: Network, path: Path) -> None:
    """Write the file whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(to_bytes(network))
    beside.replace(path)


def load(path: Path) -> Network:
    return from_bytes(path.read_bytes())
