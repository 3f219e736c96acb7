"""The fields of a header as lines of metadata, ``Name: value``: all that nobody reads otherwise, each of them whole.

There are no bounds but the header's own (``fields.HEADER_BYTES``): words are decoded, so that the lines are no longer
than it. Where those of many headers stand together, ``Within`` counts what is beyond.

Source: RFC 5322 section 2.2 (fields), 3.6.8 (any others); RFC 6376 section 3.5 (a signature's tags b and bh), RFC 8617
(ARC). A line, not a key: what a field is called is somebody's choice too.
"""

import re
from collections.abc import Iterable

from actionday.mime.fields import Fields
from actionday.mime.parameters import FIELD_BYTES, structured
from actionday.mime.words import decode_words

ALTOGETHER = 4 << 20
"""Characters of the lines of all parts of one message: as many as one header can have."""
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
_NAMES = frozenset((b"name", b"filename"))
_BLANKS = frozenset((*_NAMES, b"creation-date", b"modification-date", b"read-date", b"boundary"))
"""Those of them that have blanks."""
LONGEST_VALUE = 100
"""Bytes of a parameter that programs write: RFC 2046 allows a boundary seventy."""


def listed(fields: Fields, read: Iterable[bytes]) -> list[str]:
    """Return the fields that are not in ``read`` (lower case), decoded; of those of MIME the ones that say more.

    A field without a value is there by its name: it may be a word, too.
    """
    known = frozenset(read)
    lines: list[str] = []
    told: dict[bytes, bytes] = {}
    for name, raw in fields.pairs():
        low = name.lower()
        if low in known and not (
            low in OF_MIME and (told.setdefault(low, raw) != raw or _says_more(low, raw))
        ):
            continue
        value = decode_words(_OPAQUE.sub(b"", raw) if _SIGNED.search(low) else raw).strip()
        lines.append(f"{name.decode('ascii')}: {value}".rstrip())
    return lines


class Within:
    """Lines of several headers, ``ALTOGETHER`` characters of them; ``cut`` counts the characters of those beyond."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.cut, self._room = 0, ALTOGETHER

    def add(self, lines: Iterable[str]) -> None:
        """Keep lines as they stand while there is room, which an empty one takes as well."""
        for line in lines:
            if len(line) < self._room:
                self.lines.append(line)
                self._room -= len(line) + 1
            else:
                self.cut += len(line)


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
        _is_said(each.partition(b"*")[0], value) for each, value in told.parameters.items()
    )


def _is_said(name: bytes, value: bytes) -> bool:
    """Say whether a parameter is none that is known, or holds more than programs write there."""
    if name in _NAMES:
        return False
    return name not in _PARAMETERS or len(value) > LONGEST_VALUE or (b" " in value and name not in _BLANKS)
