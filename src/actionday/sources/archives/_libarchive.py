"""The system's libarchive, read through callbacks: it never sees a path and starts no program.

Source: libarchive(3), archive_read(3), archive_entry(3) of libarchive 3.6. The binding is ours because the
library must be opened without the search by ``ctypes.util``, which forks, and warnings must not be lost.
"""

import ctypes
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import (
    CDLL,
    CFUNCTYPE,
    POINTER,
    byref,
    c_char_p,
    c_int,
    c_int64,
    c_long,
    c_size_t,
    c_ssize_t,
    c_void_p,
)
from typing import Any, NamedTuple, Self

from actionday.model import Damaged, Encrypted, OverLimit, Stream
from actionday.sources.archives._streams import BLOCK, block_of

_EOF, _OK, _WARN = 1, 0, -20
_CALLS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "read_new": (c_void_p, ()),
    "read_free": (c_int, (c_void_p,)),
    "read_add_passphrase": (c_int, (c_void_p, c_char_p)),
    "read_set_callback_data": (c_int, (c_void_p, c_void_p)),
    "read_set_read_callback": (c_int, (c_void_p, c_void_p)),
    "read_set_seek_callback": (c_int, (c_void_p, c_void_p)),
    "read_open1": (c_int, (c_void_p,)),
    "read_next_header": (c_int, (c_void_p, POINTER(c_void_p))),
    "read_data_block": (c_int, (c_void_p, POINTER(c_void_p), POINTER(c_size_t), POINTER(c_int64))),
    "read_has_encrypted_entries": (c_int, (c_void_p,)),
    "read_header_position": (c_int64, (c_void_p,)),
    "filter_code": (c_int, (c_void_p, c_int)),
    "error_string": (c_char_p, (c_void_p,)),
    "entry_pathname": (c_char_p, (c_void_p,)),
    "entry_symlink": (c_char_p, (c_void_p,)),
    "entry_hardlink": (c_char_p, (c_void_p,)),
    "entry_filetype": (c_int, (c_void_p,)),
    "entry_perm": (c_int, (c_void_p,)),
    "entry_size": (c_int64, (c_void_p,)),
    "entry_size_is_set": (c_int, (c_void_p,)),
    "entry_mtime": (c_int64, (c_void_p,)),
    "entry_mtime_nsec": (c_long, (c_void_p,)),
    "entry_mtime_is_set": (c_int, (c_void_p,)),
    "entry_is_data_encrypted": (c_int, (c_void_p,)),
}
NOT_KNOWN = re.compile(r"unsupported|not supported|not implemented", re.IGNORECASE)
NO_ROOM = re.compile(r"memory|dictionary size is not supported", re.IGNORECASE)
"""What it says where a dictionary is larger than there is memory for, or than it takes at all (RAR 5: 64 MiB)."""
UNKNOWN = "is damaged, or made in a way that is not read here"
"""Which of the two its reader cannot tell: a bit that flipped in the name of a method makes it an unknown one."""
_READ = CFUNCTYPE(c_ssize_t, c_void_p, c_void_p, POINTER(c_void_p))
_SEEK = CFUNCTYPE(c_int64, c_void_p, c_void_p, c_int64, c_int)


def _opened() -> CDLL:
    """Return the library. Raises OSError where it is not installed: that costs the formats it reads."""
    library = CDLL("libarchive.so.13")
    for name, (result, arguments) in _CALLS.items():
        call = getattr(library, f"archive_{name}")
        call.restype, call.argtypes = result, arguments
    return library


def _utf8_locale() -> tuple[CDLL, c_void_p]:
    """Return the C library and a UTF-8 locale of its own: names come out the same in every user's locale."""
    libc = CDLL(None, use_errno=True)
    libc.newlocale.restype, libc.newlocale.argtypes = c_void_p, (c_int, c_char_p, c_void_p)
    libc.uselocale.restype, libc.uselocale.argtypes = c_void_p, (c_void_p,)
    made = libc.newlocale(1 << 0, b"C.UTF-8", None)  # LC_CTYPE_MASK; C.UTF-8 is built into glibc >= 2.35
    return libc, c_void_p(made)


_LIBRARY = _opened()
_LIBC, _UTF8 = _utf8_locale()


@contextmanager
def _in_utf8() -> Iterator[None]:
    before = _LIBC.uselocale(_UTF8)
    try:
        yield
    finally:
        _LIBC.uselocale(before)


class Entry(NamedTuple):
    """One header as the library understood it; ``kind`` is the file type of ``stat`` (0o100000 …)."""

    name: bytes
    kind: int
    mode: int
    size: int | None
    mtime: tuple[int, int] | None
    symlink: bytes | None
    hardlink: bytes | None
    encrypted: bool
    position: int


def label(name: str) -> str:
    """Return what a format of the library is called here."""
    return {"7zip": "7z", "rar5": "rar", "zip_streamable": "zip"}.get(name, name)


