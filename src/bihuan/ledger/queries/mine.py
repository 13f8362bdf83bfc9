"""What waits for a post now, in groups by what to do next: the same answer as `possible`, in SQL.

`possible` asks one finding at a time and has the last word when something is done; here the same
rules stand as conditions, so that a clerk with 100,000 findings has the groups at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bihuan.base import clock
from bihuan.base.text import zh
from bihuan.ledger import rules
from bihuan.ledger.models import (
    Evidence,
    Extension,
    Finding,
    Measure,
    Notice,
    Progress,
    Verification,
)
from bihuan.ledger.queries import honest, tables
from bihuan.ledger.queries.cascade import without_living_owner
from bihuan.ledger.queries.finding import visible_to
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit


@dataclass(frozen=True)
class Turn:
    """One kind of next step: what it is called, what to do, the steps of which one is possible."""

    code: str
    label: str
    intro: str
    steps: tuple[str, ...]
    urgent: bool = True


TURNS = (
    Turn("sign", zh("待签收"), zh("确认收到；不属本单位的，写明理由退回。"), ("acknowledge",)),
    Turn("plan", zh("待定措施"), zh("写明验收标准和整改措施。"), ("plan",)),
    Turn(
        "carry",
        zh("待落实"),
        zh("落实措施，填报进展，提交佐证。"),
        ("report", "finish_measure", "submit_evidence"),
    ),
    Turn(
        "hand_in", zh("待申请销号"), zh("措施已落实、佐证已提交的，申请销号。"), ("request_close",)
    ),
    Turn("review", zh("到期检查"), zh("长期坚持的问题到了下次检查的日期。"), ("report",)),
    Turn("assign", zh("待交办"), zh("定下谁来改、何时改完。"), ("assign",)),
    Turn("owner", zh("待移交"), zh("牵头单位已撤并，须移交给接手的单位。"), ("hand_over",)),
    Turn("verify", zh("待核查"), zh("受理，核查，写明意见。"), ("take_up", "verify")),
    Turn("close", zh("待销号"), zh("核查已通过，可以销号。"), ("close",)),
    Turn("decide", zh("待审批延期"), zh("同意或不同意，写明意见。"), ("decide_extension",)),
    Turn(
        "recheck",
        zh("待回头看"),
        zh("销号已满规定的时间，或有纸面整改的迹象，再看一次。"),
        ("recheck",),
        urgent=False,
    ),
)
NOBODY = Q(pk__in=())


def turns(by: Post) -> dict[str, QuerySet[Finding]]:
    """轮到此任职办的问题，按下一步分组，每组时限早的在前；不会轮到的组不列。"""
    seen = visible_to(by)
    conditions = {turn.code: _CONDITIONS[turn.code](by) for turn in TURNS}
    return {
        code: in_order(seen.filter(condition))
        for code, condition in conditions.items()
        if condition is not NOBODY
    }


def waiting_for(by: Post, most: int) -> list[Finding]:
    """轮到此任职办的问题，最多 `most` 个，时限早的在前；回头看不急，另计。"""
    found: dict[int, Finding] = {}
    for turn in TURNS:
        condition = _CONDITIONS[turn.code](by) if turn.urgent else NOBODY
        if condition is not NOBODY:
            # Each kind by itself: the state leads every one of them to an index.
            found |= {f.pk: f for f in in_order(visible_to(by).filter(condition))[:most]}
    return sorted(found.values(), key=lambda f: (f.due or date.max, f.pk))[:most]


def slips_for(by: Post) -> QuerySet[Notice]:
    """待签收的督办单：发给此任职的，或其单位牵头的问题的；先发的在前。"""
    where = people.scope(by, "ledger.acknowledge")
    theirs = Q(to=by)
    if where.units is None:
        theirs |= Q(finding__lead_unit__isnull=False)
    elif where.units:
        theirs |= Q(finding__lead_unit__in=where.units)
    waiting = Notice.objects.filter(theirs, seen_at__isnull=True, to_sign=True)
    return waiting.select_related("finding__lead_unit").order_by("day", "pk")


def may_read_unit(unit: Unit, by: Post) -> bool:
    """May this post read a unit's page? Only where it sees everything the unit leads."""
    return people.may(by, "ledger.view", at=unit)


def in_order(found: QuerySet[Finding]) -> QuerySet[Finding]:
    """The earliest deadline first; drafts, which have none, last."""
    return found.order_by(F("due").asc(nulls_last=True), "pk")


def _at_lead(by: Post, verb: str) -> Q:
    where = people.scope(by, verb)
    if where.units is None:
        return Q(lead_unit__isnull=False)
    return Q(lead_unit__in=where.units) if where.units else NOBODY


def _at_part(by: Post, verb: str) -> Q:
    where = people.scope(by, verb)
    if where.units is None or not where.units:
        return _at_lead(by, verb)
    assisted = Finding.assist_units.through.objects.filter(unit__in=where.units)
    return Q(lead_unit__in=where.units) | Q(pk__in=assisted.values("finding_id"))


def _zone_wide(by: Post, verb: str) -> bool:
    return people.scope(by, verb).units is None


