"""The grid of changed cells of a page, as it is stored: bits in rows, as hexadecimal."""

import math
from collections.abc import Sequence


def share_under(mask: str, rows: int, columns: int, box: Sequence[float]) -> float:
    """The share of the cells under a rectangle (x, y, w, h in fractions) that changed.

    `mask` is empty where nothing changed on the whole page.
    """
    if not mask:
        return 0.0
    bits = bytes.fromhex(mask)
    x, y, w, h = box
    top, left = min(rows - 1, int(y * rows)), min(columns - 1, int(x * columns))
    bottom = min(rows, max(top + 1, math.ceil((y + h) * rows)))
    right = min(columns, max(left + 1, math.ceil((x + w) * columns)))
    under = [row * columns + column for row in range(top, bottom) for column in range(left, right)]
    return sum(bits[at // 8] >> (7 - at % 8) & 1 for at in under) / len(under)
