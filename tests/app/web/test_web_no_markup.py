"""Where no markup can stand (titles, attributes, options), what is unseen or turns others is named in brackets."""

import sqlite3
from collections.abc import Iterator

import pytest
from made_case import copied
from pages import addresses, route_path
from site_server import Site, parsed

from actionday.app.web.showing.names import label
from conftest import Made

SPOKEN = ("title", "aria-label", "alt", "placeholder", "label", "summary")
NAME = "Kestrel \u202egnitsuorra\x1b[2J\u200b"


@pytest.fixture(scope="module")
def turned(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The made case, its own facts as hostile as its evidence."""
    folder = tmp_path_factory.mktemp("turned") / "kestrel"
    copied(made.folder, folder)
    database = sqlite3.connect(folder / "case.db")
    database.execute(
        "UPDATE facts SET value = ? WHERE key IN ('name', 'authority', 'legal_basis', 'purpose')", (NAME,)
    )
    database.commit()
    database.close()
    site = Site(folder)
    yield site
    site.close()


def test_no_title_attribute_or_option_holds_what_is_unseen(turned: Site, made: Made) -> None:
    names = [f"i/{number}" for name, number in made.ids.items() if name.startswith("name ")]
    assert names
    for address in [*addresses(made.ids), *names, *(f"download/{made.ids['english']}",)]:
        page = parsed(turned.get(route_path(address, turned.house.key)).text)
        said = [page.one("title").text, *(each.text for each in page.all("option"))]
        said += [node.attributes.get(each) or "" for node in page.all() for each in SPOKEN]
        odd = [each for each in said if any(label(char) and char not in "\n\u00a0\u202f" for char in each)]
        assert not odd, (address, odd)
        assert "[RLO]" in page.one("title").text


@pytest.mark.parametrize(
    "address",
    ["/settings", "/lock", "/csp-report", "/c/kestrel/lock", "/c/kestrel/ledger/verify", "/c", "/c/", "/static/",
     "/static/none.css", "/favicon.ico", "/c/kestrel/download", "/c/kestrel/x", "/c/kestrel/i/"],
)  # fmt: skip
def test_an_address_that_somebody_types_is_a_page_or_not_found(made: Made, address: str) -> None:
    answer = made.site.get(address)
    assert answer.status == 404
    assert "Not found" in parsed(answer.text).one("h1").text


def test_the_case_without_its_last_slash_leads_somewhere(made: Made) -> None:
    assert made.site.get("/c/kestrel").status in (200, 301, 302, 307, 308)
