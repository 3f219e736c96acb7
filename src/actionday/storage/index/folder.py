"""The index's folder on disk: whether it is whole and made by the rules of today.

``format.json`` is written last, when the folder is ready: a folder without it was never finished.
"""

import json
import os
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import tantivy

from actionday.storage.index import metadata, normalise, schema
from actionday.storage.own_names import INDEX_FILE, own_files

FOOTER = struct.Struct("<II")  # length of the JSON before it, mark
MARK = 1337
FORMAT, META = "format.json", "meta.json"
BLOCK = 1 << 18
ENDINGS = ("store", "idx", "pos", "term", "fieldnorm", "fast")  # the files of a segment
TORN = "its files are torn: tantivy cannot read them"
T = TypeVar("T")
if TYPE_CHECKING:
    from hashlib import _Hash as Hash


class IndexDamaged(Exception):
    """The index is torn or of another version: it is made again from the database and texts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OtherVersions(IndexDamaged):
    """The index is of other versions, which says nothing against it: it can be neither read nor proved here."""


def versions() -> dict[str, str | int]:
    """Return all that must agree for an index to be read."""
    return {
        "tantivy": tantivy.__version__,  # type: ignore[attr-defined]  # its stub forgets it
        "schema": schema.VERSION,
        "normaliser": normalise.VERSION,
        "unicode": unicodedata.unidata_version,  # of the interpreter: letters, their cases and compositions
        "metadata": metadata.VERSION,
    }


def complete(folder: Path) -> None:
    """Raise ``IndexDamaged`` where a file of the last commit is missing."""
    if missing := next(missing_files(folder), None):
        raise IndexDamaged(f"{missing} is missing")


def opened(folder: Path, hold: Callable[[Path], None] = complete) -> tantivy.Index:
    """Return the index in a folder, made if the folder is empty or absent. Raises ``IndexDamaged``.

    ``hold`` raises it for files that are not to be opened: of one that is torn the library says what helps nobody.
    """
    if is_empty(folder):
        _create(folder)
    _check_versions(folder)
    hold(folder)
    index = guarded(lambda: tantivy.Index.open(str(folder)))
    schema.register(index)
    guarded(lambda: index.config_reader("manual"))
    return index


def is_empty(folder: Path) -> bool:
    """Say whether nothing of an index is there."""
    return not folder.exists() or not own_files(folder, INDEX_FILE)


def sound(file: Path) -> bool:
    """Tell whether a file has the CRC-32 that its footer names."""
    try:
        size, opened_file = file.stat().st_size, file.open("rb", buffering=0)
    except FileNotFoundError:
        return False
    with opened_file as stream:
        try:
            stream.seek(size - FOOTER.size)
            length, mark = FOOTER.unpack(stream.read(FOOTER.size))
            end = size - FOOTER.size - length
            stream.seek(end)
            footer = json.loads(stream.read(length))
        except (OSError, ValueError, struct.error):
            return False
        stream.seek(0)
        crc, room = (
            0,
            memoryview(bytearray(BLOCK)),
        )  # made once: to make it for each block takes as long as the sum
        while end > 0 and (got := stream.readinto(room[:end])):
            crc, end = zlib.crc32(room[:got], crc), end - got
    return mark == MARK and isinstance(footer, dict) and footer.get("crc") == crc


def damage(folder: Path, is_sound: Callable[[Path], bool] = sound) -> list[str]:
    """Return, a line each, the files whose bytes do not have the checksum that was written with them.

    A writer at work merges files away and lists others: what seems wrong is looked at once more, as listed by then.
    """
    missing = list(missing_files(folder))
    torn = {file for file in _files(folder) if not is_sound(file)}
    still = set(missing_files(folder)) if missing else set()
    torn = {file for file in _files(folder) if file in torn and not is_sound(file)} if torn else torn
    return [
        *(f"{name} is missing" for name in missing if name in still),
        *(f"{file.name} differs from its checksum" for file in sorted(torn)),
    ]


def digests(folder: Path, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the SHA-256 of each segment of the last commit, over its files in order, of their list and the versions.

    Names and lengths are part of it; a list of what was taken out of a segment has its own. Neither ever changes once
    it is written: those that are ``known`` are not read again. The index must be closed, or this be done again where it
    changed meanwhile. Raises ``IndexDamaged`` and ``FileNotFoundError``.
    """
    kept = known or {}
    parts = [
        part for each, deletes in _meta(folder) for part in (each, *(f"{each}.{more}" for more in deletes))
    ]
    found = {part: kept.get(part, "") for part in parts}
    anew = {segment: sha256() for segment, digest in found.items() if not digest}
    for file in _files(folder):
        if (of := anew.get(_segment(file))) is not None:
            with file.open("rb") as stream:
                _add(of, file.name, stream)
    found |= {segment: of.hexdigest() for segment, of in anew.items()}
    beside = (name for name in (META, FORMAT) if (folder / name).exists())
    return found | {name: sha256((folder / name).read_bytes()).hexdigest() for name in beside}


