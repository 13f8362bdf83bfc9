"""One right, one ballot, for ever; nothing is told early; and every later change is named."""

import hashlib
import itertools
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bihuan.engines.tally import ballot, box, heads, merkle, seal
from bihuan.engines.tally.box import BallotBox, Differs, Pace, Receipt, Refusal, schema
from tests.engines.tally import voters
from tests.engines.tally.voters import codes, voted

B = voters.ballot
R = voters.right


# One right, one ballot


def test_a_receipt_is_the_digest_of_what_is_stored(tmp_path: Path) -> None:
    found = voters.new_box(tmp_path)
    receipt = found.put(R(1, 1), "leaders", B(1, 1))
    inner = hashlib.sha256(b"leaders\x00" + B(1, 1)).digest()
    assert receipt.leaf == hashlib.sha256(b"\x00" + inner).digest()
    assert receipt.size == receipt.head.size == 1
    assert receipt.head.root == merkle.root([receipt.leaf])
    assert heads.check(found.log_public, receipt.head)
    assert not receipt.again


def test_the_same_again_gets_the_same_answer_even_after_the_close(tmp_path: Path) -> None:
    found = voted(tmp_path)
    first = found.put(R(1, 9), "a", B(1, 9))
    found.put(R(1, 10), "a", B(1, 10))
    again = found.put(R(1, 9), "a", B(1, 9))
    assert again == replace(first, again=True)
    found.advance("closed")
    assert found.put(R(1, 9), "a", B(1, 9)) == again
    assert found.turnout() == 8


def test_another_ballot_with_the_same_right_is_refused(tmp_path: Path) -> None:
    found = voted(tmp_path)
    with pytest.raises(box.AnotherBallot):
        found.put(R(1, 0), "a", B(1, 0, variant=1))
    with pytest.raises(box.AnotherBallot):  # the same marks for another category are another ballot
        found.put(R(1, 0), "b", B(1, 0))
    assert found.turnout() == 6
    assert codes(found) == []


def test_another_voters_sealed_ballot_cannot_be_cast_again(tmp_path: Path) -> None:
    found = voted(tmp_path)
    with pytest.raises(box.Copied):
        found.put(R(1, 99), "a", B(1, 0))
    assert found.turnout() == 6


@pytest.mark.parametrize("variants", [1, 20])
def test_twenty_at_once_with_one_right_are_one_ballot(tmp_path: Path, variants: int) -> None:
    found = voters.new_box(tmp_path)
    others = [BallotBox(found.path, voters.QUICK) for _ in range(4)]
    start = threading.Barrier(20)

    def post(number: int) -> Receipt | Refusal:
        start.wait()
        try:
            return others[number % 4].put(R(1, 1), "a", B(1, 1, variant=number % variants))
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(20) as hall:
        answers = list(hall.map(post, range(20)))
    receipts = [answer for answer in answers if isinstance(answer, Receipt)]
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert sum(not receipt.again for receipt in receipts) == 1
    assert len(receipts) == 20 // variants
    assert {type(refusal) for refusal in refused} <= {box.AnotherBallot}
    assert found.leaves() == [receipts[0].leaf]
    assert codes(found) == []


def test_two_servers_on_one_file_take_each_right_once(tmp_path: Path) -> None:
    found = voters.new_box(tmp_path)
    with (
        voters.start(found.path, 3, 80, variant=0) as one,
        voters.start(found.path, 3, 80, variant=1) as other,
    ):
        told = [voters.Told(), voters.Told()]
        for mine, process in zip(told, (one, other), strict=True):
            assert process.stdout is not None
            for line in process.stdout:
                mine.hear(line)
    first, second = (set(mine.leaves) for mine in told)
    assert first | second == set(range(80))
    assert not first & second
    assert set(told[0].refused) == second
    assert {*told[0].refused.values(), *told[1].refused.values()} == {"box_another_ballot"}
    assert found.turnout() == 80
    assert found.check(seen=told[0].heads | told[1].heads) == ()


