"""The installation's ``trusted-keys``: verifier keys of other installations, one a line; ``#`` begins a comment line.

A line that is no key is a fault of this file and says nothing of a case: it is named, and nothing is proved.
"""

from pathlib import Path

from actionday.ledger import BadNote, Verifier
from actionday.model import UsageError

TRUSTED = "trusted-keys"
"""A file beside the signing key."""
MOST = 1 << 20
"""Bytes of it: some 7,000 keys."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def listed_keys(folder: Path) -> list[Verifier]:
    """Return the keys that are listed in a folder of configuration, none where there is no list.

    Raises UsageError naming file and line for what is no list of keys.
    """
    path = folder / TRUSTED
    try:
        with path.open("rb") as file:
            data = file.read(MOST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > MOST:
        raise UsageError(f"{path}: longer than {MOST} bytes: it is no list of verifier keys")
    found = (_key(path, number, line.strip()) for number, line in enumerate(data.split(b"\n"), start=1))
    return [key for key in found if key is not None]


def _key(path: Path, number: int, line: bytes) -> Verifier | None:
    """Return the key of a line, None for one that is empty or a comment."""
    if line.startswith(BYTE_ORDER_MARK):
        raise UsageError(
            f"{path}, line {number}: begins with a byte order mark: save it as UTF-8 without one"
        )
    if not line or line.startswith(b"#"):
        return None
    try:
        return Verifier.parse(line.decode())
    except (BadNote, UnicodeError) as error:
        raise UsageError(
            f"{path}, line {number}: is no verifier key: {error}. A key stands alone on its line, remarks on lines "
            "of their own that begin with #"
        ) from error
