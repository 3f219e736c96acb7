"""Ingest, issues, exhibits, ledger, help, settings: what is special about each."""

import json
import re
from datetime import timedelta

import pytest
from site_server import Site, figure, parsed

from actionday.app.web.ingest import watch as ingest_watch
from actionday.app.web.ingest.watch import Watch
from actionday.storage.case import Case
from conftest import Made

MOVING = {"found": 5, "bytes": 10, "path": "a", "state": "running", "failed": 0}


def test_a_run_that_does_not_move_for_a_minute_is_stalled(monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime

    class Clock(datetime.datetime):
        later = timedelta()

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
            return datetime.datetime(2026, 11, 25, 14, 24, 52, tzinfo=tz) + cls.later

    monkeypatch.setattr(ingest_watch, "datetime", Clock)
    watch = Watch()
    states = []
    for seconds, found in (
        (0, MOVING),
        (59, MOVING),
        (60, MOVING),
        (61, {**MOVING, "bytes": 11}),
        (121, {**MOVING, "bytes": 11}),
    ):
        Clock.later = timedelta(seconds=seconds)
        states.append(watch.look(found).state)
    assert states == ["running", "running", "stalled", "running", "stalled"]
    Clock.later = timedelta(seconds=500)
    assert watch.look({**MOVING, "state": "complete", "bytes": 11}).state == "complete"


def test_a_page_opened_on_a_run_that_has_stalled_says_so_at_once(made: Made) -> None:
    """What was seen of the run before counts, whoever saw it: a stalled run is not young again for each reader."""
    from actionday.storage.case import Case

    case = Case.open(made.folder)
    with case.lock("ingest"):
        case.database.execute("UPDATE runs SET state = 'running'")
        assert "Nothing has moved" not in made.site.get("ingest").text
        made.site.house.watch._since -= timedelta(seconds=90)
        page = parsed(made.site.get("ingest").text)
        assert "stalled" in page.one(css="sign").text
        assert "Nothing has moved for 1" in page.text
        case.database.execute("UPDATE runs SET state = 'complete'")
    case.close()


def test_the_stream_sends_the_live_part_of_the_page_and_ends_with_the_run(made: Made) -> None:
    answer = made.site.get("ingest/stream")
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [event for event in answer.text.split("\n\n") if event]
    first = "\n".join(line.removeprefix("data: ") for line in events[0].split("\n")[1:])
    shown = next(
        node
        for node in parsed(made.site.get("ingest").text).all("div")
        if node.attributes.get("id") == "live"
    )
    assert parsed(first).text.split() == shown.text.split()
    assert events[-1] == "event: end\ndata: end"
    assert "<script" not in first


def test_the_ingest_page_is_live_only_while_it_runs(made: Made) -> None:
    page = parsed(made.site.get("ingest").text)
    assert "hx-sse:connect" not in made.site.get("ingest").text
    assert "complete" in page.one("section", "panel").text
    assert "pause" not in made.site.get("ingest").text.lower(), "there is no such command yet"


def test_issues_are_grouped_narrowed_and_lead_to_their_items(made: Made) -> None:
    page = parsed(made.site.get("issues", code="damaged").text)
    assert figure(page.one("span", "h-count").text) == 1
    row = page.one("table", "rows").one("tbody")
    assert "p1/var/backup.tar.gz" in row.text
    assert [chip.text for chip in row.all("span", "ctl")] == ["RLO"]
    assert row.one("a", "to").attributes["href"].endswith(made.ids["unreadable"])
    assert "retry" not in page.text.lower()
    assert figure(parsed(made.site.get("issues", exhibit="S-01").text).one("span", "h-count").text) == 0


def test_an_exhibit_shows_the_imagers_hash_against_ours_and_what_he_wrote_as_text(made: Made) -> None:
    page = parsed(made.site.get("x/2").text)
    hashes = page.one("section", "panel")
    signs = [
        sign.text
        for panel in page.all("section", "panel")
        if "imager" in panel.text
        for sign in panel.all("span", "sign")
    ]
    assert "the same" in signs
    assert "differs" in signs
    assert "<b>M. Ortega</b>" in page.one("main").text
    assert hashes
    assert "3c" * 20 in made.site.get("x/2").text.replace("<wbr>", ""), "SHA-1 of the exhibit's file"
    custody = [entry.text for entry in page.one("ol", "history").all("b")]
    assert (custody[0], custody[-1]) == ("exhibit closed", "exhibit acquired")
    assert "viewed" not in custody, "many views must not hide the acquisition"


def test_of_a_disk_it_is_said_what_is_not_read(made: Made) -> None:
    said = "the tables of a file system as bytes (its journal, directories and indexes) are not read."
    assert said in parsed(made.site.get("x/2").text).one("main").text
    assert said not in parsed(made.site.get("x/1").text).one("main").text


def test_the_tree_lists_each_name_once_with_what_lies_below(made: Made) -> None:
    root = parsed(made.site.get("x/1").text).one("table", "rows").one("tbody")
    below = {
        row.one("td").text.removesuffix(" open").strip(): row.all("td")[-1].text for row in root.all("tr")
    }
    assert below["texts"] == "7"
    assert below["copies"] == "2"
    many = parsed(made.site.get("x/2", path="p1/srv/www").text).one("table", "rows").one("tbody")
    assert len(many.all("tr")) == 70
    names = [row.one("a", "to").text for row in many.all("tr")]
    assert names == sorted(names)


def test_the_ledger_shows_newest_first_filters_and_its_head(made: Made) -> None:
    page = parsed(made.site.get("ledger").text)
    numbers = [figure(a.text) for a in page.one("table", "rows").all("a", "to")]
    assert numbers == sorted(numbers, reverse=True)
    viewed = parsed(made.site.get("ledger", action="case.created").text)
    assert figure(viewed.one("span", "h-count").text) == 1
    assert figure(parsed(made.site.get("ledger", actor="nobody").text).one("span", "h-count").text) == 0
    one = parsed(made.site.get("ledger", at=0).text)
    assert figure(one.one("table", "rows").one("a", "to").text) == 0


def test_verify_names_the_first_thing_that_differs_and_is_one_entry(own: Made) -> None:
    before = len(own.site.entries())
    answer = own.site.post("ledger/verify", token=own.site.house.token)
    assert (answer.status, answer.headers["location"]) == (303, "/c/kestrel/ledger")
    own.site.house.proving.wait(60)
    assert [entry[0] for entry in own.site.entries()[before:]] == ["verified"]
    page = parsed(own.site.get("ledger").text).one("section", "panel")
    assert "First difference" in page.text
    assert "texts/arabic/index-2026-03.html" in page.text
    assert "differs" in parsed(own.site.get("").text).one("main").text


def outcome(site: Site) -> tuple[str, str]:
    """Return the sign and the text of the newest proof in the ledger's list."""
    row = parsed(site.get("ledger", action="verified").text).one("table", "rows").one("tbody").one("tr")
    assert row.one("svg").attributes["aria-hidden"] == "true"
    return row.one("span", "sign").text, row.text


def test_the_outcome_of_a_proof_stands_in_the_list(own: Made, real: Made) -> None:
    for site in (own.site, real.site):
        site.post("ledger/verify", token=site.house.token)
        site.house.proving.wait(60)
    sign, text = outcome(own.site)
    assert sign == "differs"
    assert "tables: run 1 went by limits that nobody gave the case" in text
    sign, text = outcome(real.site)
    assert sign == "holds"
    assert "firstnone" in text
    assert "unknown" not in text


def test_a_page_that_waited_for_a_proof_is_made_anew_and_counts_its_entry(real: Made) -> None:
    real.site.post("ledger/verify", token=real.site.house.token)
    real.site.house.proving.wait(60)
    answer = real.site.get("ledger", headers={"HX-Request": "true", "HX-Target": "section#proof"})
    assert (answer.status, answer.headers["hx-refresh"], answer.text) == (200, "true", "")
    page = parsed(real.site.get("ledger").text)
    total = figure(page.one("span", "h-count").text)
    assert figure(page.one("table", "rows").one("a", "to").text) == total - 1
    assert f"numbered 0 to {total - 1}" in page.text.replace("\u202f", "")


def test_a_whole_case_is_said_to_be_whole(real: Made) -> None:
    real.site.post("ledger/verify", token=real.site.house.token)
    real.site.house.proving.wait(60)
    panel = parsed(real.site.get("ledger").text).one("section", "panel")
    assert "verified" in panel.text
    unread = {"1 loss", "unreadable", "encrypted", "queued"}  # beside it, and no difference
    assert {sign.text for sign in panel.all("span", "sign")} - unread == {"verified", "holds"}
    rows = panel.all("tr")
    assert len(rows) == 8
    (files,) = [row.text for row in rows if "recorded:" in row.text]
    assert re.search(r"holds of (\d+) files recorded: \1 as recorded$", files.replace("\u202f", "")), files


def test_help_lists_keys_and_words_and_is_the_sheet_of_the_question_mark(made: Made) -> None:
    page = parsed(made.site.get("//help").text)
    assert {kbd.text for kbd in page.all("kbd")} >= {"?", "f", "g", "j", "Space"}
    sheet = made.site.get("//help", headers={"HX-Request": "true", "HX-Target": "dialog#keys"}).text
    assert sheet.lstrip().startswith("<section")
    assert "<html" not in sheet


def test_lists_and_figures_set_guesses_of_a_language_apart(made: Made) -> None:
    counts = (
        "SELECT COUNT(*) FROM items i JOIN contents c ON c.sha256 = i.sha256 "
        "WHERE c.language = 'eng' AND c.confidence < 0.9"
    )
    case = Case.open(made.folder)
    (guesses,) = case.database.execute(counts).fetchone()
    case.close()
    assert guesses
    overview = parsed(made.site.get("").text)
    labels = [head.text for head in overview.all("th") if head.text.startswith("English")]
    assert labels == [f"English · {guesses} guess{'es' if guesses > 1 else ''}"]
    rows = parsed(made.site.get("items", language="eng").text).all("tr")
    marked = [row.text for row in rows if "a guess" in row.text]
    assert any("captions.txt" in text for text in marked)
    assert any("English" in row.text and row.text not in marked for row in rows)


def test_language_and_colours_are_kept_in_a_cookie_and_lead_back(made: Made) -> None:
    answer = made.site.post(
        "//settings",
        token=made.site.house.token,
        lang="ar",
        theme="dark",
        back="/c/kestrel/items?status=parsed",
    )
    assert (answer.status, answer.headers["location"]) == (303, "/c/kestrel/items?status=parsed")
    page = parsed(made.site.get("", headers={"Cookie": "lang=ar; theme=dark"}).text).one("html")
    assert (page.attributes["lang"], page.attributes["dir"], page.attributes["data-theme"]) == (
        "ar",
        "rtl",
        "dark",
    )
    for back in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        assert made.site.post("//settings", token=made.site.house.token, back=back).headers["location"] == "/"


def test_search_results_of_the_real_case_are_what_was_put_in(real: Made) -> None:
    found = json.loads(real.site.get("search", q="إذاعة", format="json").text)
    assert {hit["path"] for hit in found["hits"]} >= {"arabic.txt", "copy of arabic.txt"}
    assert real.site.get("search", q="kestrel").status == 200
    assert "cut.log" in parsed(real.site.get("items", group="failed").text).one("main").text


def test_pages_of_the_real_case_all_answer(real: Made) -> None:
    site: Site = real.site
    for page in ("", "ingest", "issues", "exhibits", "x/1", "items", "search?q=kestrel", "ledger"):
        assert site.get(page).status == 200, page
    for item in real.ids.values():
        assert site.get(f"i/{item}").status == 200
