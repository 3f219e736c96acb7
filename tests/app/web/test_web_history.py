"""An item's history is every access of the ledger that concerns it; an exhibit's custody is what was done with it."""

from dataclasses import replace

import pytest
from site_server import Node, parsed

from actionday.access.concerning import Concerning, accesses
from actionday.access.items import find_item
from actionday.access.ledger import PAGE
from actionday.exchange.export import export
from actionday.ledger import Action, Ledger
from actionday.storage.case import Case
from actionday.storage.ledger_store import SqliteLogStore
from conftest import Made


class Nowhere:
    def write(self, data: bytes, /) -> int:
        return len(data)


def history(made: Made, item: str, **query: object) -> Node:
    return parsed(made.site.get(f"i/{item}", tab="history", **query).text).one("div", "view")


def lines(made: Made, item: str) -> list[str]:
    """Return the entries as they are read, the newest first."""
    return [each.text for each in entries(history(made, item))]


def entries(page: Node) -> list[Node]:
    """Return the rows of single entries, those within a row that opens too."""
    return [each for each in page.one("ol", "history").all("li") if not each.all("details")]


def test_an_item_s_history_tells_every_access_that_concerns_it(own: Made) -> None:
    item, site = own.ids["arabic"], own.site
    site.get(f"i/{item}")
    site.post(f"download/{item}", token=site.house.token, reason="for the expert")
    sha256 = next(each[2]["sha256"] for each in site.entries() if each[1] == item)
    site.get(f"h/{sha256}")
    case = Case.open(own.folder)
    (copy,) = case.database.execute("SELECT id FROM items WHERE path = 'copies/old/page.html'").fetchone()
    site.get(f"i/{copy.hex()}", tab="metadata")
    for kind in ("items", "texts", "issues", "ledger"):
        export(case, kind, "jsonl", Nowhere())
    site.get(f"i/{own.ids['english']}")
    site.get("search", q="radio")
    found = lines(own, item)
    expected = [
        ("exported", "every row of the list: Texts"),
        ("export begun", ""),
        ("exported", "every row of the list: Items"),
        ("export begun", ""),
        ("viewed", "the same content at another place: S-01 › copies/old/page.html"),
        ("viewed", "on the page of its content"),
        ("downloaded", "for the expert"),
        ("download begun", "for the expert"),
        ("viewed", "Text"),
    ]
    assert len(found) == len(expected), found
    for text, (act, about) in zip(found, expected, strict=True):
        assert act in text
        assert about in text
    case.close()


def test_an_item_s_history_holds_exactly_what_a_reading_of_every_entry_finds(own: Made) -> None:
    """Against a slow reference: each entry parsed and asked whether it names the item, its content or its whole list."""
    for name in ("arabic", "hebrew", "encrypted", "unreadable", "empty"):
        own.site.get(f"i/{own.ids[name]}")
        own.site.get("search", q=own.ids[name])
    case = Case.open(own.folder)
    for kind in ("items", "texts", "issues"):
        export(case, kind, "csv", Nowhere())
    every = list(Ledger(SqliteLogStore(case.database)).entries())
    acts = {"viewed", "download.begun", "downloaded"}
    for name in ("arabic", "hebrew", "encrypted", "unreadable", "empty", "picture"):
        item = find_item(case.database, own.ids[name])
        assert item is not None
        expected = [
            number
            for number, entry in every
            if (
                str(entry.action) in acts
                and (entry.subject == item.id or (item.sha256 and entry.details.get("sha256") == item.sha256))
            )
            or (str(entry.action) in {"export.begun", "exported"} and entry.subject in ("items", "issues"))
        ]
        found = accesses(case.database, item, ["items", "issues"])
        assert [line.number for line in found.lines] == expected[::-1]
        assert found.total == len(expected)
    case.close()


