"""催办: what would be sent today and to whom, what was sent, what was not yet mailed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from bihuan.base import clock
from bihuan.ledger import rules
from bihuan.ledger.models import Finding, Notice
from bihuan.ledger.queries import tables
from bihuan.ledger.queries.finding import visible_to
from bihuan.ledger.rules import time as timing
from bihuan.ledger.rules.tables import Row
from bihuan.people import queries as people
from bihuan.people.models import Post

# A mail that could not be sent is tried again on the days after; older slips are not dug up when
# an office switches its mail on.
MAIL_AGAIN = timedelta(days=7)

_WHO = ("to__person", "to__unit", "seen_by__person", "seen_by__unit")


@dataclass(frozen=True)
class Reminder:
    """One reminder that is due: about which finding, which rung of the ladder, to whom."""

    finding: Finding
    rung: Row
    to: Post | None


def reminders_due(day: date | None = None) -> list[Reminder]:
    """今天到级的催办：只看，不发。`services.remind` sends exactly these."""
    today, ladder = day or clock.today(), tables.table("ladder")
    ahead = max((row["days"] for row in ladder if row["when"] == "before"), default=0)
    waiting = Finding.objects.filter(
        state__in=rules.WITH_UNIT, due__lte=today + timedelta(days=ahead)
    )
    sent: dict[tuple[int, date], set[str]] = {}
    rungs = Notice.objects.filter(finding__in=waiting.order_by().values("pk"))
    for pk, due, rung in rungs.values_list("finding_id", "due", "rung"):
        sent.setdefault((pk, due), set()).add(rung)
    coming: list[tuple[Finding, Row]] = []
    about = ("lead_unit", "owner__person", "owner__unit", "leader__person", "leader__unit")
    for finding in waiting.select_related(*about).order_by("pk"):
        assert finding.due is not None
        row = timing.rung_due(
            ladder, due=finding.due, day=today, sent=sent.get((finding.pk, finding.due), ())
        )
        if row is not None:
            coming.append((finding, row))
    heads = _heads({f.lead_unit_id for f, _row in coming if f.lead_unit_id}, today)
    return [Reminder(f, row, _receiver(f, row["to"], heads)) for f, row in coming]


def _heads(units: Iterable[int], day: date) -> dict[int, Post]:
    """Who answers for each unit: its first person, else the longest in post."""
    held = Post.objects.filter(people.valid_on(day), unit__in=list(units))
    heads: dict[int, Post] = {}
    for post in held.select_related("person", "unit").order_by("-primary_owner", "pk"):
        heads.setdefault(post.unit_id, post)
    return heads


def _receiver(finding: Finding, whom: str, heads: dict[int, Post]) -> Post | None:
    """The owner, the head of the lead unit, or the leader; whoever of them there is."""
    head = heads.get(finding.lead_unit_id) if finding.lead_unit_id else None
    chosen = {"owner": finding.owner, "head": head, "leader": finding.leader}[whom]
    return chosen or finding.owner or head


def notices(by: Post, *, slip: str = "", unsigned: bool = False) -> QuerySet[Notice]:
    """此任职看得到的催办：看得到其问题的，和发给本任职的；新的在前。"""
    seen = visible_to(by).order_by().values("pk")
    found = Notice.objects.filter(Q(finding__in=seen) | Q(to=by))
    if slip:
        found = found.filter(slip=slip)
    if unsigned:
        found = found.filter(seen_at__isnull=True).exclude(slip="none")
    return found.select_related("finding__lead_unit", *_WHO).order_by("-pk")


def not_mailed(day: date | None = None) -> list[Notice]:
    """Slips of the last days that wait to be mailed: still with the unit, with a receiver."""
    since = (day or clock.today()) - MAIL_AGAIN
    waiting = Notice.objects.filter(
        mailed_at__isnull=True, day__gte=since, to__isnull=False, finding__state__in=rules.WITH_UNIT
    )
    return list(waiting.select_related("finding__lead_unit", *_WHO).order_by("to", "day", "pk"))


def by_receiver(found: Iterable[Notice]) -> Iterator[tuple[Post, list[Notice]]]:
    """Each receiver once, with all that is for them."""
    bundles: dict[int, list[Notice]] = {}
    for notice in found:
        if notice.to is not None:
            bundles.setdefault(notice.to.pk, []).append(notice)
    for bundle in bundles.values():
        assert bundle[0].to is not None
        yield bundle[0].to, bundle


def contact(post: Post) -> str:
    """The address to which mail for this post goes; empty if the register has none."""
    return str(getattr(post.person, "email", "") or "")
