"""A message of a PST: its properties, recipients, attachments. What of it is broken is named, the rest is there.

Source: [MS-PST] 2.4.5 (messages), 2.4.6 (attachments), 2.4.7 (named properties).
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain

from actionday.model import Damaged, ItemError
from actionday.sources.mail._mapi import MOST, OBJECT, Name, Property, Props, names_of
from actionday.sources.mail._mapiitems import ATTACHED, Attached, Letter
from actionday.sources.mail._pstfile import Node, Store
from actionday.sources.mail._pstheap import PROPERTIES, TABLE, Heap, properties, table, within_object

NAMES, RECIPIENTS, ATTACHMENTS = 0x61, 0x692, 0x671
KIND, ATTACHMENT = 0x1F, 0x05
METHOD, FLAGS, DISPLAYED = 0x3705, 0x0E07, (0x0E02, 0x0E03, 0x0E04)
WITH_ATTACHMENTS = 0x10
EMBEDDED = 5


class Letters:
    """Makes letters of the nodes of one store; ``wrong`` says why its named properties stay numbers ("" if not)."""

    def __init__(self, store: Store) -> None:
        self.store, self.wrong = store, ""
        try:
            self.names: Mapping[int, Name] = dict(_names(store))
        except ItemError as why:
            self.names, self.wrong = {}, f"the names of properties cannot be read: {why}"

    def props(self, node: Node) -> Props:
        """Return the properties of a folder or message. Raises Damaged."""
        return self._of(properties(Heap(self.store, node, PROPERTIES)))

    def letter(self, node: Node) -> Letter:
        """Return a message. Raises Damaged where its properties cannot be listed."""
        heap = Heap(self.store, node, PROPERTIES)
        props, lost = self._of(properties(heap)), list(heap.within.wrong)
        recipients = [self._of(row, props.charset) for _, row in self._rows(heap, RECIPIENTS, lost)]
        if RECIPIENTS not in heap.within and any(_has(props, each) for each in DISPLAYED):
            lost.append("PST: the table of its recipients is not there: they are known by name alone")
        attachments = list(self._attachments(heap, props, lost))
        return Letter(props, recipients, attachments, tuple(lost))

    def _of(self, found: Mapping[int, Property], charset: str = "") -> Props:
        return Props(found, self.names, charset)

    def _rows(self, heap: Heap, number: int, lost: list[str]) -> list[tuple[int, dict[int, Property]]]:
        node = heap.within.get(number)
        if node is None:
            return []
        called = "recipients" if number == RECIPIENTS else "attachments"
        try:
            found = table(Heap(self.store, node, TABLE))
        except ItemError as why:
            lost.append(f"PST: the table of its {called} cannot be read: {why}")
            return []
        lost += (f"PST: the table of its {called} breaks off: {why}" for why in found.wrong)
        return found.rows

    def _attachments(self, heap: Heap, props: Props, lost: list[str]) -> Iterator[Attached]:
        """Yield what the table lists, then what is there and not listed."""
        listed = dict(self._rows(heap, ATTACHMENTS, lost))
        others = [number for number in heap.within if number & KIND == ATTACHMENT and number not in listed]
        if ATTACHMENTS not in heap.within and not others and props.number(FLAGS) & WITH_ATTACHMENTS:
            lost.append("PST: it has attachments, and the table of them is not there")
        for number in chain(listed, others):
            yield self._attachment(heap, number, self._of(listed.get(number, {}), props.charset))

    def _attachment(self, heap: Heap, number: int, row: Props) -> Attached:
        place = f"{number:x}"
        try:
            own = Heap(self.store, heap.subnode(number), PROPERTIES)
            props = self._of({**row.found, **properties(own)}, row.charset)
        except ItemError as why:
            return Attached(place, row, f"the attachment cannot be read: {why}")
        held = props.found.get(ATTACHED)
        if held is None:
            return Attached(place, props)
        try:
            if held.error:
                raise Damaged(f"PST: {held.error}")
            if held.kind == OBJECT:
                return self._object(own, props, place, held)
            _begun(held.chunks)
        except ItemError as why:
            return Attached(place, props, f"the attachment cannot be read: {why}")
        return Attached(place, props, chunks=held.chunks)

    def _object(self, own: Heap, props: Props, place: str, held: Property) -> Attached:
        inner, _ = within_object(held)
        node = own.subnode(inner)
        if props.number(METHOD) == EMBEDDED:
            return Attached(place, props, letter=partial(self.letter, node))
        chunks = partial(_pieces, self.store, node)
        _begun(chunks)
        return Attached(place, props, chunks=chunks)


def _pieces(store: Store, node: Node) -> Iterator[bytes]:
    yield from filter(None, store.pieces(node.data))


def _begun(chunks: Callable[[], Iterator[bytes]]) -> None:
    """Raise what reading the first bytes raises: one of which nothing is there is no attachment of no bytes."""
    next(chunks(), b"")


def _has(props: Props, number: int) -> bool:
    try:
        return bool(props.text(number))
    except ItemError:
        return False


def _names(store: Store) -> Iterator[tuple[int, Name]]:
    """Yield the names of properties by number. Raises Damaged."""
    node = store.nodes.get(NAMES)
    if node is not None:
        found = properties(Heap(store, node, PROPERTIES))
        yield from names_of(*(found[each].raw(MOST) if each in found else b"" for each in (2, 3, 4)))
