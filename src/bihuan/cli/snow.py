"""`bihuan demo snow`: a snowfall on the sample network in simulated time, printed hour by hour.

Planned, driven, disturbed, planned anew, tracked by receivers with faults of their own, and proven
from their points alone. Every claim is checked; one that does not hold ends the walk.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import click
import numpy as np
from django.utils.translation import gettext as _

from bihuan.base import matching_words
from bihuan.base.errors import Refused
from bihuan.cli.walk import Walk
from bihuan.engines.routing.chance import chances
from bihuan.engines.routing.coverage import VERDICTS, Coverage, Wanted, cover, ways
from bihuan.engines.routing.matching import cells, match
from bihuan.engines.routing.network import KINDS
from bihuan.engines.routing.plan.bounds import bounds
from bihuan.engines.routing.plan.check import Verdict, check
from bihuan.engines.routing.plan.city import plan_city
from bihuan.engines.routing.plan.legs import CityPlan, Leg
from bihuan.engines.routing.plan.live import Event, replan_city
from bihuan.engines.routing.plan.planner import Aim
from bihuan.engines.routing.plan.tracking import Receivers, track_plan
from bihuan.exchange.roads import uncertainty
from bihuan.exchange.routes.plans import hour
from bihuan.exchange.routes.sample import sample

_SEED = 20220123
_START = 7 * 3600 + 20 * 60  # of the day; all else counts from here
_ENOUGH = 0.9


@dataclass
class _Storm:
    """What has happened so far, and what the vehicles send."""

    plan: CityPlan
    receivers: Receivers
    stranded: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)
    slowest_s: float = 0.0


def run(rounds: int = 1500) -> None:
    """从转发预警到复盘：排方案、出车、车坏、封路、先清大桥、又下雪、逐小时报情况。"""
    walk = Walk()
    click.echo(_("示例数据：示意路网，模拟的车辆和轨迹。"))
    walk.step(_("07:10 转发气象台：暴雪蓝色、道路结冰橙色预警（平台只转发，不发布）"))
    walk.step(_("07:20 下雪，不等命令，启动应急预案：排方案"))
    plan = plan_city(sample(1), Aim(rounds=rounds, seed=_SEED))
    storm = _Storm(plan, _receivers(plan))
    verdict = _judged(storm)
    walk.claim(not verdict.faults, _("校验：没有一处不合"))
    walk.claim(not plan.left, _("%(n)d 项作业全部排上") % {"n": len(plan.demand.tasks)})
    walk.claim(not any(verdict.judged.late.values()), _("各类道路都在承诺时限内清完"))
    low = bounds(plan.demand)
    _say(
        _("%(vehicles)d 台车，全程 %(km).1f 公里（下界 %(low).1f），%(clear)s 清完"),
        vehicles=verdict.judged.vehicles, km=verdict.judged.km, low=low.km,
        clear=_clock(max(verdict.judged.clear_s.values())),
    )  # fmt: skip
    _chances(plan)
    _disturb(walk, storm)
    _prove(walk, storm)


def _receivers(plan: CityPlan) -> Receivers:
    """One device sends another datum, one is silent for a while, one does not tell its plough."""
    out = [tour.vehicle for tour in sorted(plan.tours, key=lambda one: -one.cleared_s)]
    return Receivers(
        shifted=(out[0],), silent=((out[1], 900.0, 1500.0),), mute=(out[2],), seed=_SEED
    )


def _disturb(walk: Walk, storm: _Storm) -> None:
    """The faults, each at its hour; what is proven is reported every full hour in between."""
    out = [tour.vehicle for tour in storm.plan.tours if tour.stops]
    _late(walk, storm, out[-1])
    _report(walk, storm, 1200.0)
    _breakdown(walk, storm, out[3], 1500.0)
    _closure(walk, storm, 2100.0)
    _bridge(walk, storm, 2700.0)
    _report(walk, storm, 3000.0)
    _again(walk, storm, 3600.0)
    _report(walk, storm, 6000.0)


def _anew(walk: Walk, storm: _Storm, event: Event, now_s: float) -> None:
    began = time.perf_counter()
    found = replan_city(storm.plan, event, now_s=now_s)
    spent = time.perf_counter() - began
    storm.slowest_s = max(storm.slowest_s, spent)
    storm.plan = found.plan
    storm.stranded |= set(event.breakdowns)
    storm.closed |= set(event.closed)
    walk.claim(not _judged(storm).faults, _("重排后校验：没有一处不合"))
    _say(
        _("改动 %(changed)d 个路段，%(moved)d 项换了车，%(left)d 项做不了，用时 %(spent).1f 秒"),
        changed=len(found.changed), moved=found.moved, left=len(found.left), spent=spent,
    )  # fmt: skip


def _late(walk: Walk, storm: _Storm, vehicle: int) -> None:
    name = storm.plan.scenario.vehicles[vehicle][1]
    walk.step(_("%(at)s %(name)s 打不着火，晚出车半小时") % {"at": _clock(600), "name": name})
    _anew(walk, storm, Event(late=((vehicle, 2400.0),)), 600.0)


def _breakdown(walk: Walk, storm: _Storm, vehicle: int, now_s: float) -> None:
    name = storm.plan.scenario.vehicles[vehicle][1]
    walk.step(
        _("%(at)s %(name)s 途中抛锚，余下的作业交给别的车") % {"at": _clock(now_s), "name": name}
    )
    _anew(walk, storm, Event(breakdowns=(vehicle,)), now_s)
    ours = next(tour for tour in storm.plan.tours if tour.vehicle == vehicle)
    walk.claim(all(leg.to_s <= now_s for leg in ours.stops), _("抛锚的车不再有作业"))


def _closure(walk: Walk, storm: _Storm, now_s: float) -> None:
    plan = storm.plan
    net = plan.scenario.network
    main = KINDS.index("main")
    ahead = [
        leg for tour in plan.tours for leg in tour.stops
        if leg.kind == "serve" and leg.from_s > now_s + 600 and net.kind[leg.arcs[0]] == main
    ]  # fmt: skip
    leg, arcs = _harmless(storm, sorted(ahead, key=lambda one: (one.from_s, one.task)), now_s)
    name = net.sections[int(net.section[leg.arcs[0]])].name
    walk.step(_("%(at)s %(name)s 因事故封闭") % {"at": _clock(now_s), "name": name})
    _anew(walk, storm, Event(closed=tuple(sorted(arcs))), now_s)
    driven = {
        a for tour in storm.plan.tours for one in tour.stops if one.from_s >= now_s
        for a in one.arcs
    }  # fmt: skip
    walk.claim(not driven & arcs, _("封闭的路不再有车经过，作业列为做不了"))


def _harmless(storm: _Storm, ahead: list[Leg], now_s: float) -> tuple[Leg, set[int]]:
    """A street whose closing cuts no vehicle off from its yard: on so small a map many would."""
    net = storm.plan.scenario.network
    for leg in ahead:
        arcs = {a for arc in leg.arcs for a in (arc, int(net.back[arc])) if a >= 0}
        found = replan_city(storm.plan, Event(closed=tuple(sorted(arcs))), now_s=now_s).plan
        if not check(found.scenario, found, found.demand.passes, stranded=storm.stranded).faults:
            return leg, arcs
    raise Refused(_("每条路一封闭都有车回不了场，这一段演不下去。"))


def _bridge(walk: Walk, storm: _Storm, now_s: float) -> None:
    plan = storm.plan
    waiting = [
        leg for tour in plan.tours for leg in tour.stops
        if leg.kind == "serve" and leg.from_s > now_s
    ]  # fmt: skip
    net = plan.scenario.network
    icy = [leg for leg in waiting if net.icing[list(leg.arcs)].any()] or waiting
    leg = max(icy, key=lambda one: one.to_s)
    name = net.sections[int(net.section[leg.arcs[0]])].name
    walk.step(_("%(at)s 督导：易结冰的 %(name)s 要先清") % {"at": _clock(now_s), "name": name})
    _anew(walk, storm, Event(first=(leg.task,), first_by_s=now_s), now_s)
    walk.claim(
        storm.plan.finish_s[leg.task] <= leg.to_s + 1e-6,
        _("由 %(old)s 提前到 %(new)s")
        % {"old": _clock(leg.to_s), "new": _clock(storm.plan.finish_s[leg.task])},
    )


def _again(walk: Walk, storm: _Storm, now_s: float) -> None:
    walk.step(_("%(at)s 又下雪：主干道再清一遍") % {"at": _clock(now_s)})
    plan = storm.plan
    main = KINDS.index("main")
    done = {
        leg.task for tour in plan.tours for leg in tour.stops
        if leg.kind == "serve" and leg.to_s <= now_s and not storm.closed & set(leg.arcs)
    }  # fmt: skip
    again = tuple(sorted(at for at in done if plan.demand.tasks[at].kind == main))
    before = len(plan.demand.tasks)
    _anew(walk, storm, Event(again=again), now_s)
    walk.claim(
        len(storm.plan.demand.tasks) == before + len(again),
        _("%(n)d 项主干道作业加了一遍") % {"n": len(again)},
    )


def _prove(walk: Walk, storm: _Storm) -> None:
    end = max(tour.back_s for tour in storm.plan.tours)
    walk.step(_("%(at)s 全部收车：只凭轨迹点核对") % {"at": _clock(end)})
    found = _report(walk, storm, end, quiet=True)
    true = _driven(storm)
    asked = found.wanted.passes > 0
    done = (found.passes >= found.wanted.passes) & asked
    false = int((done & (true < found.wanted.passes)).sum())
    walk.claim(false == 0, _("没有一段没清的路被算成清完"))
    really = asked & (true >= found.wanted.passes)
    some = max(int(really.sum()), 1)
    share, possible = (
        100 * float((one & really).sum()) / some
        for one in (done, done | (found.possible > _ENOUGH))
    )
    walk.claim(
        possible >= 100 * _ENOUGH,
        _("清完的路里 %(share).0f %% 由轨迹证明，连同标为“未证明”的是 %(possible).0f %%")
        % {"share": share, "possible": possible},
    )
    walk.step(_("复盘"))
    verdict = _judged(storm)
    for kind, clear in verdict.judged.clear_s.items():
        late = verdict.judged.late[kind]
        when = _clock(clear) if np.isfinite(clear) else _("清不完（封路）")
        _say(
            _("%(kind)s：%(when)s，晚于承诺的路段 %(late)d"), kind=_kind(kind), when=when, late=late
        )
    _say(_("融雪剂 %(t).1f 吨，全程 %(km).0f 公里"), t=verdict.judged.deicer_kg / 1000,
         km=verdict.judged.km)  # fmt: skip
    _say(_("最慢的一次重排 %(s).1f 秒"), s=storm.slowest_s)


def _report(walk: Walk, storm: _Storm, now_s: float, *, quiet: bool = False) -> Coverage:
    """The situation at an hour, from the points alone."""
    if not quiet:
        walk.step(_("截至 %(at)s：情况报告") % {"at": _clock(now_s)})
    plan = storm.plan
    sent = track_plan(plan, storm.receivers, until_s=now_s)
    matched = match(cells(plan.scenario.network), sent)
    found = cover(ways(plan.scenario.network), sent, matched, _wanted(storm), now_s=now_s)
    counts = found.counts()
    out = sum(1 for tour in plan.tours if tour.stops and tour.stops[0].from_s < now_s)
    kilos = sum(leg.kg for tour in plan.tours for leg in tour.stops
                if leg.kind == "serve" and leg.to_s <= now_s)  # fmt: skip
    _say(_("出动车辆 %(out)d 台次，撒布融雪剂 %(t).1f 吨，定位点 %(n)d 个"), out=out,
         t=kilos / 1000, n=sent.points)  # fmt: skip
    told = [f"{_verdict(name)} {counts[name]}" for name in VERDICTS if counts[name]]
    _say(_("路段方向：%(told)s"), told="，".join(told))
    for note in matched.notes:
        if note.code == "match_datum":
            _say(_(str(matching_words.SENTENCES[note.code])), **note.params)
    return found


def _wanted(storm: _Storm) -> Wanted:
    """Passes and hours of every direction of a section, as the plan asks for them."""
    plan = storm.plan
    one = ways(plan.scenario.network)
    passes = np.zeros(len(one), dtype=np.int32)
    promised = np.array(plan.scenario.promises())
    due = np.full(len(one), np.nan)
    net = plan.scenario.network
    asked = plan.asked
    np.maximum.at(passes, one.of[one.of >= 0], asked[one.of >= 0])
    due[one.of[one.of >= 0]] = promised[net.kind[one.of >= 0]]
    return Wanted(passes, np.where(np.isfinite(due), due, np.nan), np.zeros(len(one), dtype=bool))


def _arcs(storm: _Storm) -> np.ndarray[Any, np.dtype[np.int64]]:
    done = np.zeros(storm.plan.scenario.network.arcs, dtype=np.int64)
    for tour in storm.plan.tours:
        for leg in tour.stops:
            if leg.kind == "serve":
                done[list(leg.arcs)] += 1
    return done


def _driven(storm: _Storm) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Passes that every direction of a section really got: the fewest of its arcs."""
    one = ways(storm.plan.scenario.network)
    done = _arcs(storm)
    out = np.full(len(one), 10**6)
    np.minimum.at(out, one.of[one.of >= 0], done[one.of >= 0])
    return out


