"""Whatever an address or a form is given, the answer says what is wrong with it: never a fault of ours, never a silent 0."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.handlers import HTTPRouteHandler
from site_server import parsed

from actionday.app.web.application import routes
from actionday.app.web.visit import TAKES
from conftest import Made

HOSTILE = [
    "", "0", "-1", "00", "abc", "9" * 19, "9" * 400, str(1 << 63), "1e9", "0x10", quote("٢٠٢٦"), "2026-13", "20262", "2026-2020",
    "%00", "a%00b", "%ED%A0%80", "%ed%bf%bf%ed%a0%80", "%FF%FE", "%E2%80%AE%E2%81%A6", "%0D%0ASet-Cookie:%20a=b", "%25", "%",
    "'%20OR%201=1--", "%22", "../..", "//evil.example", "und", "unknown", "ar", "text/html", "viewed", "parsed", "json",
    "%28" * 60, "%F0%9F%92%A9", "a" * 25_000, quote("إذاعة"),
]  # fmt: skip
"""As they stand in an address."""
FIELDS = ("back", "lang", "name", "note", "page", "reason", "theme", "withdraw")
STREAM = "/c/{case:str}/ingest/stream"
"""It goes on until the run has ended: its case and its lock are tested by the stream's own tests."""


def pages() -> dict[str, HTTPRouteHandler]:
    """Return the routes that are asked by address, by their paths, from the application itself."""
    return {
        str(route.name): route
        for route in routes()
        if "GET" in route.http_methods and route.name != STREAM
    }  # fmt: skip


def forms() -> dict[str, HTTPRouteHandler]:
    return {str(route.name): route for route in routes() if "POST" in route.http_methods}


def takes() -> list[tuple[str, str]]:
    return [(path, name) for path, route in pages().items() for name in route.opt[TAKES]]


def at(made: Made, path: str, part: str | None = None) -> str:
    """Return the address of a route, its parts filled in with what is there or with ``part``."""
    good = {"case:str": "kestrel", "item:str": made.ids["picture"], "sha256:str": "0" * 64, "number:int": "1"}
    for name, value in good.items():
        path = path.replace(f"{{{name}}}", value if part is None or name == "case:str" else part)
    return path.removeprefix("POST ")


def test_every_route_says_what_it_takes() -> None:
    assert len(pages()) >= 15
    assert all(TAKES in route.opt for route in pages().values())
    assert len(takes()) >= 40


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_address_is_answered_with_a_fault(made: Made, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(pages())))
    names = st.sampled_from(
        [*pages()[path].opt[TAKES], "self", "changes", "%00", "nobody", "[]", "%ED%A0%80"]
    )
    values = st.one_of(
        st.sampled_from(HOSTILE), st.text(max_size=30).map(lambda text: quote(text, errors="replace"))
    )
    pairs = data.draw(st.lists(st.tuples(names, values), max_size=4))
    part = data.draw(st.one_of(st.none(), values.filter(lambda each: 0 < len(each) < 5000)))
    query = "&".join(f"{name}={value}" for name, value in pairs)
    answer = made.site.get(f"{at(made, path, part)}?{query}")
    assert answer.status < 500, (path, part, query[:300])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_form_is_answered_with_a_fault(made: Made, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([each for each in sorted(forms()) if "verify" not in each]))
    values = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))
    form: dict[str, Any] = data.draw(st.dictionaries(st.sampled_from(FIELDS), values, max_size=4))
    form = {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}
    kind = data.draw(
        st.sampled_from(["", "application/json", "multipart/form-data", "text/plain;charset=none"])
    )
    headers = {"content-type": kind} if kind else {}
    part = data.draw(st.one_of(st.none(), st.sampled_from(["0", "%00", "zz", "%ED%A0%80"])))
    answer = made.site.post(f"/{at(made, path, part)}", headers, token=made.site.house.token, **form)
    assert answer.status < 500, (path, kind, form)
    made.site.post("//unlock", token=made.site.house.token)


