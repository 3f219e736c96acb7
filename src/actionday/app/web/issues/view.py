"""``/c/<case>/issues``: what happened, losses before remarks, each once with its places; the places of one of them."""

from typing import Any

from litestar import Response

from actionday.access.exhibits import exhibit_numbers
from actionday.access.issues import HappeningPage, IssuePage, groups, happenings, list_issues, stages
from actionday.app.web.signs import mark
from actionday.app.web.takes import AT, CODE, EXHIBIT, STAGE, TEXT, one_of
from actionday.app.web.visit import Visit, page
from actionday.ledger import Action

KINDS = ("losses", "remarks")
FILTERS = {
    "kind": one_of(mark("one of these:"), *KINDS),
    "code": CODE,
    "stage": STAGE,
    "exhibit": EXHIBIT,
    "reason": TEXT,
}


@page("/c/{case:str}/issues", takes={**FILTERS, "after": AT, "before": AT})
def show(visit: Visit) -> Response[Any]:
    """Show a page of what happened, or with ``reason`` every line that says so; logs that it was looked at."""
    database = visit.case.database
    chosen = {name: visit.get(name) for name in FILTERS}
    found: IssuePage | HappeningPage = (
        _lines(visit, chosen) if chosen["reason"] else _happenings(visit, chosen)
    )
    shown = found.issues if isinstance(found, IssuePage) else found.happenings
    visit.log(
        Action.VIEWED,
        "issues",
        **{name: value for name, value in chosen.items() if value},
        shown=len(shown),
    )
    return visit.render(
        "issues/page.html",
        found=found,
        shown=shown,
        remarks=bool(found.total) and not found.losses,
        chosen=chosen,
        by_code=groups(database),
        stages=stages(database),
        exhibit_ids=list(exhibit_numbers(database)),
        next=visit.same(after=found.next, before="") if found.next else None,
        previous=visit.same(before=found.previous, after="") if found.previous else None,
    )


def _lines(visit: Visit, chosen: dict[str, str]) -> IssuePage:
    return list_issues(
        visit.case.database,
        code=chosen["code"],
        stage=chosen["stage"],
        exhibit=chosen["exhibit"],
        reason=chosen["reason"],
        after=visit.number("after"),
        before=visit.number("before"),
    )


def _happenings(visit: Visit, chosen: dict[str, str]) -> HappeningPage:
    return happenings(
        visit.case.database,
        kind=chosen["kind"],
        code=chosen["code"],
        stage=chosen["stage"],
        exhibit=chosen["exhibit"],
        after=visit.number("after"),
        before=visit.number("before"),
    )


ROUTES = [show]
