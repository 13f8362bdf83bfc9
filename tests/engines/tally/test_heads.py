"""A head says what its key signed, to the last byte."""

from dataclasses import replace

import pytest

from bihuan.engines.tally import heads, merkle, signing
from bihuan.engines.tally.heads import Head

BOX = bytes(range(16))
# RFC 8032 section 7.1, test 1: the secret key and its public key.
PRIVATE = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")


def head(size: int = 3, extra: str = "") -> Head:
    leaves = [bytes([i]) * 32 for i in range(size)]
    return heads.signed(PRIVATE, box=BOX, size=size, root=merkle.root(leaves), extra=extra)


def test_what_is_signed_is_laid_out_as_documented() -> None:
    said = heads.message(BOX, 258, bytes(32), "")
    assert said.hex() == (
        b"bihuan-head-1\0".hex()
        + BOX.hex()
        + "0000000000000102"
        + "00" * 32
        + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
    assert signing.check(PUBLIC, heads.message(BOX, 3, head().root), head().signature)


def test_every_part_of_a_head_is_covered() -> None:
    shown = head(extra='{"plan":"ab"}')
    assert heads.check(PUBLIC, shown)
    for other in (
        replace(shown, box=bytes(16)),
        replace(shown, size=4),
        replace(shown, root=bytes(32)),
        replace(shown, extra=""),
        replace(shown, signature=bytes(64)),
        replace(shown, size=-1),
        replace(shown, root=b""),
    ):
        assert not heads.check(PUBLIC, other)
    assert not heads.check(signing.new_signer()[1], shown)


def test_a_head_survives_its_json() -> None:
    shown = head(extra="合计")
    assert Head.read(shown.plain()) == shown
    for wrong in (
        {},
        shown.plain() | {"size": True},
        shown.plain() | {"size": -1},
        shown.plain() | {"root": "ab"},
        shown.plain() | {"signature": "zz"},
        shown.plain() | {"extra": None},
    ):
        with pytest.raises(ValueError, match=r"head|hex"):
            Head.read(wrong)


def test_two_roots_for_one_size_convict_the_signer() -> None:
    one = head()
    other = heads.signed(PRIVATE, box=BOX, size=3, root=bytes(32))
    assert heads.contradict(PUBLIC, one, other)
    assert not heads.contradict(PUBLIC, one, one)
    assert not heads.contradict(PUBLIC, one, head(4))
    assert not heads.contradict(PUBLIC, one, replace(other, signature=bytes(64)))
    # More said about the same log is no contradiction.
    assert not heads.contradict(PUBLIC, one, head(extra="final"))
