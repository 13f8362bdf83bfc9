"""The log's digests are those of RFC 9162, and its proofs prove exactly what they should."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.engines.tally import merkle

# The leaves and roots that implementations of certificate transparency share as their test vectors.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
# Proofs of the same vectors, as printed with them: (leaf, size) and (size, larger size).
INCLUSION = {
    (0, 1): (),
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
CONSISTENCY = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}


def sha(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()


def by_definition(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, word for word; shares no line with the code under test."""
    n = len(leaves)
    if n == 0:
        return sha(b"")
    if n == 1:
        return sha(b"\x00" + leaves[0])
    k = 1
    while k * 2 < n:
        k *= 2
    return sha(b"\x01" + by_definition(leaves[:k]) + by_definition(leaves[k:]))


def some(count: int) -> list[bytes]:
    return [sha(bytes([i % 256, i // 256])) for i in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_the_well_known_roots(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]
    assert by_definition(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("place", "proof"), INCLUSION.items())
def test_the_well_known_proofs_of_a_leaf(place: tuple[int, int], proof: tuple[str, ...]) -> None:
    index, size = place
    assert tuple(step.hex() for step in merkle.inclusion(LEAVES[:size], index)) == proof


@pytest.mark.parametrize(("sizes", "proof"), CONSISTENCY.items())
def test_the_well_known_proofs_of_growth(sizes: tuple[int, int], proof: tuple[str, ...]) -> None:
    size, larger = sizes
    assert tuple(step.hex() for step in merkle.consistency(LEAVES[:larger], size)) == proof


@given(st.lists(st.binary(max_size=40), max_size=70), st.data())
def test_root_and_growing_tree_agree_with_the_definition(
    leaves: list[bytes], data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(leaves)), max_size=5)))
    peaks = merkle.Peaks()
    for start, end in zip([0, *cuts], [*cuts, len(leaves)], strict=True):
        peaks = peaks.add(leaves[start:end])
        assert peaks.root == by_definition(leaves[:end])
        assert merkle.Peaks.from_bytes(peaks.size, peaks.to_bytes()) == peaks
    assert merkle.root(leaves) == by_definition(leaves)


def test_every_leaf_is_proved_and_no_other_is() -> None:
    for size in (*range(1, 18), 33):
        leaves = some(size)
        known = merkle.root(leaves)
        for index in range(size):
            proof = merkle.inclusion(leaves, index)
            assert merkle.check_inclusion(leaves[index], index, size, proof, known)
            assert not merkle.check_inclusion(b"another", index, size, proof, known)
            assert not merkle.check_inclusion(leaves[index], index, size, proof, sha(b""))
            assert not merkle.check_inclusion(leaves[index], index, size, (*proof, known), known)
            if proof:
                assert not merkle.check_inclusion(leaves[index], index, size, proof[:-1], known)
                bent = (sha(proof[0]), *proof[1:])
                assert not merkle.check_inclusion(leaves[index], index, size, bent, known)
            for other in range(size):
                assert (other == index) == merkle.check_inclusion(
                    leaves[index], other, size, proof, known
                )


def test_every_growth_is_proved_and_a_changed_past_is_not() -> None:
    for larger in (*range(1, 18), 33):
        leaves = some(larger)
        known_larger = merkle.root(leaves)
        for size in range(larger + 1):
            known = merkle.root(leaves[:size])
            proof = merkle.consistency(leaves, size)
            assert merkle.check_consistency(size, larger, known, known_larger, proof)
            assert not merkle.check_consistency(
                size, larger, known, known_larger, (*proof, known_larger)
            )
            assert not merkle.check_consistency(size, larger, sha(b"x"), known_larger, proof)
            # From nothing, everything grows.
            assert (size == 0) == merkle.check_consistency(size, larger, known, sha(b"x"), proof)
            if proof:
                assert not merkle.check_consistency(size, larger, known, known_larger, proof[:-1])
                assert not merkle.check_consistency(size, larger, known, known_larger, ())
            if size:
                changed = [b"changed", *leaves[1:]]
                assert not merkle.check_consistency(
                    size, larger, known, merkle.root(changed), merkle.consistency(changed, size)
                )


def test_an_inner_node_does_not_pass_for_a_leaf() -> None:
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    assert merkle.root([left + right]) != merkle.root([b"a", b"b"])


def test_what_is_not_there_cannot_be_proved() -> None:
    with pytest.raises(IndexError):
        merkle.inclusion(LEAVES, 8)
    with pytest.raises(IndexError):
        merkle.consistency(LEAVES, 9)
    with pytest.raises(ValueError, match="peaks"):
        merkle.Peaks.from_bytes(3, bytes(32))
    assert not merkle.check_inclusion(b"", 0, 1, (b"short",), merkle.root([b""]))
    assert not merkle.check_inclusion(b"", 3, 2, (), merkle.EMPTY)
    assert not merkle.check_consistency(3, 2, merkle.EMPTY, merkle.EMPTY, ())
