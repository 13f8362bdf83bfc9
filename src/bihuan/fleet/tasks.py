"""What runs as a job: tracks into passes, positions past their time deleted."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import zh
from bihuan.fleet import bridge, rules, services
from bihuan.fleet.models import Position, Shift
from bihuan.fleet.queries import passes as queries
from bihuan.jobs import services as jobs


def match(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """匹配轨迹：还没匹配的各班，把位置对到路段上，写成作业记录。"""
    streets = bridge.streets()
    if streets is None:
        raise Refused(_("没有启用的路网，轨迹还不能匹配。请先装入路网。"))
    counted = match_tracks(streets, lambda done, total: tell(done, total))
    return {zh("匹配的班"): counted[0], zh("作业记录"): counted[1]}


def match_tracks(
    streets: bridge.Streets | None, tell: Callable[[int, int], None] | None = None
) -> tuple[int, int]:
    """The shifts whose tracks were matched, the passes that came of it; none without streets."""
    now = clock.now()
    shifts = list(queries.to_match(now)) if streets is not None else []
    made = 0
    for done, shift in enumerate(shifts, start=1):
        track = queries.track_of(shift, now)
        until_ms = rules.milliseconds(min(shift.ends_at or now, now))
        heard = [one.at_ms for one in track]
        spans = rules.holes(shift.vehicle_id, heard, rules.milliseconds(shift.starts_at), until_ms)
        made += services.keep_matched(
            shift,
            _proven(shift, track, streets),
            holes=[(one.from_ms, one.until_ms) for one in spans],
            until=now,
        )
        if tell is not None:
            tell(done, len(shifts))
    return len(shifts), made


def _proven(shift: Shift, track: list[Position], streets: Any) -> list[services.Proven]:
    width = shift.vehicle.width_m
    return [services.Proven(**one) for one in bridge.passes(streets, track, width_m=width)]


def tidy(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """清理轨迹：先匹配，再删去到期的位置；匹配不成也照删，期限就是期限。"""
    shifts, made = match_tracks(bridge.streets())
    deleted = services.forget_expired(lambda done, total: tell(done, total))
    return {zh("匹配的班"): shifts, zh("作业记录"): made, zh("删去的位置"): deleted}


def declare() -> None:
    """Make them known to the room of jobs."""
    verb = "fleet.manage"
    jobs.declare("fleet.match", match, label=zh("匹配车辆轨迹"), verb=verb, plain=True)
    jobs.declare("fleet.tidy", tidy, label=zh("清理到期的车辆位置"), verb=verb, plain=True)
