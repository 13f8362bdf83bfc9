"""The file itself: no clock, no row number, its owner's alone; and how it is opened."""

import ast
import itertools
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bihuan.engines.tally import box
from bihuan.engines.tally.box import BallotBox, schema, writer
from tests.engines.tally import voters
from tests.engines.tally.voters import codes, voted

B = voters.ballot
R = voters.right


def test_the_file_has_no_clock_no_row_number_and_is_its_owners_alone(tmp_path: Path) -> None:
    found = voted(tmp_path)
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    with closing(sqlite3.connect(found.path)) as connection:
        tables = dict(connection.execute("SELECT name, sql FROM sqlite_schema").fetchall())
    assert set(tables) == {"about", "slip", "spent", "ballot", "batch", "paper"}
    assert all(sql.endswith("WITHOUT ROWID") for sql in tables.values())
    with closing(schema.connect(found.path)) as connection:
        told = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "secure_delete", "temp_store")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "temp_store": 2}


def test_no_clock_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for source in Path(box.__file__).parent.glob("*.py"):
        names = {
            name
            for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in (getattr(node, "module", None), *(alias.name for alias in node.names))
        }
        assert not names & {"time", "datetime", "random"}, source.name
    jumps = itertools.cycle([4e9, 0.0, -1.0])
    monkeypatch.setattr("time.time", lambda: next(jumps))
    assert codes(voted(tmp_path)) == []


def test_a_copy_for_scrutineers_can_be_read_and_signs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = voted(tmp_path)
    sealed = found.put(R(1, 50), "a", voters.sealed("示例")).leaf
    found.advance("closed")
    found.copy(tmp_path / "copy.box")
    with pytest.raises(box.BoxExists):
        found.copy(tmp_path / "copy.box")
    monkeypatch.setattr(schema.os, "access", lambda *_args: False)  # as on a read-only stick
    copied = BallotBox(tmp_path / "copy.box")
    assert copied.check(seen=found.heads(), log_public=found.log_public) == ()
    assert {leaf: plain for leaf, _c, plain in copied.open(voters.PRIVATE)}[sealed]
    monkeypatch.undo()
    with pytest.raises(box.NoKey):
        copied.sign_final("{}")


def test_a_writer_that_fails_answers_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = voters.new_box(tmp_path)

    def fail(*_args: object) -> None:
        raise RuntimeError("示例")

    with monkeypatch.context() as broken:
        broken.setattr(writer.casting, "record", fail)
        with pytest.raises(box.NotStored):
            found.put(R(1, 1), "a", B(1, 1))
    assert not found.put(R(1, 1), "a", B(1, 1)).again
