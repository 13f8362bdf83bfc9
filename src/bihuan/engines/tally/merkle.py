"""Merkle log (默克尔日志): one digest that covers a list of leaves, and short proofs about it.

The tree of RFC 9162, section 2.1 (same as RFC 6962): leaf digest SHA-256(0x00 || leaf), node digest
SHA-256(0x01 || left || right), empty tree SHA-256(""). A leaf is any bytes; the box's leaves are
its 32-byte receipts. Nothing here knows ballots, keys or files.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

EMPTY = hashlib.sha256(b"").digest()
WIDTH = 32


def leaf_hash(leaf: bytes) -> bytes:
    """Digest of one leaf: 32 bytes."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Digest of an inner node: 32 bytes. Its prefix differs, so that no node passes for a leaf."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """根：覆盖全部叶的一个摘要 (MTH, section 2.1.1): 32 bytes."""
    return _fold([leaf_hash(leaf) for leaf in leaves])


def inclusion(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Proof that leaf `index` is under `root(leaves)` (PATH, section 2.1.3.1), lowest first.

    IndexError if there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    return tuple(_path([leaf_hash(leaf) for leaf in leaves], index))


def consistency(leaves: Sequence[bytes], size: int) -> tuple[bytes, ...]:
    """Proof that the first `size` leaves are an unchanged beginning of all (PROOF, 2.1.4.1).

    Empty where nothing needs proof: no leaf, or all of them. IndexError if there are fewer leaves.
    """
    if not 0 <= size <= len(leaves):
        raise IndexError(size)
    if size in (0, len(leaves)):
        return ()
    return tuple(_subproof([leaf_hash(leaf) for leaf in leaves], size, whole=True))


def check_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], known: bytes
) -> bool:
    """Whether the proof leads from the leaf to the known root of `size` leaves (2.1.3.2)."""
    if not 0 <= index < size or any(len(step) != WIDTH for step in proof):
        return False
    here, last, digest = index, size - 1, leaf_hash(leaf)
    for step in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            digest = node_hash(step, digest)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            digest = node_hash(digest, step)
        here, last = here >> 1, last >> 1
    return last == 0 and digest == known


def check_consistency(
    size: int, larger: int, known: bytes, known_larger: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree of `larger` leaves begins with the tree of `size` leaves (2.1.4.2)."""
    if not 0 <= size <= larger or any(len(step) != WIDTH for step in proof):
        return False
    if size == larger:
        return not proof and known == known_larger
    if size == 0:
        return not proof and known == EMPTY
    # The proof leaves out the smaller root where that tree is one whole subtree of the larger.
    steps = [known, *proof] if size & (size - 1) == 0 else list(proof)
    if not steps:
        return False
    here, last = size - 1, larger - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node_hash(new, step)
        here, last = here >> 1, last >> 1
    return last == 0 and old == known and new == known_larger


@dataclass(frozen=True)
class Peaks:
    """A growing tree, kept as the roots of its whole subtrees, largest first.

    One more leaf costs about two digests and the root at most log2(size), however large the log.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def add(self, leaves: Iterable[bytes]) -> Self:
        """The tree with these leaves appended."""
        size, hashes = self.size, list(self.hashes)
        for leaf in leaves:
            digest, bits = leaf_hash(leaf), size
            while bits & 1:
                digest, bits = node_hash(hashes.pop(), digest), bits >> 1
            hashes.append(digest)
            size += 1
        return type(self)(size, tuple(hashes))

    @property
    def root(self) -> bytes:
        """The same digest as `merkle.root` of all leaves."""
        if not self.hashes:
            return EMPTY
        *rest, digest = self.hashes
        for peak in reversed(rest):
            digest = node_hash(peak, digest)
        return digest

    def to_bytes(self) -> bytes:
        return b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, joined: bytes) -> Self:
        """ValueError if so many peaks cannot belong to a tree of this size."""
        if size < 0 or len(joined) != size.bit_count() * WIDTH:
            raise ValueError(f"{len(joined)} bytes of peaks for {size} leaves")
        return cls(size, tuple(joined[i : i + WIDTH] for i in range(0, len(joined), WIDTH)))


def _fold(hashes: list[bytes]) -> bytes:
    """Root over leaf digests. An odd last one rises unpaired: that is the tree of the RFC."""
    if not hashes:
        return EMPTY
    while len(hashes) > 1:
        paired = [node_hash(a, b) for a, b in zip(hashes[::2], hashes[1::2], strict=False)]
        if len(hashes) & 1:
            paired.append(hashes[-1])
        hashes = paired
    return hashes[0]


def _split(count: int) -> int:
    """The largest power of two below count (count > 1)."""
    return 1 << ((count - 1).bit_length() - 1)


def _path(hashes: list[bytes], index: int) -> list[bytes]:
    if len(hashes) == 1:
        return []
    middle = _split(len(hashes))
    if index < middle:
        return [*_path(hashes[:middle], index), _fold(hashes[middle:])]
    return [*_path(hashes[middle:], index - middle), _fold(hashes[:middle])]


def _subproof(hashes: list[bytes], size: int, *, whole: bool) -> list[bytes]:
    if size == len(hashes):
        return [] if whole else [_fold(hashes)]
    middle = _split(len(hashes))
    if size <= middle:
        return [*_subproof(hashes[:middle], size, whole=whole), _fold(hashes[middle:])]
    return [
        *_subproof(hashes[middle:], size - middle, whole=False),
        _fold(hashes[:middle]),
    ]
