"""The computation of a run, as the room of jobs carries it out."""

from typing import Any

from django.utils.translation import gettext as _

from bihuan.assessment import bridge
from bihuan.assessment.models import Run, Sensitivity
from bihuan.assessment.services import runs, sensitivity
from bihuan.base.errors import Refused
from bihuan.base.text import zh
from bihuan.engines.index import VERSION
from bihuan.jobs import services as jobs


def work(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """测算：先本轮，再以同样的抽样算上一轮，以便说出确有上升的概率。"""
    made = Run.objects.select_related("previous").get(pk=inputs["run"])
    if bridge.digest(made.inputs) != inputs["digest"]:
        raise Refused(_("测算的输入与发起时的不同。请重新发起。"))
    before, draws = made.previous, int(inputs["draws"])
    total = draws * (2 if before is not None else 1)
    told = jobs.telling(run, tell, total, _draws)
    after = bridge.spread(made.inputs, draws, seed, told)
    earlier = None if before is None else bridge.spread(before.inputs, draws, seed, told)
    return bridge.told(after, earlier)


def what_matters(inputs: dict[str, Any], *, seed: int, tell: jobs.Tell, run: Any) -> dict[str, Any]:
    """敏感性分析：换着做法重算，看哪一种最左右位次。"""
    asked = Sensitivity.objects.select_related("run", "entrant").get(pk=inputs["sensitivity"])
    snapshot: Any = asked.run.inputs
    if bridge.digest(snapshot) != inputs["digest"]:
        raise Refused(_("测算的输入与发起时的不同。请重新发起。"))
    draws = int(inputs["draws"])
    told = jobs.telling(run, tell, bridge.draws_that_matter(snapshot, draws), _draws)
    return bridge.what_matters(snapshot, asked.entrant.code, draws, seed, told)


def _draws(answer: Any) -> int:
    return len(answer.scores)


def declare() -> None:
    """Make them known to the room of jobs."""
    jobs.declare(
        runs.KIND,
        work,
        label=zh("综合评价测算"),
        verb="assessment.run",
        version=VERSION,
        then=runs.keep_job,
    )
    jobs.declare(
        sensitivity.KIND,
        what_matters,
        label=zh("敏感性分析"),
        verb="assessment.run",
        version=VERSION,
        then=sensitivity.keep_sensitivity,
    )
