"""What volume descriptors of ISO 9660 say of a disc in words, and the bytes they leave to others.

Source: ECMA-119, 8.3 (terminator), 8.4.5 to 8.4.22 (fields), 8.4.31 to 8.4.32 (application use, reserved bytes).
"""

from collections.abc import Iterator

from actionday.sources.filesystems._iso_records import SECTOR
from actionday.sources.filesystems._tsk_bytes import Missing, Reader

WORDS = {
    "system": (8, 40),
    "set": (190, 318),
    "publisher": (318, 446),
    "preparer": (446, 574),
    "application": (574, 702),
    "copyright": (702, 739),
    "abstract": (739, 776),
    "bibliography": (776, 813),
}
"""Fields of a descriptor that somebody wrote."""


def said(reader: Reader) -> dict[str, str]:
    """Return what the first primary descriptor says of the disc in words, by field."""
    try:
        raw = reader.at(16 * SECTOR, SECTOR)
    except Missing:  # which is told of the trees
        return {}
    fields = {name: raw[start:end].decode("latin-1").strip(" \0") for name, (start, end) in WORDS.items()}
    return {name: text for name, text in fields.items() if text} if raw[:6] == b"\1CD001" else {}


def unused(reader: Reader) -> Iterator[tuple[int, int]]:
    """Yield what descriptors of volumes leave to applications or reserve (start and end in bytes)."""
    for number in range(16, 16 + 64):
        at = number * SECTOR
        try:
            raw = reader.at(at, SECTOR)
        except Missing:
            continue
        if raw[1:6] != b"CD001":
            break
        if raw[0] in (1, 2):
            yield from ((at + 883, at + 1395), (at + 1395, at + SECTOR))
        elif raw[0] == 255:
            yield at + 7, at + SECTOR
            break
