"""The data of objects in a rich text file: where it begins, and the bytes that stand there in hexadecimal.

Source: Rich Text Format 1.9.1: Conventions of an RTF reader, Objects (``\\objdata``), Binary data (``\\bin``).

A file is gone through once to find them, and the data of each once more to be read; a few KB are held at a time.
"""

import re
from binascii import unhexlify
from collections.abc import Generator, Iterator

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.archives._streams import BLOCK

OBJDATA = re.compile(rb"\\(?:[\\{}]|bin(\d{1,9}) ?|(objdata)(?![a-zA-Z]))")
"""What begins an object's data, and what only looks so: an escaped sign, bytes that stand in the file as they are."""
STEP = re.compile(
    rb"([0-9a-fA-F\s]+)|\\bin(\d{1,9}) ?|(\\objdata(?![a-zA-Z]))|(\{\s{0,64}\\\*|\{)|(\})"
    rb"|\\(?:'..|[a-zA-Z]{1,32}(?:-?\d{1,10})? ?|.)|[^\\{}0-9a-fA-F\s]+|\\",
    re.DOTALL,
)
BLANKS = b" \t\r\n\v\f"
LONGEST = 128
"""Bytes of the longest word; runs of letters may be read in parts."""
FIRST = 4096
"""Bytes that are read first: an object may be small, and one of thousands."""


def begins(stream: Stream) -> Generator[int, int | None, None]:
    """Yield the byte of each ``\\objdata``; takes the byte at which to go on by ``send``, else goes on behind it."""
    at, length = 0, FIRST
    while block := read_at(stream, at, length):
        last, used, length = at + len(block) >= stream.size, 0, min(length * 2, BLOCK)
        on = len(block) if last else max(1, len(block) - LONGEST)
        while used < on and (found := OBJDATA.search(block, used)) and found.start() < on:
            used = found.end()
            if found[2]:
                onward = (yield at + found.start()) or at + used
                length = FIRST if onward > at + used else length
                used = onward - at
            elif found[1] and at + used + int(found[1]) <= stream.size:
                used += int(found[1])
        at += max(used, on)


class Data:
    """The data of the object whose ``\\objdata`` stands at ``begin``; what is said of it is known once it was read.

    ``end`` is the byte behind it, ``closed`` whether its group ends there, ``strange`` how many words and signs in it
    are none of it and were passed over, ``odd`` whether half a byte is left.
    """

    def __init__(self, stream: Stream, begin: int) -> None:
        self._stream, self.begin = stream, begin
        self.end, self.strange, self.closed, self.odd = begin, 0, False, False

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes, none at a time never; ends at the group's brace, another ``\\objdata`` or the file's end."""
        at, size = self.begin + len(rb"\objdata"), self._stream.size
        self.strange, self.closed, half, depth, aside = 0, False, b"", 0, 0
        block, base, length = b"", at, FIRST
        while at < size:
            left = base + len(block) - at
            if left < LONGEST and at + max(left, 0) < size and (at > base or not block):
                block, base, length = read_at(self._stream, at, length), at, min(length * 2, BLOCK)
            found = STEP.match(block, at - base)
            if found is None:
                break  # the file is shorter than it was said to be
            at = base + found.end()
            if found[1]:
                digits = half + (b"" if aside else found[1].translate(None, BLANKS))
                even = len(digits) & ~1
                if even:
                    yield unhexlify(digits[:even])
                half = digits[even:]
            elif found[2]:
                over = min(at + int(found[2]), size)
                if not aside:
                    yield from _as_they_are(self._stream, at, over)
                at = over
            elif found[3]:
                at = base + found.start()
                break
            elif found[5] and not depth:
                self.closed = True
                break
            elif found[5]:
                depth -= 1
                aside = 0 if depth < aside else aside
            else:
                self.strange += not aside
                depth += bool(found[4])
                aside = depth if found[4] and len(found[4]) > 1 and not aside else aside
        self.end, self.odd = at, bool(half)


def _as_they_are(stream: Stream, at: int, over: int) -> Iterator[bytes]:
    while at < over and (block := read_at(stream, at, min(BLOCK, over - at))):
        yield block
        at += len(block)
