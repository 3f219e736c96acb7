"""``/c/<case>/download/<id>``: what is about to leave the case, and why; then the bytes, logged before and behind."""

from typing import Any

from litestar import Response

from actionday.access.bytes import Altered
from actionday.access.download import Download, lacking
from actionday.access.items import Item, find_item
from actionday.app.web.download.given import Given
from actionday.app.web.signs import mark
from actionday.app.web.visit import Missing, Visit, act, page
from actionday.model import ActiondayError
from actionday.model.stated import LONGEST, Unstated, stated

PATH = "/c/{case:str}/download/{item:str}"
TEMPLATE = "download/page.html"
SHOWN_AGAIN = 2 * LONGEST
"""Characters of a refused reason that are shown for mending."""


@page(PATH)
def ask(visit: Visit) -> Response[Any]:
    """Say what it is and ask for the reason."""
    return _asked(visit, _item(visit), errors=[], reason="")


@act(PATH, gives=True)
def give(visit: Visit, data: dict[str, str]) -> Response[Any]:
    """Give the original bytes as ``<sha256>.bin``; without a reason, ask again.

    They are read through before the first one is sent, and refused where they are not those that were taken in.
    Altered between that and the sending, the answer breaks off before its length is reached.
    """
    item = _item(visit)
    try:
        reason = stated("reason", data.get("reason", ""))
    except Unstated as error:
        given = data.get("reason", "")[:SHOWN_AGAIN]
        return _asked(
            visit, item, status=422, errors=["reason"], reason=given, lack=error.lack, sign=error.sign
        )
    try:
        visit.house.bytes.hold(item)
    except Altered as error:
        return _asked(visit, item, status=409, errors=["altered"], reason=reason, found=error.found)
    except (ActiondayError, OSError) as error:
        return _asked(visit, item, status=502, errors=["bytes"], reason=reason, why=str(error))
    download, desks = Download(visit.case, item, reason), visit.house.desks

    def ended() -> None:
        with desks.borrow() as desk:
            download.end(desk.case)

    headers = {
        "content-disposition": f'attachment; filename="{item.sha256}.bin"',
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Given(visit.house.bytes.whole(item), item.size or 0, headers, download, ended)


def _asked(visit: Visit, item: Item, *, errors: list[str], reason: str, **said: Any) -> Response[Any]:
    """Return the page that says what is about to leave, and what of it cannot, and asks for the reason."""
    return visit.render(TEMPLATE, item=item, lacks=lacking(item), errors=errors, reason=reason, **said)


def _item(visit: Visit) -> Item:
    item = find_item(visit.case.database, visit.path("item"))
    if item is None or item.sha256 is None:
        raise Missing(mark("there is no such item with a content in this case"))
    return item


ROUTES = [ask, give]
