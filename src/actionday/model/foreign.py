"""What a library raised on the bytes of an item, in our words: for the issue log, the proof and the pages.

Its own words stand behind ours in brackets where they help whoever looks into the bytes.

Source: the exceptions of Python's ``zipfile``, ``zlib``, ``lzma``, ``struct``, and of python-zstandard's decoders.
"""

import struct
import zipfile
import zlib
from lzma import LZMAError

from actionday.model.errors import ActiondayError

MOST = 500
"""Characters of a sentence: a library may quote what it read."""
PACKED = "its compressed data is damaged"
ZIP = {
    "File is not a zip file": "no directory of its parts is found: it is no zip, or breaks off before its end",
    "Bad magic number for central directory": "the directory of its parts is damaged",
    "Bad magic number for file header": "no header of the part stands where the directory says",
    "Truncated central directory": "the directory of its parts breaks off",
    "Truncated file header": "the header of the part breaks off",
}


def plainly(error: BaseException) -> str:
    """Return the sentence for an exception of a library, at most ``MOST`` characters; one of ours has it."""
    if isinstance(error, ActiondayError):
        return str(error)[:MOST]
    words = " ".join(str(error)[:MOST].split())
    if isinstance(error, UnicodeDecodeError):
        return _undecoded(error)
    if isinstance(error, zipfile.BadZipFile) and words in ZIP:
        return ZIP[words]
    said = _sentence(error)
    if said is None:
        said, words = (
            "the reader of this format failed on it",
            f"{type(error).__name__}: {words}".rstrip(": "),
        )
    elif isinstance(error, OSError) and error.strerror:
        said, words = "cannot be read", error.strerror
    elif isinstance(error, zlib.error):
        words = words.rpartition(": ")[2]  # before it stands "Error -3 while decompressing data"
    return (f"{said} ({words})" if words else said)[:MOST]


def _sentence(error: BaseException) -> str | None:
    """Return what is said of a kind of exception, None for one that says no more than that the reader failed."""
    if isinstance(error, zlib.error | LZMAError) or type(error).__name__ == "ZstdError":
        return PACKED
    kinds: tuple[tuple[type[BaseException], str], ...] = (
        (zipfile.BadZipFile, "its zip structure is damaged"),
        (EOFError, "it ends before its own structure does"),
        (struct.error, "a field of its structure breaks off"),
        (UnicodeError, "a name or text in it cannot be written as text"),
        (NotImplementedError, "it is written in a way that is not read here"),
        (RecursionError, "it nests deeper than its reader goes"),
        (MemoryError, "needs more memory than a worker may use"),
        (OSError, "its data is damaged"),
    )
    return next((said for kind, said in kinds if isinstance(error, kind)), None)


def _undecoded(error: UnicodeDecodeError) -> str:
    wrong = f"its byte {error.start} is 0x{error.object[error.start]:02x}"
    return f"a name or text in it is not {error.encoding.upper()}, as it should be: {wrong}"
