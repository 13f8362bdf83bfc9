"""Questions about situation reports: what they sum from, what they say, what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from bihuan.fleet import queries as fleet
from bihuan.roads import queries as road_queries
from bihuan.snow.models import Correction, SectionState, SituationReport, Storm, TeamReport
from bihuan.snow.queries import tables
from bihuan.snow.rules import situation as rules


def reports(storm: Storm) -> QuerySet[SituationReport]:
    """Reports of an event, newest first; drafts with them."""
    found = storm.situations.exclude(state="dropped")
    return found.select_related("storm", "by__person", "by__unit", "issued_by__person",
                                "issued_by__unit")  # fmt: skip


def before(report: SituationReport) -> SituationReport | None:
    """The issued report before this one."""
    found = report.storm.situations.filter(state="issued", as_of__lt=report.as_of)
    return found.exclude(pk=report.pk).order_by("-as_of", "-number").first()


def next_number(storm: Storm) -> int:
    return int(storm.situations.aggregate(last=Max("number"))["last"] or 0) + 1


# What was said from the street -------------------------------------------------------------------


def entries(storm: Storm, until: datetime) -> QuerySet[TeamReport]:
    """What teams reported of an event up to a moment, by the time that the report tells."""
    found = TeamReport.objects.filter(at__gte=storm.first_snow_at, at__lte=until)
    if storm.ended_at is not None:
        found = found.filter(at__lte=storm.ended_at)
    return found.select_related("unit").order_by("at", "pk")


def _entry(one: TeamReport) -> rules.Entry:
    people = sum(int(n) for n in one.people.values()) if one.people else None
    return rules.Entry(
        one.pk, one.unit.code, one.unit.name, timezone.localtime(one.at), people, one.turnouts,
        one.deicer_kg, one.cleared_m3,
    )  # fmt: skip


def outs(storm: Storm, until: datetime) -> list[rules.Out]:
    """Vehicles that went out in an event up to a moment: each shift is one turn-out."""
    last = min(until, storm.ended_at) if storm.ended_at else until
    rows = fleet.shifts_between(storm.first_snow_at, last).filter(
        starts_at__gte=storm.first_snow_at, starts_at__lte=last
    )
    return [
        rules.Out(
            one.pk, one.vehicle.company.code, one.vehicle.company.name, one.vehicle.number,
            timezone.localtime(one.starts_at),
        )
        for one in rows.select_related("vehicle__company")
    ]  # fmt: skip


def summed(storm: Storm, until: datetime) -> dict[str, rules.Figure]:
    """Every figure as it sums now from what was reported up to a moment."""
    told = [_entry(one) for one in entries(storm, until)]
    return rules.figures(told, outs(storm, until), tables.shift_starts())


def late_entries(report: SituationReport) -> int:
    """How many team reports of its span arrived only after it was issued."""
    if report.issued_at is None:
        return 0
    found = entries(report.storm, report.as_of)
    return found.filter(created_at__gt=report.issued_at).count()


# Roads --------------------------------------------------------------------------------------------


def pieces() -> list[rules.Piece]:
    """The sections of the network in use, as a report speaks of them."""
    rows = road_queries.sections().order_by("street", "pk")
    found = rows.values_list("code", "name", "street", "kind", "key")
    return [rules.Piece(*one) for one in found]


def states(since: datetime, until: datetime) -> dict[str, tuple[str, datetime]]:
    """The newest state of each section that was told in a span of time."""
    rows = SectionState.objects.filter(at__gte=since, at__lte=until).order_by("at", "pk")
    return {
        code: (state, timezone.localtime(at))
        for code, state, at in rows.values_list("section", "state", "at")
    }


def roads(storm: Storm, until: datetime) -> tuple[rules.Road, ...]:
    """The key roads as they stood at a moment, by what was told of them."""
    return rules.roads(pieces(), states(storm.first_snow_at, until))


def counts(storm: Storm, until: datetime) -> dict[str, dict[str, int]]:
    """Of each class of road, how many sections were said to be how; the rest is unknown."""
    told = states(storm.first_snow_at, until)
    found: dict[str, dict[str, int]] = {}
    for one in pieces():
        state = told.get(one.code, ("unknown", None))[0]
        row = found.setdefault(one.kind, {})
        row[state] = row.get(state, 0) + 1
    return found


# What a report says ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """报告里的一个数：汇总值、写成的值、更正的原因；没有更正的两个值相同。"""

    figure: rules.Figure
    value: Decimal
    correction: Correction | None = None
    reason: str = ""
    by: str = ""


@dataclass(frozen=True)
class Content:
    """一份报告的内容：草稿是现在汇总的，签发的是当时固化的。"""

    said: Mapping[str, Said]
    roads: tuple[rules.Road, ...]
    counts: Mapping[str, Mapping[str, int]]


def newest_corrections(report: SituationReport) -> dict[str, Correction]:
    """The correction of each figure that holds; one without a value has taken it back."""
    rows = report.corrections.select_related("by__person", "by__unit").order_by("pk")
    newest = {one.figure: one for one in rows}
    return {code: one for code, one in newest.items() if one.value is not None}


def content(report: SituationReport) -> Content:
    """What a report says, frozen or not."""
    if report.told is not None:
        return _stored(report.told)
    found = summed(report.storm, report.as_of)
    held = newest_corrections(report)
    said = {}
    for code, figure in found.items():
        one = held.get(code)
        value = figure.summed if one is None or one.value is None else one.value
        said[code] = Said(figure, value, one, one.reason if one else "", _who(one))
    return Content(said, roads(report.storm, report.as_of), counts(report.storm, report.as_of))


def _who(one: Correction | None) -> str:
    return "" if one is None or one.by is None else str(one.by)


def _stored(told: Mapping[str, Any]) -> Content:
    figures = rules.thawed(told["figures"])
    said = {
        code: Said(
            figure,
            Decimal(told["values"][code]["value"]),
            None,
            told["values"][code]["reason"],
            told["values"][code]["by"],
        )
        for code, figure in figures.items()
    }
    roads_told = tuple(rules.Road(**{**one, "worst": tuple(one["worst"])}) for one in told["roads"])
    return Content(said, roads_told, told["counts"])


@dataclass(frozen=True)
class Difference:
    """与上一期相比的一处不同：哪个数、哪条路，以前和现在。"""

    figure: str = ""
    road: str = ""
    before: str = ""
    after: str = ""


def differences(report: SituationReport) -> tuple[SituationReport | None, list[Difference]]:
    """The report before this one, and every figure and road that stands otherwise in this."""
    earlier = before(report)
    if earlier is None:
        return None, []
    old, new = content(earlier), content(report)
    found = [
        Difference(
            figure=code,
            before=rules.plain(old.said[code].value),
            after=rules.plain(one.value),
        )
        for code, one in new.said.items()
        if code in old.said and old.said[code].value != one.value
    ]
    changes = rules.road_changes(
        [{"name": one.name, "state": one.state} for one in old.roads], new.roads
    )
    found += [Difference(road=one.code, before=one.before, after=one.after) for one in changes]
    return earlier, found
