"""``/c/<case>/exhibits``: every exhibit, in the order of acquisition."""

from typing import Any

from litestar import Response

from actionday.access.exhibits import exhibits
from actionday.access.images import images_of, within
from actionday.app.web.visit import Visit, page


@page("/c/{case:str}/exhibits", logs=False)
def show(visit: Visit) -> Response[Any]:
    """Show all exhibits with state, size, balance and hashes."""
    database = visit.case.database
    visit.house.tally.update(database)
    inside = visit.house.desks.once("images", visit.case.seq, lambda: within(database))
    found = exhibits(database, visit.house.tally)
    return visit.render(
        "exhibits/page.html", found=found, images={each.number: images_of(each, inside) for each in found}
    )


ROUTES = [show]
