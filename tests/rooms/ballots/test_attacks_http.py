"""Attacks on the real server through sockets: many at once, too large, gone too soon, guessing."""

import base64
import json
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bihuan.ballots import bridge, services
from bihuan.ballots.views import doors
from bihuan.engines.tally import codes
from bihuan.engines.tally.box import schema
from tests.rooms.ballots import served, world
from tests.rooms.conftest import Writers

WRONG = {"ticket": "ZZZZ-ZZZZ-ZZZZ"}
MARKS = {unit: {"party": "fair", "clean": "fair"} for unit in world.UNITS}


class House:
    """A poll that is being cast, the server in front of it, and its desk."""

    def __init__(self, desk: Writers, port: int) -> None:
        self.desk, self.port = desk, port
        self.hall: served.Hall = self.verb(
            lambda: served.opened(world.issuing(by=None, own_subject="allowed"), MARKS, slips=3)
        )
        self.slug = self.hall.slug
        self.box = bridge.box(self.hall.poll.box_id)

    def verb(self, work: Callable[[], Any]) -> Any:
        """Something done at the desk, beside the phones."""
        return self.desk(lambda _number: work(), 1)[0]

    def post(self, door: str, said: Any) -> served.Heard:
        return served.post(self.port, self.slug, door, said)


@pytest.fixture
def house(writers: Writers, settings: Any, tmp_path: Path) -> Iterator[House]:
    settings.BALLOTS_FOLDER = tmp_path / "ballots"
    with served.here() as port:
        yield House(writers, port)
        bridge.shut()


def test_twenty_identical_posts_at_once_are_one_ballot(house: House) -> None:
    """All twenty hear the same receipt."""
    said = house.hall.ballot(1)
    heard = served.at_once([lambda: house.post("cast", said)] * 20)
    assert {one.status for one in heard} == {200}
    assert len({json.dumps(one.said, sort_keys=True) for one in heard}) == 1
    assert house.box.turnout() == 1


def test_twenty_different_posts_at_once_are_one_ballot(house: House) -> None:
    """One is kept, nineteen hear that another was; the one kept is the one acknowledged."""
    many = [house.hall.ballot(1) for _copy in range(20)]
    heard = served.at_once([lambda said=said: house.post("cast", said) for said in many])
    assert Counter(one.status for one in heard) == {200: 1, 409: 19}
    (kept,) = [one.said["receipt"] for one in heard if one.status == 200]
    assert all(one.said["sentences"] for one in heard if one.status == 409)
    house.verb(lambda: services.close(house.hall.poll, by=None))
    assert [leaf.hex() for leaf in house.box.leaves()] == [kept]


def test_a_lost_answer_is_given_again(house: House) -> None:
    """A phone that hung up before it heard anything sends the same bytes and hears its receipt."""
    said = house.hall.ballot(1)
    served.hang_up(house.port, house.slug, said)
    first, again = house.post("cast", said), house.post("cast", said)
    assert (first.status, first.said) == (200, again.said)
    assert house.box.turnout() == 1


def test_ten_megabytes_are_turned_away(house: House) -> None:
    """At each door, with a sentence; the next phone is served."""
    bodies = (
        ("application/json", b'{"blob": "' + b"A" * 10_000_000 + b'"}'),
        ("application/x-www-form-urlencoded", b"code=" + b"A" * 10_000_000),
    )
    for door in ("right", "issue", "cast", "slip"):
        for kind, body in bodies:
            path = f"/b/{house.slug}/{door}/"
            heard = served.ask(house.port, path, body, headers={"Content-Type": kind})
            assert heard.status == 413, (door, kind)
            assert heard.headers["cache-control"] == "no-store"
    assert house.post("cast", house.hall.ballot(2)).status == 200


def test_a_length_that_lies_is_no_fault_of_the_house(house: House) -> None:
    """A plain refusal, and the next phone is served."""
    for head in (
        "Content-Length: 99999999999999",
        "Content-Length: -5",
        "Content-Length: many",
        "Transfer-Encoding: chunked",
    ):
        with socket.create_connection(("127.0.0.1", house.port), timeout=60) as line:
            start = f"POST /b/{house.slug}/cast/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            line.sendall(f"{start}{head}\r\n\r\n0\r\n\r\n".encode())
            status = int(line.recv(4096).split()[1])
        assert 400 <= status < 500, (head, status)
    assert house.post("cast", house.hall.ballot(1)).status == 200


def test_silent_connections_hold_nobody_up(house: House) -> None:
    """Browsers open lines in advance and say nothing: more of them than there are threads."""
    lines = [socket.create_connection(("127.0.0.1", house.port)) for _line in range(80)]
    try:
        assert house.post("cast", house.hall.ballot(1)).status == 200
    finally:
        for line in lines:
            line.close()


