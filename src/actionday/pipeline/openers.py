"""Every source and image reader, and which of them claims a stream."""

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
        self._last = [plugin for plugin in plugins if getattr(plugin, "last", False)]
        plugins = [plugin for plugin in plugins if plugin not in self._last]
        self._all = [(plugin.name, plugin.claims) for plugin in plugins]
        self._of_texts = [
            (plugin.name, plugin.claims) for plugin in plugins if not getattr(plugin, "binary", False)
        ]

    def claimed(self, peek: Peek) -> str | None:
        """Return the name of the plug-in with the highest claim, None if nobody claims.

        Of equal claims the first by name wins, images before sources, so that every run is alike; that there
        are none on any sample is tested.
        """
        best, winner = Claim.NO, None
        asked = self._all if binary(peek) else self._of_texts
        for name, claims in asked:
            claim = claims(peek)
            if claim > best:
                best, winner = claim, name
        if winner is None:  # who looks into all of a stream is asked where nobody knows it
            winner = next((each.name for each in self._last if each.claims(peek) > Claim.NO), None)
        return winner

    def beside(self, name: str) -> bool:
        """Say whether it opens what lies beside a document's text: the document itself is a parser's."""
        return getattr(self.sources.get(name), "beside", False)


def binary(peek: Peek) -> bool:
    """Say whether what is looked at of a stream has a NUL, which no text has."""
    return b"\0" in peek.head or (peek.size > len(peek.head) and b"\0" in peek.tail)