def _all(*conditions: Q) -> Q:
    """All of them; nobody's if one of them is."""
    if any(condition is NOBODY for condition in conditions):
        return NOBODY
    joined = Q()
    for condition in conditions:
        joined &= condition
    return joined


def judgeable(by: Post) -> Q:
    """What this person may judge: `queries.may_judge` as one condition."""
    theirs = set(people.posts_of(by.person).values_list("unit_id", flat=True))
    ever = list(by.person.posts.values_list("pk", flat=True))
    forbidden = {row["code"] for row in tables.table("conflicts") if row["forbids"]}
    leads = set(theirs)
    if "below" in forbidden:
        leads |= people.above(theirs)
    assisted = Finding.assist_units.through.objects.filter(unit__in=theirs).values("finding_id")
    acted = Q(lead_unit__in=leads) | Q(pk__in=assisted)
    for model in (Measure, Progress, Evidence, Extension):
        rows = model._default_manager.filter(by__in=ever)
        acted |= Q(pk__in=rows.order_by().values("finding_id"))
    acted |= Q(pk__in=Measure.objects.filter(done_by__in=ever).order_by().values("finding_id"))
    named = ["acknowledged_by", "requested_by", "owner"]
    named += ["leader"] if "leader" in forbidden else []
    named += ["raised_by"] if "raised" in forbidden else []
    for name in named:
        acted |= Q(**{f"{name}__in": ever})
    return ~acted


def _evidence() -> QuerySet[Evidence]:
    return Evidence.objects.filter(finding=OuterRef("pk"), round=OuterRef("round"))


def _passed() -> QuerySet[Verification]:
    this_round = Verification.objects.filter(finding=OuterRef("pk"), round=OuterRef("round"))
    return this_round.filter(passed=True)


def _worked() -> Q:
    """Evidence in this round, and no measure left to carry out."""
    undone = Measure.objects.filter(finding=OuterRef("pk"), done_on__isnull=True)
    return Q(Exists(_evidence())) & ~Q(Exists(undone))


def _signed() -> Coalesce:
    """How many different persons have passed it in this round."""
    by_finding = _passed().order_by().values("finding")
    return Coalesce(
        Subquery(by_finding.annotate(n=Count("by__person", distinct=True)).values("n")), 0
    )


def _to_sign(by: Post) -> Q:
    return _all(Q(state="assigned"), _at_lead(by, "ledger.acknowledge"))


def _to_plan(by: Post) -> Q:
    return _all(Q(state="acknowledged"), _at_lead(by, "ledger.plan"))


def _to_carry(by: Post) -> Q:
    return _all(Q(state="rectifying"), _at_part(by, "ledger.submit"), ~_worked())


def _to_hand_in(by: Post) -> Q:
    return _all(Q(state="rectifying"), _at_lead(by, "ledger.submit"), _worked())


def _to_review(by: Post) -> Q:
    due = Q(state="long_term", due__lte=clock.today())
    return _all(due, _at_part(by, "ledger.submit"))


def _to_assign(by: Post) -> Q:
    return Q(state="draft") if _zone_wide(by, "ledger.assign") else NOBODY


def _without_owner(by: Post) -> Q:
    if not _zone_wide(by, "ledger.assign"):
        return NOBODY
    return Q(pk__in=without_living_owner().order_by().values("pk"))


def _to_verify(by: Post) -> Q:
    if not _zone_wide(by, "ledger.verify"):
        return NOBODY
    mine = Q(Exists(_passed().filter(by__person=by.person_id)))
    unsigned = ~mine & Q(signatures__gt=_signed())
    return judgeable(by) & (Q(state="requested") | (Q(state="checking") & unsigned))


def _to_close(by: Post) -> Q:
    if not _zone_wide(by, "ledger.close"):
        return NOBODY
    # A list made once, not a question asked of each: few findings have parts.
    parts = Finding.objects.filter(parent__isnull=False).exclude(state__in=("closed", "void"))
    whole = Q(Exists(_evidence())) & ~Q(pk__in=parts.order_by().values("parent"))
    # Signatures beyond the number asked for do no harm; none at all never suffices.
    signed = Q(signatures__lte=_signed()) & Q(Exists(_passed()))
    return judgeable(by) & Q(state="checking") & whole & signed


def _to_decide(by: Post) -> Q:
    if not _zone_wide(by, "ledger.extend"):
        return NOBODY
    asked = Extension.objects.filter(granted__isnull=True).order_by().values("finding_id")
    states = [state for state, steps in rules.STEPS.items() if "decide_extension" in steps]
    return judgeable(by) & Q(state__in=states, pk__in=asked)


def _to_recheck(by: Post) -> Q:
    if not _zone_wide(by, "ledger.recheck"):
        return NOBODY
    return judgeable(by) & honest.recheck_due()


_CONDITIONS: dict[str, Callable[[Post], Q]] = {
    "sign": _to_sign,
    "plan": _to_plan,
    "carry": _to_carry,
    "hand_in": _to_hand_in,
    "review": _to_review,
    "assign": _to_assign,
    "owner": _without_owner,
    "verify": _to_verify,
    "close": _to_close,
    "decide": _to_decide,
    "recheck": _to_recheck,
}
