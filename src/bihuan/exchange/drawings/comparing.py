"""What changed between two versions: pages matched, words and pixels of each pair compared.

Pages are matched by an alignment in order (Needleman and Wunsch 1970) over the likeness of small
pictures, so that an inserted page does not make all that follow it look changed. Pixels are
compared within a neighbourhood of one pixel: what only moved by the rounding of a renderer is not
a change. Changed cells of a grid are gathered into regions that touch or nearly touch.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from bihuan.exchange.drawings.grid import share_under

Gray = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

LONGEST = 1200  # pixels of the longer side while comparing
THUMB = 32  # pixels of the small pictures
CELL = 8  # pixels of a cell of the grid
THRESHOLD = 40  # of 255: fainter differences are compression and anti-aliasing
_GAP = 0.2  # likeness below which a page was rather removed and another one put in
_PLACE = 0.25  # what the same place counts, from the first page or from the last
_MOST_REGIONS = 60
_MOST_LINES = 40

Pair = tuple[int | None, int | None]


@dataclass(frozen=True)
class Change:
    """What changed on one pair of pages.

    `share` of the grid's cells changed; `regions` as x, y, w, h in fractions of the newer page;
    `mask` the grid itself, row by row, as hexadecimal of its bits.
    """

    share: float
    regions: tuple[tuple[float, float, float, float], ...]
    rows: int
    columns: int
    mask: str


@dataclass(frozen=True)
class Face:
    """A page as it is told from others: a small picture and its words."""

    small: Gray
    words: frozenset[str] = frozenset()


def matched(old: Sequence[Face], new: Sequence[Face]) -> list[Pair]:
    """Which page became which, in order: (old, new) from 0, None where there is no other side."""
    likeness = _likeness(old, new)
    n, m = likeness.shape
    # Pages that look alike are worth more than two gaps; unlike ones are worth less.
    best = np.zeros((n + 1, m + 1))
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            step = best[i - 1, j - 1] + likeness[i - 1, j - 1] - _GAP
            best[i, j] = max(step, best[i - 1, j], best[i, j - 1])
    pairs: list[Pair] = []
    i, j = n, m
    while i and j:
        step = best[i - 1, j - 1] + likeness[i - 1, j - 1] - _GAP
        if np.isclose(best[i, j], step):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif best[i, j] == best[i, j - 1]:
            j -= 1
            pairs.append((None, j))
        else:
            i -= 1
            pairs.append((i, None))
    pairs += [(None, at) for at in reversed(range(j))] + [(at, None) for at in reversed(range(i))]
    return pairs[::-1]


def _likeness(old: Sequence[Face], new: Sequence[Face]) -> npt.NDArray[np.float64]:
    """0 for pages that have nothing in common, 1 for the same page, more in the same place.

    The better of two likenesses, old × new: correlation of the small pictures, shared words.
    """
    first, second = (_centred([face.small for face in faces]) for faces in (old, new))
    found = np.clip(first @ second.T, 0, 1)
    for i, a in enumerate(old):
        for j, b in enumerate(new):
            either = len(a.words | b.words)
            if either and found[i, j] < 1:
                found[i, j] = max(found[i, j], len(a.words & b.words) / either)
            if i == j or len(old) - i == len(new) - j:
                found[i, j] += _PLACE
    return np.asarray(found)


def _centred(pages: Sequence[Gray]) -> npt.NDArray[np.float64]:
    flat = np.stack([page.astype(float).ravel() for page in pages])
    # The same constant is added to all, so that two blank pages are alike and not undefined.
    same = np.full((len(flat), 1), 8.0)
    flat = np.concatenate([flat - flat.mean(axis=1, keepdims=True), same], axis=1)
    return np.asarray(flat / np.linalg.norm(flat, axis=1, keepdims=True))


def change(old: Gray, new: Gray) -> Change:
    """What changed from one page to the other, both in the size of the newer one."""
    if old.shape != new.shape:
        raise ValueError("pages are compared in one size")
    cells = _cells(_differs(old, new))
    rows, columns = cells.shape
    bits = np.packbits(cells.ravel()).tobytes().hex() if cells.any() else ""
    return Change(float(cells.mean()), _regions(cells, new.shape), rows, columns, bits)


def _differs(old: Gray, new: Gray) -> Mask:
    """Pixels that are darker or lighter than every neighbour of theirs on the other page."""
    a, b = old.astype(np.int16), new.astype(np.int16)
    most, least = ndimage.maximum_filter, ndimage.minimum_filter
    outside_b = np.maximum(a - most(b, 3), least(b, 3) - a)
    outside_a = np.maximum(b - most(a, 3), least(a, 3) - b)
    found: Mask = np.maximum(outside_a, outside_b) > THRESHOLD
    return found


def _cells(pixels: Mask) -> Mask:
    height, width = pixels.shape
    rows, columns = -(-height // CELL), -(-width // CELL)
    padded = np.zeros((rows * CELL, columns * CELL), dtype=bool)
    padded[:height, :width] = pixels
    return np.asarray(padded.reshape(rows, CELL, columns, CELL).any(axis=(1, 3)), dtype=bool)


def _regions(cells: Mask, shape: tuple[int, ...]) -> tuple[tuple[float, float, float, float], ...]:
    """Boxes around changed cells that lie within two cells of each other, largest first."""
    around = np.ones((3, 3), dtype=bool)
    labels, count = ndimage.label(ndimage.binary_dilation(cells, around), around)
    height, width = shape
    boxes = []
    for at in ndimage.find_objects(labels, count):
        inside = np.argwhere(cells[at])
        if not len(inside):
            continue
        inside += np.array([at[0].start, at[1].start])
        (top, left), (bottom, right) = inside.min(axis=0), inside.max(axis=0) + 1
        x, y = left * CELL / width, top * CELL / height
        w = min(1.0, right * CELL / width) - x
        h = min(1.0, bottom * CELL / height) - y
        boxes.append((round(x, 4), round(y, 4), round(w, 4), round(h, 4)))
    boxes.sort(key=lambda box: -box[2] * box[3])
    return tuple(boxes[:_MOST_REGIONS])


def touched(change: Change, box: Sequence[float]) -> float:
    """The share of the cells under a rectangle (x, y, w, h) that changed."""
    return share_under(change.mask, change.rows, change.columns, box)


def words_changed(old: str, new: str) -> tuple[list[str], list[str]]:
    """Lines that went and lines that came, at most forty of each."""
    before, after = ([" ".join(line.split()) for line in t.splitlines()] for t in (old, new))
    gone: list[str] = []
    come: list[str] = []
    for line in difflib.ndiff([b for b in before if b], [a for a in after if a]):
        if line.startswith("- "):
            gone.append(line[2:200])
        elif line.startswith("+ "):
            come.append(line[2:200])
    return gone[:_MOST_LINES], come[:_MOST_LINES]
