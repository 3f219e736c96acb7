"""Which parser reads which MIME type: an exact claim, else a family such as ``text/*``, else nobody."""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from actionday.model import Broken, Encrypted, Limits, Note, Parsed, Parser
from actionday.plugins import load

ROOM = "actionday.parsers"


@runtime_checkable
class Unlocks(Protocol):
    """A parser that can open what is encrypted."""

    def unlock(self, data: memoryview, mime: str, limits: Limits, secrets: Sequence[str]) -> Parsed:
        """Return what ``parse`` does for a content that one of ``secrets`` opens. Raises as ``parse``."""


class Parsers:
    """The registered parsers by MIME type; made once a process, holds no content."""

    def __init__(self, parsers: Sequence[Parser], missing: Sequence[Note] = ()) -> None:
        """Raises Broken when two parsers claim the same MIME type: a defect of a package."""
        self.missing = tuple(missing)
        """Parsers that could not be loaded, each with the library it lacks."""
        self._by_mime: Mapping[str, Parser] = _claims(parsers)

    @classmethod
    def load(cls) -> "Parsers":
        """Return the parsers of this package and of every installed one that registers some."""
        return cls(*load(ROOM, "PARSER"))

    def mimes(self) -> Mapping[str, Parser]:
        """Return who reads what, families included."""
        return self._by_mime

    def find(self, mime: str) -> Parser | None:
        """Return who reads ``mime``, or None."""
        exact = self._by_mime.get(mime)
        return exact or self._by_mime.get(f"{mime.partition('/')[0]}/*")

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


def _claims(parsers: Sequence[Parser]) -> dict[str, Parser]:
    claims: dict[str, Parser] = {}
    for parser in parsers:
        for mime in parser.mimes:
            if mime in claims:
                raise Broken(f"{mime} is claimed by {claims[mime].name!r} and by {parser.name!r}")
            claims[mime] = parser
    return claims
