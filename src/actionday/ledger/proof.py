"""Proofs that travel: one entry, its way up to a signed head, checked without any log.

Source: C2SP tlog-proof v1 (the text form); RFC 6962 section 2.1.1 (the audit path).
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actionday.ledger.checkpoint import Checkpoint, open_checkpoint
from actionday.ledger.errors import BadNote
from actionday.ledger.note import MAX_NOTE, Verifier, strict_base64
from actionday.ledger.tlog import check_inclusion, leaf_hash

FIRST_LINE = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """Where an entry stands, the hashes on its way up, the signed head they lead to."""

    index: int
    hashes: tuple[bytes, ...]
    note: str


def verify_inclusion(
    leaf: bytes, index: int, proof: Sequence[bytes], note: str, verifiers: Iterable[Verifier]
) -> Checkpoint:
    """Return the head of ``note`` once it is signed by one of ``verifiers`` and has ``leaf`` at ``index``.

    Raises ``BadNote``, ``Differs`` or another ``LedgerError``.
    """
    head, _ = open_checkpoint(note, verifiers)
    check_inclusion(proof, index, head.size, leaf_hash(leaf), head.root)
    return head


def format_proof(proof: Proof) -> str:
    """Return the text of a ``.tlog-proof`` file."""
    lines = [FIRST_LINE, f"index {proof.index}", *(b64encode(part).decode() for part in proof.hashes)]
    return "\n".join(lines) + "\n\n" + proof.note


def parse_proof(text: str) -> Proof:
    """Return the proof whose ``format_proof`` this is, unverified; extra data is not accepted.

    Raises ``BadNote``.
    """
    if len(text) > 2 * MAX_NOTE:
        raise BadNote(f"a proof of {len(text)} characters")
    top, _, note = text.partition("\n\n")
    first, *lines = top.split("\n")
    label, _, number = lines[0].partition(" ") if lines else ("", "", "")
    if (
        first != FIRST_LINE
        or label != "index"
        or not (number.isascii() and number.isdigit() and len(number) < 20)
    ):
        raise BadNote("not a tlog-proof: its first lines are the format's name and the index")
    proof = Proof(int(number), tuple(strict_base64(line) for line in lines[1:]), note)
    if format_proof(proof) != text:
        raise BadNote("a tlog-proof that is not written as the format says")
    return proof
