"""A structured field (Content-Type, Content-Disposition): its value and its parameters.

Source: RFC 2045 section 5.1 (syntax), RFC 2231 sections 3 and 4 (continuations, charset and language); RFC 6266 section
4.3 (``filename*`` goes before ``filename``).
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
    again: tuple[tuple[bytes, bytes], ...] = ()
    """Parameters that stand there already with another value: one mail program takes the first, another the last."""

    def text(self, name: bytes) -> str:
        """Return a parameter as text, continuations joined and charsets undone; "" if it is not there.

        One that is written in more than one way counts as it is extended; ``every`` has the others.
        """
        return self._extended(name) or decode_words(self.parameters.get(name, b""))

    def raw(self, name: bytes) -> bytes:
        """Return a parameter's bytes as stored, ``b""`` if it is not there, or only extended."""
        return self.parameters.get(name, b"")

    def literal(self, name: bytes) -> bytes:
        """Return the bytes that ``text`` reads, ``b""`` where it reads an extended parameter."""
        return b"" if self._extended(name) else self.raw(name)

    def every(self, name: bytes) -> list[str]:
        """Return each different text that the parameter has, the one that counts first."""
        if self._is_plain():
            return [said] if (said := self.text(name)) else []
        sections = (_extended(_pieces(self.parameters, name, coded=coded)) for coded in (True, False))
        found = [self.text(name), *sections, decode_words(self.raw(name))]
        for key, value in self.again:
            if key == name:
                found.append(decode_words(value))
            elif key.startswith(name + b"*"):
                found.append(_extended([(value, key.endswith(b"*"))]))
        return [each for each in dict.fromkeys(found) if each]

    def is_doubled(self, names: frozenset[bytes]) -> bool:
        """Say whether one of these parameters has two values, of which two readers may take different ones."""
        if self._is_plain():
            return False
        keys = (*(key for key in self.parameters if b"*" in key), *(key for key, _ in self.again))
        return any(len(self.every(name)) > 1 for name in names & {key.partition(b"*")[0] for key in keys})

    def _is_plain(self) -> bool:
        """Say whether every parameter stands there once and as it is: nearly all do, and need no comparison."""
        return not self.again and not any(b"*" in key for key in self.parameters)

    def _extended(self, name: bytes) -> str:
        parameters = self.parameters
        if not any(b"*" in key for key in parameters):
            return ""
        whole = parameters.get(name + b"*")
        return _extended(_pieces(parameters, name) if not whole else [(whole, True)])


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
    again: dict[tuple[bytes, bytes], None] = {}
    for found in _PARAMETER.finditer(rest) if rest else ():
        given = (
            found["token"].strip() if found["quoted"] is None and found["token"] else _quoted(found["quoted"])
        )
        name = found["name"].lower()
        if parameters.setdefault(name, given) != given:
            again[name, given] = None
    return Structured(_BLANK.sub(b"", value).lower().decode("ascii", "replace"), parameters, tuple(again))


def _quoted(raw: bytes | None) -> bytes:
    return _ESCAPED.sub(rb"\1", raw) if raw and b"\\" in raw else raw or b""


def _pieces(parameters: dict[bytes, bytes], name: bytes, *, coded: bool = True) -> list[tuple[bytes, bool]]:
    """Return ``name*0``, ``name*1*`` … in order, each with whether it is percent-encoded; a gap cuts nothing off.

    Of a section that stands there encoded and not, the one counts that ``coded`` says.
    """
    pieces: dict[int, tuple[bytes, bool]] = {}
    for key, value in parameters.items():
        section = _SECTION.fullmatch(key, len(name)) if key.startswith(name) else None
        if section and (bool(section[2]) is coded or int(section[1]) not in pieces):
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
