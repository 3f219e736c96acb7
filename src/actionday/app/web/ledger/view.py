"""``/c/<case>/ledger``: entries newest first, head, last proof; the button proves the case again."""

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from litestar import Response

from actionday.access.ledger import Proved, head, last_proof, list_entries
from actionday.access.recorded import recorded
from actionday.app.web.takes import ACTION, AT, TEXT
from actionday.app.web.visit import Visit, act, page
from actionday.storage.database.accounts import accounts
from actionday.storage.database.lacking import lacking

if TYPE_CHECKING:
    from actionday.pipeline.proving import Proof

Figures = TypeVar("Figures")
TAKES = {"action": ACTION, "actor": TEXT, "at": AT, "older": AT, "newer": AT}


@page("/c/{case:str}/ledger", takes=TAKES, logs=False)
def show(visit: Visit) -> Response[Any]:
    """Show a page of entries; ``at`` is the index of the first one shown.

    A page that waits for a proof is made anew once it has ended: the proof is an entry of the list below it.
    """
    stage = visit.house.proving.stage
    if visit.part == "proof" and not stage.running:
        return Response("", headers={"hx-refresh": "true"}, media_type="text/html")
    at = visit.number("at", -1)
    found = list_entries(
        visit.case.database,
        action=visit.get("action"),
        actor=visit.get("actor"),
        older=at + 1 if at >= 0 else visit.number("older"),
        newer=visit.number("newer", -1),
    )
    proved = last_proof(visit.case.database)
    record = recorded(proved.entry.details) if proved else None
    current = _current(stage.proof, proved)
    return visit.render(
        "ledger/page.html",
        parts=("proof",),
        found=found,
        head=head(visit.case),
        proved=proved,
        proved_size=record.entries if record else None,
        record=record,
        current=current,
        stage=stage,
        lacking=current.lacking if current else _now(visit, lacking) if proved else None,
        as_recorded=current.as_recorded if current else record.as_recorded if record else True,
        accounts=current.accounts if current else _now(visit, accounts) if proved else None,
        next=visit.same(older=found.older, newer="", at="") if found.older is not None else None,
        previous=visit.same(newer=found.newer, older="", at="") if found.newer is not None else None,
    )


def _now(visit: Visit, of: Callable[[sqlite3.Connection], Figures]) -> Figures | None:
    """Return what was found and is not in the case, as its rows have it now; None where they cannot be read."""
    try:
        return visit.house.desks.once(of.__name__, visit.case.seq, lambda: of(visit.case.database))
    except sqlite3.Error:
        return None


def _current(proof: "Proof | None", proved: Proved | None) -> "Proof | None":
    """Return the proof that was made here, unless another was recorded since: that one is the last then."""
    if proof is None or not proof.logged:
        return proof
    return proof if proved is not None and proof.head == proved.head else None


@act("/c/{case:str}/ledger/verify")
def prove(visit: Visit, data: dict[str, str]) -> Response[Any]:  # noqa: ARG001 - nothing is asked but the token
    """Begin a proof of the whole case, and lead back to the page that tells how it goes."""
    visit.house.proving.start()
    return Response("", status_code=303, headers={"location": visit.link("ledger")})


ROUTES = [show, prove]
