"""Where on a drawing: a page and a rectangle, as it is stored, typed and drawn.

A rectangle is stored in fractions of the page from its top left; people type and read it in per
cent: left, top, width, height.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bihuan.base.text import zh

NOT_A_REGION = zh(
    "区域写不明白。请写左、上、宽、高的百分数，如 12.5,30,20,10，都在页内；或在图上框选。"
)
NOT_PAGES = zh("页码写不明白。请写成 1,3-5 这样。")

_EXACT = Decimal("0.00001")
_SMALLEST = Decimal("0.001")
_SPLIT = re.compile(r"[,，、\s]+")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,6})?", re.ASCII)
_SPAN = re.compile(r"(\d{1,4})(?:\s*[-–—~至]\s*(\d{1,4}))?", re.ASCII)


class Misplaced(ValueError):  # noqa: N818 - said of what was typed
    """What cannot be a place; its text is a sentence of this file."""


@dataclass(frozen=True)
class Region:
    """A rectangle in fractions of the page: left, top, width, height."""

    x: Decimal
    y: Decimal
    w: Decimal
    h: Decimal

    @property
    def floats(self) -> tuple[float, float, float, float]:
        return float(self.x), float(self.y), float(self.w), float(self.h)


def read_region(text: str) -> Region | None:
    """The rectangle that somebody typed or drew; None for an empty text. Raises Misplaced."""
    if not text.strip():
        return None
    parts = [part.rstrip("%％") for part in _SPLIT.split(text.strip()) if part]
    if len(parts) != 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        raise Misplaced(NOT_A_REGION)
    return from_rectangle(*(Decimal(part) / 100 for part in parts))


def from_rectangle(x: Decimal, y: Decimal, w: Decimal, h: Decimal) -> Region:
    """A rectangle of fractions, rounded, cut at the edges of the page. Raises Misplaced."""
    x, y, w, h = (each.quantize(_EXACT, ROUND_HALF_UP) for each in (x, y, w, h))
    w, h = min(w, 1 - x), min(h, 1 - y)
    if x < 0 or y < 0 or w < _SMALLEST or h < _SMALLEST:
        raise Misplaced(NOT_A_REGION)
    return Region(x, y, w, h)


def spelled(region: Region | None) -> str:
    """The rectangle as `read_region` takes it back."""
    if region is None:
        return ""
    parts = (100 * each for each in (region.x, region.y, region.w, region.h))
    return ",".join(f"{part:f}".rstrip("0").rstrip(".") for part in parts)


def read_pages(text: str, most: int) -> list[int]:
    """The pages of a list like 1,3-5, in order, each once, all between 1 and `most`."""
    found: set[int] = set()
    for part in _SPLIT.split(text.strip()):
        if not part:
            continue
        span = _SPAN.fullmatch(part)
        if span is None:
            raise Misplaced(NOT_PAGES)
        first, last = int(span[1]), int(span[2] or span[1])
        if not 1 <= first <= last <= most:
            raise Misplaced(NOT_PAGES)
        found.update(range(first, last + 1))
    return sorted(found)


def pages_of(numbers: Iterable[int]) -> str:
    """Pages as a list like 1,3-5."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in spans)
