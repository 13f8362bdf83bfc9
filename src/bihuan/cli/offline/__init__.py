"""The offline command line (离线命令): engines on files. No database, no web framework."""

from collections.abc import Sequence
from importlib import import_module

# The first word of a command → where its click group of the same name lives. Imported when asked:
# whoever verifies a bundle does not wait for the index's numerics.
GROUPS = {
    "index": "bihuan.cli.offline.commands",
    "roads": "bihuan.cli.offline.roads",
    "routes": "bihuan.cli.offline.routes",
    "schedule": "bihuan.cli.offline.schedule",
    "snow": "bihuan.cli.offline.snow",
    "tally": "bihuan.cli.offline.tally",
    "meeting": "bihuan.cli.offline.station",
}


def run(given: Sequence[str], name: str = "index") -> int:
    """What follows `bihuan NAME`, from start to exit status, without waking anything else."""
    door = import_module("bihuan.cli.offline.door")
    group = getattr(import_module(GROUPS[name]), name)
    status: int = door.run(group, given, f"bihuan {name}")
    return status