def _chances(plan: CityPlan) -> None:
    found = chances(
        plan.timetable(), plan.scenario.promises(), uncertainty.default(), samples=500, seed=_SEED
    )
    for one in found.kinds:
        if np.isfinite(one.promise_s):
            _say(
                _("%(kind)s：承诺 %(promise)s，计划 %(planned)s，按时的把握 %(chance).0f %%"),
                kind=_kind(one.kind), promise=hour(one.promise_s), planned=hour(one.planned_s),
                chance=one.probability * 100,
            )  # fmt: skip


def _judged(storm: _Storm) -> Verdict:
    plan = storm.plan
    return check(plan.scenario, plan, plan.demand.passes, stranded=storm.stranded)


def _say(template: str, **params: Any) -> None:
    click.echo("    " + template % params)


def _clock(after_s: float) -> str:
    minutes = round((_START + after_s) / 60)
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _kind(kind: str) -> str:
    return {
        "main": _("主干道"), "secondary": _("次干道"), "branch": _("支路"),
        "back": _("背街小巷"), "other": _("其他"),
    }[kind]  # fmt: skip


def _verdict(name: str) -> str:
    words: dict[str, Callable[[], str]] = {
        "kept": lambda: _("按时清完"), "late": lambda: _("清完但晚了"),
        "partly": lambda: _("清了一部分"), "not_proven": lambda: _("未证明"),
        "not_done": lambda: _("没做"), "open": lambda: _("还没到时限"),
        "done": lambda: _("清完"),
    }  # fmt: skip
    return words[name]()
