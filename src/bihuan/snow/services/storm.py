"""Verbs on the event: begun by the snow itself, warnings relayed, levels signed, ended."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.snow.models import LevelChange, Plan, RelayedWarning, Storm
from bihuan.snow.rules import storm as rules
from bihuan.snow.services.plan import enforce_plan

DISPATCH, COMMAND = "snow.dispatch", "snow.command"
OLDEST = timedelta(days=30)


@transaction.atomic
def begin_storm(
    *,
    by: Post | None,
    name: str,
    first_snow_at: datetime,
    started_at: datetime | None = None,
    start: str = "snowfall",
    name_en: str = "",
    note: str = "",
    plan: Plan | None = None,
    sample: bool = False,
) -> Storm:
    """启动：以雪为令，值班员即可启动，不等指令；同一时间只有一场没有结束的。

    A plan that stands ready starts with it: nobody waits for an order.
    """
    _require(by, DISPATCH)
    at, now, faults = started_at or clock.now(), clock.now(), []
    if not name.strip():
        faults.append(_("请写这场雪的名称，例如“1月21日降雪”。"))
    if start not in rules.STARTS:
        faults.append(_("请选择怎样启动。"))
    if not first_snow_at <= at <= now:
        faults.append(_("时间应依次为降雪开始、启动、现在。请核对。"))
    if now - first_snow_at > OLDEST:
        faults.append(_("降雪开始离现在已超过三十天。请核对日期。"))
    if (open_ := Storm.objects.filter(ended_at__isnull=True).first()) is not None:
        faults.append(_("“%(name)s”还没有结束。请先结束它。") % {"name": open_.label()})
    if faults:
        raise Refused.all(faults)
    made = Storm.objects.create(
        name=name.strip(), name_en=name_en.strip(), first_snow_at=first_snow_at, started_at=at,
        start=start, note=note.strip(), sample=sample, by=by,
    )  # fmt: skip
    audit.record(by, "snow.storm.begin", made, changes={"start": (None, start)}, note=note)
    if plan is not None:
        enforce_plan(plan, by=by, storm=made)
    return made


@transaction.atomic
def relay_warning(
    storm: Storm | None,
    *,
    by: Post | None,
    issuer: str,
    kind: str,
    colour: str,
    text: str,
    issued_at: datetime,
) -> RelayedWarning:
    """转发预警：照录谁在什么时候发布了什么；本平台不发布预警。"""
    _require(by, DISPATCH)
    faults = []
    if not issuer.strip():
        faults.append(_("请写发布单位。只有气象台站可以发布预警。"))
    if not text.strip():
        faults.append(_("请照录预警的原文。"))
    if kind not in rules.WARNINGS or colour not in rules.COLOURS:
        faults.append(_("请选择预警的种类和颜色。"))
    if issued_at > clock.now():
        faults.append(_("发布时间不得晚于现在。"))
    if faults:
        raise Refused.all(faults)
    made = RelayedWarning.objects.create(
        storm=storm, issuer=issuer.strip(), kind=kind, colour=colour, text=text.strip(),
        issued_at=issued_at, by=by,
    )  # fmt: skip
    audit.record(by, "snow.warning.relay", made, note=text)
    return made


@transaction.atomic
def set_level(storm: Storm, *, by: Post | None, level: str, reason: str) -> LevelChange:
    """定响应级别：升、降都要签名和原因；两套级别互不影响。"""
    storm = _going(storm, by, COMMAND)
    if level not in rules.LEVELS:
        raise Refused(_("没有这一级。请重新选择。"))
    scale = rules.scale_of(level)
    before = storm.levels.filter(scale=scale).order_by("pk").last()
    faults = []
    if before is not None and before.level == level:
        faults.append(_("现在就是这一级，没有变化。"))
    if not reason.strip():
        faults.append(_("请写明原因，例如依据哪次预警、哪次会商。"))
    if faults:
        raise Refused.all(faults)
    made = LevelChange.objects.create(
        storm=storm, scale=scale, level=level, at=clock.now(), reason=reason.strip(), by=by
    )
    changes = {"level": (before.level if before else None, level)}
    audit.record(by, "snow.level.set", made, changes=changes, note=reason)
    return made


@transaction.atomic
def note_snow_stopped(storm: Storm, *, by: Post | None, at: datetime | None = None) -> Storm:
    """登记雪停：承诺的时限从雪停起算；又下起来的，可以改。"""
    storm = _going(storm, by, DISPATCH)
    told = at or clock.now()
    if not storm.first_snow_at <= told <= clock.now():
        raise Refused(_("雪停时间应在降雪开始和现在之间。请核对。"))
    before, storm.snow_stopped_at = storm.snow_stopped_at, told
    storm.save(update_fields=["snow_stopped_at"])
    audit.record(by, "snow.storm.stopped", storm, changes={"snow_stopped_at": (before, told)})
    return storm


@transaction.atomic
def snow_again(storm: Storm, *, by: Post | None) -> Storm:
    """又下起来了：雪停时间取消，承诺的时限等再停以后重算。"""
    storm = _going(storm, by, DISPATCH)
    if storm.snow_stopped_at is None:
        raise Refused(_("没有登记过雪停。"))
    before, storm.snow_stopped_at = storm.snow_stopped_at, None
    storm.save(update_fields=["snow_stopped_at"])
    audit.record(by, "snow.storm.again", storm, changes={"snow_stopped_at": (before, None)})
    return storm


@transaction.atomic
def end_storm(storm: Storm, *, by: Post | None, reason: str) -> Storm:
    """结束响应：签名、写明原因；两套级别同时解除。没登记雪停的，以结束时间为雪停。"""
    storm = _going(storm, by, COMMAND)
    if not reason.strip():
        raise Refused(_("请写明结束的原因。"))
    now = clock.now()
    storm.ended_at = now
    storm.snow_stopped_at = storm.snow_stopped_at or now
    storm.save(update_fields=["ended_at", "snow_stopped_at"])
    for scale in dict.fromkeys(storm.levels.order_by("pk").values_list("scale", flat=True)):
        last = storm.levels.filter(scale=scale).order_by("pk").last()
        if last is not None and last.level != rules.OFF:
            LevelChange.objects.create(
                storm=storm, scale=scale, level=rules.OFF, at=now, reason=reason.strip(), by=by
            )
    audit.record(by, "snow.storm.end", storm, note=reason)
    return storm


def _going(storm: Storm, by: Post | None, verb: str) -> Storm:
    _require(by, verb)
    found = Storm.objects.select_for_update(of=("self",)).get(pk=storm.pk)
    if found.ended_at is not None:
        raise Refused(_("这场雪的响应已经结束。"))
    return found


def _require(by: Post | None, verb: str) -> None:
    if by is not None:
        people.require(by, verb)
