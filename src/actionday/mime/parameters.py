"""A structured field (Content-Type, Content-Disposition): its value and its parameters.

Source: RFC 2045 section 5.1 (syntax), RFC 2231 sections 3 and 4 (continuations, charset and language).
"""

import re
from functools import lru_cache
from itertools import groupby
from urllib.parse import unquote_to_bytes

import msgspec

from actionday.mime.charset import decode
from actionday.mime.comments import uncommented
from actionday.mime.labels import codec_of
from actionday.mime.words import decode_words

FIELD_BYTES = 1 << 16
"""What of one field is read: a boundary and a file name need a few hundred."""
SHORT = 200
"""Bytes of a field that is remembered."""
_BLANK = re.compile(rb"\s+")
_VALUE = re.compile(rb"\s*+(?P<value>[^\s;/]*+(?:\s*+/\s*+[^\s;]*+)?)(?P<rest>.*)", re.DOTALL)
"""White space may stand around the slash; behind the value a semicolon, which some mailers forget."""
_PARAMETER = re.compile(
    rb"""(?P<name>[^\s;="]++)\s*+(?:=\s*+(?:"(?P<quoted>(?>(?:[^"\\]++|\\.)*))(?:"|\\?$)|(?P<token>[^;]*+)))?""",
    re.DOTALL,
)
_SECTION = re.compile(rb"\*(\d{1,9})(\*?)")
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)


class Structured(msgspec.Struct, frozen=True):
    """``value`` is lower case (``text/plain``); parameters' names are, their values are bytes as stored."""

    value: str
    parameters: dict[bytes, bytes]

    def text(self, name: bytes) -> str:
        """Return a parameter as text, continuations joined and charsets undone; "" if it is not there."""
        parameters = self.parameters
        if not parameters:
            return ""
        if name in parameters:
            return decode_words(parameters[name])
        if name + b"*" in parameters:
            return _extended([(parameters[name + b"*"], True)])
        return _extended(_pieces(parameters, name))

    def raw(self, name: bytes) -> bytes:
        """Return a parameter's bytes as stored, ``b""`` if it is not there."""
        return self.parameters.get(name, b"")


def structured(raw: bytes) -> Structured:
    """Return the parts of an unfolded field; what does not follow the syntax is passed over."""
    return _remembered(raw) if len(raw) <= SHORT else _structured(raw)


@lru_cache(maxsize=256)  # the parts of one message have few types
def _remembered(raw: bytes) -> Structured:
    return _structured(raw)


def _structured(raw: bytes) -> Structured:
    begins = _VALUE.match(uncommented(raw[:FIELD_BYTES]))
    value, rest = (begins["value"], begins["rest"]) if begins else (b"", b"")
    parameters: dict[bytes, bytes] = {}
    for found in _PARAMETER.finditer(rest) if rest else ():
        given = (
            found["token"].strip() if found["quoted"] is None and found["token"] else _quoted(found["quoted"])
        )
        parameters.setdefault(found["name"].lower(), given)
    return Structured(_BLANK.sub(b"", value).lower().decode("ascii", "replace"), parameters)


def _quoted(raw: bytes | None) -> bytes:
    return _ESCAPED.sub(rb"\1", raw) if raw and b"\\" in raw else raw or b""


def _pieces(parameters: dict[bytes, bytes], name: bytes) -> list[tuple[bytes, bool]]:
    """Return ``name*0``, ``name*1*`` … in order, each with whether it is percent-encoded; a gap cuts nothing off."""
    pieces: dict[int, tuple[bytes, bool]] = {}
    for key, value in parameters.items():
        section = _SECTION.fullmatch(key, len(name)) if key.startswith(name) else None
        if section and (section[2] or int(section[1]) not in pieces):
            pieces[int(section[1])] = value, bool(section[2])
    return [pieces[number] for number in sorted(pieces)]


def _extended(pieces: list[tuple[bytes, bool]]) -> str:
    """Return the text of the sections of a value; what one cuts, ``%XX`` or a character, the next one completes.

    Encoded sections are joined before they are decoded: mailers cut a long value at a number of characters.
    """
    if not pieces:
        return ""
    charset = b""
    first, encoded = pieces[0]
    if encoded and first.count(b"'") >= 2:
        charset, _, first = first.split(b"'", 2)
    sections = groupby([(first, encoded), *pieces[1:]], key=lambda piece: piece[1])
    raw = b"".join(
        unquote_to_bytes(joined) if coded else joined
        for coded, joined in ((coded, b"".join(piece for piece, _ in run)) for coded, run in sections)
    )
    label = charset.decode("ascii", "replace")
    if not charset and b"=?" in raw:
        return decode_words(raw)
    return decode(raw, label if codec_of(label) else "").text
