"""The rows of a BCF file, its limits, and how a pin is spelled in the address of a document."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

Edition = Literal["2.1", "3.0"]
EDITIONS: Final[tuple[Edition, ...]] = ("2.1", "3.0")

MOST_TOPICS = 2_000
MOST_ENTRIES = 20_000
LARGEST_FILE = 64 * 1024 * 1024  # bytes of the zip itself
LARGEST_WHOLE = 256 * 1024 * 1024  # bytes unpacked, all together
LARGEST_XML = 2 * 1024 * 1024
LARGEST_SNAPSHOT = 8 * 1024 * 1024


@dataclass(frozen=True)
class Pin:
    """Where on a document: page from 1, and a rectangle in fractions of it from the top left."""

    page: int
    x: float = 0.0
    y: float = 0.0
    w: float = 1.0
    h: float = 1.0


@dataclass(frozen=True)
class Comment:
    """One comment under a topic."""

    guid: str
    at: datetime | None
    author: str
    text: str


@dataclass(frozen=True)
class Snapshot:
    """A picture of what is meant, PNG or JPEG."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Topic:
    """A topic: what is asked for, how it stands, where it is pinned."""

    guid: str
    title: str
    kind: str = ""
    status: str = ""
    priority: str = ""
    labels: tuple[str, ...] = ()
    created: datetime | None = None
    author: str = ""
    assigned_to: str = ""
    stage: str = ""
    due: date | None = None
    description: str = ""
    document: str = ""
    pin: Pin | None = None
    comments: tuple[Comment, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()


@dataclass(frozen=True)
class Fault:
    """What is wrong in one topic: a code, and the folder of the topic in the file."""

    code: str
    folder: str


@dataclass(frozen=True)
class Board:
    """All topics of one file. `notes` says what was left aside without harm to its topic."""

    edition: Edition
    project: str
    topics: tuple[Topic, ...]
    notes: tuple[Fault, ...] = ()


class Unreadable(Exception):  # noqa: N818 - an answer about the file, not an error of the program
    """The whole file cannot be taken: `code` and `params`, or the faults of its topics."""

    def __init__(self, code: str, faults: tuple[Fault, ...] = (), **params: object) -> None:
        self.code, self.faults, self.params = code, faults, params
        super().__init__(code)


def fragment(pin: Pin) -> str:
    """The end of an address that leads to a pin.

    >>> fragment(Pin(3, 0.1, 0.2, 0.3, 0.05))
    '#page=3&xywh=percent:10,20,30,5'
    """
    parts = ",".join(f"{round(100 * each, 3):g}" for each in (pin.x, pin.y, pin.w, pin.h))
    return f"#page={pin.page}&xywh=percent:{parts}"


_PAGE = re.compile(r"[#&]page=(\d{1,5})(?:&|$)", re.ASCII)
_NUMBER = r"(\d{1,3}(?:\.\d{1,9})?)"
_XYWH = re.compile(rf"[#&]xywh=percent:{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}(?:&|$)", re.ASCII)


def pin_in(address: str) -> Pin | None:
    """The pin that an address leads to; None if it leads to no page or to none that can be."""
    page, box = _PAGE.search(address), _XYWH.search(address)
    if page is None or int(page[1]) < 1:
        return None
    if box is None:
        return Pin(int(page[1]))
    x, y, w, h = (float(each) / 100 for each in box.groups())
    if w <= 0 or h <= 0 or x + w > 1.0005 or y + h > 1.0005:
        return Pin(int(page[1]))
    return Pin(int(page[1]), x, y, min(w, 1 - x), min(h, 1 - y))
