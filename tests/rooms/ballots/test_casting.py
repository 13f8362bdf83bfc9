"""From the roll to the close: who may cast, once, and what the database never learns."""

from collections.abc import Callable

import pytest

from bihuan.ballots import bridge, hall, queries, services
from bihuan.ballots.models import Lot, Poll, Ticket, Voter
from bihuan.base.errors import NotFound, Refused
from bihuan.engines.tally import blind, signing
from bihuan.engines.tally.phone import Phone
from bihuan.people.models import Post
from tests.rooms.ballots import world

Of = Callable[[str], Post]


def _phone(poll: Poll, code: str, category: str = "body") -> Phone:
    fixed = queries.fixed(poll.slug)
    keys = [blind.PublicKey.from_plain(fixed.keys["tokens"][category])]
    return Phone(code, fixed.box, category, keys, bytes.fromhex(fixed.keys["seal"]))


def _voter(poll: Poll, number: int = 1) -> Voter:
    return poll.voters.get(number=number)


def _marks(poll: Poll) -> dict[str, dict[str, str]]:
    return {s: {"party": "fair", "clean": "fair"} for s in world.UNITS}


def test_phases_go_one_way(post: Of) -> None:
    """No step back, none skipped, and the chair's steps are the chair's."""
    clerk, chair = post("clerk"), post("leader")
    poll = world.issuing(clerk)
    for verb in (services.start_casting, services.close, services.count):
        with pytest.raises(Refused):
            verb(poll, by=chair)
    with pytest.raises(Refused):
        services.redraw(poll, by=clerk, plan=world.plan())
    poll = services.close_issuing(poll, by=clerk)
    with pytest.raises(Refused, match="没有这项权限"):
        services.start_casting(poll, by=clerk)
    poll = services.start_casting(poll, by=chair)
    with pytest.raises(Refused):
        services.check_in(poll, by=clerk, voter=_voter(poll), given="token")
    assert services.close(poll, by=chair).phase == "closed"
    with pytest.raises(Refused):
        services.start_casting(poll, by=chair)


def test_one_person_one_ticket_one_token(post: Of) -> None:
    """The same blinded value is answered alike, another one not at all."""
    poll = world.issuing(post("clerk"))
    code = services.check_in(poll, by=post("clerk"), voter=_voter(poll), given="token")
    with pytest.raises(Refused, match="一人只有一票"):
        services.check_in(poll, by=post("clerk"), voter=_voter(poll), given="slip")
    phone = _phone(poll, code)
    asked = [bytes.fromhex(z) for z in phone.ask()["z"]]
    assert services.issue(poll.slug, ticket=code, blinded=asked) == services.issue(
        poll.slug, ticket=f" {code.lower()} ", blinded=asked
    )
    other = _phone(poll, code)
    with pytest.raises(Refused, match="另一部手机"):
        services.issue(poll.slug, ticket=code, blinded=[bytes.fromhex(z) for z in other.ask()["z"]])
    with pytest.raises(NotFound):
        services.issue(poll.slug, ticket="0000-0000-0000", blinded=asked)
    with pytest.raises(Refused, match="已经激活"):
        services.take_back(poll, by=post("clerk"), voter=_voter(poll), reason="换纸票")


def test_a_ticket_not_yet_used_can_be_taken_back(post: Of) -> None:
    """And then another right may be given."""
    poll = world.issuing(post("clerk"))
    code = services.check_in(poll, by=post("clerk"), voter=_voter(poll), given="token")
    services.take_back(poll, by=post("clerk"), voter=_voter(poll), reason="手机不能上网")
    with pytest.raises(NotFound):
        services.right(poll.slug, ticket=code)
    assert services.check_in(poll, by=post("clerk"), voter=_voter(poll), given="slip") == ""


@pytest.mark.parametrize("value", [0, 1, -1, -2])
def test_values_no_honest_phone_makes_are_not_signed(post: Of, value: int) -> None:
    """z = 0, 1, n−1 and n itself; nor one of the wrong length. The ticket stays good."""
    poll = world.issuing(post("clerk"))
    code = services.check_in(poll, by=post("clerk"), voter=_voter(poll), given="token")
    n = int(poll.keys["tokens"]["body"]["n"], 16)
    z = {0: 0, 1: 1, -1: n - 1, -2: n}[value]
    with pytest.raises(Refused):
        services.issue(poll.slug, ticket=code, blinded=[z.to_bytes(256, "big")])
    with pytest.raises(Refused):
        services.issue(poll.slug, ticket=code, blinded=[z.to_bytes(257, "big")])
    phone = _phone(poll, code)
    assert services.issue(
        poll.slug, ticket=code, blinded=[bytes.fromhex(z) for z in phone.ask()["z"]]
    )


