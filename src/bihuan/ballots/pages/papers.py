"""Papers of a vote: slips and paper ballots, shares of the key, invitations to the door.

The office prints them in Chinese.
"""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import translation

from bihuan.ballots import bridge, queries
from bihuan.ballots.models import Poll
from bihuan.ballots.pages.doors import printed_rules
from bihuan.exchange.paper import Document
from bihuan.exchange.paper import shares as share_papers
from bihuan.exchange.paper import slips as slip_papers

_LANGUAGE = "zh-hans"


def mark(poll: Poll) -> str:
    """What stands on every card of a vote that is none."""
    return "演练" if poll.rehearsal else "示例数据" if poll.sample else ""


def slips(poll: Poll, category: str, codes: Sequence[str], base: str, *, paper: bool) -> Document:
    """纸票：裁开扣着抽的票证，或可以直接打勾的纸质测评票；同一个码只出现这一次。"""
    with translation.override(_LANGUAGE):
        plan = poll.plan
        name = next(one["name"] for one in plan["categories"] if one["code"] == category)
        cards = tuple(
            slip_papers.VotingSlip(bridge.shown(code), f"{base}#{code}", name) for code in codes
        )
        if not paper:
            return slip_papers.voting_slips(
                slip_papers.SlipSheet(poll.title, "", cards, mark=mark(poll))
            )
        return slip_papers.paper_ballots(
            slip_papers.PaperBallots(
                meeting=poll.title,
                date_text=str(plan["year"]),
                slips=cards,
                units=tuple(one["name"] for one in plan["subjects"] if one["rated"]),
                items=tuple(one["name"] for one in plan["items"]),
                grades=tuple(one["name"] for one in plan["grades"]),
                rules=(*slip_papers.BALLOT_RULES, *printed_rules(plan)),
                abstain=plan["abstain"],
                mark=mark(poll),
            )
        )


def shares(poll: Poll, given: Sequence[str]) -> Document:
    """密钥份额：一人一张。"""
    return share_papers.share_sheets(
        share_papers.ShareSheets(
            meeting=poll.title,
            date_text=str(poll.plan["year"]),
            shares=tuple(
                share_papers.KeyShare(number, "", text) for number, text in enumerate(given, 1)
            ),
            needed=poll.plan["seal_need"],
            public_key=poll.keys["seal"],
            mark=mark(poll),
        )
    )


def invitations(poll: Poll, host: str) -> Document:
    """签到凭证：每人一张，门口扫码即到本人的签到页；它开不了票箱。"""
    names = {one["code"]: one["name"] for one in poll.plan["categories"]}
    tickets = tuple(
        slip_papers.Ticket(
            code=str(voter.number),
            qr=host + reverse("ballots:voter", args=[poll.slug, voter.number]),
            holder=voter.name,
            unit=voter.unit.name if voter.unit else "",
            category=names.get(voter.category, ""),
        )
        for voter in queries.voters(poll)
    )
    return slip_papers.check_in_tickets(
        slip_papers.TicketSheet(
            meeting=poll.title,
            date_text=str(poll.plan["year"]),
            place="",
            tickets=tickets,
            mark=mark(poll),
        )
    )
