"""What holds for papers and news whatever office issues them: plain data and functions."""

from bihuan.press.rules.checking import SENTENCES, Checked, Doubted, Found, Known, check
from bihuan.press.rules.states import (
    CHAIN,
    DISCLOSED_WITHIN,
    KINDS,
    PAPER_STATES,
    RELEASE_STATES,
    REVIEW,
    STEPS,
    Kind,
    forbidden,
    private,
)
from bihuan.press.rules.voice import OPINION_STATES, VISITS, Visits

__all__ = [
    "CHAIN",
    "DISCLOSED_WITHIN",
    "KINDS",
    "OPINION_STATES",
    "PAPER_STATES",
    "RELEASE_STATES",
    "REVIEW",
    "SENTENCES",
    "STEPS",
    "VISITS",
    "Checked",
    "Doubted",
    "Found",
    "Kind",
    "Known",
    "Visits",
    "check",
    "forbidden",
    "private",
]
