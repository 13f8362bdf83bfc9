"""Ed25519: who says so (heads of the log, final results, a phone's own ballot)."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def new_signer() -> tuple[bytes, bytes]:
    """(private, public), 32 bytes each."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw()


def public_of(private: bytes) -> bytes:
    """The public half of a private key."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def sign(private: bytes, message: bytes) -> bytes:
    """64 bytes."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(message)


def check(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of that key signed exactly this; anything malformed is a no."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def cast_message(box: bytes, category: str, blob: bytes) -> bytes:
    """What a phone signs with its token's key: this sealed ballot, in this box and category."""
    return hashlib.sha256(b"bihuan-cast-1" + box + category.encode() + b"\0" + blob).digest()
