"""Attacks on a meeting: forged rights, another roll, another box or history, hostile names."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bihuan.ballots import bridge, hall, intake, queries, services
from bihuan.ballots.models import Poll
from bihuan.ballots.views import doors
from bihuan.base import clock
from bihuan.base.errors import NotFound, Refused
from bihuan.engines.tally import blind, heads, signing, verify
from bihuan.engines.tally.phone import Phone
from bihuan.people.models import Post
from tests.rooms.ballots import served, world

Of = Callable[[str], Post]
MARKS = {unit: {"party": "fair", "clean": "fair"} for unit in world.UNITS}


@pytest.fixture
def voting(db: None, monkeypatch: pytest.MonkeyPatch) -> served.Hall:
    """A hall in which everybody may cast and nobody has."""
    monkeypatch.setattr(doors, "pause", lambda _seconds: None)
    return served.opened(world.issuing(by=None, own_subject="allowed"), MARKS)


def cast(hall_: served.Hall, *numbers: int) -> list[dict[str, Any]]:
    """These vote; their answers."""
    heard = [hall.door(hall_.slug)("cast", hall_.ballot(number)) for number in numbers]
    assert all(status == 200 for status, _said in heard)
    return [said for _status, said in heard]


def closed(hall_: served.Hall, *numbers: int) -> Poll:
    """These vote, nobody else, and the chair closes."""
    cast(hall_, *numbers)
    return services.close(hall_.poll, by=None)


def head(said: dict[str, Any], box: bytes) -> heads.Head:
    """The head that a phone was shown with its receipt."""
    root, signature = bytes.fromhex(said["root"]), bytes.fromhex(said["signature"])
    return heads.Head(box, said["size"], root, "", signature)


# Rights -------------------------------------------------------------------------------------------


def test_a_token_signed_by_any_other_key_is_forged(voting: served.Hall) -> None:
    """By the forger's own key; the right signature plus n; the signature of a shifted message."""
    box = bridge.box(voting.poll.box_id)
    forger = blind.new_key()
    phone = Phone("", box.box, "body", [forger.public], box.seal_public)
    asked = [bytes.fromhex(z) for z in phone.ask()["z"]]
    phone.take([blind.sign(forger, asked[0]).hex()])
    good = voting.ballot(1)
    n = int(voting.poll.keys["tokens"]["body"]["n"], 16)
    s = int(good["signatures"][0], 16)
    forged = [
        phone.cast(phone.seal(MARKS)),
        {**good, "signatures": [f"{s + n:0514x}"]},
        {**good, "signatures": [f"{n - s:0512x}"]},
        {**good, "signatures": [f"{s * pow(2, 65537, n) % n:0512x}"]},
        {**good, "signatures": []},
        {**good, "signatures": good["signatures"] * 2},
    ]
    for number, sent in enumerate(forged):
        status, said = hall.door(voting.slug)("cast", sent)
        assert status == 409, number
        assert said["sentences"]
    assert box.turnout() == 0


def test_two_phones_with_one_ticket_are_one_right(voting: served.Hall) -> None:
    """Another phone without the resume code gets no signature; with it (the same secret) it comes
    to the same token, and only one of the two ballots is kept."""
    first = voting.phones[1]
    keys, box = first.keys, bridge.box(voting.poll.box_id)
    second = Phone(first.code, box.box, "body", keys, box.seal_public)
    post = hall.door(voting.slug)
    assert post("issue", second.ask())[0] == 409
    assert post("issue", first.ask())[0] == 200
    one, other = voting.ballot(1), voting.ballot(1)
    assert one["pub"] == other["pub"]
    assert [post("cast", sent)[0] for sent in (one, other, one)] == [200, 409, 200]
    assert box.turnout() == 1


def test_two_tabs_send_the_same_and_are_one_ballot(voting: served.Hall) -> None:
    """Both tabs read the sealed bytes that the phone keeps; both hear the same receipt."""
    post, sent = hall.door(voting.slug), voting.ballot(1)
    assert post("cast", sent) == post("cast", json.loads(json.dumps(sent)))


def test_a_right_of_another_meeting_opens_nothing(voting: served.Hall) -> None:
    """Slip or ticket: there is no such code here, and no hint that there is one elsewhere."""
    elsewhere = served.opened(world.issuing(by=None, own_subject="allowed"), MARKS, slips=1)
    post = hall.door(voting.slug)
    for code in (elsewhere.codes[0], elsewhere.slips[0], "0" * 12):
        for kind in ("ticket", "slip"):
            status, said = post("right", {kind: code})
            assert (status, said) == post("right", {kind: "ZZZZ-ZZZZ-ZZZZ"})
            assert status == 404
    with pytest.raises(NotFound):
        services.cast_open(voting.slug, slip=elsewhere.slips[0], marks=MARKS, remarks={})


