"""Asking the helper process: what a file is, its pages as pictures, what changed between two."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

_MODULE = "bihuan.exchange.drawings.child"
_INSPECT_S, _PICTURE_S, _COMPARE_S = 60, 120, 3600
_together = threading.BoundedSemaphore(2)  # each may use some gigabytes

Tell = Callable[[int, int], None]
Box = tuple[float, float, float, float]  # x, y, w, h in fractions of the page, from the top left


class Unreadable(Exception):  # noqa: N818 - an answer about the file, not an error of the program
    """Why a file cannot be used: a code and what goes into its sentence."""

    def __init__(self, code: str, **params: object) -> None:
        self.code, self.params = code, params
        super().__init__(code)


@dataclass(frozen=True)
class Sheet:
    """A file that can be shown: width and height of each page, and how many scripts it carries."""

    sizes: tuple[tuple[float, float], ...]
    scripts: int

    @property
    def pages(self) -> int:
        return len(self.sizes)


@dataclass(frozen=True)
class Leaf:
    """A page to be pictured: its number from 0, rectangles to draw on it, where to write it."""

    number: int
    target: Path
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Look:
    """One pair of pages, numbered from 1 through all files of a version; None: no other side."""

    old: int | None
    new: int | None
    share: float = 0.0
    regions: tuple[Box, ...] = ()
    rows: int = 0
    columns: int = 0
    mask: str = ""
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()


def inspect(path: Path) -> Sheet:
    """What a file holds. Raises Unreadable."""
    told = _ask({"do": "inspect", "path": str(path)}, _INSPECT_S)
    return Sheet(tuple((w, h) for w, h in told["sizes"]), told["scripts"])


def picture(
    path: Path, leaves: Sequence[Leaf], *, longest: int, kind: Literal["png", "jpg"]
) -> None:
    """Write pages as pictures, the longer side `longest` pixels. Raises Unreadable."""
    pages = [(leaf.number, leaf.boxes, str(leaf.target)) for leaf in leaves]
    asked = {"do": "picture", "path": str(path), "pages": pages, "longest": longest, "kind": kind}
    _ask(asked, _PICTURE_S)


def compare(
    old: Sequence[Path], new: Sequence[Path], *, tell: Tell = lambda done, total: None
) -> tuple[Look, ...]:
    """What changed from the files of one version to those of another. Raises Unreadable.

    `tell(done, total)` is called after each pair; what it raises ends the helper process too.
    """
    asked = {"do": "compare", "old": [str(p) for p in old], "new": [str(p) for p in new]}
    told = _ask(asked, _COMPARE_S, tell)
    return tuple(look(pair) for pair in told["pairs"])


def look(pair: Mapping[str, Any]) -> Look:
    """One pair as it stands in JSON."""
    return Look(
        old=pair["old"],
        new=pair["new"],
        share=pair.get("share", 0.0),
        regions=tuple(tuple(box) for box in pair.get("regions", ())),
        rows=pair.get("rows", 0),
        columns=pair.get("columns", 0),
        mask=pair.get("mask", ""),
        gone=tuple(pair.get("gone", ())),
        come=tuple(pair.get("come", ())),
    )


def _ask(
    asked: Mapping[str, Any], seconds: float, tell: Tell = lambda done, total: None
) -> Mapping[str, Any]:
    with _together, subprocess.Popen(
        [sys.executable, "-I", "-m", _MODULE],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as child:  # fmt: skip
        clock = threading.Timer(seconds, child.kill)
        clock.start()
        try:
            return _heard(child, asked, tell)
        finally:
            late = clock.finished.is_set()
            clock.cancel()
            if not late:
                child.kill()


def _heard(
    child: "subprocess.Popen[bytes]", asked: Mapping[str, Any], tell: Tell
) -> Mapping[str, Any]:
    """The last line that the helper says; progress on the way is told."""
    if child.stdin is None or child.stdout is None:
        raise TypeError("the helper process has pipes")
    try:
        child.stdin.write(json.dumps(asked).encode())
        child.stdin.close()
    except BrokenPipeError as fault:
        raise Unreadable("too_much") from fault
    for line in child.stdout:
        said = json.loads(line)
        if "done" in said:
            tell(said["done"], said["total"])
        elif "fault" in said:
            raise Unreadable(said["fault"], **said["params"])
        else:
            return dict(said)
    # It died without a word: out of memory, out of time, or broken by the file.
    raise Unreadable("too_much")
