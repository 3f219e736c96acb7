"""What a compound file is, by the streams of its root, and which of them its parser reads.

Source: [MS-DOC] 2.1, [MS-XLS] 2.1, [MS-PPT] 2.1, [MS-OXMSG] 2.2, [MS-OFFCRYPTO] 2.3.2 (streams of a file).
"""

from collections.abc import Callable, Collection, Sequence

from actionday.mime.compound_tree import STORAGE, STREAM, Entry, Tree

STREAMS = (
    # The order decides: a document with a message's or a sealed package's stream in it is a document.
    ("WordDocument", "application/msword"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("PP40", "application/vnd.ms-powerpoint"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("EncryptedPackage", "application/x-ooxml-encrypted"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("VisioDocument", "application/vnd.visio"),
    ("Quill", "application/x-mspublisher"),
    ("HwpSummaryInformation", "application/x-hwp"),
    ("\x05HwpSummaryInformation", "application/x-hwp"),
    ("MatOST", "application/vnd.ms-works"),
    ("Catalog", "application/x-ms-thumbs-db"),
    ("StarWriterDocument", "application/vnd.stardivision.writer"),
    ("StarCalcDocument", "application/vnd.stardivision.calc"),
    ("DestList", "application/x-ms-jumplist"),
)


def told_by(names: Collection[str]) -> str:
    """Return the type that the names in one storage prove, or ""."""
    return next((mime for name, mime in STREAMS if name in names), "")


def type_of(tree: Tree) -> str:
    """Return the type that the streams of the root prove, else those that no storage leads to, or ""."""
    own = tree.members.get(tree.root.number, ()) if tree.root else ()
    return told_by(_streams(own)) or told_by(_streams(tree.loose))


def _streams(entries: Sequence[Entry]) -> list[str]:
    return [each.name for each in entries if each.kind == STREAM]


MESSAGE = "application/vnd.ms-outlook"
SUMMARIES = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")
READ = {
    "application/msword": ("WordDocument",),
    "application/vnd.ms-excel": ("Workbook", "Book"),
    "application/vnd.ms-powerpoint": ("PowerPoint Document",),
}
"""The streams that a parser reads besides the summaries: of several the first that is there."""
TABLES = ("0Table", "1Table")
"""Of these a document has one, by a bit in its header."""
SEALED = ("EncryptedPackage", "EncryptionInfo")


def is_message(mime: str) -> bool:
    """Say whether a type is that of a message: each recipient and attachment in it has the same streams."""
    return mime == MESSAGE


def unread(mime: str, top: Sequence[Entry], head: Callable[[Entry], bytes]) -> frozenset[int]:
    """Return the numbers of the streams in the root of a file of type ``mime`` that no parser reads.

    ``head`` gives the first 32 bytes of a stream. Of several of one name the first is the one that is read.
    """
    first: dict[str, Entry] = {}
    for each in top:
        if each.kind == STREAM:
            first.setdefault(each.name, each)
    names = list[str]()
    if mime in READ:
        names = [*SUMMARIES, next((name for name in READ[mime] if name in first), "")]
    if mime == "application/msword":
        start = head(first["WordDocument"])
        names += [TABLES[1 if len(start) > 11 and start[11] & 2 else 0]]
    if mime == "application/x-ooxml-encrypted":
        names += SEALED
    read = {first[name].number for name in names if name in first}
    return frozenset(each.number for each in top if each.kind != STORAGE and each.number not in read)
