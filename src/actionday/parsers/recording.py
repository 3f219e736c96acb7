"""Sound and film: length, rate, titles, times, place; what is said in them waits for speech recognition.

Source: RIFF (Microsoft, 1991) ``fmt`` and ``data``; ID3 2.3 and 2.4; ISO/IEC 11172-3, 2.4.2.3 (frame header);
FLAC, RFC 9639, 8.2 (STREAMINFO); Vorbis I, 4.2.2 and 5; RFC 7845 (Opus); ISO/IEC 14496-12, 8.2.2 (``mvhd``).
"""

import re
from collections.abc import Iterator
from struct import unpack_from

from actionday.model import Limits, Parsed
from actionday.parsers._tags import Tags
from actionday.parsers._tags_film import boxes, chunks, elements
from actionday.parsers._tags_sound import asf, id3, id3_v1, synchsafe, vorbis_comments

SOUND = "a recording: what is said waits for speech recognition"
FILM = "a film: what is said waits for speech recognition, letters in its pictures wait for OCR"
LOOK = 1 << 20
"""Bytes at the start and at the end in which headers and tags are looked for."""
MP4_EPOCH = 2_082_844_800
"""Seconds from 1904, where ISO media files count from, to 1970."""
RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""kbit/s of MPEG 1 layer III, by index."""
ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
EBML = b"\x1a\x45\xdf\xa3"
COMMENTS = (b"\x03vorbis", b"OpusTags", b"\x81theora")
OGG_HEADS = (b"\x01vorbis", b"OpusHead", b"\x80theora")
FRAME = re.compile(rb"\xff[\xe2-\xff]")
"""Where a frame of MPEG sound begins."""
COVER = 6
"""The block of FLAC that holds a picture, its description before it; the picture is an item of its own."""


class Recording:
    """Metadata of sound and film in any format."""

    name, version = "recording", 1
    whole = True
    mimes = ("application/ogg", "audio/*", "video/*")
    samples = (
        "tone.wav",
        "tone.mp3",
        "tone.flac",
        "tone.ogg",
        "tone.opus",
        "clip.mp4",
        "tone.m4a",
        "clip.webm",
    )

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:  # noqa: ARG002
        """Return no text; ``meta`` with ``needs`` = ``"speech"``, ``seconds`` and all tags as strings."""
        head, tail = bytes(data[:LOOK]), bytes(data[-LOOK:])
        meta: dict[str, object] = {"needs": "speech"}
        tags = Tags()
        if head[:4] in (b"RIFF", b"RF64"):
            meta |= _wave(head) if head[8:12] == b"WAVE" else {}
            chunks(data, tags)
        elif head[:3] == b"ID3" or mime == "audio/mpeg":
            meta |= _mpeg(head, data, tags)
        elif head[:4] == b"fLaC":
            meta |= _flac(data, tags)
        elif head[:4] == b"OggS":
            meta |= _ogg(data, tail, tags)
        elif b"ftyp" in head[:12] or b"moov" in head[:12]:
            meta |= _mp4(head, tail)
            meta |= boxes(data, tags)
        elif head[:16] == ASF:
            asf(bytes(data[: max(LOOK, int.from_bytes(head[16:24], "little"))]), tags)
        elif head[:4] == EBML:
            elements(data, tags)
        id3_v1(tail, tags)
        meta = tags.meta() | meta
        return Parsed(meta=meta, reason=FILM if mime.startswith("video/") else SOUND, notes=tags.notes())


def _wave(head: bytes) -> dict[str, object]:
    found: dict[str, object] = {}
    at, rate = 12, 0
    while at + 8 <= len(head):
        name, size = head[at : at + 4], unpack_from("<I", head, at + 4)[0]
        if name == b"fmt " and at + 24 <= len(head):
            _, channels, frequency, rate = unpack_from("<HHII", head, at + 8)
            found |= {"channels": channels, "sample_rate": frequency}
        elif name == b"data":
            return found | ({"seconds": round(size / rate, 2)} if rate else {})
        at += 8 + size + size % 2
    return found


def _mpeg(head: bytes, data: memoryview, tags: Tags) -> dict[str, object]:
    found: dict[str, object] = {}
    start, size = 0, len(data)
    if head[:3] == b"ID3" and len(head) > 10:
        start = 10 + synchsafe(head[6:10])
        begin = 10 + (synchsafe(head[10:14]) if head[3] == 4 and head[5] & 0x40 and len(head) > 14 else 0)
        id3(bytes(data[begin:start]), head[3], tags, unsynchronised=bool(head[5] & 0x80))
    first = FRAME.search(data, start, start + LOOK)
    tags.stray("between the tag and the sound", data[start : first.start() if first else start])
    near = bytes(data[start : start + 8192])
    frame = near.find(b"\xff\xfb")
    if frame >= 0 and frame + 4 <= len(near):
        index = near[frame + 2] >> 4
        rate = RATES[index] if index < len(RATES) else 0
        if rate:
            found |= {"kbit_s": rate, "seconds": round((size - start - frame) * 8 / rate / 1000, 1)}
    return found


def _flac(head: memoryview, tags: Tags) -> dict[str, object]:
    found: dict[str, object] = {}
    at, last = 4, False
    while not last and at + 4 <= len(head):
        last, kind, size = (
            bool(head[at] & 0x80),
            head[at] & 0x7F,
            int.from_bytes(head[at + 1 : at + 4], "big"),
        )
        block = bytes(head[at + 4 : at + 4 + size]) if kind in (0, 3, 4) else b""
        if kind == 0 and len(block) >= 18:
            packed = int.from_bytes(block[10:18], "big")
            rate, samples = packed >> 44, packed & (1 << 36) - 1
            found |= {"sample_rate": rate, "channels": (packed >> 41 & 7) + 1}
            found |= {"seconds": round(samples / rate, 2)} if rate else {}
        if kind == 4:
            vorbis_comments(block, tags)
        elif kind == COVER:
            of_what = int.from_bytes(head[at + 8 : at + 12], "big")
            begin = at + 16 + of_what
            length = int.from_bytes(head[begin - 4 : begin], "big")
            tags.add("attached", bytes(head[begin : min(begin + length, at + 4 + size)]))
        else:
            tags.stray("FLAC's numbers", block, numbers=True)
        at += 4 + size
    return found


def _ogg(data: memoryview, tail: bytes, tags: Tags) -> dict[str, object]:
    found: dict[str, object] = {}
    head = bytes(data[:LOOK])
    vorbis, opus = head.find(b"\x01vorbis"), head.find(b"OpusHead")
    rate = 48000 if opus >= 0 else 0
    if 0 <= vorbis <= len(head) - 16:
        channels, rate = unpack_from("<BI", head, vorbis + 11)
        found["channels"] = channels
    page = tail.rfind(b"OggS")
    if rate and 0 <= page <= len(tail) - 14:
        found |= {"sample_rate": rate, "seconds": round(unpack_from("<Q", tail, page + 6)[0] / rate, 2)}
    packets = list(_packets(head))
    if len(data) > LOOK and packets[-1].startswith(COMMENTS):  # a picture among them may be megabytes
        packets = list(_packets(bytes(data)))
    for packet in packets:
        mark = next((each for each in COMMENTS if packet.startswith(each)), b"")
        if mark:
            vorbis_comments(packet[len(mark) :], tags)
        elif packet.startswith(OGG_HEADS):
            tags.stray("Ogg's numbers", packet, numbers=True)
    return found


def _packets(head: bytes) -> Iterator[bytes]:
    """Yield the packets of the first pages, each stream's in one (RFC 3533, 5 and 6): comments go over several."""
    open_ones: dict[bytes, bytearray] = {}
    at = 0
    while head[at : at + 4] == b"OggS" and at + 27 <= len(head):
        table = head[at + 27 : at + 27 + head[at + 26]]
        packet = open_ones.setdefault(head[at + 14 : at + 18], bytearray())
        at += 27 + len(table)
        for length in table:
            packet += head[at : at + length]
            at += length
            if length < 255:
                yield bytes(packet)
                packet.clear()
    yield from map(bytes, open_ones.values())


def _mp4(head: bytes, tail: bytes) -> dict[str, object]:
    """Return length and time of an ISO media file, from ``mvhd`` wherever it lies."""
    found: dict[str, object] = {}
    for block in (head, tail):
        at = block.find(b"mvhd")
        if 0 <= at <= len(block) - 40:
            wide = block[at + 4] == 1
            created, _, scale, length = unpack_from(">QQIQ" if wide else ">IIII", block, at + 8)
            found |= {"seconds": round(length / scale, 2)} if scale else {}
            found |= _moment(created - MP4_EPOCH)
    return found


def _moment(seconds: int) -> dict[str, object]:
    """Return the time of creation, where the device had a clock."""
    from datetime import UTC, datetime

    if not 0 < seconds < 253_402_300_800:
        return {}
    return {"created": datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


PARSER = Recording()
