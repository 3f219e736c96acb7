"""Document packages: the parts that are not the document's text, each an item of its own.

Source: ECMA-376 part 2 (OPC), 7.3 (parts as zip items); OpenDocument 1.3 part 2, 3; EPUB OCF 3.3, section 4.

The parsers read the markup (``mime.packages``); pictures, embedded files, macros, whatever was put beside them,
members that the directory does not list or lists twice, and bytes behind the archive are opened here.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from msgspec import structs

from actionday.mime.manifest import BEGIN, MANIFEST, MOST, is_clear, listed
from actionday.mime.packages import TYPE, is_read
from actionday.model import Claim, Context, Damaged, Found, ItemError, Kind, Note, Peek, Status, Stream
from actionday.sources.archives._streams import Window, body
from actionday.sources.archives._zipclaim import claim_package
from actionday.sources.archives._zipdata import unpack
from actionday.sources.archives._zipdirectory import directory
from actionday.sources.archives._ziprecords import ENCRYPTED, LOCAL, Member
from actionday.sources.archives._zipscan import header_at
from actionday.sources.archives.zip import SOURCE as ZIP

BOOK = b"application/epub+zip"
SHORT = 128
"""Bytes at the start of a part that tell markup; a package's type is shorter."""
_ONLY_SAID = Note(
    "local_differs", "OpenDocument: said to be encrypted, and its bytes are not: read as they are"
)
MARKS = b"\xef\xbb\xbf\xff\xfe \t\r\n"
"""Byte-order marks and white space before markup."""


class Package:
    """Members in the order of the directory, under the same places that an archive's have."""

    name, sample = "package", "stash.docx"
    beside = True
    marks = ((0, LOCAL),)

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for office packages and books with their end record, MAGIC without."""
        return claim_package(peek)

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the parts that no parser reads. Raises Damaged as an archive does."""
        stream.seek(0)
        book = BOOK in stream.read(SHORT)
        twice, sealed = _listing(stream)
        for found in ZIP.items(stream, around):
            if found.kind is Kind.DIRECTORY:
                continue
            once = found.place.isdigit() and found.name not in twice
            if once and found.name in sealed and found.status is None:
                if not is_clear(_start(stream, found, BEGIN)):
                    if not is_read(found.name, book=book):  # else the document itself is said to be encrypted
                        yield _closed(found)
                    continue
                found = structs.replace(found, notes=(*found.notes, _ONLY_SAID))
            if once and is_read(found.name, book=book) and _is_markup(stream, found):
                for note in found.notes:
                    around.note(note.code, note.reason, found.name)
                continue
            yield found


def _is_markup(stream: Stream, found: Found) -> bool:
    """Say whether a part named as markup begins as such, or is empty, or cannot be read by anybody."""
    if found.name == TYPE:
        return found.size is not None and found.size < SHORT
    if found.status is not None:
        return False
    try:
        start = _start(stream, found, SHORT)
    except ItemError:
        return False
    return start.replace(b"\0", b"").lstrip(MARKS).startswith(b"<") or not start


def _start(stream: Stream, found: Found, most: int) -> bytes:
    """Return the first bytes of a part, up to ``most``. Raises Damaged."""
    if found.read is not None:
        return found.read().read(most)
    offset, length = (found.runs or ((0, 0),))[0]
    stream.seek(offset)
    return stream.read(min(length, most))


def _closed(found: Found) -> Found:
    return structs.replace(
        found, status=Status.ENCRYPTED, reason="OpenDocument: needs a password", runs=None, read=None
    )


def _listing(stream: Stream) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that the directory lists more than once (a parser sees one of them), and the sealed ones."""
    counts: Counter[str] = Counter()
    sealed: frozenset[str] = frozenset()
    try:
        for member in directory(stream).entries(stream):
            name = member.name.decode("utf-8", "backslashreplace")
            counts[name] += 1
            if name == MANIFEST:
                sealed = listed(_manifest(stream, member)).sealed
    except Damaged:
        pass  # the directory's: the pass over the items meets the same, and raises it
    return frozenset(name for name, count in counts.items() if count > 1), sealed


def _manifest(stream: Stream, member: Member) -> bytes:
    """Return the bytes of a manifest up to where it is damaged, none of one that is encrypted or lost.

    The parser reads it to its end and says what is damaged; no name behind it may be lost for that here.
    """
    found = header_at(stream, member.offset)
    if found is None or member.flags & ENCRYPTED:
        return b""
    window = Window(stream, found[1], min(member.packed, stream.size - found[1]))
    with suppress(Damaged):
        return body(unpack(window, member, lambda *_: None)).read(MOST)
    return b""


SOURCE = Package()
