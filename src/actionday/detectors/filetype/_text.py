"""Whether a content is text, in UTF-8, UTF-16, UTF-32 or a legacy 8-bit code, and of what kind.

Nothing is text because a table of EBCDIC or another rare code would make letters of it: what is not Unicode is
text only if it is free of control characters. Kinds are told only when the first lines prove them.
"""

import codecs
import re

from actionday.detectors.filetype._json import json_type
from actionday.detectors.filetype._markup import markup_type
from actionday.detectors.filetype._signatures import SIGNATURES
from actionday.mime.guess import legacy
from actionday.mime.prose import is_prose
from actionday.mime.sniff import mail_type
from actionday.mime.stretches import spliced
from actionday.mime.wide import BYTE_ORDER_MARKS, wide

PLAIN = "text/plain"
WINDOW = 4096
"""Bytes looked at for control characters and validity, at the start and at the end of the head: 4 µs."""
CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\b\x1b\x1a")) + b"\x7f"
"""Control characters that text does not have; escape (terminals, ISO 2022) and ^Z (DOS end) it may."""
KOREAN = b"\x1b$)C"
"""ISO 2022 of Korea, which shifts with two control characters (RFC 1557)."""
CHAT = re.compile(rb"\x03\d{1,2}|\x02[^\0-\x1f]{1,200}[\x02\x0f]")
CHAT_CODES = re.compile(rb"[\x02\x0f\x11\x16\x1d-\x1f]|\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04[0-9A-Fa-f]{6}")
"""Colours and forms of IRC, which logs keep: a coloured line has one in ten characters."""
LEAST_CUT = 32
"""Bytes from which UTF-8 that ends within a character is believed: less than that, of another code, may look so too."""
BINARY_AFTER = 100
"""One control character in a hundred is tolerated in valid UTF-8 …"""
BINARY_AFTER_LEGACY = 500
"""… and one in five hundred where any byte would be valid."""
SHORT = 128
"""Bytes below which a legacy code is believed without blanks: names and single lines."""
PARTING = (b" ", b"\n", b"\t", b",", b";")
LONGEST_UNPARTED = 64
"""Bytes for one blank: a text of one byte a letter has one in eight; sound, keys and padding must look like writing."""
FIRST_LOOK = 512
"""Bytes in which nearly every program and table shows a control character beside its NULs: 0.5 µs."""
LEAST_BETWEEN_NULS = 16
"""Characters that must be left for text in which records or padding are made of NUL bytes."""

DECODERS = {
    "utf-8": codecs.utf_8_decode,
    "utf-16-le": codecs.utf_16_le_decode,
    "utf-16-be": codecs.utf_16_be_decode,
    "utf-32-le": codecs.utf_32_le_decode,
    "utf-32-be": codecs.utf_32_be_decode,
}
MARKS = tuple(mark for mark, _ in BYTE_ORDER_MARKS)
SCRIPTS = (
    (re.compile(rb"python|pypy"), "text/x-python"),
    (re.compile(rb"\b(?:ba|da|z|k|c|tc|a|fi)?sh\b|/bash|busybox"), "text/x-shellscript"),
    (re.compile(rb"perl"), "text/x-perl"),
    (re.compile(rb"ruby"), "text/x-ruby"),
    (re.compile(rb"php"), "text/x-php"),
    (re.compile(rb"node|deno|bun\b|qjs"), "text/javascript"),
    (re.compile(rb"\bg?awk\b|mawk"), "text/x-awk"),
    (re.compile(rb"\blua"), "text/x-lua"),
    (re.compile(rb"tclsh|wish|expect"), "text/x-tcl"),
)
SUBTITLE = re.compile(rb"\s*\d+\r?\n\d\d:\d\d:\d\d[,.]\d{3} --> \d\d:\d\d:\d\d[,.]\d{3}")
TEXT_SIGNATURES = tuple((mark, mime) for mark, mime in SIGNATURES if len(mark) > 3 and mark[:2].isascii()
                        and mime.startswith(("text/", "application/sql", "application/x-pem", "application/pgp",
                                             "application/warc")))  # fmt: skip
"""Those of the table that may also stand behind a byte-order mark or in UTF-16."""


def text_type(head: bytes, tail: bytes, size: int) -> str | None:
    """Return the kind of text, ``text/plain`` when it is text of no certain kind, None when it is none."""
    start = head[:WINDOW]
    for mark, code in BYTE_ORDER_MARKS if start.startswith(MARKS) else ():
        if start.startswith(mark):
            plain = _transcoded(start[len(mark) :], code)
            kind = _kind(plain, plain, b"", size, marked=True) if plain is not None else None
            return (mail_type(head) if kind == PLAIN and code == "utf-8" else None) or kind
    if b"\0" in start:
        return _with_nuls(start, size)
    if not _is_text(start) or (len(head) > WINDOW and not _is_text_inside(head)):
        return _wide_kind(start, size)
    return _kind(start, head, tail, size, marked=False)


