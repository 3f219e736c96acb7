"""``/c/<case>/h/<sha256>``: one content, whatever holds it; its bytes are read at its first place."""

from typing import Any

from litestar import Response

from actionday.access.items import places
from actionday.app.web.item.beside import of_item
from actionday.app.web.signs import mark
from actionday.app.web.takes import TEXT, VIEWS
from actionday.app.web.visit import Missing, Visit, page


@page("/c/{case:str}/h/{sha256:str}", takes={"q": TEXT, **VIEWS})
def show(visit: Visit) -> Response[Any]:
    """Show a content by its SHA-256 in hex."""
    sha256 = visit.path("sha256").lower()
    first = places(visit.case.database, sha256, limit=1).items
    if not first:
        raise Missing(mark("there is no content with this SHA-256 in this case"))
    words = visit.get("q")
    detail = of_item(visit, first[0], words, subject=sha256)
    return visit.render(
        "content/page.html", parts=("detail",), d=detail, words=words, beside_list=False, sha256=sha256
    )


ROUTES = [show]
