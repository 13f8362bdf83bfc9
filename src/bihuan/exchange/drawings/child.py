"""The helper process: one request as JSON on stdin, lines of JSON on stdout, then it is gone.

    python -m bihuan.exchange.drawings.child

It runs apart so that a stranger's file can harm nothing but it: the parent limits its time, it
limits its own memory, and it writes no file but those that the request names.
"""

import contextlib
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from bihuan.exchange.drawings.raster import Faulty, Pages, encoded, framed

if TYPE_CHECKING:
    from bihuan.exchange.drawings import comparing

MEMORY = 3 * 1024**3  # bytes
Say = Callable[[Mapping[str, Any]], None]


def main() -> int:
    """Answer the request; what is wrong with a file as {"fault": code, "params": …}."""
    _limit()
    try:
        asked = json.load(sys.stdin)
        told = DOES[asked["do"]](asked, _say)
    except Faulty as faulty:
        told = {"fault": faulty.code, "params": faulty.params}
    except MemoryError:
        told = {"fault": "too_much", "params": {}}
    _say(told)
    return 0


def _say(told: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def _limit() -> None:
    """Less memory than the machine has; Windows knows no such limit."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _inspect(asked: Mapping[str, Any], _tell: Say) -> Mapping[str, Any]:
    pages = Pages(asked["path"])
    pages.image(0, 200)  # a file whose first page cannot be drawn is not taken
    return {"sizes": pages.sizes(), "scripts": pages.scripts}


def _picture(asked: Mapping[str, Any], _tell: Say) -> Mapping[str, Any]:
    """Pages as pictures: each of `pages` (from 0) into the file that stands beside it."""
    pages = Pages(asked["path"])
    for number, boxes, target in asked["pages"]:
        image = pages.image(number, asked["longest"])
        Path(target).write_bytes(encoded(framed(image, boxes), asked["kind"]))
    return {}


def _compare(asked: Mapping[str, Any], tell: Say) -> Mapping[str, Any]:
    """Two lists of files, each one version; its pages are counted through all of them."""
    from bihuan.exchange.drawings import comparing  # its libraries take a second to load

    old, new = (
        [(pages, n) for pages in map(Pages, asked[side]) for n in range(len(pages))]
        for side in ("old", "new")
    )
    faces = ([_face(*place) for place in places] for places in (old, new))
    pairs = comparing.matched(*faces)
    found = []
    for done, (before, after) in enumerate(pairs, start=1):
        pair: dict[str, Any] = {
            "old": None if before is None else before + 1,
            "new": None if after is None else after + 1,
        }
        if before is not None and after is not None:
            pair |= _changed(old[before], new[after])
        found.append(pair)
        tell({"done": done, "total": len(pairs)})
    return {"pairs": found}


def _face(pages: Pages, number: int) -> "comparing.Face":
    import numpy as np

    from bihuan.exchange.drawings import comparing

    size = (comparing.THUMB, comparing.THUMB)
    image = pages.image(number, comparing.THUMB * 4).convert("L")
    words = frozenset(pages.text(number).split())
    return comparing.Face(np.asarray(image.resize(size, Image.Resampling.BOX)), words)


def _changed(older: tuple[Pages, int], newer: tuple[Pages, int]) -> Mapping[str, Any]:
    """What changed on one pair of pages, in the size of the newer one."""
    import numpy as np

    from bihuan.exchange.drawings import comparing

    before, after = (p.image(n, comparing.LONGEST).convert("L") for p, n in (older, newer))
    if before.size != after.size:
        before = before.resize(after.size)
    change = comparing.change(np.asarray(before), np.asarray(after))
    gone, come = comparing.words_changed(older[0].text(older[1]), newer[0].text(newer[1]))
    return {
        "share": round(change.share, 5),
        "regions": change.regions,
        "rows": change.rows,
        "columns": change.columns,
        "mask": change.mask,
        "gone": gone,
        "come": come,
    }


DOES: Mapping[str, Callable[[Mapping[str, Any], Say], Mapping[str, Any]]] = {
    "inspect": _inspect,
    "picture": _picture,
    "compare": _compare,
}

if __name__ == "__main__":
    sys.exit(main())