def test_what_is_no_sealed_ballot_is_refused_before_it_waits(tmp_path: Path) -> None:
    found = voters.new_box(tmp_path)
    for blob in (b"", bytes(seal.OVERHEAD), B(1, 1)[:-1], B(1, 1) + b"x"):
        with pytest.raises(box.Misshapen):
            found.put(R(1, 1), "a", blob)
    for blob in (bytes(ballot.LARGEST + seal.OVERHEAD + ballot.BLOCK), bytes(10_000_000)):
        with pytest.raises(box.TooLarge):
            found.put(R(1, 1), "a", blob)
    with pytest.raises(box.TooLarge):
        found.put(R(1, 1), "a", B(1, 1), evidence=bytes(5000))
    with pytest.raises(ValueError, match="32"):
        found.put(b"short", "a", B(1, 1))
    found.put(R(1, 1), "a", bytes(ballot.LARGEST + seal.OVERHEAD))
    assert codes(found) == []


def test_votes_that_come_together_share_a_batch_and_a_sorted_log(tmp_path: Path) -> None:
    found = voters.new_box(tmp_path, pace=Pace(window_s=5, most=8, least=1))
    waiting = [found.submit(R(1, voter), "a", B(1, voter)) for voter in range(16)]
    receipts = [one.wait() for one in waiting]
    assert [receipt.head.size for receipt in receipts if isinstance(receipt, Receipt)] == (
        [8] * 8 + [16] * 8
    )
    empty, one, other = found.log()
    assert empty.leaves == ()
    assert list(one.leaves) == sorted(one.leaves)
    assert list(other.leaves) == sorted(other.leaves)
    assert found.heads() == (empty.head, one.head, other.head)


def test_a_lone_ballot_waits_a_moment_for_company(tmp_path: Path) -> None:
    found = voters.new_box(tmp_path, pace=Pace(window_s=0.0, least=3, patience_s=30.0))
    waiting = [found.submit(R(1, voter), "a", B(1, voter)) for voter in range(3)]
    assert {one.wait().head.size for one in waiting} == {3}  # type: ignore[union-attr]
    alone = found.submit(R(1, 9), "a", B(1, 9))
    found.advance("closed")  # the close waits for nobody, and takes what was there
    assert alone.wait().head.size == 4  # type: ignore[union-attr]


# Slips


def test_a_slip_is_good_for_its_category_until_it_is_void(tmp_path: Path) -> None:
    found = voters.new_box(tmp_path, to="issuing")
    assert found.add_slips("a", [R(1, 0), R(1, 1), R(1, 2)]) == 3
    assert found.add_slips("b", [R(1, 2), R(1, 3)]) == 1
    found.advance("issued")
    with pytest.raises(box.NotOpen):  # no slip comes in by night
        found.add_slips("a", [R(1, 5)])
    found.advance("casting")
    assert [found.slip_category(R(1, n)) for n in (0, 2, 3, 4)] == ["a", "a", "b", None]
    found.put(R(1, 0), "a", B(1, 0))
    with pytest.raises(box.WrongCategory) as refused:
        found.put(R(1, 1), "b", B(1, 1))
    assert refused.value.params == {"category": "a"}
    voided = found.void_slips([R(1, 0), R(1, 1), R(1, 4)])
    assert (voided.cast, voided.done, voided.unknown) == ((R(1, 0),), (R(1, 1),), (R(1, 4),))
    assert found.slip_category(R(1, 1)) is None
    with pytest.raises(box.VoidSlip):
        found.put(R(1, 1), "a", B(1, 1))
    with pytest.raises(box.NotYet):
        found.slip_counts()
    found.advance("closed")
    with pytest.raises(box.NotOpen):
        found.void_slips([R(1, 3)])
    assert found.slip_counts() == {"a": box.Slips(3, 1, 1), "b": box.Slips(1, 0, 0)}
    assert [slips.unused for slips in found.slip_counts().values()] == [1, 1]


# Paper


def paper_box(folder: Path) -> BallotBox:
    found = voters.new_box(folder, to="issuing")
    found.add_slips("a", [R(1, n) for n in range(5)])
    found.advance("issued")
    found.advance("casting")
    return found


