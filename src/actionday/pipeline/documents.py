"""The index document of every stored item, made from database and objects alone: for rebuilding and proving."""

import sqlite3
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from actionday.model import Damaged
from actionday.model.times import seconds_of
from actionday.pipeline.extracted import Text, terms
from actionday.storage.case import Case
from actionday.storage.database.rows import READ, among
from actionday.storage.index import Document, metadata
from actionday.storage.index.metadata import NO_WORDS, Words
from actionday.storage.objects import Location, Packs

SELECTED = (
    "SELECT i.id, i.seq, e.id, i.path, i.kind, i.status, i.mtime, i.sha256, c.mime, c.language, c.script, "  # noqa: S608
    "c.segments, "
    "c.text, o.pack, o.start, o.size, o.frames, o.skip, c.meta, i.meta, "
    "EXISTS (SELECT 1 FROM contents a WHERE a.sha256 = i.sha256 AND a.reading <> i.reading) "
    "FROM items i JOIN exhibits e ON e.number = i.exhibit "
    f"LEFT JOIN contents c ON {READ} LEFT JOIN objects o ON o.sha256 = c.text"
)
QUERY = f"{SELECTED} ORDER BY i.seq, i.n"
FACTS_KEPT = 10_000
"""Contents, 0.7 KB each: what is asked for again was mostly stored a moment ago, and the rest is one look-up."""
TEXTS_KEPT = 64
"""Terms of the last texts: copies of a file often stand close together."""


class Spoken(msgspec.Struct, gc=False):
    """What is read of a stretch of a text in one language."""

    language: str


SEGMENTS = msgspec.json.Decoder(list[Spoken]).decode


def codes(language: str | None, segments: str | None) -> tuple[str, ...]:
    """Return the languages of a text, that of most characters first."""
    if language is None:
        return ()
    found = SEGMENTS(segments) if segments else []
    return tuple(dict.fromkeys([language, *(each.language for each in found)]))


class Facts(NamedTuple):
    """What the index says of an item's content."""

    mime: str
    languages: tuple[str, ...]
    script: str | None
    meta: str | None = None
    """What the parser told of it, as JSON."""
    text: bytes | None = None
    """SHA-256 of its text."""


Readings = dict[bytes, Facts]
KNOWN = "SELECT sha256, reading, mime, language, script, segments, meta, text FROM contents WHERE sha256"


class KnownFacts:
    """The facts of contents by reading, stored or about to be; the last ones are at hand."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._kept: OrderedDict[bytes, Readings] = OrderedDict()
        self._unstored: dict[bytes, Readings] = {}
        """Those that the database has not yet: nowhere else are they to be had."""
        self._absent: set[bytes] = set()

    def of(self, sha256: bytes) -> Readings:
        """Return the facts of every reading of a content, none where there is no such content."""
        if (fresh := self._unstored.get(sha256)) is not None:
            return fresh
        if sha256 not in self._kept and sha256 not in self._absent:
            self.look_up([sha256])
        return self._kept.get(sha256, {})

    def look_up(self, contents: Iterable[bytes]) -> None:
        """Have the facts of contents at hand; of those that there are not, ``of`` asks no more until ``settle``."""
        unknown = [sha256 for sha256 in {*contents} - self._absent if sha256 not in self._kept]
        found: defaultdict[bytes, Readings] = defaultdict(dict)
        for row in among(self._database, KNOWN, unknown):
            found[row[0]][row[1]] = Facts(row[2], codes(row[3], row[5]), row[4], row[6], row[7])
        for sha256, readings in found.items():
            self._keep(sha256, readings)
        self._absent.update(sha256 for sha256 in unknown if sha256 not in found)

    def add(self, sha256: bytes, reading: bytes, facts: Facts) -> None:
        """Add those of a reading that the database has not yet."""
        self._unstored[sha256] = {**self.of(sha256), reading: facts}

    def settle(self) -> None:
        """Take note that the database has all of them."""
        for sha256, found in self._unstored.items():
            self._keep(sha256, found)
        self._unstored.clear()
        self._absent.clear()

    def _keep(self, sha256: bytes, found: Readings) -> None:
        self._kept[sha256] = found
        self._kept.move_to_end(sha256)
        if len(self._kept) > FACTS_KEPT:
            self._kept.popitem(last=False)


Kept = dict[bytes, Words]
NO_FACTS = Facts("", (), None)


class Place(NamedTuple):
    """What the index says of an item itself."""

    item: bytes
    seq: int
    exhibit: str
    path: str
    kind: str
    status: str
    mtime: str | None
    sha256: bytes | None
    meta: str | bytes | None = None
    """What the source told of it, as JSON."""


def document(place: Place, facts: Facts, words: Words, *, otherwise: bool = False) -> Document:
    """Return an item's index document: the one definition, for writing, rebuilding and proving.

    ``otherwise``: its content has other readings.
    """
    return Document(
        item=place.item.hex(),
        seq=place.seq,
        exhibit=place.exhibit,
        path=place.path,
        name=place.path.rpartition("/")[2]
        or place.exhibit,  # of the exhibit itself its ID: nobody knows another
        kind=place.kind,
        status=place.status,
        mime=facts.mime,
        year=int(place.mtime[:4]) if place.mtime else None,
        sha256=place.sha256.hex() if place.sha256 else None,
        languages=facts.languages,
        script=facts.script,
        body=words[0],
        alt=words[1],
        modified=None if place.mtime is None else seconds_of(place.mtime),
        meta=metadata.words(facts.meta),
        own=metadata.words(place.meta, facts.meta),
        otherwise=otherwise,
    )


def documents(case: Case, packs: Packs) -> Iterator[Document]:
    """Yield the document of every item, in the order of storing. Raises Damaged for a text or facts that are torn."""
    kept: Kept = {}
    for row in case.database.execute(QUERY):
        yield document_of(row, packs, kept)


def document_of(row: tuple[Any, ...], packs: Packs, kept: Kept) -> Document:
    """Return the document of a row of ``SELECTED``; ``kept``: terms of the last texts. Raises as ``documents``."""
    facts = Facts(row[8] or "", codes(row[9], row[11]), row[10], row[18])
    words = _terms(row, packs, kept)
    return document(Place(*(*row[:8], row[19])), facts, words, otherwise=bool(row[20]))


def _terms(row: tuple[Any, ...], packs: Packs, kept: Kept) -> Words:
    text = row[12]
    if not isinstance(text, bytes) or row[13] is None:
        return NO_WORDS
    if text not in kept:
        read = _text(row, text, packs)
        if len(kept) >= TEXTS_KEPT:
            kept.pop(next(iter(kept)))
        kept[text] = terms(Text((read,), len(read)))
    return kept[text]


def _text(row: tuple[Any, ...], text: bytes, packs: Packs) -> str:
    try:
        return packs.whole(text, Location.of(row[13:18])).decode("utf-8", "replace")
    except Damaged as error:
        raise Damaged(f"the text of {row[2]}/{row[3]}: {error}") from error
