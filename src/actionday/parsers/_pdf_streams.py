"""Whether the compressed streams of a PDF are what was written: PDFium reads on over damage and says nothing.

Source: PDF 1.7 (ISO 32000-1), 7.3.8 (stream objects), 7.4.4 (FlateDecode); RFC 1950, 2.2 (Adler-32).

Streams of pictures are left out: they hold no words. Font programs hold none either, but where one cannot be unpacked
PDFium leaves out letters that are drawn with it. An encrypted document cannot be checked without its key.
"""

import re
import zlib
from collections.abc import Iterator

from actionday.model import OverLimit

START = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r(?!\n))")
DICTIONARY = 2048
"""Bytes before a stream in which its dictionary stands; those of streams with words have 60 to 300."""
OBJECT = re.compile(rb"\d{1,10}\s+\d{1,5}\s+obj\b")
ONLY_FLATE = re.compile(rb"/Filter\s*\[?\s*/(?:FlateDecode|Fl)\b\s*\]?\s*(?=[/>])")
LENGTH = re.compile(rb"/Length\s+(\d{1,12})(?!\s+\d{1,5}\s+R)\b")
EMPTY = re.compile(rb"/Length\s+(?:0+(?!\d|\s+\d{1,5}\s+R)|(\d{1,10})\s+\d{1,5}\s+R\b)")
NUMBER = re.compile(rb"(?<!\d)(\d{1,10})\s{1,9}\d{1,5}\s{1,9}obj\s{0,9}(\d{1,12})\s{0,9}endobj")
"""An object that is a number, as lengths are."""
NO_WORDS = re.compile(rb"/Subtype\s*/Image\b|/ICCBased|/N\s+[134]\s*[/>]")
"""Pictures and colour profiles."""
FONT_PROGRAM = re.compile(rb"/Subtype\s*/(?:Type1C|CIDFontType0C|OpenType)\b|/Length1\b|/FontFile")
END = re.compile(rb"\s*endstream")
CHUNK = 1 << 16
MOST = 64 << 20
"""Bytes that one stream may unpack to; what goes on is not looked at further."""
SHOWN = re.compile(rb"[\])>]\s*T[jJ]\b|\)\s*['\"]")
"""Operators that show text (9.4.3)."""
MOVES = re.compile(rb"[)>]\s*\+?(?:[4-9]\d\d|\d{4,6}|\d{1,3}(?:\.\d*)?\s+[-+]?\d)")
"""Within one operator a letter is moved back by most of a letter's width, or in steps (9.4.3, TJ)."""
FIGURES = bytes.maketrans(b"123456789>", b"000000000)")
PERHAPS = b")000"
"""What a stream that moves so has when its figures are all one: sought at a fifth of the price; hardly any has it."""
SPACES = re.compile(rb"-(?:0?\.[4-9]|[1-9])[\d.]*\s+Tc\b")
"""Every letter is (9.3.2)."""
UNREAD = re.compile(rb"/Filter\s*\[?\s*/(?:ASCII85|A85|ASCIIHex|AHx|LZW|RunLength|RL)")
ENCRYPTED = re.compile(rb"/Encrypt\s+\d{1,10}\s+\d{1,5}\s+R|/Encrypt\s*<<")
TELLS = re.compile(rb"/ActualText")
NAMED = 5
DEEPEST = 500
"""Marks of content within one another: 10,000 cost PDFium 670 MB, 1,000 six."""
OPENS = re.compile(rb"(?<=[\s>\])])B[DM]C(?=[\s/(<\[%])")
MARK = re.compile(rb"B[DM]C")
MARKS = re.compile(rb"B[DM]C|EMC")
"""Operators of marked content (14.6)."""
PACKED = re.compile(rb"/Type\s*/ObjStm\b")
PAGE = re.compile(rb"/Type\s*/(?:Page|Template)\b")
END_MARK = re.compile(rb"endstream")


