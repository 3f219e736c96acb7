"""What an OLE2 compound file is, by the names of its streams.

Source: [MS-CFB] 2.2 (header), 2.6.1 (directory entries: 128 bytes each, names in UTF-16LE).
"""

from struct import unpack_from

ENTRY = 128
STREAMS = (
    # The order decides: an encrypted package also has SummaryInformation, a message may hold a document.
    ("EncryptedPackage", "application/x-ooxml-encrypted"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("WordDocument", "application/msword"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("PP40", "application/vnd.ms-powerpoint"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
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
MSI_CLASS = bytes.fromhex("84100c0000000000c000000000000046")
UNKNOWN = "application/x-ole-storage"


def ole_type(head: bytes, tail: bytes, size: int) -> str:
    """Return the type that the stream names prove, else ``application/x-ole-storage``."""
    names = _directory(head, tail, size)
    for name, mime in STREAMS:
        if name in names:
            return mime
    if MSI_CLASS in head[:65536]:
        return "application/x-msi"
    return _anywhere(head + tail)


def _directory(head: bytes, tail: bytes, size: int) -> set[str]:
    """Return the names in the first sector of the directory, where the head or the tail holds it."""
    if len(head) < 52 or head[30] not in (9, 12):
        return set()
    sector = 1 << head[30]
    at = (unpack_from("<I", head, 48)[0] + 1) * sector
    block = head[at : at + sector * 4]
    behind = at - (size - len(tail))
    if not block and 0 <= behind < len(tail):
        block = tail[behind : behind + sector * 4]
    return {_name(block[entry : entry + ENTRY]) for entry in range(0, len(block) - ENTRY + 1, ENTRY)} - {""}


def _name(entry: bytes) -> str:
    length = int.from_bytes(entry[64:66], "little")
    if not 2 <= length <= 64 or entry[66] not in (1, 2, 5):
        return ""
    return entry[: length - 2].decode("utf-16-le", "replace")


def _anywhere(seen: bytes) -> str:
    """Large files keep their directory in the middle: take a stream name wherever it stands, if it does."""
    for name, mime in STREAMS:
        if len(name) > 4 and (name + "\0").encode("utf-16-le") in seen:
            return mime
    return UNKNOWN
