"""What is told of one vehicle's track: a fault code for each thing that was found and set aside."""

from bihuan.engines.routing.faults import Fault
from bihuan.engines.routing.matching.datum import Found
from bihuan.engines.routing.matching.model import (
    BAD_PLACE,
    BAD_TIME,
    FAR_AWAY,
    IMPOSSIBLE,
    OFF_ROAD,
    REPEATED,
    USED,
    Bytes,
    Driven,
)

_TOLD = {
    BAD_TIME: "match_bad_time",
    REPEATED: "match_repeated",
    BAD_PLACE: "match_bad_place",
    FAR_AWAY: "match_far_away",
    IMPOSSIBLE: "match_impossible",
    OFF_ROAD: "match_off_road",
}


def notes(
    vehicle: str,
    points: int,
    fate: Bytes,
    datum: Found,
    backwards: int,
    given: str,
    driven: Driven,
) -> tuple[Fault, ...]:
    """In the order in which somebody would look for the cause."""
    out: list[Fault] = []

    def tell(code: str, **params: object) -> None:
        out.append(Fault(code, {"vehicle": vehicle, "points": points, **params}))

    if points == 0:
        tell("match_no_points")
        return tuple(out)
    if datum.swapped:
        tell("match_swapped")
    if not given and datum.datum != "wgs84":
        tell("match_datum", datum=datum.datum, metres=round(datum.shift_m))
    if backwards:
        tell("match_clock_back", n=backwards)
    for code, name in _TOLD.items():
        count = int((fate == code).sum())
        if count:
            tell(name, n=count)
    used = int((fate == USED).sum())
    if used == 1:
        tell("match_one_point")
    elif used == 0:
        tell("match_nothing_used")
    inferred = float((driven.to_m - driven.from_m)[~driven.seen].sum())
    if inferred >= 1:
        tell("match_inferred", metres=round(inferred))
    breaks = len(set(driven.part.tolist())) - 1
    if breaks > 0:
        tell("match_breaks", n=breaks)
    return tuple(out)
