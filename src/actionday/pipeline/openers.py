"""Every source and image reader, and which of them claims a stream."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from mmap import mmap

from actionday.model import Assembly, Broken, Claim, Image, Kind, Note, Peek, Source
from actionday.plugins import load


class Openers:
    """The registered sources and image readers, by name."""

    def __init__(self) -> None:
        sources, missing = load("actionday.sources", "SOURCE")
        images, _ = load("actionday.sources", "IMAGE")
        assemblies, _ = load("actionday.sources", "ASSEMBLY")
        self.sources: dict[str, Source] = {source.name: source for source in sources}
        self.images: dict[str, Image] = {image.name: image for image in images}
        self.assemblies: dict[str, Assembly] = {assembly.name: assembly for assembly in assemblies}
        self.apart = self.images.keys() | self.assemblies.keys()
        """Who opens what is a job of its own, however small: it may need what lies beside it, or be a part of more."""
        self.missing: list[Note] = missing
        if twice := self.sources.keys() & self.images.keys():
            raise Broken(f"both a source and an image reader: {sorted(twice)}")
        plugins: list[Image | Source] = [*self.images.values(), *self.sources.values()]
        self._last = [plugin for plugin in plugins if getattr(plugin, "last", False)]
        plugins = [plugin for plugin in plugins if plugin not in self._last]
        texts = [plugin for plugin in plugins if not getattr(plugin, "binary", False)]
        binaries = [plugin for plugin in plugins if not getattr(plugin, "textual", False)]
        self._of_texts, self._of_binaries, self._of_all = Asked(texts), Asked(binaries), Asked(plugins)

    def claimed(self, peek: Peek, but: str = "") -> str | None:
        """Return the name of the plug-in with the highest claim, None if nobody (``but`` one left out) claims.

        Of equal claims the first by name wins, images before sources, so that every run is alike; that there
        are none on any sample is tested.
        """
        best, winner = Claim.NO, None
        asked = self._asked(peek).about(peek)
        if peek.kind is Kind.UNALLOCATED:  # it may begin with what was a disk or an archive
            asked = [plugin for plugin in asked if peek.kind in getattr(plugin, "kinds", ())]
        for plugin in asked:
            claim = plugin.claims(peek)
            if claim > best and plugin.name != but:
                best, winner = claim, plugin.name
        if winner is None:  # who looks into all of a stream is asked where nobody knows it
            winner = next((each.name for each in self._last if each.claims(peek) > Claim.NO), None)
        return winner

    def _asked(self, peek: Peek) -> "Asked":
        if b"\0" in peek.head:
            return self._of_binaries
        return self._of_all if binary(peek) else self._of_texts

    def beside(self, name: str) -> bool:
        """Say whether it opens what lies beside a document's text: the document itself is a parser's."""
        return getattr(self.sources.get(name), "beside", False)

    def no_byte_left(self, name: str) -> bool:
        """Say whether it gives every byte of a file as an item: nothing is unread though no parser knows its type."""
        return getattr(self.sources.get(name), "no_byte_left", False)

    def no_text_of_its_own(self, name: str) -> bool:
        """Say whether no parser is asked for a text of the whole: all of its text is that of its items."""
        return getattr(self.sources.get(name), "no_text_of_its_own", False)

    def waits(self, name: str, head: bytes | mmap) -> bool:
        """Say whether what begins so is opened by a job of its own, once what lies beside it is stored."""
        marks = getattr(self.sources.get(name), "waits", ())
        return name in self.apart or any(head[at : at + len(mark)] == mark for at, mark in marks)


class Asked:
    """Plug-ins in their order, and which of them are to be asked: their ``marks`` are looked up together."""

    def __init__(self, plugins: Sequence[Image | Source]) -> None:
        self._plugins = plugins
        marked = [(1 << number, getattr(plugin, "marks", ())) for number, plugin in enumerate(plugins)]
        self._places = _places(marked)
        self._behind = any(at < 0 for at, _, _ in self._places)
        self._kinds: dict[Kind, int] = defaultdict(int)
        self._called: list[tuple[tuple[str, ...], int]] = []
        self._always = 0
        for number, plugin in enumerate(plugins):
            kinds, called = getattr(plugin, "kinds", ()), getattr(plugin, "called", ())
            for kind in kinds:
                self._kinds[kind] |= 1 << number
            if called:
                self._called.append((called, 1 << number))
            if not (marked[number][1] or kinds or called):
                self._always |= 1 << number
        self._chosen: dict[int, Sequence[Image | Source]] = {}

    def about(self, peek: Peek) -> Sequence[Image | Source]:
        """Return all that could claim what is looked at."""
        head, found = peek.head, self._always | self._kinds.get(peek.kind, 0)
        length, tail = len(head), peek.tail if self._behind else b""
        for at, end, numbers in self._places:
            if at >= length:
                break
            if at >= 0:
                found |= numbers.get(head[at:end], 0)
            else:
                begin = max(0, at + len(tail))
                found |= numbers.get(tail[begin : begin + end], 0)
        for called, number in self._called:
            if peek.name.endswith(called):
                found |= number
        chosen = self._chosen.get(found)
        return self._choose(found) if chosen is None else chosen

    def _choose(self, found: int) -> Sequence[Image | Source]:
        chosen = [plugin for number, plugin in enumerate(self._plugins) if found >> number & 1]
        if len(self._chosen) < MOST_CHOSEN:
            self._chosen[found] = chosen
        return chosen


Marked = Sequence[tuple[int, Sequence[tuple[int, bytes]]]]
LENGTHS = (1, 2, 4)
"""Bytes of a mark that are looked up; those of longer marks that follow are looked at by who is asked."""
MOST_CHOSEN = 4096


def _places(marked: Marked) -> list[tuple[int, int, Mapping[bytes, int]]]:
    """Return who is asked (each a bit) by the bytes at each place: its begin, its end, who has a mark there.

    Places counted from the end come first: begin and length.
    """
    numbers: dict[tuple[int, int], dict[bytes, int]] = defaultdict(dict)
    for number, marks in marked:
        for at, mark in marks:
            length = max(each for each in LENGTHS if each <= len(mark))
            there, key = numbers[at, length], mark[:length]
            there[key] = there.get(key, 0) | number
    return [
        (at, length if at < 0 else at + length, found)
        for (at, length), found in sorted(numbers.items(), key=_place)
    ]


def _place(each: tuple[tuple[int, int], dict[bytes, int]]) -> tuple[int, int]:
    return each[0]


def binary(peek: Peek) -> bool:
    """Say whether what is looked at of a stream has a NUL, which no text has."""
    return b"\0" in peek.head or (peek.size > len(peek.head) and b"\0" in peek.tail)
