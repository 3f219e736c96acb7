"""Values: bytes made, with what is known of them, and the places where they lie."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256


class Kind(StrEnum):
    """The kinds of item that the network holds; the words are those of `export items`."""

    FILE = "file"
    DELETED = "deleted"
    STREAM = "stream"
    SYMLINK = "symlink"
    MEMBER = "member"
    MESSAGE = "message"
    ATTACHMENT = "attachment"
    RECORD = "record"
    REVISIT = "revisit"


class Need(StrEnum):
    """What a reader owes a place: its content, its name only, or nothing."""

    MUST = "must"
    NAME = "name"
    MAY = "may"


@dataclass(frozen=True, slots=True)
class Made:
    """A content. ``recipe`` makes the bytes anew each time, so that a large form fits in memory.

    ``text`` is what a reader must be able to read in it, ``language`` that of the text where it has
    one only, else ``languages`` those of its stretches in order. ``statuses`` are those an
    examination may end with, empty where all are right; ``issue`` says that something at or under it
    must be named as not whole. ``entries``: how many rows or messages of a kind it holds, as its writer counted.
    """

    recipe: Callable[[], bytes]
    size: int
    sha256: str
    mime: str = "application/octet-stream"
    language: str | None = None
    languages: tuple[str, ...] = ()
    text: str | None = None
    statuses: tuple[str, ...] = ()
    issue: bool = False
    entries: tuple[tuple[str, int], ...] = ()
    inside: tuple["Place", ...] = ()

    @property
    def data(self) -> bytes:
        """The bytes."""
        return self.recipe()


@dataclass(frozen=True, slots=True)
class Place:
    """A content at a path below its container.

    ``loose``: the last part of the path is a reader's own choice (a message has no name).
    ``alt``: SHA-256 of other byte strings that are as right. ``target`` is that of a link.
    """

    path: str
    made: Made
    kind: Kind = Kind.FILE
    need: Need = Need.MUST
    loose: bool = False
    raw: bytes | None = None
    target: str | None = None
    alt: tuple[str, ...] = field(default=())
    mtime: int = 0

    def under(self, folder: str) -> "Place":
        """Return the same place one container or folder further up."""
        return replace(self, path=f"{folder}/{self.path}" if folder else self.path)


def made(data: bytes, mime: str = "application/octet-stream", **known: object) -> Made:
    """Return a content that is kept in memory."""
    return Made(lambda: data, len(data), sha256(data).hexdigest(), mime, **known)  # type: ignore[arg-type]


def lazily(recipe: Callable[[], bytes], mime: str, **known: object) -> Made:
    """Return a content whose bytes are made once now, for size and hash, and again when needed."""
    data = recipe()
    return Made(recipe, len(data), sha256(data).hexdigest(), mime, **known)  # type: ignore[arg-type]


def plain(text: str, language: str | None = None, mime: str = "text/plain", encoding: str = "utf-8") -> Made:
    """Return a text file."""
    return made(text.encode(encoding), mime, language=language, text=text)


def everything(places: Iterable[Place]) -> Iterator[Place]:
    """Yield the places and, after each, what lies inside it, paths from the top."""
    for place in places:
        yield place
        yield from (inner.under(place.path) for inner in everything(place.made.inside))


EMPTY = made(b"", "application/x-empty", statuses=("empty",))
