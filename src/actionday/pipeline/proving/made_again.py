"""The index's documents, made again from rows and texts for a proof: what cannot be made is said, and not raised."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from actionday.model import Damaged
from actionday.pipeline.documents import QUERY, SELECTED, Kept, document_of
from actionday.pipeline.proving.report import Subject
from actionday.storage.index import Index

OF_CHECKPOINT = (
    f"{SELECTED} WHERE i.seq = ?1 OR i.sha256 IN (SELECT sha256 FROM contents WHERE seq = ?1 "  # noqa: S608
    "OR text IN (SELECT sha256 FROM objects WHERE seq = ?1)) ORDER BY i.n"
)
SPOILED = (
    Damaged,
    OSError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RecursionError,
    msgspec.MsgspecError,
)
"""What a row raises that holds other kinds of values than ours, and a text that is torn."""


class Made(NamedTuple):
    """A document's item and digest; None where its row or its text is not one that it could be made from."""

    item: str
    digest: bytes | None
    place: tuple[object, object]


def made_again(of: Subject) -> Iterator[Made]:
    """Yield every document, in the order of storing."""
    of.pace.expect(of.case.database.execute("SELECT COUNT(*) FROM items").fetchone()[0], "documents")
    for each in _made(of, QUERY, ()):
        of.pace.more(1)
        yield each


def made_of(of: Subject, seq: int) -> Iterator[Made]:
    """Yield the documents that rows of a checkpoint enter."""
    return _made(of, OF_CHECKPOINT, (seq,))


def _made(of: Subject, query: str, values: Sequence[object]) -> Iterator[Made]:
    kept: Kept = {}
    for row in of.case.database.execute(query, values):
        item = row[0].hex() if isinstance(row[0], bytes) else str(row[0])
        try:
            digest = Index.digest(document_of(row, of.packs, kept))
        except SPOILED:
            digest = None
        yield Made(item, digest, (row[2], row[3]))
