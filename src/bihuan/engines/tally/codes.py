"""Codes that people read, type and scan (票码、票证、续办码), and what a spent right leaves behind.

Crockford's base 32: no I, L, O or U, so that nothing is read for something else.
"""

import hashlib
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12  # 60 bits: cannot be guessed through a door that counts wrong codes
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "−": "-"})
_SKIPPED = {"Pd", "Zs", "Zl", "Zp", "Cc", "Cf"}  # dashes, spaces, what pasting brings unseen


def new_code(length: int = LENGTH) -> str:
    """Drawn at random: one code says nothing of another."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def normal(text: str) -> str:
    """What was meant by what was typed: widths, case, spaces, dashes, look-alikes.

    >>> normal("abcd—efgh jkmO")
    'ABCDEFGHJKM0'
    """
    folded = unicodedata.normalize("NFKC", text).upper().translate(_READ_AS)
    return "".join(mark for mark in folded if unicodedata.category(mark) not in _SKIPPED)


def is_code(text: str, length: int = LENGTH) -> bool:
    """Whether this could be a code at all, once normal."""
    code = normal(text)
    return len(code) == length and set(code) <= set(ALPHABET)


def shown(code: str) -> str:
    """In fours, for paper and screen: ABCD-EFGH-JKMN."""
    code = normal(code)
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def digest(code: str) -> bytes:
    """What is stored instead of a code."""
    return hashlib.sha256(normal(code).encode()).digest()


def spent_slip(code: str) -> bytes:
    """The key under which a slip's ballot lies in the box."""
    return hashlib.sha256(b"slip" + normal(code).encode()).digest()


def spent_token(public: bytes) -> bytes:
    """The key under which a token's ballot lies in the box."""
    return hashlib.sha256(b"token" + public).digest()
