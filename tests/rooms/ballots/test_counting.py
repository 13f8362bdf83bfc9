"""The count: nothing before the close, nothing where numbers do not add up, the same for all."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from bihuan.ballots import bridge, hall, services
from bihuan.ballots.models import Poll
from bihuan.base.errors import Refused
from bihuan.engines.tally import verify
from bihuan.people.models import Post
from tests.rooms.ballots import world

Of = Callable[[str], Post]


@pytest.fixture
def typist(post: Of) -> Post:
    """A second person at the desk."""
    return post("checker")


@pytest.fixture
def closed(post: Of, typist: Post) -> Callable[..., Poll]:
    return lambda **changes: world.held(post("clerk"), typist, post("leader"), **changes)


def _failed(raw: Any) -> list[str]:
    return [str(fault) for check in verify.verify(raw) for fault in check.faults]


def test_a_count_adds_up_and_anybody_can_recount(closed: Callable[..., Poll], post: Of) -> None:
    """Reconciled, counted, signed; both bundles verify offline."""
    poll = services.count(closed(), by=post("leader"))
    assert poll.phase == "counted"
    for bundle in (poll.open, poll.full):
        assert _failed(json.loads(json.dumps(bundle))) == []
    flows = poll.full["full_reconciliation"]["flows"]
    assert sum(flow["cast"] for flow in flows.values()) == poll.head["size"]
    assert {row["subject"] for row in poll.outcome} == set(world.UNITS)


def test_shares_open_the_box(closed: Callable[..., Poll], post: Of) -> None:
    """Two of three; one is not enough, a mistyped one is named, and the server holds no key."""
    taken: list[tuple[str, ...]] = []
    original = services.freeze

    def freeze(poll: Poll, *, by: Post | None) -> tuple[str, ...]:
        taken.append(original(poll, by=by))
        return taken[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "freeze", freeze)
        poll = closed(seal="shares", seal_need=2, seal_of=3)
    (shares,) = taken
    assert len(shares) == 3
    assert bridge.keys(poll.box_id).seal == b""
    with pytest.raises(Refused, match="要 2 份"):
        services.count(poll, by=post("leader"), shares=shares[:1])
    mistyped = shares[1][:-1] + ("1" if shares[1].endswith("0") else "0")
    with pytest.raises(Refused, match="第 2 份"):
        services.count(poll, by=post("leader"), shares=[shares[0], mistyped])
    assert services.count(poll, by=post("leader"), shares=shares[1:]).phase == "counted"


def _box(poll: Poll) -> sqlite3.Connection:
    bridge.shut([poll.box_id])
    return sqlite3.connect(bridge.folder(poll.box_id) / "box.sqlite3", isolation_level=None)


FIRST = "WHERE leaf = (SELECT min(leaf) FROM ballot)"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            f"UPDATE ballot SET blob = zeroblob(length(blob)) {FIRST}",
            "内容被改过",
        ),
        ("DELETE FROM ballot WHERE leaf = (SELECT min(leaf) FROM ballot)", "被抽走了"),
        (
            "INSERT INTO ballot SELECT randomblob(32), category, randomblob(100), evidence "
            "FROM ballot LIMIT 1",
            "塞进去的",
        ),
        ("DELETE FROM spent WHERE leaf = (SELECT min(leaf) FROM spent)", "没有用掉任何票证"),
    ],
)
def test_a_box_that_somebody_touched_is_not_counted(
    closed: Callable[..., Poll], post: Of, change: str, said: str
) -> None:
    """Edited, deleted, inserted: each is named, and there is no result."""
    poll = closed()
    with _box(poll) as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(Refused, match=said):
        services.count(poll, by=post("leader"))


def test_a_backup_put_back_is_not_counted(post: Of, typist: Post, tmp_path: Any) -> None:
    """A copy of the box from before the last ballots does not reach the head that was shown."""
    poll = world.issuing(post("clerk"))
    door, report = hall.door(poll.slug), hall.Report()
    rights = hall.fill(poll, clerk=post("clerk"), seed=3, papers=0)
    phones = hall.activate(poll, rights, door, report)
    poll = services.close_issuing(poll, by=post("clerk"))
    poll = services.start_casting(poll, by=post("leader"))
    typists, seed = (post("clerk"), typist), 3
    half = len(rights) // 2
    for part, save in ((rights[:half], True), (rights[half:], False)):
        hall.vote(
            poll,
            part,
            phones,
            door,
            typists=typists,
            seed=seed,
            report=report,
            threads=1,
            faults=False,
        )
        if save:
            bridge.box(poll.box_id).copy(tmp_path / "old.sqlite3")
    poll = services.close(poll, by=post("leader"))
    bridge.shut([poll.box_id])
    home = bridge.folder(poll.box_id)
    shutil.copy(tmp_path / "old.sqlite3", home / "box.sqlite3")
    with pytest.raises(Refused, match="旧备份"):
        services.count(poll, by=post("leader"))


def test_more_ballots_than_were_given_out_is_no_result(
    closed: Callable[..., Poll], post: Of
) -> None:
    """A roll that was changed afterwards does not go with the box any more."""
    poll = closed()
    poll.voters.filter(category="heads", given="token").update(given="")
    with pytest.raises(Refused, match="名单在那以后被改过"):
        services.count(poll, by=post("leader"))
    poll.refresh_from_db()
    poll.announced["heads"]["tokens"] = 0  # and what was announced with it
    poll.save()
    with pytest.raises(Refused, match="核对不平"):
        services.count(poll, by=post("leader"))
    poll.refresh_from_db()
    assert (poll.phase, poll.outcome) == ("closed", None)


def test_after_the_check_window_the_ballots_are_gone(
    closed: Callable[..., Poll], post: Of, django_capture_on_commit_callbacks: Any
) -> None:
    """Leaves, heads and columns stay; sealed ballots, spent codes and keys do not."""
    poll = services.count(closed(), by=post("leader"))
    with django_capture_on_commit_callbacks(execute=True):
        poll = services.end_check_window(poll, by=post("leader"))
    with _box(poll) as connection:
        for table in ("ballot", "spent", "slip"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    connection.close()
    assert len(bridge.box(poll.box_id).leaves()) == poll.head["size"]
    assert bridge.keys(poll.box_id).seal == b""
    assert not (bridge.folder(poll.box_id) / bridge.SEAL).exists()
    assert _failed(poll.open) == []


def test_an_opinion_box(post: Of) -> None:
    """No items: only remarks, and what is told of them has no order and no author."""
    clerk, chair = post("clerk"), post("leader")
    plan = {
        "kind": "opinions",
        "title": "征求意见",
        "year": 2026,
        "categories": [{"code": "all", "name": "干部群众"}],
        "subjects": [{"code": "body", "name": "班子"}],
    }
    poll = services.draw_up(by=clerk, plan=plan, title="征求意见")
    services.enrol(poll, by=clerk, lines=[services.Line(f"代表{n}", "all") for n in range(8)])
    services.freeze(poll, by=clerk)
    poll = services.start_issuing(poll, by=clerk)
    codes = services.print_slips(poll, by=clerk, category="all", count=6)
    for voter in list(poll.voters.all())[:6]:
        services.check_in(poll, by=clerk, voter=voter, given="slip")
    poll = services.start_casting(services.close_issuing(poll, by=clerk), by=chair)
    for number, code in enumerate(codes):
        services.cast_open(poll.slug, slip=code, marks={}, remarks={"body": f"意见{number}"})
    poll = services.count(services.close(poll, by=chair), by=chair)
    assert poll.full["full_columns"]["remarks"]["body"] == [f"意见{n}" for n in range(6)]
