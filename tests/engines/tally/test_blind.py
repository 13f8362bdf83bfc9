"""Blind signatures: the RFC's own numbers, and every way of getting a right that was not given."""

import json
import secrets
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from bihuan.engines.tally import blind

VECTORS = json.loads((Path(__file__).parents[2] / "data/ballot/rfc9474_vectors.json").read_text())
BOX = bytes(range(16))
PUBLIC = bytes(range(32))
MESSAGE = blind.token_message(BOX, "leaders", PUBLIC)


@cache
def key(number: int = 0) -> blind.PrivateKey:
    return blind.new_key()


def token(signer: blind.PrivateKey, message: bytes = MESSAGE) -> tuple[bytes, bytes]:
    """What a phone ends up with: the prepared message and its signature."""
    prepared = blind.prepare(message)
    hidden = blind.blind(signer.public, prepared)
    answer = blind.sign(signer, hidden.value)
    return prepared, blind.finalize(signer.public, prepared, answer, hidden.inverse)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_the_rfcs_numbers_come_out_byte_for_byte(vector: dict[str, Any]) -> None:
    number = {name: int(vector[name], 16) for name in ("n", "e", "d", "p", "q", "inv")}
    texts = ("msg", "msg_prefix", "input_msg", "salt", "blinded_msg", "blind_sig", "sig")
    its = {name: bytes.fromhex(vector[name].removeprefix("0x")) for name in texts}
    public = blind.PublicKey(number["n"], number["e"])
    private = blind.PrivateKey(public, number["p"], number["q"])
    assert private.d_p == number["d"] % (number["p"] - 1)

    prepared = blind.prepare(its["msg"], its["msg_prefix"])
    assert prepared == its["input_msg"]
    r = pow(number["inv"], -1, public.n)
    hidden = blind.blind(public, prepared, salt=its["salt"], r=r)
    assert hidden == blind.Blinded(its["blinded_msg"], number["inv"])
    answer = blind.sign(private, hidden.value)
    assert answer == its["blind_sig"]
    salt = len(its["salt"])
    signature = blind.finalize(public, prepared, answer, hidden.inverse, salt=salt)
    assert signature == its["sig"]
    if encoded := vector.get("encoded_msg"):
        unhidden = int.from_bytes(its["blinded_msg"], "big") * pow(
            number["inv"], public.e, public.n
        )
        assert (unhidden % public.n).to_bytes(public.size, "big").hex() == encoded
    assert not blind.verify(public, prepared, signature, salt=48 - salt)


def test_a_token_satisfies_a_foreign_verifier() -> None:
    prepared, signature = token(key())
    foreign = rsa.RSAPublicNumbers(key().public.e, key().public.n).public_key()
    pss = padding.PSS(padding.MGF1(hashes.SHA384()), 48)
    foreign.verify(signature, prepared, pss, hashes.SHA384())


def test_what_the_signer_saw_says_nothing_of_the_token() -> None:
    """Any blinded value fits any token under some factor: that is what blind means."""
    prepared, _ = token(key())
    seen = blind.blind(key().public, blind.prepare(MESSAGE)).value
    n, e = key().public.n, key().public.e
    other = int.from_bytes(blind.blind(key().public, prepared, r=2).value, "big")
    encoded = other * pow(pow(2, -1, n), e, n) % n
    ratio = int.from_bytes(seen, "big") * pow(encoded, -1, n) % n
    d = pow(e, -1, (key().p - 1) * (key().q - 1))
    factor = pow(ratio, d, n)
    again = encoded * pow(factor, e, n) % n
    assert again.to_bytes(key().public.size, "big") == seen


@pytest.mark.parametrize(
    "value",
    [0, 1, -1, None, 1 << 2047, "short", "long", "large"],
    ids=["0", "1", "n-1", "n", "top", "short", "long", "10MB"],
)
def test_a_value_no_honest_phone_made_is_not_signed(value: int | str | None) -> None:
    n, size = key().public.n, key().public.size
    bodies: dict[object, bytes] = {
        0: bytes(size),
        1: (1).to_bytes(size, "big"),
        -1: (n - 1).to_bytes(size, "big"),
        None: n.to_bytes(size, "big"),
        1 << 2047: b"\xff" * size,
        "short": (5).to_bytes(size - 1, "big"),
        "long": (5).to_bytes(size + 1, "big"),
        "large": b"\7" * 10_000_000,
    }
    with pytest.raises(blind.Unsound, match="blinded"):
        blind.sign(key(), bodies[value])


