"""What a compound file is, by the streams of its root, and which of them its parser reads.

Source: [MS-DOC] 2.1, [MS-XLS] 2.1, [MS-PPT] 2.1, [MS-OXMSG] 2.2, [MS-OFFCRYPTO] 2.3.2 (streams of a file).
"""

from collections.abc import Collection

STREAMS = (
    # The order decides: an encrypted package also has SummaryInformation.
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


def told_by(names: Collection[str]) -> str:
    """Return the type that the names in one storage prove, or ""."""
    return next((mime for name, mime in STREAMS if name in names), "")
