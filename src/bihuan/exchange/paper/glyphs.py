"""Which letters a font can show, and which fonts a paper needs. Reads the fonts' own tables."""

import struct
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import typst

HOUSE = "Noto Serif SC"  # embedded in every paper, so that it looks the same everywhere
# Where the house's own font is missing, or lacks a letter: what the system has, in this order.
_SYSTEM = (
    *("Source Han Serif SC", "Source Han Serif CN", "Noto Serif CJK SC", "FangSong", "SimSun"),
    *("Songti SC", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei"),
)
_REGULAR = 400
_BREAKS = str.maketrans({"\r": "\n", "\v": "\n", "\f": "\n", "\x85": "\n", "\u2028": "\n"})


class Unprintable(Exception):  # noqa: N818 - an answer about the input, not an error of the program
    """不能付印：一个代码和填进句子里的字；句子由 `base.paper_words` 给出。"""

    def __init__(self, code: str, **params: str) -> None:
        self.code, self.params = code, params
        super().__init__(code, params)

    def __str__(self) -> str:
        return f"{self.code}({', '.join(f'{key}={text}' for key, text in self.params.items())})"


def missing_glyphs(points: Iterable[int]) -> Unprintable:
    """The refusal that names these code points."""
    named = (f"「{chr(point)}」（U+{point:04X}）" for point in sorted(points))
    return Unprintable("missing_glyphs", characters="、".join(named))


@dataclass(frozen=True)
class Typeface:
    """The fonts given to the typesetter, the families to try, and what the first of them lacks."""

    fonts: typst.Fonts = field(compare=False)
    families: tuple[str, ...]
    lacking: tuple[int, ...] = ()


def clean(text: str) -> str:
    """The text without what cannot be seen: marks that turn the direction, joiners, controls.

    Line breaks stay, tabs become spaces; half a surrogate pair becomes the replacement character.

    >>> clean("甲\\u202e乙\\r\\n丙\\t丁")
    '甲乙\\n丙 丁'
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").translate(_BREAKS).replace("\u2029", "\n")
    return "".join(_kept(one) for one in text.replace("\t", " "))


def _kept(one: str) -> str:
    if one == "\n" or one.isprintable():
        selects_a_variant = "\ufe00" <= one <= "\ufe0f" or "\U000e0100" <= one <= "\U000e01ef"
        return "" if selects_a_variant else one
    kind = unicodedata.category(one)
    if kind == "Cs":
        return "\ufffd"
    if kind == "Zs":  # spaces of other widths, which a font need not have
        return one if one == "\u3000" else " "
    return one if kind in ("Co", "Cn") else ""


def typeface(folder: Path | None, characters: frozenset[str]) -> Typeface:
    """The house's font where it has every letter; else helped by the system's.

    Raises `Unprintable` with the letters that are in no font.
    """
    wanted = frozenset(map(ord, characters)) - {ord("\n")}
    house = _house(folder, _font_files(folder)) if folder else None
    if house and wanted <= _coverage(house.fonts, HOUSE):
        return house
    every = _with_system(folder)
    known = every.families()
    chain = [name for name in (HOUSE, *_SYSTEM) if name in known]
    if not chain:
        raise Unprintable("no_font")
    missing = wanted.difference(*(_coverage(every, name) for name in chain))
    for name in known if missing else ():
        if name not in chain and missing & _coverage(every, name):
            chain.append(name)
            missing -= _coverage(every, name)
    if missing:
        raise missing_glyphs(missing)
    return Typeface(every, tuple(chain), tuple(wanted - _coverage(every, chain[0])))


def _font_files(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(str(path) for path in folder.rglob("*.[to]t[fc]")))


@lru_cache(maxsize=4)
def _house(folder: Path, files: tuple[str, ...]) -> Typeface | None:
    """The fonts of a folder; read again when its files change."""
    if not files:
        return None
    fonts = typst.Fonts(False, False, [str(folder)])
    return Typeface(fonts, (HOUSE,)) if HOUSE in fonts.families() else None


@lru_cache(maxsize=4)
def _with_system(folder: Path | None) -> typst.Fonts:
    return typst.Fonts(True, False, [str(folder)] if folder else [])


@lru_cache(maxsize=64)
def _coverage(fonts: typst.Fonts, family: str) -> frozenset[int]:
    """The code points that the upright face nearest to regular weight can show."""
    faces = [face for face in fonts.fonts() if face.family == family and face.path]
    if not faces:
        return frozenset()
    face = min(faces, key=lambda one: (one.style != "normal", abs(one.weight - _REGULAR)))
    return _code_points(str(face.path), face.index)


@lru_cache(maxsize=16)
def _code_points(path: str, index: int) -> frozenset[int]:
    """The keys of a font's `cmap` table (OpenType 1.9, formats 4 and 12)."""
    content = Path(path).read_bytes()
    start = struct.unpack_from(">I", content, 12 + 4 * index)[0] if content[:4] == b"ttcf" else 0
    (tables,) = struct.unpack_from(">H", content, start + 4)
    records = (struct.unpack_from(">4sIII", content, start + 12 + 16 * n) for n in range(tables))
    offset = next((at for tag, _sum, at, _length in records if tag == b"cmap"), None)
    if offset is None:
        return frozenset()
    (subtables,) = struct.unpack_from(">H", content, offset + 2)
    found: set[int] = set()
    for number in range(subtables):
        _platform, _encoding, at = struct.unpack_from(">HHI", content, offset + 4 + 8 * number)
        found.update(_mapped(content, offset + at))
    return frozenset(found)


def _mapped(content: bytes, at: int) -> Iterator[int]:
    (form,) = struct.unpack_from(">H", content, at)
    if form == 12:
        (groups,) = struct.unpack_from(">I", content, at + 12)
        for number in range(groups):
            first, last, _glyph = struct.unpack_from(">III", content, at + 16 + 12 * number)
            yield from range(first, last + 1)
    elif form == 4:
        (double,) = struct.unpack_from(">H", content, at + 6)
        shape = f">{double // 2}H"
        lasts = struct.unpack_from(shape, content, at + 14)
        firsts = struct.unpack_from(shape, content, at + 16 + double)
        for first, last in zip(firsts, lasts, strict=True):
            yield from range(first, min(last, 0xFFFE) + 1)
