"""HEAD is answered as GET is, without a body; what a person typed comes back with nothing unseen in it."""

import http.client
import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from litestar import Request
from litestar.datastructures import State
from made_case import FACTS
from pages import route_path
from site_server import Site, parsed

sys.path.append(str(Path(__file__).resolve().parents[2] / "pipeline"))

from small_disk import filled, more_room, small_disk

from actionday.app.web.bare import broken_case
from actionday.app.web.showing.names import typed
from actionday.storage.case import Case
from conftest import Made

__all__ = ["small_disk"]

CONTROLS = "\u202e\0\u2066\u200f\x1b"


def head(site: Site, path: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and whatever follows them on the wire."""
    connection = http.client.HTTPConnection(site.host, timeout=20)
    connection.request("HEAD", path)
    answer = connection.getresponse()
    found = (answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    connection.close()
    return found


@pytest.mark.parametrize(
    "page", ["", "items", "search?q=radio", "search?q=%28a", "nowhere", "//help", "ingest?format=json"]
)
def test_head_has_the_status_and_the_type_of_get_and_no_body(made: Made, page: str) -> None:
    path = route_path(page, made.site.house.key)
    got = made.site.get(path)
    status, headers, body = head(made.site, path)
    assert (status, body) == (got.status, b"")
    for name in ("content-type", "cache-control", "x-content-type-options"):
        assert headers[name] == got.headers[name]
    assert "content-security-policy" in headers


def test_head_of_a_stream_ends_at_once(made: Made) -> None:
    status, headers, body = head(made.site, route_path("ingest/stream", made.site.house.key))
    assert (status, body) == (200, b"")
    assert headers["content-type"].startswith("text/event-stream")
    assert made.site.get("").status == 200


def test_head_of_an_address_for_forms_alone_is_none(made: Made) -> None:
    assert head(made.site, "/lock")[0] == made.site.get("/lock").status == 404


@pytest.mark.parametrize(
    ("where", "name"),
    [("palette", "to"), ("search", "q"), ("ledger", "actor"), ("x/1", "path"), ("x/1", "after"), ("views", "page"),
     ("issues", "code"), ("items", "type"), ("nowhere", "q")],
)  # fmt: skip
def test_no_page_has_raw_what_turns_text_round(made: Made, where: str, name: str) -> None:
    text = made.site.get(
        route_path(where, made.site.house.key) + "?" + urlencode({name: f"radio{CONTROLS}gpj"})
    ).text
    assert [f"U+{ord(char):04X}" for char in CONTROLS if char in text] == []


def test_what_was_typed_comes_back_without_it(made: Made) -> None:
    field = parsed(made.site.get("palette", to=f"a{CONTROLS}b c").text).all("input")
    assert "ab c" in [each.attributes.get("value") for each in field]
    assert typed("می\u200cخواهم\tx\u00a0y") == "می\u200cخواهم x\u00a0y"


def test_a_full_disk_is_said_to_be_one_with_503(small_disk: Path, signing_key: None) -> None:
    """What has to be recorded cannot be: that is no fault of ours, no damage, and may work later."""
    Case.create(small_disk / "kestrel", FACTS).close()
    site = Site(small_disk / "kestrel")
    try:
        filled(small_disk)
        assert site.get("").status == 200
        answer = site.get("issues")
        page = parsed(answer.text).one("main").text
        assert answer.status == 503
        assert "no space is left on the device" in page
        assert "damaged" not in page
        more_room(small_disk)
        assert site.get("issues").status == 200
    finally:
        site.close()


def test_where_the_case_cannot_even_be_opened_for_want_of_room_nothing_is_called_damaged(made: Made) -> None:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    request = Request(
        {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": b"",
            "headers": [],
            "litestar_app": made_app(made),
        }
    )
    answer = broken_case(request, error)
    page = parsed(answer.content).one("main").text
    assert answer.status_code == 503
    assert "There is no room left on the disk of the case" in page
    assert "damaged" not in page


def made_app(made: Made) -> SimpleNamespace:
    return SimpleNamespace(state=State({"house": made.site.house}))
