"""Sealing (封存): a ballot that only the box's private key opens, and that key in typed shares.

X25519 with a fresh key per ballot, HKDF-SHA256, AES-256-GCM (the pattern of RFC 9180, base mode);
Shamir's shares over GF(256).
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bihuan.engines.tally import codes
from bihuan.engines.tally.faults import Fault, Unfit

VERSION = b"\1"
OVERHEAD = 1 + 32 + 16  # bytes a seal adds: version, the phone's public key, tag
MOST_SHARES = 15
_NONCE = bytes(12)  # each key seals once

# A share: number, how many are needed, which secret (3 bytes), the share (32), checksum (3);
# as four lines of 16 characters, each with one character that checks it.
_LINES, _LINE = 4, 16
_BYTES = 40


class Unsealable(ValueError):  # noqa: N818 - an answer about the blob
    """打不开：不是给这个票箱、这一类人员封的，或已被改动。"""


def new_pair() -> tuple[bytes, bytes]:
    """(private, public), 32 bytes each."""
    key = X25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw()


def public_of(private: bytes) -> bytes:
    """The public half of a private key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(public: bytes, plain: bytes, *, box: bytes, category: str) -> bytes:
    """Version, the fresh public key, then what AES-GCM made. The same text never seals alike."""
    fresh = X25519PrivateKey.generate()
    own = fresh.public_key().public_bytes_raw()
    shared = fresh.exchange(X25519PublicKey.from_public_bytes(public))
    sealed = AESGCM(_key(shared, own, public)).encrypt(_NONCE, plain, box + category.encode())
    return VERSION + own + sealed


def unseal(private: bytes, blob: bytes, *, box: bytes, category: str) -> bytes:
    """What was sealed. Raises Unsealable."""
    if len(blob) < OVERHEAD or blob[:1] != VERSION:
        raise Unsealable
    own = blob[1:33]
    try:
        shared = X25519PrivateKey.from_private_bytes(private).exchange(
            X25519PublicKey.from_public_bytes(own)
        )
        key = _key(shared, own, public_of(private))
        return AESGCM(key).decrypt(_NONCE, blob[33:], box + category.encode())
    except (InvalidTag, ValueError) as error:  # ValueError: a public key of low order
        raise Unsealable from error


def _key(shared: bytes, own: bytes, public: bytes) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"bihuan-seal-1")
    return kdf.derive(shared + own + public)


def split(private: bytes, *, need: int, of: int) -> tuple[str, ...]:
    """Shares, any `need` of which give the key back; fewer say nothing at all.

    Shamir, How to share a secret, CACM 1979; per byte, over GF(256) modulo x⁸+x⁴+x³+x+1.
    """
    if not 2 <= need <= of <= MOST_SHARES or len(private) != 32:
        raise ValueError(f"cannot split {len(private)} bytes into {need} of {of}")
    curves = [bytes([byte]) + secrets.token_bytes(need - 1) for byte in private]
    head = bytes([need]) + _name(private)
    return tuple(
        _typed(bytes([x]) + head + bytes(_at(curve, x) for curve in curves))
        for x in range(1, of + 1)
    )


def join(shares: Sequence[str], *, public: bytes | None = None) -> bytes:
    """The private key from its shares. Raises Unfit with every fault; shares count from 1.

    With the box's public key a share of another box is named; without it, the odd one out is.
    """
    faults: list[Fault] = []
    read: dict[int, bytes] = {}
    for place, text in enumerate(shares, 1):
        found = _read(place, text)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            read[place] = found
    name = _public_name(public) if public is not None else _commonest(b[2:5] for b in read.values())
    first: dict[int, int] = {}
    for place, share in read.items():
        if share[2:5] != name:
            faults.append(Fault("share_other_box", {"share": place}))
        elif share[0] in first:
            faults.append(Fault("share_twice", {"share": place, "same_as": first[share[0]]}))
        else:
            first[share[0]] = place
    need = max((read[place][1] for place in first.values()), default=2)
    got = len(first) + len(shares) - len(read)  # one that is mistyped is named, not missed as well
    if got < need:
        faults.append(Fault("shares_too_few", {"need": need, "got": got}))
    if faults:
        raise Unfit(faults)
    points = {x: read[place][5:] for x, place in first.items()}
    private = bytes(_at_zero({x: y[byte] for x, y in points.items()}) for byte in range(32))
    if _name(private) != name:
        raise Unfit([Fault("shares_disagree", {})])
    return private


