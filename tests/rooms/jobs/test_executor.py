"""The same job in every place: the same bits, in the same order; the place is only a setting."""

import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from bihuan.base.errors import Refused
from bihuan.jobs import executor, services
from bihuan.jobs.models import Job
from tests.rooms.jobs import kinds

INPUTS = {"pieces": 6, "throws": 400}


@pytest.fixture
def one_light_process(settings, monkeypatch) -> None:
    """One process, in which Django stays asleep: these pieces need none of it."""
    settings.EXECUTOR = "processes"
    monkeypatch.setattr(executor.os, "cpu_count", lambda: 1)
    monkeypatch.setattr(executor, "_wake", kinds.nothing)


class OnlySubmits(Executor):
    """The least that concurrent.futures asks of an executor; its `map` is inherited."""

    def submit(self, fn, /, *args, **kwargs):
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class OnlyMaps:
    """The least that this house asks of one."""

    def map(self, fn, /, *iterables):
        return [fn(*arguments) for arguments in zip(*iterables, strict=False)]


def computed() -> str:
    outcome = kinds.estimate(INPUTS, seed=11, tell=lambda *_: None, run=executor.run)
    return repr(outcome)


def test_here_threads_processes_and_any_executor_give_the_same_bits(one_light_process, settings):
    found = {}
    with ThreadPoolExecutor(2) as own:
        for place in ("here", "threads", "processes", own, OnlySubmits(), OnlyMaps()):
            settings.EXECUTOR = place
            found[str(place)] = computed()
    assert len(found) == 6
    assert len(set(found.values())) == 1, found
    assert kinds.estimate(INPUTS, seed=12, tell=lambda *_: None, run=map) != eval(found["here"])


def test_pieces_go_where_the_setting_says(settings, monkeypatch):
    monkeypatch.setattr(executor.os, "cpu_count", lambda: 1)
    main = kinds.whereabouts(0)
    assert list(executor.run(kinds.whereabouts, [1, 2])) == [main, main]
    settings.EXECUTOR = "threads"
    for process, thread in executor.run(kinds.whereabouts, [1, 2]):
        assert process == main[0]
        assert thread != main[1]
    settings.EXECUTOR = "processes"
    assert main[0] not in {process for process, _thread in executor.run(kinds.whereabouts, [1])}


def test_a_worker_that_dies_is_a_refusal_and_the_next_job_gets_a_new_pool(one_light_process):
    with pytest.raises(Refused, match="意外退出"):
        list(executor.run(kinds.die, [1]))
    assert list(executor.run(abs, [-1, 2])) == [1, 2]


def test_a_worker_ends_when_its_server_has_ended(monkeypatch):
    ends = []

    class Parent:
        def join(self):
            ends.append("the server")

    monkeypatch.setattr(executor.multiprocessing, "parent_process", Parent)
    monkeypatch.setattr(executor.os, "_exit", lambda status: ends.append("the worker"))
    executor._end_with_parent()
    assert ends == ["the server", "the worker"]


def test_results_come_in_the_order_of_the_pieces_however_late_the_first_is(settings):
    settings.EXECUTOR = "threads"
    second = threading.Event()

    def piece(number: int) -> int:
        if number == 1:
            assert second.wait(timeout=30)
        else:
            second.set()
        return number

    with ThreadPoolExecutor(2) as own:
        settings.EXECUTOR = own
        assert list(executor.run(piece, [1, 2])) == [1, 2]


def test_pieces_not_begun_are_dropped_when_the_job_gives_up(settings):
    waiting: list[Future[int]] = []

    class Slow(ThreadPoolExecutor):
        def submit(self, *args, **kwargs):
            waiting.append(super().submit(*args, **kwargs))
            return waiting[-1]

    gate = threading.Event()
    with Slow(1) as own:
        settings.EXECUTOR = own
        results = executor.run(lambda n: n if n == 0 else gate.wait(30), range(4))
        assert next(results) == 0
        results.close()
        assert all(late.cancelled() for late in waiting[2:])
        gate.set()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("elsewhere", "不认识"),
        ("dask", "不认识"),
        ("dask:tcp://127.0.0.1:1", "pip install distributed"),
        ("ray", "pip install ray"),
    ],
)
def test_what_cannot_run_is_refused_before_anything_is_written(
    settings, post, value, words, monkeypatch
):
    monkeypatch.setattr(executor.importlib.util, "find_spec", lambda name: None)
    settings.EXECUTOR = value
    with pytest.raises(Refused, match=words):
        services.start("estimate", by=post("clerk"), title="估算", inputs=INPUTS)
    assert not Job.objects.exists()


# The job's own thread ---------------------------------------------------------------------------


def test_the_desk_takes_up_jobs_in_the_order_in_which_they_came():
    desk, order, done = executor.Desk(at_once=1), [], threading.Event()
    for number in range(5):
        desk.put(lambda number=number: order.append(number))
    desk.put(done.set)
    assert done.wait(timeout=30)
    assert order == [0, 1, 2, 3, 4]


def test_a_task_that_breaks_does_not_take_its_thread_with_it(caplog):
    desk, done = executor.Desk(at_once=1), threading.Event()

    def broken() -> None:
        raise RuntimeError("the database went away")

    desk.put(broken)
    desk.put(done.set)
    assert done.wait(timeout=30)
    assert "went away" in caplog.text


def test_a_job_runs_in_a_thread_of_its_own_and_its_pieces_in_others(
    settings, post, monkeypatch, django_capture_on_commit_callbacks
):
    settings.EXECUTOR = "threads"
    ended, seen = threading.Event(), []
    shared = connections["default"]
    shared.inc_thread_sharing()

    class OneJob(executor.Desk):
        """The job's thread works in the transaction of the test, which waits for it meanwhile."""

        def put(self, task):
            def watched():
                connections["default"] = shared
                try:
                    seen.append(threading.current_thread().name)
                    task()
                finally:
                    ended.set()

            super().put(watched)

    monkeypatch.setattr(executor, "_desk", OneJob(1))
    try:
        with django_capture_on_commit_callbacks(execute=True):
            job = services.start("estimate", by=post("clerk"), title="估算", inputs=INPUTS, seed=11)
        assert ended.wait(timeout=60)
    finally:
        shared.dec_thread_sharing()
    job.refresh_from_db()
    assert job.state == "done", job.fault
    assert repr(job.result) == computed()
    assert seen == ["bihuan-job"]
