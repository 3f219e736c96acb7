"""What a source, an image reader, an assembly and a parser offer; what the pipeline gives them.

A plug-in is a module of ``sources`` or ``parsers`` with one constant: ``SOURCE``, ``IMAGE`` or ``PARSER``; a source of
what lies on several streams has an ``ASSEMBLY`` beside it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from socket import socket
from typing import NamedTuple, Protocol

import msgspec

from actionday.model.claim import Claim
from actionday.model.derivation import Derivation
from actionday.model.item import Found, Kind, Note, Run
from actionday.model.limits import Limits

HEAD_BYTES = 128 * 1024
"""ISO 9660 has its mark at 32 KiB and Btrfs at 64 KiB + 64."""
TAIL_BYTES = 64 * 1024
"""VHD, DMG and md keep their marks at the end; a zip's end record may have a comment of 64 KiB before it."""


class Peek(Protocol):
    """What may be looked at before a stream is opened."""

    @property
    def name(self) -> str:
        """Last part of the item's path."""

    @property
    def kind(self) -> Kind:
        """What the item is (a ``message`` is opened for its attachments, a message *file* for its message)."""

    @property
    def size(self) -> int:
        """Bytes in the stream."""

    @property
    def head(self) -> bytes:
        """First ``HEAD_BYTES`` at most."""

    @property
    def tail(self) -> bytes:
        """Last ``TAIL_BYTES`` at most (may overlap the head)."""


class Stream(Protocol):
    """A seekable, read-only stream of bytes with a known size: all that layers share."""

    size: int

    def read(self, length: int = -1, /) -> bytes:
        """Return up to ``length`` bytes; fewer only at the end. Raises Damaged or OSError."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move, return the new position."""

    def tell(self) -> int:
        """Return the position."""


class Context(Protocol):
    """What surrounds a stream: neighbours, keys, where to go on, and where to report."""

    name: str
    """Last part of the path of the stream."""
    after: str | None
    """The ``place`` of the last item already stored. A source that can, begins behind it (items at or before
    it are dropped by the pipeline otherwise)."""
    secrets: Sequence[str]
    limits: Limits
    earlier: bool
    """The stream is an earlier state of another, and what it says of such states is of those of the other."""

    def sibling(self, name: str) -> Stream | None:
        """Return a stream beside this one in the same container (segment, backing file, WAL), or None."""

    def siblings(self) -> Sequence[str]:
        """Return the names beside this one, as far as they are known cheaply; may be empty."""

    def note(self, code: str, reason: str, path: str = "") -> None:
        """Add a line to the issue log; ``path`` is relative to the container ("" = the container itself)."""

    def acquired(self, facts: Mapping[str, object]) -> None:
        """Keep what the imager stored (case number, examiner, hashes, times) with the exhibit or item."""

    def member(self, assembly: str, of: str, name: str = "", *, beside: bool = False) -> None:
        """Say that the stream is one of several that ``assembly`` puts together; ``of`` identifies what they make.

        A source that says so yields no item. Once all streams of the exhibit are known, those of one whole are opened
        together: disks of an array, physical volumes of a group. ``of`` is a function of the bytes alone and the same
        in all members; "" of one that does not know: it is given to every whole of that assembly. ``name``: what people
        call the whole. Both: at most 200 printable characters. ``beside``: its parts lie beside one another, under
        one path, for names alone tell of it: ``of`` may then be a function of the name, and what lies elsewhere under
        the same is another whole.
        """

    def unallocated(self, runs: Iterable[Run], unit: int, first: int = 0) -> None:
        """Say which bytes of the stream belong to nothing in it: ranges in order, taken at once.

        They become one item of the kind ``unallocated``, which is read when all else is stored. ``unit``: bytes in
        which space is given to files, from byte ``first`` on; what lies in the last one behind a file is its slack.
        """

    def derive(self, work: Derivation) -> bytes:
        """Return the key that a secret gives: made in a process that may use the memory it takes, once a run.

        Raises TooCostly where the work or the memory is more than is spent on one secret.
        """

    def companion(self) -> socket | None:
        """Return a connected socket to a fresh file-system companion process, or None where there is none.

        See ``sources/filesystems``: the sleuthkit lives in a process of its own.
        """


