"""A whole case with its exhibits, and copies of it that a test spoils."""

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from kill_exhibits import packed

from actionday.pipeline.proving import Proof, verify
from actionday.storage.case import Case
from actionday.storage.case_parts import DATABASE
from case_tools import Bench, sentences


def site_of(root: Path, pages: int, members: Mapping[str, bytes]) -> Path:
    """Make a folder with pages, and an archive whose members have to be unpacked."""
    exhibit = root / "site"
    (exhibit / "in").mkdir(parents=True)
    for n in range(pages):
        (exhibit / "in" / f"page-{n}.txt").write_text(sentences(20, n))
    (exhibit / "site.tar.gz").write_bytes(packed({"a.txt": sentences(30, 50).encode(), **members}))
    return exhibit


def two_texts(folder: Path, word: str) -> Path:
    """Make a folder of two texts, of which one has the word."""
    folder.mkdir()
    (folder / "a.txt").write_text(f"the {word} lies below the mill\n")
    (folder / "b.txt").write_text("nothing of it here\n")
    return folder


class Copy:
    """A copy of the case in ``whole``; its exhibits are those of the original, where they were."""

    def __init__(self, whole: Path, folder: Path) -> None:
        self.root = whole
        shutil.copytree(whole / "case", folder / "case")
        self.bench = Bench.__new__(Bench)
        self.bench.folder, self.bench.env = folder / "case", {}

    def sql(self, *statements: str) -> None:
        with sqlite3.connect(self.bench.folder / "case.db") as database:
            for statement in statements:
                database.execute(statement)

    def first(self) -> str:
        """Return the first difference that ``verify`` names; there must be one."""
        found = self.bench.verify(code=1)
        assert not found["ok"]
        assert found["first"]
        return str(found["first"])


class Column(NamedTuple):
    table: str
    name: str

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


class Bed:
    """A case that is proved in this process; its database is put back after each change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with closing(sqlite3.connect(self.folder / DATABASE)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._whole = (self.folder / DATABASE).read_bytes()

    def restore(self) -> None:
        for left in self.folder.glob(f"{DATABASE}-*"):
            left.unlink()
        (self.folder / DATABASE).write_bytes(self._whole)

    def rows(self, table: str) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self.folder / DATABASE)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(f"SELECT * FROM {table}")]

    def set(self, column: Column, row: dict[str, Any], value: object) -> bool:
        """Give a row another value; False where the schema itself refuses it."""
        where = " AND ".join(f"{name} IS ?" for name in row)
        statement = f"UPDATE {column.table} SET {column.name} = ? WHERE {where}"
        return self._done(statement, (value, *row.values()))

    def add(self, table: str, row: dict[str, Any]) -> bool:
        marks = ",".join("?" * len(row))
        return self._done(f"INSERT INTO {table} ({','.join(row)}) VALUES ({marks})", tuple(row.values()))

    def remove(self, table: str, row: dict[str, Any]) -> bool:
        where = " AND ".join(f"{name} IS ?" for name in row)
        return self._done(f"DELETE FROM {table} WHERE {where}", tuple(row.values()))

    def _done(self, statement: str, values: tuple[object, ...]) -> bool:
        with closing(sqlite3.connect(self.folder / DATABASE)) as database, database:
            try:
                return database.execute(statement, values).rowcount > 0
            except sqlite3.IntegrityError:
                return False

    def proof(self) -> Proof:
        case = Case.open(self.folder)
        try:
            return verify(case, lambda _: None)
        finally:
            case.close()
