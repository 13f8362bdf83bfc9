"""Signatures: exactly this, by exactly that key."""

import pytest

from bihuan.engines.tally import signing

# RFC 8032, section 7.1, test 2.
PRIVATE = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_the_published_numbers() -> None:
    assert signing.public_of(PRIVATE) == PUBLIC
    assert signing.sign(PRIVATE, b"\x72") == SIGNATURE
    assert signing.check(PUBLIC, b"\x72", SIGNATURE)


def test_nothing_else_passes() -> None:
    private, public = signing.new_signer()
    signature = signing.sign(private, b"head")
    assert signing.check(public, b"head", signature)
    assert not signing.check(public, b"heat", signature)
    assert not signing.check(PUBLIC, b"head", signature)
    assert not signing.check(public, b"head", signature[:-1])
    assert not signing.check(public, b"head", bytes(64))
    assert not signing.check(public[:-1], b"head", signature)


@pytest.mark.parametrize(
    "other",
    [(bytes(16), "a", b"blob"), (b"b" * 16, "b", b"blob"), (b"b" * 16, "a", b"blog")],
)
def test_a_phones_word_holds_for_one_ballot_only(other: tuple[bytes, str, bytes]) -> None:
    assert signing.cast_message(b"b" * 16, "a", b"blob") != signing.cast_message(*other)
