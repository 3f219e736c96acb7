"""All stories of a Word file up to 2003: body, notes, headers, comments, text boxes, and what its fields say.

Source: [MS-DOC] 2.5.1 (Fib), 2.5.4 (FibRgLw97), 2.5.6 (FibRgFcLcb97), 2.4.1 (retrieving text), 2.9.38 (Clx),
2.9.177 (Pcd), 2.8.25 (PlcFld), 2.9.113 (GrpXstAtnOwners), 2.2.4 (Sttb), 2.9.300
(SttbSavedBy).

xberg 1.3.9 leaves out headers, footers, endnotes and the targets of links, without a word.
"""

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from struct import unpack_from
from typing import NamedTuple

from actionday.parsers._doc_changes import Span, spans
from actionday.parsers._events import PEOPLE
from actionday.parsers._ole import Ole
from actionday.parsers._tracked import Log, Run, State, before, now, paragraphs
from actionday.parsers._unread import Beside

IDENT = 0xA5EC
LENGTHS = 76
"""Where the lengths of the stories stand, the body's first."""
TABLES = 154
RUNS, CLX, OWNERS, REVISERS, SAVED = 12, 33, 36, 51, 71
"""Numbers of the pairs (offset, length) that lead to the properties of runs, to the pieces of the text, to the names
of people, and to who saved the file last under which name, ten times at most."""
FIRST_FIB = 0x00C1
"""Word 97; earlier files have other tables."""
WORD = re.compile(r"\w+")
ENDS = re.compile(r"[\r\n\x07\x0b\x0c]+")
MARKS = {1: None, 2: None, 3: None, 4: None, 5: None, 8: None, 0x1E: "-", 0x1F: None, 0xA0: " ", 0: None}
"""Pictures, references, special hyphens and blanks."""
MOST_STRINGS = 65536
"""Of one table: its count has 16 bits."""


class Stories(NamedTuple):
    """What a file holds beside the words of its body."""

    people: list[str]
    """Who worked on it."""
    changes: dict[str, object]
    """Who changed it, and when, while changes were tracked."""
    body: str
    """How the body reads now, where something was put in or taken out; else "" (any reader's text is that)."""
    saved: list[str]
    """Who saved it, and under which path, the first before the last."""


NOTHING = Stories([], {}, "", [])


def stories(ole: Ole, size: int, text: str, beside: Beside) -> Stories:
    """Put into ``beside`` the lines that ``text`` does not have, former wordings too; return what else there is.

    ``size`` is that of the file: no more characters than it has bytes are looked at. Never raises for damage.
    """
    word = ole.read("WordDocument", size)
    if not is_word(word):
        return NOTHING
    table = ole.read("1Table" if word[11] & 2 else "0Table", size)
    revisers = _strings(part_of(word, table, REVISERS)[6:])
    log = Log()
    changed = spans(word, part_of(word, table, RUNS), revisers, log)
    runs = list(_runs(word, part_of(word, table, CLX), changed))
    body, others = _divided(runs, unpack_from("<I", word, LENGTHS)[0])
    lines = _lines(now(body))
    own = (
        "".join(f"{line}\n" for line, quoted in lines if not quoted) if any(run.state for run in body) else ""
    )
    known = set(WORD.findall(own or text))
    for line, quoted in lines:
        if quoted or not known.issuperset(WORD.findall(line)):
            beside.line(line)
    for line, _ in _lines(now(others)):
        beside.line(line)
    for paragraph in (*paragraphs(body, ENDS), *paragraphs(others, ENDS)):
        for wording in before(paragraph):
            for line, _ in _lines(wording):
                beside.line(line)
    people = [*_strings(part_of(word, table, OWNERS)), *revisers]
    names = dict.fromkeys(" ".join(name.split()) for name in people)
    named = [name for name in names if name and name != "Unknown"]
    for name in named[PEOPLE:]:
        beside.line(name)
    saves = _strings(part_of(word, table, SAVED)[6:])
    saved = [f"{who}: {where}" for who, where in zip(saves[::2], saves[1::2], strict=False)]
    return Stories(named[:PEOPLE], log.meta(), own, saved)


