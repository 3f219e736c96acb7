"""What a search page is asked: the words, filters to keep and to leave out, order, and where the page begins."""

from typing import NamedTuple

from actionday.access.search import narrowed
from actionday.app.web.takes import EXHIBITS, LANGUAGES, TYPES, YEARS_OF
from actionday.app.web.visit import Visit

FILTERS = {"language": LANGUAGES, "type": TYPES, "exhibit": EXHIBITS, "year": YEARS_OF}
FIELDS = tuple(FILTERS)
GRAMMAR = {"language": "language", "type": "type", "exhibit": "exhibit", "year": "year"}
SORTS = ("score", "path", "time", "oldest")
PAGE = 50
QUOTES = frozenset('"“”„')


class Asked(NamedTuple):
    """A search as its address says it; ``kept`` and ``left_out`` are values by field."""

    words: str
    kept: dict[str, list[str]]
    left_out: dict[str, list[str]]
    sort: str
    offset: int

    @property
    def narrow(self) -> str:
        """What is left out, as a query."""
        return " ".join(
            f'NOT {GRAMMAR[field]}:"{value}"'
            for field, values in self.left_out.items()
            for value in values
            if not QUOTES.intersection(value)
        )

    @property
    def query(self) -> str:
        """The words, with what is left out as part of the query."""
        return narrowed(self.words, self.narrow)

    @property
    def command(self) -> str:
        """The query with its filters, for the command line."""
        parts = [self.query if not self.kept or " OR " not in self.words else f"({self.query})"]
        for field, values in self.kept.items():
            one = " OR ".join(f'"{value}"' for value in values)
            parts.append(f"{GRAMMAR[field]}:({one})" if len(values) > 1 else f"{GRAMMAR[field]}:{one}")
        text = " ".join(parts).replace("'", "'\\''")
        return f"actionday search CASE '{text}'"

    def without(self, field: str) -> dict[str, list[str]]:
        """Return the filters of the other fields."""
        return {name: values for name, values in self.kept.items() if name != field}


def asked(visit: Visit) -> Asked:
    """Return what the address of a visit asks for."""
    return Asked(
        words=visit.get("q").strip(),
        kept={field: visit.all(field) for field in FIELDS if visit.all(field)},
        left_out={field: visit.all(f"not_{field}") for field in FIELDS if visit.all(f"not_{field}")},
        sort=visit.get("sort", "score"),
        offset=visit.number("offset") // PAGE * PAGE,
    )
