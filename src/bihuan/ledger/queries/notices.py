"""催办: what would be sent today and to whom, what was sent, what was not yet mailed."""

from collections.abc import Iterable, Iterator, Sequence
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
from bihuan.people.models import Post, Unit

_WHO = (
    "to__person",
    "to__unit",
    "by__person",
    "by__unit",
    "seen_by__person",
    "seen_by__unit",
)
_PAPER = ("finding__lead_unit", "finding__leader__person", "finding__leader__unit", *_WHO)


@dataclass(frozen=True)
class Reminder:
    """One reminder that is due: about which finding, which rung, in which form, to whom."""

    finding: Finding
    rung: Row
    slip: Row
    to: Post | None


@dataclass(frozen=True)
class Form:
    """What a notice was when it was sent: its rung and its slip, as the tables stood then."""

    rung: Row
    slip: Row


def reminders_due(
    day: date | None = None,
    *,
    among: QuerySet[Finding] | None = None,
    ladder: Sequence[Row] | None = None,
    slips: Sequence[Row] | None = None,
) -> list[Reminder]:
    """今天到级的催办：只看，不发。`services.remind` sends exactly these.

    `among` keeps to some findings; `ladder` and `slips` try out tables that do not hold yet.
    """
    forms = slips if slips is not None else tables.table("slips")
    free = {row["code"]: row for row in forms if not row["approval"]}
    return _reached(day or clock.today(), ladder, free, among)


def waiting_for_approval(
    day: date | None = None, *, among: QuerySet[Finding] | None = None
) -> list[Reminder]:
    """到级但须批准的：约谈、通报之类，批准后才发。Never sent by the daily run."""
    bound = {row["code"]: row for row in tables.table("slips") if row["approval"]}
    return _reached(day or clock.today(), None, bound, among) if bound else []


def _reached(
    today: date,
    ladder: Sequence[Row] | None,
    forms: dict[str, Row],
    among: QuerySet[Finding] | None,
) -> list[Reminder]:
    rungs = ladder if ladder is not None else tables.table("ladder")
    # Only findings whose deadline is near enough, or long enough past, for one of these rungs.
    latest = [timing.latest_due(row, today) for row in rungs if row["slip"] in forms]
    if not latest:
        return []
    waiting = (among if among is not None else Finding.objects.all()).filter(
        state__in=rules.WITH_UNIT, due__lte=max(latest)
    )
    sent: dict[tuple[int, date], set[str]] = {}
    told = Notice.objects.filter(finding__in=waiting.order_by().values("pk"))
    for pk, due, rung in told.values_list("finding_id", "due", "rung"):
        sent.setdefault((pk, due), set()).add(rung)
    coming: list[tuple[Finding, Row]] = []
    about = ("lead_unit", "owner__person", "owner__unit", "leader__person", "leader__unit")
    for finding in waiting.select_related(*about).order_by("pk"):
        assert finding.due is not None
        before = sent.get((finding.pk, finding.due), ())
        row = timing.rung_due(rungs, due=finding.due, day=today, sent=before, among=forms)
        if row is not None:
            coming.append((finding, row))
    heads = _heads({f.lead_unit_id for f, _row in coming if f.lead_unit_id}, today)
    return [
        Reminder(f, row, forms[row["slip"]], _receiver(f, row["to"], heads, today))
        for f, row in coming
    ]


def _heads(units: Iterable[int], day: date) -> dict[int, Post]:
    """Who answers for each unit: its first person, else the longest in post."""
    held = Post.objects.filter(people.valid_on(day), unit__in=list(units))
    heads: dict[int, Post] = {}
    for post in held.select_related("person", "unit").order_by("-primary_owner", "pk"):
        heads.setdefault(post.unit_id, post)
    return heads


def _receiver(finding: Finding, whom: str, heads: dict[int, Post], day: date) -> Post | None:
    """The owner, the head of the lead unit, or the leader; whoever of them is still in post."""
    head = heads.get(finding.lead_unit_id) if finding.lead_unit_id else None
    named = {"owner": finding.owner, "head": head, "leader": finding.leader}
    for post in (named[whom], finding.owner, head):
        if post is not None and people.holds(post, day):
            return post
    return None


def notices(by: Post, *, slip: str = "", unsigned: bool = False) -> QuerySet[Notice]:
    """此任职看得到的催办：看得到其问题的，和发给本任职的；新的在前。"""
    seen = visible_to(by).order_by().values("pk")
    found = Notice.objects.filter(Q(finding__in=seen) | Q(to=by))
    if slip:
        found = found.filter(slip=slip)
    if unsigned:
        found = found.filter(seen_at__isnull=True, to_sign=True)
    return found.select_related(*_PAPER).order_by("-pk")


def forms_of(found: Iterable[Notice]) -> dict[int, Form]:
    """The form of each notice as it was when it was sent, whatever was changed since."""
    rungs, slips = tables.Past("ladder"), tables.Past("slips")
    result = {}
    for notice in found:
        plain = {"code": notice.rung, "name": notice.name}
        rung = rungs.row(notice.rung, notice.created_at) or plain
        slip = slips.row(notice.slip, notice.created_at) or {**_BARE, **plain}
        result[notice.pk] = Form({**rung, "name": notice.name}, slip)
    return result


_BARE = {"tone": "quiet", "asks": ""}


def issuing_unit(notice: Notice) -> Unit | None:
    """Which unit a slip comes from: that of whoever sent it, else the office that assigns."""
    if notice.by is not None:
        return notice.by.unit
    posts = Post.objects.filter(people.valid_on(notice.day)).select_related("unit", "role")
    for post in posts.order_by("pk"):
        if "ledger.assign" in post.role.verbs and post.role.reach == "zone":
            return post.unit
    return None


def not_mailed(day: date | None = None) -> list[Notice]:
    """Notices of the last days that wait to be mailed: still with the unit, with a receiver.

    A mail that could not be sent is tried again on the days after; older ones are not dug up when
    an office switches its mail on.
    """
    since = (day or clock.today()) - timedelta(days=tables.limit("mail_again_days"))
    waiting = Notice.objects.filter(
        unclaimed(),
        mailed_at__isnull=True,
        day__gte=since,
        to__isnull=False,
        finding__state__in=rules.WITH_UNIT,
    )
    return list(waiting.select_related("finding__lead_unit", *_WHO).order_by("to", "day", "pk"))


CLAIM = timedelta(hours=1)  # by then a run that was sending mail is over, or dead


def unclaimed() -> Q:
    """The condition that no run is sending this notice at the moment."""
    return Q(claimed_at__isnull=True) | Q(claimed_at__lt=clock.now() - CLAIM)


def by_address(found: Iterable[Notice]) -> Iterator[tuple[str, list[Notice]]]:
    """Each address once with all that is for it; those without an address under ""."""
    bundles: dict[str, list[Notice]] = {}
    for notice in found:
        if notice.to is not None:
            bundles.setdefault(notice.to.person.email, []).append(notice)
    yield from bundles.items()
