"""Every route is listed, every page answers, and none does anything but what it says."""

from pages import PAGES, addresses, route_path
from site_server import Site, parsed

from actionday.app.web.application import page_folders, routes
from conftest import Made


def test_every_route_has_a_page_test() -> None:
    assert {route.name for route in routes()} == set(PAGES)


def test_every_page_folder_has_its_view_and_says_what_it_is() -> None:
    folders = list(page_folders())
    assert {"overview", "search", "item", "ledger"} <= set(folders)
    for name in folders:
        package = __import__(f"actionday.app.web.{name}", fromlist=["x"])
        assert package.__doc__, name


def test_every_page_answers_with_one_heading_and_its_landmarks(made: Made) -> None:
    for address in addresses(made.ids):
        answer = made.site.get(route_path(address, made.site.house.key))
        assert answer.status in (200, 400), (address, answer.text[:300])
        page = parsed(answer.text)
        assert [len(page.all(name)) for name in ("h1", "main", "title", "nav")][:3] == [1, 1, 1], address
        assert page.one("title").text.endswith("· Kestrel network"), address
        assert page.one("html").attributes["dir"] == "ltr"


def test_the_root_leads_to_the_only_case(made: Made) -> None:
    answer = made.site.get("/")
    assert (answer.status, answer.headers["location"]) == (302, "/c/kestrel/")


def test_what_is_not_there_is_said_and_is_404(made: Made) -> None:
    for address in ("/c/other/", "/c/kestrel/i/00", "/c/kestrel/i/zz", "/c/kestrel/h/" + "0" * 64, "/c/kestrel/x/9", "/nowhere",
                    "/c/kestrel/media/00", f"/c/kestrel/media/{made.ids['svg']}", "/c/kestrel/download/00"):  # fmt: skip
        answer = made.site.get(address)
        assert answer.status == 404, address
        assert "Not found" in parsed(answer.text).one("h1").text


def test_before_intake_pages_say_how_to_begin(empty: Site) -> None:
    for page, words in (("", "Nothing has been taken in yet"), ("ingest", "No run yet"), ("exhibits", "No exhibit yet"),
                        ("issues", "Nothing has been taken in yet"), ("items", "No item yet")):  # fmt: skip
        answer = empty.get(page)
        assert answer.status == 200, page
        assert words in answer.text, page
    assert empty.get("search", q="radio").status in (200, 503)


def test_json_is_what_the_command_line_gives(made: Made) -> None:
    import json

    from actionday.access.status import status
    from actionday.storage.case import Case

    case = Case.open(made.folder)
    expected = json.loads(json.dumps(status(case)))
    case.close()
    for page in ("", "ingest"):
        assert json.loads(made.site.get(page, format="json").text) == expected