def test_a_full_disk_refuses_and_what_was_acknowledged_stays(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with a sentence; with room again, the same bytes are taken."""
    connect = schema.connect
    with closing(connect(house.box.path)) as now:
        room = {"pages": now.execute("PRAGMA page_count").fetchone()[0] + 24}

    def tight(path: Path) -> Any:
        connection = connect(path)
        connection.execute(f"PRAGMA max_page_count = {room['pages']}")
        return connection

    monkeypatch.setattr(schema, "connect", tight)
    house.box.close()  # the writer's connection, too, stands on the small disk
    sent = {number: house.hall.ballot(number) for number in house.hall.phones}
    first = {number: house.post("cast", said) for number, said in sent.items()}
    assert {one.status for one in first.values()} == {200, 503}
    assert all(one.said["sentences"] for one in first.values() if one.status == 503)
    room["pages"] = 100_000
    house.box.close()
    again = {number: house.post("cast", said) for number, said in sent.items()}
    assert {one.status for one in again.values()} == {200}
    kept = {n: one.said["receipt"] for n, one in first.items() if one.status == 200}
    assert all(again[number].said["receipt"] == receipt for number, receipt in kept.items())
    assert house.box.turnout() == len(sent)
    assert house.box.check() == ()


def test_guessing_does_not_hold_up_the_hall_behind_the_same_address(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While wrong codes are made to wait, right ones from the same address go through."""
    over, waiting = threading.Event(), threading.Semaphore(0)

    def wait(_seconds: float) -> None:
        waiting.release()
        over.wait(served.PATIENCE_S)

    monkeypatch.setattr(doors, "pause", wait)
    wrong: list[served.Heard] = []
    crew = [
        threading.Thread(target=lambda: wrong.append(house.post("right", WRONG)))
        for _guess in range(40)
    ]
    for thread in crew:
        thread.start()
    waiting.acquire()  # somebody is being held: from here on
    sent = [house.hall.ballot(number) for number in house.hall.phones]
    right = served.at_once([lambda said=said: house.post("cast", said) for said in sent])
    codes_ = [house.post("right", {"ticket": code}).status for code in house.hall.codes[:5]]
    assert not over.is_set()
    assert {one.status for one in right} == {200}
    assert codes_ == [200] * 5
    over.set()
    for thread in crew:
        thread.join()
    assert {one.status for one in wrong} == {404, 429}
    assert all(one.said["sentences"] for one in wrong)


def test_a_reload_between_issue_and_cast_asks_again_and_votes(house: House) -> None:
    """Issuing is over: the same blinded value still gets its signature; another gets none."""
    phone = house.hall.phones[1]
    asked = phone.ask()
    heard = house.post("issue", asked)
    assert heard.status == 200
    phone.take(heard.said["signatures"])
    other = {**asked, "z": [f"{int(asked['z'][0], 16) - 1:0512x}"]}
    assert house.post("issue", other).status == 409
    assert house.post("cast", house.hall.ballot(1)).status == 200


def test_a_photocopied_slip_is_one_ballot(house: House) -> None:
    """Two phones and a form without a script, one code: who comes first; the others are told."""
    slip = house.hall.slips[0]
    phone = next(iter(house.hall.phones.values()))
    blobs = [base64.b64encode(phone.seal(MARKS)).decode() for _copy in range(2)]
    category = house.post("right", {"slip": slip}).said["category"]
    assert category == "heads"
    mine = [house.post("cast", {"slip": slip, "blob": blob}) for blob in blobs]
    # The form's ballot is sealed to the slip's own category by the server.
    fields = {f"m-{unit}-{item}": mark for unit, row in MARKS.items() for item, mark in row.items()}
    body = "&".join(f"{k}={v}" for k, v in {**fields, "code": slip, "sheet": "1"}.items()).encode()
    typed = {"Content-Type": "application/x-www-form-urlencoded"}
    plain = served.ask(house.port, f"/b/{house.slug}/slip/", body, headers=typed)
    assert [one.status for one in mine] == [200, 409]
    assert plain.status == 422
    assert house.box.turnout() == 1


def test_a_ballot_under_way_at_the_close_is_in_or_refused(house: House) -> None:
    """Never acknowledged and missing, never refused and counted."""
    sent = [house.hall.ballot(number) for number in house.hall.phones]
    heard: list[served.Heard] = []

    def close() -> None:
        while house.box.turnout() < 5:
            pass
        house.verb(lambda: services.close(house.hall.poll, by=None))

    def cast() -> None:
        heard.extend(house.post("cast", said) for said in sent)

    served.at_once([cast, close])
    assert {one.status for one in heard} <= {200, 410}
    told = {one.said["receipt"] for one in heard if one.status == 200}
    assert told == {leaf.hex() for leaf in house.box.leaves()}
    # Whoever asks again after the close hears the same receipt, or the same refusal.
    again = [house.post("cast", said) for said in sent]
    assert [(a.status, a.said) for a in again] == [(b.status, b.said) for b in heard]


def test_guessed_codes_leave_no_trace_and_no_hint(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Near misses, other meetings' codes and nonsense are answered alike."""
    monkeypatch.setattr(doors, "pause", lambda _seconds: None)
    near = house.hall.codes[0][:-1] + ("2" if house.hall.codes[0][-1] != "2" else "3")
    said = [near, codes.new_code(), "", "' OR 1=1 --", "％" * 300, "\u202e" + codes.new_code()]
    heard = [house.post("right", {kind: one}) for one in said for kind in ("slip", "ticket")]
    assert {one.status for one in heard} == {404}
    assert len({json.dumps(one.said) for one in heard}) == 1
