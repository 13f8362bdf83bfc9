"""Taking in an upload: what is too large is read on and thrown away, never stored.

Reading on keeps the connection, so that the browser gets the page with the sentence and with all
that was typed in the other fields. Memory holds one piece at a time; on disk there is never more
than the largest file allowed, and of one request never more than `TOGETHER` such files; the last
`RESERVE` bytes of the disk are left to the database.
"""

import io
import shutil
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from bihuan.files import store

TOGETHER = 4
RESERVE = 256 * 1024 * 1024  # bytes


class NotTaken(UploadedFile):  # type: ignore[type-arg]  # the stub's parameter is not there at run time
    """没有收下的上传：只留下名称、原因和已收到的字节数，没有内容。"""

    reason: Literal["too_large", "no_room"]


class LimitedUpload(TemporaryFileUploadHandler):
    """Streams an upload to a temporary file, and drops it once it has become too large."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = 0
        self.dropped: Literal["", "too_large", "no_room"] = ""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        super().new_file(*args, **kwargs)
        self.dropped = ""
        if shutil.disk_usage(folder).free < RESERVE:
            self._drop("no_room", 0)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.dropped:
            return None
        largest, end = settings.LARGEST_FILE, start + len(raw_data)
        self.stored += len(raw_data)
        if end > largest or self.stored > TOGETHER * largest:
            self._drop("too_large", end)
            return None
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as fault:
            if fault.errno not in store.NO_ROOM:
                raise
            self._drop("no_room", end)
        return None

    def _drop(self, reason: Literal["too_large", "no_room"], received: int) -> None:
        """Keep nothing of this file; a temporary file is gone when closed."""
        self.dropped = reason
        self.stored -= received
        try:
            self.file.close()
        except OSError as fault:  # a full disk says so once more
            if fault.errno not in store.NO_ROOM:
                raise

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        if not self.dropped:
            return super().file_complete(file_size)
        left = NotTaken(
            io.BytesIO(),
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )
        left.reason = self.dropped
        return left
