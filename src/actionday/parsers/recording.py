"""Sound and film: length, rate, titles, times, place; what is said in them waits for speech recognition.

Source: RIFF (Microsoft, 1991) ``fmt`` and ``data``; ID3 2.3 and 2.4; ISO/IEC 11172-3, 2.4.2.3 (frame header);
FLAC, RFC 9639, 8.2 (STREAMINFO); Vorbis I, 4.2.2 and 5; RFC 7845 (Opus); ISO/IEC 14496-12, 8.2.2 (``mvhd``).
"""

from struct import unpack_from

from actionday.model import Limits, Parsed
from actionday.parsers._values import plain

SOUND = "a recording: what is said waits for speech recognition"
FILM = "a film: speech and pictures wait for the slow lane"
LOOK = 1 << 20
"""Bytes at the start and at the end in which headers and tags are looked for."""
MP4_EPOCH = 2_082_844_800
"""Seconds from 1904, where ISO media files count from, to 1970."""
ID3 = {b"TIT2": "title", b"TPE1": "author", b"TALB": "album", b"TDRC": "created", b"TYER": "created",
       b"TCOP": "copyright", b"TENC": "producer", b"TSSE": "producer"}  # fmt: skip
ENCODINGS = ("cp1252", "utf-16", "utf-16-be", "utf-8")
RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""kbit/s of MPEG 1 layer III, by index."""
COMMENTS = {"title": "title", "artist": "author", "album": "album", "date": "created", "comment": "comment",
            "description": "description", "encoder": "producer", "organization": "company"}  # fmt: skip


class Recording:
    """Metadata of sound and film in any format."""

    name, version = "recording", 1
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
        """Return no text; ``meta`` with ``needs`` = ``"speech"``, ``seconds``, titles where there are some."""
        head, tail = bytes(data[:LOOK]), bytes(data[-LOOK:])
        meta: dict[str, object] = {"needs": "speech"}
        if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
            meta |= _wave(head)
        elif head[:3] == b"ID3" or mime == "audio/mpeg":
            meta |= _mpeg(head, len(data))
        elif head[:4] == b"fLaC":
            meta |= _flac(head)
        elif head[:4] == b"OggS":
            meta |= _ogg(head, tail)
        elif b"ftyp" in head[:12] or b"moov" in head[:12]:
            meta |= _mp4(head, tail)
        return Parsed(meta=meta, reason=FILM if mime.startswith("video/") else SOUND)


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


def _mpeg(head: bytes, size: int) -> dict[str, object]:
    found: dict[str, object] = {}
    start = 0
    if head[:3] == b"ID3" and len(head) > 10:
        start = 10 + _synchsafe(head[6:10])
        found |= _id3(head[10:start], head[3])
    frame = head.find(b"\xff\xfb", start, start + 8192)
    if frame >= 0 and frame + 4 <= len(head):
        index = head[frame + 2] >> 4
        rate = RATES[index] if index < len(RATES) else 0
        if rate:
            found |= {"kbit_s": rate, "seconds": round((size - frame) * 8 / rate / 1000, 1)}
    return found


def _synchsafe(four: bytes) -> int:
    return sum((byte & 0x7F) << shift for byte, shift in zip(four, (21, 14, 7, 0), strict=True))


def _id3(block: bytes, version: int) -> dict[str, object]:
    found: dict[str, object] = {}
    at = 0
    while at + 11 <= len(block) and block[at : at + 4].isalnum():
        four = block[at + 4 : at + 8]
        size = _synchsafe(four) if version >= 4 else int.from_bytes(four, "big")
        name = ID3.get(block[at : at + 4])
        if name and size > 1:
            code = ENCODINGS[min(block[at + 10], 3)]
            text = plain(block[at + 11 : at + 10 + size].decode(code, "replace").replace("\0", " "))
            if text:
                found.setdefault(name, text[:1000])
        at += 10 + size
    return found


def _flac(head: bytes) -> dict[str, object]:
    found: dict[str, object] = {}
    at, last = 4, False
    while not last and at + 4 <= len(head):
        last, kind, size = (
            bool(head[at] & 0x80),
            head[at] & 0x7F,
            int.from_bytes(head[at + 1 : at + 4], "big"),
        )
        block = head[at + 4 : at + 4 + size]
        if kind == 0 and len(block) >= 18:
            packed = int.from_bytes(block[10:18], "big")
            rate, samples = packed >> 44, packed & (1 << 36) - 1
            found |= {"sample_rate": rate, "channels": (packed >> 41 & 7) + 1}
            found |= {"seconds": round(samples / rate, 2)} if rate else {}
        elif kind == 4:
            found |= _vorbis_comments(block)
        at += 4 + size
    return found


def _ogg(head: bytes, tail: bytes) -> dict[str, object]:
    found: dict[str, object] = {}
    vorbis, opus = head.find(b"\x01vorbis"), head.find(b"OpusHead")
    rate = 48000 if opus >= 0 else 0
    if 0 <= vorbis <= len(head) - 16:
        channels, rate = unpack_from("<BI", head, vorbis + 11)
        found["channels"] = channels
    page = tail.rfind(b"OggS")
    if rate and 0 <= page <= len(tail) - 14:
        found |= {"sample_rate": rate, "seconds": round(unpack_from("<Q", tail, page + 6)[0] / rate, 2)}
    for mark in (b"\x03vorbis", b"OpusTags"):
        at = head.find(mark)
        if at >= 0:
            found |= _vorbis_comments(head[at + len(mark) : at + 65536])
    return found


def _vorbis_comments(block: bytes) -> dict[str, object]:
    found: dict[str, object] = {}
    if len(block) < 8:
        return found
    at = 4 + unpack_from("<I", block)[0]
    count = unpack_from("<I", block, at)[0] if at + 4 <= len(block) else 0
    at += 4
    for _ in range(min(count, 100)):
        if at + 4 > len(block):
            break
        size = unpack_from("<I", block, at)[0]
        key, _, value = plain(block[at + 4 : at + 4 + size]).partition("=")
        if key.lower() in COMMENTS and value:
            found.setdefault(COMMENTS[key.lower()], value[:1000])
        at += 4 + size
    return found


def _mp4(head: bytes, tail: bytes) -> dict[str, object]:
    """Return length, time and place of an ISO media file, from ``mvhd`` and ``udta`` wherever they lie."""
    found: dict[str, object] = {}
    for block in (head, tail):
        at = block.find(b"mvhd")
        if 0 <= at <= len(block) - 40:
            wide = block[at + 4] == 1
            created, _, scale, length = unpack_from(">QQIQ" if wide else ">IIII", block, at + 8)
            found |= {"seconds": round(length / scale, 2)} if scale else {}
            found |= _moment(created - MP4_EPOCH)
        place = block.find(b"\xa9xyz")
        if place >= 0:
            size = int.from_bytes(block[place + 4 : place + 6], "big")
            found["place"] = plain(block[place + 8 : place + 8 + min(size, 64)])
    return found


def _moment(seconds: int) -> dict[str, object]:
    """Return the time of creation, where the device had a clock."""
    from datetime import UTC, datetime

    if not 0 < seconds < 253_402_300_800:
        return {}
    return {"created": datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


PARSER = Recording()
