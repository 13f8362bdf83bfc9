"""Codes: what a hand, an input method or a paste makes of them is understood; nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.engines.tally import codes

WIDE = {mark: mark + 0xFEE0 for mark in range(0x21, 0x7F)}  # as a Chinese input method types
CODES = st.text(codes.ALPHABET, min_size=12, max_size=12)


def test_a_new_code_has_sixty_bits_and_no_look_alikes() -> None:
    drawn = {codes.new_code() for _ in range(2000)}
    assert len(drawn) == 2000
    assert {len(code) for code in drawn} == {12}
    assert set("".join(drawn)) == set(codes.ALPHABET)
    assert not set("ILOU") & set(codes.ALPHABET)
    assert len(codes.new_code(20)) == 20


@pytest.mark.parametrize(
    "typed",
    [
        "abcd-efgh-1k0n",
        "ABCD EFGH 1K0N",
        "ABCD-EFGH-1K0N".translate(WIDE),
        "abcd—efgh–iKoN",
        " abcd\u3000efgh\tlkOn\r\n",
        "\ufeffABCD\u00adEFGH\u200b1K0N\u202c",
        "abcd−efgh\u20101k0n",
    ],
)
def test_a_typed_code_is_read_as_it_was_meant(typed: str) -> None:
    assert codes.normal(typed) == "ABCDEFGH1K0N"
    assert codes.is_code(typed)
    assert codes.digest(typed) == codes.digest("ABCDEFGH1K0N")
    assert codes.spent_slip(typed) == codes.spent_slip("ABCDEFGH1K0N")


@pytest.mark.parametrize(
    "text", ["", "ABCD", "ABCD-EFGH-JKMU", "ABCD-EFGH-JKM!", "票票票票ABCDEFGH"]
)
def test_what_cannot_be_a_code_is_known_as_such(text: str) -> None:
    assert not codes.is_code(text)


@given(CODES)
def test_a_shown_code_reads_back(code: str) -> None:
    assert codes.normal(codes.shown(code)) == code
    assert codes.normal(codes.shown(code).lower()) == code
    assert codes.shown(code).count("-") == 2


def test_slips_tokens_and_stored_digests_never_meet() -> None:
    code = "ABCDEFGH1K0N"
    assert len({codes.digest(code), codes.spent_slip(code), codes.spent_token(code.encode())}) == 3
