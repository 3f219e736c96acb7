"""One index in the place of another: made beside it, so that the earlier stays until all of the new is there."""

from pathlib import Path

from actionday.storage.index.folder import FORMAT, META
from actionday.storage.own_names import INDEX_FILE, own_files

LAST = (".managed.json", META, FORMAT)
"""In this order: an index of other versions must never be taken for one of today's, not for a moment."""
TRIES = 1_000


def take_place(beside: Path, folder: Path) -> None:
    """Put the closed index in ``beside`` in the place of the one in ``folder``, on one disk; what is no index stays.

    MUST: segments come first, the list of them by one rename. Whoever is killed here leaves the earlier index or the
    new one, with files that no list names. The locks of the earlier one go too: nobody else writes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [file.name for file in own_files(beside, INDEX_FILE) if file.suffix != ".lock"]
    for name in (*(name for name in names if name not in LAST), *LAST):
        (beside / name).replace(folder / name)
    for _ in range(TRIES):  # merging that an earlier writer began may put a file there meanwhile
        others = [file for file in own_files(folder, INDEX_FILE) if file.name not in names]
        for file in others:
            file.unlink(missing_ok=True)
        if not others:
            return
