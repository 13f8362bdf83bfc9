"""What stands between a stranger's workbook and the libraries that read it.

An .xlsx file is a packed folder of XML. Here it is unpacked under limits, searched for what no
office program writes, and packed again, so that what was checked is what is read.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree

from bihuan.exchange.workbook.doubt import Doubt

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
    r"|xl/worksheets/[^/]*\.xml|\[content_types\]\.xml"
    r"|xl/worksheets/_rels/[^/]*\.xml\.rels|xl/(?:[^/]*/)?comments?[^/]*\.xml)",
    re.IGNORECASE,
)
_XML = re.compile(r"\.(?:xml|rels|vml)$", re.IGNORECASE)
_CELL = re.compile(rb"<(?:\w+:)?c(?:\s([^>]*))?>")
_PLACED = re.compile(rb"<c r=\"([A-Z]{1,3})([0-9]{1,7})\"")
_AT = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")
# The cells worth a look: an error, or a formula (whose value may never have been worked out).
_ODD = re.compile(
    rb"<(?:\w+:)?c(?=\s[^>]*\st\s*=\s*[\"']e[\"']|[^>]*>\s*<(?:\w+:)?f[\s/>])(?:\s([^>]*))?>"
)
_ODD_MARKS = (b'"e"', b"'e'", b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")
_ERROR = re.compile(rb"(?:^|\s)t\s*=\s*[\"']e[\"']")
_SHARED = re.compile(rb"<(?:\w+:)?c\s[^>]*\bt\s*=\s*[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>([0-9]+)<")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
_STRIKE = re.compile(rb"<(?:\w+:)?strike(?:\s*/|\s+val\s*=\s*[\"'](?:1|true)[\"']\s*/)?>")
_REF = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_EDGE = 200
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]*>")
_SPAN = re.compile(rb"\b(min|max)\s*=\s*[\"']([0-9]{1,5})[\"']")
_STRING = re.compile(rb"<(?:\w+:)?si(?:\s[^>]*)?(?<!/)>(.*?)</(?:\w+:)?si>", re.DOTALL)


Place = tuple[int, int]
Area = tuple[int, int, int, int]  # first row and column, last row and column, from 0


class Refusal(Exception):  # noqa: N818 - a refusal is what it is
    """The file is not read at all; carries the doubt that says why."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.doubt = Doubt(code, params)


@dataclass(frozen=True)
class Seen:
    """What the check saw of one sheet, beside its values; places are row and column from 0.

    Cells that hold an error, formulas never worked out, comments, texts that were struck out.
    """

    errors: Mapping[Place, str] = field(default_factory=dict)
    unworked: tuple[Place, ...] = ()
    comments: Mapping[int, Sequence[tuple[int, str]]] = field(default_factory=dict)  # by row
    struck: frozenset[Place] = frozenset()
    hidden_rows: int = 0
    hidden_columns: tuple[int, ...] = ()


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
    sheets = _sheets(tree, parts, by_name)
    struck = _struck_styles(parts.get(by_name.get("xl/styles.xml", ""), b""))
    strings = parts.get(by_name.get("xl/sharedstrings.xml", ""), b"")
    partly = _struck_strings(strings)
    seen = {}
    for name, part in sheets:
        comments = _comments(part, parts, by_name)
        one = _seen(name, parts[part], struck)
        places = one.struck.union(_with_strings(parts[part], partly))
        seen[name] = replace(one, comments=comments, struck=places)
    _no_flood(strings, [parts[part] for _name, part in sheets])
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
                no_entities(text)
                if _READ.fullmatch(part.filename):
                    parts[part.filename] = text
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as fault:
        raise Refusal("damaged") from fault
    except (ValueError, RuntimeError) as fault:  # odd headers; a part that wants a password
        raise Refusal("damaged") from fault
    return parts, tuple(part.filename for part in listed)


def no_entities(text: bytes) -> None:
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


def _seen(name: str, text: bytes, struck: Set[int]) -> Seen:
    """How far the cells of a sheet reach, and which of them are broken."""
    placed = _PLACED.findall(text)
    if len(placed) == _cells(text):
        rows = max((int(row) for row in {row for _column, row in placed}), default=1)
        columns = max(map(_column, {column for column, _row in placed}), default=1)
        odd = []
        if any(mark in text for mark in _ODD_MARKS):
            odd = [(tag, _place(tag[1] or b"")) for tag in _ODD.finditer(text)]
    else:
        rows, columns, odd = _walked(text)
    if rows > MOST_ROWS or rows * columns > MOST_CELLS:
        raise Refusal("too_many_cells", sheet=name, rows=str(rows), columns=str(columns))
    if text.count(b"mergeCell") > 2 * MOST_MERGES:
        raise Refusal("bomb")
    errors: dict[tuple[int, int], str] = {}
    unworked: list[tuple[int, int]] = []
    for tag, place in odd:
        body = text[tag.end() : text.find(b"</c>", tag.end())]
        value = _VALUE.search(body)
        if _ERROR.search(tag[1] or b""):
            errors[place] = value[1].decode(errors="replace")[:20] if value else ""
        elif b"<f" in body and not (value and value[1]):
            unworked.append(place)
    return Seen(
        errors,
        tuple(unworked),
        {},
        frozenset(_struck(text, struck)),
        len(_HIDDEN_ROW.findall(text)) if b"hidden" in text else 0,
        tuple(_hidden_columns(text)),
    )


