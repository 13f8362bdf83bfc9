"""Verbs on passes: what a track proves is kept with its evidence, what a team says as said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.fleet import queries, rules
from bihuan.fleet.models import Pass, Shift, Vehicle
from bihuan.fleet.services.register import seen
from bihuan.people import queries as people
from bihuan.people.models import Post

MOST_EVIDENCE = 12  # points of a track that stay with a pass


@dataclass(frozen=True)
class Proven:
    """One pass that a track proves; times in ms since 1970, points WGS-84."""

    section: str
    direction: str
    from_ms: int
    to_ms: int
    share: float
    ploughed: bool | None
    spread: bool | None
    grams: float | None
    evidence: Sequence[tuple[int, float, float]]


@transaction.atomic
def keep_matched(
    shift: Shift, found: Iterable[Proven], *, holes: Sequence[tuple[int, int]], until: datetime
) -> int:
    """存作业记录：一班的轨迹匹配出的，连同没有听到的时段；再匹配一次就整班换新，不会重复。

    A shift that is still going on is matched again later, so it stays unmatched.
    """
    shift = Shift.objects.select_for_update(of=("self",)).get(pk=shift.pk)
    Pass.objects.filter(shift=shift, source="matched").delete()
    rows = Pass.objects.bulk_create(
        Pass(
            section=one.section,
            vehicle_id=shift.vehicle_id,
            shift=shift,
            direction=one.direction,
            from_at=rules.moment_of(one.from_ms),
            to_at=rules.moment_of(one.to_ms),
            ploughed=one.ploughed,
            spread=one.spread,
            grams=one.grams,
            share=min(1.0, one.share),
            source="matched",
            evidence=[list(point) for point in thinned(one.evidence)],
        )
        for one in found
        if one.share > 0
    )
    over = shift.ends_at is not None and shift.ends_at <= until
    shift.matched_at = clock.now() if over else None
    shift.holes = [list(span) for span in holes]
    shift.save(update_fields=["matched_at", "holes"])
    return len(rows)


def thinned(points: Sequence[tuple[int, float, float]]) -> list[tuple[int, float, float]]:
    """A few of many points: the first, the last, and some between at even steps."""
    if len(points) <= MOST_EVIDENCE:
        return list(points)
    last = len(points) - 1
    return [points[round(n * last / (MOST_EVIDENCE - 1))] for n in range(MOST_EVIDENCE)]


@transaction.atomic
def report_pass(
    section: str,
    *,
    by: Post | None,
    from_at: datetime,
    to_at: datetime,
    vehicle: Vehicle | None = None,
    ploughed: bool | None = None,
    spread: bool | None = None,
    grams: float | None = None,
    note: str = "",
) -> Pass:
    """报告作业：队伍说做过的，来源写“队伍报告”，不冒充有轨迹为证。"""
    if by is not None:
        people.require(by, queries.SHIFT, at=vehicle.company if vehicle else None)
    if vehicle is not None:
        seen(vehicle, by)
    faults = []
    if not section.strip():
        faults.append(_("请写明是哪个路段。"))
    if to_at < from_at:
        faults.append(_("结束应晚于开始。请核对时间。"))
    if to_at > clock.now():
        faults.append(_("还没做完的不能报告为做完。请核对时间。"))
    if grams is not None and grams < 0:
        faults.append(_("融雪剂的数量不得为负。"))
    if faults:
        raise Refused.all(faults)
    made = Pass.objects.create(
        section=section.strip(),
        vehicle=vehicle,
        from_at=from_at,
        to_at=to_at,
        ploughed=ploughed,
        spread=spread,
        grams=grams,
        source="reported",
        note=note.strip(),
        by=by,
    )
    audit.record(by, "fleet.pass.report", made, note=note)
    return made