def _activated(poll: Poll, by: Post, number: int = 1, category: str = "body") -> Phone:
    code = services.check_in(poll, by=by, voter=_voter(poll, number), given="token")
    phone = _phone(poll, code, category)
    asked = [bytes.fromhex(z) for z in phone.ask()["z"]]
    _category, signatures = services.issue(poll.slug, ticket=code, blinded=asked)
    phone.take([one.hex() for one in signatures])
    return phone


def _casting(poll: Poll, clerk: Post, chair: Post) -> Poll:
    return services.start_casting(services.close_issuing(poll, by=clerk), by=chair)


def test_forged_tokens_are_refused(post: Of) -> None:
    """Random, of another key, another category, another meeting, squared; an altered body."""
    clerk, chair = post("clerk"), post("leader")
    poll, elsewhere = world.issuing(clerk), world.issuing(clerk)
    phone, foreign = _activated(poll, clerk), _activated(elsewhere, clerk)
    head = _activated(poll, clerk, number=10, category="heads")
    poll = _casting(poll, clerk, chair)
    door, marks = hall.door(poll.slug), _marks(poll)
    good = phone.cast(phone.seal(marks))
    n = int(poll.keys["tokens"]["body"]["n"], 16)
    squared = pow(int(good["signatures"][0], 16), 2, n)
    forged = {
        "random": {**good, "signatures": ["5a" * 256]},
        "none": {**good, "signatures": ["00" * 256]},
        "short": {**good, "signatures": ["5a"]},
        "squared": {**good, "signatures": [f"{squared:0512x}"]},
        "other category": {**good, "category": "heads"},
        "no category": {**good, "category": "guests"},
        "other meeting": foreign.cast(foreign.seal(marks)),
        "other token's signature": {**good, "signatures": head.cast(b"x" * 40)["signatures"]},
        "altered body": {**good, "blob": head.cast(head.seal(marks))["blob"]},
        "no proof": {**good, "proof": "00" * 64},
        "other prefix": {**good, "prefix": "00" * 32},
    }
    for name, sent in forged.items():
        status, answer = door("cast", sent)
        assert status in (404, 409, 422), (name, status, answer)
        assert answer["sentences"], name
    assert bridge.box(poll.box_id).turnout() == 0
    assert door("cast", good)[0] == 200


def test_a_replay_is_answered_alike_and_another_ballot_is_refused(post: Of) -> None:
    """Twice the same bytes: one ballot. Other bytes with the same token: none."""
    clerk, chair = post("clerk"), post("leader")
    poll = world.issuing(clerk)
    phone = _activated(poll, clerk)
    poll = _casting(poll, clerk, chair)
    door = hall.door(poll.slug)
    sent = phone.cast(phone.seal(_marks(poll)))
    first, again = door("cast", sent), door("cast", sent)
    assert first == again
    assert first[0] == 200
    assert door("cast", phone.cast(phone.seal(_marks(poll))))[0] == 409
    assert bridge.box(poll.box_id).turnout() == 1


def test_before_and_after_the_vote_nothing_is_taken(post: Of) -> None:
    """410 with a sentence; the phone keeps its ballot."""
    clerk, chair = post("clerk"), post("leader")
    poll = world.issuing(clerk)
    phone = _activated(poll, clerk)
    sent, door = phone.cast(phone.seal(_marks(poll))), hall.door(poll.slug)
    status, answer = door("cast", sent)
    assert (status, answer["sentences"]) == (
        410,
        ["投票还没有开始。请等主持人宣布，页面会自己翻过来。"],
    )
    poll = services.close(_casting(poll, clerk, chair), by=chair)
    status, answer = door("cast", sent)
    assert (status, answer["sentences"]) == (410, ["投票已经结束，不再收票。"])


def test_bodies_that_are_none(post: Of) -> None:
    """Ten megabytes, no JSON, a list, deep nesting, wrong types: a sentence, never a fault."""
    poll = world.issuing(post("clerk"))
    door = hall.door(poll.slug)
    nested: list[object] = []
    for _depth in range(400):
        nested = [nested]
    bodies = [
        {"blob": "A" * 10_000_000},
        {},
        {"blob": 7, "slip": ["x"]},
        {"blob": "AAAA", "pub": "zz", "prefix": None, "signatures": {}, "proof": 1},
        {"blob": "AAAA", "slip": nested},
        {"blob": "AAAA", "slip": "\u202e'; DROP TABLE"},
    ]
    for body in bodies:
        status, answer = door("cast", body)
        assert status in (404, 409, 413), body
        assert answer["sentences"]
    for name in ("issue", "right"):
        status, answer = door(name, {"ticket": 5, "z": "no"})
        assert status in (404, 409)


