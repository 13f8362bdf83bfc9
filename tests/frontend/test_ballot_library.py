"""The phone's own arithmetic: the RFC's numbers, a published implementation's, and the server's."""

import json
import secrets
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from bihuan.engines.tally import blind, codes, seal, signing
from tests.frontend.conftest import ROOT, Client

VECTORS = json.loads((ROOT / "tests/data/ballot/rfc9474_vectors.json").read_text())
BOX = bytes(range(16))
CATEGORY = "干部"
TICKET, RESUME = "ABCDEFGHJKMN", "0123456789AB"


@cache
def key(number: int = 0) -> blind.PrivateKey:
    return blind.new_key()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_the_rfcs_numbers_come_out_byte_for_byte(client: Client, vector: dict[str, Any]) -> None:
    texts = ("msg", "msg_prefix", "input_msg", "salt", "blinded_msg", "blind_sig", "sig")
    its = {name: bytes.fromhex(vector[name].removeprefix("0x")) for name in texts}
    public = blind.PublicKey(int(vector["n"], 16), int(vector["e"], 16))
    inverse = int(vector["inv"], 16)
    prepared = client.blind.prepare(its["msg"], its["msg_prefix"])
    assert prepared == its["input_msg"]
    factor = pow(inverse, -1, public.n)
    hidden = client.blind.blind(public, prepared, its["salt"], factor)
    assert hidden == {"value": its["blinded_msg"], "inverse": inverse}
    salt = len(its["salt"])
    signature = client.blind.finalize(public, prepared, its["blind_sig"], inverse, salt)
    assert signature == its["sig"]
    assert client.blind.verify(public, prepared, signature, salt)
    assert not client.blind.verify(public, prepared, signature, 48 - salt)


def test_a_phone_and_the_server_make_a_token_together(client: Client) -> None:
    signers = [key(0), key(1)]
    publics = [signer.public for signer in signers]
    token = client.token.derive(RESUME, TICKET, BOX, CATEGORY, publics)
    answers = [
        blind.sign(signer, hidden["value"])
        for signer, hidden in zip(signers, token["blinded"], strict=True)
    ]
    signatures = client.token.unblind(token, publics, answers)
    message = blind.token_message(BOX, CATEGORY, token["pub"])
    for public, signature in zip(publics, signatures, strict=True):
        assert blind.verify(public, token["prefix"] + message, signature)
    assert token["pub"] == signing.public_of(token["secret"])
    with pytest.raises(RuntimeError, match="signature"):
        client.token.unblind(token, publics, answers[::-1])


def test_another_phone_with_ticket_and_resume_code_comes_to_the_same_token(client: Client) -> None:
    publics = [key(0).public, key(1).public]
    first = client.token.derive(RESUME, TICKET, BOX, CATEGORY, publics)
    typed = client.token.derive("o123-4567 89ab", "abcd efgh jkmn", BOX, CATEGORY, publics)
    assert typed == first
    values = [hidden["value"] for hidden in first["blinded"]]
    for other in (
        ("0123456789AC", TICKET, BOX, CATEGORY),
        (RESUME, "ABCDEFGHJKMP", BOX, CATEGORY),
        (RESUME, TICKET, bytes(16), CATEGORY),
    ):
        its = client.token.derive(*other, publics)
        assert its["pub"] != first["pub"]
        assert not {hidden["value"] for hidden in its["blinded"]} & set(values)


def test_no_two_values_of_a_derived_token_are_alike(client: Client) -> None:
    publics = [key(0).public, key(1).public]
    token = client.token.derive(RESUME, TICKET, BOX, CATEGORY, publics)
    first, second = token["blinded"]
    assert first["inverse"] != second["inverse"]
    assert len({token["secret"], token["prefix"], token["pub"]}) == 3


