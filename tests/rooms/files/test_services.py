"""Keeping files: once by content, in versions, never altered, checked when read."""

import hashlib
import os
import stat
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from bihuan.audit import queries as audit
from bihuan.base.errors import Refused
from bihuan.files import queries, services, store
from bihuan.files.models import Document, Version
from tests.rooms.files.samples import EXE, HONEST


def stored(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_file_is_kept_by_its_content_and_the_act_is_recorded(post, unit, paper, folder):
    by, thing = post("clerk"), unit("economy")
    version = services.keep(paper("口径"), by=by, title="口径说明", thing=thing, note="第一次")
    digest = hashlib.sha256("口径".encode()).hexdigest()
    assert (version.name, version.size, version.digest) == ("说明.txt", 6, digest)
    assert (version.number, version.media_type, version.by) == (1, "text/plain", by)
    assert stored(folder) == [folder / digest[:2] / digest[2:4] / digest]
    assert store.path(digest).read_text(encoding="utf-8") == "口径"
    assert list(queries.of(thing)) == [version.document]
    (entry,) = audit.of(version.document)
    assert (entry.act, entry.post, entry.note) == ("files.document.keep", by, "第一次")
    assert digest in entry.changes


def test_the_same_content_twice_is_stored_once_and_gives_two_versions(post, paper, folder):
    one = services.keep(paper("同"), by=post("clerk"), title="一")
    two = services.keep(paper("同", name="另.txt"), by=post("econ-liaison"), title="二")
    assert one.digest == two.digest
    assert one.document != two.document
    assert len(stored(folder)) == 1


def test_stored_bytes_are_read_only(paper, folder, db):
    services.keep(paper(), by=None, title="一")
    (path,) = stored(folder)
    assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IXUSR | stat.S_IXGRP)


def test_a_new_version_follows_the_old_one_which_stays(post, paper, folder):
    first = services.keep(paper("旧"), by=post("clerk"), title="方案")
    second = services.add_version(first.document, paper("新"), by=post("clerk"), note="改了")
    assert second.number == 2
    assert second.document == first.document
    assert queries.newest(first.document) == second
    assert len(stored(folder)) == 2
    acts = [entry.act for entry in audit.of(first.document)]
    assert acts == ["files.document.keep", "files.document.add_version"]


def test_a_new_version_with_nothing_new_in_it_is_refused(post, paper):
    first = services.keep(paper("旧"), by=post("clerk"), title="方案")
    with pytest.raises(Refused, match="第 1 版内容相同"), transaction.atomic():
        services.add_version(first.document, paper("旧"), by=post("clerk"))
    assert first.document.versions.count() == 1


def test_a_version_cannot_be_altered_or_removed(paper, db):
    version = services.keep(paper(), by=None, title="一")
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(name="改.txt")
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(pk=version.pk)._raw_delete("default")
    version.refresh_from_db()
    assert version.name == "说明.txt"


def test_the_verb_judges_the_file_too_whoever_calls_it(post, folder):
    disguised = SimpleUploadedFile("照片.jpg", EXE)
    with pytest.raises(Refused, match="是程序"):
        services.keep(disguised, by=post("clerk"), title="照片")
    assert not Document.objects.exists()
    assert not folder.exists()


def test_the_largest_file_is_let_in_and_one_byte_more_is_not(settings, paper, db):
    settings.LARGEST_FILE = 10
    assert services.keep(paper("a" * 10), by=None, title="一").size == 10
    with pytest.raises(Refused, match="超过 10 B 的上限"):
        services.keep(paper("a" * 11), by=None, title="一")


def test_a_name_that_hides_something_is_cleaned_before_it_is_kept(db):
    version = services.keep(
        SimpleUploadedFile("报\u202e告.pdf", HONEST["pdf"][0]), by=None, title=" "
    )
    assert version.name == "报告.pdf"
    assert version.document.title == "报告.pdf"


def test_a_crash_while_writing_leaves_nothing_behind(folder):
    def broken():
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        store.keep(broken())
    assert stored(folder) == []


def test_a_full_disk_is_said_in_a_sentence_and_leaves_nothing_behind(folder, monkeypatch):
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(Refused, match="磁盘满了"):
        store.keep([b"x"])
    assert stored(folder) == []


# Checking what was kept -------------------------------------------------------------------------


@pytest.fixture
def three(paper, db) -> list[Version]:
    return [services.keep(paper(text), by=None, title=text) for text in ("甲", "乙", "丙")]


def tamper(version: Version, text: str) -> None:
    path = store.path(version.digest)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")


def test_whole_files_are_found_whole_and_progress_is_told_to_the_end(three):
    told = []
    assert list(queries.damaged(lambda done, total: told.append((done, total)))) == []
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_altered_and_missing_bytes_are_found_for_every_version_that_uses_them(three, paper):
    twin = services.keep(paper("乙"), by=None, title="又一份")
    tamper(three[0], "假")  # as long as the true one
    store.path(three[1].digest).unlink()
    found = {(damage.version, damage.reason) for damage in queries.damaged()}
    assert found == {(three[0], "differs"), (three[1], "missing"), (twin, "missing")}


def test_no_version_is_left_out_between_two_pieces_of_the_list(three, paper, monkeypatch):
    twins = [services.keep(paper("乙"), by=None, title=f"第 {n} 份") for n in range(3)]
    monkeypatch.setattr(queries, "_PIECE", 2)
    store.path(twins[0].digest).unlink()
    found = [damage.version for damage in queries.damaged()]
    assert sorted(v.pk for v in found) == sorted(v.pk for v in (three[1], *twins))


def test_content_that_no_version_uses_is_found_and_does_no_harm(three):
    stray = store.keep([b"never became a version"])
    assert [path.name for path in queries.strays()] == [stray.digest]
    assert list(queries.damaged()) == []


def test_what_a_crash_left_half_written_is_removed_once_it_is_old(folder, three):
    incoming = folder / store.INCOMING
    old, new = incoming / "old", incoming / "new"
    for path in (old, new):
        path.write_bytes(b"half")
    long_ago = old.stat().st_mtime - 7200
    os.utime(old, (long_ago, long_ago))
    assert store.sweep() == 1
    assert (old.exists(), new.exists()) == (False, True)
    assert list(queries.damaged()) == []


def test_bringing_the_same_content_again_restores_damaged_bytes(three, paper, caplog):
    tamper(three[0], "假")
    services.keep(paper("甲"), by=None, title="再来一份")
    assert list(queries.damaged()) == []
    assert "were damaged" in caplog.text
