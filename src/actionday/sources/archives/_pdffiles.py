"""The files that are embedded in a PDF: where their streams lie, and what the document calls them.

Source: PDF 1.7 (ISO 32000-1), 7.3.4 (strings), 7.3.8 (streams), 7.5.7 (object streams), 7.11.3 and 7.11.4 (file
specifications, embedded file streams); PDF 2.0 (ISO 32000-2), 14.13 (associated files).

The streams are looked for in the bytes, not by way of the document's tables: so those of the list of attachments, of
remarks on pages, of associated files and of earlier revisions are found alike, and those that nothing leads to.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from actionday.mime.inflated import inflated
from actionday.mime.window import Window
from actionday.model import Stream
from actionday.model.counted import counted
from actionday.model.streams import read_at

OBJECT = re.compile(rb"(?<![\d.])(\d{1,8})[ \t\r\n]+\d{1,5}[ \t\r\n]+obj\b")
LENGTH = re.compile(rb"/Length\s+(\d{1,12})(?!\s+\d{1,5}\s+R)\b")
END_MARK = b"endstream"
EMPTY = re.compile(rb"/Length\s+(?:0+(?!\d)|\d{1,10}\s+\d{1,5}\s+R\b)")
EMBEDDED = re.compile(rb"/Type\s*/EmbeddedFile\b")
PACKED = re.compile(rb"/Type\s*/ObjStm\b")
FIRST = re.compile(rb"/First\s+(\d{1,9})")
FILTERS = re.compile(rb"/(?:Filter|F)\s*(\[[^\]]*\]|/[A-Za-z0-9]+)")
FILTER = re.compile(rb"/([A-Za-z0-9]+)")
PREDICTED = re.compile(rb"/Predictor\s+(?!1\b)\d")
ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d{1,10}\s+\d{1,5}\s+R|<<)")
LEADS = re.compile(rb"/EF\s*<<([^<>]{0,400})>>")
REFERENCE = re.compile(rb"(\d{1,8})\s+\d{1,5}\s+R\b")
NAME = re.compile(
    rb"/(UF|F|Unix|Mac|DOS)\s*(?:\(((?:[^()\\]|\\[\s\S]|\([^()]{0,400}\)){0,2000})\)|<([0-9A-Fa-f\s]{0,4000})>)"
)
ESCAPE = re.compile(rb"\\(\r\n|[0-7]{1,3}|[\s\S])")
ESCAPES = {
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"b": b"\b",
    b"f": b"\f",
    b"\n": b"",
    b"\r": b"",
    b"\r\n": b"",
}
DICTIONARY = 4096
"""Bytes before a stream, and around a reference to a file, in which its dictionary stands."""
MOST_STREAMS = 200_000
MOST_NAMES = 10_000
MOST_UNPACKED = 64 << 20
"""Bytes of all object streams together."""
LEAD = b"/EF"


class Held(NamedTuple):
    """A stream: the number of its object, its first byte and the one behind it, its filters."""

    number: int
    begin: int
    end: int
    filters: tuple[str, ...]
    embedded: bool
    """Whether its own dictionary calls it an embedded file."""
    predicted: bool
    """Whether its bytes were changed before they were packed, as those of pictures are."""
    empty: bool
    """Whether it has no bytes and its dictionary does not say otherwise: then there is nothing to unpack."""


def is_encrypted(stream: Stream) -> bool:
    """Say whether a document's streams are encrypted."""
    window, at = Window.on(stream), 0
    while (at := window.find(b"/Encrypt", at)) >= 0:
        if ENCRYPTED.match(window.look(at, 64)):
            return True
        at += 1
    return False


class Embedded(NamedTuple):
    """The embedded files of a document."""

    files: list[tuple[str, Held]]
    """Name and stream of each in the order of the bytes; a name is "" where nothing says one."""
    lost: list[tuple[str, int]]
    """Names, and numbers of objects, whose stream is not there."""
    cut: str
    """Where none was looked for, "" where all was gone through."""


def embedded(stream: Stream) -> Embedded:
    """Return the embedded files. Never raises for damage."""
    names: dict[int, str] = {}
    held: list[Held] = []
    left, passed = MOST_UNPACKED, 0
    for each, head in _streams(Window.on(stream), stream.size):
        if PACKED.search(head) and left > 0 and each.filters in ((), ("FlateDecode",), ("Fl",)):
            stored = read_at(stream, each.begin, min(each.end - each.begin, left))
            inner = inflated(stored, left) if each.filters else stored[:left]
            left -= len(inner)
            if LEAD in inner:
                for body in _within(inner, head):
                    names.update(_names(body))
        elif len(held) < MOST_STREAMS:
            held.append(each)
        else:
            passed += 1
    for body in _around(Window.on(stream)):
        names.update(_names(body))
    files = [(names.get(each.number, ""), each) for each in held if each.embedded or each.number in names]
    there = {each.number for _, each in files}
    lost = [(name, number) for number, name in names.items() if number not in there]
    cut = f"{counted(passed, 'stream')} beyond {MOST_STREAMS}" if passed else ""
    if left <= 0:
        cut = f"object streams beyond {MOST_UNPACKED} bytes" + (f" and {cut}" if cut else "")
    return Embedded(files, lost, cut)


