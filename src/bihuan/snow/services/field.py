"""Verbs from the street: a team reports, says how a section is, finishes a task by hand.

What a telephone sends carries a key of its own: the same key again is the same report, and answered
as if it had just been stored.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.files import services as files
from bihuan.fleet.models import Pass
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.snow.models import HandTask, SectionState, TeamReport
from bihuan.snow.rules import field as rules
from bihuan.snow.rules.live import STATES

REPORT, DISPATCH = "snow.report", "snow.dispatch"
LATEST = timedelta(minutes=2)  # by which a telephone's clock may be fast
OLDEST = timedelta(days=7)  # a report that waited longer belongs to another snowfall
_NUMBERS = ("turnouts", "deicer_kg", "cleared_m3")


def report_team(
    unit: Unit,
    *,
    by: Post | None,
    client_key: str,
    people_at_work: Mapping[str, int],
    at: datetime | None = None,
    section: str = "",
    state: str = "",
    note: str = "",
    photo: "UploadedFile[bytes] | None" = None,
    **numbers: int | None,
) -> tuple[TeamReport, bool]:
    """队伍报告：返回这一条和是不是新的；同一个键再来一次，得到原来那一条。"""
    try:
        return _report(
            unit, by, client_key, people_at_work, at, section, state, note, photo, numbers
        )
    except IntegrityError:  # the same report twice at the same moment: one of them was first
        before = _before(client_key, by)
        if before is None:
            raise
        return before, False


@transaction.atomic
def _report(
    unit: Unit,
    by: Post | None,
    client_key: str,
    people_at_work: Mapping[str, int],
    at: datetime | None,
    section: str,
    state: str,
    note: str,
    photo: "UploadedFile[bytes] | None",
    numbers: Mapping[str, int | None],
) -> tuple[TeamReport, bool]:
    if by is not None:
        people.require(by, REPORT, at=unit)
    if (before := _before(client_key, by)) is not None:
        return before, False
    now = clock.now()
    told = {name: numbers.get(name) for name in _NUMBERS}
    at_work = {trade: n for trade, n in people_at_work.items() if n}
    faults = _faults(client_key, at_work, told, at, now, section, state)
    if not (at_work or state or note.strip() or photo or any(told.values())):
        faults.append(_("报告是空的。请至少填一项。"))
    if faults:
        raise Refused.all(faults)
    at = min(at or now, now)
    kept = None
    if photo is not None:
        kept = files.keep(photo, by=by, title=_("队伍报告的照片"), thing=unit)
    made = TeamReport.objects.create(
        client_key=client_key,
        unit=unit,
        at=at,
        people=at_work,
        section=section,
        state=state,
        note=note.strip(),
        photo=kept,
        by=by,
        **told,
    )
    audit.record(by, "snow.report.team", made, note=note)
    if state:
        keep_state(section, state, by=by, at=at, source="team", note="")
    return made, True


def _before(client_key: str, by: Post | None) -> TeamReport | None:
    """The report of this key; a key that somebody else used is not theirs to repeat."""
    found = TeamReport.objects.filter(client_key=client_key).first()
    if found is not None and by is not None and found.by_id != by.pk:
        raise Refused(_("这份报告已由别的任职报过。请重新填一份。"))
    return found


def _faults(
    client_key: str,
    at_work: Mapping[str, int],
    numbers: Mapping[str, int | None],
    at: datetime | None,
    now: datetime,
    section: str,
    state: str,
) -> list[str]:
    faults = []
    if not rules.is_key(client_key):
        faults.append(_("这份报告没有自己的编号。请刷新页面，重新填报。"))
    if any(n < 0 for n in (*at_work.values(), *(n or 0 for n in numbers.values()))):
        faults.append(_("人数、台次和数量不得为负。"))
    if at is not None and at > now + LATEST:
        faults.append(_("报告的时间比现在还晚。请校准手机的时钟。"))
    if at is not None and at < now - OLDEST:
        faults.append(_("这份报告是七天以前写的，不再收。请按现在的情况重新填报。"))
    if bool(section) != bool(state):
        faults.append(_("报路况请把路段和状态都填上。"))
    if state and state not in STATES:
        faults.append(_("没有这种路况。请重新选择。"))
    return faults


@transaction.atomic
def say_state(
    section: str,
    state: str,
    *,
    by: Post | None,
    source: str = "duty",
    at: datetime | None = None,
    note: str = "",
) -> SectionState:
    """登记路况：值班或巡查的人说一个路段现在怎样。"""
    if by is not None:
        people.require(by, DISPATCH)
    if state not in STATES or not section.strip():
        raise Refused(_("报路况请把路段和状态都填上。"))
    return keep_state(section, state, by=by, at=at or clock.now(), source=source, note=note)


def keep_state(
    section: str, state: str, *, by: Post | None, at: datetime, source: str, note: str
) -> SectionState:
    """What was said of a section, kept: for verbs that have asked who says so."""
    row = SectionState.objects.create(
        section=section.strip(), state=state, at=at, source=source, note=note.strip(), by=by
    )
    audit.record(by, "snow.state.say", row, changes={"state": (None, state)}, note=note)
    return row


@transaction.atomic
def open_hand_task(
    unit: Unit,
    *,
    by: Post | None,
    place: str,
    lon: float,
    lat: float,
    section: str = "",
    after: Pass | None = None,
    minutes: int | None = None,
) -> HandTask:
    """派人工清雪：部位、归谁、多少分钟内清完；机械推过的，从推完那一刻起算。"""
    if by is not None:
        people.require(by, DISPATCH)
    faults = []
    if not place.strip():
        faults.append(_("请写明部位。"))
    if minutes is not None and minutes <= 0:
        faults.append(_("时限应大于零分钟。"))
    if faults:
        raise Refused.all(faults)
    since = after.to_at if after is not None else clock.now()
    task = HandTask.objects.create(
        unit=unit,
        place=place.strip(),
        lon=lon,
        lat=lat,
        section=section or (after.section if after is not None else ""),
        after=after,
        due_at=None if minutes is None else since + timedelta(minutes=minutes),
        by=by,
    )
    audit.record(by, "snow.task.open", task)
    return task


@transaction.atomic
def finish_hand_task(
    task: HandTask,
    *,
    by: Post | None,
    client_key: str,
    photo: "UploadedFile[bytes] | None",
    note: str = "",
) -> tuple[HandTask, bool]:
    """人工清雪完成：须有照片；同一个键再来一次，不算第二次。"""
    if by is not None:
        people.require(by, REPORT, at=task.unit)
    task = HandTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if task.done_at is not None and task.done_key == client_key:
        return task, False
    faults = []
    if task.done_at is not None:
        faults.append(_("“%(place)s”已经清完。") % {"place": task.place})
    if not rules.is_key(client_key):
        faults.append(_("这份报告没有自己的编号。请刷新页面，重新填报。"))
    if photo is None:
        faults.append(_("请附上清完以后的照片。"))
    if faults or photo is None:
        raise Refused.all(faults)
    changes: dict[str, tuple[Any, Any]] = {"done_at": (None, clock.now())}
    task.photo = files.keep(photo, by=by, title=task.place, thing=task)
    task.done_at, task.done_by, task.done_key = clock.now(), by, client_key
    task.note = note.strip()
    task.save(update_fields=["photo", "done_at", "done_by", "done_key", "note"])
    audit.record(by, "snow.task.finish", task, changes=changes, note=note)
    return task, True
