"""What the index is told about an item, and what it keeps of it to show a hit and to prove itself whole."""

import struct
from collections.abc import Iterable, Sequence, Sized
from hashlib import blake2b

import msgspec

from actionday.storage.index.metadata import Words

LENGTHS = struct.Struct("<QHHI16s?")


class Document(msgspec.Struct, frozen=True, gc=False):
    """An item with its text, and its metadata, as ``normalise`` left them.

    ``seq`` is the number of the database transaction that will know the item; ``path`` and ``name`` are as
    the contract of ``export items`` has them, ``name`` of an exhibit itself is its ID; ``languages`` are ISO 639-3;
    ``modified`` is in seconds since 1970 UTC. ``body`` and ``alt`` are those of ``Terms`` as UTF-8, in pieces where
    the text was normalised in windows. ``meta`` are the words of the content's metadata and ``own`` those of the
    item's, as ``metadata.words`` gives them.
    """

    item: str
    seq: int
    exhibit: str
    path: str
    name: str
    kind: str
    status: str
    mime: str
    year: int | None
    sha256: str | None
    languages: tuple[str, ...]
    script: str | None
    body: Sequence[bytes]
    alt: Sequence[bytes]
    modified: int | None = None
    meta: Words = ((), ())
    own: Words = ((), ())
    otherwise: bool = False
    """Whether the same content is read in other ways too: told for counting, and no part of the digest."""

    def digest(self) -> bytes:
        """Return 16 bytes that differ when anything that was indexed differs, ``seq`` aside."""
        return self.digest_with(self.text_digest())

    def digest_with(self, text_digest: bytes) -> bytes:
        """Return the digest, given that of the text, which is the long part of the work."""
        fields = (self.item, self.exhibit, self.path, self.name, self.kind, self.status, self.mime)
        told = (str(self.year), str(self.modified), text_digest.hex(), *_lengths(self.own))
        return _digest((*fields, *told), (*self.own[0], *self.own[1]))

    def text_digest(self) -> bytes:
        """Return 16 bytes of what belongs to the content alone: documents of one content share them."""
        parts = (self.body, self.alt, *self.meta)
        marks = (self.sha256 or "", self.script or "", ",".join(self.languages), *_lengths(parts))
        return _digest(marks, (*self.body, *self.alt, *self.meta[0], *self.meta[1]))


class Record(msgspec.Struct, frozen=True, gc=False):
    """What is stored of a document: enough for a hit without asking the database."""

    item: str
    exhibit: str
    path: str
    sha256: str | None
    seq: int
    digest: bytes

    def place(self) -> str:
        """Return the key that hits of equal score are sorted by: exhibit, path, then something of the item."""
        item = blake2b(encoded(self.item), digest_size=4).hexdigest()
        return f"{self.exhibit}\0{self.path}\0{item}"

    def packed(self) -> bytes:
        """Return the record as bytes; ``unpacked`` is the way back."""
        item, exhibit, path = encoded(self.item), encoded(self.exhibit), encoded(self.path)
        lengths = LENGTHS.pack(self.seq, len(item), len(exhibit), len(path), self.digest, bool(self.sha256))
        return lengths + item + exhibit + path + bytes.fromhex(self.sha256 or "")


def record(document: Document, digest: bytes) -> Record:
    """Return what to store of a document."""
    shown = (document.item, document.exhibit, document.path, document.sha256)
    return Record(*shown, document.seq, digest)


def unpacked(data: bytes) -> Record:
    """Return the record that ``Record.packed`` made."""
    seq, item, exhibit, path, digest, hashed = LENGTHS.unpack_from(data)
    parts, at = [], LENGTHS.size
    for length in (item, exhibit, path):
        parts.append(data[at : at + length].decode("utf-8", "surrogatepass"))
        at += length
    sha256 = data[at:].hex() if hashed else None
    return Record(parts[0], parts[1], parts[2], sha256, seq, digest)


def encoded(text: str) -> bytes:
    """Return UTF-8 that also holds lone surrogates."""
    return text.encode("utf-8", "surrogatepass")


def _lengths(parts: Iterable[Sized]) -> Iterable[str]:
    return map(str, map(len, parts))


def _digest(fields: Sequence[str], texts: Sequence[bytes]) -> bytes:
    lengths = ",".join(_lengths((*fields, *texts)))
    hashed = blake2b(encoded("\0".join((lengths, *fields, ""))), digest_size=16)
    for text in texts:
        hashed.update(text)
    return hashed.digest()