def _is_text(window: bytes) -> bool:
    """Say whether a window is text: valid UTF-8 (its last character may be cut), or a legacy code."""
    controls = len(window) - len(window.translate(None, CONTROLS))
    if controls:  # what Korean and chats may have are control characters as well
        if KOREAN in window:
            window = window.translate(None, b"\x0e\x0f")
        if CHAT.search(window):
            window = CHAT_CODES.sub(b"", window)
        controls = len(window) - len(window.translate(None, CONTROLS))
    if window.isascii() or _transcoded(window, "utf-8") is not None:
        return controls * BINARY_AFTER <= len(window)
    high_controls = sum(window.count(byte) for byte in range(0x80, 0xA0)) if len(window) < 32 else 0
    if controls * BINARY_AFTER_LEGACY > len(window) or high_controls * 4 > len(window):
        return False
    return _is_parted(window) or any(map(_is_writing, _uncut(window)))


def _uncut(window: bytes) -> tuple[bytes, ...]:
    """Return the lines of a window that are whole, else it without the halves of characters at its ends."""
    lines = window[window.find(b"\n") + 1 : window.rfind(b"\n") + 1]
    return (lines,) if len(lines) >= SHORT else (window, window[:-1], window[1:], window[1:-1])


def _is_writing(window: bytes) -> bool:
    return is_prose((window.decode(legacy(window).encoding, "replace"),))


def _is_parted(window: bytes) -> bool:
    """Say whether a window has blanks, line ends or separators as any text of one byte a letter has."""
    return len(window) < SHORT or sum(map(window.count, PARTING)) * LONGEST_UNPARTED >= len(window)


def _is_text_inside(head: bytes) -> bool:
    """Look once more at the end of the head: installers are scripts first and programs afterwards.

    A whole window, though some of it was seen before: of a few bytes behind the first nothing can be told.
    """
    window = head[-WINDOW:]
    inside = range(0 if window.isascii() else min(4, len(window)))  # it may begin within a character
    cut = next((at for at in inside if window[at] & 0xC0 != 0x80), 0)
    return _is_text(window[cut:].replace(b"\0", b""))


def _transcoded(window: bytes, code: str) -> bytes | None:
    """Return the window as UTF-8, or None when it is not valid; a character cut by its end is no fault."""
    try:
        text, used = DECODERS[code](window, "strict", False)
    except UnicodeDecodeError:
        return None
    if code == "utf-8":
        return window if len(window) >= LEAST_CUT or used == len(window) else None
    return text.encode("utf-8", "replace")


def _with_nuls(start: bytes, size: int) -> str | None:
    """Text with NUL bytes: UTF-16 or UTF-32 without a mark, or records and padding of NULs between text."""
    if (mime := _wide_kind(start, size)) is not None:
        return mime
    if start[:FIRST_LOOK].translate(None, CONTROLS) != start[:FIRST_LOOK].replace(b"\0", b""):
        return None
    if mended := spliced(start):  # lines of UTF-16 in a text of another code
        start = mended.data
    left = start.replace(b"\0", b"")
    clean = len(left) == len(left.translate(None, CONTROLS)) and _transcoded(left, "utf-8")
    return PLAIN if clean and len(left) >= LEAST_BETWEEN_NULS and _words(start) else None


def _wide_kind(start: bytes, size: int) -> str | None:
    """Return the kind of a text in UTF-16 or UTF-32 without a mark, None when it is none."""
    code = wide(start)
    plain = _transcoded(start, code) if code else None
    if plain and b"\0" not in plain and _is_text(plain):
        return _kind(plain, plain, b"", size, marked=True)
    return None


def _words(start: bytes) -> bool:
    """Say whether what stands between the NULs are words or lines rather than single bytes of numbers."""
    parts = [part for part in start.split(b"\0") if part]
    long_enough = sum(map(len, parts)) >= LEAST_BETWEEN_NULS // 2 * len(parts)
    return long_enough and (len(parts) > 1 or any(blank in start for blank in (b" ", b"\n")))


def _kind(start: bytes, head: bytes, tail: bytes, size: int, *, marked: bool) -> str:
    """Return the kind of a text. ``marked``: it was recoded, so that signatures were not yet asked."""
    if marked:
        start = start.removeprefix(codecs.BOM_UTF8)
        for mark, mime in TEXT_SIGNATURES:
            if start.startswith(mark):
                return mime
    body = start.lstrip()
    first = body[:1]
    if first == b"<" and (kind := markup_type(body)):
        return kind
    if first in (b"{", b"[") and (kind := json_type(head.removeprefix(codecs.BOM_UTF8), tail, size)):
        return kind
    if start.startswith(b"#!"):
        return _script(start)
    if SUBTITLE.match(start):
        return "application/x-subrip"
    return PLAIN if marked else mail_type(head) or PLAIN  # mail in UTF-16 is a text: no mail program reads it


def _script(start: bytes) -> str:
    line = start[2 : start.find(b"\n") if b"\n" in start else len(start)]
    for pattern, mime in SCRIPTS:
        if pattern.search(line):
            return mime
    return PLAIN
