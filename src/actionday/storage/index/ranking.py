"""The order of hits: by score (or time), ties by exhibit and path, the same on every page and every layout.

tantivy breaks ties by where a document happens to lie. So a page is cut from a stretch of hits that surely
holds all of its last tie, and what ties is sorted here; a tie of more than ``READ_AT_MOST`` (a word that
a hundred thousand copies of one licence hold) is walked in the order of places instead, until the page is full.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from math import floor, log10

import tantivy
from tantivy import DocAddress, FieldType, Occur, Order, Query

from actionday.storage.index.counts import matches, total
from actionday.storage.index.document import Record
from actionday.storage.index.node import Node, terms
from actionday.storage.index.schema import NO_TIME, stored

SORTS = ("score", "path", "time", "oldest")
DIGITS = 3  # significant ones of a score: the order in which tantivy adds up parts shows in the 7th
MARGIN = 100  # hits read behind a page, to see where its last tie ends
BEGUN_AT_MOST = 1_000  # hits sought before they are counted: tantivy makes room for all that are asked for
READ_AT_MOST = 20_000  # hits that are fetched to see how far a tie goes: 10 ms
FIRST_WALK = 150  # places looked at first when a tie is walked instead of read
SHORT_WALK = 450  # places passed before all is read instead, where that can be: 0.1 s
READ_INSTEAD = 200_000  # hits of which all are fetched where the walk finds no end: 60 MB, 0.4 s
PASSING = 20  # tantivy passes a place in the time that reads so many records: 90 and 4 microseconds
LAST_TIME = (1 << 63) - 1  # of the field, which no calendar reaches
Scored = list[tuple[float, DocAddress]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hit's record with its rounded score; 0 where nothing was scored."""

    record: Record
    score: float


def rounded(score: float) -> float:
    """Return the score to ``DIGITS`` significant digits."""
    return round(score, DIGITS - 1 - floor(log10(score))) if score > 0 else 0.0


def _descending(hit: tuple[float, DocAddress]) -> float:
    return -rounded(hit[0])


def _scored(node: Node) -> bool:
    """Tell whether anything in a query is sought in the text: else all hits score the same."""
    return any(term.field is None for term in terms(node))


