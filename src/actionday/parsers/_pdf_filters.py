"""The bytes of a PDF's stream without its filters, as far as they can be undone without drawing a picture.

Source: PDF 1.7 (ISO 32000-1), 7.4 (filters; 7.4.2 hexadecimal, 7.4.3 ASCII 85, 7.4.4 LZW and Flate, 7.4.5 run length).

A filter of pictures, one that nobody knows and one that does not fit leave the bytes as they stand: what they are tells
more than what they are called.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from actionday.mime.inflated import inflated
from actionday.parsers._pdf_budget import Budget
from actionday.parsers._pdf_rows import parameters, unpredicted

STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
FILTER = re.compile(rb"/Filter\s*(\[[^\]]{0,400}\]|/[^\s/<>\[\]()]+|\d)")
NAME = re.compile(rb"/([^\s/<>\[\]()]+)")
NO_DIGIT = re.compile(rb"[^0-9A-Fa-f]")
CLEAR, END = 256, 257
HEXADECIMAL, BASE_85 = frozenset((b"ASCIIHexDecode", b"AHx")), frozenset((b"ASCII85Decode", b"A85"))
WIDEST = 12
"""Bits of a code of LZW."""
PREDICTED = frozenset((b"FlateDecode", b"Fl", b"LZWDecode", b"LZW"))
TIMES = 4
"""As often as much as a stream may hold may all its filters give; of 130 that hide one another each could."""
LEFT_LATE = re.compile(rb"/EarlyChange\s+0")


class Undone(NamedTuple):
    """What a stream holds, and whether a bound was met: then it may go on behind that."""

    content: bytes
    cut: bool = False
    spent: int = 0
    """Bytes that its filters gave, one behind the other."""
    left: bool = False
    """Whether a filter could not be undone: then the bytes are as it left them."""


def undone(body: bytes, most: int) -> bytes:
    """Return what ``undone_to`` does, without a word on what is beyond."""
    return undone_to(body, most, Budget()).content


def undone_to(body: bytes, most: int, budget: Budget, *, predicted: bool = True) -> Undone:
    """Return at most ``most`` bytes of an object's stream; empty for an object without one.

    ``predicted`` says that rows with predictors are undone, within the ``budget``: no text comes in such, and a picture
    need not be undone. Costs what it unpacks: of no filter more than ``most`` and one byte, of all no more than
    ``TIMES`` as much, of ASCII 85 and hexadecimal at most five for four.
    """
    begin = STREAM.search(body)
    if not begin:
        return Undone(b"")
    head = body[: begin.start()]
    end = body.rfind(b"endstream")
    stored = body[begin.end() : end if end >= begin.end() else len(body)]
    told = FILTER.search(head)
    names = NAME.findall(told[1]) if told else []
    if told and told[1][:1].isdigit():  # its name stands elsewhere
        plain = inflated(stored, most + 1) or stored
        return Undone(plain[:most], len(plain) > most, len(plain))
    said = parameters(head, several=told is not None and told[1][:1] == b"[")
    cut, spent, left = False, 0, False
    for name, of_it in zip_longest(names, said[: len(names)], fillvalue=b""):
        cut = cut or _is_beyond(name, stored, most)
        given = None
        if spent <= TIMES * most:
            given = _undone(name, stored, most + 1, late=LEFT_LATE.search(of_it) is not None)
        else:
            cut = True
        if given is None:
            left = True
            break
        cut, stored, spent = cut or len(given) > most, given[: most + 1], spent + len(given)
        if predicted and name in PREDICTED:
            stored, more = unpredicted(stored, of_it, budget)
            cut = cut or more
    return Undone(stored[:most], cut or len(stored) > most, spent or min(len(stored), most + 1), left)


def _is_beyond(name: bytes, stored: bytes, most: int) -> bool:
    """Say whether of a filter of letters not all is looked at."""
    return (name in HEXADECIMAL and len(stored) > 4 * most + 64) or (
        name in BASE_85 and len(stored) > 2 * most + 64
    )


def _undone(name: bytes, stored: bytes, most: int, *, late: bool) -> bytes | None:
    """Return what one filter was given, None where it cannot be undone."""
    match name:
        case b"FlateDecode" | b"Fl":
            return inflated(stored, most) or _nothing(stored)
        case b"LZWDecode" | b"LZW":
            return _lzw(stored, most, late=late) or None
        case b"RunLengthDecode" | b"RL":
            return _runs(stored, most)
        case b"ASCIIHexDecode" | b"AHx":
            digits = NO_DIGIT.sub(b"", stored[: 4 * most + 64].partition(b">")[0])
            return binascii.unhexlify(digits + b"0" * (len(digits) % 2))
        case b"ASCII85Decode" | b"A85":
            return _ascii85(stored[: 2 * most + 64])
        case b"Crypt":
            return stored
    return None


def _nothing(stored: bytes) -> bytes | None:
    """Return no bytes for a stream that holds none, None for one that gives none."""
    inflater = zlib.decompressobj()
    try:
        inflater.decompress(stored, 1)
    except zlib.error:
        return None
    return b"" if inflater.eof else None


def _ascii85(stored: bytes) -> bytes | None:
    digits = b"".join(stored.partition(b"~")[0].split())
    try:
        return base64.a85decode(digits)
    except ValueError:  # what was cut may end within a group
        try:
            return base64.a85decode(digits[: len(digits) // 5 * 5])
        except ValueError:
            return None


def _runs(stored: bytes, most: int) -> bytes:
    out = bytearray()
    at = 0
    while at < len(stored) and len(out) < most and stored[at] != 128:
        length = stored[at]
        if length < 128:
            out += stored[at + 1 : at + 2 + length]
            at += length + 2
        else:
            out += stored[at + 1 : at + 2] * (257 - length)
            at += 2
    return bytes(out)


def _codes(stored: bytes, widths: list[int]) -> Iterator[int]:
    """Yield the codes of LZW, each as wide as ``widths[0]`` says when it is asked for."""
    held = bits = 0
    for byte in stored:
        held, bits = (held << 8 | byte) & 0xFFFFFF, bits + 8
        if bits >= widths[0]:
            bits -= widths[0]
            yield held >> bits & ((1 << widths[0]) - 1)


def _lzw(stored: bytes, most: int, *, late: bool) -> bytes:
    """Return what came before a fault or the end mark."""
    start = [bytes((each,)) for each in range(256)] + [b"", b""]
    table, before, out, widths = list(start), b"", bytearray(), [9]
    for code in _codes(stored, widths):
        if code == END or len(out) >= most:
            break
        if code == CLEAR:
            table, before, widths[0] = list(start), b"", 9
            continue
        if code > len(table) or (code == len(table) and not before):
            break
        now = table[code] if code < len(table) else before + before[:1]
        if before and len(table) < 1 << WIDEST:
            table.append(before + now[:1])
        out += now
        before = now
        widths[0] = min(max(9, (len(table) + (not late)).bit_length()), WIDEST)
    return bytes(out)
