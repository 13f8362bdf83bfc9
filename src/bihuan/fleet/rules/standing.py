"""What may be said of a section in a span of time: proven, reported, partly, not proven, not done.

"Not done" is a statement about the world and needs its own proof: tracks without a hole of every
vehicle that was on duty. Where one of them was out of hearing, nobody knows, and that is what is
said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WHOLE = 0.9  # [P] share of a section that counts as all of it: matching loses its ends
HOLE_MS = 120_000  # [P] a vehicle not heard for two minutes may have been anywhere


@dataclass(frozen=True)
class Done:
    """What one pass says: how much of the section, by what source, which way, until when (ms)."""

    share: float
    source: str
    direction: str
    to_ms: int


@dataclass(frozen=True)
class Hole:
    """A stretch of time in which a vehicle on duty was not heard."""

    vehicle: int
    from_ms: int
    until_ms: int


def standing(passes: Iterable[Done], *, holes: bool, ways: int = 1) -> str:
    """How a section stands; `holes` says whether some vehicle on duty was out of hearing.

    Of a street with two `ways`, both must have been driven: each by a pass of its own direction.
    """
    known = list(passes)
    best: dict[str, float] = {}
    for one in known:
        if one.source == "matched":
            best[one.direction] = max(best.get(one.direction, 0.0), one.share)
    both = best.get("both", 0.0)
    shares = [max(both, best.get(way, 0.0)) for way in ("along", "against")]
    if (min(shares) if ways > 1 else max(shares)) >= WHOLE:
        return "proven"
    if any(one.source == "reported" for one in known):
        return "reported"
    if best:
        return "partly"
    return "not_proven" if holes else "not_done"


def holes(
    vehicle: int, heard_ms: Sequence[int], from_ms: int, until_ms: int, longest_ms: int = HOLE_MS
) -> list[Hole]:
    """When a vehicle was not heard between two moments; `heard_ms` ascends."""
    found, before = [], from_ms
    for at in [*heard_ms, until_ms]:
        at = min(max(at, from_ms), until_ms)
        if at - before > longest_ms:
            found.append(Hole(vehicle, before, at))
        before = max(before, at)
    return found


def standings(
    ways: Mapping[str, int], passes: Mapping[str, Sequence[Done]], *, holes: bool
) -> dict[str, str]:
    """How each of these sections stands; `ways` says of each whether it is driven both ways."""
    return {code: standing(passes.get(code, ()), holes=holes, ways=n) for code, n in ways.items()}
