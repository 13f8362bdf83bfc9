"""Questions about plans: which there are, which is in force, what its tours and faults are."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bihuan.base import clock, snow_words
from bihuan.fleet.queries import passes
from bihuan.fleet.rules import KINDS as VEHICLES
from bihuan.roads import queries as roads
from bihuan.roads.bridge import Network
from bihuan.roads.models import Section
from bihuan.snow.bridge import plan as bridge
from bihuan.snow.bridge.heard import Heard
from bihuan.snow.models import Plan, Storm, WhatIf
from bihuan.snow.queries import live
from bihuan.snow.rules import plan as rules
from bihuan.snow.rules.live import KINDS

MOST = 300  # sections that a page lists
_WHOLE = ("tours", "inputs")  # large: lists do without


def plans(storm: Storm | None = None) -> QuerySet[Plan]:
    """Plans of an event, newest first; those in readiness where there is none."""
    return Plan.objects.filter(storm=storm).select_related("job", "storm").defer(*_WHOLE)


def in_force(storm: Storm) -> Plan | None:
    """The plan that an event is cleared by; its tours are read where they are asked for."""
    return Plan.objects.filter(storm=storm, state="in_force").defer(*_WHOLE).first()


def ready() -> QuerySet[Plan]:
    """Plans that stand ready for the next event, made on the streets as they are, newest first."""
    return plans().filter(state="ready", network__active=True)


def line(plan: Plan) -> list[Plan]:
    """Every version that this one came from and that came from those, oldest first."""
    every = {one.pk: one for one in Plan.objects.filter(storm=plan.storm_id).defer(*_WHOLE)
             .select_related("by__person", "by__unit", "job", "storm").order_by("pk")}  # fmt: skip

    def root(one: Plan) -> int:
        while one.before_id in every:
            one = every[one.before_id]
        return one.pk

    mine = root(every[plan.pk])
    return [one for one in every.values() if root(one) == mine]


def busy(one: Plan | WhatIf) -> bool:
    """Is it still being computed?"""
    return one.job is not None and one.job.state in ("waiting", "running")


def state(plan: Plan) -> str:
    """Where a plan stands; what was stopped, lost or failed before there was a plan has failed."""
    if plan.state == "waiting" and plan.job and not busy(plan):
        return "failed"
    if plan.state == "in_force" and plan.storm is not None and plan.storm.ended_at is not None:
        return "over"
    return plan.state


def network(plan: Plan) -> Network:
    return roads.network_of(plan.network)


def sheets(plan: Plan) -> bridge.Sheets:
    """Its tours for reading, in the reader's language."""
    told = [type_name(one) for one in plan.inputs["types"]]
    return bridge.read(
        network(plan),
        plan.inputs,
        (plan.tours or {}).get("tours", ()),
        type_names=told,
        title=plan.label(),
    )


def undone(plan: Plan) -> QuerySet[Section]:
    """Sections that the plan leaves undone, as they stand in its own version of the network."""
    codes = (plan.told or {}).get("undone", [])[:MOST]
    return Section.objects.filter(network=plan.network_id, code__in=codes).defer("geometry")


def closed_now() -> list[str]:
    """Sections that were last said to be closed, as a form wants them."""
    shut = [code for code, one in live.states().items() if one.code == "closed"]
    return list(roads.sections().filter(code__in=shut).values_list("name", flat=True))


def type_name(one: Mapping[str, Any]) -> str:
    """What a type of vehicle is called: its kind, what it carries."""
    kind = _(VEHICLES[one["kind"]])
    if "spread" not in one["does"]:
        return kind
    return _("%(kind)s（%(kg)d kg）") % {"kind": kind, "kg": round(one["capacity_kg"])}


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """A fault of the planner or the judge, as this room says it."""
    told = dict(params)
    if told.get("kind") in KINDS:
        told["kind"] = _(KINDS[told["kind"]])
    known = snow_words.SENTENCES.get(code)
    return _(known) % told if known else f"{code} {told}"


def now_s(plan: Plan) -> float:
    """Seconds since the vehicles were to leave; zero before."""
    return max(0.0, (clock.now() - plan.starts_at).total_seconds())


def behind(plan: Plan) -> list[str]:
    """Sections that the plan has done by now, and of which there is no pass, proven or reported."""
    told, until = network(plan), now_s(plan) - rules.SLACK_S
    due = {
        int(told.section[arc])
        for tour in (plan.tours or {}).get("tours", ())
        for kind, _from, to_s, arcs, *_rest in tour["stops"]
        if kind == "serve" and to_s <= until
        for arc in arcs
    }
    rows = passes.passes(plan.starts_at, clock.now())
    done = set(rows.values_list("section", flat=True).distinct())
    return sorted({told.sections[at].code for at in due} - done)


def heard(plan: Plan, until_s: float) -> Heard:
    """What vehicles of a plan sent until then, and what teams reported since it was last made anew:
    what was known then is kept with it."""
    since = max((one["now_s"] for one in plan.inputs["events"]), default=0.0)
    start, until = plan.starts_at, plan.starts_at + timedelta(seconds=until_s)
    place = {one["pk"]: at for at, one in enumerate(plan.inputs["vehicles"])}
    begin = start.timestamp()
    points = [
        (place[vehicle], at_ms / 1000 - begin, *rest)
        for vehicle, at_ms, *rest in passes.heard(place, start, until)
    ]
    said = passes.passes(start + timedelta(seconds=since), until).filter(source="reported")
    rows = said.values_list("section", "direction", "to_at")
    return Heard(points, [(code, way, (at - start).total_seconds()) for code, way, at in rows])


def far(plan: Plan, place: tuple[float, float]) -> bool:
    """Is no street of the plan's network near to that place?"""
    return bridge.far(network(plan), [place])[0]
