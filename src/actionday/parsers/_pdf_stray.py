"""What stands in a PDF outside of what its tables lead to: comments, bytes between objects, objects nobody refers to.

Source: PDF 1.7 (ISO 32000-1), 7.2.3 (comments), 7.3.4.2 (literal strings), 7.3.8 (streams), 7.5.4 and 7.5.5 (table,
trailer). Viewers pass over all of it; PDFium leaves it out of what it writes.
"""

import re

from actionday.model import Loss, Note
from actionday.model.counted import counted
from actionday.parsers._decode import decode
from actionday.parsers._pdf_beside import CONTROL, Found
from actionday.parsers._pdf_budget import Budget
from actionday.parsers._pdf_doubles import doubles
from actionday.parsers._pdf_drawn import Drawn
from actionday.parsers._pdf_loose import has_none, strings, words_in
from actionday.parsers._pdf_markup import of_metadata
from actionday.parsers._pdf_names import prosaic
from actionday.parsers._pdf_rebuilt import objects
from actionday.parsers._pdf_revisions import revisions
from actionday.parsers._pdf_within import within

TOKEN = re.compile(rb"%|\(|stream|endobj|trailer")
"""Branches that begin with a letter each: these are looked for as fast as a single one."""
LINE = re.compile(rb"%[^\r\n]*")
NEXT = re.compile(rb"[\s>]*(\d{1,10})\s+\d{1,5}\s+obj\b")
ANY = re.compile(rb"(?<![\d.])(\d{1,10})\s+\d{1,5}\s+obj\b|xref\s(?:\s*\d{1,10}\s+\d{1,10}(?:\s+[nf])?)*|trailer\b"
                 rb"|startxref\s*\d*|%[^\r\n]*")  # fmt: skip
START = re.compile(rb"startxref\s*\d*")
END_MARK = b"%%EOF"
LINE_END = re.compile(rb"\r\n|\n|\r(?!\n)")
PARENTHESIS = re.compile(rb"\\[\s\S]|[()]")
LENGTH = re.compile(rb"/Length\s+(\d{1,12})(?!\s+\d{1,5}\s+R)")
USUAL = re.compile(
    rb"%(?:PDF-[\d.]*|(?:[^ -~]{4,8})? ReportLab [Gg]enerated PDF document(?: -- digest)?(?: \(opensource\)"
    rb"| http://www\.reportlab\.com)?| created by Pillow PDF driver|QDF: ignore_newline|%? ?(?:QDF-[\d.]+"
    rb"|Original object ID: \d+ \d+|Contents for page \d+|Page \d+|Original stream length: \d+))"
)
"""Comments that programs write into any document."""
BINARY = re.compile(rb"%[^ -~]{1,12}")
WITHIN = 64
"""Bytes behind the header in which the mark stands that says that a document is binary."""
BLANK = b"\0\t\n\f\r >"
LEAST = 4
"""Bytes between objects that count; fewer hold no word."""
LONGEST_STRING = 1 << 20
MOST, MOST_BYTES = 100_000, 64 << 20
"""Comments and gaps read as text, and their bytes; all are counted, and that not all are read is said."""
MOST_UNUSED = 64 << 20
"""Bytes of objects that nothing refers to; those beyond that are not pictures and the like are counted."""
TABLE = re.compile(rb"xref\s+((?:\d+\s+\d+(?:\s+[nf])?\s*)+)")
ROW = re.compile(rb"(?<!\d)(\d++)\s++(\d++)(?:\s++([nf]))?")
CONTENTS = re.compile(rb"/Contents\s*(\[[^\]]*\]|\d{1,8}\s+\d{1,5}\s+R\b)")
REFERENCE = re.compile(rb"(\d{1,8})\s+\d{1,5}\s+R\b")
PACKED = re.compile(rb"/Type\s*/ObjStm\b")
OF_THE_FILE = re.compile(
    rb"/Type\s*/(?:XRef|ObjStm|Metadata|Font|FontDescriptor|EmbeddedFile|Page)\b|/Subtype\s*/(?:Image|Form|XML|Type1C|CIDFontType0C|OpenType)\b"
    rb"|/Length1\b|/Linearized\b|/PatternType\b|/FunctionType\b|/ShadingType\b"
)
"""Objects that are read elsewhere, or hold no words but prose that somebody put there."""


