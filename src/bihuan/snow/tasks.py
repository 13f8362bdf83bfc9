"""What runs as a job: a replay by the engine, road states that publish themselves when due."""

from typing import Any

from django.utils.translation import gettext as _

from bihuan.base import snow_words
from bihuan.base.errors import Refused
from bihuan.base.text import zh
from bihuan.jobs import services as jobs
from bihuan.roads import queries as roads
from bihuan.snow import services
from bihuan.snow.bridge import replay as bridge
from bihuan.snow.queries import storm as storms
from bihuan.snow.services import review


def replay(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """重演：原来的一遍和假如的一遍，同一个引擎各排一次，用另一段程序计数。"""
    network = roads.network()
    if network is None:
        raise Refused(_("没有启用的路网，不能重演。请先装入路网。"))
    tell(0, 2)
    try:
        return bridge.replayed(
            network,
            hours=inputs["hours"],
            from_s=inputs["from_s"],
            base=[bridge.Vehicle(**one) for one in inputs["base"]],
            variants=[(inputs["label"], [bridge.Vehicle(**one) for one in inputs["variant"]])],
            grams_m=inputs["grams_m"],
            seed=seed,
            progress=lambda done, total: tell(done, total),
        )
    except bridge.Unfit as unfit:
        told = [_(snow_words.SENTENCES[one.code]) % one.params for one in unfit.faults]
        raise Refused.all(told) from None


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
    jobs.declare(
        review.KIND, replay, label=zh("重演一场雪"), verb="snow.dispatch",
        version=bridge.VERSION, then=review.keep_replay,
    )  # fmt: skip
    jobs.declare(
        "snow.publish", publish, label=zh("到时自动发布路况"), verb="snow.publish", plain=True
    )
