"""The packed RTF body of a message, unpacked.

Source: [MS-OXRTFCP] 2.1 (header, dictionary), 2.2 (runs), 3.1.3 (CRC).
"""

from struct import unpack_from

from actionday.model import Damaged, OverLimit
from actionday.sources.mail._pstfile import crc_of

PACKED, AS_IT_IS = b"LZFu", b"MELA"
HEADER = 16
RING = 4096
SEED = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What the dictionary holds before the first byte."""


def unpacked(data: bytes, most: int) -> tuple[bytes, str]:
    """Return the RTF, and what is wrong with it ("" for nothing). Raises Damaged where nothing can be had.

    A step a run of 2 to 17 bytes. Raises OverLimit beyond ``most`` bytes.
    """
    if len(data) < HEADER:
        raise Damaged("RTF body: its header breaks off")
    size, whole, mark, crc = unpack_from("<II4sI", data)
    packed = data[HEADER : max(HEADER, size + 4)]
    short = (
        f"RTF body: breaks off {size + 4 - len(data)} bytes before its end" if size + 4 > len(data) else ""
    )
    if mark == AS_IT_IS:
        return packed[:whole], short
    if mark != PACKED:
        raise Damaged(f"RTF body: packed in the way {mark!r}, which no one knows")
    out, wrong = _runs(packed, most)
    if not short and crc_of(packed) != crc:
        wrong = "RTF body: its checksum differs"
    if not (short or wrong) and len(out) != whole:
        wrong = f"RTF body: gives {len(out)} of {whole} bytes"
    return out, short or wrong


def _runs(packed: bytes, most: int) -> tuple[bytes, str]:
    out, at, end = bytearray(SEED), 0, len(packed)
    seed = len(SEED)
    while at < end:
        flags = packed[at]
        at += 1
        for bit in range(8):
            if at >= end:
                break
            if not flags >> bit & 1:
                out.append(packed[at])
                at += 1
                continue
            if at + 2 > end:
                return bytes(out[seed:]), "RTF body: breaks off within a run"
            word = packed[at] << 8 | packed[at + 1]
            at += 2
            back = len(out) - (word >> 4) & RING - 1
            if not back:
                return bytes(out[seed:]), ""
            start, length = len(out) - back, (word & 15) + 2
            if start < 0:
                return bytes(out[seed:]), "RTF body: a run from before its beginning"
            run = out[start : start + length]
            while len(run) < length:
                run += run[: length - len(run)]
            out += run
        if len(out) > most:
            raise OverLimit(f"RTF body: more than {most} bytes")
    return bytes(out[seed:]), ""
