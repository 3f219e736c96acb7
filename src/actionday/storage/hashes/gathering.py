"""What an import has read so far: sorted runs on the disk and a page that says how far it is, so that it goes on.

A run is written and flushed before the page names it; the page takes the place of the one before by a rename. So at
each moment the page is whole, and every run that it names: a run that it does not name never happened, and is made
again from the same rows. Files: ``import-NNNNNN.run`` and ``import.json`` in the case's ``hashes/``.

Source: ``docs/case-format.md``, "hashes/"; rename(2), fsync(2).
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
import numpy as np

from actionday.model import UsageError
from actionday.storage.hashes.layout import LABEL, MOST_LABELS, WIDTHS
from actionday.storage.hashes.sorting import Records, merged, write_run
from actionday.storage.hashes.writing import Written, write

RUN_BYTES = 64 << 20
"""Digests that are gathered before they are sorted: some four times as much in memory."""
MOST_ROWS = (1 << 32) - 1
PAGE = "import.json"


class Source(msgspec.Struct, frozen=True):
    """The file that is imported."""

    name: str
    size: int
    sha256: str


class Page(msgspec.Struct):
    """How far an import is. What of a set was asked for stands in it: another file is another import."""

    source: Source
    name: str
    kind: str
    format: str
    version: str
    position: dict[str, int | str] = {}
    rows: int = 0
    blank: int = 0
    bad: dict[str, int] = {}
    first_bad: list[tuple[str, str]] = []
    labels: list[str] = msgspec.field(default_factory=lambda: [""])
    runs: list[tuple[int, str, int]] = []
    """Number, algorithm and rows of each."""

    def same(self, other: "Page") -> bool:
        """Say whether it is of the same file, asked for in the same way."""
        of = (self.source, self.name, self.kind, self.format, self.version)
        return of == (other.source, other.name, other.kind, other.format, other.version)


class Gathering:
    """The runs of one import in the case's ``hashes/``; ``begun``: what is known of it where none was cut off."""

    def __init__(self, folder: Path, begun: Page, run_bytes: int = RUN_BYTES) -> None:
        self._folder, self._most = folder, run_bytes
        folder.mkdir(exist_ok=True)
        left = self._left()
        self.resumed = left is not None and left.same(begun)
        """Whether an import of the same file is gone on with."""
        self.dropped = "" if left is None or self.resumed else left.source.name
        """The file of another import that was cut off, which is forgotten."""
        self.page = left if left is not None and self.resumed else begun
        self._held: dict[str, list[tuple[bytes, int]]] = {}
        self._size = 0
        self._labels = {label: at for at, label in enumerate(self.page.labels)}
        _sweep(folder, {_run(number) for number, *_ in self.page.runs})

    def _left(self) -> Page | None:
        """Return the page of an import that was cut off, where every run that it names is there."""
        page = _page(self._folder)
        if page is None:
            return None
        sizes = {_run(n): rows * _width(name) for n, name, rows in page.runs if name in WIDTHS}
        whole = len(sizes) == len(page.runs) and all(
            (self._folder / name).is_file() and (self._folder / name).stat().st_size == size
            for name, size in sizes.items()
        )
        return page if whole else None

    def add(self, digests: Mapping[tuple[str, str], bytes]) -> bool:
        """Take packed digests by algorithm and label; return whether it is time for ``save``."""
        for (algorithm, label), packed in digests.items():
            if label not in self._labels:
                if len(self._labels) >= MOST_LABELS:
                    raise UsageError(f"more than {MOST_LABELS} categories: this is no column of categories")
                self._labels[label] = len(self._labels)
                self.page.labels.append(label)
            if packed:
                self._held.setdefault(algorithm, []).append((packed, self._labels[label]))
                self._size += len(packed)
        return self._size >= self._most

    def save(self) -> None:
        """Write what is held as runs, then the page that names them."""
        for algorithm, packed in self._held.items():
            number = self.page.runs[-1][0] + 1 if self.page.runs else 1
            rows = write_run(self._folder / _run(number), _records(algorithm, packed))
            self.page.runs.append((number, algorithm, rows))
        self._held, self._size = {}, 0
        if sum(rows for *_, rows in self.page.runs) > MOST_ROWS:
            raise UsageError(f"more than {MOST_ROWS} hashes: a set cannot hold them")
        replace(self._folder / PAGE, msgspec.json.encode(self.page))

    def write(self, path: Path) -> Written:
        """Write the set out of all runs; ``path`` is new, and on the disk once this returns."""
        labels = self.page.labels if self.page.labels != [""] else []
        by: dict[str, tuple[int, Iterator[Records]]] = {}
        for name in WIDTHS:
            runs = [
                (self._folder / _run(number), rows) for number, each, rows in self.page.runs if each == name
            ]
            if runs:
                by[name] = (sum(rows for _, rows in runs), merged([each for each, _ in runs], _width(name)))
        new = path.with_name(f"{path.name}.new")
        written = write(new, labels, by)
        new.rename(path)
        flush(self._folder)
        return written

    def forget(self) -> None:
        """Remove page and runs: the set is in the case, or will not be. The page goes first: it names the runs."""
        _forget(self._folder)


def forget(folder: Path, done: Page) -> None:
    """Remove what an import left that was cut off behind its entry in the ledger, and nothing of another import."""
    page = _page(folder)
    if page is None or page.same(done):
        _forget(folder)


def _forget(folder: Path) -> None:
    with suppress(FileNotFoundError):
        (folder / PAGE).unlink()
    _sweep(folder, set())


def _page(folder: Path) -> Page | None:
    """Return what is left of an import; a page that is none is as good as no page."""
    try:
        return msgspec.json.decode((folder / PAGE).read_bytes(), type=Page)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _sweep(folder: Path, kept: set[str]) -> None:
    """Remove runs that nobody names, and what was being written."""
    for path in folder.glob("import-*.run"):
        if path.name not in kept:
            path.unlink()
    for pattern in ("set-*.hashes.new", f"{PAGE}.new"):
        for path in folder.glob(pattern):
            path.unlink()


def _run(number: int) -> str:
    return f"import-{number:06}.run"


def _width(algorithm: str) -> int:
    return WIDTHS[algorithm] + LABEL.size


def _records(algorithm: str, packed: list[tuple[bytes, int]]) -> Records:
    width = WIDTHS[algorithm]
    found = np.empty((sum(len(each) for each, _ in packed) // width, _width(algorithm)), np.uint8)
    at = 0
    for each, label in packed:
        rows = len(each) // width
        found[at : at + rows, :width] = np.frombuffer(each, np.uint8).reshape(rows, width)
        found[at : at + rows, width:] = divmod(label, 256)
        at += rows
    return found


def replace(path: Path, data: bytes) -> None:
    """Let ``data`` take the place of a file, all of it or nothing, and be on the disk."""
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)
    flush(path.parent)


def flush(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
