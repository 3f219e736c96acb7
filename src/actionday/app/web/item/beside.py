"""What a page shows of one item or content, whichever page it is on; the view is logged here, once."""

import sqlite3
from typing import NamedTuple

from actionday.access.bytes import Dump, has_picture
from actionday.access.concerning import Concerning, accesses
from actionday.access.contents import Content, Window, find_content, text_window
from actionday.access.differing import Differing
from actionday.access.download import which
from actionday.access.exhibits import hash_differs
from actionday.access.images import Image, on_the_way
from actionday.access.issues import Issue, list_issues
from actionday.access.items import Item, ItemPage, ancestors, find_item, inside, places
from actionday.access.ledger import Proved, last_proof
from actionday.access.next_hit import next_hit
from actionday.access.placed import Placed, placed
from actionday.access.provenance import Provenance, provenance
from actionday.access.rows import Rows, rows_of
from actionday.app.web.signs import mark
from actionday.app.web.visit import Missing, Visit
from actionday.ledger import Action
from actionday.model import Damaged, Kind
from actionday.storage.database.disks import is_disk
from actionday.storage.index import Node, QueryError, parse
from actionday.storage.index.node import sought


class Detail(NamedTuple):
    """One item and the view (``tab``) of it that is open; what other views need is None."""

    item: Item
    content: Content | None
    tab: str
    tabs: list[str]
    places: int
    inside: int
    above: list[Item]
    window: Window | None = None
    damage: str = ""
    found: ItemPage | None = None
    dump: Dump | None = None
    issues: list[Issue] | None = None
    place: Placed | None = None
    history: Concerning | None = None
    provenance: Provenance | None = None
    proved: Proved | None = None
    differing: Differing | None = None
    """Where a later proof found the case altered: ``proved`` is not the last then."""
    imaged: list[Image] = []  # noqa: RUF012 - replaced, never changed
    """The images that it lies in, or is, and that are no exhibits by themselves."""
    differs: bool = False
    clear: bool = False
    disk: bool = False
    """Whether it was opened as a disk or a volume."""
    rows: Rows | None = None
    """What the row of a table, or the page of rows, says by column."""
    sought: bool = False
    """Whether the words that are to be marked are words of a text."""
    ended: bool = False
    """Whether the text was looked through to its end from here on, and none of them is in it."""
    altered: str = ""
    """The SHA-256 in hex of the bytes that were to be shown, where they are not those that were taken in."""


def beside(visit: Visit, item: str, words: str) -> Detail:
    """Return an item by its id for a page, and log that it was looked at. Raises Missing."""
    found = find_item(visit.case.database, item)
    if found is None:
        raise Missing(mark("there is no such item in this case"))
    return of_item(visit, found, words, subject=found.id)


def of_item(visit: Visit, item: Item, words: str, *, subject: str) -> Detail:
    """Return the view of ``item`` that the address asks for, and log it under ``subject``."""
    database = visit.case.database
    content = find_content(database, item)
    tabs = _tabs(item, content)
    asked = visit.get("tab")
    tab = asked if asked in tabs else tabs[0]
    above = ancestors(database, item)
    detail = Detail(
        item=item,
        content=content,
        tab=tab,
        tabs=tabs,
        places=places(database, item.sha256, limit=0).total if item.sha256 else 0,
        inside=inside(database, item.id),
        above=above,
        imaged=on_the_way([*above, item]),
        provenance=visit.house.desks.once(
            f"provenance {item.number}", visit.case.seq, lambda: provenance(database, item.number)
        ),
        proved=last_proof(database),
        differing=visit.house.proofs.differing(database),
        differs=visit.house.desks.once(
            f"differs {item.number}", visit.case.seq, lambda: hash_differs(database, item.number)
        ),
        clear=visit.get("clear") == "1",
        disk=item.opened and is_disk(database, item.id),
    )
    detail = _filled(visit, detail, words)
    found = {"found": detail.altered} if detail.altered else {}
    visit.log(
        Action.VIEWED,
        subject,
        **which(item),
        view=tab,
        **found,
    )
    return detail


def _tabs(item: Item, content: Content | None) -> list[str]:
    tabs = ["text"] if content and content.text else []
    tabs += ["picture"] if has_picture(item) else []
    tabs += ["metadata"]
    tabs += ["places"] if item.sha256 else []
    tabs += ["bytes"] if item.sha256 and item.size else []
    return [*tabs, "history"]


def _filled(visit: Visit, detail: Detail, words: str) -> Detail:
    database, item, content = visit.case.database, detail.item, detail.content
    match detail.tab:
        case "text" if content is not None:
            return _text(visit, detail, content, _node(words))
        case "places" if item.sha256:
            return detail._replace(found=places(database, item.sha256, after=visit.get("after")))
        case "bytes":
            dump = visit.house.bytes.dump(item, visit.number("at"))
            return detail._replace(dump=dump, altered=dump.altered)
        case "picture":
            return detail._replace(altered=visit.house.bytes.altered(item))
        case "history":
            return detail._replace(
                history=accesses(database, item, _lists(database, item, content), older=visit.number("older"))
            )
        case "metadata":
            return detail._replace(
                issues=list_issues(database, item=item.id).issues, place=placed(database, item)
            )
    return detail


def _lists(database: sqlite3.Connection, item: Item, content: Content | None) -> list[str]:
    """Return the kinds of export that give something of an item, where they give all their rows."""
    lists = ["items"]
    lists += ["texts"] if content and content.text else []
    lists += ["issues"] if list_issues(database, item=item.id, limit=1).issues else []
    return lists


def _text(visit: Visit, detail: Detail, content: Content, node: Node | None) -> Detail:
    packs = visit.desk.packs
    try:
        start, behind = visit.number("at", -1), visit.number("behind", 0)
        words = node is not None and bool(sought(node))
        if start < 0:
            hit = next_hit(packs, content, node, behind) if node is not None else None
            start = behind if hit is None else hit
            detail = detail._replace(ended=words and hit is None)
        window = text_window(packs, content, start, node)
        rows = rows_of(window.text) if window and detail.item.kind == Kind.ROW else None
        return detail._replace(window=window, sought=words, rows=rows)
    except (Damaged, OSError) as error:
        return detail._replace(damage=str(error))


def _node(words: str) -> Node | None:
    try:
        return parse(words) if words else None
    except QueryError:
        return None


def all_tabs() -> list[str]:
    """Return every view there is, for the gallery and tests."""
    return ["text", "picture", "metadata", "places", "bytes", "history"]
