"""What no page reads is read on in small pieces: the answer arrives, the memory stays small."""

import http.client
import io
import threading
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from cheroot import wsgi

from bihuan.cli import bodies

MB = 1024 * 1024


def deaf(environ: dict[str, Any], start: Any) -> list[bytes]:
    """An application that answers without having read anything."""
    start("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"no"]


def asked(application, **environ: Any) -> tuple[list[str], list[bytes]]:
    said: list[str] = []
    answer = application({"wsgi.input": io.BytesIO(), **environ}, lambda s, h: said.append(s))
    return said, list(answer)


@pytest.fixture
def port() -> Iterator[int]:
    """A real server of the kind that serves the house, with an application that never reads."""
    server = wsgi.Server(("127.0.0.1", 0), bodies.reading_on(deaf), numthreads=2)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    yield server.bind_addr[1]
    server.stop()
    thread.join(timeout=30)


def test_a_large_body_sent_to_nowhere_is_answered_keeps_the_line_and_fills_no_memory(port):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    tracemalloc.start()
    try:
        piece = bytes(MB)
        line.request("POST", "/", (piece for _ in range(48)), {"Content-Length": str(48 * MB)})
        assert line.getresponse().read() == b"no"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12 * MB
    line.request("GET", "/")  # on the same line
    assert line.getresponse().status == 404
    line.close()


def test_a_body_of_unknown_length_gets_a_sentence(port):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("POST", "/", (b"x" * 1000 for _ in range(3)), encode_chunked=True,
                 headers={"Transfer-Encoding": "chunked"})  # fmt: skip
    answer = line.getresponse()
    assert answer.status == 411
    assert "没有写明长度" in answer.read().decode()
    line.close()


def test_a_body_too_long_to_be_read_is_not_begun():
    class Untouched:
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("it was read")

    length = str(bodies.LARGEST_BODY + 1)
    said, answer = asked(
        bodies.reading_on(deaf), **{"wsgi.input": Untouched(), "CONTENT_LENGTH": length}
    )
    assert said == ["413 Content Too Large"]
    assert "请求太大" in b"".join(answer).decode()


def test_a_body_without_an_end_is_given_up(monkeypatch):
    class Endless:
        def read(self, size: int = -1) -> bytes:
            return b"x" * 1000

    monkeypatch.setattr(bodies, "LARGEST_BODY", 10_000)
    with pytest.raises(ConnectionAbortedError):
        asked(bodies.reading_on(deaf), **{"wsgi.input": Endless()})


def test_an_answer_that_will_not_be_sent_is_closed():
    class Answer(list[bytes]):
        closed = False

        def close(self) -> None:
            self.closed = True

    class Silent:
        def read(self, size: int = -1) -> bytes:
            raise TimeoutError

    answer = Answer()
    with pytest.raises(TimeoutError):
        asked(bodies.reading_on(lambda environ, start: answer), **{"wsgi.input": Silent()})
    assert answer.closed
