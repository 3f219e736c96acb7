"""What tantivy says of a query that it does not take, told apart from what it says of a torn index."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from actionday.storage.index.folder import IndexDamaged, damage, guarded
from actionday.storage.index.grammar import QueryError

REFUSED = "An invalid argument was passed"  # how it begins where a query asks for too much
T = TypeVar("T")


def answered(folder: Path, call: Callable[[], T]) -> T:
    """Return what a call for a query returns. Raises ``QueryError`` where files that are whole do not answer it.

    Only what its checksums say is called damage: all files of ``folder`` are read where that is in question.
    """
    try:
        return guarded(call)
    except IndexDamaged as error:
        if not error.reason.startswith(REFUSED) and damage(folder):
            raise
        raise QueryError(0, f"the index does not take this query: {error.reason}") from error
