"""What a vote leaves behind for somebody who copies everything: files, database, logs, sessions."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from bihuan.audit.models import Entry
from bihuan.ballots import bridge, services
from bihuan.ballots.models import Poll, Voter
from bihuan.ballots.views import doors
from bihuan.engines.tally import codes
from bihuan.engines.tally.box import Pace
from bihuan.people.models import Post
from tests.engines.tally import test_forgetting as attacker
from tests.rooms.ballots import served, watching, world
from tests.rooms.conftest import Writers

VOTERS = 60
MARKS = {unit: {"party": "fair", "clean": "fair"} for unit in world.UNITS}


def poll_of(voters: int) -> Poll:
    """One category of so many, the door open."""
    plan = world.plan(
        categories=[{"code": "all", "name": "与会人员"}], cap=None, own_subject="allowed"
    )
    poll = services.draw_up(by=None, plan=plan, title="2025年度述职测评")
    lines = [services.Line(f"示例评委{n}", "all") for n in range(1, voters + 1)]
    services.enrol(poll, by=None, lines=lines)
    services.freeze(poll, by=None)
    return services.start_issuing(poll, by=None)


def test_copies_of_the_whole_data_folder_link_no_better_than_chance(
    writers: Writers,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Everything copied every 20 ms while 60 phones vote: no file but the box's moves, no piece of
    a right or a code stands in any other, and the box tells no order within a batch."""
    if connection.vendor != "sqlite":
        pytest.skip("here the whole data folder is copied, database included")
    settings.BALLOTS_FOLDER = tmp_path / "ballots"
    monkeypatch.setattr(bridge, "PACE", Pace(window_s=0.02, least=10, patience_s=2.0))
    caplog.set_level(logging.DEBUG)

    def verb(work: Callable[[], Any]) -> Any:
        return writers(lambda _number: work(), 1)[0]

    hall: served.Hall = verb(lambda: served.opened(poll_of(VOTERS), MARKS))
    sent = {number: hall.ballot(number) for number in hall.phones}
    with served.here() as port:
        found = watching.vote(tmp_path, port, hall.poll, sent, phones=20)
    verb(lambda: services.close(hall.poll, by=None))
    seen = watching.truth(found, hall.poll, sent)
    findings = list(attacker.attack(seen))
    bridge.shut()
    assert not [one for one in findings if one.betrayed], attacker.describe(findings)
    assert len(seen.copies) > 5
    # Nothing but the box's own files changed while they voted: there is no other place to look.
    assert len(found.others) == 1
    elsewhere = b"\n".join(content for _name, content in found.others.pop())
    logged = "\n".join(record.getMessage() for record in caplog.records)
    for number, said in sent.items():
        pub = bytes.fromhex(said["pub"])
        pieces = (pub, codes.spent_token(pub), seen.truth[number])
        for piece in pieces:
            assert piece not in elsewhere
            assert piece.hex().encode() not in elsewhere
            assert piece.hex() not in logged
    for code in hall.codes:
        for shown in (codes.normal(code), codes.shown(code)):
            assert shown.encode() not in elsewhere
            assert shown not in logged


def test_no_code_stands_in_database_files_logs_or_sessions(
    browse: Callable[..., Client],
    post: Callable[[str], Post],
    settings: Any,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A vote run from the desk's pages: strips, slips, paper, wrong codes; then all is searched."""
    caplog.set_level(logging.DEBUG)
    settings.BALLOTS_FOLDER = tmp_path / "ballots"
    other = post("checker")
    other.role.verbs = [*other.role.verbs, "ballots.run"]
    other.role.save()
    clerk, second, chair = browse("clerk"), browse("checker"), browse("leader")
    monkeypatch.setattr(doors, "pause", lambda _seconds: None)
    poll, used = poll_of(3), []
    new_code = codes.new_code

    def drawn(length: int = codes.LENGTH) -> str:
        used.append(new_code(length))
        return used[-1]

    monkeypatch.setattr(codes, "new_code", drawn)
    desk = f"/b/{poll.slug}/desk/"
    answer = clerk.post(f"{desk}roll/1/give/token/")
    assert codes.shown(used[0]) in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    answer = clerk.post(f"{desk}print/", {"category": "all", "count": 2, "kind": "slip"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert len(used) == 3
    for number in (2, 3):
        assert clerk.post(f"{desk}roll/{number}/give/slip/").status_code == 302
    ticket, slip, paper = used
    stranger = Client()
    wrong = [codes.shown(new_code()) for _code in range(4)]
    for code, door in zip(wrong[:3], ("right", "issue", "cast"), strict=True):
        said = {"ticket": code, "slip": code, "z": ["00"], "blob": "AAAA"}
        _json(stranger, f"/b/{poll.slug}/{door}/", said)
    stranger.post(f"/b/{poll.slug}/slip/", {"code": wrong[3]})
    _json(stranger, f"/b/{poll.slug}/right/", {"ticket": ticket})
    clerk.post(f"{desk}act/close-issuing/")
    chair.post(f"{desk}act/start-casting/")
    fields = {f"m-{unit}-{item}": mark for unit, row in MARKS.items() for item, mark in row.items()}
    answer = stranger.post(f"/b/{poll.slug}/slip/", {**fields, "code": slip, "sheet": "1"})
    assert answer.status_code == 200
    again = stranger.post(f"/b/{poll.slug}/slip/", {**fields, "code": slip, "sheet": "1"})
    assert again.status_code == 422
    for typist in (clerk, second):
        typed = {**fields, "code": paper, "sheet": "1"}
        assert typist.post(f"{desk}paper/", typed).status_code == 302
    clerk.post(f"{desk}paper/", {"code": wrong[0]})
    clerk.post(f"{desk}paper/", {**fields, "code": wrong[1], "sheet": "1"})
    chair.post(f"{desk}act/close/")
    answer = chair.post(f"{desk}act/count/")
    poll.refresh_from_db()
    assert poll.phase == "counted", answer.content.decode()
    for where, content in (*_dumped(tmp_path), ("log", caplog.text.encode())):
        for code in used + wrong:
            plain, fours = codes.normal(code), codes.shown(code)
            for shown in (plain, fours, plain.lower(), fours.lower()):
                assert shown.encode() not in content, where
    # Nor does any entry of the chain speak of a person's ballot: only the desk's acts are there.
    told = set(Entry.objects.filter(act__startswith="ballots.").values_list("act", flat=True))
    assert {act for act in told if "cast" in act} == {"ballots.poll.casting"}
    assert Voter.objects.filter(poll=poll, given="").count() == 0


def _json(client: Client, path: str, said: Any) -> Any:
    return client.post(path, json.dumps(said), content_type="application/json")


def _dumped(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every row of the database, every session in clear, every file."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield table, repr(cursor.fetchall()).encode()
    for session in Session.objects.all():
        yield "session", repr(session.get_decoded()).encode()
    yield from watching.files(folder).items()
