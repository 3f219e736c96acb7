"""7z, by libarchive; encrypted contents and encrypted lists are said to be so.

Source: 7-Zip's 7zFormat.txt (signature header, packed header at the end).
"""

from collections.abc import Iterator
from functools import partial
from zlib import crc32

from actionday.model import Claim, Context, Damaged, Found, ItemError, OverLimit, Peek, Stream
from actionday.sources.archives._by_libarchive import members
from actionday.sources.archives._leftover import behind
from actionday.sources.archives._sevengaps import beside
from actionday.sources.archives._sevenmemory import largest_dictionary

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
        """Yield the members. Raises Damaged when the list at the end is missing: none can be told then."""
        stream.seek(0)
        start = stream.read(32)
        end = _end(start)
        if len(start) < 32 or end > stream.size:
            missing = "; the parts behind it (.002 …) are missing" if around.name.endswith(".001") else ""
            raise Damaged(f"7z: ends at byte {stream.size}, its list would end at byte {end}{missing}")
        damage: ItemError | None = None
        count = 0
        try:
            for found in members(stream, around, ("7zip",), needs=partial(largest_dictionary, stream)):
                count += found.place.isdecimal()
                yield found
        except (Damaged, OverLimit) as error:  # the library refuses lists that others read
            damage = error
        yield from beside(stream, around, None if damage is None else count)
        yield from behind(stream, end, around, "7z")
        if damage is not None:
            raise damage


def _end(start: bytes) -> int:
    """Return where the list ends, by the 32 bytes of the start header."""
    return 32 + int.from_bytes(start[12:20], "little") + int.from_bytes(start[20:28], "little")


SOURCE = SevenZip()
