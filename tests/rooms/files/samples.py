"""Small files of every kind that is let in, made byte by byte, and their disguises."""

import io
import struct
import zipfile

from bihuan.files import rules

COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 200
PAGE = b"<!DOCTYPE html>\n<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def package(*names: str) -> bytes:
    """A zip with these names in it, as Office and OFD have them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "<示例数据/>")
    return stream.getvalue()


def compound(*names: str, root: bytes = b"\0" * 16, filler: int = 0) -> bytes:
    """A compound file whose directory has these names; `filler` sectors put it further back."""
    entries = b"".join(
        _entry(name, kind, root if kind == 5 else b"\0" * 16)
        for name, kind in (("Root Entry", 5), *((name, 2) for name in names))
    )
    entries += b"\0" * (-len(entries) % 512)
    length = len(entries) // 512
    first = filler + 1  # sector 0 is the allocation table
    chain = [0xFFFFFFFD, *[0xFFFFFFFF] * filler]
    chain += [first + i + 1 for i in range(length - 1)] + [0xFFFFFFFE]
    chain += [0xFFFFFFFF] * (128 - len(chain))
    header = bytearray(512)
    header[:8] = COMPOUND
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", header, 44, 1)
    struct.pack_into("<I", header, 48, first)
    struct.pack_into("<II", header, 68, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    return bytes(header) + struct.pack("<128I", *chain) + b"\0" * 512 * filler + entries


def _entry(name: str, kind: int, class_id: bytes) -> bytes:
    entry = bytearray(128)
    spelled = name.encode("utf-16-le") + b"\0\0"
    entry[: len(spelled)] = spelled
    struct.pack_into("<HB", entry, 64, len(spelled), kind)
    entry[80:96] = class_id
    return bytes(entry)


def _media(brand: bytes, *others: bytes) -> bytes:
    box = brand + b"\0\0\0\0" + b"".join(others)
    return struct.pack(">I", len(box) + 8) + b"ftyp" + box + b"\0" * 40


_OOXML = "[Content_Types].xml"
HONEST: dict[str, list[bytes]] = {
    "pdf": [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\n%%EOF\n"],
    "ods": [package("mimetype", "content.xml")],
    "ofd": [package("OFD.xml", "Doc_0/Document.xml")],
    "doc": [compound("WordDocument", "1Table"), compound("1Table", *"abcd", "WordDocument")],
    "xls": [compound("Workbook"), compound("Book"), compound("Workbook", filler=20)],
    "ppt": [compound("PowerPoint Document")],
    "docx": [package(_OOXML, "word/document.xml")],
    "xlsx": [package(_OOXML, "xl/workbook.xml")],
    "pptx": [package(_OOXML, "ppt/presentation.xml")],
    "wps": [compound("WordDocument"), package(_OOXML, "word/document.xml")],
    "et": [compound("Workbook"), package(_OOXML, "xl/workbook.xml")],
    "dps": [compound("PowerPoint Document"), package(_OOXML, "ppt/presentation.xml")],
    "txt": [
        "口径说明\r\n第二行\n".encode(),
        "口径说明".encode("gb18030"),
        "口径说明".encode("utf-16"),
        "\ufeff口径说明".encode(),
    ],
    "csv": ["单位,数值\n经发局,1.5\n".encode("gb18030")],
    "json": [b' {"a": 1}', b"[1]"],
    "geojson": [b'{"type": "FeatureCollection", "features": []}'],
    "zip": [package("a.txt"), package()],
    "rar": [b"Rar!\x1a\x07\x01\x00" + b"\0" * 40],
    "7z": [b"7z\xbc\xaf'\x1c\x00\x04" + b"\0" * 40],
    "jpg": [b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"0" * 40 + b"\xff\xd9"],
    "jpeg": [b"\xff\xd8\xff\xe1\x00\x10Exif\x00" + b"0" * 40 + b"\xff\xd9"],
    "png": [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 40],
    "gif": [b"GIF89a" + b"\0" * 40],
    "bmp": [b"BM\x40\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + b"\0" * 40],
    "tif": [b"II*\0" + b"\0" * 40],
    "tiff": [b"MM\0*" + b"\0" * 40],
    "webp": [b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 40],
    "heic": [_media(b"heic", b"mif1", b"heic"), _media(b"mif1", b"heic")],
    "heif": [_media(b"mif1")],
    "mp4": [_media(b"isom", b"iso2", b"mp41"), _media(b"mp42", b"isom"), _media(b"3gp4", b"isom")],
    "m4a": [_media(b"M4A ", b"mp42")],
    "mov": [_media(b"qt  ", b"qt  "), b"\0\0\0\x08wide\0\0\0\x00mdat" + b"\0" * 40],
    "mp3": [b"ID3\x03\0" + b"\0" * 40, b"\xff\xfb\x90\x44" + b"\0" * 40],
    "wav": [b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40],
}
assert set(HONEST) == set(rules.KINDS), "every kind that is let in has an honest sample"