# The clock ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [400, -4000])
def test_a_clock_that_jumps_changes_no_right_and_no_ballot(db: None, days: int) -> None:
    """Between issue, cast, replay, close and count: no step of a vote asks what time it is."""
    here = clock.now()
    with clock.held_at(here):
        voting = served.opened(world.issuing(by=None, own_subject="allowed"), MARKS)
    post, sent = hall.door(voting.slug), voting.ballot(1)
    with clock.held_at(here + timedelta(days=days)):
        assert post("issue", voting.phones[1].ask())[0] == 200
        first = post("cast", sent)
        cast(voting, 2, 3, 4, 5, 6)
    with clock.held_at(here - timedelta(days=days)):
        assert post("cast", sent) == first
        poll = services.close(voting.poll, by=None)
    with clock.held_at(here + timedelta(days=2 * days)):
        poll = services.count(poll, by=None)
        assert all(check.passed for check in verify.verify(poll.open))


# The roll -----------------------------------------------------------------------------------------


def test_a_roll_does_not_change_once_people_come(post: Of) -> None:
    """After freezing it may be written anew until the door opens; then only late entries with a
    reason; after issuing not even those."""
    clerk = post("clerk")
    poll = world.drawn(clerk)
    lines = [services.Line("示例", "body"), services.Line("示例", "heads")]
    services.freeze(poll, by=clerk)
    assert services.enrol(poll, by=clerk, lines=lines) == 2
    poll = services.start_issuing(poll, by=clerk)
    with pytest.raises(Refused):
        services.enrol(poll, by=clerk, lines=lines)
    with pytest.raises(Refused, match="理由"):
        services.enrol_late(poll, by=clerk, line=lines[0], reason=" ")
    services.enrol_late(poll, by=clerk, line=lines[0], reason="刚到任")
    poll = services.close_issuing(poll, by=clerk)
    with pytest.raises(Refused):
        services.enrol_late(poll, by=clerk, line=lines[0], reason="刚到任")
    with pytest.raises(Refused):
        services.check_in(poll, by=clerk, voter=poll.voters.get(number=1), given="token")


def test_rows_added_to_the_roll_behind_the_desk_are_no_result(voting: served.Hall) -> None:
    """Somebody with the database adds people after the numbers were announced: each is named."""
    poll = closed(voting, *range(1, 10))
    poll.voters.create(number=900, name="示例", category="body", present=True, given="token")
    with pytest.raises(Refused) as refused:
        services.count(poll, by=None)
    told = " ".join(str(sentence) for sentence in refused.value.sentences)
    for label in ("应到", "到会", "手机票"):
        assert f"“{label}”在发票结束时公布为 9，现在名单上是 10" in told


# The box and its history --------------------------------------------------------------------------


def test_a_replaced_box_is_not_counted(voting: served.Hall, tmp_path: Path) -> None:
    """The file of another box in its place, with its key beside it."""
    other = served.opened(world.issuing(by=None, own_subject="allowed"), MARKS)
    poll = closed(voting, *range(1, 8))
    closed(other, *range(1, 8))
    bridge.shut()
    for name in ("box.sqlite3", "box.sqlite3.key"):
        shutil.copy(bridge.folder(other.poll.box_id) / name, bridge.folder(poll.box_id) / name)
    with pytest.raises(Refused):
        services.count(poll, by=None)


def test_a_box_signed_anew_does_not_carry_the_root_that_was_shown(voting: served.Hall) -> None:
    """Somebody with the log's key takes a ballot out and signs a history without it."""
    poll = closed(voting, *range(1, 8))
    path = bridge.folder(poll.box_id) / "box.sqlite3"
    bridge.shut()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        (last,) = connection.execute("SELECT max(size) FROM batch").fetchone()
        (leaf,) = connection.execute("SELECT leaves FROM batch WHERE size = ?", (last,)).fetchone()
        connection.execute("DELETE FROM batch WHERE size = ?", (last,))
        connection.execute("DELETE FROM ballot WHERE leaf = ?", (leaf,))
        connection.execute("DELETE FROM spent WHERE leaf = ?", (leaf,))
        size, root = connection.execute("SELECT max(size), root FROM batch").fetchone()
        key = path.with_name("box.sqlite3.key").read_bytes()
        anew = heads.signed(
            key, box=bytes.fromhex(poll.box_id), size=size, root=root, extra='{"closed":true}'
        )
        said = json.dumps(anew.plain()).encode()
        connection.execute("UPDATE about SET value = ? WHERE name = 'closing'", (said,))
    assert bridge.box(poll.box_id).check() == ()  # alone, the file agrees with itself
    with pytest.raises(Refused, match="旧备份"):
        services.count(poll, by=None)


