"""An index on a medium that cannot be written: the library wants to make a lock beside the files it opens."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from actionday.storage.own_names import INDEX_FILE, own_files


def mirrored(folder: Path) -> "TemporaryDirectory[str] | None":
    """Return a temporary folder of links to the files of ``folder``, None where that one can be written itself.

    It holds no copy and is gone with the object that is returned.
    """
    if not folder.is_dir() or os.access(folder, os.W_OK):
        return None
    made: TemporaryDirectory[str] = TemporaryDirectory(prefix="actionday-index-", ignore_cleanup_errors=True)
    for file in own_files(folder.resolve(), INDEX_FILE):
        if file.suffix != ".lock":
            Path(made.name, file.name).symlink_to(file)
    return made
