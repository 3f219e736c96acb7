"""``/help``: the keys and the words."""

from typing import Any

from litestar import Response

from actionday.app.web.help.words import WORDS
from actionday.app.web.visit import Visit, page


@page("/help", logs=False)
def show(visit: Visit) -> Response[Any]:
    """Show keys, words, and how to ask."""
    return visit.render("help/page.html", parts=("keys",), words=WORDS)


ROUTES = [show]