def is_word(word: bytes) -> bool:
    """Say whether a stream is a document of Word 97 or later."""
    return (
        len(word) >= TABLES
        and unpack_from("<H", word)[0] == IDENT
        and unpack_from("<H", word, 2)[0] >= FIRST_FIB
    )


def part_of(word: bytes, table: bytes, number: int) -> bytes:
    try:
        start, length = unpack_from("<II", word, TABLES + 8 * number)
    except struct.error:
        return b""
    return table[start : start + length]


def _runs(word: bytes, clx: bytes, changed: Sequence[Span]) -> Iterator[Run]:
    """Yield all characters of the file in their order, cut where tracked changes begin and end."""
    for begin, length, width in pieces_of(word, clx):
        end, at = begin + width * length, begin
        first = bisect_right(changed, begin, key=lambda each: each.end)
        for number in range(first, len(changed)):
            span = changed[number]
            if span.start >= end:
                break
            if span.start > at:
                yield _run("", word[at : span.start], width)
            at = max(at, span.start)
            if min(span.end, end) > at:
                yield _run(span.state, word[at : min(span.end, end)], width)
                at = min(span.end, end)
        if at < end:
            yield _run("", word[at:end].ljust(end - at, b"\0"), width)


def _run(state: State, raw: bytes, width: int) -> Run:
    text = raw.decode("utf-16-le" if width == 2 else "cp1252", "replace")
    return Run(state, text.ljust(len(raw) // width, "\0"))


def pieces_of(word: bytes, clx: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield where the pieces of the text begin in the stream, how many characters they have, of how many bytes."""
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:
        at += 3 + unpack_from("<H", clx, at + 1)[0]
    if at + 5 > len(clx) or clx[at] != 2:
        return
    plc = clx[at + 5 : at + 5 + unpack_from("<I", clx, at + 1)[0]]
    count = max(0, (len(plc) - 4) // 12)
    places = unpack_from(f"<{count + 1}I", plc) if count else ()
    left = len(word)
    for number in range(count):
        length = min(places[number + 1] - places[number], left)
        if length <= 0:
            continue
        start = unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)[0]
        yield ((start & 0x3FFFFFFF) // 2, length, 1) if start & 0x40000000 else (start, length, 2)
        left -= length


def _divided(runs: Sequence[Run], body: int) -> tuple[list[Run], list[Run]]:
    """Return the runs of the body, of so many characters, and those of all other stories."""
    first: list[Run] = []
    rest: list[Run] = []
    for run in runs:
        own, other = run.text[:body], run.text[body:]
        body = max(0, body - len(run.text))
        first += [Run(run.state, own)] if own else []
        rest += [Run(run.state, other)] if other else []
    return first, rest


def _lines(text: str) -> list[tuple[str, bool]]:
    """Return the lines of a story, and what its fields quote, such as targets of links (marked so)."""
    shown: list[str] = []
    quoted: list[tuple[str, bool]] = []
    fields: list[list[str] | None] = []
    """The instruction of each open field, None behind it."""
    for part in re.split(r"([\x13\x14\x15])", text):
        if part == "\x13":
            fields.append([])
        elif part in ("\x14", "\x15"):
            if fields and fields[-1] is not None:
                instruction = "".join(fields[-1]).translate(MARKS)
                quoted += [(instruction, True)] if '"' in instruction else []
                fields[-1] = None
            if part == "\x15" and fields:
                fields.pop()
        else:
            inner = next((field for field in fields if field is not None), None)
            (shown if inner is None else inner).append(part)
    lines = ENDS.split("".join(shown).translate(MARKS))
    return [*((line, False) for line in lines if line and not line.isspace()), *quoted]


def _strings(block: bytes) -> list[str]:
    """Return strings of 16 bit, each behind its length."""
    found: list[str] = []
    at = 0
    while at + 2 <= len(block) and len(found) < MOST_STRINGS:
        length = unpack_from("<H", block, at)[0]
        found.append(block[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "ignore").strip("\0"))
        at += 2 + 2 * length
    return found
