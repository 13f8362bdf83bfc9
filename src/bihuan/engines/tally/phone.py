"""A rater's phone in Python (模拟手机): for rehearsals, demonstrations, load and tests.

It says and does what the page's own script does, and shares nothing with the server but the
published parts: plan, public keys, the code on its strip.
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bihuan.engines.tally import ballot as ballots
from bihuan.engines.tally import blind, codes, seal, signing
from bihuan.engines.tally.ballot import Ballot


@dataclass
class Phone:
    """One phone with one strip. `keys` are the signers' public keys of its category, in order."""

    code: str
    box: bytes
    category: str
    keys: Sequence[blind.PublicKey]
    seal_public: bytes
    _private: bytes = field(default=b"", repr=False)
    _public: bytes = b""
    _prefix: bytes = b""
    _blinded: list[blind.Blinded] = field(default_factory=list, repr=False)
    _signatures: list[bytes] = field(default_factory=list, repr=False)

    def ask(self) -> dict[str, Any]:
        """What it sends to have its token signed; the same however often it asks."""
        if not self._blinded:
            self._private, self._public = signing.new_signer()
            self._prefix = secrets.token_bytes(blind.PREFIX)
            self._blinded = [blind.blind(key, self._prepared()) for key in self.keys]
        return {"ticket": self.code, "z": [one.value.hex() for one in self._blinded]}

    def take(self, signatures: Sequence[str]) -> None:
        """Unblind what the signers sent. Raises blind.Unsound for a signer that cheats."""
        self._signatures = [
            blind.finalize(key, self._prepared(), bytes.fromhex(signature), blinded.inverse)
            for key, signature, blinded in zip(self.keys, signatures, self._blinded, strict=True)
        ]

    def seal(
        self, marks: Mapping[str, Mapping[str, str]], remarks: Mapping[str, str] | None = None
    ) -> bytes:
        """A ballot, sealed."""
        said = Ballot(self.category, marks, remarks or {}, secrets.token_hex(16))
        return seal.seal(
            self.seal_public, ballots.encode(said), box=self.box, category=self.category
        )

    def cast(self, blob: bytes) -> dict[str, Any]:
        """What it sends to cast by its token."""
        message = signing.cast_message(self.box, self.category, blob)
        return {
            "category": self.category,
            "blob": base64.b64encode(blob).decode(),
            "pub": self._public.hex(),
            "prefix": self._prefix.hex(),
            "signatures": [one.hex() for one in self._signatures],
            "proof": signing.sign(self._private, message).hex(),
        }

    def cast_slip(self, blob: bytes) -> dict[str, Any]:
        """What it sends to cast by a slip drawn at the door."""
        return {"slip": codes.shown(self.code), "blob": base64.b64encode(blob).decode()}

    def _prepared(self) -> bytes:
        message = blind.token_message(self.box, self.category, self._public)
        return blind.prepare(message, self._prefix)
