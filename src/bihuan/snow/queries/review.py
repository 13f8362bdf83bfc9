"""Questions about an event that is over: promises, amounts, cost, what went wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.base import clock
from bihuan.fleet.queries import passes as fleet
from bihuan.jobs import rules as job_rules
from bihuan.ledger import queries as ledger
from bihuan.snow.models import HandTask, Lesson, Replay, Review, Storm
from bihuan.snow.queries import promises, situation, tables
from bihuan.snow.rules import promises as rules
from bihuan.snow.rules.situation import plain

FIGURES = ("people", "turnouts", "deicer_t", "cleared_m3")
WORST = 5  # of the sections that were late, so many are named


def reviews() -> QuerySet[Review]:
    return Review.objects.select_related("storm", "signed_by__person", "signed_by__unit")


@dataclass(frozen=True)
class Content:
    """复盘的数：各类道路的兑现，各单位的兑现率，投入，费用，作业遍数。"""

    hours: Decimal
    classes: tuple[rules.ClassRow, ...]
    rate: Decimal | None
    units: Mapping[str, Decimal]
    amounts: Mapping[str, Decimal]
    cost: rules.Cost
    passes: int
    proven_t: Decimal  # de-icer that tracks prove, beside what teams reported


def content(review: Review) -> Content:
    """The figures: as they sum now for a draft, as they were signed for a signed review."""
    return _stored(review.told) if review.told is not None else reckoned(review.storm)


def reckoned(storm: Storm) -> Content:
    """Everything reckoned from what is recorded of an event."""
    until = storm.ended_at or clock.now()
    found = promises.kept(storm)
    figures = situation.summed(storm, until)
    amounts = {code: figures[code].summed for code in FIGURES}
    n, grams = fleet.pass_totals(storm.first_snow_at, until)
    seconds = (until - storm.started_at).total_seconds()
    return Content(
        Decimal(round(seconds / 360)) / 10,
        rules.by_class(found),
        rules.rate(found),
        rules.by_unit(found),
        amounts,
        rules.cost(amounts, tables.prices()),
        n,
        Decimal(round(grams / 1000)) / 1000,
    )


def frozen(found: Content) -> dict[str, Any]:
    """The same as it is stored for good."""
    return {
        "hours": plain(found.hours),
        "classes": [
            {
                "kind": one.kind,
                "due": one.due,
                "sections": one.sections,
                "km": plain(one.km),
                "counts": dict(one.counts),
                "rate": _text(one.rate),
                "longest_late_h": _text(one.longest_late_h),
            }
            for one in found.classes
        ],
        "rate": _text(found.rate),
        "units": {code: plain(one) for code, one in found.units.items()},
        "amounts": {code: plain(one) for code, one in found.amounts.items()},
        "cost": [[code, *(plain(n) for n in more)] for code, *more in found.cost.lines],
        "passes": found.passes,
        "proven_t": plain(found.proven_t),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _stored(told: Mapping[str, Any]) -> Content:
    lines = tuple(
        (code, Decimal(n), Decimal(price), Decimal(sum_)) for code, n, price, sum_ in told["cost"]
    )
    return Content(
        Decimal(told["hours"]),
        tuple(
            rules.ClassRow(
                one["kind"], one["due"], one["sections"], Decimal(one["km"]), one["counts"],
                _number(one["rate"]), _number(one["longest_late_h"]),
            )
            for one in told["classes"]
        ),
        _number(told["rate"]),
        {code: Decimal(one) for code, one in told["units"].items()},
        {code: Decimal(one) for code, one in told["amounts"].items()},
        rules.Cost(lines, sum((one[3] for one in lines), Decimal(0))),
        told["passes"],
        Decimal(told["proven_t"]),
    )  # fmt: skip


# What went wrong ----------------------------------------------------------------------------------


def troubles(storm: Storm) -> list[str]:
    """What the records themselves show to have gone wrong, a sentence each."""
    return [*_late_sections(storm), *_late_tasks(storm), *_late_orders(storm), *_slow_start(storm)]


def _late_sections(storm: Storm) -> Iterator[str]:
    late = [one for one in promises.kept(storm) if one.outcome not in rules.KEPT]
    done = sorted((one for one in late if one.late is not None), key=_lateness, reverse=True)
    for one in done[:WORST]:
        yield _("%(name)s比承诺晚 %(hours)s 小时才做。") % {
            "name": one.owed.name,
            "hours": plain(_hours(one.late or timedelta())),
        }
    never = sum(one.outcome == "broken" and one.late is None for one in late)
    if never:
        yield ngettext(
            "%(n)d 个路段到响应结束也没有做过的记录。",
            "%(n)d 个路段到响应结束也没有做过的记录。",
            never,
        ) % {"n": never}
    unproven = sum(one.outcome == "not_proven" for one in late)
    if unproven:
        yield ngettext(
            "%(n)d 个路段无法证明做没做：当班车辆的轨迹有空缺。",
            "%(n)d 个路段无法证明做没做：当班车辆的轨迹有空缺。",
            unproven,
        ) % {"n": unproven}


def _lateness(one: rules.Kept) -> timedelta:
    return one.late or timedelta()


def _hours(span: timedelta) -> Decimal:
    return Decimal(round(span.total_seconds() / 360)) / 10


def _late_tasks(storm: Storm) -> Iterator[str]:
    until = storm.ended_at or clock.now()
    found = HandTask.objects.filter(
        created_at__gte=storm.first_snow_at, created_at__lte=until, due_at__lt=until
    )
    late = found.filter(Q(done_at__isnull=True) | Q(done_at__gt=F("due_at")))
    for one in late.select_related("unit").order_by("due_at"):
        told = {"place": one.place, "unit": one.unit.label()}
        if one.done_at is None:
            yield _("%(place)s的人工清雪没有做完（%(unit)s）。") % told
        elif one.due_at is not None:
            told["hours"] = plain(_hours(one.done_at - one.due_at))
            yield _("%(place)s的人工清雪晚了 %(hours)s 小时（%(unit)s）。") % told


def _late_orders(storm: Storm) -> Iterator[str]:
    for one in storm.orders.select_related("unit").order_by("pk"):
        told = {"unit": one.unit.label(), "text": one.text}
        if one.signed_at is None:
            yield _("%(unit)s没有签收指令“%(text)s”。") % told
        elif one.due_at is not None and (one.done_at is None or one.done_at > one.due_at):
            yield _("%(unit)s没有按时回报指令“%(text)s”。") % told


def _slow_start(storm: Storm) -> Iterator[str]:
    waited = storm.started_at - storm.first_snow_at
    if waited > timedelta(hours=1):
        yield _("降雪开始 %(hours)s 小时后才启动。") % {"hours": plain(_hours(waited))}


# Lessons and replays ------------------------------------------------------------------------------


def lessons(review: Review) -> list[tuple[Lesson, Any]]:
    """Each lesson with the finding it became, if it did."""
    rows = list(review.lessons.select_related("unit", "by__person", "by__unit").order_by("pk"))
    known = ledger.of_origins(rows)
    return [(one, known.get(str(one.pk))) for one in rows]


def replays(review: Review) -> QuerySet[Replay]:
    return review.replays.select_related("job", "by__person", "by__unit").order_by("-pk")


def busy(one: Replay) -> bool:
    """Is it still being computed?"""
    return one.told is None and one.job is not None and one.job.state in job_rules.UNFINISHED