def test_a_replaced_root_in_the_published_file_is_named(voting: served.Hall) -> None:
    """Root, size, a leaf edited, taken out, put in, a column, the plan, the key: none passes."""
    poll = services.count(closed(voting, *range(1, 10)), by=None)
    assert all(check.passed for check in verify.verify(poll.open))
    zeros = "00" * 32

    def edit(change: Callable[[Any], Any]) -> Any:
        raw = json.loads(json.dumps(poll.open))
        change(raw)
        return raw

    changes: dict[str, Callable[[Any], Any]] = {
        "root": lambda raw: raw["final"].update(root=zeros),
        "size": lambda raw: raw["final"].update(size=8),
        "edited": lambda raw: raw["log"]["leaves"].__setitem__(0, zeros),
        "deleted": lambda raw: raw["log"]["leaves"].pop(),
        "inserted": lambda raw: raw["log"]["leaves"].append(zeros),
        "column": lambda raw: raw["columns"].pop(),
        "plan": lambda raw: raw["plan"].update(title="另一个"),
        "key": lambda raw: raw["log"].update(public=signing.new_signer()[1].hex()),
    }
    for name, change in changes.items():
        failed = [check.name for check in verify.verify(edit(change)) if not check.passed]
        assert failed, name


def test_two_views_of_one_log_convict_whoever_signed_them(voting: served.Hall) -> None:
    """Half the hall is shown another root for the same size: one phone's head betrays it."""
    (shown,) = cast(voting, 1)
    box = bridge.box(voting.poll.box_id)
    key = (bridge.folder(voting.poll.box_id) / "box.sqlite3.key").read_bytes()
    other = heads.signed(key, box=box.box, size=1, root=b"\x01" * 32)
    honest = head(shown, box.box)
    public = bytes.fromhex(voting.poll.keys["log"])
    assert heads.contradict(public, honest, other)
    assert box.standing(honest) == "on"
    assert box.standing(other) == "forked"
    assert [fault.code for fault in box.check(seen=[honest, other])] == ["box_head_not_on_log"]
    poll = services.count(closed(voting, *range(2, 8)), by=None)
    for seen, passes in ((honest, True), (other, False)):
        checks = verify.verify(poll.open, seen=[verify.Seen(seen.size, seen.root.hex())])
        assert all(check.passed for check in checks) == passes


def test_a_backup_put_back_while_they_vote_is_noticed_by_a_phone(
    voting: served.Hall, tmp_path: Path
) -> None:
    """The receipt of a ballot cast after the backup does not lie on the log any more."""
    cast(voting, 1, 2)
    box = bridge.box(voting.poll.box_id)
    box.copy(tmp_path / "backup")
    (late,) = cast(voting, 3)
    bridge.shut()
    for left in ("-wal", "-shm"):
        Path(f"{box.path}{left}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup", box.path)
    restored = bridge.box(voting.poll.box_id)
    assert restored.standing(head(late, box.box)) == "older_file"
    # Its phone has the same bytes still: sent again they are in again, under the same receipt.
    assert restored.turnout() == 2
    again = cast(voting, 4)
    assert again[0]["size"] == 3
    assert restored.standing(head(late, box.box)) == "forked"


# Names --------------------------------------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "'\"&{{poll.pk}}{% x %}",
)


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u0000", "\u200b", "\u0085"])
def test_signs_nobody_sees_are_refused_in_names(post: Of, sign: str) -> None:
    """In the roll, in the plan, in what is pasted: what turns text round or hides in it."""
    clerk = post("clerk")
    poll = world.drawn(clerk)
    name = f"示例{sign}评委"
    with pytest.raises(Refused, match="看不见的字符"):
        services.enrol(poll, by=clerk, lines=[services.Line(name, "body")])
    with pytest.raises(Refused):
        services.redraw(poll, by=clerk, plan=world.plan(title=f"述职{sign}测评"))
    subjects = [{"code": "economy", "name": name}]
    with pytest.raises(Refused):
        services.redraw(poll, by=clerk, plan=world.plan(subjects=subjects, cap=None))


