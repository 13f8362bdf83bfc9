"""Taking in an upload: what is too large is read on and thrown away, never stored.

Reading on keeps the connection, so that the browser gets the page with the sentence and with all
that was typed in the other fields. Memory holds one piece at a time; on disk there is never more
than the largest file allowed, and of one request never more than `TOGETHER` such files.
"""

import io
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

TOGETHER = 4


class TooLarge(UploadedFile):  # type: ignore[type-arg]  # the stub's parameter is not there at run time
    """过大的上传：只留下名称和已收到的字节数，没有内容。"""


class LimitedUpload(TemporaryFileUploadHandler):
    """Streams an upload to a temporary file, and drops it once it has become too large."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = 0
        self.dropped = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.dropped = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        end, together = start + len(raw_data), self.stored + len(raw_data)
        largest = settings.LARGEST_FILE
        if not self.dropped and (end > largest or together > TOGETHER * largest):
            self.file.close()  # a temporary file is gone when closed
            self.dropped = True
            self.stored -= start
        if self.dropped:
            return None
        self.stored = together
        super().receive_data_chunk(raw_data, start)
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        if not self.dropped:
            return super().file_complete(file_size)
        return TooLarge(
            io.BytesIO(),
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )
