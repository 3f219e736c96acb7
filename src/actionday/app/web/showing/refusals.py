"""Why a form was not taken, in the reader's language: the sentences of its refusal, known again by their form."""

from collections.abc import Callable

from markupsafe import Markup

from actionday.app.web.showing.forms import forms
from actionday.app.web.showing.sentences import said
from actionday.app.web.signs import mark

WHAT = (
    mark("the name of a saved view"),
    mark("the note of a saved view"),
    mark("the reason of withdrawing a saved view"),
)
"""What may be stated on a page: stands for ``what`` below."""
SENTENCES = (
    mark("%(what)s: is empty"),
    mark("%(what)s: holds %(sign)s, a character that is not seen or turns others"),
    mark("%(what)s: %(words)s has neither a letter nor a digit"),
    mark("%(what)s: has %(count)s characters, at most %(most)s can be kept"),
    mark("a saved view needs a name"),
    mark("withdrawing a saved view needs a reason"),
    mark("this address is no page of the case that can be saved"),
)
FORMS = forms(SENTENCES)


def refused(text: str, translate: Callable[[str], str]) -> Markup:
    """Return why a form was not taken as a page shows it, as ``sentences.reason`` does."""
    return said(text, FORMS, translate)
