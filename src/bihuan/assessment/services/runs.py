"""Runs: started from a frozen round, computed as a job, stored with what made them."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.assessment import bridge, queries
from bihuan.assessment.models import Round, Run, Score
from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.engines.index import VERSION
from bihuan.jobs import services as jobs
from bihuan.jobs.models import Job
from bihuan.people import queries as people
from bihuan.people.models import Post

if TYPE_CHECKING:
    from bihuan.engines.index.robust import Run as Mapper

KIND = "assessment.run"
MOST_DRAWS = 100_000


@transaction.atomic
def start_run(found: Round, *, by: Post | None, draws: int, seed: int) -> Run:
    """发起测算：以冻结的数据和方案为准，记下输入、摘要、种子，提交之后在后台计算。"""
    run = _made(found, by=by, draws=draws, seed=seed)
    title = _("%(name)s测算") % {"name": str(found)}
    inputs = {"run": run.pk, "digest": run.inputs_digest, "draws": draws}
    # The row must be there before the job looks for it: a job that runs at once does so on commit.
    run.job = jobs.start(KIND, by=by, inputs=inputs, title=title, seed=seed)
    run.save(update_fields=["job"])
    return run


def _made(found: Round, *, by: Post | None, draws: int, seed: int) -> Run:
    if by is not None:
        people.require(by, "assessment.run")
        if people.scope(by, "assessment.run").units is not None:
            raise people.not_allowed(by)
    found = Round.objects.select_related("scheme").get(pk=found.pk)
    if found.state != "frozen":
        raise Refused(_("数据还没有冻结，不能测算。请先提交、核对、冻结。"))
    if not 50 <= draws <= MOST_DRAWS:
        raise Refused(_("抽样次数应在 50 和 100000 之间。请改正。"))
    inputs: Any = found.inputs  # the stub of the field knows only text
    digest = bridge.digest(inputs)
    if digest != found.digest:
        raise Refused(_("数据与冻结时的摘要不符。请联系管理员查明，不要测算。"))
    earlier = queries.previous_round(found)
    run = Run.objects.create(
        round=found,
        previous=queries.latest_run(earlier) if earlier else None,
        inputs=inputs,
        inputs_digest=digest,
        seed=seed,
        draws=draws,
        by=by,
    )
    audit.record(
        by,
        "assessment.run.start",
        run,
        changes={"inputs_digest": (None, digest), "seed": (None, seed), "draws": (None, draws)},
    )
    return run


def keep_job(job: Job) -> None:
    """In the transaction that ends the job: its result becomes the run's."""
    keep(Run.objects.get(pk=job.inputs["run"]), job.result, by=job.by)


@transaction.atomic
def keep(run: Run, told: dict[str, Any], *, by: Post | None) -> Run:
    """存入测算结果：一次存齐，此后不变。"""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.digest:
        raise Refused(_("这次测算已有结果，不能再存。"))
    if bridge.result_of(run.inputs).digest != told["digest"]:
        raise Refused(_("算出的结果与输入对不上，没有存。请重新测算。"))
    people_of = queries.entrants(row[0] for row in told["scores"])
    Score.objects.bulk_create(
        [
            Score(
                run=run,
                entrant=people_of[code],
                score=None if score is None else round(score, 6),
                rank=rank,
                league_rank=league,
                low=low,
                high=high,
                in_top=round(top, 4),
                in_last=round(last, 4),
                rose=None if rose is None else round(rose, 4),
            )
            for code, score, rank, league, low, high, top, last, rose in told["scores"]
        ],
        batch_size=500,
    )
    run.engine, run.digest, run.failed = told["engine"], told["digest"], told["failed"]
    run.save(update_fields=["engine", "digest", "failed"])
    changes = {"digest": (None, run.digest), "engine": (None, run.engine)}
    audit.record(by, "assessment.run.keep", run, changes=changes)
    return run


@transaction.atomic
def measure(found: Round, *, by: Post | None, draws: int, seed: int, run: "Mapper" = map) -> Run:
    """当场测算：不经后台，用于装入示例数据和小规模的计算。"""
    made = _made(found, by=by, draws=draws, seed=seed)
    before = made.previous
    spreads = [
        bridge.spread(one.inputs, draws, seed, run) for one in (before, made) if one is not None
    ]
    told = bridge.told(spreads[-1], spreads[0] if before is not None else None)
    assert told["engine"] == VERSION
    return keep(made, told, by=by)
