"""One pass over a log from its first entry: every hash, every head, in the order in which they came to be.

Memory does not grow with the log: the tree's edge, the declared keys, the next head and what began and has not ended
yet are all it holds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from actionday.ledger.checkpoint import Checkpoint, open_checkpoint
from actionday.ledger.entry import ENDS, Action, Entry, UnknownAction, format_time, parse_entry
from actionday.ledger.errors import BadEntry, BadNote, Differs
from actionday.ledger.note import Verifier, parse_note
from actionday.ledger.tlog import HASH_SIZE, fold, leaf_hash, stored_hashes
from actionday.model.counted import counted

MAX_WARNINGS = 100  # told in full; all are counted
UNENDED = "begun, and no entry ends it: it goes on or was broken off, what was given may be any part of it"


class Due(NamedTuple):
    """A head to be checked when the walk reaches its size; ``key`` is the one stored beside it, if any."""

    size: int
    note: str
    key: str | None


class Warned(NamedTuple):
    """Something a person should know that is no proof of tampering."""

    entry: int
    text: str


@dataclass(slots=True)
class Walk:
    """The state of the pass. ``entry`` and ``end`` raise ``Differs`` at the first thing that is not right."""

    origin: str
    trusted: tuple[Verifier, ...] | None  # None: the keys that the log itself declares
    due: Iterator[Due]  # by size
    size: int = 0
    edge: list[bytes] = field(default_factory=list)
    declared: dict[str, Verifier] = field(default_factory=dict)
    heads: int = 0
    covered: int = 0  # entries under the greatest head that a trusted key signed
    last: datetime | None = None
    warnings: list[Warned] = field(default_factory=list)
    warned: int = 0
    begun: dict[int, tuple[str, str]] = field(default_factory=dict)  # entry: its action and its subject
    _next: Due | None = None

    def __post_init__(self) -> None:
        self._next = next(self.due, None)

    def entry(self, index: int, leaf: bytes, stored: bytes | None) -> None:
        """Take the next entry in; ``stored`` are the hashes kept with it, where they are kept."""
        if index != self.size:
            raise Differs("index of the next entry", str(self.size), str(index))
        hashes = stored_hashes(index, leaf_hash(leaf), self.edge)
        if stored is not None and stored != b"".join(hashes):
            raise _hash_difference(hashes, stored)
        try:
            entry = parse_entry(leaf)
        except BadEntry as error:
            raise Differs("entry", "canonical JSON of an action", str(error)) from None
        self._note_time(entry)
        if isinstance(entry.action, UnknownAction):
            self.warn(f"the action {str(entry.action)!r} is none that this version knows")
        if entry.action is Action.KEY_ADDED:
            self._declare(entry)
        self._pair(entry)
        self.size += 1
        self._check_heads()

    def end(self) -> None:
        """Check that the log ends where its latest head says."""
        if self._next is not None:
            raise Differs("entries under a signed head", str(self._next.size), str(self.size))
        if self.size == 0:
            raise Differs("entries", "at least one", "none")
        if self.covered != self.size:
            raise Differs("entries under a head signed by a trusted key", str(self.size), str(self.covered))
        for index, (action, subject) in self.begun.items():
            self.warn(f"{action} of {subject!r:.100}: {UNENDED}", index)

    def warn(self, text: str, entry: int | None = None) -> None:
        """Keep a warning about an entry, the one at hand where none is named."""
        self.warned += 1
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(Warned(self.size if entry is None else entry, text))

    def _pair(self, entry: Entry) -> None:
        """Put what ends an act beside what began it."""
        if entry.action in ENDS.values():
            self.begun[self.size] = (str(entry.action), entry.subject)
        elif (begins := ENDS.get(entry.action)) and (begun := entry.details.get("begun")) is not None:
            wanted = (str(begins), entry.subject)
            if not isinstance(begun, int) or self.begun.get(begun) != wanted:
                self.warn(
                    f"it ends entry {begun!s:.20}, which is no {begins} of its subject that has not ended"
                )
            else:
                del self.begun[begun]

    def _note_time(self, entry: Entry) -> None:
        if self.last is not None and entry.time < self.last:
            self.warn(f"time {format_time(entry.time)} is before the previous {format_time(self.last)}")
        self.last = entry.time

    def _declare(self, entry: Entry) -> None:
        vkey = entry.details.get("key")
        try:
            verifier = Verifier.parse(vkey if isinstance(vkey, str) else "")
        except BadNote as error:
            raise Differs("entry", "a key.added with a verifier key", str(error)) from None
        self.declared[str(verifier)] = verifier

    def _check_heads(self) -> None:
        while self._next is not None and self._next.size <= self.size:
            self._check_head(self._next)
            self.heads += 1
            self._next = next(self.due, None)

    def _check_head(self, due: Due) -> None:
        known = self.declared.values() if self.trusted is None else self.trusted
        beside = list(self._key_beside(due))
        try:  # what is stored beside a key is that key's, whoever else signed it
            head, signed = open_checkpoint(due.note, beside or known)
        except BadNote as error:
            raise Differs("signed head", "a note signed by a trusted key", str(error)) from None
        if beside and len(parse_note(due.note).signatures) > 1:
            raise Differs("signatures of a stored head", "that of the key beside it", "more")
        here = Checkpoint(self.origin, self.size, fold(self.edge))
        for what, expected, got in zip(
            ("log's name", "size", "root"), _fields(head), _fields(here), strict=True
        ):
            if expected != got:
                raise Differs(
                    f"{what} in the signed head of {counted(head.size, 'entry', 'entries')}", expected, got
                )
        if any(verifier in known for verifier in signed):
            self.covered = self.size
        else:
            self.warn(
                f"the head of {counted(head.size, 'entry', 'entries')} is signed by {signed[0].name}, not a trusted key"
            )

    def _key_beside(self, due: Due) -> Iterable[Verifier]:
        """Return the key stored beside a head; it must have joined the log before it signed."""
        if due.key is None:
            return ()
        if due.key not in self.declared:
            raise Differs("key of a stored head", "one declared by a key.added entry", due.key)
        return (self.declared[due.key],)


def _hash_difference(hashes: list[bytes], stored: bytes) -> Differs:
    """Return which of an entry's stored hashes is the first that differs."""
    for level, computed in enumerate(hashes):
        kept = stored[level * HASH_SIZE : (level + 1) * HASH_SIZE]
        if kept != computed:
            what = "leaf hash" if level == 0 else f"hash of the subtree of {1 << level} entries"
            return Differs(what, kept.hex() or "none", computed.hex())
    return Differs("number of stored hash bytes", str(len(hashes) * HASH_SIZE), str(len(stored)))


def _fields(head: Checkpoint) -> tuple[str, str, str]:
    return head.origin, str(head.size), head.root.hex()
