"""Blind signatures: the signer proves a right to cast without seeing the token it signs.

RFC 9474, RSABSSA-SHA384-PSS-Randomized. The names of sections below are those of the RFC; a salt
of no bytes gives its PSSZERO variants, an empty prefix its Deterministic ones.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import gmpy2  # type: ignore[import-untyped]  # it ships no types
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bihuan.engines.tally import codes

SALT = 48  # bytes: as long as the digest
PREFIX = 32  # bytes
_DIGEST = 48
_EXPONENT = 65537
_BITS = range(2048, 8193, 8)


class Unsound(ValueError):  # noqa: N818 - an answer about what was handed in
    """不可用的密钥、盲化值或签名；`code` 说明是哪一种。"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class PublicKey:
    """签发公钥。 Raises Unsound("key") for one that could not be a sound RSA key."""

    n: int
    e: int = _EXPONENT

    def __post_init__(self) -> None:
        # Any other exponent may share a factor with the group's order, and then a signer could
        # tell tokens apart; the exponent costs nothing to fix.
        if self.e != _EXPONENT or self.n.bit_length() not in _BITS or self.n % 2 == 0:
            raise Unsound("key")

    @property
    def size(self) -> int:
        """Bytes of a blinded value and of a signature."""
        return self.n.bit_length() // 8

    def to_plain(self) -> dict[str, str]:
        return {"n": f"{self.n:x}", "e": f"{self.e:x}"}

    @classmethod
    def from_plain(cls, plain: Mapping[str, str]) -> Self:
        try:
            return cls(int(plain["n"], 16), int(plain["e"], 16))
        except (KeyError, TypeError, ValueError) as error:
            raise Unsound("key") from error


@dataclass(frozen=True)
class PrivateKey:
    """签发私钥：一次会议、一类人员一把，签发结束即销毁。

    The rest (RFC 8017, 3.2: dP, dQ, qInv) follows from the two primes.
    """

    public: PublicKey
    p: int = field(repr=False)
    q: int = field(repr=False)
    d_p: int = field(init=False, repr=False, compare=False)
    d_q: int = field(init=False, repr=False, compare=False)
    q_inverse: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.p * self.q != self.public.n or self.p <= 1 or self.q <= 1:
            raise Unsound("key")
        try:
            parts = {
                "d_p": gmpy2.invert(self.public.e, self.p - 1),
                "d_q": gmpy2.invert(self.public.e, self.q - 1),
                "q_inverse": gmpy2.invert(self.q, self.p),
            }
        except ZeroDivisionError as error:
            raise Unsound("key") from error
        for name, value in parts.items():
            object.__setattr__(self, name, int(value))

    def to_bytes(self) -> bytes:
        """PKCS #8, DER, not encrypted."""
        numbers = rsa.RSAPrivateNumbers(
            p=self.p,
            q=self.q,
            d=int(gmpy2.invert(self.public.e, (self.p - 1) * (self.q - 1))),
            dmp1=self.d_p,
            dmq1=self.d_q,
            iqmp=self.q_inverse,
            public_numbers=rsa.RSAPublicNumbers(self.public.e, self.public.n),
        )
        return numbers.private_key().private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @classmethod
    def from_bytes(cls, der: bytes) -> Self:
        try:
            key = serialization.load_der_private_key(der, password=None)
        except (TypeError, ValueError) as error:
            raise Unsound("key") from error
        if not isinstance(key, rsa.RSAPrivateKey):
            raise Unsound("key")
        return cls._of(key)

    @classmethod
    def _of(cls, key: rsa.RSAPrivateKey) -> Self:
        its = key.private_numbers()
        return cls(PublicKey(its.public_numbers.n, its.public_numbers.e), its.p, its.q)


@dataclass(frozen=True)
class Blinded:
    """盲化值，和只有手机知道的去盲因子。"""

    value: bytes
    inverse: int = field(repr=False)


def new_key(bits: int = 2048) -> PrivateKey:
    """A fresh key; half a second or so."""
    return PrivateKey._of(rsa.generate_private_key(_EXPONENT, bits))


def token_message(box: bytes, category: str, public: bytes) -> bytes:
    """What a token says: this box (16 bytes), this category, this Ed25519 key (32 bytes)."""
    if len(box) != 16 or len(public) != 32 or "\0" in category:
        raise Unsound("token")
    return b"bihuan-ballot-1" + box + category.encode() + b"\0" + public


def prepare(message: bytes, prefix: bytes | None = None) -> bytes:
    """Section 4.1: 32 random bytes before the message."""
    return (secrets.token_bytes(PREFIX) if prefix is None else prefix) + message


