"""Verbs on jobs: start, stop, and what a job does with itself: begin, tell, end."""

import logging
import secrets
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from bihuan import __version__
from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.base.text import shorten, zh
from bihuan.jobs import executor, queries, rules
from bihuan.jobs.models import Job
from bihuan.jobs.rules import Stopped
from bihuan.people import queries as people_queries
from bihuan.people import services as people
from bihuan.people.models import Post

_log = logging.getLogger("bihuan.jobs")

# Who took a job on. Not the number of the process: in a container that is the same at every start.
PROCESS = uuid.uuid4().hex

people.declare_verbs(
    {
        "jobs.view": zh("查看全部作业"),
        "jobs.start": zh("发起作业"),
        "jobs.stop": zh("停止别人的作业"),
    }
)
audit.declare(
    {
        "jobs.job.start": zh("发起作业"),
        "jobs.job.stop": zh("要求停止作业"),
        "jobs.job.done": zh("作业完成"),
        "jobs.job.failed": zh("作业失败"),
        "jobs.job.cancelled": zh("作业已停止"),
        "jobs.job.lost": zh("作业中断"),
    }
)


class Tell(Protocol):
    """Told how far a computation is; raises `Stopped` once somebody asked to stop.

    Not to be called while a query is still being read (`iterator()`): SQLite then neither writes
    nor sees what others wrote.
    """

    def __call__(self, done: int, total: int, message: str = "") -> None: ...


class Work(Protocol):
    """What computes: plain data in, plain data out, the same for the same inputs and seed."""

    def __call__(
        self, inputs: dict[str, Any], *, seed: int, tell: Tell, run: executor.Run
    ) -> Any: ...


@dataclass(frozen=True)
class Declared:
    """A declared kind of job."""

    work: Work
    label: str
    verb: str
    version: str
    plain: bool
    then: Callable[[Job], None] | None


_kinds: dict[str, Declared] = {}


