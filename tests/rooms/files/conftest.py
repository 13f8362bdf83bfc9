"""Files that somebody brings, and a folder of its own for each test."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    """Where the bytes of this test are kept."""
    settings.FILES_FOLDER = tmp_path / "files"
    return settings.FILES_FOLDER


@pytest.fixture
def paper() -> Callable[..., SimpleUploadedFile]:
    """`paper("口径")`: a small text file, as a liaison would bring it."""

    def make(text: str = "示例数据", name: str = "说明.txt") -> SimpleUploadedFile:
        return SimpleUploadedFile(name, text.encode(), content_type="text/plain")

    return make
