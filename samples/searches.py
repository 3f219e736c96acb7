"""Searches with the exact number of items that hold the words, counted from what was written."""

import unicodedata
from dataclasses import dataclass

from samples.languages import languages
from samples.made import Kind, Need, Place
from samples.network import Network

# Kinds that stand for their content once; a letter in a file of its own stands there twice.
PLAIN = frozenset({Kind.FILE, Kind.MEMBER, Kind.MESSAGE, Kind.ATTACHMENT, Kind.RECORD})
_LONGEST = 4 << 20  # bytes of a content without a known text in which a chance hit is looked for


@dataclass(frozen=True, slots=True)
class Search:
    """A query in the product's grammar, its language, and the places (exhibit, path) that hold it."""

    query: str
    language: str
    script: str
    places: tuple[tuple[str, str], ...]
    contents: int


class AmbiguousError(ValueError):
    """The words also stand where a reader may or may not count them."""


def folded(text: str) -> str:
    """Return the text as a search sees it, as far as these words need it."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def searches(network: Network, found: list[tuple[str, Place]]) -> list[Search]:
    """Return two searches for the schedule of each language: one phrase, and two phrases at once."""
    texts = {place.made.sha256: _words(place) for _, place in found}
    out = []
    for station in network.stations:
        for code, rows in sorted(station.schedules.items()):
            names = [name for _, name in rows if _simple(name)][:2]
            out += [_search(names[:count], code, found, texts) for count in range(1, len(names) + 1)]
    return out


def _simple(name: str) -> bool:
    """Whether the name has only letters and spaces, so that tokens are a matter of no opinion."""
    return all(letter == " " or unicodedata.category(letter)[0] in "LM" for letter in name)


def _search(names: list[str], code: str, found: list[tuple[str, Place]], texts: dict[str, str]) -> Search:
    query = " AND ".join(f'"{name}"' for name in names)
    wanted = [folded(name) for name in names]
    hits = [
        (exhibit, place)
        for exhibit, place in found
        if all(word in texts[place.made.sha256] for word in wanted)
    ]
    strange = [place.path for _, place in hits if _unsure(place)]
    if strange or not hits:
        raise AmbiguousError(f"{query}: {strange or 'nowhere'}")
    places = tuple(sorted((exhibit, place.path) for exhibit, place in hits))
    contents = len({place.made.sha256 for _, place in hits})
    return Search(query, code, languages()[code].script, places, contents)


def _unsure(place: Place) -> bool:
    """Whether a reader may count the place or not, or twice."""
    return place.kind not in PLAIN or place.need is not Need.MUST or _twice(place)


def _twice(place: Place) -> bool:
    """Whether the content stands in the export as a file and again as the message in it."""
    return any(inner.made.sha256 == place.made.sha256 for inner in place.made.inside)


def _words(place: Place) -> str:
    """Return what a reader may find in a content: its known text, else whatever its bytes spell."""
    content = place.made
    if content.text is not None:
        return folded(content.text)
    if content.inside or content.language or content.size > _LONGEST:
        return ""
    return folded(content.data.decode(errors="ignore"))
