"""An exhibit during a run: its files on the host, what was found out about them, how far it is."""

import errno
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from actionday.ledger import Json
from actionday.model import Limits, UsageError
from actionday.model.identity import exhibit_item_id
from actionday.model.names import text_of
from actionday.pipeline.custody import SourceFile, called, source_file
from actionday.pipeline.extracted import named
from actionday.pipeline.folder import open_below, open_readonly
from actionday.pipeline.messages import Content, Done, Located, Results
from actionday.pipeline.standing import has_bytes
from actionday.pipeline.watch import Watch

MAX_ID = 200
LISTING = "listing"
"""Of a folder's acquisition: how many entries and bytes were listed before a byte was read, and their digest."""
HASHES = ("sha256", "md5", "sha1")
"""Of files of the exhibit as a whole: SHA-256 is ours, the others are what imagers and hash sets note.

In one pass they take 3.2 s of processor time a GiB, 0.65 of them for SHA-1.
"""


def check_id(name: str) -> str:
    """Return ``name`` if it can be an exhibit's ID. Raises UsageError."""
    if not 1 <= len(name) <= MAX_ID or "/" in name or not name.isprintable():
        raise UsageError(f"exhibit ID {name!r}: 1 to {MAX_ID} printable characters without '/'")
    return name


class Hashes(msgspec.Struct):
    """What a worker says of a file that it hashed."""

    sha256: str
    md5: str
    sha1: str
    size: int


class Glanced(NamedTuple):
    """A read-only descriptor on a file that is looked at, its size, and whether it is no file of the exhibit."""

    descriptor: int
    size: int
    outside: bool


