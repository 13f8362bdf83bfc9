"""Sealing: opens for the box it was made for, and its key comes back from enough shares only."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.engines.tally import codes, seal
from bihuan.engines.tally.faults import Fault, Unfit

BOX = bytes(range(16))
PRIVATE, PUBLIC = seal.new_pair()
PLAIN = b'{"marks":{}}'.ljust(4096)


def opened(
    blob: bytes, private: bytes = PRIVATE, box: bytes = BOX, category: str = "干部"
) -> bytes:
    return seal.unseal(private, blob, box=box, category=category)


def sealed(plain: bytes = PLAIN) -> bytes:
    return seal.seal(PUBLIC, plain, box=BOX, category="干部")


def faults(shares: list[str], public: bytes | None = None) -> list[Fault]:
    with pytest.raises(Unfit) as refused:
        seal.join(shares, public=public)
    return list(refused.value.faults)


def mistyped(share: str, at: int) -> str:
    """One character read for its neighbour."""
    code = codes.normal(share)
    other = codes.ALPHABET[(codes.ALPHABET.index(code[at]) + 1) % 32]
    return code[:at] + other + code[at + 1 :]


def test_a_sealed_ballot_opens_and_keeps_its_size() -> None:
    blob = sealed()
    assert opened(blob) == PLAIN
    assert len(blob) == len(PLAIN) + seal.OVERHEAD
    assert opened(sealed(b"")) == b""


def test_two_equal_ballots_never_look_alike() -> None:
    assert len({sealed() for _ in range(20)}) == 20


def test_a_ballot_of_another_key_box_or_category_does_not_open() -> None:
    blob = sealed()
    for wrong in (
        {"private": seal.new_pair()[0]},
        {"box": bytes(16)},
        {"category": "群众"},
    ):
        with pytest.raises(seal.Unsealable):
            opened(blob, **wrong)  # type: ignore[arg-type]


def test_one_changed_bit_anywhere_is_noticed() -> None:
    blob = sealed(b"short")
    for at in range(len(blob)):
        with pytest.raises(seal.Unsealable):
            opened(blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :])
    for wrong in (b"", blob[:-1], blob + b"\0", blob[: seal.OVERHEAD - 1]):
        with pytest.raises(seal.Unsealable):
            opened(wrong)


def test_a_key_of_low_order_is_refused_not_crashed_on() -> None:
    with pytest.raises(seal.Unsealable):
        opened(seal.VERSION + bytes(32) + bytes(64))


@given(st.binary(min_size=32, max_size=32), st.integers(2, 5), st.integers(0, 3), st.randoms())
@settings(max_examples=20, deadline=None)
def test_any_enough_shares_in_any_order_give_the_key_back(
    private: bytes, need: int, spare: int, chance: object
) -> None:
    shares = list(seal.split(private, need=need, of=need + spare))
    chance.shuffle(shares)  # type: ignore[attr-defined]
    assert seal.join(shares[:need]) == private
    assert seal.join(shares, public=seal.public_of(private)) == private


def test_every_pair_of_three_opens_and_one_alone_does_not() -> None:
    shares = seal.split(PRIVATE, need=2, of=3)
    for pair in combinations(shares, 2):
        assert seal.join(pair) == PRIVATE
    for one in shares:
        assert faults([one]) == [Fault("shares_too_few", {"need": 2, "got": 1})]
    assert faults([]) == [Fault("shares_too_few", {"need": 2, "got": 0})]


def test_a_share_says_nothing_of_the_key() -> None:
    """For one of two shares, each secret byte is as likely as any other: 256 curves through it."""
    byte, x = 0x5A, 1
    fitting = {
        secret: [slope for slope in range(256) if seal._at(bytes([secret, slope]), x) == byte]
        for secret in range(256)
    }
    assert {len(slopes) for slopes in fitting.values()} == {1}


def test_the_field_is_that_of_aes() -> None:
    """FIPS 197, section 4.2: {57}·{83} = {c1}, {57}·{13} = {fe}."""
    assert seal._times(0x57, 0x83, 0x11B) == 0xC1
    assert seal._times(0x57, 0x13, 0x11B) == 0xFE
    assert all(seal._times(a, seal._inverse(a), 0x11B) == 1 for a in range(1, 256))


def test_a_share_is_read_however_it_is_typed() -> None:
    first, second, _ = seal.split(PRIVATE, need=2, of=3)
    assert len(first.split()) == 4
    assert seal.join([first.lower().replace(" ", "\n"), second.replace("-", " ")]) == PRIVATE


def test_a_mistyped_share_is_named_with_its_line() -> None:
    first, second, _ = seal.split(PRIVATE, need=2, of=3)
    for at in range(68):
        assert faults([first, mistyped(second, at)]) == [
            Fault("share_line", {"share": 2, "lines": (at // 17 + 1,)})
        ]


def test_two_swapped_characters_are_noticed() -> None:
    first, second, _ = seal.split(PRIVATE, need=2, of=3)
    code = codes.normal(first)
    for at in range(67):
        if code[at] != code[at + 1]:
            swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
            assert faults([swapped, second])[0].code == "share_line"


def test_every_fault_is_said_at_once() -> None:
    first, second, third = seal.split(PRIVATE, need=3, of=3)
    other = seal.split(seal.new_pair()[0], need=3, of=3)[0]
    found = faults([first, mistyped(second, 3), third[:-1], other, first], PUBLIC)
    assert {(fault.code, fault.params.get("share")) for fault in found} == {
        ("share_line", 2),
        ("share_length", 3),
        ("share_other_box", 4),
        ("share_twice", 5),
    }


def test_a_share_altered_with_care_is_still_noticed() -> None:
    """Whoever knows the format can make its checks fit, not the key that comes out."""
    first, second, _ = seal.split(PRIVATE, need=2, of=3)
    body = seal._read(1, first)
    assert isinstance(body, bytes)
    forged = seal._typed(body[:-1] + bytes([body[-1] ^ 1]))
    assert faults([forged, second], PUBLIC) == [Fault("shares_disagree", {})]
    raised = seal._typed(bytes([body[0], 5]) + body[2:])
    assert faults([raised, second], PUBLIC) == [Fault("shares_too_few", {"need": 5, "got": 2})]


@pytest.mark.parametrize(("need", "of"), [(1, 3), (4, 3), (2, 16), (0, 0)])
def test_a_split_that_protects_nothing_is_refused(need: int, of: int) -> None:
    with pytest.raises(ValueError, match="cannot split"):
        seal.split(PRIVATE, need=need, of=of)