def test_a_forged_token_is_refused() -> None:
    prepared, signature = token(key())
    public = key().public
    size, value = public.size, int.from_bytes(signature, "big")
    assert blind.verify(public, prepared, signature)
    squared = (value * value % public.n).to_bytes(size, "big")
    assert not blind.verify(public, prepared, squared)
    _, other = token(key())
    product = (value * int.from_bytes(other, "big") % public.n).to_bytes(size, "big")
    assert not blind.verify(public, prepared, product)
    assert not blind.verify(public, prepared, secrets.token_bytes(size))
    assert not blind.verify(public, prepared, signature[:-1])
    assert not blind.verify(public, prepared, signature + b"\0")
    assert not blind.verify(public, prepared, b"\0" + signature)
    assert not blind.verify(public, prepared, b"")
    for same_modulo_n in (value + public.n, public.n):
        body = same_modulo_n.to_bytes(size + 1, "big")[-size:]
        assert not blind.verify(public, prepared, body)
    for bit in (0, 7, 1023, 2047):
        bent = (value ^ 1 << bit).to_bytes(size, "big")
        assert not blind.verify(public, prepared, bent)


def test_a_token_of_another_key_box_category_or_phone_is_refused() -> None:
    prepared, signature = token(key())
    prefix = prepared[:32]
    assert not blind.verify(key(1).public, prepared, signature)
    for message in (
        blind.token_message(bytes(16), "leaders", PUBLIC),
        blind.token_message(BOX, "staff", PUBLIC),
        blind.token_message(BOX, "leaders", bytes(32)),
    ):
        assert not blind.verify(key().public, prefix + message, signature)
    assert not blind.verify(key().public, bytes(32) + MESSAGE, signature)


def test_a_signer_that_cheats_is_noticed_on_the_phone() -> None:
    prepared = blind.prepare(MESSAGE)
    hidden = blind.blind(key().public, prepared)
    answer = blind.sign(key(), hidden.value)
    for wrong in (answer[:-1], bytes(len(answer)), answer[:-1] + bytes([answer[-1] ^ 1])):
        with pytest.raises(blind.Unsound, match="signature"):
            blind.finalize(key().public, prepared, wrong, hidden.inverse)


def test_a_fault_while_signing_hands_nothing_out() -> None:
    hidden = blind.blind(key().public, blind.prepare(MESSAGE))
    bent = blind.PrivateKey(key().public, key().p, key().q)
    object.__setattr__(bent, "d_p", key().d_p ^ 2)
    with pytest.raises(ArithmeticError):
        blind.sign(bent, hidden.value)


def test_a_key_survives_its_file_and_shows_no_secret() -> None:
    again = blind.PrivateKey.from_bytes(key().to_bytes())
    assert again == key()
    assert str(key().p) not in repr(key())
    assert blind.PublicKey.from_plain(key().public.to_plain()) == key().public


@pytest.mark.parametrize(
    ("n", "e"), [(4, 65537), ((1 << 2047) + 1, 3), (1 << 2047, 65537), ((1 << 1023) + 1, 65537)]
)
def test_a_key_that_cannot_be_sound_is_refused(n: int, e: int) -> None:
    with pytest.raises(blind.Unsound, match="key"):
        blind.PublicKey(n, e)
    with pytest.raises(blind.Unsound, match="key"):
        blind.PublicKey.from_plain({"n": f"{n:x}", "e": f"{e:x}"})


@pytest.mark.parametrize("plain", [{}, {"n": "zz", "e": "10001"}, {"n": 5, "e": "10001"}])
def test_a_key_that_cannot_be_read_is_refused(plain: Any) -> None:
    with pytest.raises(blind.Unsound, match="key"):
        blind.PublicKey.from_plain(plain)
    with pytest.raises(blind.Unsound, match="key"):
        blind.PrivateKey.from_bytes(b"no key")


def test_a_category_cannot_run_into_the_key() -> None:
    with pytest.raises(blind.Unsound, match="token"):
        blind.token_message(BOX, "a\0b", PUBLIC)
    with pytest.raises(blind.Unsound, match="token"):
        blind.token_message(BOX[:-1], "a", PUBLIC)


@pytest.mark.parametrize("r", [0, 1, "n", "p"])
def test_a_factor_that_hides_nothing_is_refused(r: int | str) -> None:
    factor = {"n": key().public.n, "p": key().p}.get(str(r), r)
    with pytest.raises(blind.Unsound, match="factor"):
        blind.blind(key().public, blind.prepare(MESSAGE), r=int(factor))
