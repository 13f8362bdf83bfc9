"""Whoever changes the file is found: each ballot that was touched is named by its leaf."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bihuan.engines.tally import box, heads, merkle, signing
from bihuan.engines.tally.box import BallotBox, schema
from tests.engines.tally import voters
from tests.engines.tally.voters import codes, voted

B = voters.ballot
R = voters.right


def tamper(found: BallotBox, *statements: tuple[str, tuple[object, ...]]) -> None:
    found.close()
    with closing(sqlite3.connect(found.path, isolation_level=None)) as connection:
        for statement, values in statements:
            assert connection.execute(statement, values).rowcount == 1, statement


def named(found: BallotBox) -> set[tuple[str, object]]:
    return {(fault.code, fault.params.get("leaf")) for fault in found.check()}


def test_an_edited_ballot_is_named(tmp_path: Path) -> None:
    found = voted(tmp_path)
    leaf = found.leaves()[2]
    tamper(found, ("UPDATE ballot SET blob = ? WHERE leaf = ?", (B(1, 77), leaf)))
    assert named(found) == {("box_ballot_edited", leaf.hex())}
    tamper(found, ("UPDATE ballot SET category = 'b' WHERE leaf = ?", (found.leaves()[4],)))
    assert ("box_ballot_edited", found.leaves()[4].hex()) in named(found)


def test_one_bit_of_the_raw_file_is_named(tmp_path: Path) -> None:
    found = voted(tmp_path)
    found.advance("closed")
    raw = bytearray(found.path.read_bytes())
    at = raw.find(B(1, 3)[-100:])
    raw[at] ^= 1
    found.path.write_bytes(raw)
    leaf = box.leaf_of("a", B(1, 3)).hex()
    assert named(found) == {("box_ballot_edited", leaf)}
    with pytest.raises(box.Unsound) as refused:
        found.open(voters.PRIVATE)
    assert [fault.params for fault in refused.value.faults] == [{"leaf": leaf}]


def test_a_deleted_ballot_is_named(tmp_path: Path) -> None:
    found = voted(tmp_path)
    one, other = found.leaves()[1], found.leaves()[3]
    tamper(found, ("DELETE FROM ballot WHERE leaf = ?", (one,)))
    assert named(found) == {
        ("box_ballot_deleted", one.hex()),
        ("box_right_without_ballot", one.hex()),
    }
    tamper(
        found,
        ("DELETE FROM ballot WHERE leaf = ?", (other,)),
        ("DELETE FROM spent WHERE leaf = ?", (other,)),
    )
    assert ("box_ballot_deleted", other.hex()) in named(found)


def test_an_inserted_ballot_is_named(tmp_path: Path) -> None:
    found = voted(tmp_path)
    leaf = box.leaf_of("a", B(1, 77))
    insert = ("INSERT INTO ballot VALUES (?, 'a', ?, x'')", (leaf, B(1, 77)))
    tamper(found, insert)
    assert named(found) == {
        ("box_ballot_inserted", leaf.hex()),
        ("box_ballot_without_right", leaf.hex()),
    }
    tamper(found, ("INSERT INTO spent VALUES (?, ?)", (R(1, 77), leaf)))
    assert named(found) == {("box_ballot_inserted", leaf.hex())}


def replaced(found: BallotBox) -> tuple[bytes, bytes]:
    """Swap one stored ballot for another, rights and all."""
    old, new = found.leaves()[2], box.leaf_of("a", B(1, 77))
    tamper(
        found,
        ("UPDATE ballot SET leaf = ?, blob = ? WHERE leaf = ?", (new, B(1, 77), old)),
        ("UPDATE spent SET leaf = ? WHERE leaf = ?", (new, old)),
    )
    return old, new


def test_a_replaced_ballot_is_named(tmp_path: Path) -> None:
    found = voted(tmp_path)
    old, new = replaced(found)
    assert named(found) == {
        ("box_ballot_deleted", old.hex()),
        ("box_ballot_inserted", new.hex()),
    }


def test_a_batch_rewritten_with_it_does_not_fit_its_signed_root(tmp_path: Path) -> None:
    found = voted(tmp_path)
    _old, new = replaced(found)
    tamper(found, ("UPDATE batch SET leaves = ? WHERE size = 3", (new,)))
    faults = found.check()
    assert [(fault.code, dict(fault.params)) for fault in faults] == [
        ("box_batch_altered", {"after": 2, "size": 3})
    ]
    # With a root and peaks that fit, the signature does not.
    leaves = found.leaves()
    for size in range(3, 7):
        peaks = merkle.Peaks().add(leaves[:size])
        tamper(
            found,
            (
                "UPDATE batch SET root = ?, peaks = ? WHERE size = ?",
                (peaks.root, peaks.to_bytes(), size),
            ),
        )
    assert {(fault.code, fault.params["size"]) for fault in found.check()} == {
        ("box_head_forged", size) for size in range(3, 7)
    }


def test_a_history_signed_anew_is_found_by_what_others_kept(tmp_path: Path) -> None:
    """Whoever has file and log key can make them agree; receipts and heads outside cannot be."""
    found = voted(tmp_path)
    shown, receipt = found.head(), found.leaves()[2]
    private = schema.key_path(found.path).read_bytes()
    _old, new = replaced(found)
    tamper(found, ("UPDATE batch SET leaves = ? WHERE size = 3", (new,)))
    leaves = found.leaves()
    for size in range(3, 7):
        peaks = merkle.Peaks().add(leaves[:size])
        head = heads.signed(private, box=voters.BOX, size=size, root=peaks.root)
        tamper(
            found,
            (
                "UPDATE batch SET root = ?, peaks = ?, signature = ? WHERE size = ?",
                (peaks.root, peaks.to_bytes(), head.signature, size),
            ),
        )
    assert codes(found) == []  # the honest limit
    assert [fault.code for fault in found.check(seen=[shown])] == ["box_head_not_on_log"]
    assert heads.contradict(found.log_public, shown, found.head())
    assert found.proof(receipt) is None


def test_a_replaced_key_box_or_plan_is_named(tmp_path: Path) -> None:
    found = voted(tmp_path)
    known = {"box": found.box, "log_public": found.log_public, "plan": found.plan}
    assert found.check(**known) == ()
    tamper(found, ("UPDATE about SET value = ? WHERE name = 'box'", (bytes(16),)))
    assert codes(found) == ["box_identity_forged"]
    assert {f.code for f in found.check(**known)} == {"box_box_replaced", "box_identity_forged"}
    tamper(
        found,
        ("UPDATE about SET value = ? WHERE name = 'box'", (found.box,)),
        ("UPDATE about SET value = ? WHERE name = 'log'", (signing.new_signer()[1],)),
    )
    assert codes(found) == ["box_log_replaced", "box_identity_forged"]
    with pytest.raises(box.NoKey):
        found.put(R(1, 50), "a", B(1, 50))
    tamper(
        found,
        ("UPDATE about SET value = ? WHERE name = 'log'", (found.log_public,)),
        ("UPDATE about SET value = ? WHERE name = 'seal'", (bytes(32),)),
    )
    assert codes(found) == ["box_plan_replaced"]
    tamper(
        found,
        ("UPDATE about SET value = ? WHERE name = 'seal'", (found.seal_public,)),
        ("UPDATE about SET value = ? WHERE name = 'plan'", (b"{}",)),
    )
    assert codes(found) == ["box_plan_replaced"]
    assert {f.code for f in found.check(**known)} == {"box_plan_replaced"}


def test_another_box_in_its_place_is_named(tmp_path: Path) -> None:
    found = voted(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = voted(elsewhere)
    told = other.check(box=found.box, log_public=found.log_public, seen=[found.head()])
    assert [fault.code for fault in told] == ["box_log_replaced", "box_head_not_on_log"]
    with pytest.raises(box.BoxExists):
        voters.new_box(elsewhere)
    assert codes(other) == []


def test_a_reopened_box_is_named(tmp_path: Path) -> None:
    found = voted(tmp_path)
    found.advance("closed")
    tamper(found, ("UPDATE about SET value = ? WHERE name = 'phase'", (b"casting",)))
    assert codes(found) == ["box_reopened"]
    found.put(R(1, 50), "a", B(1, 50))
    tamper(found, ("UPDATE about SET value = ? WHERE name = 'phase'", (b"closed",)))
    assert codes(found) == ["box_cast_after_close"]
    tamper(found, ("DELETE FROM about WHERE name = ?", ("closing",)))
    assert codes(found) == ["box_closing_missing"]


def test_what_no_box_writes_is_damage(tmp_path: Path) -> None:
    found = voted(tmp_path)
    tamper(found, ("UPDATE spent SET leaf = 'text' WHERE spent = ?", (R(1, 0),)))
    assert "box_file_damaged" in codes(found)
    found.close()
    raw = found.path.read_bytes()
    found.path.write_bytes(raw[: len(raw) // 2])
    assert codes(found)[0] == "box_file_damaged"
    found.path.write_bytes(b"not a database at all" * 300)
    with pytest.raises(box.NotABox):
        BallotBox(found.path)
    with pytest.raises(box.NotABox):
        BallotBox(tmp_path / "nothing")
    with closing(sqlite3.connect(tmp_path / "other")) as connection:
        connection.execute("CREATE TABLE about (name, value)")
    with pytest.raises(box.NotABox):
        BallotBox(tmp_path / "other")
