"""Sensitivity: asked for one entrant of a finished run, computed as a job, kept once."""

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.assessment.models import Run, Score, Sensitivity
from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.engines.index import VERSION
from bihuan.jobs import rules as job_rules
from bihuan.jobs import services as jobs
from bihuan.jobs.models import Job
from bihuan.people import queries as people
from bihuan.people.models import Post

KIND = "assessment.sensitivity"
FEWEST, MOST = 32, 4096  # draws in a block


@transaction.atomic
def ask_what_matters(score: Score, *, by: Post | None, draws: int, seed: int) -> Sensitivity:
    """发起敏感性分析：哪种做法最左右这个单位的位次和能否进入前列；在后台计算。"""
    if by is not None:
        people.require(by, "assessment.run")
        if people.scope(by, "assessment.run").units is not None:
            raise people.not_allowed(by)
    run = (
        Run.objects.select_for_update(of=("self",))
        .select_related("round__scheme")
        .get(pk=score.run_id)
    )
    faults = []
    if not run.done or not score.rank:
        faults.append(_("没有位次的，不能作敏感性分析。"))
    if not FEWEST <= draws <= MOST:
        faults.append(
            _("每块的抽样次数应在 %(fewest)d 和 %(most)d 之间。请改正。")
            % {"fewest": FEWEST, "most": MOST}
        )
    busy = run.sensitivities.filter(entrant=score.entrant, job__state__in=job_rules.UNFINISHED)
    if busy.exists():
        faults.append(_("上一次还在计算。请等它算完，或先停止它。"))
    if faults:
        raise Refused.all(faults)
    made = Sensitivity.objects.create(run=run, entrant=score.entrant, draws=draws, seed=seed, by=by)
    inputs = {"sensitivity": made.pk, "digest": run.inputs_digest, "draws": draws}
    title = _("%(unit)s敏感性分析") % {"unit": score.entrant.name}
    made.job = jobs.start(KIND, by=by, inputs=inputs, title=title, seed=seed)
    made.save(update_fields=["job"])
    audit.record(
        by,
        "assessment.sensitivity.start",
        made,
        changes={"draws": (None, draws), "seed": (None, seed)},
    )
    return made


def keep_sensitivity(job: Job) -> None:
    """In the transaction that ends the job: its result becomes the analysis'."""
    made = Sensitivity.objects.select_for_update().get(pk=job.inputs["sensitivity"])
    if made.told is not None:
        raise Refused(_("这次分析已有结果，不能再存。"))
    made.told, made.engine = job.result, VERSION
    made.save(update_fields=["told", "engine"])
    audit.record(job.by, "assessment.sensitivity.keep", made)