def blind(
    key: PublicKey, prepared: bytes, *, salt: bytes | None = None, r: int | None = None
) -> Blinded:
    """Section 4.2: hide an encoded message under a random factor."""
    encoded = _encode(key, prepared, secrets.token_bytes(SALT) if salt is None else salt)
    message = int.from_bytes(encoded, "big")
    factor = secrets.randbelow(key.n - 3) + 2 if r is None else r
    if not 1 < factor < key.n or gmpy2.gcd(factor, key.n) != 1 or gmpy2.gcd(message, key.n) != 1:
        raise Unsound("factor")
    hidden = message * gmpy2.powmod(factor, key.e, key.n) % key.n
    return Blinded(_bytes(key, int(hidden)), int(gmpy2.invert(factor, key.n)))


def sign(key: PrivateKey, blinded: bytes) -> bytes:
    """Section 4.3. Raises Unsound("blinded") for a value no honest phone could have made."""
    n = key.public.n
    value = int.from_bytes(blinded, "big")
    # 0, 1 and n−1 are their own signatures.
    if len(blinded) != key.public.size or not 1 < value < n - 1:
        raise Unsound("blinded")
    # Two half-size powers in constant time, joined (RFC 8017, 5.1.2).
    s_p = gmpy2.powmod_sec(value % key.p, key.d_p, key.p)
    s_q = gmpy2.powmod_sec(value % key.q, key.d_q, key.q)
    signature = s_q + key.q * ((s_p - s_q) * key.q_inverse % key.p)
    # One wrong bit in one half would give the key away (Boneh, DeMillo, Lipton 1997).
    if gmpy2.powmod(signature, key.public.e, n) != value:
        raise ArithmeticError("a signature failed its own check; nothing was handed out")
    return _bytes(key.public, int(signature))


def finalize(
    key: PublicKey, prepared: bytes, blind_signature: bytes, inverse: int, *, salt: int = SALT
) -> bytes:
    """Section 4.4: take the factor off. Raises Unsound("signature") for a signer that cheats."""
    if len(blind_signature) != key.size:
        raise Unsound("signature")
    signature = _bytes(key, int.from_bytes(blind_signature, "big") * inverse % key.n)
    if not verify(key, prepared, signature, salt=salt):
        raise Unsound("signature")
    return signature


def verify(key: PublicKey, prepared: bytes, signature: bytes, *, salt: int = SALT) -> bool:
    """RSASSA-PSS-VERIFY (RFC 8017, 8.1.2) with SHA-384, MGF1 and a salt of that many bytes."""
    value = int.from_bytes(signature, "big")
    if len(signature) != key.size or value >= key.n:
        return False
    encoded = int(gmpy2.powmod(value, key.e, key.n)).to_bytes(key.size, "big")
    masked, digest = encoded[: -_DIGEST - 1], encoded[-_DIGEST - 1 : -1]
    block = bytearray(_xor(masked, _mask(digest, len(masked))))
    block[0] &= 0x7F
    filler = len(block) - salt - 1
    return (
        encoded[-1] == 0xBC
        and masked[0] < 0x80
        and bytes(block[: filler + 1]) == bytes(filler) + b"\1"
        and digest == _salted(prepared, bytes(block[filler + 1 :]))
    )


def fingerprint(keys: Sequence[PublicKey]) -> str:
    """Twelve characters for the wall: a signer that gave each phone a key of its own would show.

    60 bits of SHA-256 over the moduli of one category, in the signers' order.
    """
    text = b"bihuan-keys-1" + b"".join(_bytes(key, key.n) for key in keys)
    bits = int.from_bytes(hashlib.sha256(text).digest()[:8], "big") >> 4
    return codes.shown("".join(codes.ALPHABET[bits >> shift & 31] for shift in range(55, -1, -5)))


def _encode(key: PublicKey, prepared: bytes, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE (RFC 8017, 9.1.1) for a modulus of whole bytes: the top bit is cleared."""
    digest = _salted(prepared, salt)
    block = bytes(key.size - len(salt) - _DIGEST - 2) + b"\1" + salt
    masked = bytearray(_xor(block, _mask(digest, len(block))))
    masked[0] &= 0x7F
    return bytes(masked) + digest + b"\xbc"


def _salted(prepared: bytes, salt: bytes) -> bytes:
    return hashlib.sha384(bytes(8) + hashlib.sha384(prepared).digest() + salt).digest()


def _mask(seed: bytes, length: int) -> bytes:
    """MGF1 (RFC 8017, B.2.1)."""
    blocks = -(-length // _DIGEST)
    return b"".join(
        hashlib.sha384(seed + count.to_bytes(4, "big")).digest() for count in range(blocks)
    )[:length]


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _bytes(key: PublicKey, value: int) -> bytes:
    return value.to_bytes(key.size, "big")
