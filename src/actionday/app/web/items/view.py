"""``/c/<case>/items``: the items behind a number, by exhibit and path."""

from typing import Any

from litestar import Response

from actionday.access.exhibits import exhibit_numbers
from actionday.access.items import GROUPS, Chosen, list_items
from actionday.access.overview import every_value, guesses
from actionday.app.web.takes import EXHIBIT, GROUP, ITEM, MIME, OWN_LANGUAGE, PERIOD_OF, STATUS, TEXT
from actionday.app.web.visit import Visit, page
from actionday.ledger import Action

FILTERS = {
    "group": GROUP,
    "status": STATUS,
    "exhibit": EXHIBIT,
    "type": MIME,
    "language": OWN_LANGUAGE,
    "period": PERIOD_OF,
    "reason": TEXT,
}


@page("/c/{case:str}/items", takes={**FILTERS, "after": ITEM, "before": ITEM})
def show(visit: Visit) -> Response[Any]:
    """Show a page of items; logs that they were looked at."""
    chosen = Chosen(**{name: visit.get(name) for name in FILTERS})
    database, tally = visit.case.database, visit.house.tally
    tally.update(database)
    numbers = exhibit_numbers(database)
    total = None if chosen.reason else tally.total(chosen, numbers)
    found = list_items(database, chosen, after=visit.get("after"), before=visit.get("before"), total=total)
    filters = {name: visit.get(name) for name in FILTERS if visit.get(name)}
    visit.log(Action.VIEWED, "items", filters=dict(filters), shown=len(found.items))
    return visit.render(
        "items/page.html",
        found=found,
        filters=filters,
        statuses=sorted({status for each in GROUPS.values() for status in each}),
        exhibit_ids=list(numbers),
        values=every_value(tally),
        guesses=guesses(tally),
        next=visit.same(after=found.next, before="") if found.next else None,
        previous=visit.same(before=found.previous, after="") if found.previous else None,
    )


ROUTES = [show]
