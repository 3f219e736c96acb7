"""Whether a content of chunks is whole: RIFF (WAVE, AVI, WebP), IFF (AIFF, DjVu), MIDI, CAF, RealMedia.

Source: RIFF (Microsoft, 1991); EBU Tech 3306 (RF64, ``ds64``); EA IFF 85; Standard MIDI Files 1.0; Apple CAF.
"""

from typing import Literal

from actionday.detectors.whole._content import Content, endless
from actionday.detectors.whole._walk import walk
from actionday.model import Note

UNTOLD = frozenset({0, 0xFFFFFFFF})
"""Sizes of a recording that was written into a pipe: it does not tell where it ends."""


def riff(content: Content) -> Note | None:
    """Compare the sizes of the file and of its chunks with what is there."""
    mark = content.data[:4]
    order: Literal["big", "little"] = "big" if mark in (b"RIFX", b"FORM") else "little"
    name = {b"FORM": "IFF"}.get(mark, "RIFF")
    size = content.number(4, 4, order)
    if mark == b"RF64":
        size = content.number(20, 8) if content.data[12:16] == b"ds64" else 0
    if size not in UNTOLD and size > content.size:  # one that counts its own header as well says up to 8 more
        return content.short(name, 8 + size)
    return _chunks(content, name, order)


def _chunks(content: Content, name: str, order: Literal["big", "little"]) -> Note | None:
    size = content.number(4, 4, order)
    end = content.size if size in UNTOLD else 8 + size

    def chunk(at: int, head: bytes) -> int | None:
        if at >= min(end, content.size) or not head[:4].isascii():
            return None
        if len(head) < 8:
            return at + 8
        size = int.from_bytes(head[4:], order)
        told = at + 8 + size
        return (
            None if size == 0xFFFFFFFF else max(told, min(told + size % 2, content.size))
        )  # some leave out the pad

    return walk(content, name, 12, 8, chunk)


def djvu(content: Content) -> Note | None:
    """Compare the size of the form, behind the four letters of the format, with what is there."""
    return content.short("DjVu", 12 + max(content.number(8, 4, "big"), 0))


def midi(content: Content) -> Note | None:
    """Go through the tracks that the header counts."""
    if content.data[:4] == b"RIFF":
        return riff(content)
    left = content.number(10, 2, "big")

    def track(at: int, head: bytes) -> int | Note | None:
        nonlocal left
        left -= 1
        if left < 0 or (head and not b"MTrk".startswith(head[:4])):
            return None
        if len(head) < 8:
            return endless("MIDI", "a track that its header counts")
        return at + 8 + int.from_bytes(head[4:], "big")

    return walk(content, "MIDI", 8 + content.number(4, 4, "big"), 8, track)


def caf(content: Content) -> Note | None:
    """Go through the chunks; the sound of a recording in a pipe has no size."""

    def chunk(at: int, head: bytes) -> int | None:
        if len(head) < 12:
            return at + 12 if head else None
        size = int.from_bytes(head[4:], "big", signed=True)
        return None if size < 0 else at + 12 + size

    return walk(content, "CAF", 8, 12, chunk)


def au(content: Content) -> Note | None:
    """Compare the beginning and length of the sound with what is there."""
    begin, size = content.number(4, 4, "big"), content.number(8, 4, "big")
    return None if size in UNTOLD else content.short("AU", begin + size)


def real(content: Content) -> Note | None:
    """Go through the chunks up to one without a length."""

    def chunk(at: int, head: bytes) -> int | None:
        if not head or not head[:4].isascii():
            return None
        size = int.from_bytes(head[4:], "big") if len(head) == 8 else 8
        return at + size if size >= 8 else None

    return walk(content, "RealMedia", 0, 8, chunk)
