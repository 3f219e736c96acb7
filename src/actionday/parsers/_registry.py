"""Which parser reads which MIME type: an exact claim, else a family such as ``text/*``, else nobody."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar, cast, runtime_checkable

from actionday.model import Broken, Encrypted, Limits, Note, Parsed, Parser, SlowParser
from actionday.plugins import load

ROOM = "actionday.parsers"


@runtime_checkable
class Unlocks(Protocol):
    """A parser that can open what is encrypted."""

    def unlock(self, data: memoryview, mime: str, limits: Limits, secrets: Sequence[str]) -> Parsed:
        """Return what ``parse`` does for a content that one of ``secrets`` opens. Raises as ``parse``."""


class Parsers:
    """The registered parsers by MIME type; made once a process, holds no content."""

    def __init__(self, parsers: Sequence[Parser | SlowParser], missing: Sequence[Note] = ()) -> None:
        """Raises Broken when two parsers claim the same MIME type: a defect of a package."""
        self.missing = tuple(missing)
        """Parsers that could not be loaded, each with the library it lacks."""
        slow = [each for each in parsers if getattr(each, "slow", "")]
        self._slow: Mapping[str, SlowParser] = _claims(cast("Sequence[SlowParser]", slow))
        quick = [each for each in parsers if not getattr(each, "slow", "")]
        self._by_mime: Mapping[str, Parser] = _claims(cast("Sequence[Parser]", quick))

    @classmethod
    def load(cls) -> "Parsers":
        """Return the parsers of this package and of every installed one that registers some."""
        return cls(*load(ROOM, "PARSER"))

    def mimes(self) -> Mapping[str, Parser]:
        """Return who reads what, families included."""
        return self._by_mime

    def find(self, mime: str) -> Parser | None:
        """Return who reads ``mime``, or None."""
        return _of(self._by_mime, mime)

    def slow(self, mime: str) -> SlowParser | None:
        """Return who reads ``mime`` in the slow lane, or None."""
        return _of(self._slow, mime)

    def slow_ones(self) -> Sequence[SlowParser]:
        """Return the parsers of the slow lane."""
        return list(dict.fromkeys(self._slow.values()))

    def parse(
        self, mime: str, data: bytes | memoryview, limits: Limits, secrets: Sequence[str] = ()
    ) -> Parsed | None:
        """Return text and metadata, or None when nobody reads ``mime``.

        ``secrets`` are the case's passwords, tried only on what is encrypted, by parsers that can (``unlock``).
        Raises Damaged, Encrypted, OverLimit or Unsupported, and nothing else but MemoryError.
        """
        parser = self.find(mime)
        if parser is None:
            return None
        view = memoryview(data)
        try:
            return parser.parse(view, mime, limits)
        except Encrypted:
            if not secrets or not isinstance(parser, Unlocks):
                raise
        return parser.unlock(view, mime, limits, secrets)


Kind = TypeVar("Kind", Parser, SlowParser)


def _of(claims: Mapping[str, Kind], mime: str) -> Kind | None:
    exact = claims.get(mime)
    return exact or claims.get(f"{mime.partition('/')[0]}/*")


def _claims(parsers: Sequence[Kind]) -> dict[str, Kind]:
    claims: dict[str, Kind] = {}
    for parser in parsers:
        for mime in parser.mimes:
            if mime in claims:
                raise Broken(f"{mime} is claimed by {claims[mime].name!r} and by {parser.name!r}")
            claims[mime] = parser
    return claims