IMPOSSIBLE = {
    "year": ("abc", "9" * 20, "2026-2020", "٢٠٢٦"),
    "not_year": ("abc",),
    "type": ("nonsense/none", "\u202e"),
    "not_type": ("nonsense/none",),
    "language": ("xx", "klingon", "ARB"),
    "not_language": ("xx",),
    "exhibit": ("S-99", "\x00"),
    "not_exhibit": ("S-99",),
    "sort": ("sideways",),
    "offset": ("-1", "ten", "100001", "9" * 30),
    "all": ("everything",),
    "format": ("xml",),
    "item": ("zz", "0" * 31),
    "tab": ("nothing",),
    "at": ("-1", "x", "9" * 30),
    "behind": ("-1", "x", "9" * 30),
    "clear": ("yes",),
    "look": ("-1", "now", "9" * 30),
    "unseen": ("2",),
    "after": ("-1", "zz", "9" * 30),
    "before": ("-1", "zz", "9" * 30),
    "status": ("lost",),
    "group": ("most",),
    "period": ("2026-13", "26", "٢٠٢٦"),
    "code": ("no_such_code",),
    "stage": ("later",),
    "kind": ("both",),
    "action": ("wondered",),
    "older": ("-1", "x"),
    "newer": ("-1", "x"),
    "go": ("2",),
    "page": ("http://evil.example/", "//x", "a" * 9000),
}
FREE = frozenset({"q", "to", "actor", "reason", "path"})
"""Texts of any kind: that nobody wrote them is a fact of the case."""


@pytest.mark.parametrize(("path", "name"), takes())
def test_what_a_parameter_cannot_be_is_refused_and_what_it_takes_is_told(
    made: Made, path: str, name: str
) -> None:
    free = name in FREE or (name == "after" and "number" in path)
    before = len(made.site.entries())
    for value in ("a" * 20_001,) if free else IMPOSSIBLE[name]:
        answer = made.site.get(f"{at(made, path)}?{name}={quote(value)}")
        assert answer.status == 400, (path, name, value[:40])
        page = parsed(answer.text)
        assert page.one("h1").text == "This address cannot be read"
        assert page.one("div", "problem").text.startswith(f"{name}: "), answer.text
        assert "It takes: " in page.one("div", "problem").text
        assert page.one("html").all("nav", "side"), "in the house's skeleton"
    assert len(made.site.entries()) == before, "nothing was looked at"


def test_a_parameter_that_a_page_does_not_have_is_no_filter(made: Made) -> None:
    answer = made.site.get("items", lang="ar")
    assert answer.status == 400
    assert "lang: this page has no parameter of this name" in parsed(answer.text).one("div", "problem").text
    assert {"language", "status"} <= {
        code.text for code in parsed(answer.text).one("div", "problem").all("code")
    }


def test_two_values_where_one_is_taken_are_not_cut_down_to_the_first(made: Made) -> None:
    assert made.site.get("items?status=parsed&status=empty").status == 400
    assert made.site.get("items?status=parsed&status=parsed").status == 200
    assert made.site.get("search?q=kestrel&exhibit=S-01&exhibit=S-03").status == 200


def test_json_says_it_too(made: Made) -> None:
    answer = made.site.get("search", q="radio", year="abc", format="json")
    assert (answer.status, answer.headers["content-type"]) == (400, "application/json")
    told = json.loads(answer.text)
    assert (told["parameter"], told["error"]) == ("year", "year: it cannot have this value")
    assert "2023-2025" in told["takes"]


def test_the_way_out_leads_to_the_same_page_without_it(made: Made) -> None:
    page = parsed(made.site.get("search?q=radio&year=abc&self=x").text)
    out = next(a for a in page.all("a", "button") if a.text == "The same page without it")
    assert out.attributes["href"] == "/c/kestrel/search?q=radio&self=x"
    page = parsed(made.site.get(out.attributes["href"]).text)
    out = next(a for a in page.all("a", "button") if a.text == "The same page without it")
    assert made.site.get(out.attributes["href"]).status == 200


def test_what_is_known_and_not_in_this_case_is_none_of_it(made: Made) -> None:
    for query in (
        "status=quarantined&exhibit=S-01",
        "type=video/mp4",
        "language=swh",
        "period=1999",
        "group=known_good",
    ):
        answer = made.site.get(f"items?{query}")
        assert answer.status == 200
        assert parsed(answer.text).one("span", "h-count").text == "0"
    assert made.site.get("search?q=radio&type=video&language=sw&year=1999").status == 200
