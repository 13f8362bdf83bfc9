"""The zip around a BCF file: opened with limits, every name judged, nothing written to disk."""

import re
import struct
import zipfile
import zlib
from typing import BinaryIO

from bihuan.exchange.bcf import rows
from bihuan.exchange.bcf.rows import Unreadable

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, NotImplementedError,
           RuntimeError, ValueError)  # fmt: skip
_DRIVE = re.compile(r"^[A-Za-z]:")
_LOCKED = 0x1


class Package:
    """Names and bytes of the entries. Names are compared without case, as on most systems."""

    def __init__(self, stream: BinaryIO) -> None:
        stream.seek(0, 2)
        if stream.tell() > rows.LARGEST_FILE:
            raise Unreadable("too_large", most=rows.LARGEST_FILE // 1024**2)
        stream.seek(0)
        try:
            self._zip = zipfile.ZipFile(stream)
        except _BROKEN as fault:
            raise Unreadable("no_zip") from fault
        self._entries: dict[str, zipfile.ZipInfo] = {}
        whole = 0
        infos = self._zip.infolist()
        if len(infos) > rows.MOST_ENTRIES:
            raise Unreadable("too_many_entries", most=rows.MOST_ENTRIES)
        for info in infos:
            if _leads_out(info.filename):
                raise Unreadable("path", name=info.filename[:80])
            if info.flag_bits & _LOCKED:
                raise Unreadable("password")
            if info.is_dir():
                continue
            whole += info.file_size
            key = info.filename.casefold()
            if key in self._entries:
                raise Unreadable("twice", name=info.filename[:80])
            self._entries[key] = info
        if whole > rows.LARGEST_WHOLE:
            raise Unreadable("bomb")

    def names(self) -> list[str]:
        """Every entry, as it is spelled."""
        return [info.filename for info in self._entries.values()]

    def take(self, name: str, most: int) -> bytes | None:
        """The bytes of an entry; None if there is none or it holds more than `most` bytes."""
        info = self._entries.get(name.casefold())
        if info is None:
            return None
        try:
            with self._zip.open(info) as stream:
                content = stream.read(most + 1)
        except _BROKEN as fault:
            raise Unreadable("no_zip") from fault
        return content if len(content) <= most else None


def _leads_out(name: str) -> bool:
    pieces = re.split(r"[/\\]", name)
    return name.startswith(("/", "\\")) or ".." in pieces or bool(_DRIVE.match(name))
