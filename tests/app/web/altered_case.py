"""Altering what a case has stored, so that everything still unpacks and parses: what a hash alone can show."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from actionday.ledger.tlog import leaf_hash
from actionday.storage.case import Case
from actionday.storage.case_parts import OBJECTS
from actionday.storage.objects import Location, Packs
from actionday.storage.objects.frames import FRAME_BYTES, decompress


def alter_text(folder: Path, item: str) -> str:
    """Alter one byte of the stored text of an item; return the SHA-256 of its content."""
    case = Case.open(folder)
    packs = Packs(folder / OBJECTS)
    query = (
        "SELECT o.pack, o.start, o.size, o.frames, o.skip, c.sha256 FROM items i "
        "JOIN contents c ON c.sha256 = i.sha256 AND c.reading = i.reading JOIN objects o ON o.sha256 = c.text WHERE i.id = ?"
    )
    row = case.database.execute(query, (bytes.fromhex(item),)).fetchone()
    where = Location.of(row[:5])
    _turn(
        packs.path(where.pack),
        where,
        packs.stream(where).read(-1 if where.size < FRAME_BYTES else FRAME_BYTES),
    )
    packs.close()
    case.close()
    return str(row[5].hex())


def _turn(pack: Path, where: Location, text: bytes) -> None:
    """Turn one byte of the first frame over so that it unpacks to another text of the same length."""
    data = bytearray(pack.read_bytes())
    length = where.frames[0]
    for at in range(where.start, where.start + length):
        data[at] ^= 1
        try:
            found = decompress(bytes(data[where.start : where.start + length]))
        except Exception:
            found = b""
        if len(found) >= where.skip + len(text) and found[where.skip :][: len(text)] != text:
            with pack.open("r+b") as out:
                out.seek(at)
                out.write(data[at : at + 1])
            return
        data[at] ^= 1
    raise AssertionError("every altered frame is noticed as one that does not unpack")


def alter_rows(folder: Path, *statements: str) -> None:
    """Change rows behind the case's back, its guards removed first."""
    with closing(sqlite3.connect(folder / "case.db")) as database:
        guards = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for statement in [*(f"DROP TRIGGER {name}" for (name,) in guards), *statements]:
            database.execute(statement)
        database.commit()


def forge_entry(folder: Path, index: int, old: str, new: str, *, hashed: bool = False) -> None:
    """Write another leaf into the ledger, ``hashed``: with the hash that fits it, behind the case's back."""
    alter_rows(folder)
    database = sqlite3.connect(folder / "case.db")
    leaf, hashes = database.execute(
        "SELECT CAST(leaf AS BLOB), hashes FROM ledger_entry WHERE idx = ?", (index,)
    ).fetchone()
    forged = leaf.decode().replace(old, new, 1)
    assert forged != leaf.decode()
    if hashed:
        hashes = leaf_hash(forged.encode()) + hashes[hashlib.sha256().digest_size :]
    database.execute("UPDATE ledger_entry SET leaf = ?, hashes = ? WHERE idx = ?", (forged, hashes, index))
    database.commit()
    database.close()
