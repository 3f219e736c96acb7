"""Keys and heads that a person gives to ``verify``: in words, or as files."""

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from actionday.model import UsageError

if TYPE_CHECKING:
    from actionday.pipeline.proving import Trust

MOST = 1 << 20
"""Bytes of such a file."""
KEY_IS = (
    "A verifier key is one line, actionday/installation/… with a +, eight hex digits, a + and base64: "
    "trusted-keys and the ledger's entries key.added hold such lines"
)
HEAD_IS = (
    "A head is the 64 hex digits that verify prints last as 'Ledger head', or a file with a signed head: note it "
    "down, outside of the case, when you verify"
)


def trusted(keys: tuple[str, ...], heads: tuple[str, ...]) -> "Trust":
    """Return what was given. Raises UsageError for what is no verifier key and no head."""
    from actionday.ledger import BadNote, Verifier
    from actionday.pipeline.proving import Trust
    from actionday.pipeline.proving.heads import checked

    try:
        found = tuple(Verifier.parse(line) for key in keys for line in _keys(key))
    except BadNote as error:
        raise UsageError(f"no verifier key or head: {error}. {KEY_IS}") from error
    try:
        given = Trust(found, tuple(map(_text, heads)))
        checked(given.heads)
    except BadNote as error:
        raise UsageError(f"no verifier key or head: {error}. {HEAD_IS}") from error
    return given


def _keys(given: str) -> list[str]:
    """Return the lines that are to be keys. Raises UsageError where there is none: nothing would be held against it."""
    named = [
        line for each in _text(given).splitlines() if (line := each.strip()) and not line.startswith("#")
    ]
    if not named:
        raise UsageError(f"{given}: holds no verifier key. {KEY_IS}")
    return named


def _text(given: str) -> str:
    """Return what a file holds, or the words themselves where there is no such file."""
    path = Path(given)
    try:
        if not path.is_file():
            return given
        with path.open(encoding="utf-8") as file:
            return file.read(MOST)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:  # a key is no path
            return given
        raise UsageError(f"{given}: cannot be read: {error.strerror}") from error
    except UnicodeError as error:
        raise UsageError(f"{given}: {error}") from error


def listable(folder: Path) -> Path:
    """Return a folder in which exhibits are looked for, by its own path. Raises UsageError."""
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}") from error
    return folder.resolve()
