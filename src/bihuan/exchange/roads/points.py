"""Lines of a file as numbered points: two lines that name the same place meet there."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from bihuan.engines.routing.coordinates import to_wgs84

_DIGITS = 7  # a centimetre


@dataclass
class Points:
    """Places in the order in which they were first named."""

    places: dict[tuple[float, float], int] = field(default_factory=dict)

    def numbered(self, line: Iterable[tuple[float, float]]) -> tuple[int, ...]:
        """The numbers of a line's points; a point said twice in a row counts once."""
        numbers: list[int] = []
        for lon, lat in line:
            at = self.places.setdefault(
                (round(lon, _DIGITS), round(lat, _DIGITS)), len(self.places)
            )
            if not numbers or numbers[-1] != at:
                numbers.append(at)
        return tuple(numbers)

    def lonlat(self, datum: str) -> tuple[np.ndarray, np.ndarray]:
        """All places as WGS-84."""
        given = np.array(list(self.places), dtype=float).reshape(-1, 2)
        sound = bool((np.abs(given[:, 0]) <= 180).all() and (np.abs(given[:, 1]) <= 90).all())
        # Numbers that are no degrees are told by who builds the network, as they stand.
        return to_wgs84(given[:, 0], given[:, 1], datum if sound else "wgs84")


def pair(x: object, y: object) -> tuple[float, float] | None:
    """Two numbers, or None."""
    try:
        lon, lat = float(x), float(y)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return (lon, lat) if math.isfinite(lon) and math.isfinite(lat) else None
