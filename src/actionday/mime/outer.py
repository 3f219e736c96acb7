"""Plain text in a body that says it is encoded: what a mailing list appends is not encoded again.

Source: RFC 2045 section 6.8 (what is no base64 is to be passed over), POSIX.1-2017 ``uuencode``; Mailman and other
list servers add their lines to a body of any coding.
"""

import re

from actionday.mime.transfer import UU_BEGIN, decoded
from actionday.mime.wide import CONTROLS, is_utf8

_LINE = re.compile(rb"[^\n]*\n?")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\r\n"
_STRICT = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_EMPTY_LINE = re.compile(rb"\n[ \t]*\r?\n")
_PADDED_WITHIN = re.compile(rb"=[ \t\r]*\n\s*[^\s=]")
LEAST_CODED = 24
"""Letters; a shorter line that is nothing but letters, behind the end of what is encoded, is a word."""
LEAST_DECODED = 16
"""Bytes that are text: no words, taken for base64, decode to so many."""
FOREIGN_SHARE = 5
"""A line of which a fifth is no base64 is none; a relay's sign or two in it are passed over."""


def split(raw: bytes, coding: str) -> tuple[bytes, bytes]:
    """Return what of ``raw`` is encoded by ``coding``, and the lines before, between and behind that are not."""
    if coding == "base64":
        return _base64(raw)
    if coding == "uuencode":
        return _uuencode(raw)
    return raw, b""


def tail_of(raw: bytes, coding: str) -> int:
    """Return where the lines behind the encoded ones begin in ``raw``, the last bytes of a body; its length if none."""
    _, plain = split(raw, coding)
    if not plain or coding not in ("base64", "uuencode"):
        return len(raw)
    at = len(raw)
    for line in reversed(_LINE.findall(raw)):
        if line.strip() and not plain.endswith(line):
            break
        plain = plain[: -len(line)] if line and plain.endswith(line) else plain
        at -= len(line)
    return at


def _base64(raw: bytes) -> tuple[bytes, bytes]:
    body = raw.strip()
    odd = body.translate(None, _LETTERS) or _EMPTY_LINE.search(body) or _PADDED_WITHIN.search(body)
    if not odd:
        return raw, b""
    coded: list[bytes] = []
    plain: list[bytes] = []
    state = _State()
    for line in _LINE.findall(raw):
        (coded if state.takes(line.strip()) else plain).append(line)
    beside = b"".join(plain)
    return (raw, b"") if not beside.strip() or _is_coded(raw, beside) else (b"".join(coded), beside)


def _is_coded(raw: bytes, plain: bytes) -> bool:
    """Say whether lines are encoded for all the foreign signs in them: without these they, and all, are text."""
    texts = (decoded(plain, "base64")[0], decoded(raw, "base64")[0])
    return len(texts[0]) >= LEAST_DECODED and all(
        is_utf8(text) and len(text.translate(None, CONTROLS)) == len(text) for text in texts
    )


class _State:
    """Goes through the lines of a base64 body."""

    def __init__(self) -> None:
        self._begun = self._ended = self._plain = False

    def takes(self, line: bytes) -> bool:
        """Say whether ``line`` is encoded; an empty one goes with what is before it."""
        if not line:
            self._ended = self._begun
            return not self._plain
        self._plain = not self._coded(line)
        self._begun = self._begun or not self._plain
        self._ended = self._ended or (self._begun and line.endswith(b"="))
        return not self._plain

    def _coded(self, line: bytes) -> bool:
        if not line.strip(b"_-"):
            return False  # a rule
        if self._ended or self._plain:
            strict = bool(_STRICT.fullmatch(line)) and len(line) % 4 == 0
            return strict and (len(line) >= LEAST_CODED or not line.isalpha())
        foreign = len(line.translate(None, _LETTERS))
        words = line.split()
        return foreign * FOREIGN_SHARE <= len(line) and (len(words) == 1 or not _prose(words))


def _prose(words: list[bytes]) -> bool:
    """Say whether words stand in a line: base64 that was broken by blanks has long pieces."""
    return sum(map(len, words)) < 12 * len(words) or len(words) > 8


def _uuencode(raw: bytes) -> tuple[bytes, bytes]:
    coded: list[bytes] = []
    plain: list[bytes] = []
    within = False
    for line in _LINE.findall(raw):
        within = within or bool(UU_BEGIN.match(line))
        (coded if within else plain).append(line)
        within = within and line.rstrip() != b"end"
    return (b"".join(coded), b"".join(plain)) if any(map(bytes.strip, plain)) and coded else (raw, b"")
