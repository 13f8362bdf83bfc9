"""What stands between a stranger's workbook and the libraries that read it.

An .xlsx file is a packed folder of XML. Here it is unpacked under limits, searched for what no
office program writes, and packed again, so that what was checked is what is read.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from bihuan.exchange.doubt import Doubt

# Generous for offices: 20,000 rows of 23 columns unpack to some 30 MB and 460,000 cells.
MOST_BYTES = 60 * 2**20
MOST_UNPACKED = 256 * 2**20
MOST_PARTS = 5_000
MOST_CELLS = 5_000_000
MOST_ROWS = 200_000
MOST_MERGES = 200_000
MOST_TEXT = 512 * 2**20

_READ = re.compile(
    r"(?:xl/(?:workbook|sharedstrings|styles)\.xml|xl/_rels/workbook\.xml\.rels|_rels/\.rels"
    r"|xl/worksheets/[^/]*\.xml|\[content_types\]\.xml)",
    re.IGNORECASE,
)
_XML = re.compile(r"\.(?:xml|rels|vml)$", re.IGNORECASE)
_CELL = re.compile(rb"<(?:\w+:)?c(?:\s([^>]*))?>")
_AT = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")
_ERROR = re.compile(rb"(?:^|\s)t\s*=\s*[\"']e[\"']")
_SHARED = re.compile(rb"(?:^|\s)t\s*=\s*[\"']s[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s")
_STRING = re.compile(rb"<(?:\w+:)?si(?:\s[^>]*)?(?<!/)>(.*?)</(?:\w+:)?si>", re.DOTALL)


class Refusal(Exception):  # noqa: N818 - a refusal is what it is
    """The file is not read at all; carries the doubt that says why."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.doubt = Doubt(code, params)


@dataclass(frozen=True)
class Seen:
    """What the check saw of one sheet: cells that hold an error, or a formula never worked out."""

    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    unworked: tuple[tuple[int, int], ...] = ()
    hidden_rows: int = 0


@dataclass(frozen=True)
class Checked:
    """A workbook that may be read: packed anew, with what was seen of each sheet by its name."""

    content: bytes
    seen: Mapping[str, Seen]
    date_system: str
    parts: tuple[str, ...]


def checked(content: bytes) -> Checked:
    """The workbook, fit to be read; Refusal where it is not one, or is a trap."""
    parts, names = _unpacked(content)
    by_name = {name.lower(): name for name in parts}
    book = by_name.get("xl/workbook.xml")
    if book is None:
        raise Refusal("damaged")
    tree = _tree(parts[book])
    settings = tree.find("{*}workbookPr")
    system = (
        "1904"
        if settings is not None and settings.get("date1904") in ("1", "true", "on")
        else "1900"
    )
    seen = {}
    shared_cells: dict[str, list[bytes]] = {}
    for name, part in _sheets(tree, parts, by_name):
        seen[name] = _seen(name, parts[part], shared_cells)
    _no_flood(parts.get(by_name.get("xl/sharedstrings.xml", ""), b""), shared_cells)
    return Checked(_packed(parts), seen, system, names)


def _unpacked(content: bytes) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The parts that hold text and numbers; every XML part has been looked at."""
    if len(content) > MOST_BYTES:
        raise Refusal("too_big", most=str(MOST_BYTES // 2**20))
    parts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            listed = package.infolist()
            if len(listed) > MOST_PARTS:
                raise Refusal("bomb")
            for part in listed:
                if not _XML.search(part.filename):
                    continue
                if part.flag_bits & 1:
                    raise Refusal("password")
                with package.open(part) as stream:
                    text = stream.read(left + 1)
                left -= len(text)
                if left < 0:
                    raise Refusal("bomb")
                _no_entities(text)
                if _READ.fullmatch(part.filename):
                    parts[part.filename] = text
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as fault:
        raise Refusal("damaged") from fault
    except (ValueError, RuntimeError) as fault:  # odd headers; a part that wants a password
        raise Refusal("damaged") from fault
    return parts, tuple(part.filename for part in listed)


def _no_entities(text: bytes) -> None:
    """No office program writes a DOCTYPE, an entity or UTF-16 into a workbook; an attacker may."""
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\0" in text[:200]:
        raise Refusal("hostile")


def _packed(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return stream.getvalue()


def _tree(text: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as fault:
        raise Refusal("damaged") from fault


def _sheets(
    tree: ElementTree.Element, parts: Mapping[str, bytes], by_name: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Each worksheet's name and the part that holds it."""
    relations = by_name.get("xl/_rels/workbook.xml.rels")
    if relations is None:
        raise Refusal("damaged")
    targets = {one.get("Id", ""): one.get("Target", "") for one in _tree(parts[relations]).iter()}
    found = []
    for sheet in tree.iterfind("{*}sheets/{*}sheet"):
        key = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
        target = targets.get(key, "").lower()
        part = by_name.get(target.lstrip("/")) or by_name.get(f"xl/{target.removeprefix('./')}")
        if part is not None:
            found.append((sheet.get("name", ""), part))
    return found


def _seen(name: str, text: bytes, shared: dict[str, list[bytes]]) -> Seen:
    """One walk over the cells that hold something: how far they reach, and which are broken."""
    rows = columns = 1
    errors: dict[tuple[int, int], str] = {}
    unworked: list[tuple[int, int]] = []
    strings: list[bytes] = []
    row, column = 0, 0
    for tag in _CELL.finditer(text):
        about = tag[1] or b""
        place = _AT.search(about)
        if place:
            row, column = int(place[2]), _column(place[1])
        else:
            column += 1
        if about.endswith(b"/"):
            continue
        if row > rows:
            rows = row
        if column > columns:
            columns = column
        if _SHARED.search(about):
            value = _VALUE.match(text, tag.end())
            strings.append(value[1] if value else b"0")
        elif text.startswith((b"<f>", b"<f ", b"<f/", b"<v></v>", b"<v/>"), tag.end()):
            body = text[tag.end() : text.find(b"</c>", tag.end())]
            value = _VALUE.search(body)
            if not (value and value[1]) and b"<f" in body:
                unworked.append((row - 1, column - 1))
        if _ERROR.search(about):
            value = _VALUE.search(text, tag.end())
            errors[row - 1, column - 1] = value[1].decode(errors="replace")[:20] if value else ""
    if rows > MOST_ROWS or rows * columns > MOST_CELLS:
        raise Refusal("too_many_cells", sheet=name, rows=str(rows), columns=str(columns))
    if len(_MERGE.findall(text)) > MOST_MERGES:
        raise Refusal("bomb")
    shared[name] = strings
    return Seen(errors, tuple(unworked), len(_HIDDEN_ROW.findall(text)))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _no_flood(strings: bytes, cells: Mapping[str, list[bytes]]) -> None:
    """One long text, named by a million cells, would be a million long texts in memory."""
    lengths = [len(one) for one in _STRING.findall(strings)]
    many = max((len(one) for one in cells.values()), default=0)
    if not lengths or max(lengths) * many <= MOST_TEXT:
        return
    for numbers in cells.values():
        known = (int(one) for one in numbers if one.isdigit())
        if sum(lengths[one] for one in known if one < len(lengths)) > MOST_TEXT:
            raise Refusal("bomb")
