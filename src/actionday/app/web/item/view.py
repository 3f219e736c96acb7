"""``/c/<case>/i/<id>``: one item at its place."""

from typing import Any

from litestar import Response

from actionday.app.web.item.beside import beside
from actionday.app.web.takes import TEXT, VIEWS
from actionday.app.web.visit import Visit, page


@page("/c/{case:str}/i/{item:str}", takes={"q": TEXT, **VIEWS})
def show(visit: Visit) -> Response[Any]:
    """Show an item: ``tab`` is the view, ``at`` the byte it begins at, ``q`` the words to be marked."""
    words = visit.get("q")
    return visit.render(
        "item/page.html",
        parts=("detail",),
        d=beside(visit, visit.path("item"), words),
        words=words,
        beside_list=False,
    )


ROUTES = [show]
