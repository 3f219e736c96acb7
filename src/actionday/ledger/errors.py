"""What can be wrong with a ledger.

LedgerError            the ledger, a proof, a note or an entry is not what it must be     exit 1
├── Differs            two values that must be equal are not: what, expected, got
├── BadEntry           a leaf that is no entry
└── BadNote            a note or key that is malformed, or signed by nobody trusted
KeyFileError           the installation's key cannot be made or read                      exit 2
"""

from actionday.model import ActiondayError, UsageError


class LedgerError(ActiondayError):
    """The ledger, a proof, a note or an entry is not what it must be."""

    exit_code = 1


class Differs(LedgerError):
    """Two values that must be equal are not."""

    def __init__(self, what: str, expected: str, got: str) -> None:
        super().__init__(f"{what}: expected {expected}, got {got}")
        self.what, self.expected, self.got = what, expected, got


class BadEntry(LedgerError):
    """A leaf that is not the canonical form of an entry."""


class BadNote(LedgerError):
    """A signed note, checkpoint or key that is malformed, or that no trusted key has signed."""


class KeyFileError(UsageError):
    """The installation's signing key cannot be made or read; the message names file and reason."""
