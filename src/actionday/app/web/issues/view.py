"""``/c/<case>/issues``: the issue log, grouped by code, narrowed by stage and exhibit."""

from typing import Any

from litestar import Response

from actionday.access.exhibits import exhibit_numbers
from actionday.access.issues import groups, list_issues, stages
from actionday.access.ledger import last_proof
from actionday.app.web.visit import Visit, page
from actionday.ledger import Action

FILTERS = ("code", "stage", "exhibit")


@page("/c/{case:str}/issues")
def show(visit: Visit) -> Response[Any]:
    """Show a page of the log; logs that it was looked at."""
    database = visit.case.database
    chosen = {name: visit.get(name) for name in FILTERS}
    found = list_issues(
        database,
        code=chosen["code"],
        stage=chosen["stage"],
        exhibit=chosen["exhibit"],
        after=visit.number("after"),
        before=visit.number("before"),
    )
    visit.log(
        Action.VIEWED,
        "issues",
        **{name: value for name, value in chosen.items() if value},
        shown=len(found.issues),
    )
    return visit.render(
        "issues/page.html",
        found=found,
        chosen=chosen,
        by_code=groups(database),
        stages=stages(database),
        exhibit_ids=list(exhibit_numbers(database)),
        proof=last_proof(database),
        next=visit.same(after=found.next, before="") if found.next else None,
        previous=visit.same(before=found.previous, after="") if found.previous else None,
    )


ROUTES = [show]
