"""``/c/<case>/media/<id>``: a picture of an item, blurred; clear on request, and then logged."""

from typing import Any

from litestar import Response

from actionday.access.bytes import Altered, has_picture
from actionday.access.download import which
from actionday.access.items import find_item
from actionday.app.web.signs import mark
from actionday.app.web.takes import AT, YES
from actionday.app.web.visit import Missing, Visit, page
from actionday.ledger import Action
from actionday.model import ActiondayError

RULES = {"content-security-policy": "default-src 'none'; sandbox"}
BROKEN = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="#b4bfca"/>'
    b'<path d="M20 20 76 76M76 20 20 76" stroke="#434f5c" stroke-width="4"/></svg>'
)


@page(
    "/c/{case:str}/media/{item:str}", takes={"clear": YES, "look": AT}
)  # a look of its own, so that no cache gives it unlogged
def show(visit: Visit) -> Response[Any]:
    """Give a PNG made in the sandbox; a crossed tile where none can be made, or its bytes were altered."""
    item = find_item(visit.case.database, visit.path("item"))
    if item is None or not has_picture(item):
        raise Missing(mark("there is no such picture"))
    clear = visit.get("clear") == "1"
    try:
        data = visit.house.bytes.picture(item, clear=clear)
    except Altered:
        return Response(BROKEN, status_code=409, media_type="image/svg+xml", headers=RULES)
    except (ActiondayError, OSError):
        return Response(BROKEN, media_type="image/svg+xml", headers=RULES)
    if clear:
        visit.log(
            Action.VIEWED,
            item.id,
            **which(item),
            view="picture, clear",
        )
    return Response(data, media_type="image/png", headers=RULES)


ROUTES = [show]
