"""Whether a content of chunks is whole: RIFF (WAVE, AVI, WebP), IFF (AIFF, DjVu), MIDI, CAF, RealMedia.

Source: RIFF (Microsoft, 1991); EBU Tech 3306 (RF64, ``ds64``); EA IFF 85; Standard MIDI Files 1.0; Apple CAF.
"""

from actionday.detectors.whole._content import MOST_STEPS, Content, endless
from actionday.model import Note

UNTOLD = frozenset({0, 0xFFFFFFFF})
"""Sizes of a recording that was written into a pipe: it does not tell where it ends."""


def riff(content: Content) -> Note | None:
    """Compare the sizes of the file and of its chunks with what is there."""
    mark = content.data[:4]
    order = "big" if mark in (b"RIFX", b"FORM") else "little"
    name = {b"FORM": "IFF"}.get(mark, "RIFF")
    size = content.number(4, 4, order)
    if mark == b"RF64":
        size = content.number(20, 8) if content.data[12:16] == b"ds64" else 0
    if size not in UNTOLD and size > content.size:  # one that counts its own header as well says up to 8 more
        return content.short(name, 8 + size)
    return _chunks(content, name, order)


def _chunks(content: Content, name: str, order: str) -> Note | None:
    size = content.number(4, 4, order)
    at, end = 12, content.size if size in UNTOLD else 8 + size
    for _ in range(MOST_STEPS):
        head = content.at(at, 8)
        if head is None or at >= min(end, content.size) or not head[:4].isascii():
            return None
        size = int.from_bytes(head[4:8], "big" if order == "big" else "little")
        if len(head) == 8 and size == 0xFFFFFFFF:
            return None
        at += 8 + size
        if at > content.size:
            return content.short(name, at)
        at += size % 2
    return None


def djvu(content: Content) -> Note | None:
    """Compare the size of the form, behind the four letters of the format, with what is there."""
    return content.short("DjVu", 12 + max(content.number(8, 4, "big"), 0))


def midi(content: Content) -> Note | None:
    """Go through the tracks that the header counts."""
    if content.data[:4] == b"RIFF":
        return riff(content)
    tracks, at = content.number(10, 2, "big"), 8 + content.number(4, 4, "big")
    for _ in range(max(tracks, 0)):
        head = content.at(at, 8)
        if head is None or (head and not b"MTrk".startswith(head[:4])):
            return None
        if len(head) < 8:
            return endless("MIDI", "a track that its header counts")
        at += 8 + int.from_bytes(head[4:], "big")
        if at > content.size:
            return content.short("MIDI", at)
    return None


def caf(content: Content) -> Note | None:
    """Go through the chunks; the sound of a recording in a pipe has no size."""
    at = 8
    for _ in range(MOST_STEPS):
        head = content.at(at, 12)
        if not head:
            return None
        size = int.from_bytes(head[4:], "big", signed=True)
        if len(head) == 12 and size < 0:
            return None
        at += 12 + size
        if len(head) < 12 or at > content.size:
            return content.short("CAF", max(at, content.size + 1))
    return None


def au(content: Content) -> Note | None:
    """Compare the beginning and length of the sound with what is there."""
    begin, size = content.number(4, 4, "big"), content.number(8, 4, "big")
    return None if size in UNTOLD else content.short("AU", begin + size)


def real(content: Content) -> Note | None:
    """Go through the chunks up to one without a length."""
    at = 0
    for _ in range(MOST_STEPS):
        head = content.at(at, 8)
        if not head or not head[:4].isascii():
            return None
        size = int.from_bytes(head[4:], "big")
        if len(head) == 8 and size < 8:
            return None
        at += size
        if len(head) < 8 or at > content.size:
            return content.short("RealMedia", max(at, content.size + 1))
    return None
