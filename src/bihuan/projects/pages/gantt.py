"""A time axis over a table: each row has its bar, drawn as SVG inside the cell.

The dates stand beside the bar in words, so that nothing is lost without the picture, in greyscale
or on paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.ui.table import Tone

WIDTH = 1000


@dataclass(frozen=True)
class Bar:
    """A span of days, both ends included; `lane` 1 is the thin lower one."""

    start: date
    finish: date
    tone: Tone = "info"
    lane: int = 0


@dataclass(frozen=True)
class Track:
    """One row: its name, its bars, what they say in words."""

    name: str
    bars: tuple[Bar, ...]
    words: str = ""
    tone: Tone = "plain"
    href: str = ""


@dataclass(frozen=True)
class Box:
    """A bar in the units of the picture."""

    x: int
    width: int
    y: int
    height: int
    tone: Tone


@dataclass(frozen=True)
class Line:
    """A row with its boxes, and where today is in it."""

    track: Track
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Gantt:
    """时间轴：一行一条，上面一条是现在的计划，下面细的一条是基线。"""

    title: str
    lines: tuple[Line, ...]
    first: str
    last: str
    today: int | None
    legend: str
    heading: str = ""
    words: str = ""
    picture: str = ""
    width: int = WIDTH

    template: ClassVar[str] = "projects/parts/gantt.html"


def scaled(title: str, tracks: Sequence[Track], today: date, legend: str) -> Gantt:
    """Tracks laid on one common axis."""
    bars = [bar for track in tracks for bar in track.bars]
    first = min(bar.start for bar in bars)
    last = max(bar.finish for bar in bars)
    span = (last - first).days + 1

    def at(day: date) -> int:
        return round(WIDTH * (day - first).days / span)

    def box(bar: Bar) -> Box:
        left, right = at(bar.start), at(bar.finish) + max(round(WIDTH / span), 4)
        y, height = (2, 12) if bar.lane == 0 else (16, 6)
        return Box(left, max(min(right, WIDTH) - left, 4), y, height, bar.tone)

    lines = tuple(Line(track, tuple(box(bar) for bar in track.bars)) for track in tracks)
    inside = at(today) if first <= today <= last else None
    return Gantt(
        title,
        lines,
        clock.in_words(first),
        clock.in_words(last),
        inside,
        legend,
        _("任务"),
        _("日期"),
        _("时间轴"),
    )