def files_of(folder: Path, segment: str) -> list[Path]:
    """Return the files of a segment, in the order in which they are hashed."""
    return [file for file in own_files(folder, INDEX_FILE) if _segment(file) == segment]


def hashed(opened: Mapping[str, int]) -> str:
    """Return the digest of a segment whose files are open, by name: as ``digests`` has it. Raises OSError."""
    of = sha256()
    for name, descriptor in sorted(opened.items()):
        with os.fdopen(os.dup(descriptor), "rb") as stream:
            stream.seek(0)
            _add(of, name, stream)
    return of.hexdigest()


def _segment(file: Path) -> str:
    """Return the segment of a file; a list of what was taken out of one is by itself: the next one replaces it."""
    return file.name if file.name.endswith(".del") else file.name.partition(".")[0]


def _add(of: "Hash", name: str, stream: BinaryIO) -> None:
    of.update(f"{name} {os.fstat(stream.fileno()).st_size}\n".encode())
    while block := stream.read(BLOCK):
        of.update(block)


def missing_files(folder: Path) -> Iterator[str]:
    """Yield the names of the segment files that should be there and are not."""
    present = {file.name for file in own_files(folder, INDEX_FILE)}
    for segment, deletes in _meta(folder):
        for ending in (*ENDINGS, *deletes):
            if f"{segment}.{ending}" not in present:
                yield f"{segment}.{ending}"


def _create(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    schema.register(tantivy.Index(schema.schema(), str(folder)))
    new = folder / f"{FORMAT}.new"
    new.write_text(json.dumps(versions()), encoding="utf-8")
    new.replace(folder / FORMAT)


def _check_versions(folder: Path) -> None:
    try:
        text = (folder / FORMAT).read_text(encoding="utf-8")
        found = json.loads(text)
    except FileNotFoundError:
        raise IndexDamaged(f"{FORMAT} is missing") from None
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{FORMAT} cannot be read") from error
    if found == versions():
        return
    if not _are_versions(found) or text != json.dumps(found):
        raise IndexDamaged(f"{FORMAT} is not written as its writer writes it")
    told = (
        f"{name} {found.get(name, 'unknown')} (here {own})"
        for name, own in versions().items()
        if found.get(name) != own
    )
    raise OtherVersions(f"it was made by other versions: {', '.join(told)}")


def _are_versions(found: object) -> bool:
    """Tell whether this is what an index of ours had to say, now, formerly or later: all name these three."""
    return (
        isinstance(found, dict)
        and found.keys() >= {"tantivy", "schema", "normaliser"}
        and all(isinstance(value, str | int) for value in found.values())
    )


def _meta(folder: Path) -> list[tuple[str, list[str]]]:
    """Return the segments of the last commit, as their files are named, with the ending of their deletes."""
    try:
        meta = json.loads((folder / META).read_text(encoding="utf-8"))
        return [
            (segment["segment_id"].replace("-", ""), _deletes(segment["deletes"]))
            for segment in meta["segments"]
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{META} cannot be read") from error


def _deletes(deletes: dict[str, int] | None) -> list[str]:
    return [f"{deletes['opstamp']}.del"] if deletes else []


def _files(folder: Path) -> list[Path]:
    segments = {segment for segment, _ in _meta(folder)}
    return [file for file in own_files(folder, INDEX_FILE) if file.name.partition(".")[0] in segments]


def guarded(call: Callable[[], T]) -> T:
    """Return what a call into tantivy returns; what it says or panics of a torn file is ``IndexDamaged``, and the
    cause of it: its own words are for who looks for a fault, not for who reads a proof."""
    try:
        return call()
    except (ValueError, OSError) as error:
        raise IndexDamaged(TORN) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of Rust, in no module one could import it from
            raise
        raise IndexDamaged(TORN) from error
