"""The application: every page folder's routes, behind the door.

A page is a folder of this package with a module ``view`` that holds ``ROUTES``; nothing lists them by hand.
"""

import logging
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from litestar import Litestar, Request, Response, post
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp

from actionday.app.web.bare import own_fault
from actionday.app.web.door import Door
from actionday.app.web.house import House
from actionday.app.web.signs import mark
from actionday.app.web.visit import AS_IT_IS, Missing, answered

LOG = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"
NOT_PACKED = ["/ingest/stream$", "/media/", "/fonts/"]
"""Streams must not wait in a packer; pictures and fonts do not get smaller, nor do original bytes (``AS_IT_IS``)."""
MOST_REPORTED = 16_384
MOST_POSTED = 1 << 20


def application(house: House, hosts: frozenset[str]) -> ASGIApp:
    """Return the ASGI application for one case; ``hosts`` are the addresses it answers under."""
    app = Litestar(
        [*routes(), csp_report, create_static_files_router("/static", [STATIC])],
        state=State({"house": house}),
        openapi_config=None,
        compression_config=CompressionConfig(
            backend="gzip", minimum_size=1000, exclude=NOT_PACKED, exclude_opt_key=AS_IT_IS
        ),
        exception_handlers={HTTPException: _http_error, Exception: _own_fault},
        request_max_body_size=MOST_POSTED,
        on_shutdown=[house.close],
        logging_config=None,
    )
    return Door(app, hosts)


def routes() -> list[HTTPRouteHandler]:
    """Return the routes of every page folder, in the order of the folders' names."""
    return [route for name in page_folders() for route in _view(name).ROUTES]


def page_folders() -> Iterator[str]:
    """Yield the names of the folders that are pages."""
    folder = Path(__file__).parent
    for found in sorted(iter_modules([str(folder)]), key=lambda each: each.name):
        if found.ispkg and (folder / found.name / "view.py").is_file():
            yield found.name


def _view(name: str) -> Any:
    return import_module(f"actionday.app.web.{name}.view")


def _http_error(request: "Request[Any, Any, Any]", error: HTTPException) -> "Response[Any]":
    def view(_: Any) -> "Response[Any]":
        raise Missing(mark("there is no such page"))

    typed = error.status_code == 405 and request.method in (
        "GET",
        "HEAD",
    )  # what takes forms alone is no page
    if (error.status_code == 404 or typed) and "house" in request.app.state:
        return answered(request, view)
    return Response(error.detail, status_code=error.status_code, media_type="text/plain")


def _own_fault(request: "Request[Any, Any, Any]", error: Exception) -> "Response[Any]":
    """Say that it is a fault of ours, and write where to the log: a page never shows the inside of the program."""
    LOG.error("%s %s", request.method, request.url.path, exc_info=error)
    return own_fault(request, error)


@post("/csp-report", include_in_schema=False, status_code=204)
async def csp_report(request: Request[Any, Any, Any]) -> None:
    """Keep what a browser says broke the content security policy."""
    house: House = request.app.state.house
    house.reports.append((await request.body())[:MOST_REPORTED].decode("utf-8", "replace"))
