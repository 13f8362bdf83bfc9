"""Signed heads (签名根) of a box's log: "so many ballots, under this root", said by a key.

A head that was shown binds the box: whoever kept one can later ask whether it still lies on the
log. Two heads of one box, one size and two roots convict whoever signed them.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bihuan.engines.tally import signing

_DOMAIN = b"bihuan-head-1\x00"
_SIZES = {"box": 16, "root": 32, "signature": 64}


@dataclass(frozen=True)
class Head:
    """签名根：box 16 bytes, size in ballots, root 32 bytes, signature 64 bytes.

    `extra` is what else the head says, as canonical JSON text: "" for a head in the course of
    voting; plan, columns and reconciliation for the final one.
    """

    box: bytes
    size: int
    root: bytes
    extra: str
    signature: bytes

    def plain(self) -> dict[str, Any]:
        """JSON shape: bytes as lower-case hex."""
        return {
            "box": self.box.hex(),
            "size": self.size,
            "root": self.root.hex(),
            "extra": self.extra,
            "signature": self.signature.hex(),
        }

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """ValueError if this is no head. Whether its signature holds is another question."""
        size, extra = plain.get("size"), plain.get("extra", "")
        parts = {name: plain.get(name) for name in _SIZES}
        if (
            not isinstance(size, int)
            or isinstance(size, bool)
            or not 0 <= size < 1 << 64
            or not isinstance(extra, str)
            or not all(isinstance(text, str) for text in parts.values())
        ):
            raise ValueError("not a head")
        raw = {name: bytes.fromhex(str(text)) for name, text in parts.items()}
        if any(len(raw[name]) != width for name, width in _SIZES.items()):
            raise ValueError("not a head")
        return cls(raw["box"], size, raw["root"], extra, raw["signature"])


def message(box: bytes, size: int, root: bytes, extra: str = "") -> bytes:
    """What is signed: domain, box, size (8 bytes, big-endian), root, SHA-256 of extra (UTF-8)."""
    if len(box) != _SIZES["box"] or len(root) != _SIZES["root"]:
        raise ValueError("a box has 16 bytes, a root 32")
    return _DOMAIN + box + size.to_bytes(8, "big") + root + hashlib.sha256(extra.encode()).digest()


def signed(private: bytes, *, box: bytes, size: int, root: bytes, extra: str = "") -> Head:
    """The head, signed with an Ed25519 key."""
    return Head(box, size, root, extra, signing.sign(private, message(box, size, root, extra)))


def check(public: bytes, head: Head) -> bool:
    """Whether the holder of this key signed exactly this head."""
    try:
        said = message(head.box, head.size, head.root, head.extra)
    except (ValueError, OverflowError):
        return False
    return signing.check(public, said, head.signature)


def contradict(public: bytes, one: Head, other: Head) -> bool:
    """两面之词：同一票箱、同一票数、两个根，都有同一把钥匙的签名。"""
    return (
        (one.box, one.size) == (other.box, other.size)
        and one.root != other.root
        and check(public, one)
        and check(public, other)
    )
