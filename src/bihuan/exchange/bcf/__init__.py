"""BCF (BIM Collaboration Format) 2.1 and 3.0: a file of review topics ⇄ plain rows.

`read(stream)` takes either edition, `write(board)` makes the one that the board names. A topic's
pin is a rectangle on a page, which BCF knows only for models: it travels as the fragment of a
document reference, `plan.pdf#page=3&xywh=percent:10,20,30,5` (RFC 8118 and W3C Media Fragments),
and once more as the lines of the viewpoint for whoever looks at that.
"""

from bihuan.exchange.bcf.reading import read
from bihuan.exchange.bcf.rows import (
    EDITIONS,
    Board,
    Comment,
    Fault,
    Pin,
    Snapshot,
    Topic,
    Unreadable,
)
from bihuan.exchange.bcf.writing import write

__all__ = [
    "EDITIONS",
    "Board",
    "Comment",
    "Fault",
    "Pin",
    "Snapshot",
    "Topic",
    "Unreadable",
    "read",
    "write",
]
