"""A paper for a sample zone: it says what it is."""

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from bihuan.base.text import SAMPLE_MARK


def sample_paper(title: str) -> "UploadedFile[bytes]":
    """A small text under this title, marked as sample."""
    text = f"{SAMPLE_MARK}：{title}。\n".encode()
    return SimpleUploadedFile(f"{title}.txt", text, "text/plain")
