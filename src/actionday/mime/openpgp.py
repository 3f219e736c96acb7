"""OpenPGP messages in ASCII armour: encrypted ones, and those that are only packed or signed and can be read.

Source: RFC 9580, 4.2 (packets and their lengths), 5.6 (compressed data), 5.9 (literal data), 6.2 (armour).
"""

import bz2
import re
import zlib
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from typing import NamedTuple

BEGIN = "-----BEGIN PGP MESSAGE-----"
ARMOUR = re.compile(rf"{BEGIN}[ \t]*\r?\n(.*?)(?:-----END PGP MESSAGE-----|\Z)", re.DOTALL)
HEADERS = re.compile(r"(?>(?:[A-Za-z]+: [^\n]*\n)*)\s*\n?")
CHECKSUM = re.compile(r"\n=[A-Za-z0-9+/]{4}\s*\Z")
LITERAL, COMPRESSED = 11, 8
SEALED = frozenset({1, 3, 9, 18, 20})
"""Session keys, and data that is encrypted with them."""
KNOWN = SEALED | {LITERAL, COMPRESSED, 2, 4, 10, 13, 19, 21}
DEEP = 4
MOST = 16 << 20
"""Bytes read of the messages in one text: packed ones may be bombs."""
HEADS = 1024
"""Bytes of heads and signatures around the text in a packed packet."""
OPEN_END, PARTIAL = 3, 224
"""Length types: to the end of the data; a power of two, with another length behind it."""


class Opened(NamedTuple):
    """What could be read, in order; whether something is encrypted, or is no OpenPGP; whether more is left."""

    texts: tuple[bytes, ...]
    sealed: bool
    cut: bool


class _Packet(NamedTuple):
    tag: int
    body: bytes


def opened(text: str) -> Opened:
    """Return what the armoured messages in a text hold that needs no key."""
    texts: list[bytes] = []
    sealed, left = False, MOST
    for found in ARMOUR.finditer(text):
        inner = _literals(_unarmoured(found[1]), left, DEEP)
        sealed |= inner is None
        texts += inner or ()
        left -= sum(map(len, inner or ()))
    return Opened(tuple(texts), sealed, left <= 0)


def _unarmoured(lines: str) -> bytes:
    body = CHECKSUM.sub("", HEADERS.sub("", lines.replace("\r\n", "\n"), count=1).rstrip())
    try:
        return b64decode(body)
    except (Error, ValueError):
        return b""


def _literals(data: bytes, most: int, deep: int) -> list[bytes] | None:
    """Return the texts in packets, at most ``most`` bytes; None where one is encrypted or none is known."""
    found: list[bytes] = []
    known = False
    for packet in _packets(data):
        if packet.tag in SEALED or packet.tag not in KNOWN or deep == 0:
            return None
        known = True
        if packet.tag == LITERAL and len(packet.body) > 1:
            found.append(packet.body[6 + packet.body[1] :][:most])
        elif packet.tag == COMPRESSED:
            inner = _literals(_unpacked(packet.body, most + HEADS), most, deep - 1)
            if inner is None:
                return None
            found += inner
        most -= sum(map(len, found[-1:]))
    return found if known else None


def _unpacked(body: bytes, most: int) -> bytes:
    way, packed = body[:1], body[1:]
    try:
        if way == b"\x01":
            return zlib.decompressobj(-15).decompress(packed, most)
        if way == b"\x02":
            return zlib.decompressobj().decompress(packed, most)
        if way == b"\x03":
            return bz2.BZ2Decompressor().decompress(packed, most)
    except (zlib.error, OSError, ValueError):
        return b""
    return packed if way == b"\x00" else b""


def _packets(data: bytes) -> Iterator[_Packet]:
    at = 0
    while at < len(data) and data[at] & 0x80:
        first = data[at]
        if first & 0x40:
            body, at = _new_length(data, at + 1)
            yield _Packet(first & 0x3F, body)
            continue
        kind = first & 3
        width = 0 if kind == OPEN_END else 1 << kind
        start = at + 1 + width
        length = int.from_bytes(data[at + 1 : start], "big") if width else len(data) - start
        yield _Packet(first >> 2 & 0xF, data[start : start + length])
        at = start + length


def _new_length(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the body whose length stands at ``at``, in parts or whole, and where it ends."""
    parts: list[bytes] = []
    while at < len(data):
        one = data[at]
        if PARTIAL <= one < 255:
            length, at = 1 << (one & 0x1F), at + 1
        elif one == 255:
            length, at = int.from_bytes(data[at + 1 : at + 5], "big"), at + 5
        elif one >= 192:
            length, at = (one - 192 << 8) + int.from_bytes(data[at + 1 : at + 2], "big") + 192, at + 2
        else:
            length, at = one, at + 1
        parts.append(data[at : at + length])
        at += length
        if not PARTIAL <= one < 255:
            break
    return b"".join(parts), at