class Stray:
    """Counts what is outside, and keeps its text; knows where the objects lie."""

    def __init__(self) -> None:
        self.comments = self.gaps = self.bytes = 0
        self.first = -1
        self.texts: list[str] = []
        self.unread = 0
        """Comments and gaps of which nothing or a part is in ``texts``."""
        self._left = MOST_BYTES
        self.passed = 0
        """Objects that nothing refers to and that are not looked at."""
        self.torn = False
        """Whether a string has no end: then none is looked for any more."""
        self.objects: list[tuple[int, int, int]] = []
        """Number, begin and end of each object that stands in the file itself."""
        self.code: list[tuple[int, int]] = []
        """Where the objects stand, without their streams."""

    def take(self, at: int, raw: bytes, *, comment: bool) -> None:
        """Take in a comment or what stands between objects."""
        self.first = at if self.first < 0 else self.first
        self.comments += comment
        self.gaps += not comment
        self.bytes += len(raw)
        self.unread += len(self.texts) >= MOST or len(raw) > self._left
        if len(self.texts) < MOST and self._left:
            self.texts.append("".join(decode(memoryview(raw[: self._left])).pieces))
            self._left = max(self._left - len(raw), 0)

    def note(self) -> Note | None:
        """Return what is to be said of it."""
        if not (self.comments or self.gaps):
            return None
        what = [counted(self.comments, "comment")] if self.comments else []
        what += [counted(self.gaps, "piece") + " between objects"] if self.gaps else []
        reason = f"PDF: {' and '.join(what)}, {counted(self.bytes, 'byte')}, the first at byte {self.first}"
        if self.unread:
            return Note(Loss.PARTS_LIMIT, f"{reason}; {self.unread} of them are not read, or not to their end, of the "
                        "others what is readable stands at the end of the text")  # fmt: skip
        return Note("unlinked_part", f"{reason}; what is readable in it stands at the end of the text")


def beyond_tables(data: memoryview, copy: bytes, found: Found, budget: Budget) -> None:
    """Take what a document holds outside of what its tables lead to; ``copy`` is PDFium's, empty for none.

    Of a content that shows text and has no words that is said, unless earlier revisions, which are read, may have drawn
    with it.
    """
    outside = stray(data)
    count, texts, mute, cut = unused(outside, data, copy, budget)
    drawn = Drawn()
    drawn.cut = cut
    for number in mute if not revisions(data)[1] else ():
        drawn.take(number, [])
    found.notes += drawn.notes()
    objects_of = outside.objects if copy else ()  # those of an encrypted one cannot be unpacked
    held = within(data, outside.code, objects_of, budget)
    found.notes += held.notes()
    for text in (*texts, *held.texts, *outside.texts):
        for line in CONTROL.sub(" ", text).splitlines():
            found.beside.line(line)
    if count:
        reason = f"PDF: {counted(count, 'object')} with words that nothing refers to, with these at the end"
        found.notes.append(Note("unlinked_part", reason))
    if outside.passed:
        what = counted(
            outside.passed, "object that nothing refers to is", "objects that nothing refers to are"
        )
        found.notes.append(Note(Loss.PARTS_LIMIT, f"PDF: {what} not looked at, beyond {MOST_UNUSED} bytes"))
    if note := outside.note():
        found.notes.append(note)


def stray(data: memoryview) -> Stray:
    """Return the comments of a document and what stands between its objects; each byte is gone through once."""
    found = Stray()
    at, begin, number = _outside(data, 0, found)
    code = begin
    while token := TOKEN.search(data, at):
        word, start, at = token[0], token.start(), token.end()
        if word == b"%":
            at = _comment(data, start, found)
        elif word == b"(":
            at = _string(data, at, found)
        elif word == b"stream":
            at = _stream(data, at, begin, start)
            if at > token.end():
                found.code.append((code, start))
                code = at
        elif word == b"endobj":
            found.objects.append((number, begin, start))
            found.code.append((code, start))
            at, begin, number = _outside(data, at, found)
            code = begin
    return found


def _outside(data: memoryview, at: int, found: Stray) -> tuple[int, int, int]:
    """Go from the end of an object to the next, or into a trailer; return where that begins, and its number or 0."""
    if near := NEXT.match(data, at):
        return near.end(), near.end(), int(near[1])
    while token := ANY.search(data, at):
        _gap(data, at, token.start(), found)
        if token[1]:
            return token.end(), token.end(), int(token[1])
        if token[0] == b"trailer":
            start = START.search(data, token.end())
            at = _commented(data, token.end(), start.start() if start else len(data), found)
            found.code.append((token.end(), at))
        else:
            at = _comment(data, token.start(), found) if token[0][:1] == b"%" else token.end()
    return len(data), len(data), 0


def _commented(data: memoryview, at: int, end: int, found: Stray) -> int:
    """Take in the comments of a trailer; return its end."""
    while (token := TOKEN.search(data, at, end)) is not None:
        at = token.end()
        if token[0] == b"%":
            at = _comment(data, token.start(), found)
        elif token[0] == b"(":
            at = _string(data, at, found)
    return max(at, end)