def telling(
    run: executor.Run, tell: Tell, total: int, weigh: Callable[[Any], int] = lambda _answer: 1
) -> Callable[..., Iterator[Any]]:
    """The same map, saying how far it is; whoever asked to stop is heard between pieces.

    `weigh` is how much of the total an answer stands for.
    """
    done = 0

    def told(one: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[Any]:
        nonlocal done
        tell(done, total)
        for answer in run(one, parts):
            done += weigh(answer)
            tell(done, total)
            yield answer

    return told


def declare(
    kind: str,
    work: Work,
    *,
    label: str = "",
    verb: str = "jobs.start",
    version: str = "",
    plain: bool = False,
    then: Callable[[Job], None] | None = None,
) -> None:
    """Enter a kind of job of a room above: what computes, what it is called, who may start it.

    A `plain` kind needs no inputs: it can be started from the page of jobs.
    `then` is called with the finished job in the transaction that ends it, so that the room can
    store its rows together with the result; what it refuses becomes the job's fault.
    """
    _kinds[kind] = Declared(work, label or kind, verb, version, plain, then)


def label(kind: str) -> str:
    """What a kind is called, in the source language; its code when no room declares it now."""
    return _kinds[kind].label if kind in _kinds else kind


def startable(by: Post) -> list[str]:
    """Kinds that this post may start as they are, without any inputs."""
    plain = ((kind, known) for kind, known in _kinds.items() if known.plain)
    return [kind for kind, known in plain if people_queries.may(by, known.verb)]


# What people do ---------------------------------------------------------------------------------


@transaction.atomic
def start(
    kind: str,
    *,
    by: Post | None,
    inputs: Mapping[str, Any],
    title: str = "",
    seed: int | None = None,
) -> Job:
    """发起作业：记下输入及其摘要和种子；提交之后才开始计算。Without a title it is called by its
    kind.
    """
    declared = _kinds[kind]
    if by is not None:
        people_queries.require(by, declared.verb)
    executor.check()
    if seed is None:
        seed = secrets.randbelow(2**32)
    elif not 0 <= seed <= rules.LARGEST_SEED:
        raise Refused(_("种子应为不小于 0 的整数。请改正。"))
    text = _spelled(dict(inputs))
    job = Job.objects.create(
        kind=kind,
        title=shorten(title or declared.label, 200),
        by=by,
        inputs=rules.read(text),
        inputs_digest=rules.digest(text),
        seed=seed,
        engine_version=shorten(f"{declared.version} bihuan {__version__}".strip(), 80),
        process=PROCESS,
    )
    changes = {
        "kind": (None, kind),
        "inputs_digest": (None, job.inputs_digest),
        "seed": (None, seed),
        "engine_version": (None, job.engine_version),
    }
    audit.record(by, "jobs.job.start", job, changes=changes)
    transaction.on_commit(partial(executor.submit, partial(carry_out, job.pk)))
    return job


@transaction.atomic
def stop(job: Job, *, by: Post | None) -> Job:
    """停止作业：还在等待的当即停止；正在计算的，到下一次报告进度时停止。"""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if by is not None and not queries.may_stop(job, by):
        raise NotAllowed(_("这个作业由别人发起，您不能停止它。请联系发起人或管理员。"))
    if job.state not in rules.UNFINISHED:
        raise Refused(
            _("这个作业已经结束（%(state)s），不用停止。请刷新页面看结果。")
            % {"state": _(rules.STATES[job.state])}
        )
    if job.wanted_stop:
        return job
    job.wanted_stop = True
    job.save(update_fields=["wanted_stop"])
    audit.record(by, "jobs.job.stop", job)
    if job.state == "waiting":
        _end(job.pk, "cancelled")
        job.refresh_from_db()
    return job


@transaction.atomic
def mark_lost() -> int:
    """中断：服务器启动时，把以前的进程没做完的作业记为中断；返回几个。"""
    return _lose(queries.left_behind(PROCESS))


def shut_down() -> None:
    """The server is going: its unfinished jobs are lost, pieces not yet begun are dropped."""
    with transaction.atomic():
        _lose(queries.unfinished_of(PROCESS))
    executor.leave()


def _lose(jobs: Iterable[Job]) -> int:
    lost = list(jobs)
    for job in lost:
        _end(job.pk, "lost", fault=rules.LEFT_BEHIND)
    return len(lost)


# What a job does with itself --------------------------------------------------------------------


def carry_out(pk: int) -> None:
    """From beginning to end, in the job's own thread. Whatever happens, the job ends in a state."""
    with translation.override(settings.LANGUAGE_CODE):  # what is stored is in the source language
        job = _begin(pk)
        if job is None:
            return
        try:
            result, then = _compute(job)
            _end(pk, "done", result=result, then=then)
        except Stopped:
            _end(pk, "cancelled")
        except Refused as refusal:
            _end(pk, "failed", fault=str(refusal))
        except Exception:
            _log.exception("job %s (%s) failed", pk, job.kind)
            _end(pk, "failed", fault=rules.CRASHED)
        except BaseException:  # Ctrl-C on the command line
            _end(pk, "cancelled")
            raise


def _compute(job: Job) -> tuple[str, Callable[[Job], None] | None]:
    declared = _kinds.get(job.kind)
    if declared is None:
        raise Refused(_(rules.UNKNOWN_KIND))
    tell = Progress(job.pk)
    outcome = declared.work(job.inputs, seed=job.seed, tell=tell, run=executor.run)
    tell.last()
    try:
        return rules.canonical({} if outcome is None else outcome), declared.then
    except (TypeError, ValueError) as fault:
        raise Refused(_(rules.NO_JSON) % {"reason": fault}) from fault


@transaction.atomic
def _begin(pk: int) -> Job | None:
    """Take the job up, unless it was stopped or lost while it waited."""
    job = Job.objects.select_for_update().get(pk=pk)
    if job.state != "waiting":
        return None
    job.state, job.started_at = "running", clock.now()
    job.save(update_fields=["state", "started_at"])
    return job


@transaction.atomic
def _end(
    pk: int,
    state: str,
    *,
    result: str | None = None,
    fault: str = "",
    then: Callable[[Job], None] | None = None,
) -> None:
    """End the job in a state, once. The entry is by the post that started it."""
    job = Job.objects.select_for_update().get(pk=pk)
    if state not in rules.STEPS[job.state]:
        return
    before, job.state, job.fault = job.state, state, fault
    job.finished_at = max(clock.now(), job.started_at or clock.now())
    changes: dict[str, tuple[Any, Any]] = {"state": (before, state)}
    if result is not None:
        job.result = rules.read(result)
        changes["result"] = (None, rules.digest(result))
    job.save(update_fields=["state", "fault", "result", "finished_at"])
    audit.record(
        None if state == "lost" else job.by,
        f"jobs.job.{state}",
        job,
        changes=changes,
        note=fault,
    )
    if then is not None:
        then(job)


class Progress:
    """进度：写入数据库，一秒至多几次；有人要求停止时抛出 `Stopped`。"""

    EVERY_S = 0.3
    PATIENCE = 5

    def __init__(self, pk: int, now: Callable[[], float] = time.monotonic) -> None:
        self.pk, self.now = pk, now
        self.written_at: float | None = None
        self.unwritten: tuple[int, int, str] | None = None
        self.failures = 0

    def __call__(self, done: int, total: int, message: str = "") -> None:
        self.unwritten = (max(0, done), max(0, total), shorten(message, 200))
        now = self.now()
        if self.written_at is None or now - self.written_at >= self.EVERY_S:
            self.written_at = now
            self.last()
            if executor.leaving() or queries.stop_is_wanted(self.pk):
                raise Stopped

    def last(self) -> None:
        """Write what was told last, if it is not written yet."""
        if self.unwritten is None:
            return
        done, total, message = self.unwritten
        self.unwritten = None
        try:
            with transaction.atomic():
                Job.objects.filter(pk=self.pk).update(done=done, total=total, message=message)
            self.failures = 0
        except OperationalError:  # a busy database: the next time will do
            _log.warning("progress of job %s was not written", self.pk)
            self.failures += 1
            if self.failures > self.PATIENCE:  # nor would a wish to stop be seen
                raise


def _spelled(inputs: dict[str, Any]) -> str:
    try:
        return rules.canonical(inputs)
    except (TypeError, ValueError) as fault:
        raise Refused(
            _("作业的输入不能记成 JSON：%(reason)s。请检查输入。") % {"reason": fault}
        ) from fault


def kinds() -> Iterable[str]:
    """Codes of all declared kinds."""
    return tuple(_kinds)
