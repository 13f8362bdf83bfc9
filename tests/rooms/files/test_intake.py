"""A large upload gets a sentence, loses nothing that was typed, fills neither memory nor disk."""

import gc
import io
import shutil
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.http import UnreadablePostError
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT

from bihuan.files import intake
from bihuan.files.forms import UploadField

MB = 1024 * 1024


class Trial(forms.Form):
    before = forms.CharField()
    upload = UploadField(label="文件")
    after = forms.CharField()


class Wire(io.RawIOBase):
    """A body that arrives piece by piece and never exists as a whole."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.rest, self.sent = pieces, b"", 0

    def read(self, size: int = -1) -> bytes:
        if not self.rest:
            self.rest = next(self.pieces, b"")
        piece, self.rest = self.rest[:size], self.rest[size:]
        self.sent += len(piece)
        return piece


def field(name: str, text: str) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return f"{head}{text}\r\n".encode()


def file_head(name: str) -> bytes:
    disposition = f'form-data; name="upload"; filename="{name}"'
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\nContent-Type: text/plain\r\n\r\n"
    return head.encode()


def sent(size: int, name: str = "大.txt", files: int = 1):
    """A request whose form carries files of this size between two typed fields."""
    piece = b"x" * (64 * 1024)

    def body() -> Iterator[bytes]:
        yield field("before", "写在前面")
        for _number in range(files):
            yield file_head(name)
            left = size
            while left:
                yield piece[:left]
                left -= len(piece[:left])
            yield b"\r\n"
        yield field("after", "写在后面")
        yield f"--{BOUNDARY}--\r\n".encode()

    length = sum(len(f) for f in (field("before", "写在前面"), field("after", "写在后面")))
    length += files * (len(file_head(name)) + size + 2) + len(BOUNDARY) + 6
    wire = Wire(body())
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": MULTIPART_CONTENT,
        "CONTENT_LENGTH": str(length),
        "wsgi.input": wire,
    }
    request = RequestFactory().request(**environ)
    return request, wire, length


@pytest.fixture(autouse=True)
def small_limits(settings, tmp_path) -> Path:
    """One megabyte at most; temporary files where the test can see them."""
    settings.LARGEST_FILE = MB
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "temporary"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()  # the upload itself makes it where it is missing
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
    return settings.FILE_UPLOAD_TEMP_DIR


def test_a_file_that_is_too_large_gets_a_sentence_and_the_typed_text_is_kept():
    request, wire, length = sent(3 * MB + 17, "大 表.txt")
    form = Trial(request.POST, request.FILES)
    assert not form.is_valid()
    assert list(form.errors) == ["upload"]
    (sentence,) = form.errors["upload"]
    assert sentence.startswith("文件“大 表.txt”超过 1 MB 的上限")
    assert (form["before"].value(), form["after"].value()) == ("写在前面", "写在后面")
    assert wire.sent == length  # read to the end, so that the browser listens to the answer
    assert request.FILES["upload"].size == 3 * MB + 17


def test_of_a_file_that_is_too_large_nothing_stays_on_disk_or_in_memory(small_limits):
    request, _wire, _length = sent(24 * MB)
    tracemalloc.start()
    try:
        upload = request.FILES["upload"]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(upload, intake.NotTaken)
    assert upload.read() == b""
    assert list(small_limits.iterdir()) == []
    assert peak < 6 * MB


def test_while_it_arrives_the_disk_never_holds_more_than_the_limit(small_limits, monkeypatch):
    held = []
    take = intake.LimitedUpload.receive_data_chunk

    def watched(self, raw_data, start):
        outcome = take(self, raw_data, start)
        held.append(sum(path.stat().st_size for path in small_limits.iterdir()))
        return outcome

    monkeypatch.setattr(intake.LimitedUpload, "receive_data_chunk", watched)
    request, _wire, _length = sent(4 * MB)
    assert isinstance(request.FILES["upload"], intake.NotTaken)
    assert 0 < max(held) <= MB
    assert held[-1] == 0


def test_a_file_just_at_the_limit_is_taken_in_whole(small_limits):
    request, _wire, _length = sent(MB)
    form = Trial(request.POST, request.FILES)
    assert form.is_valid(), form.errors
    upload = form.cleaned_data["upload"]
    assert upload.size == MB
    assert upload.read() == b"x" * MB
    request.close()
    assert list(small_limits.iterdir()) == []


def test_a_full_disk_gets_a_sentence_and_loses_nothing_that_was_typed(small_limits, monkeypatch):
    def full(self, raw_data, start):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(intake.TemporaryFileUploadHandler, "receive_data_chunk", full)
    request, wire, length = sent(300 * 1024, "表.txt")
    form = Trial(request.POST, request.FILES)
    assert not form.is_valid()
    (sentence,) = form.errors["upload"]
    assert sentence.startswith("服务器的磁盘快满了，文件“表.txt”没有保存")
    assert (form["before"].value(), form["after"].value()) == ("写在前面", "写在后面")
    assert wire.sent == length
    assert list(small_limits.iterdir()) == []


def test_the_last_of_the_disk_is_left_to_the_database(small_limits, monkeypatch):
    usage = shutil.disk_usage(small_limits)
    monkeypatch.setattr(
        intake.shutil, "disk_usage", lambda folder: usage._replace(free=intake.RESERVE - 1)
    )
    request, _wire, _length = sent(300 * 1024)
    form = Trial(request.POST, request.FILES)
    assert "磁盘快满了" in form.errors["upload"][0]
    assert list(small_limits.iterdir()) == []


def test_many_files_in_one_request_do_not_fill_the_disk_either(small_limits):
    request, _wire, _length = sent(MB, files=7)
    uploads = request.FILES.getlist("upload")
    kept = [upload for upload in uploads if not isinstance(upload, intake.NotTaken)]
    assert len(uploads) == 7
    assert len(kept) == intake.TOGETHER
    assert sum(path.stat().st_size for path in small_limits.iterdir()) == intake.TOGETHER * MB
    form = Trial(request.POST, request.FILES)
    assert "超过 1 MB 的上限" in form.errors["upload"][0]
    request.close()


# Django does not close the file of a request that was cut off; Python says so when it does.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_sender_who_goes_away_leaves_nothing_behind(small_limits):
    request, wire, _length = sent(MB)

    def cut() -> Iterator[bytes]:
        yield field("before", "写在前面") + file_head("断.txt") + b"x" * (200 * 1024)
        raise ConnectionResetError

    wire.pieces = cut()
    gone = ""
    try:
        request.FILES  # noqa: B018 - reading it parses the body
    except UnreadablePostError:
        gone = "went away"
    assert gone
    del request  # the temporary file goes with the last who knows it
    gc.collect()
    assert list(small_limits.iterdir()) == []


def test_a_small_file_needs_no_disk(small_limits):
    request, _wire, _length = sent(1000)
    form = Trial(request.POST, request.FILES)
    assert form.is_valid(), form.errors
    assert list(small_limits.iterdir()) == []
