"""What is wrong with a query, in the reader's language: the sentences of ``QueryError``, known again by their form."""

from collections.abc import Callable

from markupsafe import Markup

from actionday.app.web.showing.forms import forms
from actionday.app.web.showing.sentences import said
from actionday.app.web.signs import mark

SENTENCES = (
    mark("a query has at most %(most)s characters"),
    mark("a query has at most %(most)s words"),
    mark("a word or phrase has at most %(most)s characters"),
    mark("brackets may stand %(most)s deep, not deeper"),
    mark("this bracket closes nothing"),
    mark("this bracket is not closed"),
    mark("this quotation mark is not closed"),
    mark("something is missing here: a word, a phrase or a bracket"),
    mark("a word is missing before this %(sign)s"),
    mark("there is no field %(name)s; known are %(known)s; text with a colon goes in quotes"),
    mark("a field inside the bracket of %(field)s:"),
    mark("a value must follow %(field)s: at once"),
    mark("a phrase or bracket takes no %(sign)s: put * or ~ behind single words"),
    mark("a * may only end a word"),
    mark("a ~ may only end a word, or stand in quotes"),
    mark("this %(sign)s is no sign here: write * or ~, or put the word in quotes"),
    mark("a - leaves nothing out: write NOT before the word, or put it in quotes"),
    mark("every word must be there anyway: leave out the +, or put the word in quotes"),
    mark("words cannot be weighted with ^: leave it out, or put the word in quotes"),
    mark("word~ takes no number (one letter may differ, two in words of six and more): leave it out, or use quotes"),
    mark("a ? stands for no letter here: end the word with *, or put it in quotes"),
    mark("%(field)s: takes whole values, without * or ~"),
    mark("%(field)s: wants a value such as %(example)s"),
    mark("%(field)s: knows no %(value)s; known are %(known)s"),
    mark("%(field)s: knows no %(value)s; it takes a code, as in %(example)s"),
    mark("%(field)s: knows no %(value)s: write %(meant)s"),
    mark("%(value)s is a name: write %(meant)s"),
    mark("year: %(years)s begins after it ends"),
    mark("there is no letter or digit before this %(sign)s"),
    mark("there is no letter or digit to search for in %(text)s"),
    mark("a word of a script without spaces is found by its characters, none of which may differ: leave out the ~"),
    mark("~ takes a single word, and this is %(count)s: leave it out"),
    mark("~ takes a single word, and this is %(count)s: write %(meant)s, or leave it out"),
    mark(
        "type: knows no %(value)s: a MIME type, its subtype, an ending such as txt, or one of %(known)s; "
        "the ending of a name is found by name:"
    ),
    mark("this case has no exhibit %(value)s; it has %(known)s"),
    mark("this case has no exhibit %(value)s; it has none yet"),
    mark("%(field)s: %(value)s is no %(what)s"),
    mark(
        "this query asks for too much at once: its first %(first)s of %(all)s words stand for too many; "
        "ask in several parts, or with longer beginnings"
    ),
)  # fmt: skip
"""Each as the code that raises it has it; what is said by the library of the index stays in English."""
FORMS = forms(SENTENCES)


def wrong(text: str, translate: Callable[[str], str]) -> Markup:
    """Return what is wrong with a query as a page shows it, as ``sentences.reason`` does."""
    return said(text, FORMS, translate)
