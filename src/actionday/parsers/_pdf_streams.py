"""Whether the compressed streams of a PDF are what was written: PDFium reads on over damage and says nothing.

Source: PDF 1.7 (ISO 32000-1), 7.3.8 (stream objects), 7.4.4 (FlateDecode); RFC 1950, 2.2 (Adler-32).

Streams of pictures are left out: they hold no words. An encrypted document cannot be checked without its key.
"""

import re
import zlib
from collections.abc import Iterator

START = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r(?!\n))")
DICTIONARY = 2048
"""Bytes before a stream in which its dictionary stands; those of streams with words have 60 to 300."""
OBJECT = re.compile(rb"\d{1,10}\s+\d{1,5}\s+obj\b")
ONLY_FLATE = re.compile(rb"/Filter\s*\[?\s*/(?:FlateDecode|Fl)\b\s*\]?\s*(?=[/>])")
LENGTH = re.compile(rb"/Length\s+(\d{1,12})(?!\s+\d{1,5}\s+R)\b")
NO_WORDS = re.compile(
    rb"/Subtype\s*/(?:Image|Type1C|CIDFontType0C|OpenType)\b|/Length1\b|/FontFile|/ICCBased|/N\s+[134]\s*[/>]"
)
"""Pictures, font programs and colour profiles."""
END = re.compile(rb"\s*endstream")
CHUNK = 1 << 16
MOST = 64 << 20
"""Bytes that one stream may unpack to; what goes on is not looked at further."""
SHOWN = re.compile(rb"[\])>]\s*T[jJ]\b|\)\s*['\"]")
"""Operators that show text (9.4.3)."""
ENCRYPTED = re.compile(rb"/Encrypt\s+\d{1,10}\s+\d{1,5}\s+R|/Encrypt\s*<<")
NAMED = 5


class Streams:
    """What was found out about the streams of a document."""

    def __init__(self) -> None:
        self.damaged: list[str] = []
        """Each damaged stream: where it begins and what is wrong."""
        self.shows_text = False
        """Whether one of them holds an operator that shows text."""

    def reason(self) -> str:
        """Return what is damaged as one sentence, "" for nothing."""
        if not self.damaged:
            return ""
        more = f" and {len(self.damaged) - NAMED} more" if len(self.damaged) > NAMED else ""
        return f"PDF: damaged streams, words may be missing: {'; '.join(self.damaged[:NAMED])}{more}"


def streams(data: memoryview) -> Streams:
    """Inflate every compressed stream that may hold words and compare its checksum; never raises."""
    found = Streams()
    if ENCRYPTED.search(data):
        return found
    for begin, head in _starts(data):
        why, shows = _checked(data, begin, head)
        found.shows_text = found.shows_text or shows
        if why:
            found.damaged.append(f"at byte {begin} {why}")
    return found


def _starts(data: memoryview) -> Iterator[tuple[int, bytes]]:
    """Yield where each stream with words begins, and its dictionary."""
    behind = 0
    for match in START.finditer(data):
        if match.start() < behind:
            continue
        before = bytes(data[max(0, match.start() - DICTIONARY) : match.start()])
        objects = list(OBJECT.finditer(before))
        head = before[objects[-1].end() :] if objects else before
        if ONLY_FLATE.search(head) and not NO_WORDS.search(head):
            yield match.end(), head


def _checked(data: memoryview, begin: int, head: bytes) -> tuple[str, bool]:
    """Return what is wrong with a stream, or "", and whether it shows text."""
    inflater = zlib.decompressobj()
    at, out, shows, last = begin, 0, False, b""
    while not inflater.eof and at < len(data) and out < MOST:
        try:
            piece = inflater.decompress(data[at : at + CHUNK])
        except zlib.error as error:
            return f"({' '.join(str(error).split())})", shows
        at += CHUNK
        out += len(piece)
        shows = shows or SHOWN.search(last + piece) is not None
        last = piece[-16:]
    if out >= MOST:
        return "", shows
    if not inflater.eof:
        return "(it breaks off)", shows
    end = min(at, len(data)) - len(inflater.unused_data)
    return _extent(data, begin, end, head), shows


def _extent(data: memoryview, begin: int, end: int, head: bytes) -> str:
    """Return how the end of the compressed bytes disagrees with the stream's length and its end mark, or ""."""
    length = LENGTH.search(head)
    if length and begin + int(length[1]) < end - 4:  # its last four bytes are the sum
        return f"(its length is {length[1].decode()}, its data take {end - begin} bytes)"
    return "" if length or END.match(data, end) else "(no end mark behind its data)"
