"""What the bytes of a file really are: name and content must agree. Plain Python, no database.

Nothing is unpacked and nothing is run. Signatures come from puremagic; zip packages are told by
their list of names, compound files (old Office, WPS) by their directory, text by being text.
"""

import codecs
import struct
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

import puremagic

from bihuan.files import rules
from bihuan.files.rules import Fault, Kind

CHUNK = 64 * 1024

_HEAD = 2048
# A list of names longer than this is no office document; it is not read into memory.
_LONGEST_LISTING = 4 * 1024 * 1024
_END_OF_ZIP = b"PK\x05\x06"
_ZIP_STARTS = (b"PK\x03\x04", _END_OF_ZIP)
_COMPOUND_START = bytes.fromhex("d0cf11e0a1b11ae1")
# The class id by which an .msi, a program in a compound file, is known.
_INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")
_PROGRAM_STARTS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"L\0\0\0\x01\x14\x02",
)
_WEB_STARTS = ("<!doctype", "<html", "<head", "<body", "<script", "<svg", "<?xml", "<?php", "<!--")
_SCRIPT_STARTS = ("#!", "@echo", "mime-version:")
# Documents that may happen to be clean text from end to end.
_DOCUMENT_STARTS = ("%pdf-", "{\\rtf", "%!ps")
_ENCODINGS = ("utf-8-sig", "gb18030")
_TEXT_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f\x1a")


def faults(name: str, size: int, stream: BinaryIO, largest: int) -> list[Fault]:
    """Every reason why this file cannot be kept; none if it can. The stream is left at its
    start.
    """
    params = rules.params(name, largest)
    if size > largest:
        return [Fault("too_large", params)]
    code = _named(name) or ("empty" if size == 0 else "")
    if code:
        instead = rules.MACRO_EXTENSIONS.get(params["extension"], "")
        return [Fault(code, {**params, "instead": instead})]
    kind = rules.KINDS[params["extension"]]
    stream.seek(0)
    code = _disagreement(kind, stream, size)
    stream.seek(0)
    return [Fault(code, {**params, "instead": kind.extension})] if code else []


def _named(name: str) -> str:
    """What is wrong with the name alone."""
    ending = rules.extension(name)
    if not ending:
        return "no_extension"
    if ending in rules.MACRO_EXTENSIONS:
        return "macros"
    return "" if ending in rules.KINDS else "not_allowed"


def _disagreement(kind: Kind, stream: BinaryIO, size: int) -> str:
    """The code of what is wrong with the bytes, given what the name says they are."""
    head = stream.read(_HEAD)
    if head.startswith(_PROGRAM_STARTS) and kind.nature not in ("text", "json"):
        return "program"
    if kind.nature in ("text", "json"):
        return _text(kind, head, stream)
    if _opens_a_web_page(head):
        return "web_page"
    match kind.nature:
        case "marked":
            return _marked(kind, head, stream)
        case "media":
            return "" if _brands(head) & kind.marks else "mismatch"
        case "riff":  # puremagic takes any RIFF file for any other
            form = head[8:12].decode("latin-1")
            return "" if head.startswith(b"RIFF") and form in kind.marks else "mismatch"
        case "archive":
            return (
                ""
                if head.startswith(_ZIP_STARTS) and _listing_size(stream, size) >= 0
                else "mismatch"
            )
        case "compound":
            return _compound(kind, head, stream, size)
        case "package":
            return _package(kind, head, stream, size)
        case _:  # office: WPS writes either
            judge = _compound if head.startswith(_COMPOUND_START) else _package
            return judge(kind, head, stream, size)


# Signatures -------------------------------------------------------------------------------------


def _marked(kind: Kind, head: bytes, stream: BinaryIO) -> str:
    if kind.extension == "mp3" and _mp3_frame(head):
        return ""
    stream.seek(0)
    try:
        found = puremagic.magic_stream(stream)
    except (puremagic.PureError, ValueError):
        return "mismatch"
    # A match at the end of a file says nothing about how a program would open it.
    seen = {match.extension for match in found if match.offset >= 0}
    return "" if seen & kind.marks else "mismatch"


def _mp3_frame(head: bytes) -> bool:
    """An MPEG audio frame of layer III without the ID3 tag before it (ISO/IEC 11172-3, 2.4.1.3)."""
    return len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] >> 4 != 0xF


def _brands(head: bytes) -> set[str]:
    """The brands of an ISO base media file (ISO/IEC 14496-12, 4.3), the family of MP4 and HEIC."""
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free"):
        return {"qt  "}  # QuickTime before brands were invented
    if head[4:8] != b"ftyp":
        return set()
    end = min(struct.unpack(">I", head[:4])[0], len(head))
    listed = [head[8:12], *(head[i : i + 4] for i in range(16, end, 4))]
    return {brand.decode("latin-1") for brand in listed}


def _opens_a_web_page(head: bytes) -> bool:
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    return start.startswith(tuple(word.encode() for word in _WEB_STARTS))


# Text -------------------------------------------------------------------------------------------


