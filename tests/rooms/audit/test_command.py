"""`bihuan audit`: what stands in the chain leaves the house and is checked, in and out of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from bihuan.audit import queries
from bihuan.base.errors import Refused
from bihuan.cli import commands, ready


def audit(*words: str | Path) -> Result:
    return CliRunner().invoke(commands.audit, [str(w) for w in words], standalone_mode=False)


@pytest.fixture
def exported(db, tmp_path: Path) -> Path:
    """The chain of the sample zone as a file."""
    path = tmp_path / "audit.jsonl"
    assert audit("export", "--out", path).exception is None
    return path


@pytest.fixture
def no_database(exported, monkeypatch, django_assert_num_queries) -> Iterator[None]:
    """Whoever asks the database in such a test has made a mistake."""

    def asked(**_named):
        raise AssertionError("the data folder was asked for")

    monkeypatch.setattr(ready, "ready", asked)
    with django_assert_num_queries(0):
        yield


def root() -> str:
    return audit("head").output.strip()


def alter(path: Path, line: int) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    row = json.loads(lines[line - 1])
    lines[line - 1] = json.dumps({**row, "note": "改"}, ensure_ascii=False) + "\n"
    path.write_text("".join(lines), encoding="utf-8")


def test_a_whole_chain_is_said_to_be_whole_with_its_root(db):
    seq, head = queries.head()
    told = audit("verify", "--expect", root())
    assert told.return_value == 0
    assert f"{seq} 条" in told.output
    assert f"{seq}:{head}" in told.output


def test_an_export_is_checked_without_the_database(exported, no_database):
    lines = exported.read_text(encoding="utf-8").splitlines()
    last = json.loads(lines[-1])
    told = audit("verify", "--file", exported, "--expect", f"{last['seq']}:{last['hash']}")
    assert (told.return_value, told.exception) == (0, None)
    assert f"{len(lines)} 条" in told.output


def test_the_first_altered_row_of_an_export_is_named(exported, no_database):
    alter(exported, 12)
    alter(exported, 7)
    told = audit("verify", "--file", exported)
    assert told.return_value == 1
    assert "第 7 条" in told.output
    assert "此前 6 条完好" in told.output


def test_an_export_whose_end_was_cut_off_breaks_at_the_root_noted_before(exported):
    noted, lines = root(), exported.read_text(encoding="utf-8").splitlines(keepends=True)
    exported.write_text("".join(lines[:5]), encoding="utf-8")
    assert audit("verify", "--file", exported).return_value == 0
    told = audit("verify", "--file", exported, "--expect", noted)
    assert told.return_value == 1
    assert "第 6 条" in told.output


def test_whoever_got_past_the_guards_is_found_out_and_the_row_is_named(db, tmp_path):
    on = " ON audit_entry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_entry_no_update{on}")
        cursor.execute("UPDATE audit_entry SET actor = 'x' WHERE seq = 9")
    told = audit("verify")
    assert told.return_value == 1
    assert "audit_entry" in told.output
    assert "第 9 条" in told.output
    assert audit("export", "--out", tmp_path / "evidence.jsonl").exception is None
    with pytest.raises(Refused, match="触发器"):
        ready.ready()


def test_missing_guards_are_told_even_of_a_chain_that_holds(db):
    on = " ON audit_entry" if connection.vendor == "postgresql" else ""
    connection.cursor().execute(f"DROP TRIGGER audit_entry_no_delete{on}")
    told = audit("verify")
    assert told.return_value == 1
    assert "触发器" in told.output
    assert "审计链完整" in told.output


@pytest.mark.parametrize("noted", ["12", "x:y", "12:abc", ":" + "0" * 64])
def test_a_root_that_is_none_is_refused_in_words(db, noted):
    told = audit("verify", "--expect", noted)
    assert isinstance(told.exception, Refused)
    assert "audit head" in str(told.exception)
