"""The index of a case: one document an item, one writer, any number of readers in other processes.

MUST: a document's ``seq`` is that of the transaction that will know it; the writer commits the index before
that transaction. After a crash ``rewind`` drops what no transaction knows. Documents come in order of ``seq``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import tantivy
from tantivy import Occur, Query

from actionday.model.language import codes_matching
from actionday.storage.index import folder as disk
from actionday.storage.index.among import among
from actionday.storage.index.answered import answered
from actionday.storage.index.beginnings import Beginnings
from actionday.storage.index.checked import Checked
from actionday.storage.index.cost import Cost, too_much
from actionday.storage.index.counts import Counts, Facets, by_item, matches
from actionday.storage.index.document import Document, Record
from actionday.storage.index.folder import IndexDamaged, guarded
from actionday.storage.index.grammar import parsed
from actionday.storage.index.known import LARGEST, Known, largest, numbered
from actionday.storage.index.mirror import mirrored
from actionday.storage.index.modes import open_up
from actionday.storage.index.node import Node
from actionday.storage.index.page import Hit, Page
from actionday.storage.index.query import FILTER_FIELDS, Compiler, check_filters
from actionday.storage.index.ranking import Ranking, in_order
from actionday.storage.index.schema import filled, group_number, of_item, stored
from actionday.storage.index.suggest import suggestions
from actionday.storage.index.tallies import Tallies, asked
from actionday.storage.readable import check_within

BATCH = 20_000  # documents of one round of ``items``
Filters = Mapping[str, Sequence[str]]
T = TypeVar("T")


class Index:
    """An opened index. Not for several threads at once when writing; searching is safe from any."""

    def __init__(
        self, folder: Path, index: tantivy.Index, writer: tantivy.IndexWriter | None,
        expand_language: Callable[[str], frozenset[str]], checked: Checked,
    ) -> None:  # fmt: skip
        self.folder = folder
        self._index, self._writer = index, writer
        self._expand_language = expand_language
        self._checked = checked
        self._fresh: set[int] = set()  # groups added since the last commit
        self._last: int | None = None  # transaction that is known
        self._mirror: object = None  # of an index that cannot be written: its links live as long as this does
        self._look(guarded(index.searcher))
        self._serial = largest(self._searcher, "serial")
        self._seq = largest(self._searcher, "seq")

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        heap_bytes: int = 128 << 20,
        writable: bool = False,
        expand_language: Callable[[str], frozenset[str]] = codes_matching,
        checked: Checked | None = None,
    ) -> "Index":
        """Return the index in a folder; an empty one is made if the folder is absent or empty.

        A reader reads all files first, to see that they are whole; what is in ``checked`` it does not read again.
        ``heap_bytes`` is what the writer may gather before it writes a segment. Raises ``IndexDamaged``: then
        make it anew beside and let it ``take_place``. Raises ``ValueError`` for a second writer, and ``NotReadable``
        for a reader whose account may not read it.
        """
        if not writable:
            check_within(folder)
        mirror = None if writable else mirrored(folder)
        try:
            place, checked = folder if mirror is None else Path(mirror.name), checked or Checked()
            index = disk.opened(place) if writable else disk.opened(place, checked.hold)
        except IndexDamaged as damage:
            raise type(damage)(
                damage.reason.replace(mirror.name, str(folder)) if mirror else damage.reason
            ) from damage
        writer = index.writer(heap_bytes, 1) if writable else None
        made = cls(folder, index, writer, expand_language, checked)
        made._mirror = mirror
        if writable:
            open_up(folder)
        else:
            checked.settle(folder, made._see)
        return made

    def add(self, documents: Iterable[Document], *, anew: bool = False) -> None:
        """Add documents, ``anew`` in place of their items' earlier ones. Raises ``ValueError`` if ``seq`` goes back."""
        writer = self._writable()
        for document in documents:
            if document.seq < self._seq:
                raise ValueError(f"seq {document.seq} of {document.item} after {self._seq}")
            self._seq = document.seq
            if anew:
                writer.delete_documents_by_query(of_item(self._index.schema, document.item))
            self._serial += 1
            text = document.text_digest()
            group = group_number(text)
            first = group not in self._fresh and not self._holds(group)
            self._fresh.add(group)
            writer.add_document(filled(document, self._serial, group, first, document.digest_with(text)))

    def commit(self, seq: int) -> None:
        """Make what was added durable and findable. Raises ``ValueError`` if a document has a higher ``seq``."""
        if seq < self._seq:
            raise ValueError(f"commit of {seq}, but documents of {self._seq} were added")
        self._writable().commit()
        open_up(self.folder)
        self._fresh.clear()
        self.reload()

    def rewind(self, seq: int) -> int:
        """Drop all documents of a later ``seq``, committed or not, and return how many committed ones."""
        writer = self._writable()
        writer.rollback()
        self._fresh.clear()
        self.reload()
        later = numbered(self._index.schema, "seq", seq + 1, LARGEST)
        dropped = matches(self._searcher, later)
        if dropped:
            writer.delete_documents_by_query(later)
            writer.commit()
            open_up(self.folder)
            self.reload()
        self._seq = min(largest(self._searcher, "seq"), seq)
        return dropped

    def close(self, *, hurried: bool = False) -> None:
        """Let go of the writer; what was not committed is gone.

        Waits for merging, so that nobody writes in the folder any more; ``hurried``: that comes to nothing, later.
        """
        writer, self._writer = self._writer, None
        if writer is not None:
            if hurried:
                writer.rollback()
            writer.wait_merging_threads()
            open_up(self.folder)

    @staticmethod
    def digest(document: Document) -> bytes:
        """Return what ``items`` gives for this document once it is indexed."""
        return document.digest()

    # Reading

    def documents(self) -> int:
        """Return how many documents there are, as of the last commit that was seen, and known; see ``know``."""
        return self._searcher.num_docs - self._known.later

    def know(self, seq: int) -> None:
        """Answer from now on of documents that transactions up to ``seq`` know alone: all others never happened yet."""
        self._last = seq
        guarded(lambda: self._look(self._searcher))

    def reload(self) -> None:
        """See what has been committed since, here or by another process. Raises ``NotReadable`` as ``open`` does."""
        if self._writer is None:
            check_within(self.folder)
            self._checked.settle(self.folder, self._see)
        else:
            self._see()

    def check(self) -> None:
        """Raise ``IndexDamaged`` where a file was changed since it was read, and is not whole; else it costs 0.3 ms."""
        if not self._checked.same(self.folder):
            self._checked.hold(self.folder)

    def _see(self) -> None:
        guarded(self._index.reload)
        self._look(guarded(self._index.searcher))

    def _look(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._known = Known(self._index.schema, searcher, self._last)
        self._beginnings = Beginnings(self._index.schema, searcher)
        self._tallies = Tallies(self._index.schema, searcher)

    @property
    def last_seq(self) -> int:
        """The highest ``seq`` of a document, 0 for none."""
        return self._seq

    def search(
        self,
        query: str | Node,
        *,
        limit: int,
        offset: int = 0,
        sort: str = "score",
        filters: Filters | None = None,
        facets: Sequence[str] = (),
    ) -> Page:
        """Return a page of hits with exact counts.

        ``sort``: score, path, time (newest first), oldest (both: without a time last); ties by exhibit and path.
        ``filters`` are those of ``query.FILTER_FIELDS``; the values of one are alternatives. ``facets`` are those of
        ``counts.FACETS``; asked for here they cost next to nothing. Raises ``QueryError``.
        """
        node, chosen = parsed(query), filters or {}
        compiled = self._compile(node, chosen)
        ranking = Ranking(self._index.schema, self._searcher, compiled)
        with ranking.begun(node, sort, offset + limit) as first:
            counts = self._counts(compiled, node, chosen, facets)
            size = min(limit, counts.total - offset)
            ranked = self._answered(lambda: ranking.page(node, sort, offset, size, counts.total, first))
        hits = [Hit(r.record.item, r.record.exhibit, r.record.path, r.record.sha256, r.score) for r in ranked]
        return Page(counts.total, counts.contents, hits, {name: counts.facets[name] for name in facets})

    def facets(self, query: str | Node, filters: Filters | None, fields: Sequence[str]) -> Facets:
        """Return exact counts of items by value for fields of ``counts.FACETS``, most frequent first."""
        node, chosen = parsed(query), filters or {}
        compiled = self._compile(node, chosen)
        found = self._answered(lambda: self._tallies.facets(asked(node, chosen), compiled, fields))
        return {name: found[name] for name in fields}

    def count(self, query: str | Node, filters: Filters | None = None) -> int:
        """Return how many items a query finds, exactly, and nothing else of them."""
        compiled = self._compile(parsed(query), filters or {})
        return self._answered(lambda: matches(self._searcher, compiled))

    def among(self, query: str | Node, filters: Filters, contents: Iterable[bytes]) -> int:
        """Return how many of the items that a query finds have one of ``contents``, by SHA-256."""
        compiled = self._compile(parsed(query), filters)
        return self._answered(lambda: among(self._index.schema, self._searcher, compiled, contents))

    def suggestions(self, query: str | Node) -> list[tuple[str, str]]:
        """Return, for words of a query that no text holds, the nearest that some do; see ``suggest``."""
        node = parsed(query)
        return self._answered(lambda: suggestions(self._known, node))

    def holds(self, field: str, value: str) -> bool:
        """Say whether any item has this very value of a field, as of the last reload."""
        return bool(self._known.frequency(field, value))

    def items(self) -> Iterator[tuple[str, int, bytes]]:
        """Yield item, seq and digest of each document, in the order they were added. Memory: one batch."""
        return ((kept.item, kept.seq, kept.digest) for kept in self.records())

    def records(self, query: str | Node | None = None) -> Iterator[Record]:
        """Yield what is stored of what a query finds, or of all, as added. Memory: one batch. Raises ``QueryError``."""
        searcher, last = self._searcher, largest(self._searcher, "serial")
        compiled = None if query is None else self._compile(parsed(query), {})
        for start in range(1, last + 1, BATCH):
            part = numbered(self._index.schema, "serial", start, start + BATCH - 1)
            if compiled is not None:
                part = Query.boolean_query([(Occur.Must, compiled), (Occur.Must, part)])
            for address in self._answered(partial(in_order, searcher, part, BATCH)):
                yield stored(searcher, address)

    def damage(self) -> list[str]:
        """Return the files that are missing or differ from their checksum, a line each. Reads all of them."""
        return disk.damage(self.folder)

    def _counts(self, compiled: Query, node: Node, filters: Filters, facets: Sequence[str]) -> Counts:
        def of_item() -> bool:
            return by_item(node, filters) or self._meets_own(node)

        return self._answered(lambda: self._tallies.counts(asked(node, filters), compiled, of_item, facets))

    def _compile(self, node: Node, filters: Filters) -> Query:
        if unknown := filters.keys() - FILTER_FIELDS.keys():
            raise KeyError(unknown.pop())
        check_filters(filters)
        if dear := self._answered(lambda: too_much(node, Cost(self._searcher, self._beginnings))):
            raise dear
        return self._answered(lambda: self._known.within(self._compiler().compile(node, filters)))

    def _meets_own(self, node: Node) -> bool:
        """Tell whether a word is in the metadata of an item itself, which places of one content need not share."""
        return matches(self._searcher, self._compiler().own(node)) > 0

    def _compiler(self) -> Compiler:
        return Compiler(self._index.schema, self._searcher, self._beginnings, self._expand_language)

    def _answered(self, call: Callable[[], T]) -> T:
        return answered(self.folder, call)

    def _writable(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise ValueError("the index was opened for reading")
        return self._writer

    def _holds(self, group: int) -> bool:
        """Tell whether a committed document has this content and text; deleted ones still have a frequency."""
        known = self._searcher.num_docs and self._searcher.doc_freq("group", group)
        return (
            bool(known) and matches(self._searcher, Query.term_query(self._index.schema, "group", group)) > 0
        )
