"""The bytes of a PDF's stream without its filters, as far as they can be undone without drawing a picture.

Source: PDF 1.7 (ISO 32000-1), 7.4 (filters; 7.4.2 hexadecimal, 7.4.3 ASCII 85, 7.4.4 LZW and Flate, 7.4.5 run length).

A filter of pictures, one that nobody knows and one that does not fit leave the bytes as they stand: what they are tells
more than what they are called.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from actionday.mime.inflated import inflated

STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
FILTER = re.compile(rb"/Filter\s*(\[[^\]]{0,400}\]|/[^\s/<>\[\]()]+|\d)")
NAME = re.compile(rb"/([^\s/<>\[\]()]+)")
NO_DIGIT = re.compile(rb"[^0-9A-Fa-f]")
CLEAR, END = 256, 257
HEXADECIMAL, BASE_85 = frozenset((b"ASCIIHexDecode", b"AHx")), frozenset((b"ASCII85Decode", b"A85"))
WIDEST = 12
"""Bits of a code of LZW."""
PREDICTED = frozenset((b"FlateDecode", b"Fl", b"LZWDecode", b"LZW"))
PREDICTOR = re.compile(rb"/Predictor\s+(2|1[0-5])")
COLUMNS, COLOURS, DEPTH = (
    re.compile(rb"/%s\s+(\d{1,6})" % each) for each in (b"Columns", b"Colors", b"BitsPerComponent")
)
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
    return undone_to(body, most).content


def undone_to(body: bytes, most: int, *, predicted: bool = True) -> Undone:
    """Return at most ``most`` bytes of an object's stream; empty for an object without one.

    ``predicted`` says that rows with predictors are undone: no text comes in such, and a picture need not be undone.

    Costs what it unpacks: of no filter more than ``most`` and one byte, of ASCII 85 and hexadecimal at most five for
    four.
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
    cut, spent = False, 0
    for name in names:
        cut = cut or _is_beyond(name, stored, most)
        given = _undone(name, stored, most + 1, late=LEFT_LATE.search(head) is not None)
        if given is None:
            return Undone(
                stored[:most], cut or len(stored) > most, spent or min(len(stored), most + 1), left=True
            )
        cut, stored, spent = cut or len(given) > most, given[: most + 1], spent + len(given)
        if predicted and (way := PREDICTOR.search(head)) and name in PREDICTED:
            stored = _unpredicted(stored, head) if way[1] != b"2" else stored
    return Undone(stored[:most], cut or len(stored) > most, spent or min(len(stored), most + 1))


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


def _number(key: re.Pattern[bytes], head: bytes, otherwise: int) -> int:
    found = key.search(head)
    return int(found[1]) if found else otherwise


def _unpredicted(stored: bytes, head: bytes) -> bytes:
    """Return rows without the predictors of PNG (ISO/IEC 15948, 9.2); those of TIFF are of pictures."""
    each = max(1, _number(COLOURS, head, 1) * _number(DEPTH, head, 8) // 8)
    length = max(1, _number(COLUMNS, head, 1) * each)
    out, before = bytearray(), bytes(length)
    for at in range(0, len(stored), length + 1):
        row = stored[at + 1 : at + 1 + length]
        before = _row(stored[at], row, before, each).ljust(length, b"\0")
        out += before[: len(row)]
    return bytes(out)


def _row(way: int, row: bytes, above: bytes, each: int) -> bytes:
    if way == 0 or way > len(AHEAD):
        return row
    if way == 2:
        return bytes((a + b) & 255 for a, b in zip(row, above, strict=False))
    made = bytearray(each)
    over = bytes(each) + above
    for at, value in enumerate(row):
        made.append((value + AHEAD[way - 1](made[at], over[at + each], over[at])) & 255)
    return bytes(made[each:])


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


AHEAD: tuple[Callable[[int, int, int], int], ...] = (
    lambda left, _above, _corner: left,
    lambda _left, above, _corner: above,
    lambda left, above, _corner: (left + above) // 2,
    _paeth,
)
"""What each predictor says of a byte by those before, above and before that."""


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
