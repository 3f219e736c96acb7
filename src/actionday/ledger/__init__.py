"""The ledger: append-only, tamper-evident record of custody, access and decisions.

An RFC 6962 Merkle log of canonical JSON entries with signed heads. Pure of any database: it works on a
``LogStore``. Imports ``model`` and cryptography alone; every room but sources, parsers and detectors may
import it. Start with ``log.py`` (append, prove) and ``verify.py``; ``docs/ledger-format.md`` is the format.
"""

from actionday.ledger.canonical import Json, NotCanonical, canonical
from actionday.ledger.checkpoint import Checkpoint, open_checkpoint
from actionday.ledger.entry import Action, Entry, UnknownAction, beginning, parse_entry
from actionday.ledger.errors import BadEntry, BadNote, Differs, KeyFileError, LedgerError
from actionday.ledger.held import Seen, vouched
from actionday.ledger.keys import installation_signer
from actionday.ledger.log import Ledger
from actionday.ledger.note import Signer, Verifier
from actionday.ledger.proof import Proof, format_proof, parse_proof, verify_inclusion
from actionday.ledger.store import Head, LogStore, Row
from actionday.ledger.verify import Difference, Report, verify_leaves, verify_log

__all__ = [
    "Action",
    "BadEntry",
    "BadNote",
    "Checkpoint",
    "Difference",
    "Differs",
    "Entry",
    "Head",
    "Json",
    "KeyFileError",
    "Ledger",
    "LedgerError",
    "LogStore",
    "NotCanonical",
    "Proof",
    "Report",
    "Row",
    "Seen",
    "Signer",
    "UnknownAction",
    "Verifier",
    "beginning",
    "canonical",
    "format_proof",
    "installation_signer",
    "open_checkpoint",
    "parse_entry",
    "parse_proof",
    "verify_inclusion",
    "verify_leaves",
    "verify_log",
    "vouched",
]
