"""Estimates: asked for, computed as a job, kept once and never changed."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.jobs import services as jobs
from bihuan.jobs.models import Job
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.projects import bridge, queries, rules
from bihuan.projects.models import Estimate, SchedulePlan
from bihuan.projects.queries import tables
from bihuan.projects.services.doors import opened

KINDS = {kind: f"projects.{kind}" for kind in rules.ESTIMATES}
MANAGE = "projects.manage"


@transaction.atomic
def ask_risk(plan: SchedulePlan, *, by: Post | None, seed: int) -> Estimate:
    """推演工期风险：抽样推算完工的日期、各承诺兑现的把握、谁的工作最左右完工。"""
    opened(plan.project, by, queries.reports)
    found = _open(queries.tasks(plan))
    common, owner = (tables.limit(name) / 100 for name in ("risk_common", "risk_owner"))
    if common + owner > 1:
        raise Refused(_("共有的方差合计超过百分之百。请先改“提醒的界限”表。"))
    inputs = {
        "tasks": _plain(found),
        "points": [asdict(one) for one in queries.points()],
        "promises": [[p.name, p.day.isoformat(), p.key] for p in queries.promised(plan)],
        "status_on": plan.status_on.isoformat(),
        "days": plan.days,
        "common": common,
        "owner": owner,
    }
    return _start("risk", plan, by, inputs, seed)


@transaction.atomic
def ask_crews(plan: SchedulePlan, *, by: Post | None, at_once: int, seed: int) -> Estimate:
    """推演班组均衡：每个班组同时只能做几项，没完成的任务怎样排最早完工。"""
    opened(plan.project, by, queries.reports)
    found = _open(queries.tasks(plan))
    if not any(task.owner for task in found):
        raise Refused(_("这一版计划没有写责任单位或班组，没有可均衡的。"))
    case, days = bridge.crews(found, at_once, plan.status_on, queries.worked(plan))
    inputs = {"case": case, "first_day": days.first.isoformat(), "at_once": at_once}
    return _start("crews", plan, by, inputs, seed)


@transaction.atomic
def ask_steps(*, by: Post, seed: int) -> Estimate:
    """推演前期均衡：评审会、勘测队、窗口力量有限，各项目的步骤怎样排最能按时。"""
    people.require(by, MANAGE)
    found = queries.waiting(by)
    if not found:
        raise Refused(_("没有等着办的前期步骤。"))
    return _start("steps", None, by, queries.steps_case(found), seed)


def _open(tasks: Sequence[rules.Task]) -> list[rules.Task]:
    if all(task.percent == 100 for task in tasks):
        raise Refused(_("这一版计划的任务都已完成，没有可推演的。"))
    return list(tasks)


def _plain(tasks: Sequence[rules.Task]) -> list[list[Any]]:
    """What a task is to the engine, as a job keeps it."""
    return [
        [
            *(one.key, one.name, one.start.isoformat(), one.finish.isoformat(), one.percent),
            [[link.key, link.kind, link.lag] for link in one.after],
            one.owner,
        ]
        for one in tasks
    ]


def _start(
    kind: str, plan: SchedulePlan | None, by: Post | None, inputs: dict[str, Any], seed: int
) -> Estimate:
    if any(queries.busy(one) for one in queries.estimates(kind, plan)):
        raise Refused(_("上一次还在计算。请等它算完，或先停止它。"))
    made = Estimate.objects.create(kind=kind, plan=plan, seed=seed, by=by)
    inputs = {"estimate": made.pk, **inputs}
    title = str(made)
    made.job = jobs.start(KINDS[kind], by=by, inputs=inputs, title=title, seed=seed)
    made.save(update_fields=["job"])
    audit.record(
        by,
        "projects.estimate.start",
        made,
        changes={"kind": (None, kind), "seed": (None, seed)},
    )
    return made


def keep_estimate(job: Job) -> None:
    """In the transaction that ends the job: its result becomes the estimate's."""
    made = Estimate.objects.select_for_update(of=("self",)).get(pk=job.inputs["estimate"])
    if made.told is not None:
        raise Refused(_("这次推演已有结果，不能再存。"))
    made.told = job.result
    made.save(update_fields=["told"])
    audit.record(job.by, "projects.estimate.keep", made)
