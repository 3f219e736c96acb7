"""Verifying a bundle with nothing but this package: no case, no exhibit, no network.

Source: ``docs/bundle-format.md``; RFC 6962 section 2.1.1 (audit paths), C2SP signed notes.
"""

import zipfile
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import orjson

from actionday.exchange._bundle_entries import ENTRIES, HEAD
from actionday.exchange.bundle import FORMAT, MANIFEST
from actionday.ledger import (
    Action,
    BadNote,
    Entry,
    LedgerError,
    Verifier,
    open_checkpoint,
    parse_entry,
    verify_inclusion,
)
from actionday.model import UsageError
from actionday.model.counted import parted

PIECE = 1 << 20
MOST_MANIFEST = 256 << 20
MOST_LINE = 64 << 20
"""Bytes of a line: an entry has at most one MiB; a row of an item has metadata of some MiB at most."""
MOST_NOTE = 1 << 16
NOT_PROVED = (
    "that the rows are what the case holds is the word of whoever made the bundle, signed in the ledger: the case "
    "itself is proved by actionday verify CASE",
    "entries of the ledger that concern other items are not in it, nor how many they are",
)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle proves; ``first`` names the first thing that differs, None where nothing does."""

    ok: bool
    first: str | None
    checked: Mapping[str, int]
    """How many files, items, contents, entries and keys hold."""
    vouched: bool = False
    """Whether a key that is trusted here signed its head."""
    case: Mapping[str, Any] = {}
    made: str = ""
    by: str = ""
    reason: str = ""
    origin: str = ""
    head: str = ""
    """The root of the ledger in hex, to be held against one kept elsewhere."""
    exhibits: Sequence[Mapping[str, Any]] = ()
    without: int = 0
    """Items that have a content and whose bytes are not in it."""
    not_proved: tuple[str, ...] = NOT_PROVED


class _Differs(Exception):
    """Something is not as it has to be."""


def verify_bundle(path: Path, trusted: Sequence[Verifier] = ()) -> Verdict:
    """Return what a bundle proves. ``trusted``: verifier keys known from elsewhere. Raises UsageError for no bundle."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _Check(archive, trusted).verdict()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    except zipfile.BadZipFile as error:
        raise UsageError(f"{path}: no bundle: {error}") from error


