"""Members of a 7z's list, written anew: those of folders that stay closed become empty files, for nobody can skip them.

Source: 7-Zip's 7zFormat.txt (``kSubStreamsInfo``, ``kFilesInfo``: ``kEmptyStream``, ``kEmptyFile``, ``kAnti``).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from actionday.sources.archives._sevenfolders import digest_flags, number
from actionday.sources.archives._sevenlist import ANTI, EMPTY, EMPTY_FILE, FILES
from actionday.sources.archives._sevennumbers import Numbers
from actionday.sources.archives._sevenstreams import COUNTS, DIGESTS, MOST, SIZE, SUB


class Content(NamedTuple):
    """What a member with a content has: its bytes, the number of the secret that opens it, whether it stays closed."""

    size: int
    secret: int | None
    closed: bool


class Told(NamedTuple):
    """What is told of the members of one folder."""

    sizes: tuple[int, ...]
    digests: tuple[int | None, ...]
    own: bool
    """Whether its CRC is that of its only member, and not told again."""


def sub(folders: Sequence[Told]) -> bytes:
    """Return the part of a list that tells of the members of folders."""
    out = bytes((SUB, COUNTS)) + b"".join(number(len(each.sizes)) for each in folders)
    sizes = b"".join(number(size) for each in folders for size in each.sizes[:-1])
    out += bytes((SIZE,)) + sizes if sizes else b""
    known = [crc for each in folders if not each.own for crc in each.digests]
    if any(crc is not None for crc in known):
        out += bytes((DIGESTS,)) + digest_flags([crc is not None for crc in known])
        out += b"".join(crc.to_bytes(4, "little") for crc in known if crc is not None)
    return out + b"\0"


class Files(NamedTuple):
    """The part of a list that tells of members, with nothing before its mark."""

    contents: tuple[Content | None, ...]
    """Of each member; None of one that has none."""
    written: bytes


def files(numbers: Numbers, packed: Iterable[Content]) -> Files:
    """Return what is told of members that have the contents ``packed``, in order. Raises ValueError."""
    begin, contents = numbers.at, iter(packed)
    if numbers.take(1)[0] != FILES:
        return Files((), numbers.data[begin:])
    count, told = numbers.number(), list[tuple[int, bytes]]()
    while kind := numbers.number():
        told.append((kind, numbers.take(numbers.number())))
    if count > MOST:
        raise ValueError(f"{count} members")
    known = dict(told)
    bare = tuple(_bits(known.get(EMPTY, b""), count))
    found = tuple(None if each else next(contents, None) for each in bare)
    if not any(each is not None and each.closed for each in found):
        return Files(found, numbers.data[begin:])
    empty = [own or (each is not None and each.closed) for own, each in zip(bare, found, strict=True)]
    made = bytes((FILES,)) + number(count) + _property(EMPTY, _vector(empty))
    for kind, closed in ((EMPTY_FILE, True), (ANTI, False)):
        old = iter(tuple(_bits(known.get(kind, b""), sum(bare))))
        made += _property(kind, _vector([next(old) if bare[i] else closed for i, e in enumerate(empty) if e]))
    for kind, data in told:
        made += b"" if kind in (EMPTY, EMPTY_FILE, ANTI) else _property(kind, data)
    return Files(found, made + b"\0" + numbers.data[numbers.at :])


def _property(kind: int, data: bytes) -> bytes:
    return number(kind) + number(len(data)) + data


def _bits(data: bytes, count: int) -> Iterator[bool]:
    return (each // 8 < len(data) and bool(data[each // 8] >> (7 - each % 8) & 1) for each in range(count))


def _vector(bits: Sequence[bool]) -> bytes:
    text = "".join("01"[each] for each in bits) + "0" * (-len(bits) % 8)
    return bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8))
