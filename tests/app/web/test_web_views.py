"""Saved views, the palette, and hiding the case: what each keeps, offers and never lets out."""

import json
from pathlib import Path

import pytest
from made_case import make_case
from site_server import Node, Site, parsed

from actionday.access.views import PAGE
from actionday.ledger import Action
from actionday.storage.case import Case
from conftest import Made


@pytest.fixture
def fresh(tmp_path: Path, signing_key: None) -> Site:
    make_case(tmp_path / "kestrel")
    return Site(tmp_path / "kestrel")


def saved(site: Site, **given: str) -> Node:
    """Save a view and return the page that answers, or the list it leads to."""
    answer = site.post("views", token=site.house.token, **given)
    return parsed(site.get(answer.headers["location"]).text if answer.status == 303 else answer.text)


def test_a_view_is_saved_from_its_page_and_leads_to_the_very_same(fresh: Site) -> None:
    address = "search?q=radio&type=text/html&sort=path"
    first = parsed(fresh.get(address).text)
    form = next(a for a in first.all("a", "button") if a.text == "Save this view").attributes["href"]
    page = next(
        node for node in parsed(fresh.get(form).text).all("input") if node.attributes.get("name") == "page"
    ).attributes["value"]
    listed = saved(fresh, name="  Radio,   by path ", page=page, note="for the judge <b>")
    (row,) = listed.one("tbody").all("tr")
    link = row.one("a", "to")
    assert link.text == "Radio, by path"
    assert "for the judge <b>" in row.text
    again = parsed(fresh.get(link.attributes["href"]).text)
    assert again.one("ol", "hitlist").text == first.one("ol", "hitlist").text
    _, subject, details = next(entry for entry in fresh.entries() if entry[0] == "view.saved")
    assert (subject, details["note"]) == ("Radio, by path", "for the judge <b>")
    fresh.close()


def test_withdrawing_needs_a_reason_and_overwrites_nothing(fresh: Site) -> None:
    listed = saved(fresh, name="Radio", page="search?q=radio", note="")
    number = next(
        node.attributes["value"] for node in listed.all("input") if node.attributes.get("name") == "withdraw"
    )
    refused = fresh.post("views", token=fresh.house.token, withdraw=number, reason=" ")
    assert refused.status == 422
    assert "needs a reason" in parsed(refused.text).one("div", "problem").text
    assert parsed(refused.text).one("title").text.startswith("Error:")
    assert not saved(fresh, withdraw=number, reason="found elsewhere").all("tbody")
    kinds = [(action, subject) for action, subject, _ in fresh.entries() if action.startswith("view.")]
    assert kinds == [("view.saved", "Radio"), ("view.withdrawn", number)]
    assert fresh.post("views", token=fresh.house.token, withdraw=number, reason="again").status == 404
    other = Site(fresh.folder)
    assert not parsed(other.get("views").text).all("tbody"), "a new server reads the same out of the ledger"
    other.close()
    fresh.close()


@pytest.mark.parametrize(
    "page",
    ["//evil.example/", "https://evil.example", "../../x", "javascript:alert(1)", "download/00", "search?q=a\nb", "x" * 9000,
     "/search", "ledger/verify", "search#x"],
)  # fmt: skip
def test_nothing_but_a_page_of_the_case_can_be_kept(fresh: Site, page: str) -> None:
    answer = fresh.post("views", token=fresh.house.token, name="a", page=page)
    assert answer.status == 422
    assert not [entry for entry in fresh.entries() if entry[0] == "view.saved"]
    fresh.close()


def test_pages_that_can_be_kept_are_those_with_an_address() -> None:
    for page in (
        "",
        "?x=1",
        "search?q=%D8%A5",
        "items",
        "x/12?path=a%2Fb",
        f"i/{'0f' * 16}?tab=bytes",
        f"h/{'0f' * 32}",
    ):
        assert PAGE.fullmatch(page), page


@pytest.mark.parametrize(
    ("typed", "group", "leads"),
    [
        ("", "page", "/c/kestrel/"),
        ("ledg", "page", "/c/kestrel/ledger"),
        ("s-03", "exhibit", "/c/kestrel/x/2"),
        ("{english}", "item", "/c/kestrel/i/{english}"),
        ("zzz top", "search", "/c/kestrel/search?q=zzz+top"),
        ("‮evil", "search", "/c/kestrel/search?q=%E2%80%AEevil"),
    ],
)
def test_the_palette_leads_to_what_was_typed(made: Made, typed: str, group: str, leads: str) -> None:
    typed, leads = typed.format_map(made.ids), leads.format_map(made.ids)
    first = parsed(made.site.get("palette", to=typed).text).one("ul", "offers").one("a")
    assert (first.one("span", "k").text, first.attributes["href"]) == (group, leads)
    gone = made.site.get("palette", to=typed, go="1")
    assert (gone.status, gone.headers["location"]) == (303, leads)


def test_the_palette_knows_a_content_by_its_hash_and_a_view_by_its_name(fresh: Site) -> None:
    found = json.loads(fresh.get("search", q="radio", format="json").text)["hits"][0]
    first = parsed(fresh.get("palette", to=found["sha256"].upper()).text).one("ul", "offers").one("a")
    assert first.attributes["href"] == f"/c/kestrel/h/{found['sha256']}"
    case = Case.open(fresh.folder)  # what the form refuses now may stand in a case of before
    case.log(Action.VIEW_SAVED, "Weekly plan \u202e", {"page": "search?q=schedule", "note": ""})
    case.close()
    assert (
        "U+202E"
        in saved(fresh, name="Weekly \u202e", page="search?q=schedule", note="").one("div", "problem").text
    )
    first = parsed(fresh.get("palette", to="weekly").text).one("ul", "offers").one("a")
    assert first.attributes["href"] == "/c/kestrel/search?q=schedule"
    assert first.one("span", "ctl").text == "RLO"
    fresh.close()


def test_while_hidden_nothing_of_the_case_is_given(made: Made, fresh: Site) -> None:
    locked = fresh.post("//lock", token=fresh.house.token, back="/c/kestrel/search?q=radio")
    assert (locked.status, locked.headers["location"]) == (303, "/c/kestrel/search?q=radio")
    cookie = locked.headers["set-cookie"].partition(";")[0]
    before = len(fresh.entries())
    for page in ("", "search?q=radio", f"i/{made.ids['english']}", "ledger", f"media/{made.ids['picture']}", "ingest/stream",
                 "search?q=radio&format=json", "palette", "views", "//help", "nowhere"):  # fmt: skip
        answer = fresh.get(page, headers={"Cookie": cookie})
        assert answer.status == 423, page
        for word in ("Kestrel network", "Audiencia", "tester", "radio is on air"):
            assert word not in answer.text, page
        if "<title>" in answer.text:
            assert parsed(answer.text).one("title").text == "Actionday"
    assert (
        fresh.post("views", headers={"Cookie": cookie}, token=fresh.house.token, name="a", page="").status
        == 423
    )
    assert len(fresh.entries()) == before, "and nothing was seen"
    shown = fresh.post("//unlock", headers={"Cookie": cookie}, token=fresh.house.token, back="//evil.example")
    assert (shown.status, shown.headers["location"]) == (303, "/")
    assert fresh.post("//lock", token="guess").status == 403
    fresh.close()
