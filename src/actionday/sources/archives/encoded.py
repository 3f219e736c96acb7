"""Files written as text: uuencode, the base64 of ``uuencode -m``, and texts that are base64 from end to end.

Source: POSIX.1-2017 ``uuencode``, section Output (both algorithms); RFC 4648, 4 and 5.

What stands before, between and behind them is text, and is read as that. Within mail they are the message's.
"""

import re
from collections.abc import Iterator
from functools import partial

from actionday.mime.inline import blocks
from actionday.mime.transfer import reader
from actionday.mime.window import Window
from actionday.model import Claim, Context, Found, Kind, Loss, Note, Peek, Status, Stream

FIRST = re.compile(rb"begin(?:-base64)? [0-7]{3,4} [^\r\n]{1,1000}\r?\n[!-`]")
LATER = re.compile(rb"\n" + FIRST.pattern)
WORD = b"\nbegin"
"""Looked for before, as plain bytes: a third of the time."""
NAMED = re.compile(rb"begin-base64 [0-7]{3,4} ([^\r\n]{1,1000})\r?\n")
LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
TO_LETTERS = bytes.maketrans(b"_-", b"/+")
OF_ADDRESSES = 100
"""Letters of a text in the alphabet of addresses, which is written without padding: shorter ones are names and keys."""
FIGURES = 16
PADDED = re.compile(rb"={1,2}\Z")
KINDS = (b"ghijklmnopqrstuvwxyz", b"GHIJKLMNOPQRSTUVWXYZ", b"0123456789")
LEAST_LINE = 40
"""Letters of a line: shorter ones are words of a list, keys and sums."""
SUFFIXES = (".b64", ".base64", ".mime", ".txt")
MOST = 10_000
"""Files in one text; what is beyond is said."""


class Encoded:
    """Files in one text, each an item."""

    name, sample = "encoded", "kestrel.uue"
    textual = True
    beside = True

    def claims(self, peek: Peek) -> Claim:
        """Say NAME where a block begins, or where all that is seen is base64: any format goes before."""
        if b"\0" in peek.head or peek.kind is Kind.MESSAGE:
            return Claim.NO
        begins = FIRST.match(peek.head) or (WORD in peek.head and LATER.search(peek.head))
        return Claim.NAME if begins or _is_base64(peek.head, whole=peek.size <= len(peek.head)) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the files in their order; ``place`` is the byte at which one begins."""
        window = Window.on(stream)
        if _is_base64(window.look(0, 1 << 16), whole=stream.size <= 1 << 16):
            yield self._file(stream, around, ("base64", 0, stream.size), _stem(around.name), whole=True)
            return
        spans = sorted(
            [
                *((each.start, each.end, each.name, "uuencode", each.whole) for each in blocks(window)),
                *_base64_blocks(Window.on(stream), stream.size),
            ]
        )
        if len(spans) > MOST:
            around.note(
                Loss.PARTS_LIMIT, f"encoded: {len(spans) - MOST} further files in a text are no items"
            )
        for start, end, name, coding, whole in spans[:MOST]:
            yield self._file(
                stream, around, (coding, start, end), name.decode("utf-8", "replace"), whole=whole
            )

    def _file(
        self, stream: Stream, around: Context, span: tuple[str, int, int], name: str, *, whole: bool
    ) -> Found:
        coding, start, end = span

        def say(problem: Note) -> None:
            if whole:
                around.note(problem.code, f"encoded: {problem.reason}", name)

        look = Window.on(stream).look
        named = NAMED.match(look(start, 1 << 11)) if coding == "base64" else None
        return Found(
            name=name,
            kind=Kind.MEMBER,
            place=str(start),
            status=None if whole else Status.UNREADABLE,
            reason="" if whole else f"encoded: {coding} without its end",
            read=partial(reader, look, start + (named.end() if named else 0), end, coding, say),
            meta={"offset": start, "transfer_coding": coding},
        )


def _base64_blocks(window: Window, size: int) -> Iterator[tuple[int, int, bytes, str, bool]]:
    """Yield the files that ``uuencode -m`` wrote: start, end, name, coding, and whether the end is there."""
    at = 0
    while (at := window.find(b"begin-base64 ", at)) >= 0:
        said = NAMED.match(window.look(at, 1 << 11))
        if said and (at == 0 or window.look(at - 1, 1) == b"\n"):
            end = window.find(b"\n====", at)
            yield at, end if end >= 0 else size, said[1].strip(), "base64", end >= 0
            if end < 0:
                return
            at = end
        at += 1


def _is_base64(head: bytes, *, whole: bool) -> bool:
    """Say whether the first bytes of a text are lines of base64 alone, all as long as the first but the last."""
    padded = len(head) < OF_ADDRESSES or not (b"-" in head or b"_" in head) or b"+" in head or b"/" in head
    head = head if padded else head.translate(TO_LETTERS)
    if len(head) < LEAST_LINE or head[:LEAST_LINE].translate(None, LETTERS):
        return False
    lines = head.split()
    width, last = len(lines[0]), lines[-1]
    if any(len(line) != width for line in lines[:-1]) or len(last) > width or (width % 4 and len(lines) > 1):
        return False
    letters = b"".join((*lines[:-1], PADDED.sub(b"", last) if whole else last))
    return (
        not letters.translate(None, LETTERS)
        and (not whole or _is_in_fours(lines, padded))
        and _is_coded(letters, padded)
    )


def _is_in_fours(lines: list[bytes], padded: bool) -> bool:
    over = sum(map(len, lines)) % 4
    return over == 0 or (not padded and over != 1)


def _is_coded(letters: bytes, padded: bool) -> bool:
    """Say whether they have all that base64 has: sums, keys and identifiers are of one case or of few letters.

    Words joined by dashes are letters of the other alphabet, with fewer figures than the one in six of base64.
    """
    kinds = [len(letters) - len(letters.translate(None, kind)) for kind in KINDS]
    return all(kinds) and (padded or kinds[-1] * FIGURES >= len(letters))


def _stem(name: str) -> str:
    lower = name.lower()
    suffix = next((each for each in SUFFIXES if lower.endswith(each) and len(name) > len(each)), "")
    return name[: -len(suffix)] if suffix else f"{name}.decoded"


SOURCE = Encoded()
