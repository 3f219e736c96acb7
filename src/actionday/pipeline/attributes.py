"""Extended attributes of what stands in a folder: what people and programs put beside a file's content.

Source: Linux, xattr(7), listxattr(2), getxattr(2). Nothing is followed; reading them changes no time.
"""

import errno
import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from actionday.mime.central import central
from actionday.mime.guess import HIGH, IN_WORDS
from actionday.mime.otherwise.bytewise import told
from actionday.mime.wide import CONTROLS, is_utf8, reads_as
from actionday.model import Loss, Note
from actionday.model.attributes import is_systems
from actionday.model.names import text_of

MOST_BYTES = 256 << 10
"""Bytes of values kept of one file; Linux allows 64 KiB for a value, and on some file systems any number of them."""
FIRST_LETTER = 0xC0
"""Of Latin script in windows-1252."""
LEAST = 4
"""Bytes of a value in UTF-16."""
NONE = frozenset({errno.ENOTSUP, errno.ENODATA, errno.ENOENT, errno.ELOOP, errno.EACCES, errno.EPERM})
"""No attributes here, or gone since, or not for us: then the file itself is unreadable, and said to be."""


def read_otherwise(value: bytes) -> str:
    """Return what a value says that is text, though none in UTF-8: in UTF-16, or in a code of one byte; "" for none.

    Bounded by the length of a value, and without statistics: the process that lists a folder has none of them.
    """
    text = _wide(value)
    if text or b"\0" in value or is_utf8(value):
        return text
    if text := told([value], alphabets=True)[0] or "":
        return text
    high = b"".join(HIGH.findall(value))
    accents = IN_WORDS.search(value) and min(high) >= FIRST_LETTER and 2 * len(high) <= len(value)
    return value.decode(central(value) or "cp1252", "replace") if accents else ""


def _wide(value: bytes) -> str:
    mark = value.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    if not mark and len(value.translate(None, CONTROLS)) == len(value):
        return ""
    bare = (value[2:] if mark else value).removesuffix(b"\0\0")
    for code in ("utf-16-be",) if value.startswith(BOM_UTF16_BE) else ("utf-16-le", "utf-16-be"):
        if len(bare) >= LEAST and reads_as(bare, code):
            return bare.decode(code)
    return ""


def attributes_of(path: bytes) -> tuple[dict[str, dict[str, str]], tuple[Note, ...]]:
    """Return the attributes of what stands at a path, as facts, and what is to be said of those not among them.

    What the system keeps for itself is left out; a byte of a value that is no UTF-8 reads ``\\xNN``: what such a value
    says in another code stands beside it, in ``attributes_read``.
    """
    found: dict[str, str] = {}
    read: dict[str, str] = {}
    left, taken = list[str](), 0
    try:
        names = sorted(map(os.fsencode, os.listxattr(path, follow_symlinks=False)))
    except OSError as error:
        return {}, _unread(error)
    notes: tuple[Note, ...] = ()
    for name in names:
        if is_systems(name):
            continue
        try:
            value = os.getxattr(path, name, follow_symlinks=False)
        except OSError as error:
            notes = notes or _unread(error)
            continue
        taken += len(value)
        if taken > MOST_BYTES:
            left.append(text_of(name)[0])
        else:
            found[text_of(name)[0]] = text_of(value)[0]
            if text := read_otherwise(value):
                read[text_of(name)[0]] = text
    if left:
        why = f"only {MOST_BYTES} bytes of its extended attributes are kept, without: {', '.join(left)[:200]}"
        notes = (*notes, Note(Loss.PARTS_LIMIT, why))
    facts = {"attributes": found} if found else {}
    return facts | ({"attributes_read": read} if read else {}), notes


def _unread(error: OSError) -> tuple[Note, ...]:
    if error.errno in NONE:
        return ()
    return (Note(Loss.DAMAGED, f"its extended attributes cannot be read: {error.strerror}"),)
