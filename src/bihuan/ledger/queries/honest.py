"""Is it really closed? Returns of old problems, re-checks that are due, signs of paper closing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.base import clock
from bihuan.base.text import plain
from bihuan.ledger.models import Finding, Recheck, Sample, Sign
from bihuan.ledger.queries import tables
from bihuan.ledger.rules import honest, recheck_window
from bihuan.ledger.rules.tables import Row
from bihuan.people.models import Unit

_MOST_COMPARED = 2000


@dataclass(frozen=True)
class Alike:
    """An earlier finding that may be the same problem, and how alike the words are (0 to 100)."""

    finding: Finding
    percent: int


def alike(
    title: str,
    *,
    description: str = "",
    place: str = "",
    unit: Unit | None = None,
    other_than: int | None = None,
    among: QuerySet[Finding] | None = None,
) -> list[Alike]:
    """疑似反复出现：同一地点或对象的，文字有些相似即列；没有地点的，同一单位且文字很相似才列。

    Alikeness of words alone finds few repeats and many strangers; the same place is the gate.
    `among` narrows to what the asker may see.
    """
    found = Finding.objects.all() if among is None else among
    found = found.exclude(state="void").order_by("-pk")
    if other_than is not None:
        found = found.exclude(pk=other_than)
    if place:
        found = found.filter(place_key=plain(place))
        least = tables.limit("likeness")
    elif unit is not None:
        found = found.filter(lead_unit=unit)
        least = tables.limit("likeness_alone")
    else:
        return []
    wanted = honest.grams(title), honest.grams(f"{title} {description}")
    result = []
    for finding in found.select_related("lead_unit")[:_MOST_COMPARED]:
        theirs = (
            honest.grams(finding.title),
            honest.grams(f"{finding.title} {finding.description}"),
        )
        percent = round(100 * max(map(honest.likeness, wanted, theirs)))
        if percent >= least:
            result.append(Alike(finding, percent))
    return sorted(result, key=lambda one: (-one.percent, -one.finding.pk))


def window(finding: Finding) -> tuple[date, date] | None:
    """First and last day of the re-check after a closing, by the finding's risk."""
    if finding.closed_on is None:
        return None
    row = tables.row_of("recheck", finding.risk)
    return recheck_window(finding.closed_on, row["from_days"], row["to_days"])


def may_recheck_today(finding: Finding) -> bool:
    """Within its window, or earlier where there are signs of closing on paper."""
    found = window(finding)
    if found is None:
        return False
    return clock.today() >= found[0] or finding.signs.filter(round=finding.round).exists()


def recheck_due(rows: Sequence[Row] | None = None) -> Q:
    """The condition that a finding waits for a re-check: window begun, or signs; not yet done.

    `rows` try out a table that does not hold yet.
    """
    today = clock.today()
    begun = Q()
    for row in rows if rows is not None else tables.table("recheck"):
        latest = today - timedelta(days=row["from_days"])
        begun |= Q(risk=row["code"], closed_on__lte=latest)
    this_round = {"finding": OuterRef("pk"), "round": OuterRef("round")}
    signed = Q(Exists(Sign.objects.filter(**this_round)))
    looked = Q(Exists(Recheck.objects.filter(**this_round)))
    return Q(state="closed") & (begun | signed) & ~looked


def due_for_recheck(found: QuerySet[Finding]) -> QuerySet[Finding]:
    """Closed findings that wait for a re-check."""
    return found.filter(recheck_due())


def population(day: date) -> list[tuple[str, str]]:
    """Numbers and risks of all findings from which a re-check sample may be drawn on a day."""
    closed = Finding.objects.filter(state="closed", closed_on__lte=day)
    waiting = due_for_recheck(closed).order_by("number")
    return list(waiting.values_list("number", "risk"))


def samples() -> QuerySet[Sample]:
    """Every sample that was drawn, newest first."""
    return Sample.objects.order_by("-pk")


def drawn_before(found: list[tuple[str, str]]) -> Sample | None:
    """The sample that was drawn from exactly this population; each is drawn from once."""
    return samples().filter(digest=honest.population_digest(found)).first()


def redrawn(sample: Sample) -> list[str]:
    """Draw a sample once more from what was published: must give the same numbers."""
    people = [(number, risk) for number, risk in sample.population]
    return honest.draw(sample.seed, people, sample.shares)
