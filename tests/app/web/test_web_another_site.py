"""A page of another site leads here: nothing is searched, seen or shown before the person says so."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from urllib.parse import quote_from_bytes

import pytest
from browser_tab import Chromium, Tab, settled, violations
from pages import addresses, route_path
from site_server import parsed

from conftest import Made

FOLLOWED = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
LED = ("cross-site", "same-site")


@pytest.mark.parametrize("site", LED)
def test_no_page_writes_into_the_ledger_when_another_site_leads_to_it(made: Made, site: str) -> None:
    headers = {**FOLLOWED, "Sec-Fetch-Site": site, "Sec-Fetch-User": "?1"}
    before = len(made.site.entries())
    for address in [*addresses(made.ids), f"media/{made.ids['picture']}?clear=1", "palette?to=radio&go=1"]:
        assert made.site.get(route_path(address, made.site.house.key), headers=headers).status < 500, address
    assert len(made.site.entries()) == before


def test_what_would_be_logged_asks_first_and_holds_nothing_of_the_case(made: Made) -> None:
    headers = {**FOLLOWED, "Sec-Fetch-Site": "cross-site"}
    for address in (
        "search?q=radio",
        f"i/{made.ids['english']}",
        f"media/{made.ids['picture']}?clear=1",
        "items",
        "issues",
        "x/1",
    ):
        answer = made.site.get(route_path(address, made.site.house.key), headers=headers)
        assert answer.status == 403, address
        page = parsed(answer.text)
        assert page.one("h1").text == "Go on?"
        assert page.one("main").one("a").attributes["href"] == f"/c/kestrel/{address}"
        for word in ("Kestrel network", "Audiencia", "tester", "index-2026"):
            assert word not in answer.text, address


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/%5Cevil.example", "///evil.example/c/kestrel/items", "/\u0645"]
)
def test_no_link_of_ours_leads_to_where_a_path_only_seems_to_lead(made: Made, path: str) -> None:
    for headers in ({}, {**FOLLOWED, "Sec-Fetch-Site": "cross-site"}, {"Cookie": "locked=1"}):
        page = parsed(raw(made, "GET", path.encode("utf-8"), headers))
        found = [node.attributes.get("href", "") for node in page.all("a")]
        found += [n.attributes["value"] for n in page.all("input") if n.attributes.get("name") == "back"]
        assert found
        for address in found:
            assert address.startswith(("/", "#")), address
            assert not address.startswith(("//", "/\\")), address
            assert address.isascii()


def raw(made: Made, method: str, path: bytes, headers: dict[str, str]) -> str:
    """Return the answer to a path exactly as it is given."""
    with socket.create_connection(("127.0.0.1", int(made.site.host.rpartition(":")[2])), 30) as line:
        lines = [
            f"{name}: {value}"
            for name, value in {"Host": made.site.host, "Connection": "close", **headers}.items()
        ]
        path = quote_from_bytes(path, safe="/%?=&").encode()
        line.sendall(
            method.encode() + b" " + path + b" HTTP/1.1\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n"
        )
        data = b""
        while piece := line.recv(65536):
            data += piece
    return data.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender", "Sec-Fetch-Site": "none", **FOLLOWED},
        {"Sec-Purpose": "prefetch;anonymous-client-ip", "Sec-Fetch-Site": "same-origin", **FOLLOWED},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"X-Purpose": "preview"},
    ],
    ids=lambda each: next(iter(each.values())) + " " + next(iter(each)),
)
def test_nothing_is_given_before_somebody_opens_it(made: Made, headers: dict[str, str]) -> None:
    before = len(made.site.entries())
    for page in ("search?q=radio", f"i/{made.ids['english']}", ""):
        assert made.site.get(page, headers=headers).status == 403
    assert len(made.site.entries()) == before


def test_an_old_browser_is_judged_by_origin_and_referer(made: Made) -> None:
    before = len(made.site.entries())
    for headers in (
        {"Referer": "http://evil.example/list"},
        {"Referer": "http://127.0.0.1:1/"},
        {"Origin": "null"},
    ):
        assert made.site.get("search?q=radio", headers=headers).status == 403
    assert (
        made.site.post(
            "//settings", headers={"Referer": "http://evil.example/"}, token=made.site.house.token
        ).status
        == 403
    )
    assert len(made.site.entries()) == before
    assert made.site.get("search?q=radio", headers={"Referer": made.site.url()}).status == 200
    assert made.site.get("search?q=radio").status == 200


class _Page(BaseHTTPRequestHandler):
    """Another site: every path is a page with the markup that a test put there; ``/away`` redirects."""

    markup: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", self.markup["away"])
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.markup.get(self.path, "").encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def other() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def lead(tab: Tab, other: str, markup: str) -> Any:
    """Open a page of the other site with this markup."""
    _Page.markup["/page"] = f"<!doctype html><title>other</title>{markup}"
    tab.page.goto(f"http://{other}/page")
    return tab.page


@pytest.mark.browser
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"], ids=["same-site", "cross-site"])
@pytest.mark.parametrize("way", ["script", "refresh", "redirect", "form", "link"])
def test_a_page_of_another_site_cannot_search_or_look(
    tab: Tab, made: Made, other: str, name: str, way: str
) -> None:
    other = other.replace("127.0.0.1", name)
    target = made.site.url("search", q="PLANTED")
    _Page.markup["away"] = target
    before = len(made.site.entries())
    page = lead(tab, other, {
        "script": f"<script>location = '{target}'</script>",
        "refresh": f'<meta http-equiv="refresh" content="0;url={target}">',
        "redirect": "<script>location = '/away'</script>",
        "form": f'<form action="{made.site.url("search")}"><input name=q value=PLANTED></form><script>document.forms[0].submit()</script>',
        "link": f'<a id=a href="{target}" rel="noreferrer">x</a>',
    }[way])  # fmt: skip
    if way == "link":
        page.click("#a")
    page.wait_for_selector("main h1")
    assert page.inner_text("h1") == "Go on?"
    assert len(made.site.entries()) == before
    page.click("main a")
    page.wait_for_selector("main .head")
    ((action, subject, _),) = made.site.entries()[before:]
    assert (action, subject) == ("searched", "PLANTED")


@pytest.mark.browser
def test_a_clear_picture_is_not_looked_at_by_another_site_nor_ahead_of_the_person(
    tab: Tab, made: Made, other: str
) -> None:
    target = made.site.url(f"media/{made.ids['picture']}", clear=1)
    rules = f'{{"prefetch":[{{"urls":["{target}"],"eagerness":"immediate"}}],"prerender":[{{"urls":["{target}"],"eagerness":"immediate"}}]}}'
    before = len(made.site.entries())
    page = lead(
        tab,
        other,
        f'<script type="speculationrules">{rules}</script><link rel="prefetch" href="{target}"><img src="{target}">',
    )
    page.evaluate(f"location = '{target}'")
    page.wait_for_selector("main h1")
    assert len(made.site.entries()) == before


@pytest.mark.browser
def test_the_page_that_asks_is_accessible_and_in_the_reader_s_language(
    browser: Chromium, made: Made, other: str
) -> None:
    opened = Tab(browser, made.site, bypass_csp=True)
    page = opened.open("")
    page.evaluate("document.querySelector('details.menu').open = true")
    page.select_option("#set-lang", "ar")
    page.click("details.menu button")
    page.wait_for_selector("html[lang=ar]")
    page = lead(opened, other, f"<script>location = '{made.site.url('items')}'</script>")
    page.wait_for_selector("main h1")
    assert page.evaluate("document.documentElement.lang") == "ar"
    assert (
        violations(
            page, {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
        )
        == []
    )
    opened.close()


@pytest.mark.browser
def test_a_link_of_another_site_does_not_open_the_curtain(tab: Tab, made: Made, other: str) -> None:
    page = tab.open("search?q=radio")
    page.keyboard.press("Shift+L")
    page.wait_for_selector("[data-locked]")
    for target in (made.site.url(), made.site.url("search", q="radio")):
        lead(tab, other.replace("127.0.0.1", "localhost"), f'<a id=a href="{target}">x</a>')
        page.click("#a")
        page.wait_for_selector("main h1")
        assert page.inner_text("h1") == "Hidden"
        assert "Kestrel" not in page.inner_text("body")
        page.reload()
        assert page.inner_text("h1") == "Hidden"


@pytest.mark.browser
def test_a_held_picture_is_shielded_when_the_window_loses_the_focus(tab: Tab, made: Made) -> None:
    clear = "document.querySelector('.shield img').src.includes('clear=1')"
    page = tab.open(f"i/{made.ids['picture']}")
    for leave in (
        "window.dispatchEvent(new Event('blur'))",
        "document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))",
    ):
        page.keyboard.down("Space")
        settled(page, clear)
        page.evaluate(leave)
        settled(page, f"!{clear}")
        page.keyboard.up("Space")
