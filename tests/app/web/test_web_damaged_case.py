"""A case that somebody or a disk has damaged: every page opens or says what is broken, and none answers falsely."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from altered_case import alter_rows
from made_case import copied
from pages import PAGES, addresses
from site_server import Node, Site, parsed

from actionday.app.cli.main import run
from conftest import Made

Harm = Callable[[Path], None]


def rows(*statements: str) -> Harm:
    """Return what changes rows behind the case's back."""
    return lambda folder: alter_rows(folder, *statements)


def packs(folder: Path) -> None:
    """Turn bytes of every stored object round."""
    for pack in (folder / "objects").glob("*.pack"):
        data = bytearray(pack.read_bytes())
        data[3::7] = bytes(255 - byte for byte in data[3::7])
        pack.chmod(0o644)
        pack.write_bytes(data)


def pages_of_the_database(folder: Path) -> None:
    """Overwrite what lies behind the database's first pages."""
    data = bytearray((folder / "case.db").read_bytes())
    data[4096 * 12 :] = b"\xa5" * (len(data) - 4096 * 12)
    (folder / "case.db").write_bytes(data)


def bits_of_the_index(folder: Path) -> None:
    """Change one bit of each list of words and of where they stand: tantivy reads on and finds less."""
    for file in (folder / "index").glob("*.idx"):
        with file.open("r+b") as stream:
            (byte,) = stream.read(1)
            stream.seek(0)
            stream.write(bytes([byte ^ 0x10]))


HARMS: dict[str, Harm] = {
    "no index": lambda folder: shutil.rmtree(folder / "index"),
    "an index of nothing": lambda folder: (folder / "index" / "meta.json").write_text("garbage") and None,
    "no objects": lambda folder: shutil.rmtree(folder / "objects"),
    "torn objects": packs,
    "a torn database": pages_of_the_database,
    "no database": lambda folder: (folder / "case.db").unlink(),
    "torn values of items": rows(
        "UPDATE items SET meta = '{torn', kind = 'odd', status = 'odd', mtime = 'once'"
    ),
    "torn values of contents": rows("UPDATE contents SET meta = '[1, 2', segments = '7'"),
    "torn values of exhibits": rows(
        "UPDATE exhibits SET acquisition = 'null', sources = '[{}]', balance = NULL, state = 'odd'"
    ),
    "torn values of runs": rows("UPDATE runs SET state = 'odd', progress = '{', parameters = '[]'"),
    "torn entries": rows('UPDATE ledger_entry SET leaf = \'{"action":"viewed\' WHERE idx > 1'),
}


@pytest.fixture
def harmed(request: pytest.FixtureRequest, made: Made, tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "kestrel"
    copied(made.folder, folder)
    site = Site(folder)
    HARMS[request.param](folder)
    yield site
    site.close()


def told(page: Node) -> str:
    return " ".join(problem.text for problem in page.all("div", "problem"))


@pytest.mark.parametrize("harmed", HARMS, indirect=True)
def test_every_page_opens_or_says_what_of_the_case_is_broken(harmed: Site, made: Made) -> None:
    for address in [*addresses(made.ids), f"h/{'0' * 64}", f"download/{made.ids['english']}"]:
        answer = harmed.get(address)
        page = parsed(answer.text)
        assert answer.status in (200, 400, 404, 503), (address, answer.status, told(page))
        assert page.all("h1"), address
        if answer.status == 503:
            assert told(page), address


def test_every_kind_of_page_is_among_those_tried() -> None:
    assert sum(bool(each) for each in PAGES.values()) >= 11


@pytest.mark.parametrize("harmed", ["no index", "an index of nothing"], indirect=True)
def test_a_search_without_the_index_is_no_search_that_found_nothing(
    harmed: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = harmed.get("search", q="radio")
    assert answer.status == 503
    assert "index cannot be read" in told(parsed(answer.text))
    data = harmed.get("search", q="radio", format="json")
    assert (data.status, "the index cannot be read" in json.loads(data.text)["error"]) == (503, True)
    assert run(["search", str(harmed.folder), "radio"]) == 1
    assert "the index cannot be read" in capsys.readouterr().err


def test_an_index_torn_under_a_site_that_searches_it_gives_no_short_answer(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "kestrel"
    copied(made.folder, folder)
    site = Site(folder)
    assert site.get("search", q="radio").status == 200
    recorded = ledger(folder)
    bits_of_the_index(folder)
    for form in ("", "json"):
        assert site.get("search", q="radio", format=form).status == 503
    site.close()
    assert run(["search", str(folder), "radio"]) == 1
    assert run(["export", str(folder), "texts", "--query", "radio"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count(".idx differs from its checksum") == 2
    assert [entry for entry in ledger(folder)[len(recorded) :] if "searched" in entry] == []


def ledger(folder: Path) -> list[str]:
    database = sqlite3.connect(folder / "case.db")
    found = database.execute("SELECT leaf FROM ledger_entry ORDER BY idx").fetchall()
    database.close()
    return [str(leaf) for (leaf,) in found]


@pytest.mark.parametrize("harmed", ["no objects", "torn objects"], indirect=True)
def test_one_torn_text_hides_no_hit(harmed: Site, made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    whole = json.loads(made.site.get("search", q="radio", format="json").text)
    found = json.loads(harmed.get("search", q="radio", format="json").text)
    assert [hit["id"] for hit in found["hits"]] == [hit["id"] for hit in whole["hits"]]
    assert all(hit["problem"] for hit in found["hits"])
    assert not any(hit["problem"] for hit in whole["hits"])
    assert "The stored text cannot be read." in parsed(harmed.get("search", q="radio").text).text
    assert run(["search", str(harmed.folder), "radio"]) == 1
    assert "its text cannot be read" in capsys.readouterr().out


@pytest.mark.parametrize("harmed", ["torn values of items", "torn values of contents"], indirect=True)
def test_a_torn_value_is_said_where_it_stands(harmed: Site, made: Made) -> None:
    page = parsed(harmed.get(f"i/{made.ids['english']}", tab="metadata").text)
    assert "stored value that cannot be read" in page.text


@pytest.mark.parametrize(
    ("harmed", "kind"),
    [("torn values of items", "items"), ("torn values of contents", "items"), ("no objects", "texts")],
    indirect=["harmed"],
)
def test_what_is_torn_stops_no_export_and_is_named(
    harmed: Site, made: Made, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", str(made.folder), kind]) == 0
    whole = capsys.readouterr().out.splitlines()
    assert run(["export", str(harmed.folder), kind]) == 1
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == len(whole)
    assert "DIFFERS" in said.err


def test_a_view_behind_the_last_item_of_an_older_index_is_noticed(made: Made, tmp_path: Path) -> None:
    """An index from before the last checkpoint would leave out items without a word."""
    folder = tmp_path / "kestrel"
    copied(made.folder, folder)
    rows(
        "INSERT INTO items (id, exhibit, seq, place, path, kind, status, opened) "
        "VALUES (x'01', 1, 1, 'z', 'z', 'file', 'parsed', 0)"
    )(folder)
    site = Site(folder)
    answer = site.get("search", q="radio")
    site.close()
    assert answer.status == 503
    assert "of the case's" in told(parsed(answer.text))
