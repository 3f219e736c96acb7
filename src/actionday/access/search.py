"""Searching a case: hits with snippets in their own script, exact counts, and the ledger entry of the search."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from actionday.access.asked import check_values
from actionday.access.caveats import caveats
from actionday.access.hints import Hints, hints
from actionday.access.hits import Found, Hit, Nearest, Piece
from actionday.access.in_part import InPart
from actionday.access.of_exhibit import of_exhibits
from actionday.access.told import FIELDS, told
from actionday.access.unsearched import Unsearched, deciding
from actionday.access.wider import wider
from actionday.ledger import Action
from actionday.model import Damaged
from actionday.model.counted import grouped, parted
from actionday.model.language import codes_matching
from actionday.storage.case import Case
from actionday.storage.case_parts import INDEX, OBJECTS
from actionday.storage.database.rows import READ
from actionday.storage.index import (
    Checked,
    Index,
    IndexDamaged,
    Node,
    Page,
    QueryError,
    Sought,
    corrected,
    parse,
    seen,
    snippet,
    sought_words,
)
from actionday.storage.index import Hit as IndexHit
from actionday.storage.index.node import And, sought
from actionday.storage.index.written import written
from actionday.storage.objects import Location, Packs

SNIPPET_WIDTH = 160
"""Characters around a hit: two lines of a list at 80 columns."""


class Searcher:
    """Keeps the index of a case open between searches."""

    def __init__(self, case: Case, checked: Checked | None = None) -> None:
        """Open it. ``checked``: files of the index that were read already, by another searcher of the case.

        Raises IndexDamaged.
        """
        self._case = case
        self._state = self._changed()
        self._index = _opened(case, checked)
        self._packs = Packs(case.folder / OBJECTS)
        self._unsearched, self._in_part = Unsearched(), InPart()

    def _changed(self) -> tuple[int, int, int]:
        """Return what changes with every commit of the index, and of the database behind it."""
        try:
            facts = (self._case.folder / INDEX / "meta.json").stat()
        except FileNotFoundError:  # none yet, or it is being made anew
            return 0, 0, self._case.seq
        return facts.st_mtime_ns, facts.st_ino, self._case.seq

    def _refresh(self) -> None:
        """See what an ingest at work has committed; counts that were made stay while nothing has.

        Raises IndexDamaged, also where a file was changed since it was opened.
        """
        state = self._changed()
        if state != self._state:
            held = _held(self._case)
            self._index.reload()
            _agrees(self._index, held)
            self._state = state
        else:
            self._index.check()

    def search(
        self,
        words: str,
        *,
        narrow: str = "",
        limit: int = 50,
        offset: int = 0,
        filters: Mapping[str, Sequence[str]] | None = None,
        sort: str = "score",
        log: bool = True,
        facets: Sequence[str] = (),
    ) -> Found:
        """Return a page of hits for ``words`` within ``narrow`` (a query too, "" is everything); record the search.

        ``facets`` will be asked for next, of the same: counted here, they cost next to nothing there.
        Raises QueryError with the position in ``words`` of what is wrong.
        """
        self._refresh()
        own = parse(words)
        check_values(own, self._index, self._case.database)
        query = narrowed(words, narrow)
        node = _within(words, narrow)
        page = self._page(node, limit, offset, filters or {}, sort, facets)
        hits = tuple(self._hits(page.hits, node))
        logged = log and self._case.log(
            Action.SEARCHED,
            query,  # whole: a grammar's longest is far below what an entry holds
            {
                "total": page.total,
                "offset": offset,
                "limit": limit,
                "filters": {key: list(values) for key, values in (filters or {}).items()},
            },
        )
        found = Found(
            page.total,
            page.contents,
            hits,
            logged,
            wider=self._wider(node, page.total, filters or {}),
            unsearched=self._unsearched.of(self._case.database),
            in_part=self.in_part(node, filters or {}),
            unlisted=self._unsearched.unlisted(self._case.database),
            words=bool(sought(own)),
            unhashed=self._unsearched.unhashed(self._case.database),
            undated=self._unsearched.undated(self._case.database),
            by=deciding(node, filters or {}),
            caveats=caveats(self._case),
        )
        if page.total:
            return found
        nearest = self._nearest(words, narrow, filters or {})
        return found._replace(nearest=nearest, hints=self._hints(words, narrow, filters or {}))

    def in_part(self, node: Node, filters: Mapping[str, Sequence[str]]) -> int:
        """Return how many items, of those that the filters of a query leave, have a part of their text alone."""
        return self._in_part.of(self._case.database, self._index, node, filters)

    def _wider(self, node: Node, total: int, filters: Mapping[str, Sequence[str]]) -> Nearest | None:
        """Return the query for whole macrolanguages where it finds more than ``total``."""
        whole = wider(node)
        found = 0 if whole == node else self._index.count(whole, filters)
        return Nearest(written(whole), found) if found > total else None

    def every(self, words: str, *, narrow: str = "") -> Iterator[str]:
        """Yield the id of every item that ``search`` counts, in the order they were stored; nothing is recorded.

        Raises QueryError as ``search``, at the first one.
        """
        self._refresh()
        check_values(parse(words), self._index, self._case.database)
        for record in self._index.records(_within(words, narrow)):
            yield record.item

    def _hints(self, words: str, narrow: str, filters: Mapping[str, Sequence[str]]) -> Hints:
        """Return what to tell of ``words`` that found nothing within the same filters."""

        def within(node: Node) -> int:
            return self._index.count(And((node, parse(narrow))) if narrow else node, filters)

        told = hints(words, within, self._index.count if narrow or filters else None)
        return told._replace(exhibits=of_exhibits(self._case.database, words, within))

    def _nearest(self, words: str, narrow: str, filters: Mapping[str, Sequence[str]]) -> Nearest | None:
        """Return the nearest spelling of ``words`` that finds something within the same filters."""
        node = parse(words)
        pairs = self._index.suggestions(node)
        if not pairs:
            return None
        try:
            better = corrected(words, node, pairs)
            total = self._page(_within(better, narrow), 0, 0, filters, "score").total
        except QueryError:  # a nearest word may be an operator's or a field's name
            return None
        return Nearest(better, total) if total else None

    def _page(
        self, node: Node, limit: int, offset: int, filters: Mapping[str, Sequence[str]], sort: str,
        facets: Sequence[str] = (),
    ) -> Page:  # fmt: skip
        return self._index.search(node, limit=limit, offset=offset, filters=filters, sort=sort, facets=facets)

    def facets(
        self, words: str, filters: Mapping[str, Sequence[str]], fields: Sequence[str], *, narrow: str = ""
    ) -> dict[str, list[tuple[str, int]]]:
        """Return exact counts of what was found by language, type, exhibit, year."""
        return self._index.facets(_within(words, narrow), filters=filters, fields=fields)

    def text(self, item: str) -> str | None:
        """Return the text of an item's content as it was read there, None when it has none.

        Raises Damaged for one that is not as it was stored.
        """
        row = self._case.database.execute(
            "SELECT o.pack, o.start, o.size, o.frames, o.skip, c.text FROM items i "  # noqa: S608 - a constant
            f"JOIN contents c ON {READ} JOIN objects o ON o.sha256 = c.text WHERE i.id = ?",
            (bytes.fromhex(item),),
        ).fetchone()
        if row is None:
            return None
        return self._packs.whole(row[5], Location.of(row[:5])).decode("utf-8", "replace")

    def _hits(self, found: Sequence[IndexHit], node: Node) -> Iterator[Hit]:
        seeking = sought_words(node, FIELDS)
        in_text = [each for each in seeking if each.term.field is None]
        for of in found:
            pieces, problem, over = self._snippet(of.item, in_text)
            beside = told(self._case.database, of.item, seeking, pieces)
            yield Hit(of.item, of.exhibit, of.path, of.sha256, of.score, pieces, problem, beside, over)

    def _snippet(
        self, item: str, seeking: Sequence[Sought]
    ) -> tuple[tuple[Piece, ...], str | None, int | None]:
        """Return the snippet, why there is none (one torn text hides no other hit), and ``Hit.looked_over``."""
        try:
            text = self.text(item)
        except (Damaged, OSError) as error:
            return (), str(error), None
        if text is None:
            return (), None, None
        pieces, over = tuple(snippet(text, seeking, width=SNIPPET_WIDTH)), seen(text, seeking)
        further = bool(seeking) and over < len(text) and not any(marked for _, marked in pieces)
        return pieces, None, over if further else None

    def close(self) -> None:
        """Close index and objects."""
        self._index.close()
        self._packs.close()


class Held(NamedTuple):
    """What the database holds at a checkpoint."""

    seq: int
    items: int


def _held(case: Case) -> Held:
    """Return it as one look at the database sees it."""
    query = "SELECT (SELECT value FROM facts WHERE key = 'seq'), (SELECT COUNT(*) FROM items)"
    seq, items = case.database.execute(query).fetchone()
    return Held(int(seq), int(items))


def _opened(case: Case, checked: Checked | None) -> Index:
    """Return the case's index. Raises IndexDamaged where it is torn or lacks items: no answer beats a wrong one."""
    held = _held(case)
    if held.items and not (case.folder / INDEX).is_dir():
        raise IndexDamaged("it is missing")
    index = Index.open(case.folder / INDEX, checked=checked)
    _agrees(index, held)
    return index


def _agrees(index: Index, held: Held) -> None:
    """Check an index opened after what is ``held`` was looked up, and have it answer of that alone.

    An ingest commits it before the rows: of what it has beyond them, some may never come to be in the case.
    """
    index.know(held.seq)
    if (documents := index.documents()) < held.items:
        raise IndexDamaged(f"it holds {grouped(documents)} of the case's {parted(held.items, 'item')}")


def narrowed(words: str, narrow: str) -> str:
    """Return the query for what meets both ``words`` and ``narrow``; "" narrows nothing."""
    return f"({words}) {narrow}" if narrow else words


def _within(words: str, narrow: str) -> Node:
    """Return the tree of ``narrowed``: as long and as deep as ``words`` alone may be."""
    return And((parse(words), parse(narrow))) if narrow else parse(words)


def known_language(code: str) -> bool:
    """Say whether a code names a language that texts can have."""
    return bool(codes_matching(code.lower()))
