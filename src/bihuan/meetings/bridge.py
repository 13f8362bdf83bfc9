"""The bridge to the engine of ballots: a plan as the box reads it, and what the count gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bihuan.ballots import bridge as ballots
from bihuan.engines.tally import compose, verify
from bihuan.meetings import rules

_NO_BOX = "0" * 32


def check(document: Mapping[str, Any]) -> None:
    """Refuse a plan that no box could be counted by, with every reason."""
    ballots.read_plan({**box_plan(document, ""), "box": _NO_BOX})


def box_plan(document: Mapping[str, Any], digest: str) -> dict[str, Any]:
    """The plan in the engine's shape, without the number of its box; our `digest` noted in it."""
    grades = document["grades"]
    bands = [
        {"code": g["code"], "name": g["name"], "name_en": g["name_en"], "score": g["least"]}
        for g in grades
    ]
    bands[-1] |= {"score": None}  # the last one takes whatever is left
    cap = None
    if document["cap_grade"]:
        cap = {
            "grade": document["cap_grade"],
            "most": int(document["cap_most"]),
            "per": document["cap_per"],
            "void": document["cap_void"] if document["cap_per"] == "item" else "ballot",
        }
    return {
        "kind": "rating",
        "title": document["title"],
        "year": document["year"],
        "categories": document["categories"],
        "items": document["items"],
        "grades": [{key: g[key] for key in ("code", "name", "name_en", "points")} for g in grades],
        "subjects": [
            {**unit, "rated": unit["mode"] == "onsite" or document["rate_written"]}
            for unit in document["units"]
        ],
        "cap": cap,
        "own_subject": document["own"],
        "blanks": document["blanks"],
        "abstain": document["abstain"],
        "remarks": document["remarks"],
        "method": document["method"],
        "combine": True,
        "bands": bands,
        "ties": _ties(document),
        "min_cell": int(document["min_cell"]),
        "decimals": int(document["decimals"]),
        "parts": document["parts"],
        "signers": int(document["signers"]),
        "seal": document["seal"],
        "seal_need": int(document["share_need"]),
        "seal_of": int(document["share_of"]),
        "notes": {"plan": digest} if digest else {},
    }


def _ties(document: Mapping[str, Any]) -> list[str]:
    names = {
        "last_grade": document["grades"][-1]["code"],
        "first_item": document["items"][0]["code"],
    }
    return [link.format(**names) for link in rules.TIE_CHAINS[document["ties"]]]


# What the count gave ----------------------------------------------------------------------------

BALLOT = compose.BALLOT


@dataclass(frozen=True)
class Joined:
    """综合得分：一个单位各部分合成的分数；`missing` 是还没有数的部分，缺一项就不算。

    low and high are the limits within which it may be told, equal where the ballot's score is
    told exactly; `grades` are those that the limits leave open, best first.
    """

    low: Fraction | None
    high: Fraction | None
    grades: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def score(self) -> Fraction | None:
        """The one number to reckon with: exact, or the middle of what may be told."""
        return rules.middle(self.low, self.high)

    @property
    def grade(self) -> str:
        """The grade, where only one is possible."""
        return self.grades[0] if len(self.grades) == 1 else ""


Ends = tuple[Fraction | None, Fraction | None]


def joined(
    document: Mapping[str, Any],
    ballot: Mapping[str, Ends],
    entered: Mapping[str, Mapping[str, Fraction]],
) -> dict[str, Joined]:
    """Unit → composite by the engine, from what is told of the ballot (its lowest and highest
    score); `entered` is part → unit → marks.

    The other parts are known to the reader, so that an exact composite would give the exact score
    of the ballot away.
    """
    plan = ballots.read_plan({**box_plan(document, ""), "box": _NO_BOX})
    given = [
        compose.Marks(part.code, "", "", entered.get(part.code, {}))
        for part in plan.parts
        if part.code != BALLOT
    ]
    lows, highs = (
        compose.compose(plan, {unit: ends[end] for unit, ends in ballot.items()}, given)
        for end in (0, 1)
    )
    order = [grade["code"] for grade in document["grades"]]
    return {
        low.subject: Joined(
            low.total, high.total, _between(order, high.band, low.band), low.lacking
        )
        for low, high in zip(lows, highs, strict=True)
    }


def _between(order: list[str], best: str, worst: str) -> tuple[str, ...]:
    """The grades from the best to the worst that is possible; none where there is no score."""
    if best not in order or worst not in order:
        return ()
    return tuple(order[order.index(best) : order.index(worst) + 1])


def verified(bundle: Mapping[str, Any], log_public: str) -> list[dict[str, Any]]:
    """The published bundle judged by the code that did not make it: each check and its faults."""
    checks = verify.verify(bundle, log_public=bytes.fromhex(log_public))
    return [
        {"name": one.name, "asked": one.asked, "faults": ballots.sentences(one.faults)}
        for one in checks
    ]