def test_a_paper_ballot_counts_when_two_entries_say_the_same(tmp_path: Path) -> None:
    found = paper_box(tmp_path)
    check = box.check_of("abcd-efgh-jkmn", b"good good")
    assert check == box.check_of("ABCDEFGHJKMN", b"good good")
    assert check != box.check_of("ABCDEFGHJKMP", b"good good")
    with pytest.raises(box.NoFirstEntry):
        found.paper_second(R(1, 0), "a", check, B(1, 0))
    found.paper_first(R(1, 0), "a", check)
    with pytest.raises(box.TypedAlready):
        found.paper_first(R(1, 0), "a", check)
    assert (found.turnout(), found.papers_pending()) == (0, 1)
    receipt = found.paper_second(R(1, 0), "a", check, B(1, 0))
    assert isinstance(receipt, Receipt)
    assert found.paper_second(R(1, 0), "a", check, B(1, 0)) == replace(receipt, again=True)
    assert (found.turnout(), found.papers_pending()) == (1, 0)
    with pytest.raises(box.AnotherBallot):
        found.paper_first(R(1, 0), "a", check)
    assert codes(found) == []


def test_entries_that_differ_are_both_dropped(tmp_path: Path) -> None:
    found = paper_box(tmp_path)
    one, other = box.check_of("A", b"good"), box.check_of("A", b"fair")
    found.paper_first(R(1, 0), "a", one)
    assert found.paper_second(R(1, 0), "a", other, B(1, 0)) == Differs()
    assert (found.turnout(), found.papers_pending()) == (0, 0)
    with pytest.raises(box.NoFirstEntry):
        found.paper_second(R(1, 0), "a", one, B(1, 0))
    found.paper_first(R(1, 0), "a", one)
    assert isinstance(found.paper_second(R(1, 0), "a", one, B(1, 0)), Receipt)


def test_a_slip_cast_on_a_phone_is_not_typed_in_and_its_entry_is_forgotten(tmp_path: Path) -> None:
    found = paper_box(tmp_path)
    check = box.check_of("A", b"good")
    found.paper_first(R(1, 0), "a", check)
    found.put(R(1, 0), "a", B(1, 0, variant=1))
    assert found.papers_pending() == 0
    with pytest.raises(box.AnotherBallot):
        found.paper_second(R(1, 0), "a", check, B(1, 0))
    for spent, category, refusal in (
        (R(1, 1), "b", box.WrongCategory),
        (R(1, 77), "a", box.VoidSlip),
    ):
        with pytest.raises(refusal):
            found.paper_first(spent, category, check)


def test_the_box_does_not_close_over_half_typed_paper(tmp_path: Path) -> None:
    found = paper_box(tmp_path)
    found.paper_first(R(1, 0), "a", bytes(32))
    with pytest.raises(box.PapersPending) as refused:
        found.advance("closed")
    assert refused.value.params == {"count": 1}
    assert found.phase == "casting"
    assert found.paper_drop(R(1, 0))
    assert not found.paper_drop(R(1, 0))
    found.advance("closed")
    with pytest.raises(box.NotOpen):
        found.paper_first(R(1, 1), "a", bytes(32))
    with pytest.raises(box.NotOpen):
        found.paper_second(R(1, 1), "a", bytes(32), B(1, 1))


# Phases


def test_the_steps_go_one_way(tmp_path: Path) -> None:
    found = voters.new_box(tmp_path, to="issuing")
    for number, now in enumerate(schema.PHASES):
        for other in (*schema.PHASES, "open"):
            allowed = other in schema.PHASES[number : number + 2]
            if not allowed:
                with pytest.raises(box.WrongStep):
                    found.advance(other)
        assert found.phase == now
        found.advance(now)  # asked again
        if now != "casting":
            with pytest.raises(box.NotOpen):
                found.put(R(1, 1), "a", B(1, 1))
        if now == "closed":
            with pytest.raises(box.NotYet):
                found.advance("counted")
            found.store_columns(b"{}")
        if now != "done":
            found.advance(schema.PHASES[number + 1])
    assert codes(found) == []


def test_nobody_sees_anything_before_the_close(tmp_path: Path) -> None:
    found = voted(tmp_path)
    asked: list[Callable[[], object]] = [
        found.counts,
        found.rights,
        found.slip_counts,
        lambda: list(found.open(voters.PRIVATE)),
        lambda: found.store_columns(b"{}"),
        lambda: found.sign_final(""),
        found.finish,
    ]
    for question in asked:
        with pytest.raises((box.NotYet, box.WrongStep)):
            question()
    assert found.turnout() == 6


