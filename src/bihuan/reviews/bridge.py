"""The bridge to the anonymous box: its plan in the engine's shape, and what was written in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from bihuan.ballots import bridge as ballots
from bihuan.ballots.models import Poll
from bihuan.base.text import shorten
from bihuan.engines.tally import columns, disclosure
from bihuan.reviews import rules
from bihuan.reviews.models import Review, Seat

BODY = "body"
_MEMBER = "member-"
_LONGEST = 500  # characters of one opinion


def box_plan(review: Review, seats: Sequence[Seat]) -> dict[str, Any]:
    """意见箱的方案：对班子一格，对每个成员一格，只写字不打分；一类人，不分来源。

    One category only: whether a branch or a customer wrote is already more than should be known.
    """
    members = [
        {
            "code": f"{_MEMBER}{seat.pk}",
            "name": f"{seat.order}. {seat}",
            "name_en": seat.post.title_en and f"{seat.order}. {seat.post.title_en}",
        }
        for seat in seats
    ]
    return {
        "kind": "opinions",
        "title": shorten(str(review), 100),
        "year": review.year,
        "categories": [{"code": "all", "name": "征求意见对象", "name_en": "Those asked"}],
        "subjects": [{"code": BODY, "name": "对班子", "name_en": "The leading body"}, *members],
        "remarks": True,
        "remark_most": _LONGEST,
        "own_subject": "allowed",
        "notes": {"warning": rules.WARNING},
    }


def written(poll: Poll) -> dict[int | None, tuple[str, ...]]:
    """What stood in the counted box: the member's key, None for the body → texts in no order.

    Empty where fewer than the plan's least number of ballots were accepted: the texts of a handful
    of people are no longer anonymous.
    """
    full: Mapping[str, Any] = poll.full or {}
    read = columns.Columns.read(full["full_columns"])
    told = disclosure.remarks(ballots.read_plan(poll.plan), read)
    return {
        None if code == BODY else int(code.removeprefix(_MEMBER)): texts
        for code, texts in told.items()
    }
