"""What extended headers of tar add beside a member's content: extended attributes, comments.

Source: POSIX.1-2017, pax, "pax Extended Header" (comment); star(4) (``SCHILY.xattr``); libarchive-formats(5)
(``LIBARCHIVE.xattr``: the name percent-encoded, the value in base 64). Those of the system's own namespaces are left
out.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Mapping
from io import BytesIO
from urllib.parse import unquote_to_bytes

from actionday.model import Found, Kind
from actionday.model.names import text_of
from actionday.sources.archives._leftover import LEAST

NUMBERS = frozenset({"size", "uid", "gid"})
TEXTS = frozenset({"path", "linkpath", "uname", "gname", "comment", "GNU.sparse.name"})
NOTED = frozenset(
    {"atime", "ctime", "charset", "hdrcharset", "LIBARCHIVE.creationtime", "LIBARCHIVE.symlinktype"}
)
NOTED_OF = (
    "SCHILY.",
    "RHT.",
    "MSWINDOWS.",
    "SUN.",
    "APK-TOOLS.",
    "GNU.volume.",
    "GNU.dumpdir",
    "LIBARCHIVE.",
)
"""What archivers write by themselves, into every member of some archives."""
LONGEST_NOTED = 256
"""Bytes: an access list of ten lines; what is longer is an item."""
DECIMAL = re.compile(rb"-?\d{1,20}(?:\.\d*)?")
PLAIN, CODED = "SCHILY.xattr.", "LIBARCHIVE.xattr."
OWN = (b"security.", b"system.", b"trusted.")


def attributes(values: Mapping[str, bytes]) -> dict[bytes, bytes]:
    """Return the extended attributes of a member by name; what is stored twice (bsdtar) once."""
    found = {
        key.removeprefix(PLAIN).encode("utf-8", "surrogateescape"): value
        for key, value in values.items()
        if key.startswith(PLAIN)
    }
    for key, value in values.items():
        if key.startswith(CODED):
            found.setdefault(unquote_to_bytes(key.removeprefix(CODED)), _uncoded(value))
    return {name: value for name, value in found.items() if not name.startswith(OWN)}


def _uncoded(value: bytes) -> bytes:
    try:
        return b64decode(value + b"=" * (-len(value) % 4), validate=True)
    except Error:
        return value


def unknown(values: Mapping[str, bytes], everywhere: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the records of an extended header that say nothing known here, or not in the form they should have.

    Of an attribute that stands in both forms the coded one is among them where it says something else.
    """
    plain = attributes(values)
    return {
        key: value
        for key, value in values.items()
        if everywhere.get(key) != value and not (_known(key, value) and _agrees(key, value, plain))
    }


def _agrees(key: str, value: bytes, plain: Mapping[bytes, bytes]) -> bool:
    said = _uncoded(value) if key.startswith(CODED) else value
    return not key.startswith(CODED) or plain.get(unquote_to_bytes(key.removeprefix(CODED)), said) == said


def administrative(values: Mapping[str, bytes]) -> dict[str, str]:
    """Return what archivers note of a member beside its content, as it stands: times, flags, labels, access lists."""
    return {
        key: text_of(value)[0] for key, value in values.items() if _noted(key) and len(value) <= LONGEST_NOTED
    }


def _known(key: str, value: bytes) -> bool:
    if key in NUMBERS:
        return value.isdigit() and len(value) < 20
    if key == "mtime":
        return DECIMAL.fullmatch(value) is not None
    if key.startswith("GNU.sparse.") and key != "GNU.sparse.name":
        return not value.strip(b"0123456789,")
    if key in TEXTS or key.startswith((PLAIN, CODED)):
        return not _noted(key) or len(value) <= LONGEST_NOTED
    return _noted(key) and len(value) <= LONGEST_NOTED


def _noted(key: str) -> bool:
    if key.startswith((PLAIN, CODED)):
        return key.partition("xattr.")[2].encode("utf-8", "surrogateescape").startswith(OWN)
    return key in NOTED or key.startswith(NOTED_OF)


def records(path: bytes, place: str, values: Mapping[str, bytes]) -> Iterator[Found]:
    """Yield the records that are not known here as one item, a line each."""
    text = b"".join(
        key.encode("utf-8", "surrogateescape") + b"=" + value + b"\n" for key, value in values.items()
    )
    if text:
        yield _said(path + b" records" if path else b"records", f"{place}x", Kind.MEMBER, text)


def beside(found: Found, values: Mapping[str, bytes], everywhere: Mapping[str, bytes]) -> Iterator[Found]:
    """Yield a member's attributes as its streams (``file:user.note``), and its comment."""
    path = found.raw or found.name.encode("utf-8", "surrogatepass")
    for name, value in attributes(values).items():
        yield _said(path + b":" + name, f"{found.place}:{text_of(name)[0]}", Kind.STREAM, value)
    comment = values.get("comment", b"")
    if len(comment.strip()) >= LEAST and comment != everywhere.get("comment"):
        yield _said(path + b" comment", f"{found.place}c", Kind.MEMBER, comment)
    yield from records(path, found.place, unknown(values, everywhere))


def comment_of_all(place: str, values: Mapping[str, bytes]) -> Iterator[Found]:
    """Yield the comment of a global header."""
    comment = values.get("comment", b"")
    if len(comment.strip()) >= LEAST:
        yield _said(b"comment", f"{place}c", Kind.MEMBER, comment)


def _said(name: bytes, place: str, kind: Kind, value: bytes) -> Found:
    text, raw = text_of(name)
    return Found(name=text, raw=raw, kind=kind, place=place, size=len(value), read=lambda: BytesIO(value))
