"""What runs as a job: plans, what if, a replay, road states that publish themselves when due."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from bihuan.base.errors import Refused
from bihuan.base.text import zh
from bihuan.jobs import services as jobs
from bihuan.jobs.rules import Stopped
from bihuan.roads import queries as roads
from bihuan.snow import services
from bihuan.snow.bridge import planning
from bihuan.snow.bridge import replay as bridge
from bihuan.snow.models import Plan, WhatIf
from bihuan.snow.queries import plan as plans
from bihuan.snow.queries import storm as storms
from bihuan.snow.services import plan as planned
from bihuan.snow.services import review


def replay(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """重演：原来的一遍和假如的一遍，同一个引擎各排一次，用另一段程序计数。"""
    network = roads.network()
    if network is None:
        raise Refused(_("没有启用的路网，不能重演。请先装入路网。"))
    tell(0, 2)
    return _told(
        lambda: bridge.replayed(
            network,
            hours=inputs["hours"],
            from_s=inputs["from_s"],
            base=[bridge.Vehicle(**one) for one in inputs["base"]],
            variants=[(inputs["label"], [bridge.Vehicle(**one) for one in inputs["variant"]])],
            grams_m=inputs["grams_m"],
            seed=seed,
            progress=lambda done, total: tell(done, total),
        )
    )


_BEGINNING = zh("正在准备；新装的机器上第一次要编译，约一分钟。")


class _Ear:
    """Hears that somebody asked to stop, and lets the search end with the best it has."""

    def __init__(self, tell: jobs.Tell) -> None:
        self.tell, self.stopped = tell, False

    def say(self, done: int, total: int, message: str = "") -> None:
        if self.stopped:
            return
        try:
            self.tell(done, total, message)
        except Stopped:
            self.stopped = True

    def heard(self) -> bool:
        return self.stopped


def plan(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """制订方案：停止时以那时最好的为准。"""
    made = Plan.objects.select_related("network").get(pk=inputs["plan"])
    ear = _Ear(tell)
    ear.say(0, 100, _BEGINNING)
    return _told(lambda: planning.planned(
        plans.network(made), made.inputs, seed=seed, seconds=made.seconds, rounds=made.rounds,
        run=run, progress=lambda share: ear.say(int(share * 100), 100), stop=ear.heard,
    ))  # fmt: skip


def replan(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """重排：从上一版执行到那一刻的实情接着排：上报的位置、轨迹和队伍的报告。"""
    made = Plan.objects.select_related("network", "before").get(pk=inputs["plan"])
    before = made.before
    assert before is not None  # a plan made anew comes from one
    tell(0, 1)
    kept = {**(before.tours or {}), "tasks": (before.told or {}).get("tasks")}
    return _told(
        lambda: planning.replanned(
            plans.network(made),
            before.inputs,
            kept,
            inputs["event"],
            heard=plans.heard(before, inputs["event"]["now_s"]),
            run=run,
        )
    )


def whatif(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """假如：停止时已算完的照样列出。"""
    asked = WhatIf.objects.select_related("plan__network").get(pk=inputs["whatif"])
    made, ear = asked.plan, _Ear(tell)
    return _told(lambda: planning.asked_what_if(
        plans.network(made), made.inputs, inputs["asked"], seed=seed, seconds=made.seconds,
        rounds=made.rounds, run=run, progress=ear.say, stop=ear.heard,
    ))  # fmt: skip


def _told(compute: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What comes of it, or the engine's faults as sentences, all at once."""
    try:
        return compute()
    except planning.Unfit as unfit:
        raise Refused.all(
            [plans.sentence(one.code, one.params) for one in unfit.faults]
        ) from None  # fmt: skip


def publish(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """到时自动发布路况：照“汇总与发布的设定”。"""
    return {zh("发布"): publish_due()}


def publish_due() -> int:
    """How many publications the rule made now: one or none."""
    storm = storms.current()
    if storm is None:
        return 0
    return int(services.publish_when_due(storm) is not None)


def declare() -> None:
    """Make them known to the room of jobs."""
    for kind, work, label, then in (
        (planned.KIND, plan, zh("制订作业方案"), planned.keep_plan),
        (planned.AGAIN, replan, zh("重排作业方案"), planned.keep_plan),
        (planned.QUESTION, whatif, zh("方案的假设"), planned.keep_what_if),
    ):
        jobs.declare(
            kind, work, label=label, verb="snow.dispatch", version=planning.VERSION, then=then
        )
    jobs.declare(
        review.KIND, replay, label=zh("重演一场雪"), verb="snow.dispatch",
        version=bridge.VERSION, then=review.keep_replay,
    )  # fmt: skip
    jobs.declare(
        "snow.publish", publish, label=zh("到时自动发布路况"), verb="snow.publish", plain=True
    )
