"""``/c/<case>/search``: facets, hits, the item beside them. A search is logged by the searcher, an item by its view."""

from typing import Any, NamedTuple

from litestar import Response

from actionday.access.guesses import Doubt
from actionday.access.hits import Found
from actionday.access.items import find_items
from actionday.access.search import Searcher
from actionday.app.web.item.beside import beside
from actionday.app.web.search.query import FIELDS, FILTERS, PAGE, SORTS, Asked, asked
from actionday.app.web.signs import UNSEARCHED, mark
from actionday.app.web.takes import FORMAT, ITEM, OFFSET, SORT, TEXT, VIEWS, one_of
from actionday.app.web.visit import Visit, page
from actionday.storage.index import IndexDamaged, QueryError

TOP = 10
TEMPLATE = "search/page.html"
TAKES = {
    "q": TEXT,
    **FILTERS,
    **{f"not_{field}": takes for field, takes in FILTERS.items()},
    "sort": SORT,
    "offset": OFFSET,
    "all": one_of(mark("one of these filters:"), *FIELDS),
    "format": FORMAT,
    "item": ITEM,
    **VIEWS,
}


class Value(NamedTuple):
    """One line of a facet; ``only`` leads to exactly the ``number`` items, ``href`` adds or removes the value."""

    key: str
    number: int
    on: bool
    off: bool
    href: str
    only: str
    leave_out: str


class Facet(NamedTuple):
    """A facet's values; ``more`` are those behind the first ten, ``href`` shows them all."""

    field: str
    values: list[Value]
    more: int
    href: str
    unknown: int


@page("/c/{case:str}/search", takes=TAKES)
def show(visit: Visit) -> Response[Any]:
    """Show a page of hits; ``item`` is shown beside; ``format=json`` gives what ``search --json`` prints."""
    wanted = asked(visit)
    item = visit.get("item")
    if visit.part == "detail":
        return visit.render(
            TEMPLATE, parts=("detail",), detail=beside(visit, item, wanted.words) if item else None
        )
    context: dict[str, Any] = {
        "asked": wanted,
        "found": None,
        "facets": [],
        "items": {},
        "problem": None,
        "sorts": SORTS,
    }
    status = 200
    if wanted.words:
        try:
            context |= _searched(visit, wanted)
        except QueryError as error:
            context["problem"] = error
            status = 400
        except IndexDamaged as error:
            context["damage"] = str(error)
            status = 503
    if visit.wants_json:
        return _json(visit, context)
    detail = beside(visit, item, wanted.words) if item else None
    return visit.render(TEMPLATE, status=status, detail=detail, chips=_chips(visit, wanted), **context)


def _searched(visit: Visit, wanted: Asked) -> dict[str, Any]:
    searcher = visit.desk.searcher()
    found = searcher.search(
        wanted.words,
        narrow=wanted.narrow,
        limit=PAGE,
        offset=wanted.offset,
        filters=wanted.kept,
        sort=wanted.sort,
        facets=() if visit.wants_json else _free(wanted),
    )
    behind = wanted.offset + len(found.hits)
    return {
        "found": found,
        "unsearched": _unsearched(visit, found),
        "unhashed": _unhashed(visit, found),
        "items": find_items(visit.case.database, [hit.item for hit in found.hits]),
        "facets": [] if visit.wants_json else _facets(visit, searcher, wanted, found),
        "doubts": {} if visit.wants_json else _doubts(visit),
        "next": visit.same(offset=behind, item="") if behind < found.total else None,
        "previous": visit.same(offset=wanted.offset - PAGE, item="") if wanted.offset else None,
    }


def _unsearched(visit: Visit, found: Found) -> list[dict[str, Any]]:
    """Return the items of the case of which no text was read, by their status: a search cannot find words there."""
    counts = found.unsearched
    return [
        {
            "status": status,
            "number": counts[status],
            "href": visit.link("items", status=status, language="unknown"),
        }
        for status in UNSEARCHED
        if counts.get(status)
    ]


def _unhashed(visit: Visit, found: Found) -> list[dict[str, Any]]:
    """Return the items of the case whose type and hash nobody knows, by their status, each with its list."""
    return [
        {"status": status, "number": number, "href": visit.link("items", status=status, type="unknown")}
        for status, number in found.unhashed.items()
    ]


def _doubts(visit: Visit) -> dict[str, Doubt]:
    """Return the languages that are a guess in any item of the case, by code."""
    visit.house.tally.update(visit.case.database)
    return visit.house.tally.doubts()


def _facets(visit: Visit, searcher: Searcher, wanted: Asked, found: Found) -> list[Facet]:
    """Return the facets, each with the counts under the other filters."""
    counts = searcher.facets(wanted.words, wanted.kept, _free(wanted), narrow=wanted.narrow)
    for field in wanted.kept:
        counts |= searcher.facets(wanted.words, wanted.without(field), [field], narrow=wanted.narrow)
    return [_facet(visit, wanted, field, counts[field], found.total) for field in FIELDS]


def _free(wanted: Asked) -> list[str]:
    """Return the fields whose facets have the very filters of the page."""
    return [field for field in FIELDS if field not in wanted.kept]


def _facet(visit: Visit, wanted: Asked, field: str, counts: list[tuple[str, int]], total: int) -> Facet:
    on, off = wanted.kept.get(field, []), wanted.left_out.get(field, [])
    values = [
        Value(
            key,
            count,
            on=key in on,
            off=key in off,
            href=visit.same(**_toggled(field, on, key)),
            only=visit.same(**{field: [key], "offset": "", "item": "", "all": ""}),
            leave_out=visit.same(**_toggled(f"not_{field}", off, key)),
        )
        for key, count in counts
        if key
    ]
    if field == "year":  # as time goes, not as many as there are: newest first, as its list is read
        values.sort(key=lambda one: one.key, reverse=True)
    shown = values if visit.get("all") == field else values[:TOP] + [one for one in values[TOP:] if one.on]
    single = field in ("exhibit", "year") and field not in wanted.kept
    unknown = total - sum(value.number for value in values) if single else 0
    return Facet(field, shown, len(values) - len(shown), visit.same(all=field), unknown)


def _toggled(name: str, values: list[str], key: str) -> dict[str, Any]:
    kept = [value for value in values if value != key] if key in values else [*values, key]
    return {name: kept, "offset": "", "item": ""}


def _chips(visit: Visit, wanted: Asked) -> list[dict[str, Any]]:
    found = []
    for exclude, group in ((False, wanted.kept), (True, wanted.left_out)):
        for field, values in group.items():
            for value in values:
                name = f"not_{field}" if exclude else field
                found.append(
                    {
                        "field": field,
                        "key": value,
                        "exclude": exclude,
                        "href": visit.same(**_toggled(name, values, value)),
                    }
                )
    return found


def _json(visit: Visit, context: dict[str, Any]) -> Response[Any]:
    found: Found | None = context["found"]
    if "damage" in context:
        return Response({"error": _damaged(context)}, status_code=503, media_type="application/json")
    if found is None:
        error = context["problem"]
        words = (
            {"error": str(error), "position": error.position}
            if error
            else {"error": "no words to search for"}
        )
        return Response(words, status_code=400, media_type="application/json")
    return visit.json(found.as_data())


def _damaged(context: dict[str, Any]) -> str:
    """Return what ``search --json`` says of an index that cannot be read."""
    return f"the index cannot be read ({context['damage']}): the next ingest makes it anew"


ROUTES = [show]
