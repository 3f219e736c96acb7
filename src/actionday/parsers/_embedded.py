"""Content that stands within a value of markup: ``data:`` addresses, long runs of base64, strings of a script.

Source: RFC 2397 (data); RFC 4648, 4 and 5 (base64); ECMA-262, 12.9.4 (string literals), 12.9.6 (templates); RFC 8259.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

import msgspec

from actionday.parsers._small_codes import SmallCodes

DATA = re.compile(r"\s*data:(?=[^,]{0,200},)([^,;\s]*)((?:;[^,;]{0,100})*),", re.IGNORECASE)
PAGES = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml"})
STYLE = "text/css"
TEXTS = re.compile(r"text/|message/|application/(?:\S+\+)?(?:json|xml|javascript|x-javascript|ecmascript)$|$")
CHARSET = re.compile(r";\s*charset=\"?([\w.:-]{2,40})", re.IGNORECASE)
ENCODED = re.compile(r"[A-Za-z0-9+/_-]{4096,}={0,2}")
"""Bytes written as letters; shorter runs are keys, digests and tokens, which people look for."""
BLANKS = re.compile(r"\s+")
STRING = re.compile(
    r"'((?>(?:[^'\\\n]|\\.)*))'|\"((?>(?:[^\"\\\n]|\\.)*))\"|`((?>(?:[^`\\]|\\.)*))`|\\.", re.DOTALL
)
"""An escaped quotation mark outside of a string begins none."""
ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
SIGNS = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "\n", "v": "\n", "0": "", "\n": ""}
_END = object()


class Embedded(NamedTuple):
    """What a value holds: a page, a text, or, with neither, something that is not for reading here."""

    kind: str
    page: str = ""
    text: str = ""


def embedded(value: str, codes: SmallCodes) -> Embedded | None:
    """Return the content that a value is; None for a value that stands for itself.

    ``codes`` are those of the document's other contents.
    """
    found = DATA.match(value)
    if found:
        return _content(found[1].lower(), found[2], value[found.end() :], codes)
    if len(value) > 4096 and ENCODED.fullmatch(joined := BLANKS.sub("", value)):
        content = from_base64(joined)
        if content is not None:
            text = as_text(content)
            return Embedded("base64", text=text) if text else Embedded("bytes in base64")
    return None


def _content(kind: str, parameters: str, written: str, codes: SmallCodes) -> Embedded:
    raw = unquote_to_bytes(written)
    if "base64" in parameters.lower():
        decoded = from_base64(raw.decode("ascii", "replace"))
        if decoded is None:
            return Embedded("damaged base64", text=written)
        raw = decoded
    charset = CHARSET.search(parameters)
    if kind in PAGES:
        return Embedded(kind, page=codes.text(raw, charset[1] if charset else None))
    if kind == STYLE:
        return Embedded(kind)
    if TEXTS.match(kind):
        return Embedded(kind, text=codes.text(raw, charset[1] if charset else None))
    text = as_text(raw)
    return Embedded(kind, text=text) if text else Embedded(kind)


def from_base64(written: str) -> bytes | None:
    """Return the bytes, as many as there are where the end is missing; None for what is no base64."""
    letters = BLANKS.sub("", written).rstrip("=")
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        plain = letters.replace("-", "+").replace("_", "/")
        return b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (Error, ValueError):
        return None


def as_text(content: bytes) -> str:
    """Return the text of bytes that are UTF-8 without control characters, "" for others."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if not CONTROL.search(text) else ""


def strings(code: str) -> Iterator[str]:
    """Yield the string literals of a piece of script, their escapes undone."""
    for found in STRING.finditer(code):
        if written := found[1] or found[2] or found[3]:
            yield unescaped(written)


def unescaped(value: str) -> str:
    """Return a string of a script with its escapes undone."""
    return ESCAPE.sub(_sign, value) if "\\" in value else value


def _sign(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if not code:
        return SIGNS.get(found[4], found[4])
    number = int(code, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else found[0]


def json_strings(code: str) -> Iterator[str]:
    """Yield the strings and long numbers of JSON, in its order; of what is none, its string literals."""
    try:
        value = msgspec.json.decode(code.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        yield from strings(code)
        return
    yield from _values(value)


def _values(value: Any) -> Iterator[str]:
    """Yield the values of JSON without recursion: a hostile one is deep."""
    left = [iter([value])]
    while left:
        each = next(left[-1], _END)
        if each is _END:
            left.pop()
        elif isinstance(each, dict):
            left.append(iter(each.values()))
        elif isinstance(each, list):
            left.append(iter(each))
        elif isinstance(each, str):
            yield each
        elif isinstance(each, int | float) and not isinstance(each, bool):
            yield str(each)
