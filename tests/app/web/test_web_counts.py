"""Every number is a link to exactly its items, and the count there is the same."""

import pytest
from site_server import Node, figure, parsed

from conftest import Made

SHOWN = ("", "exhibits", "x/1", "x/2", "issues", "search?q=kestrel", "search?q=kestrel&type=text/html", "search?q=kestrel&not_type=text/html",
         "search?q=kestrel&exhibit=S-01&exhibit=S-03", "ledger")  # fmt: skip


def links(page: Node) -> set[tuple[str, int]]:
    """Return the address and the figure of each number that is a link."""
    return {(a.attributes["href"], figure(a.text)) for a in page.all("a", "count")}


def headed(page: Node) -> int:
    """Return the number in a page's heading."""
    return figure(page.one("span", "h-count").text)


@pytest.mark.parametrize("shown", SHOWN)
def test_each_number_leads_to_as_many(made: Made, shown: str) -> None:
    page = parsed(made.site.get(shown).text)
    found = links(page)
    assert found
    for address, number in sorted(found):
        target = parsed(made.site.get(address).text)
        # the ledger grows by being looked at elsewhere, never less than was shown
        assert headed(target) == number or ("/ledger" in address and headed(target) >= number), (
            shown,
            address,
        )


def test_the_balance_adds_up_on_the_overview(made: Made) -> None:
    page = parsed(made.site.get("").text)
    found, *parts = [figure(term.one("a", "count").text) for term in page.one("p", "sum").all("span", "term")]
    assert found == sum(parts) == 115
    assert "adds up" in page.one("p", "sum").text


def test_bars_of_one_kind_add_up_to_everything_found(made: Made) -> None:
    page = parsed(made.site.get("").text)
    for table in page.all("table", "bars"):
        assert sum(figure(a.text) for a in table.all("a", "count")) == 115, table.text


def test_pages_of_a_list_hold_each_item_once_forwards_and_backwards(made: Made) -> None:
    address: str | None = "items"
    seen: list[list[str]] = []
    while address:
        page = parsed(made.site.get(address).text)
        seen.append([a.attributes["href"] for a in page.all("a", "to")])
        back = address
        address = next(
            (a.attributes["href"] for a in page.all("a") if a.attributes.get("rel") == "next"), None
        )
    rows = [row for each in seen for row in each]
    assert (len(rows), len(set(rows))) == (115, 115)
    assert [len(each) for each in seen] == [50, 50, 15]
    before = next(
        a.attributes["href"]
        for a in parsed(made.site.get(back).text).all("a")
        if a.attributes.get("rel") == "prev"
    )
    assert [a.attributes["href"] for a in parsed(made.site.get(before).text).all("a", "to")] == seen[1]


def test_a_cut_list_says_by_how_much(made: Made) -> None:
    page = parsed(made.site.get("items").text)
    assert "50 of 115 shown" in page.one("nav", "pager").text.replace("\u202f", "")
