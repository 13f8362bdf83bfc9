"""A plain reader of our PDFs' text, so that no test needs a program of the system.

It follows ISO 32000-1, 9.10: the bytes of a page's texts, through each font's ToUnicode map. It
reads what the typesetter writes (no object streams, two-byte codes), not every PDF.
"""

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"(.*?)stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_TOKEN = re.compile(rb"/(f\d+) [\d.]+ Tf|<([0-9A-F]+)>|(\()|\b(BT|ET)\b")
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def lines(content: bytes) -> list[list[str]]:
    """Every page's runs of text, in the order in which they were set."""
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    (kids,) = re.findall(rb"/Type/Pages/Count \d+/Kids\[([^]]*)\]", content)
    return [_page(objects, int(number)) for number in re.findall(rb"(\d+) 0 R", kids)]


def words(content: bytes) -> str:
    """All text without white space, for looking a name up."""
    return "".join("".join(run for page in lines(content) for run in page).split())


def _page(objects: dict[int, bytes], number: int) -> list[str]:
    page = objects[number]
    resources = objects[_reference(page, b"Resources")]
    maps = {
        name: _letters(_unpacked(objects[_reference(objects[int(font)], b"ToUnicode")]))
        for name, font in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
    }
    return list(_runs(_unpacked(objects[_reference(page, b"Contents")]), maps))


def _runs(drawing: bytes, maps: dict[bytes, dict[bytes, str]]) -> Iterator[str]:
    """The strings between BT and ET; other strings are marks, such as a language."""
    at, run, letters, inside = 0, "", {}, False
    while token := _TOKEN.search(drawing, at):
        font, hexadecimal, literal, bound = token.groups()
        at, codes = token.end(), b""
        if font:
            letters = maps[font]
        elif bound:
            inside = bound == b"BT"
            if not inside:
                yield run
            run = ""
        elif literal:
            at, codes = _literal(drawing, at)
        else:
            codes = bytes.fromhex(hexadecimal.decode())
        if inside:
            run += "".join(letters[codes[n : n + 2]] for n in range(0, len(codes), 2))


def _literal(drawing: bytes, at: int) -> tuple[int, bytes]:
    """The end and the bytes of a literal string; balanced parentheses in it are not escaped."""
    start, depth = at, 1
    while depth:
        sign = drawing[at : at + 1]
        depth += {b"(": 1, b")": -1}.get(sign, 0)
        at += 2 if sign == b"\\" else 1
    return at, _ESCAPED.sub(_sign, drawing[start : at - 1])


def _sign(match: re.Match[bytes]) -> bytes:
    found = match[1]
    return bytes([int(found, 8)]) if found.isdigit() else _SIGNS.get(found, found)


def _letters(cmap: bytes) -> dict[bytes, str]:
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\s*\n", cmap)
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(sign.decode()).decode("utf-16-be")
        for code, sign in pairs
    }


def _unpacked(body: bytes) -> bytes:
    head, packed = _STREAM.match(body).groups()
    return zlib.decompress(packed) if b"FlateDecode" in head else packed


def _reference(body: bytes, key: bytes) -> int:
    return int(re.search(rb"/" + key + rb" (\d+) 0 R", body)[1])
