"""Which secret of the case opens a folder of a 7z: shown by its padding, and by the CRC of its first member.

Source: 7-Zip's 7zFormat.txt and Methods.txt (``06 F1 07 01``); LZMA SDK 7zAes (cycles, salt, vector, key).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

from actionday.model import Context, Damaged, Derivation, Encrypted, ItemError, OverLimit, Stream, Stretch
from actionday.sources.archives._deciphered import UNIT, Piece, Sealed, Unsealed, deciphered
from actionday.sources.archives._libarchive import Archive
from actionday.sources.archives._sevenfolders import (
    AES,
    PPMD,
    Chain,
    Streams,
    number,
    without,
    written,
)
from actionday.sources.archives._sevenmembers import Told, sub
from actionday.sources.archives._sevenstreams import BEGIN
from actionday.sources.volumes._secret import fitting

PLAIN = 0x3F
"""Cycles that say: the salt and the secret are the key."""
AHEAD = 8


class Lock(NamedTuple):
    """Properties of an AES coder."""

    cycles: int
    salt: bytes
    vector: bytes


def lock(properties: bytes) -> Lock:
    """Return what the properties say. Raises ValueError."""
    first = properties[0] if properties else 0
    salt, vector, at = first >> 7, first >> 6 & 1, 1
    if salt or vector:
        second = properties[1] if len(properties) > 1 else 0
        salt, vector, at = salt + (second >> 4), vector + (second & 15), 2
    if len(properties) < at + salt + vector:
        raise ValueError("properties of AES that are too short")
    own = properties[at + salt : at + salt + vector]
    return Lock(first & PLAIN, properties[at : at + salt], own.ljust(UNIT, b"\0"))


class Locked(NamedTuple):
    """A folder that is opened: where its packed streams lie, what each is locked with, and its first member."""

    chain: Chain
    places: tuple[tuple[int, int], ...]
    """Begin and bytes of each packed stream."""
    locks: Mapping[int, Lock]
    told: Told

    @property
    def first(self) -> int:
        """Bytes of its first member, of all where none is told."""
        return self.told.sizes[0] if self.told.sizes else self.chain.size

    @property
    def crc(self) -> int | None:
        """CRC of its first member, None where none is told."""
        return self.told.digests[0] if self.told.digests else self.chain.crc

    @property
    def locked(self) -> bool:
        """Whether it is encrypted."""
        return self.chain.has(AES)

    def due(self, stream: int) -> int:
        """Return how many bytes the AES coder gives that is given a packed stream: the blocks less their padding."""
        place, ins, outs = self.chain.packed[stream], 0, 0
        for coder in self.chain.coders:
            if ins == place:
                return self.chain.sizes[outs]
            ins, outs = ins + coder.ins, outs + coder.outs
        return 0

    def pieces(self, seals: Mapping[int, Sealed]) -> list[tuple[Piece, ...]]:
        """Return the packed streams as they are without what ``seals`` undo: readers allow of nothing behind them."""
        return [
            (Piece(self.due(stream), at, seals[stream]) if stream in seals else Piece(size, at), *self._more)
            for stream, (at, size) in enumerate(self.places)
        ]

    @property
    def _more(self) -> tuple[Piece, ...]:
        """What libarchive 3.6 needs behind PPMd: at the very end it asks for a byte more in one archive of eight."""
        return (Piece(AHEAD, made=bytes(AHEAD)),) if self.chain.has(PPMD) else ()


def folders(told: Streams) -> Iterator[Locked]:
    """Yield the folders. Raises ValueError for properties of AES that fit nothing."""
    begin, first, untold = told.begin, 0, iter(told.digests)
    for chain, count, sizes in zip(told.chains, told.counts, told.sizes, strict=True):
        places = list[tuple[int, int]]()
        for size in told.packed[first : first + len(chain.packed)]:
            places.append((begin, size))
            begin += size
        first += len(chain.packed)
        own = count == 1 and chain.crc is not None
        known = (chain.crc,) if own else tuple(next(untold, None) for _ in range(count))
        parts = (*sizes, max(0, chain.size - sum(sizes))) if count else ()
        locks = {stream: lock(properties) for stream, properties in chain.locks().items()}
        yield Locked(chain, tuple(places), locks, Told(parts, known, own))


class Opened(NamedTuple):
    """What a secret made of a folder."""

    secret: int
    seals: Mapping[int, Sealed]


class Keys:
    """Opens the folders of one archive; a secret that opened one is tried first on the next."""

    def __init__(self, stream: Stream, around: Context) -> None:
        self._stream, self._around = stream, around
        self._last: Opened | None = None
        self._good = ""

    def opened(self, folder: Locked, what: str) -> Opened:
        """Return the keys of a folder. Raises Encrypted where no secret of the case opens ``what``."""
        if self._last is not None and (seals := self._seals(folder, self._good)):
            sure = _room(folder) > 2
            if self._padded(folder, seals) and (sure or self._reads(folder, seals)):
                return Opened(self._last.secret, seals)

        def fits(secret: str) -> Mapping[int, Sealed] | None:
            seals = self._seals(folder, secret)
            return seals if self._padded(folder, seals) and self._reads(folder, seals) else None

        def reads(secret: str) -> Mapping[int, Sealed] | None:
            """Other writers fill the last block with what they like."""
            seals = self._seals(folder, secret)
            return None if self._padded(folder, seals) or not self._reads(folder, seals) else seals

        try:
            self._last = Opened(*fitting(self._around, what, fits))
        except Encrypted:
            if not (self._around.secrets and _room(folder)):
                raise
            self._last = Opened(*fitting(self._around, what, reads))
        self._good = self._around.secrets[self._last.secret - 1]
        return self._last

    def _seals(self, folder: Locked, secret: str) -> Mapping[int, Sealed]:
        """Return the keys that a secret gives. Raises TooCostly."""
        letters = secret.encode("utf-8", "surrogateescape").decode("utf-8", "replace").encode("utf-16-le")
        return {
            stream: Sealed(self._key(letters, each), each.vector) for stream, each in folder.locks.items()
        }

    def _key(self, letters: bytes, own: Lock) -> bytes:
        if own.cycles == PLAIN:
            return (own.salt + letters)[:32].ljust(32, b"\0")
        work = Derivation(
            kind=Stretch.SEVEN_ZIP, secret=letters, salt=own.salt, length=32, rounds=1 << own.cycles
        )
        return self._around.derive(work)

    def _padded(self, folder: Locked, seals: Mapping[int, Sealed]) -> bool:
        """Say whether the last block of each locked stream ends in zeros where nothing of the stream is left."""
        for stream, sealed in seals.items():
            begin, size = folder.places[stream]
            due = folder.due(stream)
            if size % UNIT or not size or not 0 <= size - due < UNIT:
                return False
            last = deciphered(self._stream, begin, size - UNIT, UNIT, sealed)
            if any(last[UNIT - (size - due) :] if size > due else b""):
                return False
        return True

    def _reads(self, folder: Locked, seals: Mapping[int, Sealed]) -> bool:
        """Say whether the first member is what its CRC says, by unpacking it."""
        data, size = plain_archive(self._stream, folder, seals), 0
        crc = 0
        try:
            with Archive(data, ("7zip",)) as archive:
                if archive.next() is None:
                    return False
                for chunk in archive.data():
                    size, crc = size + len(chunk), crc32(chunk, crc)
        except OverLimit:
            raise
        except ItemError:
            return False
        return size == folder.first and folder.crc in (None, crc)


def _room(folder: Locked) -> int:
    """Return how many bytes of padding the last blocks have: each that is zero is 1 in 256 by chance."""
    return sum(folder.places[stream][1] - folder.due(stream) for stream in folder.locks)


def plain_archive(stream: Stream, folder: Locked, seals: Mapping[int, Sealed]) -> Unsealed:
    """Return an archive that is one folder alone, without its encryption; its members: the first, and the rest."""
    chain = without(folder.chain, seals)._replace(crc=None)
    parts = (folder.first, chain.size - folder.first) if 0 < folder.first < chain.size else (chain.size,)
    told = Told(parts, (folder.crc, None)[: len(parts)], own=False)
    pieces = folder.pieces(seals)
    listed = b"\x01\x04" + written(BEGIN, tuple(map(length, pieces)), (chain,), sub([told]))
    names = b"\0" + b"a\0\0\0" * len(parts)
    listed += b"\x05" + number(len(parts)) + b"\x11" + number(len(names)) + names + b"\0\0"
    return whole(stream, [part for each in pieces for part in each], listed)


def length(pieces: Sequence[Piece]) -> int:
    """Return the bytes of a packed stream."""
    return sum(each.size for each in pieces)


def whole(stream: Stream, pieces: Sequence[Piece], listed: bytes) -> Unsealed:
    """Return an archive of packed streams and a list. Raises Damaged where they reach beyond what is there."""
    if any(each.made is None and each.at + each.size > stream.size for each in pieces):
        raise Damaged(f"7z: ends at byte {stream.size}, before its packed streams do")
    packed = sum(each.size for each in pieces)
    start = (
        packed.to_bytes(8, "little") + len(listed).to_bytes(8, "little") + crc32(listed).to_bytes(4, "little")
    )
    head = b"7z\xbc\xaf\x27\x1c\0\4" + crc32(start).to_bytes(4, "little") + start
    return Unsealed(stream, [Piece(BEGIN, made=head), *pieces, Piece(len(listed), made=listed)])
