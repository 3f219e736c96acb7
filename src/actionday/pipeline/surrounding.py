"""In which languages the texts around an item are: what a model is chosen by that has to know the language before."""

import sqlite3
from collections import OrderedDict

from actionday.model import Around
from actionday.storage.database.rows import READ

MOST = 4
"""Languages of a folder or an exhibit that are told, those of most texts first: each costs time to look for."""
KEPT = 1000
"""Folders whose languages are kept at hand."""
SHARE = 20
"""A language counts that one text in so many is in."""
STATED = "c.language IS NOT NULL AND c.language <> 'und' AND instr(c.parser, ' + ') = 0"
"""What was recognised tells nothing: what is read next would depend on what was read before, and on its mistakes."""
OF_FOLDER = (
    f"SELECT c.language, COUNT(*) FROM items i JOIN contents c ON {READ} WHERE i.exhibit = ? AND i.path >= ? "  # noqa: S608
    f"AND i.path < ? AND {STATED} GROUP BY 1 ORDER BY 2 DESC, 1"
)
OF_EXHIBIT = (
    f"SELECT c.language, COUNT(*) FROM items i JOIN contents c ON {READ} WHERE i.exhibit = ? "  # noqa: S608
    f"AND {STATED} GROUP BY 1 ORDER BY 2 DESC, 1"
)


class Surrounding:
    """Asks the database once a folder: 1 ms for a folder of a thousand texts, 1 s for an exhibit of a million."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._folders: OrderedDict[tuple[int, str], tuple[str, ...]] = OrderedDict()
        self._exhibits: dict[int, tuple[str, ...]] = {}

    def of(self, exhibit: int, path: str) -> Around:
        """Return the languages around the item at ``path``: of its folder, then of the exhibit."""
        folder = path.rpartition("/")[0]
        near = self._folder(exhibit, f"{folder}/") if folder else ()
        return Around(tuple(dict.fromkeys((*near, *self._exhibit(exhibit)))))

    def _folder(self, exhibit: int, folder: str) -> tuple[str, ...]:
        key = exhibit, folder
        if key not in self._folders:
            end = folder[:-1] + "0"  # the character behind "/"
            self._folders[key] = _most(self._database.execute(OF_FOLDER, (exhibit, folder, end)).fetchall())
            if len(self._folders) > KEPT:
                self._folders.popitem(last=False)
        return self._folders[key]

    def _exhibit(self, exhibit: int) -> tuple[str, ...]:
        if exhibit not in self._exhibits:
            self._exhibits[exhibit] = _most(self._database.execute(OF_EXHIBIT, (exhibit,)).fetchall())
        return self._exhibits[exhibit]


def _most(counts: list[tuple[str, int]]) -> tuple[str, ...]:
    total = sum(count for _, count in counts)
    return tuple(language for language, count in counts[:MOST] if count * SHARE >= total)