ALWAYS = ((0, b""),)
"""``waits`` of a source whose every stream needs what lies beside it."""


class Source(Protocol):
    """Opens one format: a seekable stream in, items out. Never raises for a single damaged entry.

    ``items`` yields in a fixed order. It raises Damaged, Encrypted or Unsupported when the container as such
    cannot be read (further): what was yielded before stays, and the error becomes the container's status.

    A source that opens what lies beside a document's text (parts of an office package, bytes behind a picture)
    has ``beside = True``: it may claim what then holds nothing, which is no container. Two further marks tell what
    becomes of the bytes around the items:

    ``no_byte_left = True``: every byte is in an item (each stream of a compound file). A parser is asked for a text of
    the whole all the same; where none knows its type, the whole counts as read, not as ``unsupported``.
    ``no_text_of_its_own = True``: no parser is asked for a text of the whole, though one may know its type (what stands
    behind a gap of an archive): all of its text is that of its items.

    One whose every claim rests on a structure with NUL bytes at its beginning or end (a super block, a header with
    numbers of 32 bits) has ``binary = True``: it is not asked about texts; one that claims nothing with a NUL byte in
    its head has ``textual = True``. One whose every claim rests on fixed bytes at a fixed place names them all in
    ``marks``, pairs of place and bytes (a place below zero is counted from the end, or is the beginning of what is
    shorter), on the end of a name in ``called``, on what it is in ``kinds``: it is asked only about what has one of
    them. All this spares a worker time and changes no answer. The same holds for an ``Image``.

    An item that a source yields with the status ``queued``, with ``runs`` and with ``waits_for(name)`` as its reason is
    not read by the fast lane: the slow lane opens it as a container, by the source that claims it, whose
    ``slow = name`` is what a command switches it off by. A container that another source claims is never slow.

    One that yields earlier states of the whole stream (``Found.earlier``) has ``earlier(stream)``, whose result gives
    each as ``state(place)``: a stream, opened as a volume is, once all else that the container holds is stored. Such a
    stream may have ``as_now(runs)``, which says that those bytes are for sure what they are now. Either raises Damaged.

    One that asks for what lies beside a stream (``Context.sibling``) names in ``waits`` the bytes of the head, as in
    ``marks``, with which a stream needs it (``ALWAYS``: whatever they are): such a one is opened once all of what holds
    it is stored, as images are.
    """

    name: str
    """Short and unique, as ``docs/formats.md`` lists it."""
    sample: str
    """File name of its sample, made by ``tests/samples_for_sources.py`` or the like."""

    def claims(self, peek: Peek) -> Claim:
        """Say how sure it is; cheap, never raises, sees hostile bytes."""

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield what is in the container, in order."""


class Image(Protocol):
    """A transparent layer: the bytes of a disk out of the bytes of an image file; adds no path part.

    The disk that it opens may have ``stored``, the hashes an imager noted, and ``beside(around, layer, watched, *,
    parents)``, asked once: it yields what its files hold beside the disk (behind their end, between their blocks), each
    with a ``read``. ``layer`` is how many images deep it is within others, and part of the places; ``watched`` wraps a
    stream so that whoever waits sees it being read; ``parents`` asks for the files too that it stands on.
    ``strangers``, names of what it asked for beside it and found to be no part of it, leaves those to be read by
    themselves. One with ``states``, name and size of each earlier state that it keeps, gives the disk of one of them as
    ``state(number)``.
    """

    name: str
    sample: str

    def claims(self, peek: Peek) -> Claim:
        """Say how sure it is; cheap, never raises, sees hostile bytes."""

    def open(self, stream: Stream, around: Context) -> Stream:
        """Return the disk. Raises Damaged, Encrypted or Unsupported; partly readable disks are opened, noted,
        and raise Damaged on the ranges that are missing."""


class Part(NamedTuple):
    """One stream of a whole that is put together, and the path of the item whose bytes it is."""

    stream: Stream
    path: str


class Assembled(Protocol):
    """What several streams make: a disk, which is a ``Stream`` and has no ``volumes`` (None), or a group of volumes."""

    @property
    def volumes(self) -> Sequence[Found] | None:
        """The volumes of a group, each with its name, place and size, without ``runs``; or why it cannot be read."""

    def volume(self, place: str) -> Stream:
        """Return the volume at a place. Raises Damaged, Encrypted or Unsupported."""


class Assembly(Protocol):
    """Puts together what lies on several streams; see ``Context.member``."""

    name: str
    sample: str

    def assemble(self, parts: Sequence[Part], of: str, around: Context) -> Assembled:
        """Return what the parts that there are make, in whatever order they come, one of them alone included.

        A part that lacks is named: in a note where the rest suffices, in the error where it does not. Raises Damaged,
        NotThere, Encrypted or Unsupported; partly readable wholes are opened, noted, and raise Damaged on the ranges
        that are missing.
        """


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """What a parser read out of one content.

    ``text`` is given as pieces in reading order (a few MiB each at most), so that nothing is held twice.
    ``reason`` says why a content was not read whole, or read and found without a character. It becomes a line of
    the issue log: the note that has the same reason tells by its code whether it is a ``Loss`` or a remark, and
    where there is none it is ``Loss.NOT_WHOLE``.
    ``code`` stands behind the text and is found like it, but has no voice in which language that is in: single words
    out of programs are in none.
    """

    text: Sequence[str] = ()
    code: str = ""
    meta: Mapping[str, object] = {}
    reason: str = ""
    notes: tuple[Note, ...] = ()


class Parser(Protocol):
    """Text and metadata out of one content. A function of the bytes alone, never of a name.

    One of formats with a structure, whose text is a part of their bytes, has ``whole = True``: what it is given is
    not cut at the limit of a text.
    """

    name: str
    version: int
    mimes: Sequence[str]
    """MIME types it reads, exact, or a family such as ``text/*``; the longest match wins, a tie is red."""
    samples: Sequence[str]

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:
        """Return text and metadata. Raises Damaged, Encrypted or Unsupported."""


class Around(msgspec.Struct, frozen=True, array_like=True):
    """What surrounds a content that is read slowly: what a reader may choose its models by."""

    languages: tuple[str, ...] = ()
    """ISO 639-3, of the texts in the same folder first, those of the whole exhibit behind; each once."""


class SlowParser(Protocol):
    """A parser whose work takes seconds: the slow lane alone gives it contents, behind everything else.

    ``slow`` names what it ends the waiting for (``Parsed.meta["needs"]``: "ocr", "speech"), and is what a command
    switches off by. What a parser of the fast lane tells of the same content stays; what this one gives comes to it.
    """

    name: str
    version: int
    slow: str
    mimes: Sequence[str]
    samples: Sequence[str]

    def lacks(self) -> str:
        """Return what is not there for any of it to be done, "" where it can begin; the main process asks."""

    def read(
        self, data: memoryview, mime: str, limits: Limits, around: Around, beat: Callable[[float], None]
    ) -> Parsed:
        """Return text and metadata. Raises Waits where a model lacks that this content needs, else as ``parse``.

        ``beat`` is called before each step (a page) with the seconds of processor time that it may take: whoever takes
        longer is killed, and the item is quarantined.
        """


NAME_CHARACTERS = re.compile(r"[a-z0-9][a-z0-9_.+-]*")
"""What the name of a plug-in consists of."""
