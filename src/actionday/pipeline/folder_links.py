"""Names of one file in a folder of the host: hard links, by what the host says of device and inode.

Source: POSIX.1-2017, stat(2): st_dev and st_ino together name a file.
"""

import os
from pathlib import Path

import msgspec

from actionday.model import Kind
from actionday.model.identity import item_id
from actionday.model.times import nanoseconds
from actionday.pipeline.firsts import Firsts
from actionday.pipeline.messages import Host, Located


class FolderLinks:
    """Tells which names in a folder are further ones of a file listed before; asked in the order of the listing."""

    def __init__(self, folder: Path, root: bytes) -> None:
        """``root``: the item of the folder."""
        self._folder, self._root, self._firsts = os.fsencode(folder), root, Firsts()

    def again(self, found: tuple[Located, ...]) -> dict[str, bytes]:
        """Return, by the place of each of ``found`` that is a further name of a file, the item of the first."""
        firsts = ((each.place, self._first(each)) for each in found)
        return {place: first for place, first in firsts if first}

    def _first(self, each: Located) -> bytes:
        if (
            each.kind != Kind.FILE
            or not isinstance(each.step, Host)
            or each.runs is None
            or not each.size
            or each.status
            or each.reason
            or each.notes
        ):
            return b""
        try:
            facts = os.lstat(b"%s/%s" % (self._folder, each.step.path))
        except OSError:  # gone, or too deep to be asked for at once: it is read, which says so
            return b""
        if facts.st_nlink < 2 or not _is_as_listed(each, facts):
            return b""
        inode = (facts.st_dev, facts.st_ino, facts.st_size, facts.st_ctime_ns)
        return self._firsts.first((each.name.rpartition("/")[2], inode), item_id(self._root, each.place))


def _is_as_listed(each: Located, facts: os.stat_result) -> bool:
    """Say whether a file is still the one that was listed, which may have been by an earlier run."""
    told = msgspec.json.decode(each.meta)
    now = (facts.st_ino, nanoseconds(facts.st_ctime_ns), facts.st_size)
    return now == (told.get("inode"), told.get("ctime"), each.size)
