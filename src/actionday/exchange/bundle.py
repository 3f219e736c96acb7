"""Items in one file with their custody: what they are, their bytes, and the entries of the ledger that concern them.

The file is a zip that is verified with nothing but this package (``bundled.py``). ``bundle.json`` names every row and
content in it by SHA-256; an entry of the ledger names ``bundle.json`` by its SHA-256; that entry, and every other one
that concerns the items, lies in it with its way up to one signed head. Source: ``docs/bundle-format.md``.
"""

import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import orjson

from actionday import __version__
from actionday.access.bytes import Bytes
from actionday.access.items import Item, find_item
from actionday.exchange._bundle_entries import Concerned, write_ledger
from actionday.exchange._bundle_rows import ROWS, rows_of
from actionday.exchange.export import Say, check_writable
from actionday.ledger import Action, Json, canonical
from actionday.model import Damaged, ItemError, NotAllowed, UsageError
from actionday.model.stated import stated
from actionday.model.times import now
from actionday.storage.actor import actor
from actionday.storage.case import Case
from actionday.storage.case_parts import OBJECTS
from actionday.storage.held_rows import differing_rows
from actionday.storage.objects import Packs

FORMAT = "actionday bundle 1"
MANIFEST = "bundle.json"
MOST_NAMED = 2000
"""Items that the entry of the ledger names one by one; of more it has the count and the digest alone."""


class Made(NamedTuple):
    """What a bundle holds: how many items, different contents, bytes of them, entries; its SHA-256 in hex."""

    items: int
    contents: int
    bytes: int
    entries: int
    sha256: str
    without: tuple[str, ...]
    """Items without bytes in it: why."""


def bundle(case: Case, path: Path, reason: str, query: str = "", *, force: bool = False) -> Made:
    """Write the items whose ids stand in ``temp.found`` to ``path``, which appears whole or not at all.

    ``query``: how they were chosen. That it begins is in the ledger before the first byte is given. Raises UsageError,
    NotAllowed on a case that cannot be written, Damaged where rows or bytes are not those that were taken in.
    """
    if case.readonly:
        raise NotAllowed(f"{case.folder}: {case.why_readonly}: what is given out is recorded, or not given")
    reason = stated("--reason", reason)
    ids = [row[0] for row in case.database.execute("SELECT id FROM temp.found ORDER BY id")]
    if not ids:
        raise UsageError("there is no item to be given out")
    check_writable(case, path, force=force)
    if difference := next(iter(differing_rows(case.database)), ""):
        raise Damaged(f"{case.folder}: {difference}: nothing is given out of altered rows")
    part = path.with_name(f".{os.getpid()}.part")
    asked: dict[str, Json] = {"reason": reason, "items": len(ids), **({"query": query} if query else {})}
    begun = case.begin(Action.BUNDLE_BEGUN, path.name, asked)
    try:
        made = _written(case, part, ids, reason, asked | begun, path.name)
        part.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return made


def _written(
    case: Case, part: Path, ids: list[bytes], reason: str, asked: Mapping[str, Json], name: str
) -> Made:
    part.unlink(missing_ok=True)
    files: list[dict[str, Json]] = []
    with part.open("xb") as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as out:
            for kind in ROWS:
                _put(out, f"rows/{kind}.jsonl", _lines(case, kind), files)
            total, without = _contents(case, out, ids, files)
            manifest = canonical(_manifest(case, reason, asked, files))
            out.writestr(MANIFEST, manifest)
            named: list[Json] = [each.hex() for each in ids] if len(ids) <= MOST_NAMED else []
            ended: dict[str, Json] = {
                **asked,
                "manifest": sha256(manifest).hexdigest(),
                "contents": sum(str(each["name"]).startswith("contents/") for each in files),
                "bytes": total,
                **({"ids": named} if named else {}),
            }
            case.log(Action.BUNDLED, name, ended)
            entries = write_ledger(case, out, Concerned.of(case.database))
        raw.flush()
        os.fsync(raw.fileno())
    contents = sum(str(each["name"]).startswith("contents/") for each in files)
    return Made(len(ids), contents, total, entries, _digest(part), tuple(without))


def _manifest(
    case: Case, reason: str, asked: Mapping[str, Json], files: list[dict[str, Json]]
) -> dict[str, Json]:
    known = ("name", "authority", "country", "legal_basis", "retain_until", "purpose")
    facts = case.facts()
    listed: list[Json] = [*files]
    return {
        "format": FORMAT,
        "version": __version__,
        "case": {name: facts[name] for name in known if name in facts},
        "made": now(),
        "by": actor(),
        "reason": reason,
        "query": asked.get("query", ""),
        "files": listed,
    }


def _put(out: zipfile.ZipFile, name: str, pieces: Iterable[bytes], files: list[dict[str, Json]]) -> int:
    """Write one file of the bundle and note what it holds; return its bytes."""
    total, size = sha256(), 0
    with out.open(name, "w", force_zip64=True) as file:
        for piece in pieces:
            total.update(piece)
            size += len(piece)
            file.write(piece)
    files.append({"name": name, "size": size, "sha256": total.hexdigest()})
    return size


def _lines(case: Case, kind: str) -> Iterator[bytes]:
    packs, said = Packs(case.folder / OBJECTS), list[str]()
    say: Say = said.append
    try:
        for row in rows_of(kind, case.database, packs, say):
            yield orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    finally:
        packs.close()
    if said:
        raise Damaged(f"{case.folder}: {said[0]}: nothing is given out of what is not as it was stored")


def _contents(
    case: Case, out: zipfile.ZipFile, ids: list[bytes], files: list[dict[str, Json]]
) -> tuple[int, list[str]]:
    """Write each different content once; return their bytes, and why items have none. Raises Damaged."""
    total, given, without = 0, set[str](), list[str]()
    reader = Bytes(case.folder)
    try:
        for each in ids:
            item = find_item(case.database, each.hex())
            if item is None or item.sha256 is None or item.sha256 in given:
                continue
            given.add(item.sha256)
            try:
                reader.hold(item)
            except (ItemError, OSError) as error:
                without.append(f"{item.exhibit}/{item.path}: {error}")
                continue
            total += _put(out, f"contents/{item.sha256}", _whole(reader, item), files)
    finally:
        reader.close()
    return total, without


def _whole(reader: Bytes, item: Item) -> Iterator[bytes]:
    try:
        yield from reader.whole(item)
    except (ItemError, OSError) as error:
        raise Damaged(f"{item.exhibit}/{item.path}: changed while it was given out: {error}") from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        found = sha256()
        while piece := file.read(1 << 20):
            found.update(piece)
    return found.hexdigest()
