"""Transfer codings undone: base64, quoted-printable, uuencode; whole, or as a stream that holds one block.

Source: RFC 2045 sections 6.7 and 6.8; uuencode: POSIX.1-2017 ``uuencode``. Damaged input gives what decodes, and
says what did not.
"""

import re
from base64 import b64decode
from binascii import Error, a2b_qp, a2b_uu
from collections.abc import Callable
from typing import BinaryIO, Protocol

from actionday.mime.comments import uncommented
from actionday.mime.stepwise import BLOCK, stepwise
from actionday.model import Loss, Note
from actionday.model.counted import counted
from actionday.model.loss import MAY_BE_CUT

FIELD_BYTES = 1000
"""What of a field is looked at: a coding has a dozen letters, a comment beside it a few words."""
ODD = "transfer_coding"
"""A remark: what is no part of the coding was passed over, or left as it stands."""
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_")
)
_BLANK = b"\t\n\v\f\r "
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_NOT_QP = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t\r]*$)")
_BARE_CR = re.compile(rb"=\r(?!\n)")
"""The decoder passes over everything behind such a mark up to the next line feed."""
UU_BEGIN = re.compile(rb"begin(?:-base64)? [0-7]{3,4} ")
_CODINGS = {
    b"base64": "base64", b"base-64": "base64", b"x-base64": "base64", b"b": "base64",
    b"quoted-printable": "quoted-printable", b"q": "quoted-printable",
    b"x-uuencode": "uuencode", b"uuencode": "uuencode", b"x-uue": "uuencode", b"uue": "uuencode",
    b"": "", b"7bit": "", b"8bit": "", b"binary": "", b"7-bit": "", b"8-bit": "", b"none": "",
}  # fmt: skip


def coding_of(field: bytes) -> tuple[str, str]:
    """Return the coding that a Content-Transfer-Encoding names ("" = as it is) and, if unknown, the reason."""
    name = uncommented(field[:FIELD_BYTES]).partition(b";")[0].partition(b"(")[0].strip(b" \t\"'").lower()
    if (coding := _CODINGS.get(name)) is not None:
        return coding, ""
    said = f"transfer coding {name[:40].decode('ascii', 'backslashreplace')!r} is not known"
    first = _CODINGS.get(re.split(rb"[\s,]", name, maxsplit=1)[0], "")
    return first, f"{said}: read as {first}" if first else f"{said}: left as it is"


class _Decoder(Protocol):
    def feed(self, block: bytes, *, last: bool) -> bytes:
        """Return what ``block`` decodes to; keeps what is incomplete until the next one."""

    def problem(self) -> Note | None:
        """Return what did not decode, once the last block was fed."""


class _Base64:
    def __init__(self) -> None:
        self._kept, self._foreign, self._loose = b"", 0, 0

    def feed(self, block: bytes, *, last: bool) -> bytes:
        kept = block.translate(None, _BLANK)
        letters = kept.translate(_URL_SAFE, _NOT_BASE64)
        self._foreign += len(kept) - len(letters)
        letters = self._kept + letters
        if b"=" in letters:
            return self._padded(letters, last)
        whole = len(letters) if last else len(letters) & ~3
        self._kept = letters[whole:]
        return self._decode(letters[:whole])

    def _padded(self, letters: bytes, last: bool) -> bytes:
        """Padding ends a run of its own: mailers join encoded blocks."""
        *ended, rest = re.split(rb"=+", letters)
        if rest and not last:
            rest, self._kept = rest[: len(rest) & ~3], rest[len(rest) & ~3 :]
        else:
            self._kept = b""
        return b"".join([*map(self._decode, ended), self._decode(rest)])

    def _decode(self, letters: bytes) -> bytes:
        over = len(letters) % 4
        if over == 1:
            self._loose += 1
            letters = letters[:-1]
        try:
            return b64decode(letters + b"=" * (-len(letters) % 4))
        except (Error, ValueError):  # cannot be: only letters, in fours
            self._loose += 1
            return b""

    def problem(self) -> Note | None:
        said = (
            [f"{counted(self._foreign, 'character that is', 'characters that are')} no base64"]
            if self._foreign
            else []
        )
        if self._loose:
            return Note(Loss.UNDECODED, "; ".join([*said, "base64 that ends within a byte"]))
        return Note(ODD, said[0]) if said else None


class _QuotedPrintable:
    def __init__(self) -> None:
        self._kept, self._wrong, self._open = b"", 0, False

    def feed(self, block: bytes, *, last: bool) -> bytes:
        block = self._kept + block
        end = len(block) if last else block.rfind(b"\n") + 1 or self._inside(block)
        self._kept, whole = block[end:], block[:end]
        if b"=" in whole:
            self._wrong += len(_NOT_QP.findall(whole))
            whole = _BARE_CR.sub(b"=\r\n", whole)
        return a2b_qp(whole)

    def _inside(self, block: bytes) -> int:
        """Cut a line that is longer than a block, not within an escape."""
        mark = block.rfind(b"=", len(block) - 2)
        return len(block) if mark < 0 else mark

    def problem(self) -> Note | None:
        return (
            Note(ODD, f"{counted(self._wrong, 'place that is', 'places that are')} no quoted-printable")
            if self._wrong
            else None
        )


