"""Sentences of the record known again by their form: what stands between the places for names and figures."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from markupsafe import Markup, escape

PLACE = re.compile(r"%\((\w+)\)s")
LONGEST = 5000
"""Characters that a place may hold: a path has up to 4096. Whatever is longer is no sentence of this kind."""
ONE_WORD = frozenset({
    "all", "bytes", "code", "count", "file", "first", "hash", "item", "items", "last", "list", "number", "others",
    "pack", "size", "stage", "status", "table",
})  # fmt: skip
"""Places that hold a figure, a hash, the name of a file of ours or a code, and so no blank."""
BEHIND = ": not proved"
"""What stands behind another sentence, and in no place."""
WITHIN = frozenset({"then", "place"})
"""Places behind which another sentence may follow, parted by a semicolon, which they do not hold."""

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")
WORD = r"[A-Za-z](?:[\w./-]*\w)?"
LATIN = re.compile(rf"(-{{0,2}}{WORD}(?: {WORD})*)", re.ASCII)
"""Names of ours or of the field: case.db, --head HEAD, SHA-256, Ledger head."""


class Form(NamedTuple):
    """A sentence, the texts between its places, and the names of these."""

    sentence: str
    texts: tuple[str, ...]
    places: tuple[str, ...]


def forms(sentences: Iterable[str]) -> tuple[Form, ...]:
    """Return each sentence with its form.

    The one with most words of its own is first: what another leaves to a place would hold the rest of it.
    """
    split = ((sentence, PLACE.split(sentence)) for sentence in sentences)
    made = [Form(sentence, tuple(parts[::2]), tuple(parts[1::2])) for sentence, parts in split]
    return tuple(sorted(made, key=lambda each: -len("".join(each.texts))))


def fits(form: Form, text: str) -> dict[str, str] | None:
    """Return what stands in the places of a form, None where a text has another. Linear in its length.

    Each text between is taken where it first stands: where any choice fits, this one does.
    """
    first, *between = form.texts
    if not text.startswith(first):
        return None
    if not between:
        return {} if text == first else None
    last = between.pop()
    end = len(text) - len(last)
    if end <= len(first) or not text.endswith(last):
        return None
    at, held = len(first), list[str]()
    for words in between:
        found = text.find(words, at + 1, end)
        if found < 0:
            return None
        held.append(text[at:found])
        at = found + len(words)
    held.append(text[at:end])
    places = dict(zip(form.places, held, strict=True))
    return places if all(_may_be(name, value) for name, value in places.items()) else None


def _may_be(name: str, value: str) -> bool:
    return (
        0 < len(value) <= LONGEST
        and "\n" not in value
        and not value.endswith(BEHIND)
        and value.count("(") == value.count(")")  # half a parenthesis is the end of one sentence in another
        and not (name in ONE_WORD and " " in value)
        and not (name in WITHIN and "; " in value)
    )


def filled(translated: str, places: dict[str, str], shown: Callable[[str, str], Markup]) -> Markup:
    """Return a translated sentence with its places, each as ``shown`` has it by its name and text."""
    pieces = PLACE.split(translated)
    parts = (shown(piece, places[piece]) if n % 2 else _isolated(piece) for n, piece in enumerate(pieces))
    return Markup("").join(parts)


def _isolated(text: str) -> Markup:
    """Return words of a translation; a Latin name among letters that run from right to left keeps its own order."""
    if not RIGHT_TO_LEFT.search(text):
        return escape(text)
    return Markup("").join(
        Markup('<bdi dir="ltr">{}</bdi>').format(piece) if n % 2 else escape(piece)
        for n, piece in enumerate(LATIN.split(text))
    )
