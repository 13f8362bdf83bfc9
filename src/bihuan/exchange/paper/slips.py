"""Slips (票证): what is cut apart and handed out: voting slips, paper ballots, check-in tickets.

No person stands on a voting slip or a ballot; a check-in ticket is a person's and opens no box.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.exchange.paper.document import (
    BALLOT,
    CARDS,
    QR,
    Card,
    Cards,
    Document,
    Facts,
    PageBreak,
    Paragraph,
    Part,
    TickGroup,
    Ticks,
    Title,
)

HOW_TO_VOTE = (
    "用手机扫码，或在会场网址输入号码。",
    "不记名，限用一次；交票后不能更改。",
)
BALLOT_RULES = (
    "每个单位的每个测评项只选一格，在方框内打「√」。",
    "一项选两格以上的，该项作废；不选的，该项记为空白。",
    "不要写姓名，不要在票面上做其他记号。",
)


@dataclass(frozen=True)
class VotingSlip:
    """一张测评票证：供人读的号码、扫码内容、人员类别。"""

    code: str
    qr: str
    category: str


@dataclass(frozen=True)
class SlipSheet:
    """一批测评票证，每页十张，按裁切线裁开。"""

    meeting: str
    date_text: str
    slips: Sequence[VotingSlip]
    how: tuple[str, ...] = HOW_TO_VOTE
    mark: str = ""


@dataclass(frozen=True)
class PaperBallots:
    """同一类人员的一批纸质测评票：每票另起一张纸，打勾表排不下时续页，每页重复票号。"""

    meeting: str
    date_text: str
    slips: Sequence[VotingSlip]
    units: Sequence[str]
    items: Sequence[str]
    grades: tuple[str, ...]
    rules: tuple[str, ...] = BALLOT_RULES
    abstain: bool = True  # a box to abstain beside the grades of each item
    mark: str = ""


@dataclass(frozen=True)
class Ticket:
    """一张签到凭证：给谁（姓名或职务）、单位、座位。"""

    code: str
    qr: str
    holder: str
    unit: str = ""
    category: str = ""
    seat: str = ""


@dataclass(frozen=True)
class TicketSheet:
    """一批签到凭证，每页十张。"""

    meeting: str
    date_text: str
    place: str
    tickets: Sequence[Ticket]
    mark: str = ""


def voting_slips(sheet: SlipSheet) -> Document:
    """测评票证。"""
    lines = (*sheet.how, sheet.date_text) if sheet.date_text else sheet.how
    cards = [
        Card(sheet.meeting, slip.category, slip.qr, slip.code, lines, sheet.mark)
        for slip in sheet.slips
    ]
    return Document(f"{sheet.meeting}测评票证", (Cards(cards),), CARDS)


def paper_ballots(batch: PaperBallots) -> Document:
    """纸质测评票。"""
    options = (*batch.grades, "弃权") if batch.abstain else batch.grades
    groups = tuple(TickGroup(item, options) for item in batch.items)
    parts: list[Part] = []
    for number, slip in enumerate(batch.slips):
        if number:
            parts.append(PageBreak(odd=True))
        parts += [
            Title("测评票", over=batch.meeting),
            Facts((("时间", batch.date_text), ("人员类别", slip.category)), per_row=2),
            QR(slip.qr, (f"票号　{slip.code}", *batch.rules), size=30),
            Ticks("单位", batch.units, groups, running=f"票号　{slip.code}"),
            Paragraph("填好后对折，投入票箱。", align="centre", indent=False),
        ]
    return Document(f"{batch.meeting}测评票", parts, BALLOT, batch.mark)


def check_in_tickets(sheet: TicketSheet) -> Document:
    """签到凭证。"""
    when = "　".join(text for text in (sheet.date_text, sheet.place) if text)
    cards = []
    for ticket in sheet.tickets:
        seat = f"座位：{ticket.seat}" if ticket.seat else ""
        lines = (ticket.unit, seat, when, "入场时出示；只用于签到，不能投票。")
        cards.append(
            Card(
                f"{sheet.meeting}签到凭证",
                "　".join(text for text in (ticket.holder, ticket.category) if text),
                ticket.qr,
                ticket.code,
                tuple(line for line in lines if line),
                sheet.mark,
            )
        )
    return Document(f"{sheet.meeting}签到凭证", (Cards(cards),), CARDS)
