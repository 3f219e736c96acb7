"""Original bytes leave the case behind a page with a reason, logged once."""

from hashlib import sha256

import pytest
from made_case import ENGLISH
from site_server import Site, parsed

from case_tools import until
from conftest import Made

DATA = (ENGLISH * 12).encode()


def test_the_page_says_what_it_is_and_shows_none_of_it(made: Made) -> None:
    page = parsed(made.site.get(f"download/{made.ids['english']}").text)
    assert sha256(DATA).hexdigest() + ".bin" in page.one("main").text
    assert "on air" not in page.text
    assert "reason" in [label.attributes["for"] for label in page.all("label")]


def test_without_a_reason_nothing_leaves(made: Made) -> None:
    before = len(made.site.entries())
    answer = made.site.post(f"download/{made.ids['english']}", token=made.site.house.token, reason="  ")
    assert answer.status == 422
    page = parsed(answer.text)
    assert page.one("title").text.startswith("Error:")
    assert page.one("textarea").attributes["aria-invalid"] == "true"
    assert any(a.attributes["href"] == "#reason" for a in page.one("div", "problem").all("a"))
    assert len(made.site.entries()) == before


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (".", "at least one letter or digit"),
        ("\u200b", "U+200B"),
        ("for the \u202etruoc", "U+202E"),
        ("for\x00 the court", "U+0000"),
        ("a" * 100_000, "at most 1000 characters"),
    ],
)
def test_a_reason_that_states_nothing_or_too_much_is_no_reason(made: Made, reason: str, said: str) -> None:
    before = len(made.site.entries())
    answer = made.site.post(f"download/{made.ids['english']}", token=made.site.house.token, reason=reason)
    page = parsed(answer.text)
    assert (answer.status, len(made.site.entries())) == (422, before)
    assert said in page.one("div", "problem").text
    assert page.one("textarea").attributes["aria-invalid"] == "true"


def test_with_a_reason_the_very_bytes_come_as_an_attachment_and_an_entry_before_and_behind(
    made: Made,
) -> None:
    before = len(made.site.entries())
    answer = made.site.post(
        f"download/{made.ids['english']}", token=made.site.house.token, reason="for the expert, order 7"
    )
    assert (answer.status, answer.data) == (200, DATA)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="{sha256(DATA).hexdigest()}.bin"'
    assert "sandbox" in answer.headers["content-security-policy"]
    until(lambda: len(made.site.entries()) > before + 1)  # it is written when the connection has taken all
    begun, ended = made.site.entries()[before:]
    item, reason = made.ids["english"], "for the expert, order 7"
    assert (begun[0], begun[1], begun[2]["reason"]) == ("download.begun", item, reason)
    assert (ended[0], ended[1], ended[2]["reason"]) == ("downloaded", item, reason)
    assert (ended[2]["begun"], ended[2]["bytes"], ended[2]["whole"]) == (before, len(DATA), True)
    assert ended[2]["sha256"] == sha256(DATA).hexdigest()


def test_bytes_that_are_gone_are_named_and_not_logged_as_downloaded(real: Made) -> None:
    from pathlib import Path

    from actionday.storage.case import Case

    case = Case.open(real.folder)
    root = Path(
        str(case.database.execute("SELECT json_extract(sources, '$[0].path') FROM exhibits").fetchone()[0])
    )
    case.close()
    site = Site(
        real.folder
    )  # its reader has opened nothing yet: a file held open can still be read when it is moved
    (root / "poster.png").rename(root / "moved away")
    try:
        before = len(site.entries())
        answer = site.post(f"download/{real.ids['poster.png']}", token=site.house.token, reason="because")
        assert answer.status == 502
        assert "cannot be read" in parsed(answer.text).one("div", "problem").text
        assert len(site.entries()) == before
        assert "cannot be read" in site.get(f"i/{real.ids['poster.png']}?tab=bytes").text
    finally:
        (root / "moved away").rename(root / "poster.png")
        site.close()


def test_the_reason_stands_in_the_history_of_the_item_and_in_the_ledger(made: Made) -> None:
    given = "for the <expert>, order 9/2026"
    made.site.post(f"download/{made.ids['english']}", token=made.site.house.token, reason=given)
    history = parsed(made.site.get(f"i/{made.ids['english']}", tab="history").text).one("ol", "history")
    told = [line.one("div", "stated").text for line in history.all("li") if line.all("div", "stated")]
    assert [each for each in told if given in each] == [f"reason {given}"] * 2  # as it began, and as it ended
    rows = parsed(made.site.get("ledger", action="downloaded").text).one("table", "rows").all("tr")
    assert given in rows[1].one("div", "stated").text


def test_the_page_is_packed_on_its_way_and_the_bytes_are_not(made: Made) -> None:
    packed = {"accept-encoding": "gzip"}
    address = f"download/{made.ids['english']}"
    assert made.site.get(address, headers=packed).headers["content-encoding"] == "gzip"
    given = made.site.post(address, headers=packed, token=made.site.house.token, reason="for the expert")
    assert "content-encoding" not in given.headers
    assert given.data == DATA
