"""The tree against the vectors that Certificate Transparency implementations share, and against the RFC."""

from collections.abc import Sequence

import pytest
import tlog_reference as rfc
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.ledger.errors import Differs, LedgerError
from actionday.ledger.tlog import (
    EMPTY_ROOT,
    Node,
    check_consistency,
    check_inclusion,
    consistency_proof,
    fold,
    frontier,
    inclusion_proof,
    leaf_hash,
    node_hash,
    stored_hashes,
    tree_hash,
)

# The eight leaves and the roots of their first n that CT implementations test with.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
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
ROOTS = [
    bytes.fromhex(root)
    for root in (
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
]
MANY = [bytes([n]) * (n % 5) for n in range(130)]


class Tree:
    """A tree kept as the ledger keeps it: with each leaf, the hashes it completed."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.edge: list[bytes] = []
        self.rows = [stored_hashes(i, leaf_hash(leaf), self.edge) for i, leaf in enumerate(leaves)]

    def read(self, nodes: Sequence[Node]) -> list[bytes]:
        return [self.rows[node.last_leaf][node.level] for node in nodes]


def test_a_leaf_and_a_node_can_never_have_the_same_hash() -> None:
    assert leaf_hash(b"") == ROOTS[1]
    assert node_hash(leaf_hash(b""), leaf_hash(b"\x00")) == ROOTS[2]
    assert leaf_hash(leaf_hash(b"") + leaf_hash(b"\x00")) != ROOTS[2]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    tree = Tree(LEAVES[:size])
    assert tree_hash(size, tree.read) == fold(tree.edge) == rfc.mth(LEAVES[:size]) == ROOTS[size]
    assert fold([]) == EMPTY_ROOT == ROOTS[0]


def test_every_earlier_root_can_be_read_from_the_grown_tree() -> None:
    tree = Tree(MANY)
    for size in range(len(MANY) + 1):
        assert tree_hash(size, tree.read) == rfc.mth(MANY[:size])


def test_stored_hashes_are_one_and_the_trailing_ones_of_the_index() -> None:
    assert [len(row) for row in Tree(MANY[:9]).rows] == [1, 2, 1, 3, 1, 2, 1, 4, 1]
    assert frontier(0b1011) == [Node(3, 0), Node(1, 4), Node(0, 10)]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 64])
def test_every_proof_is_the_rfcs_and_is_accepted(size: int) -> None:
    tree, leaves = Tree(MANY), MANY[:size]
    for index in range(size):
        proof = inclusion_proof(index, size, tree.read)
        assert proof == rfc.path(index, leaves)
        check_inclusion(proof, index, size, leaf_hash(leaves[index]), rfc.mth(leaves))
    for old in range(1, size + 1):
        proof = consistency_proof(old, size, tree.read)
        assert proof == rfc.proof(old, leaves)
        check_consistency(proof, old, size, rfc.mth(leaves[:old]), rfc.mth(leaves))


sizes = st.integers(1, len(MANY))


@settings(max_examples=300, deadline=None)
@given(sizes, st.data())
def test_an_inclusion_proof_holds_for_nothing_else(size: int, data: st.DataObject) -> None:
    """Any one of leaf, place, size, root or proof altered: refused."""
    tree, index = Tree(MANY), data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, tree.read)
    leaf, root = leaf_hash(MANY[index]), rfc.mth(MANY[:size])
    other = data.draw(
        st.integers(0, size - 1).filter(lambda i: rfc.path(i, MANY[:size]) != proof or i != index)
    )
    wrong = [
        (proof, index, size, flipped(leaf, data), root),
        (proof, index, size, leaf, flipped(root, data)),
        ([*proof, root], index, size, leaf, root),
        (proof[:-1], index, size, leaf, root) if proof else ([leaf], index, size, leaf, root),
        (proof, other, size, leaf, root) if other != index else (proof, size, size, leaf, root),
        (proof, -1, size, leaf, root),
    ]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        wrong.append(([*proof[:at], flipped(proof[at], data), *proof[at + 1 :]], index, size, leaf, root))
        wrong.append(([*proof[:at], proof[at][:-1], *proof[at + 1 :]], index, size, leaf, root))
    for case in wrong:
        with pytest.raises(LedgerError):
            check_inclusion(*case)


@settings(max_examples=300, deadline=None)
@given(sizes, st.data())
def test_a_consistency_proof_holds_for_nothing_else(new: int, data: st.DataObject) -> None:
    tree, old = Tree(MANY), data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, tree.read)
    was, now = rfc.mth(MANY[:old]), rfc.mth(MANY[:new])
    wrong = [
        (proof, old, new, flipped(was, data), now),
        (proof, old, new, was, flipped(now, data)),
        ([*proof, now], old, new, was, now),
        (proof, 0, new, was, now),
        (proof, new + 1, new, was, now),
    ]
    for at in range(len(proof)):
        wrong.append(([*proof[:at], flipped(proof[at], data), *proof[at + 1 :]], old, new, was, now))
        wrong.append(([*proof[:at], *proof[at + 1 :]], old, new, was, now))
    for case in wrong:
        with pytest.raises(LedgerError):
            check_consistency(*case)


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 60), st.data())
def test_a_rewritten_history_is_never_consistent(new: int, data: st.DataObject) -> None:
    """The honest proof of a log in which one early leaf was changed does not lead to the old root."""
    old = data.draw(st.integers(1, new))
    changed = data.draw(st.integers(0, old - 1))
    forged = [*MANY[:changed], b"forged", *MANY[changed + 1 : new]]
    proof = consistency_proof(old, new, Tree(forged).read)
    with pytest.raises(Differs) as found:
        check_consistency(proof, old, new, rfc.mth(MANY[:old]), rfc.mth(forged))
    assert found.value.expected in (rfc.mth(MANY[:old]).hex(), rfc.mth(forged).hex())
    assert found.value.expected != found.value.got


@pytest.mark.parametrize("part", [b"", bytes(31), bytes(33)])
def test_a_part_that_is_no_hash_is_not_even_tried(part: bytes) -> None:
    with pytest.raises(LedgerError, match="32 bytes"):
        check_inclusion([part], 0, 2, ROOTS[1], ROOTS[2])
    with pytest.raises(LedgerError, match="32 bytes"):
        check_consistency([part], 1, 2, ROOTS[1], ROOTS[2])


def test_a_wrong_root_is_told_with_both_hashes() -> None:
    with pytest.raises(Differs) as found:
        check_inclusion([], 0, 1, ROOTS[1], ROOTS[2])
    assert (found.value.expected, found.value.got) == (ROOTS[2].hex(), ROOTS[1].hex())
    assert found.value.exit_code == 1


def flipped(value: bytes, data: st.DataObject) -> bytes:
    place = data.draw(st.integers(0, len(value) * 8 - 1))
    return bytes(byte ^ (1 << place % 8 if at == place // 8 else 0) for at, byte in enumerate(value))
