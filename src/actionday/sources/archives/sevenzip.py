"""7z, by libarchive; what is encrypted is given to it as it would be without, where a secret of the case opens it.

Source: 7-Zip's 7zFormat.txt (signature header, packed header at the end).
"""

from collections.abc import Iterator
from functools import partial
from zlib import crc32

from msgspec.structs import replace

from actionday.model import Claim, Context, Damaged, Found, ItemError, OverLimit, Peek, Status, Stream
from actionday.sources.archives._by_libarchive import members
from actionday.sources.archives._leftover import behind
from actionday.sources.archives._sevengaps import Outer, beside
from actionday.sources.archives._sevenmemory import largest_dictionary
from actionday.sources.archives._sevenopen import MEMBER, Plain, plain

MAGIC = b"7z\xbc\xaf\x27\x1c"


class SevenZip:
    """Members in the order of the archive's list; ``place`` is the number."""

    name, sample = "7z", "kestrel.7z"
    marks = ((0, MAGIC),)

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE when the start header has its CRC and the list lies inside, else MAGIC.

        The first of several parts is not whole: whoever joins them has the better right.
        """
        head = peek.head[:32]
        if not head.startswith(MAGIC):
            return Claim.NO
        whole = crc32(head[12:]) == int.from_bytes(head[8:12], "little") and _end(head) <= peek.size
        return Claim.STRUCTURE if whole else Claim.MAGIC

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the members. Raises Damaged when the list at the end is missing: none can be told then.

        Raises Encrypted where no secret of the case opens the list.
        """
        stream.seek(0)
        start = stream.read(32)
        end = _end(start)
        if len(start) < 32 or end > stream.size:
            missing = "; the parts behind it (.002 …) are missing" if around.name.endswith(".001") else ""
            raise Damaged(f"7z: ends at byte {stream.size}, its list would end at byte {end}{missing}")
        opened = _opened(stream, around)
        inner = stream if opened is None else opened.stream
        damage: ItemError | None = None
        count = 0
        try:
            for found in members(inner, around, ("7zip",), needs=partial(largest_dictionary, inner)):
                yield found if opened is None else _told(found, count, opened)
                count += found.place.isdecimal()
        except (Damaged, OverLimit) as error:  # the library refuses lists that others read
            damage = error
        outer = None if opened is None else Outer(stream, opened.taken)
        yield from beside(inner, around, None if damage is None else count, outer)
        yield from behind(stream, end, around, "7z")
        if damage is not None:
            raise damage


def _opened(stream: Stream, around: Context) -> Plain | None:
    try:
        return plain(stream, around)
    except (Damaged, ValueError):
        return None  # the library says what is wrong with it


def _told(found: Found, number: int, opened: Plain) -> Found:
    """Return a member with the secret that opens it, or why none does."""
    if not found.place.isdecimal():
        return found
    content = opened.contents[number] if number < len(opened.contents) else None
    if content is None:
        return found
    if content.closed:
        return replace(
            found,
            size=content.size,
            read=None,
            runs=None,
            status=Status.ENCRYPTED,
            reason=opened.closed or MEMBER,
        )
    if content.secret is None:
        return found
    return replace(found, meta={**found.meta, "encryption": "AES-256", "secret": content.secret})


def _end(start: bytes) -> int:
    """Return where the list ends, by the 32 bytes of the start header."""
    return 32 + int.from_bytes(start[12:20], "little") + int.from_bytes(start[20:28], "little")


SOURCE = SevenZip()
