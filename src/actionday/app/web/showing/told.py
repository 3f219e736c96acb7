"""What a proof says, in the reader's language: its sentences are put together, and are known again piece by piece.

The record keeps them in English, and the ledger vouches for that. The sentences themselves are in ``proof``. A piece
that is none of them (a name, a path, what a library says) stands as it is.
"""

from collections.abc import Callable, Iterator, Sequence

from markupsafe import Markup

from actionday.app.web.showing import proof, sentences
from actionday.app.web.showing.forms import Form, filled, fits, forms
from actionday.app.web.showing.names import visible
from actionday.app.web.signs import CHECKS

FORMS = forms((*proof.SENTENCES, *sentences.SENTENCES))
BEGUN = tuple(form for form in FORMS if form.texts[0])
OPEN = tuple(form for form in FORMS if not form.texts[0])
"""Those that begin with a place: whatever stands before the rest of one would be taken for a name."""
SAID = frozenset({"after", "before", "error", "key", "place", "rows", "what", "why"})
"""Places in which another sentence may stand."""
WORDS = frozenset({"error", "what", "why"})
"""Those in which nothing but words stand: what is not known there is English."""
JOINTS = {"; ": "؛ ", ": ": ": ", ", ": "، "}
"""What stands between two pieces, and between them in Arabic."""
MOST_TRIED = 40
"""Pieces of one sentence that are looked up: ours have at most ten; each costs its length and 0.1 ms."""
LONGEST = 20_000


def told(text: str, translate: Callable[[str], str]) -> Markup:
    """Return a sentence of a proof as a page shows it: translated where it is known, else marked as English.

    Linear in the length: at most ``MOST_TRIED`` pieces are looked at.
    """
    found = _Telling(translate).sentence(text) if len(text) <= LONGEST else None
    return Markup("<bdi>{}</bdi>").format(found) if found is not None else _english(text)


class _Telling:
    """Puts one sentence into another language; ``left`` bounds how many pieces are looked up."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        self._translate = translate
        self._left = MOST_TRIED

    def sentence(self, text: str) -> Markup | None:
        """Return it translated, None where neither it nor its end is known."""
        name, joint, rest = text.partition(": ")
        if (found := self._whole(text, BEGUN)) is not None:
            return found
        if joint and name in CHECKS and self._translate(CHECKS[name]) != CHECKS[name]:
            inner = self.sentence(rest) if self._left > 0 else None
            return Markup("{}: {}").format(
                self._translate(CHECKS[name]), _english(rest) if inner is None else inner
            )
        if (found := self._whole(text, OPEN)) is not None:
            return found
        for at, joint in _joints(text):
            if self._left <= 0:
                return None
            tail = self._tail(text[at + len(joint) :], joint)
            if tail is not None:
                head = self.sentence(text[:at])
                return Markup("{}{}{}").format(
                    _isolated(text[:at]) if head is None else head, JOINTS[joint], tail
                )
        return None

    def _tail(self, text: str, joint: str) -> Markup | None:
        found = self._whole(text, FORMS)
        return self.sentence(text) if found is None and joint == "; " else found

    def _whole(self, text: str, known: Sequence[Form]) -> Markup | None:
        """Return a sentence that is known as a whole."""
        self._left -= 1
        for form in known:
            if (found := fits(form, text)) is not None and (said := self._said(form, found)) is not None:
                return said
        return None

    def _said(self, form: Form, found: dict[str, str]) -> Markup | None:
        translated = self._translate(form.sentence)
        if translated == form.sentence:
            return None
        return filled(translated, found, self._place)

    def _place(self, name: str, text: str) -> Markup:
        inner = self.sentence(text) if name in SAID and self._left > 0 else None
        if inner is not None:
            return inner
        return _english(text) if name in WORDS else _isolated(text)


def _joints(text: str) -> Iterator[tuple[int, str]]:
    """Yield where a sentence may be put together, from its end on: what stands there is known most often."""
    end = len(text)
    for _ in range(MOST_TRIED):
        at, joint = max((text.rfind(each, 0, end), each) for each in JOINTS)
        if at <= 0:
            return
        yield at, joint
        end = at


def _isolated(text: str) -> Markup:
    return Markup('<bdi dir="ltr">{}</bdi>').format(visible(text, figures=True))


def _english(text: str) -> Markup:
    return Markup('<bdi lang="en" dir="ltr">{}</bdi>').format(visible(text, figures=True))
