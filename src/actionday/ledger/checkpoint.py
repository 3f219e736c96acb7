"""Checkpoints: the head of a log as the text of a signed note.

Source: C2SP tlog-checkpoint, section Note text. Ours have no extension lines and none are accepted.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actionday.ledger.errors import BadNote
from actionday.ledger.note import Verifier, open_note, strict_base64
from actionday.ledger.tlog import HASH_SIZE


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's head: its name, how many entries, the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Return the checkpoint whose ``text`` this is, to the letter. Raises ``BadNote``."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise BadNote("a checkpoint is three lines: origin, size, root")
        origin, size, root = lines[0], lines[1], strict_base64(lines[2])
        if not (size.isascii() and size.isdigit() and len(size) <= 19) or len(root) != HASH_SIZE:
            raise BadNote("a checkpoint with no size or no root")
        checkpoint = cls(origin, int(size), root)
        if checkpoint.text != text:
            raise BadNote("a checkpoint's size has leading zeros")
        return checkpoint


def open_checkpoint(note: str, verifiers: Iterable[Verifier]) -> tuple[Checkpoint, Sequence[Verifier]]:
    """Return the checkpoint of a signed note and which of ``verifiers`` signed it. Raises ``BadNote``."""
    text, signed = open_note(note, verifiers)
    return Checkpoint.parse(text), signed
