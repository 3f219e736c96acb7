"""The page that needs nothing of the case: shown where the case itself, or this program, is what is broken."""

import sqlite3
from typing import Any
from urllib.parse import unquote_plus

from litestar import Request, Response

from actionday.app.web.door import NONCE
from actionday.app.web.house import House
from actionday.app.web.language import Language, preferred
from actionday.app.web.links import written
from actionday.app.web.signs import mark
from actionday.storage.room import no_room

CASE_BROKEN = mark("The case cannot be read")
FULL = mark("There is no room left on the disk of the case")
OWN_FAULT = mark("A fault of Actionday's own")
LONGEST_SHOWN = 300
"""Characters of an address that are shown."""


def broken_case(request: "Request[Any, Any, Any]", error: Exception) -> "Response[Any]":
    """Return the page that says what of the case cannot be read; 503, for it may be mended beneath us.

    A full disk is no damage, and is said to be what it is.
    """
    title, cause = (FULL, "room") if no_room(error) else (CASE_BROKEN, "case")
    return _bare(request, 503, title, str(error), type(error).__name__, cause)


def own_fault(request: "Request[Any, Any, Any]", error: Exception) -> "Response[Any]":
    """Return the page of a fault of ours: it never shows the inside of the program."""
    if isinstance(error, sqlite3.DatabaseError):
        return broken_case(request, error)
    if no_room(error):
        return _bare(request, 503, FULL, "", type(error).__name__, "room")
    return _bare(request, 500, OWN_FAULT, "", type(error).__name__, "ours")


def hidden(request: "Request[Any, Any, Any]") -> "Response[Any]":
    """Return the page of a browser in which the case is hidden: nothing of the case is on it."""
    if "hx-request" in request.headers:  # a part of a page that is still open elsewhere: the whole of it goes
        return Response("", status_code=423, headers={"hx-refresh": "true"}, media_type="text/html")
    house: House = request.app.state.house
    values = {"address": _address(request), "token": house.token, "nonce": request.scope[NONCE]}  # type: ignore[literal-required]
    text = house.renderer.page(_reader(request), "shell/locked.html", values)
    return Response(text, status_code=423, media_type="text/html")


def asked_first(request: "Request[Any, Any, Any]") -> "Response[Any]":
    """Return the page that asks whether to go on: another site led here, and nothing is looked at or logged yet."""
    house: House = request.app.state.house
    address = _address(request)
    values = {"address": address, "shown": unquote_plus(address)[:LONGEST_SHOWN]}
    return Response(
        house.renderer.page(_reader(request), "shell/outside.html", values),
        status_code=403,
        media_type="text/html",
    )


def _reader(request: "Request[Any, Any, Any]") -> Language:
    cookie, header = request.cookies.get("lang", ""), request.headers.get("accept-language", "")
    return preferred(cookie, header, request.app.state.house.renderer.languages)


def _address(request: "Request[Any, Any, Any]") -> str:
    return written(request.scope["path"], request.scope["query_string"])


def _bare(
    request: "Request[Any, Any, Any]", status: int, title: str, sentence: str, kind: str, cause: str
) -> "Response[Any]":
    renderer, language = request.app.state.house.renderer, _reader(request)
    words = renderer.text(language, title)
    values = {
        "title": words,
        "lead": words,
        "sentence": sentence,
        "kind": kind,
        "cause": cause,
        "address": _address(request),
    }
    text = renderer.page(language, "shell/bare.html", values)
    return Response(text, status_code=status, media_type="text/html")