class Archive:
    """An archive being read, forward only. Use it in a ``with`` block: it holds memory of the library."""

    def __init__(self, stream: Stream, formats: Sequence[str], filters: Sequence[str] = (),
                 secrets: Sequence[str] = ()) -> None:  # fmt: skip
        self._stream, self._block, self._step = stream, b"", block_of(stream.size)
        self._failure: BaseException | None = None
        self._freed = False
        self._format, self._archive = label((filters or formats)[0]), c_void_p(_LIBRARY.archive_read_new())
        self._calls = _READ(self._on_read), _SEEK(self._on_seek)
        for kind, names in (("format", formats), ("filter", filters)):
            for name in names:
                getattr(_LIBRARY, f"archive_read_support_{kind}_{name}")(self._archive)
        for secret in secrets:
            _LIBRARY.archive_read_add_passphrase(self._archive, secret.encode("utf-8", "surrogateescape"))

    def __enter__(self) -> Self:
        library, archive = _LIBRARY, self._archive
        library.archive_read_set_callback_data(archive, None)
        library.archive_read_set_read_callback(archive, ctypes.cast(self._calls[0], c_void_p))
        library.archive_read_set_seek_callback(archive, ctypes.cast(self._calls[1], c_void_p))
        try:
            self._checked(library.archive_read_open1(archive))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._freed = True
        _LIBRARY.archive_read_free(self._archive)

    def next(self) -> Entry | None:
        """Return the next entry, None at the end. Raises Damaged, Encrypted or OverLimit: no more can be listed."""
        entry = c_void_p()
        with _in_utf8():
            code = _LIBRARY.archive_read_next_header(self._archive, byref(entry))
            if code == _EOF:
                self._ended()
                return None
            if code != _WARN:  # a warning is about a name's encoding or an attribute: the bytes are there
                self._checked(code)
            return self._entry(entry)

    def filtered(self) -> bool:
        """Return whether a filter took the stream for its own; else the content is the stream as it is."""
        return bool(_LIBRARY.archive_filter_code(self._archive, 0))

    def data(self) -> Iterator[bytes]:
        """Yield the current entry's content, gaps as zeros. Raises Damaged, Encrypted or OverLimit."""
        block, size, offset, at = c_void_p(), c_size_t(), c_int64(), 0
        while True:
            if self._freed:  # the library would read memory that is given back, and end the process
                raise RuntimeError(f"{self._format}: a content is read behind the end of its archive")
            code = _LIBRARY.archive_read_data_block(self._archive, byref(block), byref(size), byref(offset))
            if code == _EOF:
                return
            self._checked(code)
            while at < offset.value:
                yield bytes(min(BLOCK, offset.value - at))
                at += min(BLOCK, offset.value - at)
            if size.value and block.value:
                at += size.value
                yield ctypes.string_at(block.value, size.value)

    def _entry(self, entry: c_void_p) -> Entry:
        get = _LIBRARY
        sized, timed = get.archive_entry_size_is_set(entry), get.archive_entry_mtime_is_set(entry)
        return Entry(
            name=get.archive_entry_pathname(entry) or b"",
            kind=get.archive_entry_filetype(entry),
            mode=get.archive_entry_perm(entry),
            size=get.archive_entry_size(entry) if sized else None,
            mtime=(get.archive_entry_mtime(entry), get.archive_entry_mtime_nsec(entry)) if timed else None,
            symlink=get.archive_entry_symlink(entry),
            hardlink=get.archive_entry_hardlink(entry),
            encrypted=get.archive_entry_is_data_encrypted(entry) > 0,
            position=get.archive_read_header_position(self._archive),
        )

    def _ended(self) -> None:
        if self._failure:
            raise self._failure

    def _checked(self, code: int) -> None:
        if self._failure:
            raise self._failure
        if code == _OK:
            return
        text = (_LIBRARY.archive_error_string(self._archive) or b"no reason given").decode("utf-8", "replace")
        if "ncrypt" in text or "assphrase" in text:
            raise Encrypted(f"{self._format}: encrypted (its reader says: {text})")
        if NO_ROOM.search(text):
            raise OverLimit(
                f"{self._format}: needs more memory to unpack than is allowed (its reader says: {text})"
            )
        why = UNKNOWN if NOT_KNOWN.search(text) else "cannot be read further"
        raise Damaged(f"{self._format}: {why} (by byte {self._stream.tell()}; its reader says: {text})")

    def _on_read(self, _archive: int, _data: int, buffer: Any) -> int:
        try:
            self._block = self._stream.read(self._step)
        except Exception as error:  # must not pass through C: kept, raised by the call that asked
            self._failure = error
            return -1
        buffer[0] = ctypes.cast(c_char_p(self._block), c_void_p)
        return len(self._block)

    def _on_seek(self, _archive: int, _data: int, offset: int, whence: int) -> int:
        try:
            return self._stream.seek(offset, whence)
        except Exception as error:
            self._failure = error
            return -30
