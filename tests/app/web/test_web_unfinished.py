"""A case that is not wholly taken in says so wherever it answers: what is missing in it is missing in the answer."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_case import copied
from pages import route_path
from site_server import Site, parsed

from actionday.access.unfinished import Unfinished, unfinished
from actionday.app.cli.main import run
from actionday.storage.case import Case
from conftest import Made

BEGUN = "2026-11-25T14:20:00Z"


@pytest.fixture(scope="module")
def cut(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made case as one that was killed leaves it: an exhibit open, its run never ended."""
    folder = tmp_path_factory.mktemp("cut") / "kestrel"
    copied(made.folder, folder)
    database = sqlite3.connect(folder / "case.db")
    database.execute("UPDATE exhibits SET state = 'open' WHERE id = 'S-03'")
    database.execute("UPDATE runs SET state = 'running', finished = NULL")
    database.commit()
    database.close()
    return folder


@pytest.fixture(scope="module")
def site(cut: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same, and nothing has failed yet."""
    folder = tmp_path_factory.mktemp("served") / "kestrel"
    copied(cut, folder)
    database = sqlite3.connect(folder / "case.db")
    database.execute("DELETE FROM issues")
    database.commit()
    database.close()
    served = Site(folder)
    yield served
    served.close()


@pytest.mark.parametrize(
    "words",
    [
        ["search", "CASE", "path:nowhere"],
        ["search", "CASE", "radio"],
        ["export", "CASE", "items"],
        ["export", "CASE", "texts"],
        ["export", "CASE", "issues"],
        ["show", "CASE", "S-03/p1/not/yet/here.txt"],
        ["show", "CASE", "S-01/empty.txt", "--text"],
        ["status", "CASE"],
    ],
    ids=" ".join,
)
def test_every_answer_names_what_is_not_taken_in_and_how_to_go_on(
    cut: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run([str(cut) if word == "CASE" else word for word in words])
    said = capsys.readouterr().err
    assert said.count("NOT COMPLETE") == 1
    assert "exhibit S-03 is not wholly taken in" in said
    assert f"the intake that began {BEGUN} did not come to its end" in said
    assert "the same ingest again" in said


@pytest.mark.parametrize(
    "words",
    [
        ["search", "CASE", "path:nowhere"],
        ["show", "CASE", "S-01/empty.txt"],
        ["export", "CASE", "issues", "-o", "FILE", "--force"],
        ["status", "CASE"],
    ],
    ids=" ".join,
)
def test_so_does_its_json(
    cut: Path, tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    places = {"CASE": str(cut), "FILE": str(tmp_path / "out.jsonl")}
    assert run([*(places.get(word, word) for word in words), "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["unfinished"] == {
        "state": "interrupted",
        "since": BEGUN,
        "exhibits": ["S-03"],
    }
    assert said.err == ""


def test_a_finished_case_says_nothing_of_it(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["search", str(made.folder), "radio"]) == 0
    assert run(["export", str(made.folder), "issues"]) == 0
    assert "NOT COMPLETE" not in capsys.readouterr().err
    assert 'id="unfinished"' not in made.site.get("").text


@pytest.mark.parametrize("page", ["", "items", "search", "issues", "exhibits", "ledger", "ingest", "views"])
def test_every_page_has_one_banner(site: Site, page: str) -> None:
    found = parsed(site.get(page).text)
    (banner,) = [each for each in found.all("p") if each.attributes.get("id") == "unfinished"]
    assert "1 exhibit is not wholly taken in: S-03" in banner.text
    assert "2026-11-25 14:20:00Z" in banner.text
    assert "the same ingest again goes on with it" in banner.text


def test_nothing_failed_is_not_said_of_what_was_not_tried(site: Site, made: Made) -> None:
    page = parsed(site.get("issues").text).one("main").text
    assert "Nothing has failed so far." in page
    assert "Nothing failed." not in page
    assert "nothing failed so far" in parsed(site.get("").text).one("main").text


@pytest.mark.parametrize("words", ["path:nowhere", "radio AND zebra"])
def test_that_no_text_has_words_is_not_said_of_texts_that_were_not_read(site: Site, words: str) -> None:
    page = parsed(site.get("search", q=words).text).one("main").text
    assert "Nothing was found in what is taken in so far." in page
    assert "No text that was read has these words" not in page


@pytest.mark.parametrize("words", ["path:nowhere", "name:nowhere", "NOT (name:a OR NOT name:a)"])
def test_a_query_of_paths_is_not_answered_as_one_of_words(
    made: Made, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = parsed(made.site.get("search", q=words).text).one("main").text
    assert "No item fits this query." in page
    assert (
        "words" not in page.partition("No item fits this query.")[2].partition("The same on the command")[0]
    )
    assert "no text that was searched" not in page
    assert run(["search", str(made.folder), words]) == 0
    assert "Without a text that words could find" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("alter", "wanted"),
    [
        ("UPDATE runs SET state = 'interrupted'", Unfinished("interrupted", BEGUN, ("S-03",))),
        ("UPDATE runs SET state = 'complete'", Unfinished("interrupted", BEGUN, ("S-03",))),
        ("UPDATE runs SET parameters = '{'", Unfinished("interrupted", None, ("S-03",))),
        ("DELETE FROM runs", Unfinished("interrupted", None, ("S-03",))),
        ("UPDATE exhibits SET state = 'complete'", Unfinished("interrupted", BEGUN, ())),
        ("UPDATE exhibits SET state = 'complete'; UPDATE runs SET state = 'complete'", None),
        ("DELETE FROM exhibits; DELETE FROM runs", None),
    ],
    ids=[
        "interrupted",
        "another run ended",
        "torn parameters",
        "no run",
        "all gone through",
        "all done",
        "empty",
    ],
)
def test_an_exhibit_counts_by_its_own_state(
    cut: Path, tmp_path: Path, alter: str, wanted: Unfinished | None
) -> None:
    folder = tmp_path / "kestrel"
    copied(cut, folder)
    case = Case.open(folder)
    case.database.executescript(f"PRAGMA foreign_keys=OFF; {alter}")
    assert unfinished(case) == wanted
    case.close()


def test_one_that_is_written_just_now_is_said_to_be_going_on(cut: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kestrel"
    copied(cut, folder)
    case = Case.open(folder)
    with case.lock("ingest"):
        found = unfinished(case)
    case.close()
    assert found == Unfinished("running", BEGUN, ("S-03",))


@pytest.mark.parametrize("page", ["issues", "search?q=radio", "search?q=path:a"])
def test_where_nothing_was_taken_in_nothing_is_said_to_have_failed_or_to_be_missing(
    empty: Site, page: str
) -> None:
    said = parsed(empty.get(route_path(page, empty.house.key)).text).one("main").text
    assert "Nothing has been taken in yet." in said
    assert "actionday ingest CASE SOURCE" in said
    assert "Nothing failed" not in said
    assert "No text that was read" not in said


@pytest.fixture(scope="module")
def proved(cut: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same, with a volume opened in the open exhibit, its size still that of one segment, and a proof of it."""
    folder = tmp_path_factory.mktemp("proved") / "kestrel"
    copied(cut, folder)
    database = sqlite3.connect(folder / "case.db")
    database.execute("UPDATE exhibits SET size = 7 WHERE id = 'S-03'")
    database.execute("UPDATE items SET opened = 1 WHERE exhibit = 2 AND path = 'p1'")
    database.execute(
        "INSERT INTO containers (item, exhibit, opener, scope, name, kind, size, state) "
        "SELECT id, exhibit, 'ext', x'', '', kind, 0, 'open' FROM items WHERE exhibit = 2 AND path = 'p1'"
    )
    database.commit()
    database.close()
    run(["verify", str(folder)])
    served = Site(folder)
    yield served
    served.close()


def test_a_proof_on_the_page_marks_an_exhibit_that_was_not_gone_through(proved: Site) -> None:
    page = parsed(proved.get("ledger").text).one("section", "lacking")
    accounts = {each.text.partition(":")[0]: each.text for each in page.all("p", "account")}
    assert accounts["S-03"].startswith("S-03: not gone through to its end; so far: found ")
    assert "so far" not in accounts["S-01"]
    assert "what is not gone through yet may hold more" in page.text
    assert "Of each file system that was opened all files are read" not in page.text
    assert "The issue log tells no loss;" not in page.text


def test_of_its_disk_the_page_does_not_say_that_all_files_are_read(
    proved: Site, cut: Path, made: Made
) -> None:
    said = "Disks in exhibits that are not gone through to their end: S-03"
    assert said in parsed(proved.get("ledger").text).one("section", "lacking").text
    page = parsed(proved.get("x/2").text).one("main").text
    assert "files that lie on the disk may not be in the case yet" in page
    assert "all files are read" not in page
    database = sqlite3.connect(cut / "case.db")
    (item,) = database.execute("SELECT hex(id) FROM items WHERE exhibit = 2 AND path = 'p1'").fetchone()
    database.close()
    assert "may not be in the case yet" in parsed(proved.get(f"i/{item.lower()}").text).one("main").text
    assert "may not be in the case yet" not in parsed(made.site.get("x/2").text).one("main").text


def test_the_size_of_an_exhibit_is_that_of_all_its_files_known(proved: Site) -> None:
    sizes = [each.text for each in parsed(proved.get("exhibits").text).all("td", "n")]
    assert any("44023414" in "".join(filter(str.isdigit, size)) for size in sizes)
