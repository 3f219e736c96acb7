"""``/``: there is one case, so it is opened at once."""

from typing import Any

from litestar import Response

from actionday.app.web.visit import Visit, page


@page("/", logs=False)
def home(visit: Visit) -> Response[Any]:
    """Lead to the overview of the case."""
    return Response("", status_code=302, headers={"location": visit.link()})


ROUTES = [home]
