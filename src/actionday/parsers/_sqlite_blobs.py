"""What a blob in a cell says: it is a text, holds one between other bytes, or says nothing that can be read."""

import plistlib
import re
from collections.abc import Iterator

from actionday.parsers._embedded import as_text
from actionday.parsers._legible import legible, passages

EDGES = bytes({*range(32), 127})
"""What stands around a text: lengths, marks of fields, NULs."""
BETWEEN = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]+")
SHORT, SMALL = 32, 256
"""Bytes up to which a blob may be a key, a digest, a time; up to which a single word in it is looked for."""
LEAST = 8
"""Characters of a text between other bytes: so many letters seldom stand side by side by chance."""
LETTERS = 0.8
PLIST = b"bplist00"


def read(blob: bytes) -> str:
    """Return what can be read in a blob, "" for nothing."""
    text = as_text(blob) or _within(blob)
    if text or len(blob) < LEAST:
        return text
    if len(blob) >= SHORT:
        if blob.startswith(PLIST) and (told := _listed(blob)):
            return told
        view = memoryview(blob)
        found = legible(view) or passages(view, "")
        if found is not None:
            return "".join(found.text)
    return " ".join(_runs(blob)) if len(blob) <= SMALL else ""


def _within(blob: bytes) -> str:
    """Return the text that is all of a blob but its ends; of two bytes a letter as well."""
    core = blob.strip(EDGES)
    if len(core) < LEAST:
        return ""
    wide = core[::2]
    if len(wide) >= LEAST and not core[1::2].strip(b"\0") and b"\0" not in wide:
        core = wide
    text = as_text(core)
    return text if _is_worded(text) else ""


def _runs(blob: bytes) -> Iterator[str]:
    for part in BETWEEN.split(blob):
        text = as_text(part).strip()
        if len(text) >= LEAST and _is_worded(text):
            yield text


def _is_worded(text: str) -> bool:
    letters = sum(sign.isalpha() or sign == " " for sign in text)
    return letters >= LEAST and letters >= LETTERS * len(text)


def _listed(blob: bytes) -> str:
    """Return the texts of a binary property list."""
    try:
        value = plistlib.loads(blob, fmt=plistlib.FMT_BINARY)
    except (plistlib.InvalidFileException, ValueError, TypeError, OverflowError, RecursionError, MemoryError):
        return ""
    lines: dict[str, None] = {}
    waiting, left = [value], len(blob)
    while waiting and left:  # an object may stand in a list a million times
        each, left = waiting.pop(), left - 1
        if isinstance(each, dict):
            waiting += reversed([part for pair in each.items() for part in pair])
        elif isinstance(each, list):
            waiting += reversed(each)
        elif isinstance(each, str):
            lines[each] = None
        elif isinstance(each, bytes) and (text := as_text(each)):
            lines[text] = None
    return " ".join(lines)