def _hidden_columns(text: bytes) -> Iterator[int]:
    """Places of hidden columns; a span that runs to the edge of the sheet is nobody's data."""
    for tag in _HIDDEN_COLUMN.findall(text[: text.find(b"<sheetData")]):
        ends = {name: int(number) for name, number in _SPAN.findall(tag)}
        first, last = ends.get(b"min", 1), ends.get(b"max", 1)
        if last - first < _EDGE:
            yield from range(first - 1, last)


def _struck_styles(styles: bytes) -> frozenset[int]:
    """The numbers of the cell styles whose font is struck out; usually none."""
    if b"strike" not in styles:
        return frozenset()
    tree = _tree(styles)
    fonts = [
        (one := font.find("{*}strike")) is not None and one.get("val", "1") not in ("0", "false")
        for font in tree.iterfind("{*}fonts/{*}font")
    ]
    return frozenset(
        number
        for number, style in enumerate(tree.iterfind("{*}cellXfs/{*}xf"))
        if (at := int(style.get("fontId", "0"))) < len(fonts) and fonts[at]
    )


def _struck(text: bytes, styles: Set[int]) -> Iterator[Place]:
    """Filled cells whose whole text is struck out."""
    for number in styles:
        pattern = rb"<(?:\w+:)?c(?=\s[^>]*\ss\s*=\s*[\"']%d[\"'])\s([^>]*[^/])>" % number
        for tag in re.finditer(pattern, text):
            if place := _AT.search(tag[1]):
                yield int(place[2]) - 1, _column(place[1]) - 1


def _struck_strings(strings: bytes) -> frozenset[int]:
    """The numbers of the texts of which a part is struck out; usually none."""
    if b"<strike" not in strings:
        return frozenset()
    found = enumerate(_STRING.findall(strings))
    return frozenset(number for number, text in found if _STRIKE.search(text))


def _with_strings(text: bytes, numbers: Set[int]) -> Iterator[Place]:
    """The cells that hold one of these texts, or a text of their own that is struck out."""
    for struck in _STRIKE.finditer(text):
        about = text[text.rfind(b"<c ", 0, struck.start()) + 2 : struck.start()]
        if place := _AT.search(about[: about.find(b">")]):
            yield int(place[2]) - 1, _column(place[1]) - 1
    if not numbers:
        return
    for tag in _CELL.finditer(text):
        named = _SHARED.match(text, tag.start())
        place = _AT.search(tag[1] or b"") if named and int(named[1]) in numbers else None
        if place:
            yield int(place[2]) - 1, _column(place[1]) - 1


def _comments(
    part: str, parts: Mapping[str, bytes], by_name: Mapping[str, str]
) -> dict[int, list[tuple[int, str]]]:
    """批注: the comments beside the cells of a sheet, row by row."""
    folder, _slash, name = part.rpartition("/")
    relations = by_name.get(f"{folder}/_rels/{name}.rels".lower())
    if relations is None:
        return {}
    found: dict[int, list[tuple[int, str]]] = {}
    for one in _tree(parts[relations]).iter():
        if not one.get("Type", "").endswith("/comments"):
            continue
        target = one.get("Target", "").lower()
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        comments = by_name.get(posixpath.normpath(path).lower())
        if comments is None:
            continue
        for comment in _tree(parts[comments]).iterfind("{*}commentList/{*}comment"):
            place = _REF.fullmatch(comment.get("ref", ""))
            text = "".join(comment.itertext()).strip()
            if place and text:
                column = _column(place[1].encode()) - 1
                found.setdefault(int(place[2]) - 1, []).append((column, text))
    return found


def _cells(text: bytes) -> int:
    """How many cells a sheet has; at most that many where it writes them in an odd way."""
    if b":c " in text or b":c>" in text:
        return len(_CELL.findall(text))
    return text.count(b"<c ") + text.count(b"<c>") + text.count(b"<c/>")


def _walked(text: bytes) -> tuple[int, int, list[tuple[re.Match[bytes], tuple[int, int]]]]:
    """The same, cell by cell, for a sheet whose cells do not all say where they stand."""
    rows = columns = 1
    row = column = 0
    odd = []
    for tag in _CELL.finditer(text):
        place = _AT.search(tag[1] or b"")
        if place:
            row, column = int(place[2]), _column(place[1])
        else:
            column += 1
        if (tag[1] or b"").endswith(b"/"):
            continue
        rows, columns = max(rows, row), max(columns, column)
        if _ODD.match(text, tag.start()):
            odd.append((tag, (row - 1, column - 1)))
    return rows, columns, odd


def _place(about: bytes) -> tuple[int, int]:
    found = _AT.search(about)
    return (int(found[2]) - 1, _column(found[1]) - 1) if found else (0, 0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _no_flood(strings: bytes, sheets: Sequence[bytes]) -> None:
    """One long text, named by a million cells, would be a million long texts in memory."""
    lengths = [len(one) for one in _STRING.findall(strings)]
    most = max(map(_cells, sheets), default=0)
    if not lengths or max(lengths) * most <= MOST_TEXT:
        return
    for text in sheets:
        numbers = map(int, _SHARED.findall(text))
        if sum(lengths[one] for one in numbers if one < len(lengths)) > MOST_TEXT:
            raise Refusal("bomb")
