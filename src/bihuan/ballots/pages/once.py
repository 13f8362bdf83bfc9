"""What is shown this once: a ticket, slips, shares of the key, a station's word."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.ballots import bridge
from bihuan.ballots.models import Poll, Voter
from bihuan.ballots.pages import papers
from bihuan.ballots.pages.doors import qr
from bihuan.ballots.queries import named
from bihuan.base.errors import Refused
from bihuan.ui import printing
from bihuan.ui.panel import DetailPage, Facts, Link
from bihuan.ui.table import Cell


@dataclass(frozen=True)
class Strip:
    """One code to be shown once: a ticket on the screen or a slip on paper."""

    code: str
    qr: str
    category: str


@dataclass(frozen=True)
class Strips:
    """Codes that are shown this once: nobody can show them again."""

    title: str
    poll: str
    intro: str
    strips: tuple[Strip, ...]
    address: str
    back: str
    large: bool


def ticket(poll: Poll, of: Voter, code: str, base: str) -> Strips:
    """手机票：一个人的码，只显示这一次。"""
    return Strips(
        title=of.name,
        poll=poll.label(),
        intro=_("请用手机扫这个码，或在投票页输入下面的票证码。这张票证请留到投完票。"),
        strips=(_strip(poll, of.category, code, base),),
        address=base,
        back=reverse("ballots:roll", args=[poll.slug]),
        large=True,
    )


def slips(poll: Poll, category: str, codes: Sequence[str], base: str) -> Strips:
    """纸票：印出来裁开，扣着放，由本人随机抽取。"""
    return Strips(
        title=_("纸票"),
        poll=poll.label(),
        intro=_("请现在打印，裁开，扣着打乱。票码离开这一页就再也调不出来。"),
        strips=tuple(_strip(poll, category, code, base) for code in codes),
        address=base,
        back=poll.get_absolute_url(),
        large=False,
    )


def _strip(poll: Poll, category: str, code: str, base: str) -> Strip:
    name = next(named(c) for c in poll.plan["categories"] if c["code"] == category)
    return Strip(bridge.shown(code), qr(f"{base}#{code}", scale=4), name)


def shares(poll: Poll, given: Sequence[str]) -> DetailPage:
    """密钥份额：只显示这一次，一人一份，份额单就在这一页里。"""
    back = poll.get_absolute_url()
    if poll.led_elsewhere:
        back = poll.subject_url
    return DetailPage(
        title=_("密钥份额"),
        kicker=poll.label(),
        intro=_(
            "只显示这一次，服务器上没有留。请取份额单打印，一人一张当面封存，或当面抄走；"
            "凑够 %(need)d 份才能开箱，少了，这次投票就打不开了。"
        )
        % {"need": poll.plan["seal_need"]},
        links=(*_share_papers(poll, given), Link(_("已经交给各人，回到投票"), back)),
        panels=[
            Facts(
                _("第 %(n)d 份") % {"n": number},
                ((_("份额"), Cell(share, kind="code")),),
            )
            for number, share in enumerate(given, start=1)
        ],
    )


def _share_papers(poll: Poll, given: Sequence[str]) -> tuple[Link, ...]:
    """The sheets, held by the page itself; none on a machine without the typeface."""
    try:
        sheets = printing.within(_("份额单（PDF，一人一张）"), papers.shares(poll, given))
    except Refused:
        return ()
    return (replace(sheets, primary=True),)


def station(poll: Poll, word: str, base: str) -> DetailPage:
    """接入码：只显示这一次。"""
    command = f"bihuan meeting sign-station {base} --word {bridge.shown(word)}"
    return DetailPage(
        title=_("监票签名站的接入码"),
        kicker=poll.label(),
        intro=_("只显示这一次。监票人在自己的电脑上运行这一行，开到计票以后。"),
        links=(Link(_("回到投票"), poll.get_absolute_url(), primary=True),),
        panels=[Facts(_("命令"), ((_("运行"), Cell(command, kind="code")),))],
    )
