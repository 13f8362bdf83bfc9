"""Killed at any moment, full or old: what was acknowledged is stored, once, and the box goes on."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from bihuan.engines.tally.box import BallotBox, Full, NotABox, schema
from tests.engines.tally import voters

KILLS = 8
VOTERS = 60


def test_killed_again_and_again_nothing_acknowledged_is_lost_or_doubled(tmp_path: Path) -> None:
    box = voters.new_box(tmp_path)
    told = voters.killed(box.path, 5, voters=VOTERS, kills=KILLS)
    assert told.struck > 0
    assert set(told.leaves) == set(range(VOTERS))
    assert list(voters.complaints(box, told, VOTERS)) == []


def test_a_process_killed_inside_a_commit_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    box = voters.new_box(tmp_path)
    # The worst moment: rows are written, the transaction is not committed.
    script = f"""
        import os, signal
        from pathlib import Path
        from bihuan.engines.tally.box import BallotBox, casting
        from tests.engines.tally import voters
        whole = casting.record
        def record(*args):
            whole(*args)
            os.kill(os.getpid(), signal.SIGKILL)
        casting.record = record
        box = BallotBox(Path({str(box.path)!r}), voters.QUICK)
        box.put(voters.right(1, 1), "a", voters.ballot(1, 1))
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert box.turnout() == 0
    assert not box.put(voters.right(1, 1), "a", voters.ballot(1, 1)).again
    assert box.turnout() == 1
    assert box.check() == ()


def test_a_full_disk_refuses_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = voters.new_box(tmp_path)
    connect = schema.connect
    room = {"pages": 60}

    def tight(path: Path) -> Any:
        connection = connect(path)
        connection.execute(f"PRAGMA max_page_count = {room['pages']}")
        return connection

    monkeypatch.setattr(schema, "connect", tight)
    stored: dict[int, bytes] = {}
    with pytest.raises(Full):  # noqa: PT012 - which ballot is the first too many is the question
        while True:
            refused = len(stored)
            receipt = box.put(voters.right(1, refused), "a", voters.ballot(1, refused))
            stored[refused] = receipt.leaf
    assert 5 < refused < 60
    with pytest.raises(Full):  # still full, still alive
        box.put(voters.right(1, refused), "a", voters.ballot(1, refused))
    assert box.put(voters.right(1, 0), "a", voters.ballot(1, 0)).again
    assert set(stored.values()) == set(box.leaves())
    assert box.check() == ()
    room["pages"] = 100_000
    box.close()  # the limit belongs to a connection; a real disk's does not
    assert not box.put(voters.right(1, refused), "a", voters.ballot(1, refused)).again
    assert box.turnout() == refused + 1
    assert box.check() == ()


def test_a_quota_that_ends_in_the_middle_of_a_write_refuses_and_loses_nothing(
    tmp_path: Path,
) -> None:
    box = voters.new_box(tmp_path)
    script = f"""
        import resource
        from pathlib import Path
        from bihuan.engines.tally.box import BallotBox, NotStored
        from tests.engines.tally import voters
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
        box = BallotBox(Path({str(box.path)!r}), voters.QUICK)
        voter = 0
        try:
            while voter < 500:
                print(box.put(voters.right(1, voter), "a", voters.ballot(1, voter)).leaf.hex())
                voter += 1
        except NotStored as refusal:
            print("refused", voter)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        print(box.put(voters.right(1, voter), "a", voters.ballot(1, voter)).leaf.hex())
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=True,
    )
    *acknowledged, refusal, after = ended.stdout.splitlines()
    assert refusal == f"refused {len(acknowledged)}"
    assert len(acknowledged) > 5
    assert {*acknowledged, after} == {leaf.hex() for leaf in box.leaves()}
    assert box.check() == ()


def test_a_backup_put_back_is_older_than_what_was_shown(tmp_path: Path) -> None:
    box = voters.new_box(tmp_path)
    early = box.put(voters.right(1, 0), "a", voters.ballot(1, 0)).head
    box.copy(tmp_path / "backup.box")
    late = box.put(voters.right(1, 1), "a", voters.ballot(1, 1)).head
    assert box.fits(early)
    assert box.fits(late)
    for left in ("-wal", "-shm"):  # as the how-to of a restore says
        box.path.with_name(box.path.name + left).unlink(missing_ok=True)
    (tmp_path / "backup.box").replace(box.path)
    restored = BallotBox(box.path)
    assert restored.fits(early)
    assert restored.standing(late) == "older_file"
    assert [fault.code for fault in restored.check(seen=[early, late])] == ["box_head_not_on_log"]
    # The running server's writer notices the other file; the history is another one from here.
    assert not box.put(voters.right(1, 2), "a", voters.ballot(1, 2)).again
    assert restored.turnout() == 2
    assert restored.standing(late) == "forked"
    assert restored.check() == ()


def test_a_box_that_is_gone_is_refused_and_one_put_back_is_used(tmp_path: Path) -> None:
    box = voters.new_box(tmp_path)
    box.put(voters.right(1, 0), "a", voters.ballot(1, 0))
    box.close()
    aside = box.path.with_name("aside")
    box.path.rename(aside)
    with pytest.raises(NotABox):
        box.put(voters.right(1, 1), "a", voters.ballot(1, 1))
    aside.rename(box.path)
    assert box.put(voters.right(1, 0), "a", voters.ballot(1, 0)).again


def test_a_forked_server_has_a_writer_of_its_own(tmp_path: Path) -> None:
    box = voters.new_box(tmp_path)
    box.put(voters.right(1, 0), "a", voters.ballot(1, 0))
    child = os.fork()
    if not child:
        code = 1
        try:
            box.put(voters.right(1, 1), "a", voters.ballot(1, 1))
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    box.put(voters.right(1, 2), "a", voters.ballot(1, 2))
    assert box.turnout() == 3
    assert box.check() == ()
