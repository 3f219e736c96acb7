"""What stands in the headers of a tar and no field of theirs says: behind the NUL of a name, in reserved bytes.

Source: POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format" (what GNU keeps where the
prefix is); star(5) (its times behind a shorter prefix, ``tar`` in the last bytes).
"""

from collections.abc import Iterator
from io import BytesIO

from actionday.model import Found, Kind
from actionday.sources.archives._leftover import BLANK, LEAST
from actionday.sources.archives._tarheader import RECORD, number

MOST = 1000
"""Items made of one archive's headers; how many more there are is said."""
Remnant = tuple[int, bytes]
"""The byte of the archive at which it stands, and what stands there."""
_TEXTS = ((0, 100), (157, 257))
_NUMBERS = ((100, 108), (108, 116), (116, 124), (124, 136), (136, 148), (148, 156))
_LINKS = b"12K"
_LARGEST = 1 << 64
"""Beyond it a binary number is no owner, no size and no time: it is something else."""


def remnant(data: bytes, at: int) -> Iterator[Remnant]:
    """Yield ``data``, which stands at byte ``at``, without the padding around it, unless it is too short for a word."""
    kept = data.strip(BLANK)
    if len(kept) >= LEAST:
        yield at + data.index(kept), kept


def of_header(block: bytes, at: int) -> Iterator[Remnant]:
    """Yield what no field claims of the header ``block``, which stands at byte ``at``."""
    for start, end, kind in _layout(block):
        field = block[start:end]
        begins = _claimed(field, kind)
        yield from remnant(field[begins:], at + start + begins)


def _claimed(field: bytes, kind: str) -> int:
    """Return how many bytes of a field are understood."""
    if kind == "reserved":
        return 0
    if kind == "number" and (field[0] & 0x80 or (value := number(field)) is None or value < 0):
        whole = field[0] & 0x80 and abs(number(field) or 0) < _LARGEST
        return len(field) if whole else 0
    return (field.find(b"\0") + 1) or len(field)


def _layout(block: bytes) -> Iterator[tuple[int, int, str]]:
    """Yield where fields begin and end, and whether they are a text, a number or reserved; what is read is left out."""
    yield 0, 100, "text"
    for start, end in _NUMBERS:
        yield start, end, "number"
    yield 157, 257, "text" if block[156:157] in _LINKS else "reserved"
    old = not block.startswith(b"ustar", 257)
    if old:
        yield 257, 329, "reserved"
    else:
        yield 265, 297, "text"
        yield 297, 329, "text"
    yield 329, 337, "number"  # GNU tar writes them into the oldest form too
    yield 337, 345, "number"
    if old:
        yield 345, RECORD, "reserved"
        return
    yield from _behind_devices(block)


def _behind_devices(block: bytes) -> Iterator[tuple[int, int, str]]:
    if block[257:263] != b"ustar\0":
        for start, end in ((345, 357), (357, 369), (369, 381)):
            yield start, end, "number"
        if block[156:157] != b"S":  # its map is read, and what stands behind it looked at there
            yield 381, 483, "reserved"
        yield 483, 495, "number"
        yield 495, RECORD, "reserved"
    elif block[508:511] == b"tar":
        yield 345, 476, "text"
        yield 476, 488, "number"
        yield 488, 500, "number"
        yield 500, 508, "reserved"
    else:
        yield 345, 500, "text"
        yield 500, RECORD, "reserved"


def items(name: str, found: list[Remnant], *, addressed: bool) -> Iterator[Found]:
    """Yield remnants as items, ``name header @byte``; where they can be addressed, in place."""
    for at, data in found:
        said = f"{name} header @{at}" if name else f"header @{at}"
        if addressed:
            runs = ((at, len(data)),)
            yield Found(name=said, kind=Kind.MEMBER, place=f"+{at}", size=len(data), runs=runs)
        else:
            yield Found(name=said, kind=Kind.MEMBER, place=f"+{at}", size=len(data),
                        read=lambda data=data: BytesIO(data))  # type: ignore[misc]  # fmt: skip
