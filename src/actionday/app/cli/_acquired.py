"""How an exhibit was acquired, as lines for a terminal: each file with its hashes, the imager's hash against ours."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from actionday.app.cli._common import counted, grouped, printable

if TYPE_CHECKING:
    from actionday.access.acquired import Acquired
    from actionday.access.exhibits import Compared, Source
    from actionday.access.images import Imaged
    from actionday.access.missing import Missing

HASHES = {"sha256": "SHA-256", "sha1": "SHA-1", "md5": "MD5"}
EQUAL = {True: "the same", False: "DIFFERS", None: "not compared yet"}


def facts_of(acquired: "Acquired") -> Iterator[tuple[str, str]]:
    """Yield a name and a value a line; what the imager told is not among them."""
    yield "state", printable(acquired.state)
    for source in acquired.sources:
        yield from _source(source)
    yield from of_disk(acquired.compared)
    if acquired.imaged and not acquired.compared:
        yield _no_hash(acquired.hash_unknown)
    yield from _lost(acquired.missing)


def of_images(exhibit: str, found: "Imaged") -> Iterator[tuple[str, str]]:
    """Yield of the images that lie in an exhibit, a folder or an archive the same as of an exhibit that is one."""
    for each in found.images:
        yield "image", printable(f"{exhibit}/{each.path}")
        yield from of_disk(each.compared)
        if not each.compared:
            yield _no_hash(each.hash_unknown)
        yield from _lost(each.missing)
    if found.images:
        yield "", "show of an image tells what its imager told"
    if found.more:
        bad = found.more_differing
        said = f"; of {grouped(bad)} of them the imager's hash DIFFERS" if bad else ""
        yield "", f"and {counted(found.more, 'more image', 'more images')}{said}"


def _no_hash(why: str) -> tuple[str, str]:
    return "hash of the disk", f"not known: {printable(why)}" if why else "the imager noted none"


def _lost(lost: "Missing | None") -> Iterator[tuple[str, str]]:
    if lost:
        size = f"{grouped(lost.bytes)} of {grouped(lost.of)} B"
        yield "cannot be had", f"{size} of the disk ({lost.share}): what lies there is not in the case"


def of_disk(noted: Iterable["Compared"]) -> Iterator[tuple[str, str]]:
    """Yield the imager's hashes of a disk beside ours: of an exhibit's, or of one in an item."""
    for each in noted:
        yield f"{HASHES[each.algorithm]} of the disk", _compared(each)


def _source(source: "Source") -> Iterator[tuple[str, str]]:
    if source.folder:
        yield "folder", f"{printable(source.path)} (each file has its own hash)"
        return
    beside = "" if source.named else ", found beside"
    yield "file", f"{printable(source.path)}, {grouped(source.size)} B{beside}"
    found = [(HASHES[name], value) for name in HASHES if (value := getattr(source, name))]
    for name, value in found:
        yield "", f"{name:7} {printable(str(value))}"
    if not found:
        yield "", "not hashed yet"


def _compared(each: "Compared") -> str:
    if each.why:
        return f"not to be compared: the imager's {printable(each.stored)}, ours none ({printable(each.why)})"
    ours = f"ours {printable(str(each.ours))}" if each.ours else "ours not known"
    return f"{EQUAL[each.equal]}: the imager's {printable(each.stored)}, {ours}"
