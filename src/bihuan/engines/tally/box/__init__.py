"""The ballot box (票箱): one file per meeting that keeps sealed ballots and forgets their order.

`BallotBox` is the door; `casting` is what one batch does to the file, `writer` who waits for whom,
`checking` the plain judge of it all, `finishing` the steps that go one way.
"""

from bihuan.engines.tally.box.ballotbox import BallotBox
from bihuan.engines.tally.box.casting import Differs, Receipt, leaf_of
from bihuan.engines.tally.box.paper import check_of
from bihuan.engines.tally.box.reading import Proof, Right, Slips
from bihuan.engines.tally.box.refusals import (
    AnotherBallot,
    BoxExists,
    Busy,
    Copied,
    Forgotten,
    Full,
    Misshapen,
    NoFirstEntry,
    NoKey,
    NotABox,
    NotOpen,
    NotStored,
    NotYet,
    PapersPending,
    Refusal,
    Settled,
    TooLarge,
    TypedAlready,
    Unsound,
    VoidSlip,
    WrongCategory,
    WrongStep,
)
from bihuan.engines.tally.box.slips import Voided
from bihuan.engines.tally.box.writer import PROMPT, Pace

__all__ = [
    "PROMPT",
    "AnotherBallot",
    "BallotBox",
    "BoxExists",
    "Busy",
    "Copied",
    "Differs",
    "Forgotten",
    "Full",
    "Misshapen",
    "NoFirstEntry",
    "NoKey",
    "NotABox",
    "NotOpen",
    "NotStored",
    "NotYet",
    "Pace",
    "PapersPending",
    "Proof",
    "Receipt",
    "Refusal",
    "Right",
    "Settled",
    "Slips",
    "TooLarge",
    "TypedAlready",
    "Unsound",
    "VoidSlip",
    "Voided",
    "WrongCategory",
    "WrongStep",
    "check_of",
    "leaf_of",
]
