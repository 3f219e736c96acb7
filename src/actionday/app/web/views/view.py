"""``/c/<case>/views``: the saved views; forms save the page one comes from, and withdraw one with a reason."""

from typing import Any

from litestar import Response

from actionday.access.views import save, withdraw
from actionday.app.web.signs import mark
from actionday.app.web.takes import SAVED
from actionday.app.web.visit import Missing, Visit, act, page
from actionday.model import UsageError

TEMPLATE = "views/page.html"


@page("/c/{case:str}/views", takes={"page": SAVED}, logs=False)
def show(visit: Visit) -> Response[Any]:
    """Show the saved views; ``page`` is one that is about to be saved."""
    return _shown(visit, page=visit.get("page"))


@act("/c/{case:str}/views")
def keep(visit: Visit, data: dict[str, str]) -> Response[Any]:
    """Save a page under a name, or withdraw the view of the entry ``withdraw``; then lead to the list."""
    try:
        if data.get("withdraw"):
            _withdraw(visit, data)
        else:
            save(visit.case, data.get("name", ""), data.get("page", ""), data.get("note", ""))
    except UsageError as error:
        return _shown(
            visit,
            422,
            page=data.get("page", ""),
            name=data.get("name", ""),
            note=data.get("note", ""),
            problem=str(error),
        )
    return Response("", status_code=303, headers={"location": visit.link("views")})


def _withdraw(visit: Visit, data: dict[str, str]) -> None:
    wanted = data["withdraw"]
    for view in visit.house.views.all(visit.case):
        if str(view.number) == wanted:
            withdraw(visit.case, view, data.get("reason", ""))
            return
    raise Missing(mark("there is no such saved view any more"))


def _shown(
    visit: Visit, status: int = 200, *, page: str, name: str = "", note: str = "", problem: str = ""
) -> Response[Any]:
    found = visit.house.views.all(visit.case)
    return visit.render(
        TEMPLATE, status=status, views=found, kept=page, name=name, note=note, problem=problem
    )


ROUTES = [show, keep]
