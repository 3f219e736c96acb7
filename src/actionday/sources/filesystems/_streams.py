"""What stands beside a file under its name: extended attributes, and bytes behind its size."""

from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import Found, Kind, Note
from actionday.sources.filesystems import _tsk_behind
from actionday.sources.filesystems._doubts import doubted
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._tsk_runs import Run


class Name(NamedTuple):
    """One name in a directory: bytes as stored, the inode, a place that is unique in the file system."""

    name: bytes
    inode: int
    place: str
    deleted: bool = False


class Attribute(NamedTuple):
    """An extended attribute: its name with the namespace, a mark unique in the inode, where its value lies."""

    name: bytes
    mark: str
    size: int
    runs: tuple[Run, ...]
    why: str = ""
    """Why its bytes may not be those it had."""


def streams(name: Name, found: Found, attributes: Iterator[Attribute]) -> Iterator[Found]:
    """Yield attributes as the streams of a file: ``file:user.note``. Raises what ``attributes`` raises."""
    for each in attributes:
        text, raw = beside(found, b":" + each.name)
        stream = Found(name=text, raw=raw, kind=Kind.STREAM, place=f"{name.place}:{each.mark}", size=each.size,
                       runs=each.runs, meta={"attribute": True})  # fmt: skip
        yield doubted(stream, each.why) if each.why else stream


def beside(found: Found, ending: bytes) -> tuple[str, bytes | None]:
    """Return the name, and the raw one, of something that stands beside an item: its path with an ending."""
    path = (found.raw or found.name.encode("utf-8", "surrogatepass")) + ending
    return shown(path.decode("utf-8", "surrogateescape"))


def behind(name: Name, found: Found, runs: list[Run], size: int) -> Found:
    """Return the item of what lies behind the ``size`` of a file."""
    text, raw = beside(found, _tsk_behind.NAME.encode())
    return Found(name=text, raw=raw, kind=Kind.STREAM, place=f"{name.place}:behind", size=sum(n for _, n in runs),
                 runs=tuple(runs), meta={"offset": size},
                 notes=(Note(_tsk_behind.CODE, _tsk_behind.said(size, runs)),))  # fmt: skip
