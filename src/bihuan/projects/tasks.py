"""The computation of an estimate, as the room of jobs carries it out."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bihuan.base.errors import Refused
from bihuan.base.text import zh
from bihuan.days import queries as days
from bihuan.jobs import services as jobs
from bihuan.projects import bridge
from bihuan.projects.rules import Follows, Task
from bihuan.projects.services import estimates


def risk(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """工期风险：抽样分成若干份，每份之间报进度，可停止。"""
    tasks = [
        Task(
            key,
            name,
            date.fromisoformat(start),
            date.fromisoformat(finish),
            percent,
            tuple(Follows(*link) for link in after),
            owner=owner,
        )
        for key, name, start, finish, percent, after, owner in inputs["tasks"]
    ]
    try:
        return bridge.risk(
            tasks,
            [bridge.Points(**one) for one in inputs["points"]],
            [bridge.Promise(n, date.fromisoformat(d), k) for n, d, k in inputs["promises"]],
            status_on=date.fromisoformat(inputs["status_on"]),
            worked=days.calendar() if inputs["days"] == "working" else None,
            common=inputs["common"],
            owner=inputs["owner"],
            seed=seed,
            run=jobs.telling(run, tell, bridge.pieces(len(tasks))),
        )
    except bridge.Unfit as unfit:
        raise Refused.all([_said(fault) for fault in unfit.faults]) from None


def level(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """班组均衡、前期均衡：限时求解，每一轮报进度。"""
    seconds = bridge.SECONDS

    def told(progress: Any) -> None:
        tell(min(round(progress.seconds), round(seconds)), round(seconds))

    try:
        return bridge.levelled(inputs["case"], seed=seed, seconds=seconds, run=run, tell=told)
    except bridge.Unfit as unfit:
        raise Refused.all([_said(fault) for fault in unfit.faults]) from None


def _said(fault: Any) -> str:
    return str(_(bridge.SENTENCES[fault.code]) % fault.params)


def declare() -> None:
    """Make them known to the room of jobs."""
    jobs.declare(
        estimates.KINDS["risk"],
        risk,
        label=zh("工期风险推演"),
        verb="projects.view",
        version=bridge.VERSION,
        then=estimates.keep_estimate,
    )
    for kind, label in (("crews", zh("班组均衡推演")), ("steps", zh("前期均衡推演"))):
        jobs.declare(
            estimates.KINDS[kind],
            level,
            label=label,
            verb="projects.view",
            version=bridge.VERSION,
            then=estimates.keep_estimate,
        )