def _name(private: bytes) -> bytes:
    return _public_name(public_of(private))


def _public_name(public: bytes) -> bytes:
    return hashlib.sha256(b"bihuan-share-1" + public).digest()[:3]


def _commonest(names: Iterable[bytes]) -> bytes:
    counted = list(names)
    return max(counted, key=counted.count, default=b"")


def _typed(share: bytes) -> str:
    """Four lines of four groups and a check character, the way it is printed and read out."""
    number = int.from_bytes(share + hashlib.sha256(share).digest()[:3], "big")
    digits = [number >> shift & 31 for shift in range(_BYTES * 8 - 5, -1, -5)]
    lines = [digits[at : at + _LINE] for at in range(0, len(digits), _LINE)]
    text = ["".join(codes.ALPHABET[d] for d in (*line, _check(line))) for line in lines]
    return " ".join(codes.shown(line) for line in text)


def _read(place: int, text: str) -> bytes | Fault:
    """Number, need, name and share of one typed share, or what is wrong with it."""
    code = codes.normal(text)
    whole = _LINES * (_LINE + 1)
    if len(code) != whole:
        return Fault("share_length", {"share": place, "got": len(code), "expected": whole})
    digits = [codes.ALPHABET.find(mark) for mark in code]
    lines = [digits[at : at + _LINE + 1] for at in range(0, whole, _LINE + 1)]
    wrong = [at for at, line in enumerate(lines, 1) if -1 in line or _check(line[:-1]) != line[-1]]
    if wrong:
        return Fault("share_line", {"share": place, "lines": tuple(wrong)})
    number = 0
    for line in lines:
        for digit in line[:-1]:
            number = number << 5 | digit
    share = number.to_bytes(_BYTES, "big")
    if hashlib.sha256(share[:-3]).digest()[:3] != share[-3:]:
        return Fault("share_mistyped", {"share": place})
    return share[:-3]


def _check(digits: Sequence[int]) -> int:
    """A weighted sum over GF(32): one wrong character, or two swapped, never pass."""
    total, weight = 0, 1
    for digit in digits:
        weight = _times(weight, 2, 0b100101)
        total ^= _times(weight, digit, 0b100101)
    return total


def _times(a: int, b: int, modulus: int) -> int:
    """Product in GF(2^n): polynomials over GF(2), modulo an irreducible one of degree n."""
    top, product = 1 << (modulus.bit_length() - 1), 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & top:
            a ^= modulus
        b >>= 1
    return product


def _at(curve: bytes, x: int) -> int:
    """The curve's value at x, by Horner; its constant term comes first."""
    value = 0
    for coefficient in reversed(curve):
        value = _times(value, x, 0x11B) ^ coefficient
    return value


def _at_zero(points: dict[int, int]) -> int:
    """Lagrange's interpolation at 0: where the secret lies."""
    total = 0
    for x, y in points.items():
        above, below = 1, 1
        for other in points:
            if other != x:
                above = _times(above, other, 0x11B)
                below = _times(below, other ^ x, 0x11B)
        total ^= _times(y, _times(above, _inverse(below), 0x11B), 0x11B)
    return total


def _inverse(a: int) -> int:
    """a^254 = a^-1 in GF(256)."""
    power = 1
    for _ in range(254):
        power = _times(power, a, 0x11B)
    return power
