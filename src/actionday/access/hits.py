"""What a search answers: a page of hits with their snippets, and what to know of what it does not find."""

from collections.abc import Mapping
from typing import NamedTuple

from actionday.access.caveats import Caveats
from actionday.access.hints import Hints
from actionday.access.told import Told
from actionday.access.unsearched import Deciding

Piece = tuple[str, bool]


class Hit(NamedTuple):
    """One item found; ``pieces``: its snippet, the words that were asked for marked."""

    item: str
    exhibit: str
    path: str
    sha256: str | None
    score: float
    pieces: tuple[Piece, ...]
    problem: str | None = None
    """Why its stored text cannot be shown; None where it can, or where there is none."""
    told: tuple[Told, ...] = ()
    """Metadata that hold what was asked for, as far as the snippet does not show it."""

    looked_over: int | None = None
    """Characters of its text that were looked over for a word to show, where none is in them and there are more."""

    @property
    def snippet(self) -> str:
        """The snippet as plain text."""
        return "".join(text for text, _ in self.pieces)


class Nearest(NamedTuple):
    """A query in the nearest spelling that the texts hold, and how many items it finds: more than none."""

    query: str
    total: int


class Found(NamedTuple):
    """A page of hits; ``total`` counts items and ``contents`` distinct contents, both exactly.

    ``nearest`` and ``hints`` are looked for where nothing was found; ``nearest`` is None where no nearer
    spelling would find anything. ``wider``: the query for whole macrolanguages, where it asked for varieties of
    them (``lang:id`` of ``lang:ms``) and that finds more.
    """

    total: int
    contents: int
    hits: tuple[Hit, ...]
    logged: bool
    nearest: Nearest | None = None
    hints: Hints | None = None
    wider: Nearest | None = None
    unsearched: Mapping[str, int] = {}
    """Items of the whole case out of which no text was read, by status: no words find them."""
    in_part: int = 0
    """Items, of those that the filters of the query leave, of whose text a part alone is there."""
    unlisted: int = 0
    """Folders and volumes of the case that were not listed to their end: nothing finds what else is in them."""
    words: bool = True
    """Whether words of texts were asked for, and not paths, names, types, dates and metadata alone."""
    unhashed: Mapping[str, int] = {}
    """Items of the whole case without a content that was read, by status: neither SHA-256 nor type is known."""
    undated: int = 0
    """Items of the whole case without a time of their last change."""
    by: Deciding = Deciding(True, True, True)
    """What of the items decides what is found, also where it is left out."""
    caveats: Caveats = Caveats()
    """What of the case is not taken in yet, so that nothing of it can be found, and whether it is not as recorded."""

    def as_data(self) -> dict[str, object]:
        """Return what ``search --json`` prints."""
        hits = [
            {
                "exhibit": hit.exhibit,
                "path": hit.path,
                "sha256": hit.sha256,
                "score": hit.score,
                "snippet": hit.snippet,
                "id": hit.item,
                "problem": hit.problem,
                "looked_over": hit.looked_over,
                "metadata": [each.as_data() for each in hit.told],
            }
            for hit in self.hits
        ]
        nearest = None if self.nearest is None else self.nearest._asdict()
        return {
            "total": self.total,
            "contents": self.contents,
            "hits": hits,
            "logged": self.logged,
            "nearest": nearest,
            "hints": self.hints and self.hints.as_data(),
            "wider": self.wider and self.wider._asdict(),
            "unsearched": dict(self.unsearched),
            "unhashed": dict(self.unhashed),
            "undated": self.undated,
            "in_part": self.in_part,
            "unlisted": self.unlisted,
            **self.caveats.as_data(),
        }
