"""Verification (核验): does a bundle hold, by itself and against what others kept?

Every check answers with all it found. Nothing in a bundle is believed because the bundle says it:
what counts is the final head's signature, the key and the heads that the reader brings along.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bihuan.engines.tally.bundle import FULL
from bihuan.engines.tally.faults import Fault, Unfit
from bihuan.engines.tally.verify import against, results, signed
from bihuan.engines.tally.verify.against import Seen, recount
from bihuan.engines.tally.verify.opened import Opened, opened

__all__ = ["Check", "Opened", "Seen", "opened", "recount", "verify"]


@dataclass(frozen=True)
class Check:
    """一步核验：passed when nothing was found; asked is False where there was nothing to check."""

    name: str
    faults: tuple[Fault, ...] = ()
    asked: bool = True

    @property
    def passed(self) -> bool:
        return not self.faults


def verify(
    raw: Any,
    *,
    log_public: bytes | None = None,
    seen: Sequence[Seen] = (),
    other: Any = None,
) -> list[Check]:
    """核验一个包：every check in order, each with all that it found.

    log_public: the box's log key, known from elsewhere (it is printed on the result sheet);
    seen: heads kept by people in the hall; other: another bundle of the same box.
    """
    try:
        found = opened(raw)
    except Unfit as refusal:
        return [Check("form", refusal.faults)]
    asked: dict[str, Callable[[], Iterable[Fault]] | None] = {
        "form": lambda: (),
        "plan": lambda: signed.plan(found),
        "key": (lambda: signed.log_key(found, log_public)) if log_public is not None else None,
        "heads": lambda: signed.heads_hold(found),
        "leaves": lambda: signed.leaves(found),
        "final": lambda: signed.final(found),
        "stations": (lambda: signed.stations(found)) if found.plan.signers > 1 else None,
        "columns": lambda: signed.columns(found),
        "reconciliation": lambda: signed.reconciliation(found),
        "told": lambda: results.told(found),
        "full": (lambda: results.full(found)) if raw["kind"] == FULL else None,
        "seen": (lambda: against.on_log(found, seen)) if seen else None,
        "other": (lambda: against.same_story(found, other)) if other is not None else None,
    }
    return [
        Check(name, asked=False) if check is None else Check(name, tuple(check()))
        for name, check in asked.items()
    ]
