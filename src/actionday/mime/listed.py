"""The fields of a header as lines of metadata, ``Name: value``: all that nobody reads otherwise, within bounds.

Source: RFC 5322 section 2.2 (fields), 3.6.8 (any others); RFC 6376 section 3.5 (a signature's tags b and bh), RFC 8617
(ARC). A line, not a key: what a field is called is somebody's choice too.
"""

import re
from collections.abc import Iterable

from actionday.mime.fields import Fields
from actionday.mime.parameters import FIELD_BYTES, structured
from actionday.mime.words import decode_words

LONGEST, MOST, ALTOGETHER = 4000, 1000, 1 << 16
"""Characters of one field, fields, and characters of all: real headers have 2 to 10 thousand in 20 to 80 fields."""
_SIGNED = re.compile(rb"(?:signature|seal)$")
_OPAQUE = re.compile(rb"(?i)(?<![a-z])b(?:h)?\s*=[^;]*;?")
"""Of a signature its hash and itself: base64 that nobody searches."""
STRUCTURED = (b"content-type", b"content-disposition")
OF_MIME = (*STRUCTURED, b"content-transfer-encoding", b"mime-version")
LONGEST_CODING = 20
"""Characters: "quoted-printable" has sixteen."""
_PARAMETERS = frozenset(
    (
        b"boundary", b"charset", b"name", b"filename", b"format", b"delsp", b"size", b"creation-date",
        b"modification-date", b"read-date", b"type", b"start", b"protocol", b"micalg", b"smime-type", b"report-type",
        b"x-unix-mode", b"x-mac-type", b"x-mac-creator", b"method",
    )
)  # fmt: skip
"""What a structured field says that is read, or that programs alone write."""


def listed(fields: Fields, read: Iterable[bytes]) -> tuple[list[str], int]:
    """Return the fields that are not in ``read`` (lower case), decoded, and how many characters of words were cut."""
    known = frozenset(read)
    lines: list[str] = []
    room, cut = ALTOGETHER, 0
    for name, raw in fields.pairs():
        low = name.lower()
        if low in known and not (low in OF_MIME and _says_more(low, raw)):
            continue
        if len(lines) >= MOST or not room:
            cut += len(raw) if b" " in raw else 0
            continue
        value = decode_words(_OPAQUE.sub(b"", raw) if _SIGNED.search(low) else raw).strip()
        if not value:
            continue
        kept = value[: min(LONGEST, room)]
        cut += len(value) - len(kept) if " " in value[len(kept) :].strip() else 0
        if kept:
            lines.append(f"{name.decode('ascii', 'replace')}: {kept}")
            room -= len(kept)
    return lines, cut


def _says_more(name: bytes, raw: bytes) -> bool:
    """Say whether a field of MIME holds a comment, a parameter nobody knows or given twice, or a value that is none."""
    if b"(" in raw or len(raw) > FIELD_BYTES:
        return True
    if name == b"mime-version":
        return raw != b"1.0"
    if name not in STRUCTURED:
        return len(raw) > LONGEST_CODING
    told = structured(raw)
    return told.is_doubled(_PARAMETERS) or any(
        each.partition(b"*")[0] not in _PARAMETERS for each in told.parameters
    )
