"""The bytes themselves: kept once by content, written aside, made safe, renamed; never altered.

Bytes with SHA-256 digest abcd… lie in FILES_FOLDER/ab/cd/abcd…. No row of the database is touched
here.
"""

import errno
import hashlib
import io
import logging
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.base.errors import Refused

_log = logging.getLogger("bihuan.files")

NO_ROOM = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
INCOMING = "incoming"
_STALE_S = 3600


@dataclass(frozen=True)
class Kept:
    """What was stored: its digest and how many bytes."""

    digest: str
    size: int


def folder() -> Path:
    """Where the bytes lie."""
    return Path(settings.FILES_FOLDER)


def path(digest: str) -> Path:
    """Where the bytes with this digest lie."""
    return folder() / digest[:2] / digest[2:4] / digest


def keep(pieces: Iterable[bytes]) -> Kept:
    """Store bytes once. A crash at any moment leaves either the whole file or none."""
    with _aside() as (stream, temporary):
        digest, size = hashlib.sha256(), 0
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            stream.write(piece)
        stream.flush()
        os.fsync(stream.fileno())
        stream.close()
        kept = Kept(digest.hexdigest(), size)
        _settle(temporary, kept)
    return kept


def open_bytes(digest: str) -> io.BufferedReader:
    """The bytes, to be read only."""
    return path(digest).open("rb")


def is_whole(digest: str, size: int) -> bool:
    """Are the bytes there, and are they the ones that were kept?"""
    try:
        if path(digest).stat().st_size != size:
            return False
        with open_bytes(digest) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == digest
    except OSError:
        return False


def stored() -> Iterator[Path]:
    """Every stored content, in order of digest, whether or not a version uses it."""
    return (path for path in sorted(folder().glob("??/??/*")) if path.is_file())


def sweep() -> int:
    """Remove what a crash left half-written, untouched for an hour; returns how many files."""
    before, gone = time.time() - _STALE_S, 0
    for left in (folder() / INCOMING).glob("*"):
        if left.is_file() and left.stat().st_mtime < before:
            left.unlink(missing_ok=True)
            gone += 1
    return gone


@contextmanager
def _aside() -> Iterator[tuple[BinaryIO, Path]]:
    """A new file beside its later place, gone again unless it was moved there."""
    incoming = folder() / INCOMING
    try:
        incoming.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=incoming)
        with os.fdopen(number, "wb") as stream:
            try:
                yield stream, Path(name)
            finally:
                stream.close()
                Path(name).unlink(missing_ok=True)
    except OSError as fault:
        if fault.errno not in NO_ROOM:
            raise
        raise Refused(_("服务器的磁盘满了，文件没有保存。请联系管理员腾出空间后再传。")) from fault


def _settle(temporary: Path, kept: Kept) -> None:
    """Move to the place of its content, unless the same bytes are there already."""
    place = path(kept.digest)
    if is_whole(kept.digest, kept.size):
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        # Somebody damaged the stored bytes; the same content has just been brought again.
        _log.warning("stored bytes of %s were damaged and have been restored", kept.digest)
        place.chmod(0o600)
    temporary.chmod(0o444)
    temporary.replace(place)
    _make_durable(place.parent)


def _make_durable(directory: Path) -> None:
    """The new name survives a power cut too. Windows cannot open a folder, and need not."""
    if os.name != "posix":
        return
    number = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
