"""A document as PDF. The parts travel to the typesetter as JSON: no text is ever its source."""

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

from bihuan.exchange.paper.codes import qr_svg
from bihuan.exchange.paper.document import Document
from bihuan.exchange.paper.glyphs import clean, missing_glyphs, typeface

_ARCHIVE: Final = "a-2u"  # PDF/A-2u: fonts inside, every letter has its Unicode
_EMPTY_GLYPH = "could not be displayed"
# The typesetter keeps what the last ten compilations used: 120 MB after a thousand slips.
_REMEMBERED = 11


def pdf(document: Document, *, fonts: Path | None, at: datetime) -> bytes:
    """付印：A4 的 PDF/A，字体嵌入；`fonts` 为字体目录，`at`（带时区）为文件的制作时间。

    The same document, fonts and time give the same bytes. Raises `Unprintable`.
    """
    seen = set(_template())
    data = _plain(document, seen)
    face = typeface(fonts, frozenset(seen))
    compiler = typst.Compiler(_template().encode(), font_paths=face.fonts, ignore_system_fonts=True)
    paper = json.dumps({**data, "families": face.families}, ensure_ascii=False)
    try:
        made = compiler.compile(
            format="pdf",
            sys_inputs={"paper": paper},
            pdf_standards=_ARCHIVE,
            timestamp=at,
            pdf_tags=document.layout.tagged,
        )
    except typst.TypstError as error:
        # A mark that combines with a letter must come from the letter's own font. The archive
        # standard forbids empty glyphs, so the typesetter stops at any that is left.
        if _EMPTY_GLYPH in error.message and face.lacking:
            raise missing_glyphs(face.lacking) from error
        raise
    finally:
        _forget()
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


@lru_cache(maxsize=1)
def _template() -> str:
    return Path(__file__).with_name("house.typ").read_text(encoding="utf-8")


def _plain(value: Any, seen: set[str]) -> Any:
    """Frozen data as JSON: texts cleaned and their letters collected, codes drawn."""
    if is_dataclass(value):
        return {
            "kind": type(value).__name__,
            **{
                one.name: qr_svg(getattr(value, one.name))
                if one.metadata.get("scanned")
                else _plain(getattr(value, one.name), seen)
                for one in fields(value)
            },
        }
    if isinstance(value, str):
        text = clean(value)
        seen.update(text)
        return text
    if isinstance(value, Sequence):
        return [_plain(each, seen) for each in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if value is None or isinstance(value, int | float):
        return value
    raise TypeError(f"{type(value).__name__} is no part of a paper")


def _forget() -> None:
    """Empty papers push the last one, with its codes, out of the typesetter's memory."""
    empty = typst.Compiler(b"", font_paths=_no_fonts(), ignore_system_fonts=True)
    for number in range(_REMEMBERED):
        empty.compile(f"#{number}".encode(), format="svg")


@lru_cache(maxsize=1)
def _no_fonts() -> typst.Fonts:
    return typst.Fonts(False, False, [])