def test_a_history_longer_than_a_page_says_so_and_goes_on(own: Made) -> None:
    item = own.ids["russian"]
    case = Case.open(own.folder)
    for _ in range(PAGE + 10):
        case.log(Action.VIEWED, item, {"view": "text"})
    case.close()
    page = history(own, item)
    assert len(entries(page)) == PAGE
    assert "50 of 60 shown" in page.text
    older = next(each for each in page.all("a", "button") if each.text == "Next page").attributes["href"]
    rest = parsed(own.site.get(older).text).one("div", "view")
    assert "10 of 61 shown" in rest.text, "the first page was looked at meanwhile"
    assert len(entries(rest)) == 10


def test_looks_of_one_person_within_an_hour_are_a_row_that_opens(own: Made) -> None:
    item = own.ids["russian"]
    case = Case.open(own.folder)
    for view in ("text", "metadata", "text"):
        case.log(Action.VIEWED, item, {"view": view})
    found = find_item(case.database, item)
    assert found is not None
    (last, *_), told = (of := accesses(case.database, found, [])).lines, of.lines[0].entry
    case.close()
    assert told is not None
    hours = [told.time.replace(hour=hour, minute=minute) for hour, minute in ((9, 58), (9, 1), (8, 59))]
    seen = [last._replace(number=9 - at, entry=replace(told, time=each)) for at, each in enumerate(hours)]
    other = last._replace(number=5, entry=replace(told, time=hours[2], actor="another"))
    given = other._replace(number=4, entry=replace(told, time=hours[2], action=Action.DOWNLOADED))
    torn = other._replace(number=3, entry=None, damage="no JSON")
    mixed = [*seen, other, given, given._replace(number=2), torn, torn._replace(number=1)]
    looks = Concerning(mixed, len(mixed), None).looks
    assert [[line.number for line in each] for each in looks] == [[9, 8], [7], [5], [4], [2], [3], [1]]
    if len(of.looks) == 1:  # else an hour ended meanwhile
        (row,) = [each for each in history(own, item).one("ol", "history").all("li") if each.all("details")]
        assert "3 looks" in row.one("summary").text
        assert len(row.all("li")) == 3


def test_the_words_of_a_search_are_no_custody_and_a_long_custody_goes_on(own: Made) -> None:
    own.site.get("search", q="S-03")
    before = parsed(own.site.get("x/2").text)
    (ours,) = [each for each in before.all("section") if each.attributes.get("aria-labelledby") == "h-cust"]
    assert "searched" not in ours.text
    case = Case.open(own.folder)
    for number in range(PAGE + 3):
        case.log(Action.EXHIBIT_HASHED, "S-03", {"number": number})
    case.close()
    page = parsed(own.site.get("x/2").text)
    (ours,) = [each for each in page.all("section") if each.attributes.get("aria-labelledby") == "h-cust"]
    assert f"50 of {PAGE + 5} shown" in ours.text
    older = next(each for each in ours.all("a", "button") if each.text == "Next page").attributes["href"]
    assert f"5 of {PAGE + 5} shown" in parsed(own.site.get(older).text).text


@pytest.mark.parametrize(
    "page", ["search?q=radio&sort=path&tab=picture&clear=1&unseen=1&at=9&item={english}"]
)
def test_another_item_is_not_shown_as_the_one_before(made: Made, page: str) -> None:
    """A picture that was shown clear makes no other clear; nor does a saved view."""
    found = parsed(made.site.get(page.format_map(made.ids)).text)
    hits = [each.attributes["href"] for each in found.one("ol", "hitlist").all("a", "to")]
    saved = [each.attributes["href"] for each in found.all("a", "button") if each.text == "Save this view"]
    close = [each.attributes["href"] for each in found.all("a", "close")]
    assert hits
    assert saved
    assert close
    for href in (*hits, *close):
        assert "sort=path" in href
        assert not [name for name in ("tab=", "clear=", "unseen=", "at=") if name in href]
    assert "clear" not in saved[0]