def _text(kind: Kind, head: bytes, stream: BinaryIO) -> str:
    """Text in UTF-8, GB 18030, or UTF-16 with its mark; no control signs, no page or script."""
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else _ENCODINGS:
        stream.seek(0)
        opening = _opening(stream, encoding)
        if opening is not None:
            break
    else:
        return "program" if head.startswith(_PROGRAM_STARTS) else "mismatch"
    opening = opening.lstrip().lower()
    if opening.startswith((*_WEB_STARTS, *_SCRIPT_STARTS)):
        return "web_page"
    if opening.startswith(_DOCUMENT_STARTS):
        return "mismatch"
    if kind.nature == "json" and not opening.startswith(tuple(kind.marks)):
        return "mismatch"
    return ""


def _opening(stream: BinaryIO, encoding: str) -> str | None:
    """The first characters, if the whole stream is clean text in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    opening = ""
    try:
        for chunk in chunks(stream):
            text = decoder.decode(chunk)
            if not _TEXT_CONTROLS.isdisjoint(text):
                return None
            opening = opening if len(opening) > _HEAD else opening + text[:_HEAD]
        decoder.decode(b"", final=True)
    except UnicodeError:
        return None
    return opening


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The stream in pieces, so that no file is ever whole in memory."""
    while chunk := stream.read(CHUNK):
        yield chunk


# Zip packages: OFD, and Office since 2007 ---------------------------------------------------------


def _listing_size(stream: BinaryIO, size: int) -> int:
    """Bytes of the zip's list of names (PKWARE appnote 4.3.16); -1 if this is no whole zip."""
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(_END_OF_ZIP)
    if at < 0 or len(tail) < at + 22:
        return -1
    return int(struct.unpack_from("<I", tail, at + 12)[0])


def _package(kind: Kind, head: bytes, stream: BinaryIO, size: int) -> str:
    if head.startswith(_COMPOUND_START):
        # Office wraps a package with a password in a compound file ([MS-OFFCRYPTO] 2.3).
        names, _root = _entries(stream, size)
        return "locked" if "encryptedpackage" in names else "mismatch"
    if not head.startswith(_ZIP_STARTS) or not 0 <= _listing_size(stream, size) <= _LONGEST_LISTING:
        return "mismatch"
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as package:
            names = {name.lower() for name in package.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error):
        return "mismatch"
    if any(
        name.endswith(rules.MACRO_PART) or name.startswith(rules.MACRO_FOLDERS) for name in names
    ):
        return "macros"
    marks = tuple(mark.lower() for mark in kind.marks)
    return "" if any(name.startswith(marks) for name in names) else "mismatch"


# Compound files: Office before 2007, WPS ([MS-CFB]) -----------------------------------------------

_END_OF_CHAIN = 0xFFFFFFFA
_MOST_DIRECTORY_SECTORS = 2048


def _compound(kind: Kind, head: bytes, stream: BinaryIO, size: int) -> str:
    if not head.startswith(_COMPOUND_START):
        return "mismatch"
    names, root = _entries(stream, size)
    if root == _INSTALLER:
        return "program"
    if "encryptedpackage" in names:
        return "locked"
    if names & rules.MACRO_NAMES:
        return "macros"
    marks = {mark.lower() for mark in kind.marks} if kind.nature == "compound" else names
    return "" if names & marks else "mismatch"


def _entries(stream: BinaryIO, size: int) -> tuple[set[str], bytes]:
    """Names in the directory of a compound file, lower case, and the class id of its root."""
    names: set[str] = set()
    root = b""
    for sector in _directory(stream, size):
        for i in range(0, len(sector) - 127, 128):
            entry = sector[i : i + 128]
            length = struct.unpack_from("<H", entry, 64)[0]
            if entry[66] == 5:  # the root storage
                root = entry[80:96]
            elif entry[66] and 2 <= length <= 64:
                names.add(entry[: length - 2].decode("utf-16-le", "replace").lower())
    return names, root


def _directory(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """The sectors of the directory, in the order of their chain; stops where the file is broken."""
    stream.seek(0)
    header = stream.read(512)
    if len(header) < 512:
        return
    shift = struct.unpack_from("<H", header, 30)[0]
    if shift not in (9, 12):
        return
    width = 1 << shift
    tables = _tables(stream, header, width, size)
    sector = struct.unpack_from("<I", header, 48)[0]
    seen: set[int] = set()
    while sector < _END_OF_CHAIN and sector not in seen and len(seen) < _MOST_DIRECTORY_SECTORS:
        seen.add(sector)
        yield _sector(stream, sector, width)
        table, place = divmod(sector, width // 4)
        if table >= len(tables):
            return
        row = _sector(stream, tables[table], width)
        if len(row) < place * 4 + 4:
            return
        sector = struct.unpack_from("<I", row, place * 4)[0]


def _tables(stream: BinaryIO, header: bytes, width: int, size: int) -> list[int]:
    """Where the allocation tables are: 109 places in the header, the rest in a chain of sectors."""
    places = list(struct.unpack_from("<109I", header, 76))
    sector = struct.unpack_from("<I", header, 68)[0]
    most = size // width + 1
    while sector < _END_OF_CHAIN and len(places) < most + 109:
        row = _sector(stream, sector, width)
        if len(row) < width:
            break
        *more, sector = struct.unpack(f"<{width // 4}I", row)
        places.extend(more)
    return [place for place in places if place < _END_OF_CHAIN]


def _sector(stream: BinaryIO, number: int, width: int) -> bytes:
    stream.seek((number + 1) * width)
    return stream.read(width)
