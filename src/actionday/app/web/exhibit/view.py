"""``/c/<case>/x/<number>``: one exhibit, and the tree of names inside, a folder at a time."""

from typing import Any

from litestar import Response

from actionday.access.concerning import custody
from actionday.access.exhibits import find_exhibit, folder
from actionday.access.images import imaged, images_of, within
from actionday.app.web.signs import mark
from actionday.app.web.takes import AT, TEXT
from actionday.app.web.visit import Missing, Visit, page
from actionday.ledger import Action
from actionday.storage.database.disks import holds_disk

LARGEST = (1 << 63) - 1
"""The largest number that the database can hold: no exhibit has a larger one."""

DISKS = frozenset({"media", "gpt", "mbr", "apm", "bsdlabel", "apfs", "ext", "xfs", "btrfs", "ntfs", "fat", "exfat",
                   "hfsplus", "iso9660", "udf", "squashfs", "ufs"})  # fmt: skip
"""Facts of an acquisition that only a disk has, or an image of one, also one that could not be opened."""


@page("/c/{case:str}/x/{number:int}", takes={"path": TEXT, "after": TEXT, "older": AT})
def show(visit: Visit) -> Response[Any]:
    """Show an exhibit; ``path`` is the folder whose names are listed. Logs that they were looked at."""
    database = visit.case.database
    visit.house.tally.update(database)
    asked = int(visit.path("number"))
    known = abs(asked) <= LARGEST
    exhibit = find_exhibit(database, asked, visit.house.tally) if known else None
    if exhibit is None:
        raise Missing(mark("there is no such exhibit"))
    path = visit.get("path")
    number, after = exhibit.number, visit.get("after")
    names = visit.house.desks.once(
        f"folder {number} {path} {after}", visit.case.seq, lambda: folder(database, number, path, after)
    )
    visit.log(Action.VIEWED, exhibit.id, tree=path, shown=len(names.branches))
    return visit.render(
        "exhibit/page.html",
        parts=("tree",),
        exhibit=exhibit,
        images=images_of(exhibit, visit.house.desks.once("images", visit.case.seq, lambda: within(database))),
        imaged=visit.house.desks.once(f"imaged {number}", visit.case.seq, lambda: imaged(database, number)),
        disk=not DISKS.isdisjoint(exhibit.acquisition)
        or visit.house.desks.once(f"disk {number}", visit.case.seq, lambda: holds_disk(database, number)),
        path=path,
        steps=_steps(path),
        names=names,
        custody=custody(database, exhibit.id, older=visit.number("older")) if not path else None,
        next=visit.same(after=names.next) if names.next else None,
        back=visit.same(after="") if visit.get("after") else None,
    )


def _steps(path: str) -> list[tuple[str, str]]:
    """Return each folder on the way with its whole path."""
    parts = path.split("/") if path else []
    return [(part, "/".join(parts[: at + 1])) for at, part in enumerate(parts)]


ROUTES = [show]
