"""Drawings (图纸): PDF and pictures that strangers bring, opened, rasterised and compared.

Everything that touches such a file happens in a helper process with little time and memory
(`child`), reached through `process`; only `raster` knows pdfium and Pillow, only `comparing` does
arithmetic. No script in a PDF is ever run: pdfium is used without its script engine.
"""

from bihuan.exchange.drawings.grid import share_under
from bihuan.exchange.drawings.process import (
    Leaf,
    Look,
    Sheet,
    Unreadable,
    compare,
    inspect,
    look,
    picture,
)

__all__ = [
    "Leaf",
    "Look",
    "Sheet",
    "Unreadable",
    "compare",
    "inspect",
    "look",
    "picture",
    "share_under",
]
