"""Questions about polls: who may see one, the roll, the turnout as it may be told, the numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.ballots import bridge, rules
from bihuan.ballots.models import Lot, Poll, Station, Ticket, Voter
from bihuan.base.errors import NotFound, Refused
from bihuan.engines.tally.plan import Plan
from bihuan.people import queries as people
from bihuan.people.models import Post

# Once frozen, plan and keys never change, and every phone asks for them: kept per process.
_frozen: dict[str, "Fixed"] = {}


@dataclass(frozen=True)
class Fixed:
    """What never changes again once a poll is frozen."""

    pk: int
    slug: str
    box: bytes
    plan: Plan
    keys: Mapping[str, Any]

    @property
    def box_id(self) -> str:
        return self.box.hex()


def polls(by: Post) -> QuerySet[Poll]:
    """Polls whose desk this post may stand at."""
    return Poll.objects.all() if stands_at_desks(by) else Poll.objects.none()


def stands_at_desks(by: Post) -> bool:
    """May this post do anything at the desk of a vote?"""
    return any(people.may(by, verb) for verb in ("ballots.run", "ballots.type", "ballots.chair"))


def named(part: Mapping[str, Any]) -> str:
    """The name of a part of the plan in the reader's language."""
    english = part.get("name_en", "")
    return str(english if english and get_language() == "en" else part["name"])


def poll(slug: str) -> Poll:
    """The poll at an address."""
    found = Poll.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(_("没有这次投票。请核对票上的地址，或问会务人员。"))
    return found


def locked(poll: Poll) -> Poll:
    """The poll as it stands now, held until the transaction ends."""
    return Poll.objects.select_for_update().get(pk=poll.pk)


def fixed(slug: str) -> Fixed:
    """Plan and keys of a poll that is frozen."""
    if slug in _frozen:
        return _frozen[slug]
    found = poll(slug)
    if found.phase == "draft":
        raise NotFound(_("这次投票还没有定稿。请稍后再来。"))
    kept = Fixed(
        found.pk, slug, bytes.fromhex(found.box_id), bridge.read_plan(found.plan), found.keys
    )
    if found.phase != "frozen":  # until then a second signer may still bring keys
        _frozen[slug] = kept
    return kept


def phase(slug: str) -> str:
    """The phase alone: one small question."""
    return Poll.objects.values_list("phase", flat=True).get(slug=slug)


def voters(poll: Poll, asked: str = "") -> QuerySet[Voter]:
    """The roll; with a text, those whose name, unit or number it fits."""
    found = poll.voters.select_related("unit").order_by("number")
    if asked := asked.strip():
        fits = Q(name__icontains=asked) | Q(unit__name__icontains=asked)
        if asked.isdecimal():
            fits |= Q(number=int(asked))
        found = found.filter(fits)
    return found


def ticket_of(poll_pk: int, digest: str) -> Ticket | None:
    """The ticket with this code, if it belongs to this poll."""
    found = Ticket.objects.select_related("voter").filter(digest=digest, voter__poll_id=poll_pk)
    return found.first()


def lots(poll: Poll) -> dict[str, Lot]:
    """Printed slips by category."""
    return {lot.category: lot for lot in poll.lots.all()}


def station(poll: Poll) -> Station | None:
    """The scrutineer's own signing station, if one has signed on."""
    return Station.objects.filter(poll=poll).first()


@dataclass(frozen=True)
class Numbers:
    """Of one category: due on the roll, present, given a token, given a slip; slips printed,
    handed back unused."""

    due: int
    present: int
    tokens: int
    slips: int
    printed: int
    returned: int

    @property
    def issued(self) -> int:
        return self.tokens + self.slips


def numbers(poll: Poll) -> dict[str, Numbers]:
    """By category, counted from the roll."""
    rows = poll.voters.order_by().values("category")
    counted = {
        row["category"]: row
        for row in rows.annotate(
            due=Count("pk"),
            present=Count("pk", filter=Q(present=True)),
            tokens=Count("pk", filter=Q(given="token")),
            slips=Count("pk", filter=Q(given="slip")),
        )
    }
    printed = lots(poll)
    found = {}
    for code in [category["code"] for category in poll.plan["categories"]]:
        row: Mapping[str, Any] = counted.get(code, {})
        lot = printed.get(code)
        found[code] = Numbers(
            due=row.get("due", 0),
            present=row.get("present", 0),
            tokens=row.get("tokens", 0),
            slips=row.get("slips", 0),
            printed=lot.printed if lot else 0,
            returned=lot.returned if lot else 0,
        )
    return found


def turnout(poll: Poll) -> tuple[int, int]:
    """How many ballots are in, as it may be told now, and of how many: whole steps while voting
    goes on, exact once it is closed."""
    issued = sum(one.issued for one in numbers(poll).values())
    if not rules.reached(poll.phase, "casting"):
        return 0, issued
    cast = bridge.box(poll.box_id).turnout()
    if not rules.reached(poll.phase, "closed"):
        cast = rules.stepped(cast, issued)
    return cast, issued


def counted(poll: Poll) -> Poll:
    """The poll, if it is counted; else a sentence."""
    if not rules.reached(poll.phase, "counted"):
        raise Refused(_("还没有计票，没有结果可看。"))
    return poll


def own_raters(poll: Poll) -> dict[tuple[str, str], int]:
    """（类别、单位）→ 名单上该单位的投票人数：本单位的票最多这么多张“本单位”。"""
    rows = poll.voters.exclude(unit=None).order_by().values("category", "unit__code")
    return {(row["category"], row["unit__code"]): row["n"] for row in rows.annotate(n=Count("pk"))}