def _streams(window: Window, size: int) -> Iterator[tuple[Held, bytes]]:
    """Yield each stream and its dictionary; what a stream holds is passed over."""
    at = 0
    while (found := window.find(b"stream", at)) >= 0:
        low = max(at, found - DICTIONARY)
        before = window.look(low, found - low)
        at = found + 6
        last = None
        for last in OBJECT.finditer(before):  # noqa: B007
            pass
        line = window.look(at, 2)
        if last is None or before.endswith(b"end") or line[:1] not in (b"\r", b"\n"):
            continue
        begin = at + (2 if line == b"\r\n" else 1)
        head = before[last.end() :]
        end = at = _end(window, begin, head, size)
        filters = FILTERS.search(head)
        told = tuple(each.decode("ascii") for each in FILTER.findall(filters[1])) if filters else ()
        empty = begin == end and EMPTY.search(head) is not None
        held = Held(int(last[1]), begin, end, told, EMBEDDED.search(head) is not None,
                    PREDICTED.search(head) is not None, empty)  # fmt: skip
        yield held, head


def _end(window: Window, begin: int, head: bytes, size: int) -> int:
    """Return where a stream's bytes end: by its length if its end mark is there, else at the next end mark."""
    length = LENGTH.search(head)
    end = begin + int(length[1]) if length else size
    if end < size and window.look(end, 16).strip()[:9] == b"endstream":
        return end
    told, end = end, window.find(b"endstream", begin)
    if end < 0:  # it breaks off: within the mark of its end nothing of the stream is lost
        return told if told < size and END_MARK.startswith(window.look(told, 16).lstrip()) else size
    line = window.look(max(end - 2, begin), min(2, end - begin))
    return end - (2 if line == b"\r\n" else 1 if line[-1:] in (b"\r", b"\n") else 0)


def _around(window: Window) -> Iterator[bytes]:
    """Yield what stands around each reference to an embedded file, up to the borders of its object."""
    at = seen = 0
    while (at := window.find(LEAD, at)) >= 0 and seen < MOST_NAMES:
        low = max(0, at - DICTIONARY)
        before, behind = window.look(low, at - low), window.look(at, DICTIONARY)
        at += len(LEAD)
        if LEADS.match(behind):
            seen += 1
            start = max((each.end() for each in OBJECT.finditer(before)), default=0)
            earlier = max((each.end() for each in LEADS.finditer(before)), default=0)
            yield before[max(start, earlier) :] + behind.partition(b"endobj")[0]


def _names(body: bytes) -> dict[int, str]:
    """Return the numbers of the streams that file specifications lead to, each with its name."""
    found: dict[int, str] = {}
    begin = 0
    for leads in LEADS.finditer(body):
        told = NAME.findall(body, begin, leads.start())
        if not told:
            behind = body[leads.end() :].partition(LEAD)[0].partition(b">>")[0]
            told = NAME.findall(behind + b">")  # the mark found may begin with the end of a string
        best = next((each for kind in (b"UF", b"F") for each in reversed(told) if each[0] == kind), None)
        best = best or (told[-1] if told else None)
        for number in REFERENCE.findall(leads[1]):
            found.setdefault(int(number), _text(best[1], best[2]) if best else "")
        begin = leads.end()
    return found


def _text(literal: bytes, digits: bytes) -> str:
    """Return a string as text: UTF-16 or UTF-8 by its mark, else as Latin-1."""
    raw = ESCAPE.sub(_escaped, literal)
    if digits:
        bare = bytes(digits.translate(None, b" \t\r\n\f\0"))
        raw = bytes.fromhex((bare + b"0" * (len(bare) % 2)).decode("ascii"))
    if raw[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return raw.decode("utf-16", "replace")
    return raw[3:].decode("utf-8", "replace") if raw[:3] == b"\xef\xbb\xbf" else raw.decode("latin-1")


def _escaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 0xFF]) if code[:1] in b"01234567" else ESCAPES.get(code, code)


def _within(inner: bytes, head: bytes) -> Iterator[bytes]:
    """Yield the objects of an object stream that lead to an embedded file."""
    first = FIRST.search(head)
    begin = int(first[1]) if first else 0
    numbers = [int(each) for each in inner[:begin].split() if each.isdigit() and len(each) < 10]
    places = sorted({begin + each for each in numbers[1::2]})
    for at, place in enumerate(places):
        body = inner[place : places[at + 1] if at + 1 < len(places) else len(inner)]
        if LEAD in body:
            yield body