def _gap(data: memoryview, start: int, end: int, found: Stray) -> None:
    raw = bytes(data[start:end]).strip(BLANK)
    if len(raw) >= LEAST and start:
        found.take(start, raw, comment=False)


def _comment(data: memoryview, start: int, found: Stray) -> int:
    """Take in a comment unless any document has it; return where it ends."""
    if data[start : start + len(END_MARK)] == END_MARK:
        return start + len(END_MARK)  # some writers go on in the same line
    line = LINE.match(data, start)
    raw = line[0] if line else b"%"
    binary = start < WITHIN and BINARY.fullmatch(raw)
    if len(raw) > LEAST and not binary and not USUAL.fullmatch(raw):
        found.take(start, raw, comment=True)
    return start + len(raw)


def _string(data: memoryview, at: int, found: Stray) -> int:
    """Return the end of a literal string that was opened, or ``at`` where nothing closes it."""
    depth, start = 1, at
    while depth and not found.torn and (sign := PARENTHESIS.search(data, at, start + LONGEST_STRING)):
        at = sign.end()
        depth += {b"(": 1, b")": -1}.get(sign[0], 0)
    found.torn = found.torn or depth > 0
    return start if depth else at


ENDSTREAM = re.compile(rb"endstream")


def _stream(data: memoryview, at: int, low: int, start: int) -> int:
    """Return the end of a stream that begins here, ``at`` for the mere word."""
    line = LINE_END.match(data, at)
    if not line or bytes(data[max(start - 3, 0) : start]) == b"end":
        return at
    lengths = LENGTH.findall(data, max(low, start - 4096), start)
    end = line.end() + int(lengths[-1]) if lengths else len(data)
    if end < len(data) and bytes(data[end : end + 16]).strip()[:9] == b"endstream":
        return end
    found = ENDSTREAM.search(data, at)
    return found.end() if found else len(data)


def unused(
    found: Stray, data: memoryview, copy: bytes, budget: Budget
) -> tuple[int, list[str], list[int], int]:
    """Return how many objects nothing refers to that hold words, these, contents whose letters nobody tells, and how
    many objects are not read to their end.

    ``copy`` is the document as PDFium writes it: with what is referred to, under the same numbers.
    """
    bodies = _unused(found, data, _numbers(copy))
    drawn = {
        int(each)
        for body in bodies.values()
        for row in CONTENTS.findall(body)
        for each in REFERENCE.findall(row)
    }
    count, texts, mute, cut = 0, list[str](), list[int](), 0
    for number, body in bodies.items():
        held = words_in(body, budget, drawn=number in drawn)
        cut += held.cut
        of_the_file = number in drawn or OF_THE_FILE.search(body, 0, 4096)
        said = strings(number, body)
        words = [*(filter(prosaic, said) if of_the_file else said), *held.lines, *of_metadata(body, budget)]
        count += bool(words)
        texts += words
        if held.drawing and not words:
            mute.append(number)
    for number, body in () if revisions(data)[1] else doubles(found.objects, data, copy, MOST_UNUSED, budget):
        held = words_in(body, budget)
        words = [*strings(number, body), *held.lines]
        count, cut = count + bool(words), cut + held.cut
        texts += words
    return count, texts, mute, cut


def _unused(found: Stray, data: memoryview, used: set[int]) -> dict[int, bytes]:
    """Return the objects that are not in use by number, the last of each, those in object streams too."""
    bodies: dict[int, bytes] = {}
    left = MOST_UNUSED
    for number, begin, end in found.objects if used else ():
        packed = PACKED.search(data, begin, min(end, begin + 4096))
        if number in used and not packed:
            continue
        if end - begin > left:
            found.passed += bool(packed) or not has_none(bytes(data[begin:end]))
            continue
        whole = b"%d 0 obj\n" % number + bytes(data[begin:end]) + b"\nendobj"
        itself = {number: bytes(data[begin:end])} if packed else {}  # by what it is it may be a text
        for other, body in (*itself.items(), *objects(whole).bodies.items()):
            if other not in used:
                left -= len(body)
                bodies[other] = body
    return bodies


def _numbers(copy: bytes) -> set[int]:
    """Return the numbers of the objects in the table at the end of a document."""
    table = TABLE.match(copy, max(copy.rfind(b"\nxref"), copy.rfind(b"\rxref")) + 1)
    found: set[int] = set()
    number = 0
    for first, _, kind in ROW.findall(table[1]) if table else ():
        if not kind:
            number = int(first)
            continue
        if kind == b"n":
            found.add(number)
        number += 1
    return found
