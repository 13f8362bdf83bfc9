"""What stands between a stranger's OpenDocument spreadsheet (.ods) and the library that reads it.

An .ods file is a packed folder too, with all sheets in one part, content.xml. A few bytes there can
say "a million rows of this": so it is measured before it is read.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from bihuan.exchange.workbook.guard import (
    MOST_BYTES,
    MOST_CELLS,
    MOST_MERGES,
    MOST_ROWS,
    MOST_TEXT,
    MOST_UNPACKED,
    Area,
    Refusal,
    no_entities,
)

_TAG = re.compile(
    rb"<(?P<end>/)?table:(?P<name>table|table-row|table-cell|covered-table-cell)"
    rb"(?P<about>(?:\s[^<>]*)?)>"
)
_NUMBER = re.compile(
    rb"table:number-(rows|columns)-(repeated|spanned)\s*=\s*[\"']([0-9]{1,9})[\"']"
)
_NAME = re.compile(rb"table:name\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_HIDDEN = re.compile(rb"table:visibility\s*=\s*[\"'](?:collapse|filter)[\"']")


@dataclass
class Page:
    """One sheet as it was measured: how far it reaches, what is merged, what is hidden."""

    name: str
    rows: int = 0
    columns: int = 0
    merges: list[Area] = field(default_factory=list)
    hidden_rows: int = 0


def measured(content: bytes) -> list[Page]:
    """Every sheet, in order; Refusal where the file is broken, locked or a trap."""
    if len(content) > MOST_BYTES:
        raise Refusal("too_big", most=str(MOST_BYTES // 2**20))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            manifest = _part(package, "META-INF/manifest.xml", MOST_UNPACKED)
            if b"encryption-data" in manifest:
                raise Refusal("password")
            text = _part(package, "content.xml", MOST_UNPACKED)
    except KeyError as fault:
        raise Refusal("damaged") from fault
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as fault:
        raise Refusal("damaged") from fault
    except (ValueError, RuntimeError) as fault:  # odd headers; a part that wants a password
        raise Refusal("damaged") from fault
    no_entities(text)
    if b"<office:spreadsheet" not in text:
        raise Refusal("not_workbook")  # a text or a presentation
    pages = list(_pages(text))
    if not pages:
        raise Refusal("damaged")
    return pages


def _part(package: zipfile.ZipFile, name: str, most: int) -> bytes:
    with package.open(name) as stream:
        text = stream.read(most + 1)
    if len(text) > most:
        raise Refusal("bomb")
    return text


def _pages(text: bytes) -> Iterator[Page]:
    """One walk over the tags of tables, rows and cells."""
    page: Page | None = None
    row = column = repeated = flood = 0
    for tag in _TAG.finditer(text):
        name, about = tag["name"], tag["about"]
        if tag["end"]:
            if name == b"table" and page is not None:
                yield page
                page = None
            elif name == b"table-row":
                row += repeated
            continue
        if name == b"table":
            page, row = Page(_name(about)), 0
            continue
        if page is None:
            continue
        numbers = {(a, b): int(n) for a, b, n in _NUMBER.findall(about)}
        if name == b"table-row":
            column = 0
            repeated = 0 if about.endswith(b"/") else numbers.get((b"rows", b"repeated"), 1)
            page.hidden_rows += repeated if _HIDDEN.search(about) else 0
            row += numbers.get((b"rows", b"repeated"), 1) if about.endswith(b"/") else 0
            continue
        wide = numbers.get((b"columns", b"repeated"), 1)
        if b"office:value-type" in about or not (about.endswith(b"/") or _empty(text, tag.end())):
            page.rows = max(page.rows, row + repeated)
            page.columns = max(page.columns, column + wide)
            after = text.find(b"</table:table-cell", tag.end())
            flood += wide * repeated * max(1, after - tag.end())
            _limits(page, flood)
        _merge(page, row, column, numbers)
        column += wide


def _empty(text: bytes, at: int) -> bool:
    return text.startswith(b"</table:", at)


def _name(about: bytes) -> str:
    found = _NAME.search(about)
    return unescape((found[1] or found[2] or b"").decode(errors="replace")) if found else ""


def _merge(page: Page, row: int, column: int, numbers: dict[tuple[bytes, bytes], int]) -> None:
    down = numbers.get((b"rows", b"spanned"), 1)
    right = numbers.get((b"columns", b"spanned"), 1)
    if down > 1 or right > 1:
        if len(page.merges) >= MOST_MERGES:
            raise Refusal("bomb")
        page.merges.append((row, column, row + down - 1, column + right - 1))


def _limits(page: Page, flood: int) -> None:
    if page.rows > MOST_ROWS or page.rows * page.columns > MOST_CELLS:
        raise Refusal(
            "too_many_cells", sheet=page.name, rows=str(page.rows), columns=str(page.columns)
        )
    if flood > MOST_TEXT:
        raise Refusal("bomb")
