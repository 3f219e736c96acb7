"""``POST /lock`` and ``POST /unlock``: hide the case in this browser, and show it again; lead back.

It is a curtain, no door: there are no accounts yet, and the page says so. While it is closed, no page, picture or
stream of the case is given to this browser. Its cookie is sent along with a link of another site too (Lax): Strict
would open the curtain to whoever follows one.
"""

from typing import Any

from litestar import Response
from litestar.datastructures import Cookie

from actionday.app.web.links import safe_back
from actionday.app.web.visit import LOCKED, Visit, act


@act("/lock")
def lock(visit: Visit, data: dict[str, str]) -> Response[Any]:  # noqa: ARG001 - one act, one shape
    """Hide the case in this browser."""
    return _led_back(data, Cookie(key=LOCKED, value="1", httponly=True, samesite="lax", path="/"))


@act("/unlock", locked=True)
def unlock(visit: Visit, data: dict[str, str]) -> Response[Any]:  # noqa: ARG001 - one act, one shape
    """Show the case again."""
    return _led_back(data, Cookie(key=LOCKED, value="", max_age=0, path="/"))


def _led_back(data: dict[str, str], cookie: Cookie) -> Response[Any]:
    location = safe_back(data.get("back", ""))
    return Response("", status_code=303, headers={"location": location}, cookies=[cookie])


ROUTES = [lock, unlock]
