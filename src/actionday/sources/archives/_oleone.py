"""The header that stands before an embedded or linked object of OLE 1.0.

Source: [MS-OLEDS] 2.1.4 (LengthPrefixedAnsiString), 2.2.4 (ObjectHeader), 2.2.5 (EmbeddedObject), 2.2.6 (LinkedObject).
"""

from io import BytesIO
from struct import error, pack, unpack_from
from typing import NamedTuple

from actionday.sources.archives._compoundparts import HEAD, Packed, packed

LINKED, EMBEDDED = 1, 2
PACKAGE = "package"
NO_PICTURE = 12
"""Bytes of a presentation that is none: a version, the number 0, and up to four zeros."""


class Header(NamedTuple):
    """What a header says; ``begin`` is the first byte behind it, ``size`` that of the native data (0 for a link)."""

    kind: int
    class_name: str
    topic: str
    item: str
    begin: int
    size: int


def header(head: bytes) -> Header | None:
    """Return the header that the first bytes of an object are, None where they are none."""
    try:
        kind, at, said = unpack_from("<I", head, 4)[0], 8, []
        if kind not in (LINKED, EMBEDDED):
            return None
        for _ in range(3):
            length = unpack_from("<I", head, at)[0]
            name = head[at + 4 : at + 4 + length]
            if len(name) < length or (name and name[-1]):
                return None
            said.append(name.partition(b"\0")[0].decode("utf-8", "backslashreplace"))
            at += 4 + length
        size = unpack_from("<I", head, at)[0] if kind == EMBEDDED else 0
        return Header(kind, said[0], said[1], said[2], at + 4 if kind == EMBEDDED else at, size)
    except error:
        return None


def file_of(told: Header, head: bytes) -> Packed | None:
    """Return the file that the packager put into an object, its bytes counted from the object's first."""
    if told.class_name.lower() != PACKAGE:
        return None
    native = _Native(pack("<I", told.size) + head[told.begin : told.begin + HEAD], told.size + 4)
    held = packed(native)
    if held is None:
        return None
    by = told.begin - 4
    return held._replace(begin=held.begin + by, end=held.end + by)


def is_no_picture(rest: bytes) -> bool:
    """Say whether the bytes behind the native data, of which ``rest`` are the last, are the presentation of none."""
    return len(rest) <= NO_PICTURE and not any(rest[4:])


class _Native(BytesIO):
    """The beginning of a native data, and how long all of it is, as the stream of a compound file has it."""

    def __init__(self, head: bytes, size: int) -> None:
        super().__init__(head)
        self.size = size