def test_slips_are_drawn_and_counted(post: Of) -> None:
    """Printed = handed out + handed back, or issuing does not close."""
    clerk = post("clerk")
    poll = world.issuing(clerk)
    codes = services.print_slips(poll, by=clerk, category="body", count=3)
    assert len(set(codes)) == 3
    services.check_in(poll, by=clerk, voter=_voter(poll), given="slip")
    with pytest.raises(Refused, match="差 2 张"):
        services.close_issuing(poll, by=clerk)
    with pytest.raises(Refused, match="最多退回 2 张"):
        services.return_slips(poll, by=clerk, category="body", count=3)
    services.return_slips(poll, by=clerk, category="body", count=2)
    assert services.close_issuing(poll, by=clerk).phase == "issued"
    kept = Lot.objects.get(poll=poll)
    assert (kept.printed, kept.returned) == (3, 2)


def test_paper_is_typed_by_two(post: Of) -> None:
    """One person twice is one; two that differ are none; two that agree are a ballot."""
    clerk, chair, other = post("clerk"), post("leader"), post("checker")
    poll = world.issuing(clerk)
    (code,) = services.print_slips(poll, by=clerk, category="body", count=1)
    services.check_in(poll, by=clerk, voter=_voter(poll), given="slip")
    poll = _casting(poll, clerk, chair)
    marks, wrong = _marks(poll), {**_marks(poll), "economy": {"party": "good", "clean": "good"}}

    def typed(by: Post, said: dict[str, dict[str, str]]) -> str:
        return services.type_paper(poll, by=by, slip=code, marks=said)

    assert typed(clerk, marks) == "first"
    with pytest.raises(Refused, match="另一人"):
        typed(clerk, marks)
    with pytest.raises(Refused, match="两遍都没有收"):
        typed(other, wrong)
    assert typed(clerk, marks) == "first"
    with pytest.raises(Refused, match="只录了一遍"):
        services.close(poll, by=chair)
    assert typed(other, marks) == "matched"
    assert bridge.box(poll.box_id).turnout() == 1
    with pytest.raises(Refused, match="已经投过"):
        typed(clerk, marks)


def test_the_cap_is_refused_before_sealing(post: Of) -> None:
    """Without a script the server says so at once; on paper so do the two who type."""
    clerk, chair = post("clerk"), post("leader")
    poll = world.issuing(clerk)
    (code,) = services.print_slips(poll, by=clerk, category="body", count=1)
    services.check_in(poll, by=clerk, voter=_voter(poll), given="slip")
    poll = _casting(poll, clerk, chair)
    over = {s: {"party": "good", "clean": "fair"} for s in world.UNITS}
    with pytest.raises(Refused, match="“抓基层党建工作”最多给 3 个“好”"):
        services.cast_open(poll.slug, slip=code, marks=over, remarks={})
    assert bridge.box(poll.box_id).turnout() == 0


def test_nothing_of_the_vote_stands_in_the_database(post: Of) -> None:
    """After the close no ticket says anything; no row of the room has a time of the hall."""
    poll = world.held(post("clerk"), _typist(post), post("leader"))
    assert all(
        (ticket.blinded, ticket.signatures) == ([], [])
        for ticket in Ticket.objects.filter(voter__poll=poll)
    )
    for model in (Voter, Ticket, Lot):
        kinds = {field.get_internal_type() for field in model._meta.get_fields() if field.concrete}
        assert not kinds & {"DateTimeField", "DateField", "TimeField", "GenericIPAddressField"}


def _typist(post: Of) -> Post:
    return post("checker")


def test_the_token_keys_end_with_issuing(
    post: Of, django_capture_on_commit_callbacks: Callable
) -> None:
    """Afterwards there is no key with which anybody could make another token."""
    poll = world.issuing(post("clerk"))
    assert set(bridge.keys(poll.box_id).tokens) == {"body", "heads"}
    with django_capture_on_commit_callbacks(execute=True):
        services.close_issuing(poll, by=post("clerk"))
    assert bridge.keys(poll.box_id).tokens == {}
    assert bridge.signing_key(poll.box_id, "body") is None


def test_cast_messages_of_two_boxes_differ() -> None:
    """What a phone signs names box and category: no ballot fits another place."""
    one = signing.cast_message(b"1" * 16, "body", b"x")
    assert one != signing.cast_message(b"2" * 16, "body", b"x")
    assert one != signing.cast_message(b"1" * 16, "heads", b"x")
