"""Extended attributes of what stands in a folder: what people and programs put beside a file's content.

Source: Linux, xattr(7), listxattr(2), getxattr(2). Nothing is followed; reading them changes no time.
"""

import errno
import os

from actionday.model import Loss, Note
from actionday.model.attributes import is_systems
from actionday.model.names import text_of

MOST_BYTES = 256 << 10
"""Bytes of values kept of one file; Linux allows 64 KiB for a value, and on some file systems any number of them."""
NONE = frozenset({errno.ENOTSUP, errno.ENODATA, errno.ENOENT, errno.ELOOP, errno.EACCES, errno.EPERM})
"""No attributes here, or gone since, or not for us: then the file itself is unreadable, and said to be."""


def attributes_of(path: bytes) -> tuple[dict[str, str], tuple[Note, ...]]:
    """Return the attributes of a file or folder, by name, and what is to be said of those that are not among them.

    What the system keeps for itself is left out; a byte of a value that is no UTF-8 reads ``\\xNN``.
    """
    found: dict[str, str] = {}
    left, taken = list[str](), 0
    try:
        names = sorted(map(os.fsencode, os.listxattr(path, follow_symlinks=False)))
    except OSError as error:
        return found, _unread(error)
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
    if left:
        why = f"only {MOST_BYTES} bytes of its extended attributes are kept, without: {', '.join(left)[:200]}"
        notes = (*notes, Note(Loss.PARTS_LIMIT, why))
    return found, notes


def _unread(error: OSError) -> tuple[Note, ...]:
    if error.errno in NONE:
        return ()
    return (Note(Loss.DAMAGED, f"its extended attributes cannot be read: {error.strerror}"),)
