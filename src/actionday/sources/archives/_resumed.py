"""What lies behind a damaged member of a compressed stream: the next sound one is looked for, and read on from there.

Source: RFC 1952, 2.3.1 (gzip); compress(1). What has blocks within its members, and marks of them, is in ``_careful``.
"""

import re
import zlib
from collections.abc import Callable, Iterator

from actionday.model import Damaged, Stream
from actionday.model.counted import counted
from actionday.sources.archives._streams import BLOCK, Behind, Window

MOST = 1000
"""Damaged members of one stream behind which one looks on."""
TIMES, AT_LEAST = 4, 512 << 20
"""Packed bytes read again, as a multiple of the stream, and in any case: each member may claim to reach to the end."""
MOST_TRIED = 100_000
"""Beginnings that are tried and are none, of one search: four bytes stand by chance in terabytes that often."""
TRIED = 1 << 16
"""Bytes that a member must unpack from, or all that there are."""
GZIP = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
COMPRESS = re.compile(rb"\x1f\x9d[\x09-\x10\x89-\x90]")
OVERLAP = 16


class Torn(Damaged):
    """A member that breaks off or contradicts its check; ``start`` is the byte behind which another may begin."""

    def __init__(self, reason: str, start: int) -> None:
        super().__init__(reason)
        self.start = start


def resumed(
    decoding: Callable[[Window, int, Behind], Iterator[bytes]],
    stream: Stream,
    begins: re.Pattern[bytes],
    behind: Behind,
) -> Iterator[bytes]:
    """Yield what ``decoding`` gives of a window of the stream that begins at a byte, and behind a torn member of the
    next ones.

    Of what stands between members and behind the last ``behind`` is told. Raises Damaged at the end where a member was
    torn, or where one follows bytes that are none; the first one's reason, and how many more there were.
    """
    at, again, torn, read_on, more = 0, 0, list[str](), list[int](), False
    while True:
        window, ended = Window(stream, at, stream.size - at), list[tuple[int, int]]()
        try:
            yield from decoding(window, at, lambda start, length: ended.append((start, length)))  # noqa: B023 - at once
            if not ended:
                break
            found = following(stream, ended[0][0], begins)
            behind(ended[0][0], (found if found >= 0 else stream.size) - ended[0][0])
            if found < 0:
                break
            torn.append(f"what stands at byte {ended[0][0]} is none of the stream's")
        except Torn as error:
            for stretch in ended:
                behind(*stretch)
            torn.append(str(error))
            again += window.tell()
            found = following(stream, at + error.start + 1, begins)
        more = found >= 0 and (len(torn) >= MOST or again > max(AT_LEAST, TIMES * stream.size))
        if found < 0 or more:
            break
        at = found
        read_on.append(at)
    if torn:
        further = f", and {counted(len(torn) - 1, 'further damage')}" if len(torn) > 1 else ""
        read = f"; read on from byte {read_on[0]}{further}" if read_on else ""
        raise Damaged(f"{torn[0]}{read}{'; what follows the last of them is not read' if more else ''}")


def following(stream: Stream, at: int, begins: re.Pattern[bytes]) -> int:
    """Return the next byte from ``at`` on at which a sound member begins, -1 for none among the first tried."""
    held, start, tried = b"", at, 0
    window = Window(stream, at, stream.size - at)
    while data := window.read(BLOCK):
        held += data
        for found in begins.finditer(held):
            if _is_sound(stream, start + found.start(), begins):
                return start + found.start()
            tried += 1
            if tried >= MOST_TRIED:
                return -1
        kept = held[-OVERLAP:]
        start, held = start + len(held) - len(kept), kept
    return -1


def _is_sound(stream: Stream, at: int, begins: re.Pattern[bytes]) -> bool:
    """Say whether what begins at a byte is a member as far as its beginning tells: three bytes stand anywhere."""
    head = Window(stream, at, min(TRIED, stream.size - at)).read()
    if begins is GZIP:
        try:
            return zlib.decompressobj(31).decompress(head, BLOCK) != b"" or len(head) < TRIED
        except zlib.error as error:
            return "check" in str(error)  # its end is damaged, or that of one behind it: its beginning is not
    return True