class _Check:
    """One pass over a bundle."""

    def __init__(self, archive: zipfile.ZipFile, trusted: Sequence[Verifier]) -> None:
        self._archive, self._trusted = archive, trusted
        self._checked = dict.fromkeys(("files", "items", "contents", "entries"), 0)
        self._told: dict[str, Any] = {}

    def verdict(self) -> Verdict:
        """Go through everything, up to the first thing that differs."""
        first = None
        try:
            self._all()
        except _Differs as difference:
            first = str(difference)
        except LedgerError as error:
            first = f"ledger: {error}"
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
            first = f"the file is damaged: {error}"
        return Verdict(ok=first is None, first=first, checked=self._checked, **self._told)

    def _all(self) -> None:
        names = self._archive.namelist()
        if len(set(names)) != len(names):
            raise _Differs(f"{next(each for each in names if names.count(each) > 1)} is in it twice")
        if MANIFEST not in names:
            raise _Differs(f"{MANIFEST} is not in it")
        raw = self._read(MANIFEST, MOST_MANIFEST)
        manifest = self._manifest(raw)
        listed = {str(each["name"]): each for each in manifest["files"]}
        beside = {MANIFEST, ENTRIES, HEAD}
        if foreign := sorted(set(names) - listed.keys() - beside):
            raise _Differs(f"{foreign[0]} is in it and stands in no list of it")
        if lacking := sorted((listed.keys() | beside) - set(names)):
            raise _Differs(f"{lacking[0]} is not in it")
        entries = list(self._entries())
        self._own(entries, sha256(raw).hexdigest())
        for name, each in listed.items():
            self._file(name, each)
        self._rows(listed, entries)

    def _manifest(self, raw: bytes) -> Any:
        try:
            found = orjson.loads(raw)
            if found["format"] != FORMAT:
                raise _Differs(f"{MANIFEST}: is of the format {found['format']!r:.60}, this reads {FORMAT!r}")
            self._told = {
                "case": dict(found["case"]),
                "made": str(found["made"]),
                "by": str(found["by"]),
                "reason": str(found["reason"]),
            }
            for each in found["files"]:
                if not isinstance(each["name"], str) or not isinstance(each["size"], int):
                    raise _Differs(f"{MANIFEST}: names a file of no name or size")
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise _Differs(f"{MANIFEST}: is not written as a bundle's is ({error!s:.100})") from error
        return found

    def _entries(self) -> Iterator[tuple[int, Entry]]:
        """Yield the entries, each proved to be under the head, which a key signed that one of them declares."""
        note = self._read(HEAD, MOST_NOTE).decode("utf-8", "replace")
        rows = [self._row(line) for line in self._lines(ENTRIES)]
        parsed = [(number, parse_entry(leaf), leaf, way) for number, leaf, way in rows]
        keys = [
            Verifier.parse(str(entry.details.get("key")))
            for _, entry, _, _ in parsed
            if entry.action is Action.KEY_ADDED
        ]
        for number, entry, leaf, way in parsed:
            head = verify_inclusion(leaf, number, way, note, keys)
            self._checked["entries"] += 1
            self._told |= {"origin": head.origin, "head": head.root.hex()}
            yield number, entry
        if not parsed:
            raise _Differs(f"{ENTRIES}: holds no entry")
        try:
            open_checkpoint(note, self._trusted)
            self._told["vouched"] = True
        except BadNote:
            self._told["vouched"] = False

    def _row(self, line: bytes) -> tuple[int, bytes, list[bytes]]:
        try:
            row = orjson.loads(line)
            way = [b64decode(each, validate=True) for each in row["way"]]
            return int(row["number"]), str(row["leaf"]).encode(), way
        except (ValueError, KeyError, TypeError) as error:
            raise _Differs(f"{ENTRIES}: an entry is not written as one ({error!s:.100})") from error

    def _own(self, entries: Sequence[tuple[int, Entry]], digest: str) -> None:
        """Check that the ledger names this very bundle, last of all that it says here."""
        number, last = entries[-1]
        if [each for each, _ in entries] != sorted({each for each, _ in entries}):
            raise _Differs(f"{ENTRIES}: its entries are not in their order")
        if last.action is not Action.BUNDLED or last.details.get("manifest") != digest:
            raise _Differs(f"entry {number} of the ledger does not name {MANIFEST} as it is here")

    def _file(self, name: str, listed: Mapping[str, Any]) -> None:
        total, size = sha256(), 0
        with self._archive.open(name) as file:
            while size <= listed["size"] and (piece := file.read(PIECE)):
                total.update(piece)
                size += len(piece)
        if size != listed["size"] or total.hexdigest() != listed["sha256"]:
            raise _Differs(f"{name}: has the SHA-256 {total.hexdigest()}, it was {listed['sha256']}")
        if name.startswith("contents/"):
            if name.removeprefix("contents/") != total.hexdigest():
                raise _Differs(f"{name}: its name is not its SHA-256")
            self._checked["contents"] += 1
        self._checked["files"] += 1

    def _rows(self, listed: Mapping[str, Any], entries: Sequence[tuple[int, Entry]]) -> None:
        """Check rows against contents and entries: each content is an item's, each exhibit's hash the recorded one."""
        hashes, without = set[str](), 0
        for line in self._lines("rows/items.jsonl"):
            row = orjson.loads(line)
            self._checked["items"] += 1
            if row["sha256"]:
                hashes.add(row["sha256"])
                without += f"contents/{row['sha256']}" not in listed
        for name in listed:
            if name.startswith("contents/") and name.removeprefix("contents/") not in hashes:
                raise _Differs(f"{name}: is the content of no item in it")
        exhibits = [orjson.loads(line) for line in self._lines("rows/exhibits.jsonl")]
        recorded = {
            (each.subject, str(each.details.get("sha256")))
            for _, each in entries
            if each.action is Action.EXHIBIT_HASHED
        }
        for each in exhibits:
            for source in each["sources"]:
                if source["sha256"] and (each["id"], source["sha256"]) not in recorded:
                    said = f"{source['path']} has the SHA-256 {source['sha256']}"
                    raise _Differs(f"exhibit {each['id']!r}: the ledger does not say that {said}")
        self._told |= {"exhibits": exhibits, "without": without}

    def _read(self, name: str, most: int) -> bytes:
        with self._archive.open(name) as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise _Differs(f"{name}: is longer than {parted(most, 'byte')}")
        return data

    def _lines(self, name: str) -> Iterator[bytes]:
        with self._archive.open(name) as file:
            while line := file.readline(MOST_LINE + 1):
                if len(line) > MOST_LINE:
                    raise _Differs(f"{name}: a line is longer than {parted(MOST_LINE, 'byte')}")
                yield line