class Streams:
    """What was found out about the streams of a document."""

    def __init__(self) -> None:
        self.damaged: list[str] = []
        """Each damaged stream: where it begins and what is wrong."""
        self.shows_text = False
        """Whether one of them holds an operator that shows text."""
        self.moves = False
        """Whether one may show letters in another order than it holds them; so may one that is not looked at."""
        self.tells = False
        """Whether one may say what its glyphs mean together (ActualText)."""
        self.encrypted = False
        self.pages = 0
        """Pages whose objects stand in object streams."""
        self.nested: list[tuple[int, int, bool]] = []
        """Begin, end and compression of each stream whose marks of content stand in one another, thousands deep."""

    def flattened(self, data: memoryview) -> memoryview:
        """Return the document with those marks taken out in place: PDFium keeps for each text all marks around it."""
        if not self.nested:
            return data
        made = bytearray(data)
        for begin, end, packed in self.nested:
            stored = bytes(made[begin:end])
            plain = _whole(stored) if packed else stored
            flat = OPENS.sub(b"   ", plain)
            stored = zlib.compress(flat, 9) if packed else flat
            if len(stored) > end - begin:
                raise OverLimit(f"PDF: marks of content stand in one another, more than {DEEPEST} deep")
            made[begin:end] = stored + bytes(end - begin - len(stored))
        return memoryview(bytes(made))

    def reason(self) -> str:
        """Return what is damaged as one sentence, "" for nothing."""
        if not self.damaged:
            return ""
        more = f" and {len(self.damaged) - NAMED} more" if len(self.damaged) > NAMED else ""
        return f"PDF: damaged streams, words may be missing: {'; '.join(self.damaged[:NAMED])}{more}"


def streams(data: memoryview) -> Streams:
    """Inflate every compressed stream that may hold words and compare its checksum; never raises."""
    found = Streams()
    if ENCRYPTED.search(data):
        found.encrypted = found.moves = found.tells = True
        return found
    found.moves = UNREAD.search(data) is not None
    found.tells = found.moves or TELLS.search(data) is not None
    looked = 0
    numbers = _Numbers(data)
    for begin, head, packed in _starts(data):
        if packed and END.match(data, begin) and numbers.say_empty(head):
            continue  # qpdf writes an empty stream so, and calls it packed
        if packed and FONT_PROGRAM.search(head):
            why, look, end = _unpacks(data, begin), _Look(), begin
        elif packed:
            why, look, end = _checked(data, begin, head)
        elif begin < looked:  # within one that was looked at: it holds nothing else, and stands no deeper
            continue
        else:
            behind = END_MARK.search(data, begin)
            why, look, end = "", _Look(), behind.start() if behind else len(data)
            looked = min(end, begin + MOST)
            look.at(bytes(data[begin:looked]), in_objects=False)
        found.shows_text = found.shows_text or (packed and look.shows)
        found.moves = found.moves or look.moves
        found.tells = found.tells or look.tells
        found.pages += look.pages
        if look.deepest > DEEPEST:
            found.nested.append((begin, end, packed))
        if why:
            found.damaged.append(f"at byte {begin} {why}")
    return found


class _Numbers:
    """Knows the lengths that stand in objects of their own; these are looked for once, when one is asked for."""

    def __init__(self, data: memoryview) -> None:
        self._data, self._all = data, dict[int, int]()

    def say_empty(self, head: bytes) -> bool:
        """Say whether a dictionary says that its stream is empty; so may one whose length is in an object stream."""
        found = EMPTY.search(head)
        if not found or not found[1]:
            return found is not None
        if not self._all:
            self._all = {-1: 0} | {int(each[1]): int(each[2]) for each in NUMBER.finditer(self._data)}
        return not self._all.get(int(found[1]), 0)


