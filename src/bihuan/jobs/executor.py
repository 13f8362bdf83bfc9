"""Where computations run: here, in threads, in processes, on Dask or Ray.

A job has a thread of its own in the server's process, in which its work runs, tells its progress
and writes its result. The heavy pieces go out through `run`, which works like `map`: results come
back in the order of the pieces, wherever those were computed. Nothing else changes with the place.

settings.EXECUTOR is "here" (at once, in the caller's thread: tests, command line), "threads",
"processes", "dask:ADDRESS", "ray", or any object with the `map` of concurrent.futures.Executor.
A piece that goes to processes or other machines must be a top-level function of an importable
module, and its arguments and result must be picklable.
"""

import importlib
import importlib.util
import logging
import multiprocessing
import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from bihuan.base.errors import Refused
from bihuan.jobs import rules

_log = logging.getLogger("bihuan.jobs")

Run = Callable[..., Iterable[Any]]

_DESK = "bihuan-job"
AT_ONCE = 2  # jobs in progress; the others wait their turn


class Pool(Protocol):
    """What is needed of a place: concurrent.futures.Executor has it, Dask's and Ray's too."""

    def map(self, fn: Callable[..., Any], /, *iterables: Iterable[Any]) -> Iterable[Any]: ...


# The job's own thread ---------------------------------------------------------------------------


class Desk:
    """Threads that take up jobs in the order in which they came.

    Daemon threads, unlike those of concurrent.futures: a server told to stop does not wait for a
    computation of hours. What was running then is marked as lost.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._waiting: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._at_once = at_once
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def put(self, task: Callable[[], None]) -> None:
        """Take up this task as soon as a thread is free."""
        with self._lock:
            self._waiting.put(task)
            if len(self._threads) < self._at_once:
                thread = threading.Thread(target=self._work, name=_DESK, daemon=True)
                self._threads.append(thread)
                thread.start()

    def _work(self) -> None:
        while True:
            task = self._waiting.get()
            try:
                task()
            except Exception:  # a task sees to its own faults; this is the database gone away
                _log.exception("a job could not be carried out")
            finally:
                close_connections()


_desk = Desk()


def submit(task: Callable[[], None]) -> None:
    """Run a job's task: at once if everything runs here, else in a thread of the desk."""
    if settings.EXECUTOR == "here":
        task()
    else:
        _desk.put(task)


def close_connections() -> None:
    """Close this thread's database connections, except one in the middle of a transaction."""
    if not settings.configured:  # a worker on another machine has no database at all
        return
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


# The pieces -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """An open pool and how it is given up."""

    pool: Pool
    give_up: Callable[[], Any]


_places: dict[str, Place] = {}
_places_lock = threading.Lock()
_leaving = threading.Event()


def check() -> None:
    """Refuse, before anything is written, what could not run: an unknown or missing executor."""
    wanted = settings.EXECUTOR
    if not isinstance(wanted, str) or wanted in ("here", "threads", "processes"):
        return
    library = {"dask": "distributed", "ray": "ray"}.get(wanted.partition(":")[0])
    if library is None or (wanted.startswith("dask") and not wanted.startswith("dask:")):
        raise Refused(
            _(
                "设置 BIHUAN_EXECUTOR 的值“%(value)s”不认识。"
                "请改为 threads、processes、dask:地址 或 ray。"
            )
            % {"value": wanted}
        )
    if importlib.util.find_spec(library) is None:
        raise Refused(
            _(
                "没有安装 %(library)s，不能按设置计算。请管理员在服务器上运行 "
                "pip install %(library)s，或把 BIHUAN_EXECUTOR 改为 threads。"
            )
            % {"library": library}
        )


def run(fn: Callable[..., Any], /, *iterables: Iterable[Any]) -> Iterator[Any]:
    """Like `map`: the results of the pieces, in the order of the pieces."""
    if leaving():
        raise rules.Stopped
    wanted = settings.EXECUTOR
    if wanted == "here":
        yield from map(fn, *iterables)
        return
    place = _place(wanted) if isinstance(wanted, str) else Place(wanted, lambda: None)
    try:
        yield from place.pool.map(partial(piece, fn), *iterables)
    except (BrokenExecutor, CancelledError) as fault:
        if leaving():
            raise rules.Stopped from fault
        _forget(place)
        raise Refused(
            _("计算进程意外退出，可能是内存不够。请减少计算的规模，或联系管理员。")
        ) from fault