class _Uuencode:
    def __init__(self) -> None:
        self._kept, self._wrong, self._outside, self._state = b"", 0, 0, "before"

    def feed(self, block: bytes, *, last: bool) -> bytes:
        lines = (self._kept + block).split(b"\n")
        self._kept = b"" if last else lines.pop()
        out = [self._line(line) for line in lines[:-1]]
        return b"".join([*out, *(self._line(line, cut=last) for line in lines[-1:])])

    def _line(self, line: bytes, *, cut: bool = False) -> bytes:
        line = line.rstrip(b"\r")
        if self._state != "within":
            self._state = "within" if UU_BEGIN.match(line) else self._state
            self._outside += bool(line.strip()) and self._state != "within"
            return b""
        if not line:
            return b""
        if line == b"end":
            self._state = "after"
            return b""
        return self._decode(line, cut=cut)

    def _decode(self, line: bytes, *, cut: bool) -> bytes:
        length = (line[0] - 32) & 63
        try:  # writers pad lines with more than the length needs, or strip the blanks at their end
            out = a2b_uu(line[: 1 + (length + 2) // 3 * 4])
            return out[: (len(line) - 1) * 6 // 8] if cut else out  # what is missing is not filled with zeros
        except (Error, ValueError):
            self._wrong += 1
            return b""

    def problem(self) -> Note | None:
        if self._state == "before":
            return Note(Loss.UNDECODED, "no uuencode in it")
        said = (
            [f"{counted(self._wrong, 'line that is', 'lines that are')} no uuencode"] if self._wrong else []
        )
        if self._state == "within":
            return Note(Loss.BROKEN_OFF, "; ".join([*said, "uuencode without its end"]))
        if said:
            return Note(Loss.UNDECODED, said[0])
        return Note(ODD, f"{counted(self._outside, 'line')} outside the uuencode") if self._outside else None


class _Plain:
    def feed(self, block: bytes, *, last: bool) -> bytes:  # noqa: ARG002
        return block

    def problem(self) -> Note | None:
        return None


_DECODERS: dict[str, Callable[[], _Decoder]] = {
    "base64": _Base64, "quoted-printable": _QuotedPrintable, "uuencode": _Uuencode, "": _Plain,
}  # fmt: skip


def decoded(raw: bytes, coding: str) -> tuple[bytes, Note | None]:
    """Return what ``raw`` decodes to by ``coding`` (of ``coding_of``), and what did not decode."""
    if not coding:
        return raw, None
    decoder = _DECODERS[coding]()
    out = decoder.feed(raw, last=True)
    return out, decoder.problem()


def reader(
    read: Callable[[int, int], bytes], start: int, end: int, coding: str, say: Callable[[Note], None]
) -> BinaryIO:
    """Return a reader of the decoded bytes of ``start``..``end``; ``say`` hears once what did not decode.

    ``read(offset, length)`` is called forward, ``BLOCK`` bytes at a time; its errors pass through.
    """
    decoder, at, ended = _DECODERS[coding](), start, False

    def step() -> bytes | None:
        nonlocal at, ended
        if ended:
            return None
        raw = read(at, min(BLOCK, end - at))
        at += len(raw)
        ended = not raw or at >= end
        out = decoder.feed(raw, last=ended)
        if ended and (problem := decoder.problem()):
            say(problem)
        return out

    return stepwise(step)


def unended(tail: bytes, coding: str) -> Note | None:
    """Return why an encoded body without a delimiter behind it is cut, or may be; ``tail`` is its last KiB.

    A base64 body whose last line is as long as the others and has no padding may go on: said, not certain, so
    that it is a remark. A quoted-printable one that ends in a soft line break does go on: a loss.
    """
    if coding == "quoted-printable" and re.search(rb"=[ \t]*\r?\n?$", tail):
        return Note(Loss.BROKEN_OFF, "breaks off: the last line of quoted-printable goes on")
    lines = tail.split()
    if coding == "base64" and lines and not lines[-1].endswith(b"="):
        width = len(lines[-2]) if len(lines) > 1 else 76
        full = len(lines[-1]) % 76 == 0 or len(lines[-1]) == width
        return Note(MAY_BE_CUT, "may be cut: the last line of base64 is a full one") if full else None
    if coding == "uuencode" and lines and lines[-1] != b"end":
        return Note(Loss.BROKEN_OFF, "breaks off: uuencode without its end")
    return None