class Exhibit:
    """One exhibit of this run."""

    def __init__(
        self, number: int, name: str, sources: list[SourceFile], limits: Limits, *, resumed: bool
    ) -> None:
        self.number, self.id, self.sources = number, name, sources
        self.resumed = resumed
        self.root = exhibit_item_id(name)
        self.bytes = 0
        self.unpacked: Counter[bytes] = Counter()
        """Bytes that came out of each archive: of one, with all that was nested in it."""
        self.facts: dict[str, object] = {}
        self.listed = 0
        """Bytes of the files of a folder that were listed so far."""
        self.limits = limits
        self._folder = os.open(sources[0].path, os.O_RDONLY | os.O_DIRECTORY) if sources[0].folder else -1
        self.complete = False
        self.compared = False
        """Whether its bytes were read and compared before this run: they lie elsewhere, or have another time."""
        self._not_hashed: dict[int, str] = {}
        self.watch = Watch(self.sources)
        self._again = {n for n, source in enumerate(sources) if resumed and source.sha256 is not None}
        """Files that an earlier run hashed and this one has not compared yet."""
        self._read: bytes | None = None
        self.found: list[int] = []
        """Files found beside the others, whose hashing nobody has ordered yet."""
        self.asked: set[int] = set()
        """Numbers of the files that another file of the exhibit is read with."""
        self._numbers: dict[str, int] = {}
        """Of each name the first file that is so called: a set may have thousands."""
        for number in range(len(sources)):
            self._numbers.setdefault(called(self.sources[number]), number)

    @property
    def is_folder(self) -> bool:
        """Say whether it is a folder of the host."""
        return self.sources[0].folder

    @property
    def contents_size(self) -> int | None:
        """Bytes that it holds, of a folder those that were listed when it was acquired; None where nobody did."""
        if not self.is_folder:
            return self.size
        return self._listed("bytes")

    def _listed(self, what: str) -> int | None:
        """Return a number that the listing of a folder told; None where it did not."""
        listing = self.facts.get(LISTING)
        total = listing.get(what) if isinstance(listing, dict) else None
        return total if isinstance(total, int) else None

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(source.size for source in self.sources)

    @property
    def name(self) -> str:
        """Name of the first source."""
        return self.name_of(0)

    def name_of(self, number: int) -> str:
        """Return the name of a source, by which plug-ins may recognise it."""
        return text_of(os.fsencode(called(self.sources[number])))[0]

    def tops(self) -> list[int]:
        """Return the numbers of the named sources that no other one needed: those that are opened."""
        named = [number for number, source in enumerate(self.sources) if source.named]
        return [number for number in named if number not in self.asked] or named[:1]

    def budget(self, account: bytes) -> int:
        """Return how many bytes the archive ``account`` may still unpack; a bomb uses up its own allowance alone.

        Of a folder by the bytes that were stored when it was listed, whatever was read of it so far.
        """
        size = self.size if self._folder < 0 else self._listed("stored") or max(self.size, self.bytes)
        return max(self.limits.ratio_after, self.limits.total * size) - self.unpacked[account]

    def counted(self, items: Iterator[Located]) -> Iterator[Located]:
        """Yield what a folder holds, counting its bytes as listed."""
        for each in items:
            self.listed += each.size or 0
            yield each

    def took(self, results: Results) -> None:
        """Count what was read of it, and what was unpacked."""
        self.bytes += results.read
        self.unpacked.update(results.unpacked)

    def open(self, number: int, path: bytes) -> tuple[int, int]:
        """Return a read-only descriptor on a file of the exhibit, and its size. Raises OSError."""
        if path and self._folder >= 0:
            descriptor = open_below(self._folder, path)
        elif not path and 0 <= number < len(self.sources) and self._folder < 0:
            descriptor = open_readonly(Path(self.sources[number].path))
        else:
            raise PermissionError(errno.EPERM, "is no file of the exhibit")
        if not has_bytes(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError("is no longer a regular file")
        size = os.lseek(descriptor, 0, os.SEEK_END)
        return descriptor, size

    def belong(self, names: Sequence[str]) -> None:
        """Take files so called for parts of another one: they are not opened by themselves."""
        self.asked |= {self._numbers[name] for name in names if name in self._numbers}

    def sibling(self, name: str) -> int | None:
        """Return the number of the source called ``name`` beside the first, found on the host if need be."""
        if not name or "/" in name or "\0" in name or name in {".", ".."}:
            return None
        if name in self._numbers:
            return self._numbers[name]
        path = Path(self.sources[0].path).with_name(name)
        if not path.is_file() or path.is_symlink():
            return None
        beside, number = source_file(path, named=False), len(self.sources)
        self.sources.append(beside)
        self._numbers[name] = number
        self.watch.begin(number, beside)
        self.found.append(number)
        return number

    def glance(self, name: str) -> Glanced | None:
        """Return the file called ``name`` beside the first, None for none.

        Whoever looks at it does not need it yet: it becomes no file of the exhibit, and none that another needed.
        """
        if not name or "/" in name or "\0" in name or name in {".", ".."}:
            return None
        number = self._numbers.get(name)
        path = Path(self.sources[number or 0].path)
        path = path if number is not None else path.with_name(name)
        if not path.is_file() or path.is_symlink():
            return None
        descriptor = open_readonly(path)
        return Glanced(descriptor, os.lseek(descriptor, 0, os.SEEK_END), outside=name not in self._numbers)

    def siblings(self) -> list[str]:
        """Return the names beside the first source, named ones first."""
        named = [called(source) for source in self.sources]
        beside = sorted(os.listdir(Path(self.sources[0].path).parent))  # noqa: PTH208 - names alone
        given = frozenset(named)
        return [*named, *(name for name in beside if name not in given)]

    # what was found out

    def hashed(self, number: int, done: Done) -> str:
        """Keep the hashes of one of its files; return how they are not what an earlier run or its reader noted."""
        if done.status:
            self._not_hashed[number] = done.reason
            self._again.discard(number)
            self.facts["not_hashed"] = sorted({*self._not_hashed.values()})
            return ""
        return self._file_hashed(number, msgspec.json.decode(done.facts, type=Hashes))

    def _file_hashed(self, number: int, found: "Hashes") -> str:
        source = self.sources[number]
        self._again.discard(number)
        if source.sha256 is not None and source.sha256 != found.sha256:
            reason = f"its SHA-256 is {found.sha256}, it was {source.sha256} when it was first hashed"
            return self.watch.change(number, reason)
        if source.sha256 is None:  # of one that an older version hashed the ledger has no SHA-1
            source.sha1 = found.sha1
        source.sha256, source.md5, source.size_at_end = found.sha256, found.md5, found.size
        return self._compared()

    def read_as(self, sha256: bytes | None) -> str:
        """Take the hash of its one file as it was read as a document; return how it differs from the file's."""
        self._read = sha256
        return self._compared()

    def _compared(self) -> str:
        ours = self.sha256()
        if ours is None or self._read is None or ours == self._read:
            return ""
        return self.watch.change(
            0, f"it was read with the SHA-256 {self._read.hex()}, it is hashed as {ours.hex()}"
        )

    def unhashed(self) -> list[int]:
        """Return the numbers of the files that nobody has hashed in this run, nor failed to."""
        files = [n for n, source in enumerate(self.sources) if not source.folder]
        open_ones = [n for n in files if self.sources[n].sha256 is None or n in self._again]
        return [n for n in open_ones if n not in self._not_hashed]

    def sha256(self) -> bytes | None:
        """Return the hash of the exhibit's file when it is one file."""
        first = self.sources[0]
        return bytes.fromhex(first.sha256) if len(self.sources) == 1 and first.sha256 else None

    def content(self, mime: str) -> Content | None:
        """Return the exhibit's file as a content when it is one file."""
        first, sha256 = self.sources[0], self.sha256()
        if sha256 is None or first.md5 is None:
            return None
        sha1 = bytes.fromhex(first.sha1 or "")
        return named(Content(sha256, bytes.fromhex(first.md5), sha1, first.size, mime))

    def found_out_so_far(self) -> tuple[str, str, int]:
        """Return what is stored of it while it is still open: its files and facts, JSON, and its number."""
        sources = msgspec.json.encode(self.sources).decode()
        return sources, msgspec.json.encode(self.facts).decode(), self.number

    def hash_record(self, number: int, found: dict[str, Json]) -> dict[str, Json]:
        """Return what the ledger says of a file that was hashed: its facts, and what came out."""
        facts = msgspec.to_builtins(self.sources[number])
        changed = self.watch.changes.get(number)
        return {"number": number, **facts, **found, "changed": changed}

    def acquisition(self) -> dict[str, object]:
        """Return files, hashes and what the imager stored, JSON-able."""
        return {"sources": msgspec.to_builtins(self.sources), **self.facts}

    def close(self) -> None:
        """Close the folder."""
        if self._folder >= 0:
            os.close(self._folder)
            self._folder = -1