class _Look:
    """What is seen in the pieces of one stream."""

    def __init__(self) -> None:
        self.shows, self.moves, self.tells, self.pages, self.deepest = False, False, False, 0, 0
        self._marks, self._last = 0, b""

    def at(self, piece: bytes, *, in_objects: bool) -> None:
        self.shows = self.shows or SHOWN.search(self._last + piece) is not None
        if self.shows and not self.moves:
            self.moves = _moves(self._last + piece)
        self.tells = self.tells or TELLS.search(self._last + piece) is not None
        if in_objects:
            self.pages += len(PAGE.findall(self._last + piece))
        if self._marks or MARK.search(piece):
            self._nest(piece)
        self._last = piece[-16:]

    def _nest(self, piece: bytes) -> None:
        opened = piece.count(b"BDC") + piece.count(b"BMC")
        if self._marks + opened <= DEEPEST:  # all of them within one another would do no harm
            self._marks = max(0, self._marks + opened - piece.count(b"EMC"))
            return
        for found in MARKS.finditer(piece):  # one that closes nothing closes nothing later either
            self._marks = max(0, self._marks - 1) if found[0] == b"EMC" else self._marks + 1
            self.deepest = max(self.deepest, self._marks)


def _moves(piece: bytes) -> bool:
    figures = piece.translate(FIGURES, b" .+\r\n\t\f\0")
    return (PERHAPS in figures and MOVES.search(piece) is not None) or SPACES.search(piece) is not None


def _whole(stored: bytes) -> bytes:
    """Return what is packed. Raises OverLimit: what is written anew must not lack its end."""
    inflater = zlib.decompressobj()
    plain = inflater.decompress(stored, MOST)
    if not inflater.eof and inflater.unconsumed_tail:
        raise OverLimit(
            f"PDF: marks of content stand in one another, more than {DEEPEST} deep, in more than {MOST} bytes"
        )
    return plain


def _starts(data: memoryview) -> Iterator[tuple[int, bytes, bool]]:
    """Yield where each stream with words or letters begins, its dictionary, and whether it is compressed."""
    for match in START.finditer(data):
        before = bytes(data[max(0, match.start() - DICTIONARY) : match.start()])
        objects = list(OBJECT.finditer(before))
        head = before[objects[-1].end() :] if objects else before
        if NO_WORDS.search(head):
            continue
        if ONLY_FLATE.search(head):
            yield match.end(), head, True
        elif b"/Filter" not in head and not FONT_PROGRAM.search(head):
            yield match.end(), head, False


def _unpacks(data: memoryview, begin: int) -> str:
    """Return why a font program cannot be unpacked, or ""."""
    inflater = zlib.decompressobj()
    at, out = begin, 0
    while not inflater.eof and at < len(data) and out < MOST:
        try:
            out += len(inflater.decompress(data[at : at + CHUNK]))
        except zlib.error as error:
            return f"(a font program that cannot be unpacked: {str(error).rpartition(': ')[2]})"
        at += CHUNK
    return "" if inflater.eof or out >= MOST else "(a font program that breaks off)"


def _checked(data: memoryview, begin: int, head: bytes) -> tuple[str, _Look, int]:
    """Return what is wrong with a stream, or "", what is seen in it, and where its data end."""
    inflater = zlib.decompressobj()
    look, in_objects = _Look(), PACKED.search(head) is not None
    at, out = begin, 0
    while not inflater.eof and at < len(data) and out < MOST:
        try:
            piece = inflater.decompress(data[at : at + CHUNK])
        except zlib.error as error:
            return f"({' '.join(str(error).split())})", look, at
        at += CHUNK
        out += len(piece)
        look.at(piece, in_objects=in_objects)
    end = min(at, len(data)) - len(inflater.unused_data)
    if out >= MOST:
        return "", look, end
    return "(it breaks off)" if not inflater.eof else _extent(data, begin, end, head), look, end


def _extent(data: memoryview, begin: int, end: int, head: bytes) -> str:
    """Return how the end of the compressed bytes disagrees with the stream's length and its end mark, or ""."""
    length = LENGTH.search(head)
    if length and begin + int(length[1]) < end - 4:  # its last four bytes are the sum
        return f"(its length is {length[1].decode()}, its data take {end - begin} bytes)"
    return "" if length or END.match(data, end) else "(no end mark behind its data)"
