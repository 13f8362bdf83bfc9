"""QR codes (二维码) as SVG, for papers and for the screen."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import segno

from bihuan.exchange.paper.glyphs import Unprintable

_QUIET = 4  # modules around a code (ISO/IEC 18004)
_OVERLAP = 1.04  # rows of modules touch: no hair lines on the screen
_SHOWN = 40  # letters of a text that is refused


def qr_svg(text: str) -> str:
    """A QR code of level M or better, black on nothing, with its quiet zone; "" for no text.

    One module is one unit of the view box. Texts beyond ASCII are UTF-8. Nothing is kept:
    a code may be a ballot's. Raises `Unprintable`.
    """
    if not text:
        return ""
    encoding = None if text.isascii() else "utf-8"
    try:
        code = segno.make(text, error="m", micro=False, encoding=encoding)
    except segno.DataOverflowError as error:
        raise Unprintable("qr_too_long", text=f"{text[:_SHOWN]}…") from error
    side = len(code.matrix) + 2 * _QUIET
    path = "".join(
        f"M{x + _QUIET} {y + _QUIET}h{width}v{_OVERLAP}h-{width}z"
        for y, row in enumerate(code.matrix)
        for x, width in _runs(row)
    )
    box = f'viewBox="0 0 {side} {side}" width="{side}" height="{side}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}><path d="{path}"/></svg>'


def _runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where black begins and how many modules it lasts."""
    at = 0
    for black, modules in groupby(row):
        width = len(list(modules))
        if black:
            yield at, width
        at += width
