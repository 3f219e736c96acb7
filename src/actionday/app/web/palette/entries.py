"""What the palette offers for what was typed: pages, saved views, exhibits, an item, a content, a search."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from actionday.access.exhibits import exhibit_numbers
from actionday.access.items import find_item, places
from actionday.app.web.shell.context import PLACES
from actionday.app.web.signs import mark
from actionday.app.web.visit import Visit

MOST = 12
HEX = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{64}")
GROUPS = {
    "page": mark("page"),
    "view": mark("saved view"),
    "exhibit": mark("exhibit"),
    "item": mark("item"),
    "content": mark("content"),
    "search": mark("search"),
}


class Offer(NamedTuple):
    """One line: ``words`` out of evidence or of ours (``ours``), where it leads, its key if it has one."""

    group: str
    words: str
    href: str
    key: str = ""
    ours: bool = False


def offers(visit: Visit, typed: str) -> list[Offer]:
    """Return what fits, the most exact first; with nothing typed, the pages and the saved views."""
    typed = typed.strip()
    sought = typed.casefold()
    named = sorted(_named(visit, sought), key=lambda offer: _far(offer.words.casefold(), sought))
    return [*_exact(visit, typed), *named][:MOST] + _search(visit, typed)


def _exact(visit: Visit, typed: str) -> Iterator[Offer]:
    if not HEX.fullmatch(typed):
        return
    if (item := find_item(visit.case.database, typed)) is not None:
        yield Offer("item", f"{item.exhibit} › {item.path}", visit.link(f"i/{item.id}"))
    if len(typed) == 64 and (held := places(visit.case.database, typed, limit=1).items):
        yield Offer("content", held[0].path or typed, visit.link(f"h/{typed.lower()}"))


def _far(words: str, typed: str) -> int:
    """Return how far words are from what was typed: they begin with it, one of them does, it stands within one."""
    if words.startswith(typed):
        return 0
    return 1 if f" {typed}" in words else 2


def _named(visit: Visit, typed: str) -> Iterator[Offer]:
    for place in PLACES.values():
        words = visit.house.renderer.text(visit.language, place.words)
        if typed in words.casefold():
            yield Offer(
                "page", words, visit.link(place.page), f"g {place.key}" if place.key else "", ours=True
            )
    for view in visit.house.views.all(visit.case):
        if typed in view.name.casefold():
            yield Offer("view", view.name, visit.link() + view.page)
    for name, number in exhibit_numbers(visit.case.database).items():
        if typed and typed in name.casefold():
            yield Offer("exhibit", name, visit.link(f"x/{number}"))


def _search(visit: Visit, typed: str) -> list[Offer]:
    return [Offer("search", typed, visit.link("search", q=typed))] if typed else []