def test_a_published_implementation_agrees_in_both_directions(client: Client) -> None:
    der = key().to_bytes()
    public = serialization.load_der_private_key(der, None).public_key()
    spki = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    message = blind.token_message(BOX, CATEGORY, bytes(32))
    # Ours blinds, theirs signs, ours unblinds, theirs verifies.
    prepared = client.blind.prepare(message)
    factor = secrets.randbelow(key().public.n)
    hidden = client.blind.blind(key().public, prepared, secrets.token_bytes(48), factor)
    answer = client.published.sign(der, hidden["value"])
    signature = client.blind.finalize(key().public, prepared, answer, hidden["inverse"])
    assert client.published.verify(spki, prepared, signature)
    # Theirs blinds, the server signs, theirs unblinds, ours verifies.
    prepared = client.published.prepare(message)
    hidden = client.published.blind(spki, prepared)
    answer = blind.sign(key(), hidden["value"])
    signature = client.published.finalize(spki, prepared, answer, hidden["inverse"])
    assert client.blind.verify(key().public, prepared, signature)
    assert blind.verify(key().public, prepared, signature)
    bent = signature[:-1] + bytes([signature[-1] ^ 1])
    assert not client.blind.verify(key().public, prepared, bent)


def test_the_phone_refuses_a_key_or_factor_that_hides_nothing(client: Client) -> None:
    with pytest.raises(RuntimeError, match="key"):
        client.blind.readKey({"n": "7", "e": "10001"})
    with pytest.raises(RuntimeError, match="key"):
        client.blind.readKey({"n": f"{key().public.n:x}", "e": "3"})
    for factor in (key().public.n, key().public.n + 1, key().p):
        with pytest.raises(RuntimeError, match="factor"):
            client.blind.blind(key().public, bytes(40), bytes(48), factor)
    with pytest.raises(RuntimeError, match="signature"):
        client.blind.finalize(key().public, bytes(40), bytes(255), key().public.n - 2)


def test_the_server_opens_what_a_phone_seals(client: Client) -> None:
    private, public = seal.new_pair()
    plain = '{"marks":{"甲":"好"}}'.encode().ljust(4096)
    blob = client.seal.seal(public, plain, BOX, CATEGORY)
    assert seal.unseal(private, blob, box=BOX, category=CATEGORY) == plain
    assert client.seal.seal(public, plain, BOX, CATEGORY) != blob
    for box, category in ((bytes(16), CATEGORY), (BOX, "群众")):
        with pytest.raises(seal.Unsealable):
            seal.unseal(private, blob, box=box, category=category)
    with pytest.raises(RuntimeError):
        client.seal.seal(bytes(32), plain, BOX, CATEGORY)


def test_the_server_believes_the_phones_word_for_its_ballot_only(client: Client) -> None:
    private, public = signing.new_signer()
    proof = client.token.proof(private, BOX, CATEGORY, b"blob")
    assert signing.check(public, signing.cast_message(BOX, CATEGORY, b"blob"), proof)
    assert not signing.check(public, signing.cast_message(BOX, CATEGORY, b"blog"), proof)


def test_both_sides_show_the_same_fingerprint_of_the_keys(client: Client) -> None:
    publics = [key(0).public, key(1).public]
    assert client.blind.fingerprint(publics) == blind.fingerprint(publics)
    assert blind.fingerprint(publics[:1]) != blind.fingerprint(publics)


@pytest.mark.parametrize(
    "typed",
    [
        "abcd-efgh-1k0n",
        "ABCD\u3000EFGH 1KON",
        "abcd—efgh–lKoN",
        "\ufeffabcd−efgh\u200b1k0n",
        "甲乙",
    ],
)
def test_both_sides_read_a_typed_code_alike(client: Client, typed: str) -> None:
    assert client.codes.normal(typed) == codes.normal(typed)
    assert client.codes.isCode(typed) == codes.is_code(typed)
    assert client.codes.shown(typed) == codes.shown(typed)
    wide = typed.translate({mark: mark + 0xFEE0 for mark in range(0x21, 0x7F)})
    assert client.codes.normal(wide) == codes.normal(wide)


def test_a_resume_code_drawn_on_the_phone_is_a_code(client: Client) -> None:
    drawn = {client.codes.newCode() for _ in range(50)}
    assert len(drawn) == 50
    assert all(codes.is_code(code) for code in drawn)
