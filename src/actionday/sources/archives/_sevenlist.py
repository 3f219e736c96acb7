"""The list of a 7z: its folders, the names of its members, and what stands in it that nothing is made of.

Source: 7-Zip's 7zFormat.txt (signature header, packed header, header, ``kFilesInfo`` and its properties).
"""

from array import array
from typing import NamedTuple

from actionday.model import Stream
from actionday.sources.archives._sevennumbers import Numbers, bits
from actionday.sources.archives._sevenstreams import BEGIN, END, MOST, Folder, folders, unpacked

HEADER, PACKED, PROPERTIES, ADDITIONAL, STREAMS, FILES = 1, 0x17, 2, 3, 4, 5
EMPTY, EMPTY_FILE, ANTI, NAMES, ATTRIBUTES, DUMMY = 0x0E, 0x0F, 0x10, 0x11, 0x15, 0x19
CHANGED = 0x14
TIMES = frozenset({0x12, 0x13, CHANGED, 0x18})
"""Created, accessed, changed; and where a member begins in what it was cut from."""
WITHIN = 4
"""Packed lists that lead to one another; 7-Zip writes one."""


class Strange(NamedTuple):
    """Bytes of a list of which nothing is made: what they are called, and where in the list they stand.

    ``within`` a property of members, they make readers differ about whatever follows.
    """

    name: str
    at: int
    data: bytes
    within: bool = False


class Listing(NamedTuple):
    """What a list tells; places are bytes of the archive."""

    taken: list[tuple[int, int]]
    """Begin and end of the lists and of what each folder takes up."""
    folders: list[Folder]
    names: list[str]
    times: list[bytes]
    """The property that says when members were changed, as it stands."""
    strange: list[Strange]


def raw_list(stream: Stream) -> tuple[bytes, list[tuple[int, int]]]:
    """Return the list, unpacked, and where it lies. Raises ValueError or Damaged where it cannot be had."""
    stream.seek(12)
    start = stream.read(16)
    offset, size = int.from_bytes(start[:8], "little"), int.from_bytes(start[8:], "little")
    if not size:
        return bytes((HEADER, END)), []
    if size > MOST or BEGIN + offset + size > stream.size:
        raise ValueError("no list")
    stream.seek(BEGIN + offset)
    head, taken = stream.read(size), [(BEGIN + offset, BEGIN + offset + size)]
    for _ in range(WITHIN):
        if head[:1] != bytes((PACKED,)):
            break
        (folder, *more), rest = folders(Numbers(head, 1))
        if more or rest or folder.size > MOST:
            raise ValueError("a list in several pieces")
        taken.append((folder.begin, folder.begin + sum(folder.packed)))
        head = b"".join(unpacked(stream, folder))
    return head, taken


def listing(stream: Stream) -> Listing:
    """Return what the list of an archive tells. Raises ValueError or Damaged where it cannot be had."""
    head, taken = raw_list(stream)
    numbers = Numbers(head)
    numbers.expect(HEADER)
    found = Listing(taken, [], [], [], [])
    kind = numbers.take(1)[0]
    if kind == PROPERTIES:
        while property_ := numbers.number():
            data = numbers.take(numbers.number())
            found.strange.append(Strange(f"property {property_:#x}", numbers.at - len(data), data))
        kind = numbers.take(1)[0]
    for each in (ADDITIONAL, STREAMS):
        if kind == each:
            own, _ = folders(numbers)
            found.folders.extend(one if each == STREAMS else one._replace(members=0) for one in own)
            kind = numbers.take(1)[0]
    if kind == FILES:
        _files(numbers, found)
        kind = numbers.take(1)[0]
    if kind != END:
        raise ValueError(f"{kind:#x} in the list")
    if numbers.at < len(head):
        found.strange.append(Strange("behind the list", numbers.at, head[numbers.at :]))
    taken.extend((each.begin, each.begin + _used(each)) for each in found.folders)
    return found


def _used(folder: Folder) -> int:
    """Return how many packed bytes a folder has a use for: of one that is not packed, no more than come out of it."""
    packed = sum(folder.packed)
    return min(packed, folder.size) if folder.method == b"\0" else packed


def _files(numbers: Numbers, found: Listing) -> None:
    count, empty = numbers.number(), 0
    while kind := numbers.number():
        data = numbers.take(numbers.number())
        if kind == EMPTY:
            empty = bits(data, count)
        used = _understood(kind, data, count, empty)
        if kind == NAMES and used > 1 and not found.names:
            found.names.extend(data[1 : used - 2].decode("utf-16-le", "replace").split("\0"))
        elif kind == CHANGED:
            found.times.append(data[:used])
        if used < len(data):
            name = "names of no member" if kind == NAMES else f"property {kind:#x}"
            within = bool(used) and kind != NAMES
            found.strange.append(Strange(name, numbers.at - len(data) + used, data[used:], within))


def _understood(kind: int, data: bytes, count: int, empty: int) -> int:
    """Return how many bytes of a property of ``count`` members, of which ``empty`` have no content, have a use."""
    if kind == EMPTY:
        return (count + 7) // 8
    if kind in (EMPTY_FILE, ANTI):
        return (empty + 7) // 8
    if kind in TIMES or kind == ATTRIBUTES:
        inner = Numbers(data)
        return inner.defined(count) * (4 if kind == ATTRIBUTES else 8) + inner.at + 1
    if kind != NAMES:
        return 0
    letters, at = array("H", data[1 : len(data) - (len(data) - 1) % 2]), 0
    ends = letters.count(0)
    if ends < count:
        raise ValueError("fewer names than members")
    if ends == count and not (letters and letters[-1]):
        return len(data)
    for _ in range(count):
        at = letters.index(0, at) + 1
    return 1 + 2 * at