def test_a_ballot_under_way_at_the_close_is_in_or_refused(tmp_path: Path) -> None:
    found = voters.new_box(tmp_path)
    with voters.start(found.path, 4, 400) as server:  # another process, still taking ballots
        assert server.stdout is not None
        told = voters.Told()
        for line in itertools.islice(server.stdout, 60):
            told.hear(line)
        found.advance("closed")
        closed = found.closing_head()
        for line in server.stdout:
            told.hear(line)
    assert closed is not None
    assert closed.size == found.turnout() == len(told.leaves)
    assert set(told.refused) == set(range(400)) - set(told.leaves)
    assert set(told.refused.values()) <= {"box_not_open"}
    assert {leaf.hex() for leaf in found.leaves()} == {
        leaf for known in told.leaves.values() for leaf in known
    }
    assert found.check(seen=[*told.heads, closed]) == ()


def test_opened_counted_and_done(tmp_path: Path) -> None:
    found = voters.new_box(tmp_path)
    said = {"一": "a", "二": "b", "三": "a"}
    leaves = {
        found.put(R(1, n), category, voters.sealed(text, category), evidence=b"token").leaf
        for n, (text, category) in enumerate(said.items())
    }
    spoilt = found.put(R(1, 9), "b", B(1, 9)).leaf
    found.advance("closed")
    opened = list(found.open(voters.PRIVATE))
    assert [leaf for leaf, _category, _plain in opened] == sorted({*leaves, spoilt})
    assert {
        plain.decode().strip(): category for _leaf, category, plain in opened if plain is not None
    } == said
    assert [leaf for leaf, _category, plain in opened if plain is None] == [spoilt]
    assert all(plain is None for _l, _c, plain in found.open(seal.new_pair()[0]))
    assert found.counts() == {"a": 2, "b": 2}
    assert {right.spent: right.evidence for right in found.rights()}[R(1, 0)] == b"token"
    found.store_columns(b"[1]")
    found.store_columns(b"[1]")
    with pytest.raises(box.Settled):
        found.store_columns(b"[2]")
    final = found.sign_final('{"columns":"1"}')
    assert found.sign_final('{"columns":"1"}') == final
    with pytest.raises(box.Settled):
        found.sign_final("{}")
    assert heads.check(found.log_public, final)
    found.advance("counted")
    found.finish()
    found.finish()  # after a crash in the middle, say
    assert not schema.key_path(found.path).exists()
    assert (found.phase, found.turnout(), found.counts()) == ("done", 4, {"a": 2, "b": 2})
    for question in (found.rights, found.slip_counts, lambda: found.open(voters.PRIVATE)):
        with pytest.raises(box.Forgotten):
            question()
    assert found.check(seen=[final, *found.heads()]) == ()
    assert found.fits(final)


# Heads and proofs


def test_every_receipt_can_be_proved_and_every_head_grew_from_the_last(tmp_path: Path) -> None:
    found = voted(tmp_path, 11)
    for leaf in found.leaves():
        proof = found.proof(leaf)
        assert proof is not None
        assert proof.holds()
        assert proof.head == found.head()
    assert found.proof(bytes(32)) is None
    for one, other in itertools.combinations(found.heads(), 2):
        steps = found.consistency(one.size, other.size)
        assert merkle.check_consistency(one.size, other.size, one.root, other.root, steps)
    with pytest.raises(IndexError):
        found.consistency(3, 12)


def test_a_head_of_another_history_does_not_fit(tmp_path: Path) -> None:
    found = voted(tmp_path)
    private = schema.key_path(found.path).read_bytes()
    head = found.head()
    assert found.fits(head)
    root = merkle.root([bytes(32)] * 3)
    forked = heads.signed(private, box=voters.BOX, size=3, root=root)
    ahead = heads.signed(private, box=voters.BOX, size=7, root=root)
    assert found.standing(forked) == "forked"
    assert found.standing(ahead) == "older_file"
    assert found.standing(replace(head, signature=bytes(64))) == "foreign"
    other = heads.signed(private, box=bytes(16), size=6, root=head.root)
    assert found.standing(other) == "foreign"
    assert [fault.params["standing"] for fault in found.check(seen=[head, forked, ahead])] == [
        "forked",
        "older_file",
    ]


def test_a_head_kept_as_json_still_fits(tmp_path: Path) -> None:
    found = voted(tmp_path)
    assert found.fits(heads.Head.read(json.loads(json.dumps(found.head().plain()))))
