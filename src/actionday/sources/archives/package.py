"""Document packages: the parts that are not the document's text, each an item of its own.

Source: ECMA-376 part 2 (OPC), 7.3 (parts as zip items); OpenDocument 1.3 part 2, 3; EPUB OCF 3.3, section 4.

The parsers read the markup (``mime.packages``); pictures, embedded files, macros, whatever was put beside them,
members that the directory does not list or lists twice, and bytes behind the archive are opened here.
"""

from collections.abc import Iterator
from contextlib import suppress

from msgspec import structs

from actionday.mime.manifest import BEGIN, MANIFEST, MOST, is_clear
from actionday.mime.manifest import listed as sealed
from actionday.mime.packages import DECLARED, TYPE, declared, is_read
from actionday.mime.zipped.headers import header_at
from actionday.mime.zipped.parts import Part, parts, read_alike
from actionday.mime.zipped.records import ENCRYPTED, LOCAL, Member
from actionday.model import Claim, Context, Damaged, Found, ItemError, Kind, Note, Peek, Status, Stream
from actionday.model.plugin import HEAD_BYTES
from actionday.sources.archives._streams import Window, body
from actionday.sources.archives._zipclaim import claim_package
from actionday.sources.archives._zipdata import unpack
from actionday.sources.archives.zip import SOURCE as ZIP

BOOK = "application/epub+zip"
DOCUMENT = "content.xml"
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
        theirs = _Theirs(stream, book=declared(stream.read(HEAD_BYTES)) == BOOK)
        for found in ZIP.items(stream, around):
            if found.kind is Kind.DIRECTORY:
                continue
            name = theirs.names.get(found.place, "")
            if name in theirs.sealed and found.status is None:
                if not is_clear(_start(stream, found, BEGIN)):
                    if DOCUMENT not in theirs.sealed or not is_read(name, book=theirs.book):
                        yield _closed(found)  # of others the document as a whole is said to be encrypted
                    continue
                found = structs.replace(found, notes=(*found.notes, _ONLY_SAID))
            if found.place in theirs.read and _is_markup(stream, found):
                for note in found.notes:
                    around.note(note.code, note.reason, found.name)
                continue
            if name != TYPE or not _is_type(stream, found):
                yield found


class _Theirs:
    """What the parser of a package reads, by the names that it has them under (``mime.zipped.parts``)."""

    def __init__(self, stream: Stream, *, book: bool) -> None:
        self.book = book
        listed = parts(stream).named  # a damage is raised by the pass over the items
        self.names = {str(part.number): name for name, part in listed.items() if not part.doubled}
        """By their places, those that no other part is called: of others both are items, and the parser reads one."""
        self.read = frozenset(
            place
            for place, name in self.names.items()
            if is_read(name, book=book) and _alike(stream, listed[name])
        )
        manifest = listed.get(MANIFEST)
        self.sealed = sealed(_manifest(stream, manifest.member)).sealed if manifest else frozenset()


def _alike(stream: Stream, part: Part) -> bool:
    found = header_at(stream, part.member.offset)
    return found is not None and read_alike(part.member, found[0])


def _is_markup(stream: Stream, found: Found) -> bool:
    """Say whether a part named as markup begins as such, or is empty, or cannot be read by anybody."""
    if found.status is not None or "encryption" in found.meta:  # a password that the parser does not have
        return False
    try:
        start = _start(stream, found, SHORT)
    except ItemError:
        return False
    return start.replace(b"\0", b"").lstrip(MARKS).startswith(b"<") or not start


def _is_type(stream: Stream, found: Found) -> bool:
    """Say whether a part is the first and holds nothing but the type of the package."""
    try:
        kind = _start(stream, found, SHORT) if found.place == "0" and not found.status else b""
    except ItemError:
        return False
    return len(kind) < SHORT and DECLARED.fullmatch(kind.decode("latin-1").strip()) is not None


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
