"""Every source and image reader, and which of them claims a stream."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from actionday.model import Broken, Claim, Image, Note, Peek, Source
from actionday.plugins import load


class Openers:
    """The registered sources and image readers, by name."""

    def __init__(self) -> None:
        sources, missing = load("actionday.sources", "SOURCE")
        images, _ = load("actionday.sources", "IMAGE")
        self.sources: dict[str, Source] = {source.name: source for source in sources}
        self.images: dict[str, Image] = {image.name: image for image in images}
        self.missing: list[Note] = missing
        if twice := self.sources.keys() & self.images.keys():
            raise Broken(f"both a source and an image reader: {sorted(twice)}")
        plugins: list[Image | Source] = [*self.images.values(), *self.sources.values()]
        self._all = Asked(plugins)
        self._of_texts = Asked([plugin for plugin in plugins if not getattr(plugin, "binary", False)])

    def claimed(self, peek: Peek) -> str | None:
        """Return the name of the plug-in with the highest claim, None if nobody claims.

        Of equal claims the first by name wins, images before sources, so that every run is alike; that there
        are none on any sample is tested.
        """
        best, winner = Claim.NO, None
        asked = self._all if binary(peek) else self._of_texts
        for plugin in asked.about(peek.head):
            claim = plugin.claims(peek)
            if claim > best:
                best, winner = claim, plugin.name
        return winner

    def beside(self, name: str) -> bool:
        """Say whether it opens what lies beside a document's text: the document itself is a parser's."""
        return getattr(self.sources.get(name), "beside", False)


class Asked:
    """Plug-ins in their order, and which of them are to be asked: their ``marks`` are looked up together."""

    def __init__(self, plugins: Sequence[Image | Source]) -> None:
        self._plugins = plugins
        marked = [(number, getattr(plugin, "marks", ())) for number, plugin in enumerate(plugins)]
        self._others = frozenset(number for number, marks in marked if not marks)
        self._always = [plugins[number] for number in sorted(self._others)]
        self._places = _places(marked)

    def about(self, head: bytes) -> Sequence[Image | Source]:
        """Return all that could claim what begins with ``head``."""
        found: set[int] = set()
        for at, end, numbers in self._places:
            found |= numbers.get(head[at:end], frozenset())
        return [self._plugins[number] for number in sorted(self._others | found)] if found else self._always


Marked = Sequence[tuple[int, Sequence[tuple[int, bytes]]]]


def _places(marked: Marked) -> list[tuple[int, int, Mapping[bytes, frozenset[int]]]]:
    """Return who is asked by the bytes at each place, as many of them as the shortest mark there has."""
    every = [(at, mark, number) for number, marks in marked for at, mark in marks]
    shortest: dict[int, int] = {}
    for at, mark, _ in every:
        shortest[at] = min(len(mark), shortest.get(at, len(mark)))
    numbers: dict[int, dict[bytes, frozenset[int]]] = defaultdict(dict)
    for at, mark, number in every:
        key = mark[: shortest[at]]
        numbers[at][key] = numbers[at].get(key, frozenset()) | {number}
    return [(at, at + shortest[at], found) for at, found in numbers.items()]


def binary(peek: Peek) -> bool:
    """Say whether what is looked at of a stream has a NUL, which no text has."""
    return b"\0" in peek.head or (peek.size > len(peek.head) and b"\0" in peek.tail)
