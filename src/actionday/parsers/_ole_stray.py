"""Words in the streams that an office file up to 2003 keeps its document in, which no reader of the format takes.

Source: [MS-DOC] 2.5.1 (Fib), 2.5.6 (FibRgFcLcb97: 1 StshfOrig, 2 Stshf, 15 SttbfFfn); [MS-XLS] 2.1.4 (records), 2.3
(their numbers); [MS-PPT] 2.3.1 (RecordHeader), 2.13.24 (RecordType); [MS-OLEPS] 2.21 (PropertySetStream).

Bytes behind the last record, records of unknown number, what a save left over: programs pass over them, and a reader
that follows the format does too. They are looked over for passages, and of these those are kept that bring words
which neither the text nor the properties have. Lists of fonts and styles are no one's words.
"""

import re
from collections.abc import Iterable, Iterator
from struct import unpack_from

from msgspec import structs

from actionday.model import Note, Parsed
from actionday.parsers._biff_texts import CONTINUE, READ
from actionday.parsers._legible import passages
from actionday.parsers._ole import Ole
from actionday.parsers._unread import Beside, with_beside
from actionday.parsers._word import CLX, ENDS, SAVED, TABLES, WORD, is_word, part_of, pieces_of

SUMMARIES = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")
SET_MARK = b"\xfe\xff"
VOCABULARY = (0, 1, 15, SAVED)
"""Numbers of the pairs that lead to a document's styles and fonts, and to who saved it, which is read."""
TABLES_6 = 88
"""Where these pairs stand in a document of Word 6 and 95, whose lists lie in the same stream."""
BOF, EOF = 0x0809, 0x000A
OF_PROGRAMS = frozenset(
    {0x0031, 0x0231, 0x041E, 0x001E, 0x0293, 0x0892, 0x0896, 0x088D, 0x088E, 0x088F, 0x004D}
)
"""Records of a workbook: Font (of both forms), Format, Style, StyleExt, Theme, DXF, TableStyles, TableStyle, Pls."""
READ_ATOMS = frozenset({0x0FA0, 0x0FA8, 0x0FBA, 0x0FB7, 0x0FB8, 0x1011})
"""Of slides: TextCharsAtom, TextBytesAtom, CString, which are read; FontEntityAtom, FontEmbedDataBlob; ExOleObjStg,
whose object is an item."""
FIRST_ATOM, LAST_ATOM, FIRST_SHAPE = 0x03E8, 0x2F14, 0xF000
TAG = re.compile(r"<[A-Za-z/?!][^<>]{0,4096}>?")
"""Maps of colours are markup."""
NEW_WORDS = 2
"""Words that a passage must bring: at its ends chance puts one together."""


def with_stray(parsed: Parsed, ole: Ole, mime: str, size: int) -> Parsed:
    """Return what was read of a document with the passages of its streams that bring words of their own.

    ``size`` is that of the file. Linear in the streams' bytes; never raises for damage.
    """
    known = set(WORD.findall("\n".join([*parsed.text, *_values(parsed.meta)]).casefold()))
    beside, named = Beside(), dict[str, None]()
    for name, stretch in _stretches(ole, mime, size):
        found = passages(memoryview(stretch), "")
        for line in _lines(found.text if found else ()):
            words = [word for word in WORD.findall(line.casefold()) if word not in known]
            if len(words) >= NEW_WORDS:
                beside.look("", line)
                known.update(words)
                named[name] = None
    if not named:
        return parsed
    why = f"OLE2: words in parts of {', '.join(named)} that no reader of the format takes stand at the end of the text"
    note = Note("read_as_text", why)
    return with_beside(structs.replace(parsed, notes=(*parsed.notes, note)), beside)


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    for piece in pieces:
        for line in ENDS.split(piece):
            yield TAG.sub(" ", line) if "<" in line else line


def _values(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _values(each)
    else:
        yield str(value)


def _stretches(ole: Ole, mime: str, size: int) -> Iterator[tuple[str, bytes]]:
    if mime == "application/msword":
        yield from _of_document(ole, size)
    elif mime == "application/vnd.ms-excel":
        for name in ("Workbook", "Book"):
            for stretch in _of_records(ole.read(name, size)):
                yield name, stretch
    elif mime == "application/vnd.ms-powerpoint":
        for stretch in _of_atoms(ole.read("PowerPoint Document", size)):
            yield "PowerPoint Document", stretch
    for name in SUMMARIES:
        yield name.lstrip("\5"), _behind_sets(ole.read(name))


def _of_document(ole: Ole, size: int) -> Iterator[tuple[str, bytes]]:
    """Yield both streams of a document without its text, styles and fonts."""
    word = ole.read("WordDocument", size)
    if not is_word(word):
        yield "WordDocument", _without(word, _vocabulary(word, TABLES_6, word))
        return
    name = "1Table" if word[11] & 2 else "0Table"
    table = ole.read(name, size)
    pieces = pieces_of(word, part_of(word, table, CLX))
    yield "WordDocument", _without(word, ((at, at + length * width) for at, length, width in pieces))
    yield name, _without(table, _vocabulary(word, TABLES, table))


def _vocabulary(word: bytes, pairs: int, stream: bytes) -> Iterator[tuple[int, int]]:
    """Yield where in ``stream`` a document's lists of styles and fonts stand, by the pairs that begin at ``pairs``."""
    for number in VOCABULARY:
        if len(word) >= pairs + 8 * number + 8:
            start, length = unpack_from("<II", word, pairs + 8 * number)
            if start + length <= len(stream):
                yield start, start + length


def _without(stream: bytes, taken: Iterable[tuple[int, int]]) -> bytes:
    """Return a stream with zeros for what is read of it."""
    left = bytearray(stream)
    for start, end in taken:
        end = min(end, len(left))
        left[start:end] = bytes(max(0, end - start))
    return bytes(left)


def _of_records(stream: bytes) -> Iterator[bytes]:
    """Yield the bodies of a workbook's records but those of programs, then what stands behind the last."""
    at, kind, depth = 0, 0, 0
    while at + 4 <= len(stream):
        number, length = unpack_from("<HH", stream, at)
        if depth == 0 and number != BOF:
            break
        depth += (number == BOF) - (number == EOF)
        kind = kind if number == CONTINUE else number
        if kind not in OF_PROGRAMS and kind not in READ:
            yield stream[at + 4 : at + 4 + length]
        at += 4 + length
    yield stream[at:]


def _of_atoms(stream: bytes) -> Iterator[bytes]:
    """Yield the bodies of the records that nobody reads, then what begins as none."""
    at = 0
    while at + 8 <= len(stream):
        first, kind, length = unpack_from("<HHI", stream, at)
        if not (FIRST_ATOM <= kind <= LAST_ATOM or kind >= FIRST_SHAPE) and at + 8 + length > len(stream):
            break
        inside = first & 0xF == 0xF
        if not inside and kind not in READ_ATOMS:
            yield stream[at + 8 : at + 8 + length]
        at += 8 if inside else 8 + length
    yield stream[at:]


def _behind_sets(stream: bytes) -> bytes:
    """Return what stands behind the property sets of a stream; all of one that holds none."""
    if stream[:2] != SET_MARK or len(stream) < 28:
        return stream
    end, count = 28, min(2, unpack_from("<I", stream, 24)[0])
    for number in range(count):
        if len(stream) >= 48 + 20 * number:
            start = unpack_from("<I", stream, 44 + 20 * number)[0]
            end = max(end, start + (unpack_from("<I", stream, start)[0] if start + 4 <= len(stream) else 0))
    return stream[end:]
