"""Whether a sound of pages, blocks or frames is whole: Ogg, FLAC, MP3, WavPack, AMR, Flash video.

Source: RFC 3533, 6 (pages, the last of a stream); RFC 9639, 8 and 9 (STREAMINFO, frames, CRC-8, CRC-16);
ISO/IEC 11172-3, 2.4.1.3 (frame header); WavPack 4 & 5 File Format; RFC 4867, 5 (AMR); Adobe FLV 10.1, E.3;
ISO/IEC 13818-7, 6.2 (ADTS); ASF 01.20.03, 2 and 10.1 (top-level objects).
"""

import re

from actionday.detectors.whole._content import Content, broken
from actionday.detectors.whole._pages import is_sound
from actionday.detectors.whole._walk import walk
from actionday.model import Loss, Note

LAST_PAGE = 4
RATES = {3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
         2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)}  # fmt: skip
"""kbit/s of layer III, MPEG 1 and MPEG 2, by index."""
FREQUENCIES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
COUNTED = re.compile(rb"Xing|Info")
"""The first frame of most files holds the number of bytes of all."""
OBJECTS = tuple(map(bytes.fromhex, (
    "3026b2758e66cf11a6d900aa0062ce6c", "3626b2758e66cf11a6d900aa0062ce6c", "90080033b1e5cf1189f400a0c90349cb",
    "d329e2d6da35d111903400a0c90349be", "f803b1fead12644c840f2a1d2f7ad48c", "d03fb73c4a0c034d953dedf7b6228f0c",
)))  # fmt: skip
"""Objects at the top of ASF: header, data, four kinds of index."""
AMR = {b"#!AMR\n": (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1),
       b"#!AMR-WB\n": (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1)}  # fmt: skip
"""Bytes of a frame with its first one, by its type."""


def ogg(content: Content) -> Note | None:
    """Go through the pages and their checksums (0.5 GB/s): each stream that begins has a last one."""
    wrong, going = list[int](), set[bytes]()

    def page(at: int, head: bytes) -> int | Note | None:
        if head[:4] != b"OggS":
            why = f"its pages end at byte {at}, without the one that is marked as the last of a stream"
            return broken("Ogg", why) if going else _unsound(wrong)
        if len(head) < 27 or len(head) < 27 + head[26]:
            return at + 27 + max(head[26:27] or b"\1")
        end = at + 27 + head[26] + sum(head[27 : 27 + head[26]])
        if end <= content.size:
            if not wrong and (whole := content.at(at, end - at)) is not None and not is_sound(whole):
                wrong.append(at)
            going.add(head[14:18])
            if head[5] & LAST_PAGE:
                going.discard(head[14:18])
        return end

    return walk(content, "Ogg", 0, 282, page)


def _unsound(places: list[int]) -> Note | None:
    if not places:
        return None
    return Note(Loss.CHECKSUM, f"Ogg: the checksum of the page at byte {places[0]} differs: its bytes are not those"
                               " that were written")  # fmt: skip


def mp3(content: Content) -> Note | None:
    """Compare with the number of bytes that the first frame tells; without it go from frame to frame (3 million/s)."""
    at = 0
    head = content.at(0, 10) or b""
    if head[:3] == b"ID3" and len(head) == 10:
        at = 10 + sum((each & 0x7F) << 7 * (3 - n) for n, each in enumerate(head[6:]))
        if at > content.size:
            return content.short("MP3", at)
    first = content.at(at, 200) or b""
    found = COUNTED.search(first)
    if _length(first) and found and (first[found.end() + 3] if len(first) > found.end() + 3 else 0) & 2:
        flags = first[found.end() + 3]
        place = found.end() + 4 + (4 if flags & 1 else 0)
        told = int.from_bytes(first[place : place + 4], "big")
        return content.short("MP3", at + told)

    def frame(at: int, head: bytes) -> int | None:
        length = _length(head)
        return at + length if length else None  # a tag, or what nobody can tell the end of

    return walk(content, "MP3", at, 4, frame)


def _length(head: bytes) -> int:
    """Return the bytes of a frame of layer III, 0 for none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, index, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or index in (0, 15) or rate == 3:
        return 0
    kbit, hertz = RATES[3 if version == 3 else 2][index], FREQUENCIES[version][rate]
    return (144000 if version == 3 else 72000) * kbit // hertz + (head[2] >> 1 & 1)


def wavpack(content: Content) -> Note | None:
    """Go through the blocks."""

    def block(at: int, head: bytes) -> int | None:
        if not head or head[:4] != b"wvpk"[: len(head)]:
            return None
        return at + 8 + int.from_bytes(head[4:], "little") if len(head) == 8 else at + 32

    return walk(content, "WavPack", 0, 8, block)


def amr(content: Content) -> Note | None:
    """Go through the frames, whose lengths their types tell."""
    mark = next((each for each in AMR if content.data[: len(each)] == each), None)
    if mark is None:
        return None
    lengths = AMR[mark]

    def frame(at: int, head: bytes) -> int | None:
        length = lengths[head[0] >> 3 & 15] if head else 0
        return at + length if length else None

    return walk(content, "AMR", len(mark), 1, frame)


def flash_video(content: Content) -> Note | None:
    """Go through the tags."""

    def tag(at: int, head: bytes) -> int | None:
        if not head or head[0] & 0x1F not in (8, 9, 18):
            return None
        return at + 15 + (int.from_bytes(head[1:], "big") if len(head) == 4 else 0)

    return walk(content, "FLV", content.number(5, 4, "big") + 4, 4, tag)


def aac(content: Content) -> Note | None:
    """Go through the frames of AAC in ADTS."""

    def frame(at: int, head: bytes) -> int | None:
        if not head or head[0] != 0xFF or (len(head) > 1 and head[1] & 0xF6 != 0xF0):
            return None
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5 if len(head) == 7 else 7
        return at + length if length >= 7 else None

    return walk(content, "AAC", 0, 7, frame)


def asf(content: Content) -> Note | None:
    """Go through the objects at the top of Windows Media; a broadcast does not tell how long its data are."""

    def item(at: int, head: bytes) -> int | None:
        if not head or not any(each.startswith(head[:16]) for each in OBJECTS):
            return None
        size = int.from_bytes(head[16:], "little") if len(head) == 24 else 24
        return at + size if size >= 24 else None

    return walk(content, "ASF", 0, 24, item)
