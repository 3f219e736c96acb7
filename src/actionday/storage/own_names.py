"""Which names in the folders of a case are the case's own; all others are strays.

File managers, servers and disks leave things in any folder (``@eaDir``, ``.DS_Store``, ``Thumbs.db``, ``lost+found``,
``.nfs…``). What has none of the case's names is never read, followed, changed or removed, and makes nothing unusable:
``verify`` names it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

PACK = re.compile(r"pack-(\d{6}|[1-9]\d{6,})\.pack")
UNFINISHED_LIST = re.compile(r"\.tmp\w{6}")
"""How the library of the index names a list that it is writing: it writes beside and renames, and a kill leaves one."""
INDEX_FILE = re.compile(  # what a segment no longer holds is in a file with a number: ``….343.del``
    r"[0-9a-f]{32}\.(\d+\.)?\w+|meta\.json(\.kept)?|\.managed\.json|format\.json(\.new)?|\.tantivy-(meta|writer)\.lock"
    rf"|{UNFINISHED_LIST.pattern}"
)
HASHES_FILE = re.compile(r"set-\d{6}\.hashes(\.new)?|import\.json(\.new)?|import-\d{6}\.run")
"""A set of known hashes; one that is being written; what an import that was cut off goes on with."""
OF_FOLDER = {"objects": PACK, "index": INDEX_FILE, "hashes": HASHES_FILE}


def own_files(folder: Path, names: re.Pattern[str]) -> list[Path]:
    """Return what in a folder has one of the case's names, sorted; nothing is looked at but names. Raises OSError."""
    return sorted(path for path in folder.iterdir() if names.fullmatch(path.name))


def strays(case: Path) -> Iterator[str]:
    """Yield what lies among the packs and the files of the index and is no part of the case, as ``objects/name``."""
    for name, names in OF_FOLDER.items():
        folder = case / name
        if folder.is_dir():
            found = sorted(path.name for path in folder.iterdir() if not names.fullmatch(path.name))
            yield from (f"{name}/{each}" for each in found)
