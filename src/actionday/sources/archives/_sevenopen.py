"""A 7z without its encryption, opened by secrets of the case: its list written anew, its contents where they were.

Source: 7-Zip's 7zFormat.txt (header, packed header, ``kFilesInfo``).
"""

from collections.abc import Mapping
from typing import NamedTuple
from zlib import crc32

from actionday.model import Context, Encrypted, Stream
from actionday.model.counted import counted
from actionday.model.streams import read_at
from actionday.sources.archives._deciphered import Piece, Sealed
from actionday.sources.archives._sevenfolders import AES, PPMD, Chain, streams, without, written
from actionday.sources.archives._sevenkeys import Keys, Locked, Opened, folders, length, plain_archive, whole
from actionday.sources.archives._sevenlist import HEADER, PACKED, PROPERTIES, STREAMS, WITHIN
from actionday.sources.archives._sevenmembers import Content, Told, files, sub
from actionday.sources.archives._sevennumbers import Numbers
from actionday.sources.archives._sevenstreams import BEGIN, MOST, Folder, unpacked

GIVEN_UP = 16
"""Folders in a row that no secret opens, after which no further one is tried on the others."""
LIST = "7z: the list of members is encrypted"
MEMBER = "7z: encrypted member"


class Plain(NamedTuple):
    """The archive without encryption, as far as secrets open it: its packed streams and its list alone."""

    stream: Stream
    contents: tuple[Content | None, ...]
    """What each member has, None of one without content; those that stay closed are empty in ``stream``."""
    closed: str
    """Why no secret opens the first member that stays closed."""
    taken: list[tuple[int, int]]
    """Begin and end of lists and packed streams in the archive as it stands."""


def plain(stream: Stream, around: Context) -> Plain | None:
    """Return the archive as it would be without its encryption; None of one that has none
    and is given to its reader as it stands.

    Raises Encrypted where no secret opens its list, ValueError or Damaged where that cannot be read.
    """
    return _Opening(stream, around).done()


class _Opening:
    def __init__(self, stream: Stream, around: Context) -> None:
        self._stream, self._around, self._keys = stream, around, Keys(stream, around)
        self._taken: list[tuple[int, int]] = []
        self._closed, self._shut = "", 0

    def done(self) -> Plain | None:
        """Return what ``plain`` does."""
        head, hidden = self._list()
        numbers = Numbers(head)
        numbers.expect(HEADER)
        kind = numbers.take(1)[0]
        if kind == PROPERTIES:
            while numbers.number():
                numbers.take(numbers.number())
            kind = numbers.take(1)[0]
        if kind != STREAMS:
            return self._plain([], head, ()) if hidden else None
        begin = numbers.at - 1
        told = streams(numbers)
        if not (hidden or any(each.has(AES) or each.has(PPMD) for each in told.chains)):
            return None
        chains, members, pieces, contents = (
            list[Chain](),
            list[Told](),
            list[tuple[Piece, ...]](),
            list[Content](),
        )
        for folder in folders(told):
            self._taken += [(at, at + size) for at, size in folder.places]
            opened = self._folder(folder) if folder.locked else None
            closed = folder.locked and opened is None
            contents += [Content(size, opened and opened.secret, closed) for size in folder.told.sizes]
            if not closed:
                seals = opened.seals if opened else {}
                chains.append(without(folder.chain, seals))
                members.append(folder.told)
                pieces += folder.pieces(seals)
        parts = b""
        if chains:
            sizes = tuple(map(length, pieces))
            parts = bytes((STREAMS,)) + written(BEGIN, sizes, tuple(chains), sub(members))
        listed = files(numbers, contents)
        return self._plain(pieces, head[:begin] + parts + listed.written, listed.contents)

    def _list(self) -> tuple[bytes, bool]:
        """Return the list, and whether it was encrypted. Raises Encrypted, ValueError or Damaged."""
        start = read_at(self._stream, 12, 16)
        at, size = BEGIN + int.from_bytes(start[:8], "little"), int.from_bytes(start[8:], "little")
        if not 0 < size <= MOST or at + size > self._stream.size:
            raise ValueError("no list")
        head, hidden = read_at(self._stream, at, size), False
        if crc32(head) != int.from_bytes(read_at(self._stream, 28, 4), "little"):
            raise ValueError("a list of another CRC")
        self._taken.append((at, at + size))
        for _ in range(WITHIN):
            if head[:1] != bytes((PACKED,)):
                break
            told = streams(Numbers(head, 1))
            if len(told.chains) != 1 or told.chains[0].size > MOST:
                raise ValueError("a list in several pieces")
            (folder,) = folders(told)
            seals: Mapping[int, Sealed] = {}
            if told.chains[0].has(AES):
                seals, hidden = self._keys.opened(folder, LIST).seals, True
            self._taken += [(begin, begin + size) for begin, size in folder.places]
            head = _unpacked(self._stream, folder, seals)
            if folder.crc not in (None, crc32(head)):
                raise ValueError("a list of another CRC")
        return head, hidden

    def _folder(self, folder: Locked) -> Opened | None:
        if self._shut >= GIVEN_UP or not folder.locks:
            return None
        try:
            found = self._keys.opened(folder, MEMBER)
        except Encrypted as error:
            self._closed, self._shut = self._closed or str(error), self._shut + 1
            if not folder.told.sizes:
                size = counted(folder.chain.size, "byte")
                self._around.note(
                    "feature", f"7z: an encrypted content of {size}, which no member leads to, stays closed"
                )
            return None
        self._shut = 0
        return found

    def _plain(
        self, pieces: list[tuple[Piece, ...]], head: bytes, contents: tuple[Content | None, ...]
    ) -> Plain:
        return Plain(
            whole(self._stream, [part for each in pieces for part in each], head),
            contents,
            self._closed,
            self._taken,
        )


def _unpacked(stream: Stream, folder: Locked, seals: Mapping[int, Sealed]) -> bytes:
    """Return a list out of the folder that it is packed in. Raises ValueError or Damaged."""
    chain = without(folder.chain, seals)
    if len(chain.coders) != 1:
        raise ValueError("a list in several coders")
    methods = tuple((each.method, each.properties) for each in chain.coders)
    lengths = tuple(map(length, folder.pieces(seals)))
    one = Folder(methods, BEGIN, lengths, chain.size, 1)
    return b"".join(unpacked(plain_archive(stream, folder, seals), one))
