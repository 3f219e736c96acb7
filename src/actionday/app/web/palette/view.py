"""``/c/<case>/palette``: a field and what it leads to; in a dialog where there is a script, a page where not."""

from typing import Any

from litestar import Response

from actionday.app.web.palette.entries import GROUPS, offers
from actionday.app.web.takes import TEXT, YES
from actionday.app.web.visit import Visit, page


@page("/c/{case:str}/palette", takes={"to": TEXT, "go": YES}, logs=False)
def show(visit: Visit) -> Response[Any]:
    """Show what fits ``to``; with ``go``, lead to the first at once."""
    typed = visit.get("to")
    found = offers(visit, typed)
    if visit.get("go") and found:
        return Response("", status_code=303, headers={"location": found[0].href})
    return visit.render(
        "palette/page.html", parts=("offers", "palette"), typed=typed, found=found, kinds=GROUPS
    )


ROUTES = [show]
