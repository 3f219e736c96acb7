"""``/c/<case>/ingest``: how far the run is, once a second over one stream; and earlier runs."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request, Response, get
from litestar.response import Stream

from actionday.access import stored
from actionday.access.status import status
from actionday.app.web.house import House
from actionday.app.web.takes import FORMAT
from actionday.app.web.visit import HTML, LOCKED, Visit, page
from actionday.storage.case import Case

EVERY_SECONDS = 1.0
LONGEST_STREAM = 4 * 3600
"""A stream ends by itself after four hours; the browser opens another."""
TEMPLATE = "ingest/page.html"


@page("/c/{case:str}/ingest", takes={"format": FORMAT}, logs=False)
def show(visit: Visit) -> Response[Any]:
    """Show the run at work, or the last one; ``format=json`` gives what ``status --json`` prints."""
    found = status(visit.case)
    if visit.wants_json:
        return visit.json(found)
    (total,) = visit.case.database.execute("SELECT COUNT(*) FROM runs").fetchone()
    return visit.render(
        TEMPLATE, parts=("live",), live=visit.house.watch.look(found), runs=_runs(visit.case), total=total
    )


def _runs(case: Case) -> list[dict[str, Any]]:
    query = (
        "SELECT n, state, actor, started, finished, parameters, progress FROM runs ORDER BY n DESC LIMIT 50"
    )
    names = ("n", "state", "actor", "started", "finished", "parameters", "progress")
    found = [dict(zip(names, row, strict=True)) for row in case.database.execute(query)]
    for each in found:
        each["parameters"] = stored.facts(each["parameters"])
        each["progress"] = stored.facts(each["progress"])
    return found


@get("/c/{case:str}/ingest/stream", include_in_schema=False, name="/c/{case:str}/ingest/stream")
async def stream(request: Request[Any, Any, Any]) -> Response[Any] | Stream:
    """Send the live part of the page once a second, as server-sent events; ends when the run has."""
    house: House = request.app.state.house
    if request.cookies.get(LOCKED):
        return Response("", status_code=423, media_type=HTML)
    if request.path_params["case"] != house.key:
        return Response("no such case here", status_code=404, media_type=HTML)
    return Stream(_events(request, house), media_type="text/event-stream")


async def _events(request: Request[Any, Any, Any], house: House) -> AsyncIterator[str]:
    sent = ""
    for number in range(LONGEST_STREAM):
        text, running = await asyncio.to_thread(_live, request, house)
        if text != sent:
            sent = text
            yield f"id: {number}\n" + "".join(f"data: {line}\n" for line in text.splitlines()) + "\n"
        if not running:
            yield "event: end\ndata: end\n\n"
        await asyncio.sleep(EVERY_SECONDS)
        if not running:
            return


def _live(request: Request[Any, Any, Any], house: House) -> tuple[str, bool]:
    with house.desks.borrow() as desk:
        visit = Visit(request, house, desk)
        moment = house.watch.look(status(visit.case))
        context = {"link": visit.link, "live": moment}
        text = house.renderer.block(visit.language, TEMPLATE, "live", context)
        return text, moment.status["state"] == "running"


ROUTES = [show, stream]
