"""One item as a command shows it: its facts and its text, or its bytes in a file; each look is an entry of the ledger.

As on its page: nothing is shown that is not logged first, and bytes leave the case with a reason alone.
"""

import codecs
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from actionday.access.acquired import Acquired, acquired
from actionday.access.asked_item import Asked
from actionday.access.bytes import Altered, Bytes
from actionday.access.contents import Content, find_content
from actionday.access.download import Download, which
from actionday.access.exhibits import Compared, compared, is_open
from actionday.access.images import NO_IMAGES, Imaged, imaged
from actionday.access.issues import Issue, list_issues
from actionday.access.items import Item, ancestors, places
from actionday.access.placed import Placed, placed
from actionday.ledger import Action
from actionday.model import Damaged, ItemError, UsageError
from actionday.model.stated import stated
from actionday.storage.case import Case
from actionday.storage.case_parts import OBJECTS
from actionday.storage.database.disks import is_disk
from actionday.storage.objects import Packs


class Shown(NamedTuple):
    """What is known of an item; ``logged`` is false where the case is read-only."""

    item: Item
    content: Content | None
    places: int
    place: Placed
    issues: list[Issue]
    logged: bool
    disk: bool = False
    """Whether it was opened as a disk or a volume."""
    not_whole: bool = False
    """Of a disk or a volume: whether a part of it, or of what it lies in, cannot be had or listed."""
    acquired: Acquired | None = None
    """Of an exhibit's own item: how the exhibit was acquired."""
    imaged: tuple[Compared, ...] = ()
    """Of an image that is no exhibit by itself: the imager's hashes of its disk beside ours."""
    within: Imaged = NO_IMAGES
    """The images that lie in it."""
    unfinished: bool = False
    """Whether its exhibit was not gone through to its end: what lies in the item may be missing."""


def look(case: Case, asked: Asked) -> Shown:
    """Return the facts of an item, and log that it was looked at, with the text that it has."""
    item, database = asked.item, case.database
    content = find_content(database, item)
    disk = item.opened and is_disk(database, item.id)
    view = "text" if content and content.text else "metadata"
    return Shown(
        item,
        content,
        places(database, item.sha256, limit=0).total if item.sha256 else 0,
        placed(database, item),
        list_issues(database, item=item.id).issues,
        case.log(Action.VIEWED, asked.subject, {**which(item), "view": view}),
        disk,
        disk and any(each.status == "unreadable" for each in (item, *ancestors(database, item))),
        own := acquired(database, item),
        () if own else tuple(compared(item.meta)),
        NO_IMAGES if item.sha256 and not item.opened else imaged(database, item.number, item.path),
        is_open(database, item.number),
    )


def text_of(case: Case, shown: Shown) -> Iterator[str]:
    """Yield the text of an item in pieces. Raises Damaged, before the first, where it is not as it was stored."""
    item, content = shown.item, shown.content
    if content is None or content.text is None:
        return
    packs, decoder = Packs(case.folder / OBJECTS), codecs.getincrementaldecoder("utf-8")("replace")
    try:
        packs.hold(content.text_sha256, content.text)
        for piece in packs.pieces(content.text_sha256, content.text):
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)
    except Damaged as error:
        raise Damaged(f"{item.exhibit}/{item.path}: its stored text cannot be read: {error}") from error
    finally:
        packs.close()


def give(case: Case, asked: Asked, path: Path, reason: str) -> int:
    """Write an item's bytes to ``path``, which appears whole or not at all; return how many.

    They are read through first, and refused where they are not those that were taken in. That they begin to leave is
    logged before the first byte is written, and how that ended behind the last.

    Raises UsageError for what has no bytes, Damaged where they cannot be read or are not those stored, OSError with the
    name of the file where they cannot be written.
    """
    item = asked.item
    if item.sha256 is None:
        raise UsageError(f"{item.exhibit}/{item.path}: has no content of its own")
    if not reason.strip():
        raise UsageError("bytes leave the case with a reason alone: --reason")
    reason = stated("--reason", reason)
    part = path.with_name(f".{os.getpid()}.part")  # short: names may be as long as names can be
    bytes_of = Bytes(case.folder)
    try:
        for _ in _read(bytes_of, item):
            pass  # what cannot be given, or is another, has not begun to leave
        with _begun(part, path) as out:
            given = Download(case, item, reason)
            try:
                for piece in _read(bytes_of, item):
                    given.count += len(piece)
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
                part.replace(path)
                given.whole = True
            except OSError as error:  # one of writing says no name, one of renaming that of ``part``
                raise OSError(error.errno, error.strerror, str(path)) from error
            finally:
                given.end(case)
    finally:
        bytes_of.close()
        with suppress(OSError):  # where it could not be made either, that is said already
            part.unlink(missing_ok=True)
    return given.count


def _read(bytes_of: Bytes, item: Item) -> Iterator[bytes]:
    """Yield an item's bytes as ``Bytes.whole`` does. Raises Altered, or Damaged that names the item and the cause."""
    try:
        yield from bytes_of.whole(item)
    except Altered:
        raise
    except (ItemError, OSError) as error:
        name = f"{item.exhibit}/{item.path}".rstrip("/")
        raise Damaged(f"{name}: its bytes cannot be read: {error}") from error


def _begun(part: Path, path: Path) -> BinaryIO:
    """Return the file that is to become ``path``, open and empty. Raises UsageError naming ``path``."""
    try:
        part.unlink(missing_ok=True)  # a process of this number was killed
        return part.open("xb")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
