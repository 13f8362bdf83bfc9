"""Verbs on plans: asked for, kept, put into force, planned anew, asked what if."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.jobs import rules as job_rules
from bihuan.jobs import services as jobs
from bihuan.jobs.models import Job
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.roads import queries as roads
from bihuan.snow.models import Plan, Storm, WhatIf
from bihuan.snow.queries import fitting
from bihuan.snow.queries import plan as queries
from bihuan.snow.rules import plan as rules

DISPATCH = "snow.dispatch"
FARTHEST = timedelta(days=30)
KIND, AGAIN, QUESTION = "snow.plan", "snow.replan", "snow.whatif"


@transaction.atomic
def ask_plan(
    *,
    by: Post | None,
    storm: Storm | None = None,
    wish: fitting.Wish | None = None,
    seconds: int = rules.SECONDS,
    rounds: int | None = None,
    seed: int = 0,
    at_once: bool = False,
    note: str = "",
    sample: bool = False,
) -> Plan:
    """制订方案：由在用的路网、车辆和规则表排出，后台计算；没有指明哪场雪的，留作备用。

    `at_once`: put into force as soon as it is made; whoever asks for it has decided that.
    """
    _require(by)
    wanted = wish or fitting.Wish(starts_at=clock.now())
    if abs(wanted.starts_at - clock.now()) > FARTHEST:  # no calendar counts from there
        raise Refused(_("出车的时刻离现在超过三十天。请核对日期。"))
    streets = roads.network()
    found = fitting.gathered(wanted, storm, streets)
    faults = list(found.faults)
    if storm is not None and storm.ended_at is not None:
        faults.append(_("这场雪的响应已经结束。"))
    if not 1 <= seconds <= rules.MOST_SECONDS:
        faults.append(_("限时应在 1 到 %(n)d 秒之间。") % {"n": rules.MOST_SECONDS})
    if rounds is not None and not 1 <= rounds <= rules.MOST_ROUNDS:
        faults.append(_("轮数应在 1 到 %(n)d 之间。") % {"n": rules.MOST_ROUNDS})
    if faults:
        raise Refused.all(faults)
    version = roads.active()
    assert version is not None  # or there were no streets
    inputs: Any = dict(found.inputs)
    made = Plan.objects.create(
        storm=storm, starts_at=wanted.starts_at, network=version, inputs=inputs,
        inputs_digest=_digest(found.inputs), seed=seed, seconds=None if rounds else seconds,
        rounds=rounds, note=shorten(note.strip(), 300), at_once=at_once and storm is not None,
        sample=sample, by=by,
    )  # fmt: skip
    _start(made, KIND, {"plan": made.pk, "inputs": made.inputs_digest})
    audit.record(by, "snow.plan.ask", made, note=note)
    return made


@transaction.atomic
def keep_plan(job: Job) -> None:
    """In the transaction that ends the job: what was computed becomes the plan."""
    made = (
        Plan.objects.select_for_update(of=("self",))
        .select_related("storm")
        .get(pk=job.inputs["plan"])
    )
    if made.state != "waiting":
        raise Refused(_("这个方案已有结果，不能再存。"))
    made.tours = {"tours": job.result["tours"], "left": job.result["left"]}
    made.told, made.state = job.result["told"], "ready"
    made.tours_digest = _digest(made.tours)
    fields = ["tours", "told", "state", "tours_digest"]
    if "event" in job.result:  # which tasks it was about is known only now
        events = [*made.inputs["events"][:-1], job.result["event"]]
        made.inputs = {**made.inputs, "events": events}
        made.inputs_digest = _digest(made.inputs)
        fields += ["inputs", "inputs_digest"]
    made.save(update_fields=fields)
    audit.record(job.by, "snow.plan.keep", made, changes={"digest": (None, made.tours_digest)})
    storm = made.storm
    if made.at_once and storm is not None and (made.sample or storm.ended_at is None):
        _enforce(made, storm, by=job.by)


@transaction.atomic
def enforce_plan(plan: Plan, *, by: Post | None, storm: Storm | None = None) -> Plan:
    """付诸执行：一场雪只执行一版，原来执行的那一版由它替换；备用方案先照抄一份给这场雪。"""
    _require(by)
    plan = Plan.objects.select_for_update(of=("self",)).select_related("storm").get(pk=plan.pk)
    whose = storm or plan.storm
    faults = []
    if whose is None:
        faults.append(_("备用方案要在启动响应时，或在某一场雪的页上付诸执行。"))
    elif whose.ended_at is not None:
        faults.append(_("这场雪的响应已经结束。"))
    if plan.storm_id and whose is not None and plan.storm_id != whose.pk:
        faults.append(_("这个方案是为另一场雪订的。"))
    if plan.state not in ("ready", "replaced"):
        faults.append(
            _("这个方案现在是“%(state)s”，不能付诸执行。")
            % {"state": _(rules.STATES[queries.state(plan)])}
        )
    if faults:
        raise Refused.all(faults)
    assert whose is not None  # or it was refused
    mine = plan if plan.storm_id else _copied(plan, whose, by)
    return _enforce(mine, whose, by=by)


def _enforce(mine: Plan, storm: Storm, *, by: Post | None) -> Plan:
    now = clock.now()
    Storm.objects.select_for_update(of=("self",)).get(pk=storm.pk)  # one after the other
    old = Plan.objects.select_for_update().filter(storm=storm, state="in_force").first()
    if old is not None:
        old.state, old.replaced_at = "replaced", now
        old.save(update_fields=["state", "replaced_at"])
    mine.state, mine.forced_at, mine.forced_by, mine.replaced_at = "in_force", now, by, None
    mine.save(update_fields=["state", "forced_at", "forced_by", "replaced_at"])
    audit.record(by, "snow.plan.enforce", mine, changes={"replaces": (old, mine)})
    return mine


def _copied(plan: Plan, storm: Storm, by: Post | None) -> Plan:
    """A readiness plan for one event: hours count from when the response began; it stays ready."""
    return Plan.objects.create(
        storm=storm, before=plan, version=1, cause="readiness", state="ready",
        starts_at=storm.started_at, network=plan.network, inputs=plan.inputs,
        inputs_digest=plan.inputs_digest, seed=plan.seed, seconds=plan.seconds,
        rounds=plan.rounds, job=plan.job, tours=plan.tours, tours_digest=plan.tours_digest,
        told=plan.told, sample=plan.sample, by=by,
    )  # fmt: skip


# Made anew on the way -----------------------------------------------------------------------------


@transaction.atomic
def replan(
    plan: Plan,
    *,
    by: Post | None,
    cause: str,
    vehicles: Sequence[int] = (),
    starts_at: datetime | None = None,
    sections: Sequence[str] = (),
    kinds: Sequence[str] = (),
    by_at: datetime | None = None,
    note: str = "",
) -> Plan:
    """重排：从执行到这一刻的情形接着排，尽量少改；得出新的一版，看过再付诸执行。

    `vehicles` are places among the plan's vehicles.
    """
    _require(by)
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    now, events = queries.now_s(plan), list(plan.inputs["events"])
    held = events[-1] if events else {}
    event: dict[str, Any] = {
        "cause": cause, "now_s": now, "at": clock.now().isoformat(),
        # Whatever broke down or was closed before still is.
        "breakdowns": list(held.get("breakdowns", [])), "late": [],
        "closed": list(held.get("closed", [])), "first": [], "first_codes": [],
        "first_by_s": None, "again": [], "again_kinds": [], "again_codes": [],
    }  # fmt: skip
    faults = _faults_of_replan(plan, cause, vehicles)
    codes, unknown = fitting.section_codes(sections)
    faults += [_("没有叫“%(name)s”的路段。请核对名称或代码。") % {"name": one} for one in unknown]
    asked = _Happened(plan, now, vehicles, starts_at, sections, codes, kinds, by_at)
    if cause in _CAUSES:
        faults += _CAUSES[cause](event, asked)
    if faults:
        raise Refused.all(faults)
    inputs: Any = {**plan.inputs, "events": [*events, event]}
    made = Plan.objects.create(
        storm=plan.storm, before=plan, version=plan.version + 1, cause=cause,
        starts_at=plan.starts_at, network_id=plan.network_id, inputs=inputs,
        inputs_digest=_digest(inputs), seed=plan.seed, seconds=plan.seconds, rounds=plan.rounds,
        note=shorten(note.strip(), 300), sample=plan.sample, by=by,
    )  # fmt: skip
    _start(made, AGAIN, {"plan": made.pk, "before": plan.tours_digest, "event": event})
    audit.record(by, "snow.plan.again", made, changes={"cause": (None, cause)}, note=note)
    return made


@dataclass(frozen=True)
class _Happened:
    """What was told of an event: to which plan, when, which vehicles, sections, classes."""

    plan: Plan
    now_s: float
    vehicles: Sequence[int]
    starts_at: datetime | None
    sections: Sequence[str]  # as they were typed
    codes: Sequence[str]  # those of them that are known
    kinds: Sequence[str]
    by_at: datetime | None

    def after_s(self, at: datetime) -> float:
        """Seconds from when the plan begins."""
        return (at - self.plan.starts_at).total_seconds()


def _broken_down(event: dict[str, Any], told: _Happened) -> list[str]:
    event["breakdowns"] = sorted({*event["breakdowns"], *told.vehicles})
    if len(event["breakdowns"]) < len(told.plan.inputs["vehicles"]):
        return []
    return [_("这样就一台车也没有了，排不了。")]


def _late(event: dict[str, Any], told: _Happened) -> list[str]:
    late_s = told.after_s(told.starts_at) if told.starts_at else None
    if late_s is None or late_s <= told.now_s:
        return [_("请写几时才能出车；应晚于现在。")]
    event["late"] = [[at, late_s] for at in told.vehicles]
    crew = told.plan.inputs["vehicles"]
    if any(late_s >= crew[at]["shuts_s"] for at in told.vehicles if 0 <= at < len(crew)):
        return [_("那时已经收车。这台车请按“车坏了”重排。")]
    return []


def _closed(event: dict[str, Any], told: _Happened) -> list[str]:
    event["closed"] = sorted({*event["closed"], *told.codes})
    return [] if told.sections else [_("请写封闭了哪些路段。")]


def _ordered(event: dict[str, Any], told: _Happened) -> list[str]:
    event["first_codes"] = told.codes
    event["first_by_s"] = told.after_s(told.by_at) if told.by_at else None
    return [] if told.sections else [_("请写要先做哪些路段。")]


def _snowed(event: dict[str, Any], told: _Happened) -> list[str]:
    event["again_kinds"] = list(told.kinds)
    return [] if told.kinds else [_("请选择哪些等级的道路要再做一遍。")]


def _behind(event: dict[str, Any], told: _Happened) -> list[str]:
    event["again_codes"] = queries.behind(told.plan)
    if event["again_codes"]:
        return []
    return [_("该做完的路段都有作业记录，没有落在后面的。")]


# Cause → how it is written into the event; each says what is wrong with what was told.
_CAUSES: Mapping[str, Callable[[dict[str, Any], _Happened], list[str]]] = {
    "breakdown": _broken_down,
    "late": _late,
    "closed": _closed,
    "order": _ordered,
    "snow": _snowed,
    "behind": _behind,
}


def _faults_of_replan(plan: Plan, cause: str, vehicles: Sequence[int]) -> list[str]:
    faults = []
    if plan.state != "in_force":
        faults.append(_("只有执行中的方案可以重排。"))
    if plan.storm is not None and plan.storm.ended_at is not None:
        faults.append(_("这场雪的响应已经结束。"))
    if cause not in _CAUSES:
        faults.append(_("请选择发生了什么。"))
    if cause in ("breakdown", "late") and not vehicles:
        faults.append(_("请选择是哪台车。"))
    if any(not 0 <= at < len(plan.inputs["vehicles"]) for at in vehicles):
        faults.append(_("所选的车不在这个方案里。"))
    if Plan.objects.filter(before=plan, state="waiting", job__state__in=job_rules.UNFINISHED):
        faults.append(_("上一次还在计算。请等它算完，或先停止它。"))
    return faults


# What if ------------------------------------------------------------------------------------------


@transaction.atomic
def ask_what_if(
    plan: Plan,
    *,
    by: Post | None,
    kind: str,
    most: int = 0,
    does: str = "spread",
    road: str = "",
    hours: Sequence[float] = (),
    yard: int | None = None,
    place: tuple[float, float] | None = None,
) -> WhatIf:
    """假如：多几台车、某一等级提早、某个车场换地方；同样的时间和种子，各排一遍来比。"""
    _require(by)
    faults = []
    if plan.tours is None:
        faults.append(_("方案还没有排好。"))
    if kind not in rules.QUESTIONS:
        faults.append(_("请选择假如什么。"))
    asked: dict[str, Any] = {"kind": kind}
    if kind == "vehicles":
        asked |= {"most": most, "does": does}
        if not 1 <= most <= rules.MOST_MORE:
            faults.append(_("最多加几台应在 1 到 %(n)d 之间。") % {"n": rules.MOST_MORE})
        if all(does not in one["does"] for one in plan.inputs["types"]):
            faults.append(_("方案里没有一台车做这种作业，不知道加什么样的车。"))
    elif kind == "raise":
        asked |= {"class": road, "promises_s": sorted((h * 3600 for h in hours), reverse=True)}
        if road not in {one["kind"] for one in plan.inputs["classes"]}:
            faults.append(_("请选择哪一等级。"))
        if not hours or any(not 0 < one <= 240 for one in hours) or len(hours) > 6:
            faults.append(_("请写几小时清完，一至六个数，各大于 0、不超过 240，例如 3、2。"))
    elif kind == "yard":
        asked |= {"yard": yard, "lon": place[0] if place else 0, "lat": place[1] if place else 0}
        if yard is None or not 0 <= yard < len(plan.inputs["yards"]):
            faults.append(_("请选择哪个车场。"))
        if place is None:
            faults.append(_("请写搬到哪里：经度,纬度，例如 113.75,34.71。"))
        elif queries.far(plan, place):
            faults.append(_("那里离路网太远。请核对有没有写反。"))
    if any(queries.busy(one) for one in plan.questions.select_related("job")):
        faults.append(_("上一次还在计算。请等它算完，或先停止它。"))
    if faults:
        raise Refused.all(faults)
    made = WhatIf.objects.create(plan=plan, kind=kind, asked=asked, seed=plan.seed, by=by)
    inputs = {"whatif": made.pk, "plan": plan.inputs_digest, "asked": asked}
    made.job = jobs.start(QUESTION, by=by, inputs=inputs, title=str(made), seed=plan.seed)
    made.save(update_fields=["job"])
    audit.record(by, "snow.whatif.ask", made, changes={"kind": (None, kind)})
    return made


@transaction.atomic
def keep_what_if(job: Job) -> None:
    """In the transaction that ends the job: its result becomes the answer."""
    made = WhatIf.objects.select_for_update(of=("self",)).get(pk=job.inputs["whatif"])
    if made.told is not None:
        raise Refused(_("这个假设已有结果，不能再存。"))
    made.told = job.result
    made.save(update_fields=["told"])
    audit.record(job.by, "snow.whatif.keep", made)


def _start(made: Plan, kind: str, inputs: Mapping[str, Any]) -> None:
    made.job = jobs.start(kind, by=made.by, inputs=inputs, title=made.label(), seed=made.seed)
    made.save(update_fields=["job"])


def _digest(value: Any) -> str:
    return job_rules.digest(job_rules.canonical(value))


def _require(by: Post | None) -> None:
    if by is not None:
        people.require(by, DISPATCH)
