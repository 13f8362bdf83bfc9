"""The offline command line (离线命令): engines on files. No database, no web framework."""

from bihuan.cli.offline.commands import index, run

__all__ = ["index", "run"]
