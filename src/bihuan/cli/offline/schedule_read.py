"""`bihuan schedule read`: what stands in a schedule file, and its critical path."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bihuan.cli.offline.options import FILE, lang
from bihuan.cli.offline.words import _, sentence
from bihuan.engines.faults import Fault, Unfit
from bihuan.engines.schedule.path import Dates, dates
from bihuan.exchange.schedules import Plan, Refusal, read
from bihuan.exchange.schedules.counting import Counted, counted
from bihuan.exchange.workbook.doubt import Doubt

_SHOWN = 20
as_json = click.option("--json", "as_json", is_flag=True, help=_("写成 JSON。"))


def loaded(file: Path) -> Plan:
    """The plan in the file; Unfit with the reason where there is none."""
    try:
        return read(file.read_bytes(), file.name)
    except Refusal as refusal:
        doubt = refusal.doubt
        raise Unfit([Fault(doubt.code, {**doubt.params, "file": file.name})]) from None


def settled(plan: Plan, file: Path) -> Plan:
    """The plan, if every cell of it could be read; what could not is said at once."""
    if grave := [doubt for doubt in plan.doubts if doubt.grave]:
        raise Unfit(Fault(doubt.code, _about(doubt, file)) for doubt in grave)
    return plan


def _about(doubt: Doubt, file: Path) -> dict[str, Any]:
    return {**doubt.params, "file": f"{file.name} {doubt.at}".strip()}


def told(doubts: tuple[Doubt, ...], file: Path) -> list[str]:
    """Doubts as sentences with their places."""
    return [sentence(doubt.code, _about(doubt, file)) for doubt in doubts]


@dataclass(frozen=True)
class _Found:
    """A plan that was read, and what could be counted of it."""

    plan: Plan
    counted: Counted | None
    dates: Dates | None
    faults: tuple[Fault, ...]


@click.command(
    "read",
    short_help=_("读计划文件"),
    help=_(
        "读计划文件：Project（.mpp、.xml、.mpx）、Primavera（.xer、.pmxml）、Planner、Excel 表；"
        "列出任务、关系、资源、日历各多少，按逻辑关系算关键路线和时差。\n\n"
        "Project、Primavera、Planner 的文件要有 Java 才能读。例：bihuan schedule read 计划.mpp"
    ),
)
@click.argument("file", type=FILE)
@as_json
@lang
def read_command(file: Path, as_json: bool) -> int:
    plan = loaded(file)
    found = _found(plan)
    if as_json:
        click.echo(json.dumps(_table(found, file), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_lines(found)))
    for line in told(plan.doubts, file):
        click.echo(line, err=True)
    for fault in found.faults:
        click.echo(sentence(fault.code, fault.params), err=True)
    return 1 if found.faults or any(doubt.grave for doubt in plan.doubts) else 0


def _found(plan: Plan) -> _Found:
    if not plan.leaves:
        return _Found(plan, None, None, ())
    try:
        one = counted(plan, pinned=False)
        return _Found(plan, one, dates(one.network), ())
    except Unfit as refusal:
        # A file without any date is read all the same: only its path cannot be told in days.
        faults = [fault for fault in refusal.faults if fault.code != "schedule_no_start"]
        return _Found(plan, None, None, tuple(faults))


def _lines(found: _Found) -> Iterator[str]:
    plan = found.plan
    yield plan.title or _("（没有标题）")
    yield _("任务 %(tasks)d 项（末级 %(leaves)d，里程碑 %(milestones)d），关系 %(links)d 条") % {
        "tasks": len(plan.tasks),
        "leaves": len(plan.leaves),
        "milestones": sum(task.milestone for task in plan.leaves),
        "links": len(plan.relations),
    }
    yield _("资源 %(resources)d 个，分配 %(assignments)d 条，日历 %(calendars)d 个") % {
        "resources": len(plan.resources),
        "assignments": len(plan.assignments),
        "calendars": len(plan.calendars),
    }
    yield _("计划 %(start)s 开始，%(finish)s 完成") % {
        "start": shown(plan.start),
        "finish": shown(plan.finish),
    }
    if plan.periods:
        yield _("跟踪期 %(n)d 个，最后一个的状态日是 %(on)s") % {
            "n": len(plan.periods),
            "on": shown(plan.periods[-1].on),
        }
    if found.counted and found.dates:
        yield from _path(found.counted, found.dates)


def _path(one: Counted, counted_: Dates) -> Iterator[str]:
    yield _("按逻辑关系最早 %(finish)s 完成；总时差不大于零的活动 %(n)d 项，关键路线：") % {
        "finish": shown(one.axis.when(counted_.finish)),
        "n": int(counted_.critical.sum()),
    }
    chain = counted_.path()
    for code in chain[:_SHOWN]:
        at = one.network.place(code)
        yield "  ".join(
            [
                f"  {code}",
                one.network.names[at] or "—",
                shown(one.axis.when(counted_.early_start[at])),
                shown(one.axis.when(counted_.early_finish[at])),
            ]
        )
    if len(chain) > _SHOWN:
        yield _("  ……另有 %(n)d 项，用 --json 看全部。") % {"n": len(chain) - _SHOWN}


def shown(when: datetime | None) -> str:
    """2026-01-20 17:00, or a dash."""
    return "—" if when is None else when.isoformat(" ", "minutes")


def _table(found: _Found, file: Path) -> dict[str, Any]:
    plan, one, counted_ = found.plan, found.counted, found.dates
    day = one.day if one else 1.0
    places = {task.code: at for at, task in enumerate(one.leaves)} if one else {}
    rows = []
    for task in plan.tasks:
        row: dict[str, Any] = {
            "code": task.code,
            "name": task.name,
            "outline": task.outline,
            "parent": task.parent,
            "summary": task.summary,
            "milestone": task.milestone,
            "start": _iso(task.start),
            "finish": _iso(task.finish),
            "minutes": task.minutes,
            "baseline_start": _iso(task.base_start),
            "baseline_finish": _iso(task.base_finish),
            "done": task.done,
            "owner": task.owner,
        }
        if one and counted_ and (at := places.get(task.code)) is not None:
            row |= {
                "early_start": _iso(one.axis.when(counted_.early_start[at])),
                "early_finish": _iso(one.axis.when(counted_.early_finish[at])),
                "total_float_days": round(float(counted_.total_float[at]) / day, 4),
                "free_float_days": round(float(counted_.free_float[at]) / day, 4),
                "critical": bool(counted_.critical[at]),
            }
        rows.append(row)
    return {
        "format": plan.format,
        "title": plan.title,
        "start": _iso(plan.start),
        "finish": _iso(plan.finish),
        "counts": {
            "tasks": len(plan.tasks),
            "leaf_tasks": len(plan.leaves),
            "relations": len(plan.relations),
            "resources": len(plan.resources),
            "assignments": len(plan.assignments),
            "calendars": len(plan.calendars),
            "periods": len(plan.periods),
        },
        "path": list(counted_.path()) if counted_ else [],
        "tasks": rows,
        "relations": [
            {
                "before": link.before,
                "after": link.after,
                "kind": link.kind,
                "lag_minutes": link.lag,
                "elapsed": link.elapsed,
            }
            for link in plan.relations
        ],
        "doubts": told(plan.doubts, file),
        "faults": [sentence(fault.code, fault.params) for fault in found.faults],
    }


def _iso(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat(timespec="minutes")
