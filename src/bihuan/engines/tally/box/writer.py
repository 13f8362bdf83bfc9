"""The one writer of a process: gathers ballots for a moment, commits them together, answers all.

A durable commit costs a few milliseconds however much is in it, so ballots share one; and whoever
watches the disk sees a batch arrive, not a ballot. Servers of several processes have a writer
each; SQLite lets one commit at a time. No clock is read: a wait is a span, not a time of day.
"""

import contextlib
import os
import sqlite3
import threading
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from bihuan.engines.tally.box import casting, refusals, schema
from bihuan.engines.tally.box.casting import Answer, Differs, Receipt, Vote


@dataclass(frozen=True)
class Pace:
    """收票节拍：seconds and numbers of ballots.

    A batch is closed after `window_s`, or once it holds `most`. As long as it holds fewer than
    `least` it stays open for up to `patience_s`: a lone ballot in a batch of its own would be
    linked to the moment it was cast, so a rater in a thin hall waits a little for company. Fewer
    than `least` in so long go in together as they are: secrecy is then one in that few.
    """

    window_s: float = 0.025
    most: int = 256
    least: int = 5
    patience_s: float = 0.25


PROMPT = Pace(window_s=0.0, least=1)  # for tools that cast alone and one after another


class Group:
    """Votes that will be committed together, and their answers once they are."""

    def __init__(self) -> None:
        self.votes: list[Vote] = []
        self.answers: list[Answer] = []
        self.done = threading.Event()


@dataclass(frozen=True)
class Pending:
    """A vote on its way."""

    group: Group
    place: int

    def wait(self) -> Receipt | Differs:
        """The answer, once it is on the disk. Raises the refusal."""
        self.group.done.wait()
        answer = self.group.answers[self.place]
        if isinstance(answer, refusals.Refusal):
            # Several callers may get one refusal, each in its own thread: each its own copy.
            raise type(answer)(**answer.params) from None
        return answer


@dataclass
class Writer:
    """Collects votes for one file; its thread lives while there is something to write."""

    path: Path
    pace: Pace
    _ready: threading.Condition = field(default_factory=threading.Condition)
    _queue: deque[Group] = field(default_factory=deque)  # the last one takes votes
    _taken: Group | None = None  # is being committed, or was
    _hurried: Group | None = None  # waits for nobody
    _thread: threading.Thread | None = None
    _stopping: bool = False

    def submit(self, vote: Vote) -> Pending:
        """Queue a vote; nothing is promised until `wait` returns. Raises TooLarge, Misshapen."""
        casting.measure(vote)
        with self._ready:
            if not self._queue or len(self._queue[-1].votes) >= self.pace.most:
                self._queue.append(Group())
            group = self._queue[-1]
            group.votes.append(vote)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ballot box", daemon=True)
                self._thread.start()
            if len(group.votes) in (1, self.pace.least, self.pace.most):
                self._ready.notify_all()  # otherwise the writer would wake for nothing
            return Pending(group, len(group.votes) - 1)

    def flush(self) -> None:
        """Return when everybody who was queued has an answer; later votes do not hold it up."""
        with self._ready:
            waiting = [*([self._taken] if self._taken else []), *self._queue]
            self._hurried = self._queue[-1] if self._queue else None
            self._ready.notify_all()
        for group in waiting:
            group.done.wait()

    def stop(self) -> None:
        """Answer everybody who waits, then end the thread. A later vote starts another."""
        with self._ready:
            thread = self._thread
            if thread is None:
                return
            self._stopping = True
            self._ready.notify_all()
        thread.join()

    def _run(self) -> None:
        session = _Session(self.path)
        with contextlib.closing(session):
            while group := self._gathered():
                try:
                    group.answers = session.commit(group.votes)
                except refusals.Refusal as refusal:
                    group.answers = [refusal] * len(group.votes)
                except Exception as error:
                    # Whatever it was, no caller may wait for ever, and nobody gets a receipt.
                    group.answers = [refusals.NotStored(reason=repr(error))] * len(group.votes)
                # All at once: the order of answers must not repeat the shuffled order.
                group.done.set()

    def _gathered(self) -> Group | None:
        """The next group to commit, when it is time; None when the thread should end."""
        pace = self.pace
        with self._ready:
            self._ready.wait_for(lambda: self._queue or self._stopping, timeout=_IDLE_S)
            if not self._queue:
                self._thread, self._stopping = None, False
                return None
            group = self._queue[0]
            self._ready.wait_for(lambda: self._full(group, pace.most), timeout=pace.window_s)
            self._ready.wait_for(
                lambda: self._full(group, pace.least),
                timeout=max(pace.patience_s - pace.window_s, 0),
            )
            self._taken = self._queue.popleft()
            return self._taken

    def _full(self, group: Group, count: int) -> bool:
        hurried = self._stopping or group is self._hurried
        return hurried or len(group.votes) >= min(count, self.pace.most)


class _Session:
    """The writer's connection, kept open between batches."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] = (0, 0)
        self._private = b""

    def commit(self, votes: list[Vote]) -> list[Answer]:
        connection = self._current()
        try:
            with schema.writing(connection):
                return casting.record(connection, votes, self._private)
        except BaseException:
            self.close()  # start afresh: the file may have been full, replaced or damaged
            raise

    def _current(self) -> sqlite3.Connection:
        """A connection to the file that has this name now: a backup may have been put there."""
        try:
            found = self.path.stat()
        except OSError as error:
            self.close()
            raise refusals.NotABox from error
        if self._connection is None or self._file != (found.st_dev, found.st_ino):
            self.close()
            self._file = (found.st_dev, found.st_ino)
            connection = schema.connect(self.path)
            try:
                self._private = schema.log_key(self.path, connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


_IDLE_S = 60.0
_guard = threading.Lock()
_writers: dict[Path, Writer] = {}


def of(path: Path, pace: Pace) -> Writer:
    """The process's writer for a file. The pace of the first who asks holds."""
    with _guard:
        return _writers.setdefault(path.resolve(), Writer(path.resolve(), pace))


def at(path: Path) -> Writer | None:
    """The process's writer for a file, if it ever had one."""
    with _guard:
        return _writers.get(path.resolve())


def _after_fork() -> None:
    """A child has neither the parent's threads nor any right to its connections."""
    global _guard
    _guard = threading.Lock()
    _writers.clear()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_after_fork)
