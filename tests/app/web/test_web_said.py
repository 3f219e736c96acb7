"""What a page says of itself: what a search without hits left out, what a print shows, which head was proved."""

import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from site_server import figure, parsed

from actionday.access.ledger import head
from actionday.pipeline.proving import pace
from actionday.storage.case import Case
from conftest import Made


def test_a_search_without_hits_says_how_many_items_were_not_searched_and_leads_to_them(made: Made) -> None:
    empty = parsed(made.site.get("search", q="zzzz").text).one("div", "empty")
    assert "No text that was read has these words." in empty.text
    assert "Take a filter away" not in empty.text
    links = {a.attributes["href"]: figure(a.text) for a in empty.all("a")}
    told = {parse_qs(urlsplit(href).query)["status"][0]: number for href, number in links.items()}
    assert {"queued", "encrypted", "unreadable", "quarantined", "unsupported"} <= set(told)
    for href, number in links.items():
        assert figure(parsed(made.site.get(href).text).one("span", "h-count").text) == number
    assert str(sum(told.values())) in empty.text


def test_the_sentence_about_filters_is_said_where_there_is_a_filter(made: Made) -> None:
    empty = parsed(made.site.get("search", q="radio", language="zho").text).one("div", "empty")
    assert "within these filters" in empty.text
    assert "Take a filter away" in empty.text


def test_every_print_begins_with_what_was_asked_by_whom_and_on_which_ledger(made: Made) -> None:
    page = parsed(made.site.get("search", q="radio", exhibit="S-01", not_language="rus", sort="path").text)
    case = Case.open(made.folder)
    now = head(case)
    case.close()
    printed = page.one("div", "printed").text
    for word in ("Kestrel network", "radio", "S-01", "rus", "by path", "tester", now.root):
        assert word in printed, word
    for address in ("", "items?status=empty", "issues", "ledger", f"i/{made.ids['english']}"):
        text = made.site.get(address).text
        assert text.index('id="printed"') < text.index("<main"), address
        assert {"Kestrel network", "Head of the ledger"} <= {
            node.text for node in parsed(text).one("div", "printed").all()
        }, address


def test_the_proved_head_stands_beside_the_one_of_now_and_each_says_which_it_is(real: Made) -> None:
    real.site.post("ledger/verify", token=real.site.house.token)
    real.site.house.proving.wait(60)
    proof = real.site.house.proving.stage.proof
    assert proof is not None
    page = parsed(real.site.get("ledger").text)
    panel = page.one("section", "panel")
    (entries,) = [check.checked for check in proof.checks if check.name == "ledger"]
    assert proof.head in panel.text
    assert f"{entries} entries, all before entry {entries}" in panel.text
    case = Case.open(real.folder)
    now = head(case)
    case.close()
    assert now.root != proof.head
    beside = page.all("section", "panel")[1].text
    assert "Head of the ledger now" in beside
    assert now.root in beside


def test_a_proof_at_work_tells_what_it_has_gone_through(real: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Held in the midst of an exhibit, so that what the page shows then can be asked for."""
    reached, looked = threading.Event(), threading.Event()

    class Held(pace.Pace):
        def more(self, count: int) -> None:
            super().more(count)
            if self.moment().stage == "exhibits" and not looked.is_set():
                reached.set()
                looked.wait(60)

    monkeypatch.setattr(pace, "Pace", Held)
    real.site.post("ledger/verify", token=real.site.house.token)
    assert reached.wait(60)
    panel = parsed(real.site.get("ledger").text).one("section", "panel")
    far = real.site.house.proving.stage.far
    looked.set()
    real.site.house.proving.wait(60)
    assert far is not None
    assert (far.stage, far.unit) == ("exhibits", "bytes")
    assert 0 < far.done <= far.total
    assert far.path
    for words in (
        "being verified",
        "exhibits",
        "gone through",
        "rate",
        "time left of this check",
        "being read",
    ):
        assert words in panel.text, words
    assert real.site.house.proving.stage.far is None
