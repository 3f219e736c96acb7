"""``/c/<case>/exhibits``: every exhibit, in the order of acquisition."""

from typing import Any

from litestar import Response

from actionday.access.exhibits import exhibits
from actionday.app.web.visit import Visit, page


@page("/c/{case:str}/exhibits", logs=False)
def show(visit: Visit) -> Response[Any]:
    """Show all exhibits with state, size, balance and hashes."""
    visit.house.tally.update(visit.case.database)
    return visit.render("exhibits/page.html", found=exhibits(visit.case.database, visit.house.tally))


ROUTES = [show]
