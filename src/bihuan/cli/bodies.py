"""Bodies of requests: what nobody read is read on in small pieces, so that the answer arrives.

Cheroot keeps a connection by reading the rest of a body into memory, all at once: two gigabytes
sent to an address that does not exist would stand there whole. A body cut off instead would reset
the connection, and the browser would show a fault of its own in place of our sentence.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PIECE = 1024 * 1024  # bytes
# Bytes. More than this is not worth a thread's time: the answer comes at once, and may be lost.
LARGEST_BODY = 8 * 1024**3

_TOO_LONG = (
    "请求太大，没有接收。请压缩或拆分文件后再传。\n"
    "The request is too large and was not received. Compress or split the file and send it again.\n"
)
_NO_LENGTH = (
    "请求没有写明长度，没有接收。请写明 Content-Length 后再发。\n"
    "The request does not say how long it is and was not received. Send it with Content-Length.\n"
)


def reading_on(application: "WSGIApplication") -> "WSGIApplication":
    """The application, with every request read to its end before the first byte goes out."""

    def served(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length < 0:
            return _turned_away(start, "411 Length Required", _NO_LENGTH)
        if length > LARGEST_BODY:
            return _turned_away(start, "413 Content Too Large", _TOO_LONG)
        if "HTTP_TRANSFER_ENCODING" in environ:  # Django would take it for an empty form
            _read_on(environ)
            return _turned_away(start, "411 Length Required", _NO_LENGTH)
        answer = application(environ, start)
        try:
            _read_on(environ)
        except BaseException:
            if hasattr(answer, "close"):
                answer.close()
            raise
        return answer

    return served


def _read_on(environ: "WSGIEnvironment") -> None:
    """Read what is left; raises `OSError` when the sender falls silent or never ends."""
    left = LARGEST_BODY
    while piece := environ["wsgi.input"].read(PIECE):
        left -= len(piece)
        if left < 0:
            raise ConnectionAbortedError


def _turned_away(start: "StartResponse", status: str, sentences: str) -> list[bytes]:
    body = sentences.encode()
    start(
        status,
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
    return [body]