def test_names_of_three_hundred_characters_are_refused_all_at_once(post: Of) -> None:
    """Each line is named."""
    clerk = post("clerk")
    poll = world.drawn(clerk)
    with pytest.raises(Refused) as refused:
        services.enrol(
            poll, by=clerk, lines=intake.roll(poll, "\n".join([f"{'长' * 300}，班子成员"] * 3))
        )
    assert len(refused.value.sentences) == 3


def test_hostile_names_are_shown_as_they_are_and_do_nothing(
    browse: Callable[..., Client], post: Of, voting: served.Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On every page, in the script's data and in the published file: text, never markup."""
    clerk = post("clerk")
    subjects = [
        {"code": code, "name": name, "name_en": name}
        for code, name in zip(world.UNITS, HOSTILE, strict=False)
    ]
    plan = world.plan(subjects=subjects, title=HOSTILE[0], cap=None, own_subject="allowed")
    poll = services.draw_up(by=clerk, plan=plan, title=HOSTILE[1], title_en=HOSTILE[0])
    lines = [services.Line(f"{HOSTILE[n % 3]}{n}", "body") for n in range(1, 7)]
    services.enrol(poll, by=clerk, lines=[*lines, services.Line(HOSTILE[0], "heads")])
    services.freeze(poll, by=clerk)
    poll = services.start_issuing(poll, by=clerk)
    marks = {subject["code"]: {"party": "good", "clean": "fair"} for subject in subjects}
    room = served.opened(poll, marks, slips=1)
    desk, stranger = browse("clerk"), Client()
    base = f"/b/{poll.slug}/"
    code = {"code": room.slips[0]}
    pages = [
        stranger.get(base),
        stranger.get(f"{base}?lang=en"),
        stranger.post(f"{base}slip/", code),
    ]
    services.cast_open(poll.slug, slip=room.slips[0], marks=marks, remarks={"economy": HOSTILE[1]})
    poll = services.count(closed(room, *room.phones), by=None)
    pages += [stranger.get(f"{base}{path}") for path in ("check/", f"screen/{poll.screen_key}/")]
    pages += [desk.get(f"{base}desk/{path}") for path in ("", "roll/", "roll/1/")]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        for name in HOSTILE[:2]:
            assert name not in text, page.request["PATH_INFO"]
        assert "'\"&" not in text, page.request["PATH_INFO"]
    published = json.loads(stranger.get(f"{base}bundle.json").content)
    assert [one["name"] for one in published["plan"]["subjects"]] == list(HOSTILE)
    assert all(check.passed for check in verify.verify(published))


# Doors --------------------------------------------------------------------------------------------


def test_public_doors_set_no_cookie_and_keep_nothing(
    browse: Callable[..., Client], voting: served.Hall
) -> None:
    """For strangers and for the clerk's own browser, right or wrong: no cookie, no store, no
    referrer, nothing that could be framed."""
    base, key = f"/b/{voting.slug}/", voting.poll.screen_key
    gets = ("", "state/", "check/", "bundle.json", "slip/", f"screen/{key}/", "screen/wrong/")
    posts = ("right/", "issue/", "cast/", "slip/", "station/hello/", "station/signed/")
    for client in (Client(enforce_csrf_checks=True), browse("clerk")):
        answers = [client.get(base + path) for path in gets]
        answers.append(client.get("/b/nobody/"))
        answers += [client.post(base + path, {"code": "ZZZZ-ZZZZ-ZZZZ"}) for path in posts]
        for answer in answers:
            where = answer.request["PATH_INFO"]
            assert "Set-Cookie" not in answer.headers, where
            assert not answer.cookies, where
            assert answer.headers["Cache-Control"] == "no-store", where
            assert answer.headers["Referrer-Policy"] == "no-referrer", where
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], where
            assert answer.status_code != 403, where


def test_a_stranger_without_the_screens_key_sees_no_screen(voting: served.Hall) -> None:
    """And nobody finds a poll that is not frozen."""
    assert Client().get(f"/b/{voting.slug}/screen/wrong/").status_code == 404
    draft = world.drawn(by=None)  # type: ignore[arg-type]  # the house itself
    assert Client().get(f"/b/{draft.slug}/").status_code == 404
    with pytest.raises(NotFound):
        queries.fixed(draft.slug)