def in_order(searcher: tantivy.Searcher, query: Query, most: int) -> list[DocAddress]:
    """Return where the documents of a query are, in the order they were added, ``most`` at most."""
    found = searcher.search(query, most, count=False, order_by_field="serial", order=Order.Asc)
    return [address for _, address in found.hits]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Cuts pages from the hits of one query on one searcher."""

    schema: tantivy.Schema
    searcher: tantivy.Searcher
    query: Query

    @contextmanager
    def begun(self, node: Node, sort: str, end: int) -> Iterator[Future[Scored] | None]:
        """Look for the hits up to ``end`` in a thread while the caller counts all of them: give them to ``page``.

        Two passes over a query are of about the same length (a fuzzy word: 50 ms in a million texts), and tantivy
        works without the interpreter's lock. Nothing is begun where hits are not ordered by score.
        """
        if sort != "score" or not 0 < end <= BEGUN_AT_MOST or not _scored(node):
            yield None
            return
        with ThreadPoolExecutor(1) as thread:
            reach = min(end + MARGIN, max(1, self.searcher.num_docs))
            yield thread.submit(self._best, reach)

    def page(
        self, node: Node, sort: str, offset: int, limit: int, items: int, first: Future[Scored] | None = None
    ) -> list[Ranked]:
        """Return hits in an order of ``SORTS``; ``node`` is the query's tree, ``items`` the number of all its hits.

        ``first``: what ``begun`` began for this page.
        """
        if sort not in SORTS:
            raise KeyError(sort)
        if limit <= 0:
            return []
        if sort in ("time", "oldest"):
            return self.by_time(offset, limit, Order.Desc if sort == "time" else Order.Asc)
        if sort == "score" and _scored(node):
            return self.by_score(offset, limit, items, first)
        return self.by_place(offset, limit)

    def by_place(self, offset: int, limit: int) -> list[Ranked]:
        """Return hits by exhibit and path."""
        return [
            Ranked(self._record(address), 0.0) for address in self._in_place_order(self.query, offset, limit)
        ]

    def by_time(self, offset: int, limit: int, order: Order) -> list[Ranked]:
        """Return hits by the time of their last change; those without one come last in either order."""
        if order == Order.Desc:
            return self._by_time(self.query, offset, limit, order)
        dated = self._when(NO_TIME + 1, LAST_TIME)
        with_time = matches(self.searcher, dated)
        ahead = self._by_time(dated, offset, min(limit, with_time - offset), order)
        behind, wanted = max(0, offset - with_time), limit - len(ahead)
        rest = self._in_place_order(self._when(NO_TIME, NO_TIME), behind, wanted) if wanted else []
        return [*ahead, *(Ranked(self._record(address), 0.0) for address in rest)]

    def _when(self, first: int, last: int) -> Query:
        """Return the query for the hits with a time from ``first`` to ``last``."""
        between = Query.range_query(self.schema, "modified", FieldType.Integer, first, last)
        return Query.boolean_query([(Occur.Must, self.query), (Occur.Must, between)])

    def _by_time(self, query: Query, offset: int, limit: int, order: Order) -> list[Ranked]:
        if limit <= 0:
            return []
        end = offset + limit
        hits = self.searcher.search(query, end, count=False, order_by_field="modified", order=order).hits
        if not hits[offset:]:
            return []
        last = hits[-1][0]
        ahead = [(time, self._record(address)) for time, address in hits if time != last]
        sign = 1 if order == Order.Asc else -1
        ahead.sort(key=lambda hit: (sign * hit[0], hit[1].place()))
        tied = self._when(last, last)
        start = max(0, offset - len(ahead))
        rest = self._in_place_order(tied, start, end - len(ahead) - start)
        records = [record for _, record in ahead[offset:]] + [self._record(address) for address in rest]
        return [Ranked(record, 0.0) for record in records]

    def by_score(
        self, offset: int, limit: int, items: int, first: Future[Scored] | None = None
    ) -> list[Ranked]:
        """Return hits by score; ``offset + limit <= items``, the number of all hits; ``first``: see ``page``."""
        end = offset + limit
        for reach in (end + MARGIN, end + READ_AT_MOST):
            hits = first.result() if first else self._best(min(reach, items))
            first = None
            boundary = rounded(hits[end - 1][0])
            ahead = bisect_left(hits, -boundary, key=_descending)
            known = bisect_right(hits, -boundary, key=_descending)
            whole, tied = known < len(hits) or len(hits) == items, known - ahead
            walk = FIRST_WALK + (end - ahead) * items // tied  # places to pass until the page is full
            if walk * PASSING < (tied if whole else READ_AT_MOST):
                break
            if whole:
                return self._cut(hits[:known], offset, end)
        skipped, most = max(0, offset - ahead), SHORT_WALK if items <= READ_INSTEAD else items
        walked = list(islice(self._tied(boundary, most), skipped, end - ahead))
        if len(walked) < end - ahead - skipped:  # what ties lies far behind, by place
            hits = self._best(items)
            return self._cut(hits[: bisect_right(hits, -boundary, key=_descending)], offset, end)
        page = self._cut(hits[:ahead], offset, end) if ahead > offset else []
        return [*page, *(Ranked(self._record(address), boundary) for address in walked)]

    def _best(self, most: int) -> Scored:
        return self.searcher.search(self.query, most, count=False).hits

    def _cut(self, hits: Scored, offset: int, end: int) -> list[Ranked]:
        """Return a page of hits whose last tie is whole; only the ties that the page touches are read."""
        page = hits[offset:end]
        first = bisect_left(hits, -rounded(page[0][0]), key=_descending)
        last = bisect_right(hits, -rounded(page[-1][0]), key=_descending)
        ranked = [Ranked(self._record(address), rounded(score)) for score, address in hits[first:last]]
        ranked.sort(key=lambda hit: (-hit.score, hit.record.place()))
        return ranked[offset - first : end - first]

    def _tied(self, score: float, most: int) -> Iterator[DocAddress]:
        """Yield the hits of a score in the order of places, of the first ``most`` of these.

        The score is a function of the text, so it is enough to know it of each text (``group``).
        """
        at, size = 0, FIRST_WALK
        while at < most and (addresses := self._in_place_order(self.query, at, size)):
            groups = self.searcher.fast_field_values("group", addresses)
            scores = self._scores(sorted({int(group) for group in groups if group is not None}))
            for address, group in zip(addresses, groups, strict=True):
                if group is not None and scores.get(int(group)) == score:
                    yield address
            at, size = at + size, min(size * 2, READ_AT_MOST)

    def _scores(self, groups: list[int]) -> dict[int, float]:
        texts = Query.const_score_query(Query.term_set_query(self.schema, "group", groups), 0.0)
        query = Query.boolean_query([(Occur.Must, self.query), (Occur.Must, texts)])
        found = self.searcher.search(query, 4 * len(groups))
        if (count := total(found)) > len(found.hits):  # texts with very many copies
            found = self.searcher.search(query, count, count=False)
        return self._by_group(found.hits)

    def _by_group(self, hits: Scored) -> dict[int, float]:
        found = self.searcher.fast_field_values("group", [address for _, address in hits])
        return {
            int(group): rounded(score)
            for group, (score, _) in zip(found, hits, strict=True)
            if group is not None
        }

    def _in_place_order(self, query: Query, offset: int, limit: int) -> list[DocAddress]:
        hits = self.searcher.search(query, max(1, limit), False, "place", offset, Order.Asc).hits
        return [address for _, address in hits[: max(0, limit)]]

    def _record(self, address: DocAddress) -> Record:
        return stored(self.searcher, address)