def piece(fn: Callable[..., Any], /, *arguments: Any) -> Any:
    """One piece at its place, which afterwards holds no database connection open."""
    try:
        return fn(*arguments)
    finally:
        close_connections()


def leaving() -> bool:
    """Is the server about to end?"""
    return _leaving.is_set()


def leave() -> None:
    """The server is about to end: nothing more is computed in this process."""
    _leaving.set()
    close()


def still_busy(patience_s: float = 1.0) -> bool:
    """Are there threads, after that patience, for which Python would wait before it ends?

    It waits for the threads of every pool, daemons or not, but not for those of the desk.
    """
    main = threading.main_thread()
    others = [t for t in threading.enumerate() if t is not main and t.name != _DESK]
    for thread in others:
        thread.join(patience_s)
    return any(thread.is_alive() for thread in others)


def close() -> None:
    """Give up all pools; pieces not yet begun are dropped. The next job opens them anew."""
    with _places_lock:
        for place in _places.values():
            place.give_up()
        _places.clear()


def _place(wanted: str) -> Place:
    check()
    with _places_lock:
        if wanted not in _places:
            name, _sign, address = wanted.partition(":")
            _places[wanted] = _OPEN[name](address)
        return _places[wanted]


def _forget(place: Place) -> None:
    """A pool that broke is not used again."""
    with _places_lock:
        for wanted in [name for name, known in _places.items() if known is place]:
            _places.pop(wanted).give_up()


def _threads(_address: str) -> Place:
    pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="bihuan-piece")
    return Place(pool, partial(pool.shutdown, wait=False, cancel_futures=True))


def _processes(_address: str) -> Place:
    # Not "fork": a copy of a process full of threads and connections may hang.
    fresh = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(os.cpu_count() or 1, mp_context=fresh, initializer=_wake)
    return Place(pool, partial(_end_processes, pool))


def _end_processes(pool: ProcessPoolExecutor) -> None:
    pool.shutdown(wait=False, cancel_futures=True)
    # A pool knows no way to end a piece that has begun; it is the only one here with children.
    for worker in multiprocessing.active_children():
        worker.terminate()


def _wake() -> None:
    """A piece may be a function of a room, whose modules need Django awake."""
    threading.Thread(target=_end_with_parent, name="bihuan-parent", daemon=True).start()
    import django

    if os.environ.get("DJANGO_SETTINGS_MODULE"):
        django.setup()


def _end_with_parent() -> None:
    """A server that was killed leaves nobody who would tell its workers to end."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _dask(address: str) -> Place:
    distributed: Any = importlib.import_module("distributed")
    try:
        client = distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as fault:
        raise Refused(
            _("连不上 Dask 集群“%(address)s”。请管理员检查集群是否在运行、地址是否正确。")
            % {"address": address}
        ) from fault
    return Place(client.get_executor(), client.close)


def _ray(_address: str) -> Place:
    ray: Any = importlib.import_module("ray")
    if not ray.is_initialized():
        ray.init(log_to_driver=False, configure_logging=False)
    return Place(RayPool(), ray.shutdown)


class RayPool:
    """Ray behind the `map` of an executor."""

    def map(self, fn: Callable[..., Any], /, *iterables: Iterable[Any]) -> Iterator[Any]:
        ray: Any = importlib.import_module("ray")
        remote = ray.remote(fn_with_arguments)
        waiting = [remote.remote(fn, arguments) for arguments in zip(*iterables, strict=False)]
        try:
            while waiting:
                yield ray.get(waiting[0])
                del waiting[0]
        finally:
            for late in waiting:
                ray.cancel(late)


def fn_with_arguments(fn: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Ray ships only plain functions, not partial ones."""
    return fn(*arguments)


_OPEN: dict[str, Callable[[str], Place]] = {
    "threads": _threads,
    "processes": _processes,
    "dask": _dask,
    "ray": _ray,
}
