"""What extended headers of tar add beside a member's content: extended attributes, comments.

Source: POSIX.1-2017, pax, "pax Extended Header" (comment); star(4) (``SCHILY.xattr``); libarchive-formats(5)
(``LIBARCHIVE.xattr``: the name percent-encoded, the value in base 64). Those of the system's own namespaces are left
out.
"""

from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Mapping
from io import BytesIO
from urllib.parse import unquote_to_bytes

from actionday.model import Found, Kind
from actionday.sources.archives._leftover import LEAST
from actionday.sources.archives._streams import named

PLAIN, CODED = "SCHILY.xattr.", "LIBARCHIVE.xattr."
OWN = (b"security.", b"system.", b"trusted.")


def attributes(values: Mapping[str, bytes]) -> dict[bytes, bytes]:
    """Return the extended attributes of a member by name; what is stored twice (bsdtar) once."""
    found: dict[bytes, bytes] = {}
    for key, value in values.items():
        if key.startswith(PLAIN):
            found[key.removeprefix(PLAIN).encode("utf-8", "surrogateescape")] = value
        elif key.startswith(CODED):
            name = unquote_to_bytes(key.removeprefix(CODED))
            try:
                found.setdefault(name, b64decode(value + b"=" * (-len(value) % 4), validate=True))
            except Error:
                found.setdefault(name, value)
    return {name: value for name, value in found.items() if not name.startswith(OWN)}


def beside(found: Found, values: Mapping[str, bytes], everywhere: Mapping[str, bytes]) -> Iterator[Found]:
    """Yield a member's attributes as its streams (``file:user.note``), and its comment."""
    path = found.raw or found.name.encode("utf-8", "surrogatepass")
    for name, value in attributes(values).items():
        yield _said(path + b":" + name, f"{found.place}:{named(name)[0]}", Kind.STREAM, value)
    comment = values.get("comment", b"")
    if len(comment.strip()) >= LEAST and comment != everywhere.get("comment"):
        yield _said(path + b" comment", f"{found.place}c", Kind.MEMBER, comment)


def comment_of_all(place: str, values: Mapping[str, bytes]) -> Iterator[Found]:
    """Yield the comment of a global header."""
    comment = values.get("comment", b"")
    if len(comment.strip()) >= LEAST:
        yield _said(b"comment", f"{place}c", Kind.MEMBER, comment)


def _said(name: bytes, place: str, kind: Kind, value: bytes) -> Found:
    text, raw = named(name)
    return Found(name=text, raw=raw, kind=kind, place=place, size=len(value), read=lambda: BytesIO(value))
