"""What a search answers: a page of hits, and the numbers of all."""

from dataclasses import dataclass, field

from actionday.storage.index.counts import Facets


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that was found. ``score`` is comparable within one query on one state of the index only."""

    item: str
    exhibit: str
    path: str
    sha256: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Page:
    """``total`` items and ``contents`` different contents were found, exactly; ``hits`` is the page of them.

    ``facets``: those that were asked for, each as pairs of value and number of items, most frequent first.
    """

    total: int
    contents: int
    hits: list[Hit]
    facets: Facets = field(default_factory=dict)
