"""Handing out: for download only, never opened or run inside our pages. It has no address here.

The room that owns the document decides who may have it, and calls `deliver` from its own view.
"""

from typing import cast

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from bihuan.base.errors import Refused
from bihuan.files import rules, store
from bihuan.files.models import Version

# Should a browser ever take the bytes for a page, it has no scripts, no forms and no cookies.
_POLICY = "default-src 'none'; sandbox"


def deliver(version: Version) -> HttpResponse:
    """交付：先核对字节与摘要，再供下载。"""
    if not store.is_whole(version.digest, version.size):
        raise Refused(
            _("文件“%(name)s”与存入时的摘要不符，或已不在，不能交付。请告知管理员核对文件。")
            % {"name": version.name}
        )
    safe = version.media_type in rules.SAFE_MEDIA_TYPES
    response = FileResponse(
        store.open_bytes(version.digest),
        as_attachment=True,
        filename=version.name,
        content_type=version.media_type if safe else rules.BYTES,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "private, no-cache"
    return cast(HttpResponse, response)  # the stubs keep streamed answers apart; views need not
