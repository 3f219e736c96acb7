"""Opening an exhibit again that was closed while some of it waited for the slow lane."""

from contextlib import suppress

import msgspec

from actionday.ledger import Action, Json
from actionday.model import UsageError
from actionday.pipeline.exhibits import Exhibit
from actionday.pipeline.work import Work
from actionday.storage.case import Case, entry
from actionday.storage.database import transaction


def reopen(case: Case, work: Work, exhibit: Exhibit, waiting: int) -> None:
    """Let work be done on a closed exhibit: its row is open again, and the ledger says so, and for how many items.

    It is closed once more behind that, with the balance it has then.
    """
    query = "SELECT acquisition FROM exhibits WHERE number = ?"
    (acquisition,) = case.database.execute(query, (exhibit.number,)).fetchone()
    with transaction(case.database) as database:
        database.execute(
            "UPDATE exhibits SET state = 'open', balance = NULL, sources = ? WHERE number = ?",
            (msgspec.json.encode(exhibit.sources).decode(), exhibit.number),
        )
        details: dict[str, Json] = {
            "queued": waiting,
            "sources": msgspec.to_builtins(exhibit.sources),
            "work": work.begin(exhibit.id, exhibit.number),
        }
        case.ledger().append(entry(Action.EXHIBIT_REOPENED, exhibit.id, details))
    exhibit.complete, exhibit.resumed = False, True
    exhibit.facts = {
        key: value for key, value in msgspec.json.decode(acquisition).items() if key != "sources"
    }
    for number, source in enumerate(exhibit.sources):
        with suppress(UsageError):  # a file that is gone: whatever needs it says so
            exhibit.watch.begin(number, source.now())
