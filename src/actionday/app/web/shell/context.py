"""What the shell shows: the case, the navigation with its counts, how far the intake is, who sits here."""

from typing import TYPE_CHECKING, Any, NamedTuple

from actionday.access import stored
from actionday.access.caveats import ledger_differs
from actionday.access.ledger import head
from actionday.access.unfinished import unfinished
from actionday.app.web.signs import mark
from actionday.model.loss import tells_loss
from actionday.model.times import now
from actionday.storage.actor import actor

if TYPE_CHECKING:
    from actionday.access.unfinished import Unfinished
    from actionday.app.web.visit import Visit


class Place(NamedTuple):
    """One line of the navigation; ``key`` is the letter behind ``g``."""

    page: str
    words: str
    icon: str
    key: str
    number: int | None = None


GROUPS = (
    (mark("Case"), ("", "ingest", "exhibits", "issues")),
    (mark("Find"), ("search", "items", "views")),
    (mark("Record"), ("ledger",)),
)
PLACES = {
    "": Place("", mark("Overview"), "overview", "o"),
    "ingest": Place("ingest", mark("Ingest"), "ingest", "i"),
    "exhibits": Place("exhibits", mark("Exhibits"), "exhibit", "x"),
    "issues": Place("issues", mark("What failed"), "issues", "f"),
    "search": Place("search", mark("Search"), "search", "s"),
    "items": Place("items", mark("Items"), "items", "t"),
    "views": Place("views", mark("Saved views"), "views", "v"),
    "ledger": Place("ledger", mark("Ledger"), "ledger", "l"),
}


def shell(visit: "Visit") -> dict[str, Any]:
    """Return the names that ``shell/base.html`` uses."""
    case = visit.case
    counts = _counts(visit)
    left = unfinished(case)
    return {
        "facts": case.facts(),
        "groups": [
            (title, [PLACES[page]._replace(number=counts.get(page)) for page in pages])
            for title, pages in GROUPS
        ],
        "unfinished": left,
        "differing": visit.house.proofs.differing(case.database),
        "ledger_differs": ledger_differs(case.database),
        "run": _run(visit, left),
        "actor": actor(),
        "now": now(),
        "readonly": case.readonly,
        "ledger_head": head(case),
        "token": visit.house.token,
        "languages": visit.house.renderer.languages,
        "theme": visit.theme,
    }


def _counts(visit: "Visit") -> dict[str, int]:
    visit.house.tally.update(visit.case.database)
    found = {"items": visit.house.tally.balance().found, "views": len(visit.house.views.all(visit.case))}
    database = visit.case.database
    found["exhibits"] = int(database.execute("SELECT COUNT(*) FROM exhibits").fetchone()[0])
    by_code = database.execute("SELECT code, COUNT(*) FROM issues GROUP BY code")
    found["issues"] = sum(
        number for code, number in by_code if tells_loss(str(code))
    )  # as the page's own heading
    return found


def _run(visit: "Visit", left: "Unfinished | None") -> dict[str, Any]:
    """Return how far the last run is, cheaply: its own words, and what of the case is ``left``."""
    row = visit.case.database.execute("SELECT progress FROM runs ORDER BY n DESC LIMIT 1").fetchone()
    state = left.state if left else "complete" if row else "empty"
    return {"state": state, "progress": stored.facts(row[0]) if row else {}}
