"""What workers tell of items and contents as the tables hold it, and which items a balance counts."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from actionday.model import VOLUMES, Kind, Status
from actionday.pipeline.messages import Content, Row
from actionday.storage.database.rows import Values


def item(row: Row, exhibit: int, seq: int) -> Values:
    """Return an item as a row of ``items``, stored by checkpoint ``seq``."""
    return (
        row.id,
        row.parent,
        exhibit,
        seq,
        row.place,
        row.path,
        row.raw,
        row.kind,
        row.size,
        row.sha256,
        row.mtime,
        row.status,
        row.reason or None,
        int(row.opened),
        row.runs,
        row.meta.decode() if row.meta else None,
        row.reading,
    )


def row(values: Sequence[Any]) -> Row:
    """Return a row of ``items`` as a worker would tell it: the inverse of ``item``."""
    (
        item_id,
        parent,
        _,
        _,
        place,
        path,
        raw,
        kind,
        size,
        sha256,
        mtime,
        status,
        reason,
        opened,
        runs,
        meta,
        reading,
    ) = values
    return Row(
        item_id,
        parent,
        place,
        path,
        raw,
        kind,
        size,
        sha256,
        mtime,
        status,
        reason or "",
        bool(opened),
        runs,
        meta.encode() if meta else b"",
        reading,
    )


HOLDING = frozenset({Kind.DIRECTORY, *VOLUMES, Kind.UNALLOCATED})


def content(found: Content, seq: int) -> Values:
    """Return a content as a row of ``contents``, stored by checkpoint ``seq``."""
    return (
        found.sha256,
        found.md5,
        found.sha1,
        found.size,
        found.mime,
        seq,
        found.parser,
        found.meta.decode() if found.meta else None,
        found.text,
        found.characters,
        found.language,
        found.script,
        found.confidence,
        found.segments.decode() if found.segments else None,
        found.reading,
    )


def holds_others(row: Row) -> bool:
    """Say whether a row is of what other items are in."""
    return row.kind in HOLDING or (row.kind == Kind.EXHIBIT and row.opened)


def is_counted(row: Row) -> bool:
    """Say whether a balance counts a row: what holds others counts where nobody reads it, or it needs a key."""
    locked = row.kind in VOLUMES and row.status == Status.ENCRYPTED
    return not holds_others(row) or row.status == Status.UNSUPPORTED or locked


def waits(database: sqlite3.Connection, item_id: bytes) -> bool:
    """Say whether an item is stored as one that waits for the slow lane."""
    query = "SELECT 1 FROM items WHERE id = ? AND status = 'queued'"
    return database.execute(query, (item_id,)).fetchone() is not None
