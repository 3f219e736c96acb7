"""The file that a person gave: opened as it is, or the one file of known hashes in a zip archive.

Source: APPNOTE.TXT 6.3.10 (zip), by the standard library's reader.
"""

import codecs
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from actionday.model import Damaged, UsageError
from actionday.model.counted import parted
from actionday.model.plugin import HEAD_BYTES

BLOCK = 4 << 20
ZIPPED = b"PK\x03\x04"
SUFFIXES = (".txt", ".csv", ".json", ".md5", ".sha1", ".sha256", ".hash", ".db", ".sqlite")
RDS = "nsrlfile.txt"
MOST_MEMBERS = 10_000
TORN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What the library raises on a damaged archive; RuntimeError where a password is wanted."""
UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
"""What PowerShell writes into a file when nobody tells it otherwise."""


class Given:
    """A file, read from any place on. Raises UsageError where it is not one, or an archive of several."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise UsageError(f"{path}: no file there")
        with path.open("rb") as file:
            zipped = file.read(len(ZIPPED)) == ZIPPED
        self.member = _member(path) if zipped else ""
        self.name = PurePosixPath(self.member).name if zipped else path.name
        try:
            with self.stream() as stream:
                self.head = stream.read(HEAD_BYTES)
        except TORN as error:
            raise self._torn(error) from error
        self.coding = next((name for bom, name in UTF_16.items() if self.head.startswith(bom)), "")
        if self.coding:
            self.head = self.head.decode(self.coding, "replace").encode("utf-8", "replace")
        self.head = self.head.removeprefix(codecs.BOM_UTF8)

    def stream(self) -> IO[bytes]:
        """Return the bytes, from the first on."""
        if not self.member:
            return self.path.open("rb")
        return zipfile.ZipFile(self.path).open(self.member)

    def beside(self, name: str) -> bytes:
        """Return the beginning of the file called ``name`` beside this one, in any case of letters; b"" without one."""
        if self.member:
            with zipfile.ZipFile(self.path) as archive:
                found = [each for each in archive.namelist() if PurePosixPath(each).name.lower() == name]
                return archive.open(found[0]).read(1000) if found else b""
        for path in sorted(self.path.parent.glob("*")):
            if path.name.lower() == name and path.is_file():
                with path.open("rb") as file:
                    return file.read(1000)
        return b""

    def blocks(self, offset: int) -> Iterator[bytes]:
        """Yield the text from ``offset`` on, in UTF-8, some MiB at a time. Raises Damaged where it breaks off."""
        decoder = codecs.getincrementaldecoder(self.coding)("replace") if self.coding else None
        with self.stream() as stream:
            if decoder is None and not self.member:
                stream.seek(offset)
                offset = 0
            try:
                while block := _more(stream):
                    if decoder is not None:
                        block = decoder.decode(block).encode("utf-8", "replace")
                    if offset < len(block):
                        yield block[offset:]
                    offset = max(0, offset - len(block))
            except TORN as error:
                raise self._torn(error) from error

    def _torn(self, error: Exception) -> Damaged:
        return Damaged(f"{self.path}: {self.member} in it cannot be read to its end: {error}")


def _more(stream: IO[bytes] | BinaryIO) -> bytes:
    return stream.read(BLOCK)


def _member(path: Path) -> str:
    """Return the one file of hashes in an archive. Raises UsageError."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [each.filename for each in archive.infolist()[:MOST_MEMBERS] if not each.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, io.UnsupportedOperation) as error:
        raise UsageError(f"{path}: is no zip archive that can be read: {error}") from error
    found = [each for each in names if PurePosixPath(each).name.lower() == RDS]
    if not found:
        found = [each for each in names if PurePosixPath(each).suffix.lower() in SUFFIXES]
    if len(found) != 1:
        raise UsageError(
            f"{path}: {parted(len(found), 'file')} in it may hold hashes, and one is wanted: unpack it, and name one"
        )
    return found[0]


def lines(given: Given, offset: int) -> Iterator[tuple[bytes, int]]:
    """Yield blocks of whole lines, and the offset behind each; the last line needs no end.

    A line that is longer than a block is given in pieces: none that holds a hash is.
    """
    rest = b""
    for block in given.blocks(offset):
        whole = rest + block if rest else block
        end = whole.rfind(b"\n") + 1 or (len(whole) if len(whole) >= BLOCK else 0)
        rest = whole[end:]
        if end:
            offset += end
            yield whole[:end], offset
    if rest:
        yield rest, offset + len(rest)
