"""Proofs that travel: one entry and a signed head, no log."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.ledger import (
    BadNote,
    Differs,
    Ledger,
    LedgerError,
    Proof,
    format_proof,
    parse_proof,
    verify_inclusion,
)
from actionday.testing.ledger import MemoryLogStore, entry, signer

A = signer(1)
STORE = MemoryLogStore()
Ledger(STORE, A).append_many(entry(n) for n in range(20))
NOTE = Ledger(STORE).signed_head()
LEAVES = list(Ledger(STORE).leaves())
PROOFS = [Ledger(STORE).inclusion_proof(index) for index in range(21)]
TEXT = format_proof(Proof(5, tuple(PROOFS[5]), NOTE))


@pytest.mark.parametrize("index", range(21))
def test_every_entry_is_proved_by_its_text_alone(index: int) -> None:
    proof = parse_proof(format_proof(Proof(index, tuple(PROOFS[index]), NOTE)))
    head = verify_inclusion(LEAVES[index], proof.index, proof.hashes, proof.note, [A.verifier])
    assert head == Ledger(STORE).head()


def test_the_text_is_that_of_the_standard() -> None:
    lines = TEXT.split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 5"]
    assert [len(line) for line in lines[2:7]] == [44] * 5
    assert TEXT.endswith("\n\n" + NOTE)


def test_an_altered_entry_or_place_is_not_proved() -> None:
    with pytest.raises(Differs):
        verify_inclusion(LEAVES[5] + b" ", 5, PROOFS[5], NOTE, [A.verifier])
    with pytest.raises(Differs):
        verify_inclusion(LEAVES[5], 6, PROOFS[5], NOTE, [A.verifier])
    with pytest.raises(LedgerError):
        verify_inclusion(LEAVES[5], 21, PROOFS[5], NOTE, [A.verifier])
    with pytest.raises(BadNote):
        verify_inclusion(LEAVES[5], 5, PROOFS[5], NOTE, [signer(2).verifier])


@settings(max_examples=300)
@given(st.integers(0, len(TEXT.encode()) * 8 - 1))
def test_no_bit_of_a_proof_can_be_flipped(place: int) -> None:
    raw = bytearray(TEXT.encode())
    raw[place // 8] ^= 1 << place % 8
    with pytest.raises(LedgerError):
        proof = parse_proof(raw.decode(errors="surrogateescape"))
        verify_inclusion(LEAVES[5], proof.index, proof.hashes, proof.note, [A.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        TEXT.replace("@v1", "@v2"),
        TEXT.replace("index 5", "index 05"),
        TEXT.replace("index 5", "index -5"),
        TEXT.replace("index 5", "extra AAAA\nindex 5"),
        TEXT.replace("index 5\n", ""),
        TEXT.replace("index 5", "index ٥"),
        TEXT.partition("\n\n")[0],
        "c2sp.org/tlog-proof@v1",
        "x" * 200_000,
    ],
    ids=range(11),
)
def test_a_malformed_proof_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        verify_inclusion(LEAVES[5], 5, parse_proof(text).hashes, parse_proof(text).note, [A.verifier])
