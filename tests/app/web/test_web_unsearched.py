"""What a search cannot find is said beside what it found: "0 items" is never read as "not in this case"."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_case import FACTS
from site_server import Site, parsed

from actionday.app.cli.main import run
from actionday.storage.case import Case
from conftest import Made


def without_text(made: Made) -> dict[str, int]:
    """Count them without any of the case's own readers."""
    database = sqlite3.connect(f"file:{made.folder}/case.db?mode=ro", uri=True)
    rows = database.execute(
        "SELECT status, sha256 IN (SELECT sha256 FROM contents WHERE text IS NOT NULL), kind, opened FROM items"
    ).fetchall()
    database.close()
    found: dict[str, int] = {}
    for status, text, kind, opened in rows:
        container = kind in ("directory", "volume") or (kind == "exhibit" and opened)
        container = container and not (kind != "directory" and status == "unsupported")
        if status not in ("parsed", "empty") and not text and not container:
            found[status] = found.get(status, 0) + 1
    return found


OF_TEXTS = ("radio", "nowhereatall", '"no such phrase"', "lang:cym", "year:1971 language:cym", "script:Cher", "meta:nowhere",
            "NOT radio", "kind:file NOT (lang:ara OR name:a)")  # fmt: skip


@pytest.mark.parametrize("words", OF_TEXTS)
def test_every_answer_says_how_many_items_have_no_text(
    made: Made, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = without_text(made)
    assert len(wanted) > 2
    assert json.loads(made.site.get("search", q=words, format="json").text)["unsearched"] == wanted
    page = parsed(made.site.get("search", q=words).text).one("main").text
    assert f"{sum(wanted.values())} items of this case have no text that was searched" in page
    assert run(["search", str(made.folder), words]) == 0
    said = capsys.readouterr().out
    assert f"Without a text that words could find: {sum(wanted.values())} items" in said
    for status, count in wanted.items():
        assert f"{count} {status}" in said


def test_so_it_is_where_a_filter_asks_for_a_language(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    said = "items of this case have no text that was searched"
    for left_out in ("language", "not_language"):
        page = parsed(made.site.get("search", q="kind:file", **{left_out: "cym"}).text).one("main").text
        assert said in page
    assert run(["search", str(made.folder), "kind:file", "--lang", "cy"]) == 0
    assert "Without a text that words could find" in capsys.readouterr().out
    assert said not in parsed(made.site.get("search", q="kind:file", year="1971").text).one("main").text


def test_what_a_query_of_an_export_cannot_find_is_said_beside_its_rows(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted, command = without_text(made), ["export", str(made.folder), "items"]
    out = ["-o", str(tmp_path / "out"), "--json"]
    for query in (["--query", "kind:file lang:cym"], ["--lang", "cy"], ["--query", "NOT radio"]):
        assert run([*command, *query]) == 0
        said = capsys.readouterr().err
        assert f"Without a text that words could find: {sum(wanted.values())} items" in said
        assert run([*command, *query, *out, "--force"]) == 0
        assert json.loads(capsys.readouterr().out)["unsearched"] == wanted
    for query in ([], ["--query", "name:radio"]):
        assert run([*command, *query]) == 0
        assert "Without a text" not in capsys.readouterr().err


def unknown(folder: Path, column: str) -> dict[str, int]:
    """Count by status, without any of the case's own readers, the items of which a column is not known."""
    database = sqlite3.connect(f"file:{folder}/case.db?mode=ro", uri=True)
    rows = database.execute(
        f"SELECT status, COUNT(*) FROM items WHERE {column} IS NULL AND kind NOT IN ('directory', 'volume') "
        "AND NOT (kind = 'exhibit' AND opened = 1) GROUP BY 1"
    ).fetchall()
    database.close()
    return dict(rows)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Iterator[Made]:
    """A case of a folder with a member that a password keeps, a FIFO, a link, and two texts that break off."""
    if not shutil.which("zip"):
        pytest.skip("Info-ZIP's zip is not here")
    source, folder = tmp_path_factory.mktemp("sealed"), tmp_path_factory.mktemp("of") / "case"
    (source / "rota.txt").write_text("the rota of the crew\n")
    subprocess.run(["zip", "-q", "-P", "heron", "rota.zip", "rota.txt"], cwd=source, check=True)
    for name in ("torn.xml", "torn.rss"):
        (source / name).write_text(
            f'<?xml version="1.0"?><notes><line>the rota of the crew in {name}</line><line>and no'
        )
    (source / "link").symlink_to("rota.txt")
    os.mkfifo(source / "pipe")
    Case.create(folder, FACTS).close()
    command = [
        sys.executable,
        "-m",
        "actionday.app.cli.main",
        "ingest",
        str(folder),
        str(source),
        "--workers",
        "1",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, 1), done.stderr
    site = Site(folder)
    yield Made(site, folder, {})
    site.close()


NO_HASH = "sha256:" + 64 * "0"


@pytest.mark.parametrize(
    "words", ["type:pdf", "type:image", NO_HASH, "kind:file NOT type:text", "name:a OR type:zip"]
)
def test_a_type_and_a_hash_say_what_has_neither(
    sealed: Made, tmp_path: Path, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = unknown(sealed.folder, "sha256")
    assert wanted == {"encrypted": 1, "unsupported": 2}
    number = sum(wanted.values())
    assert json.loads(sealed.site.get("search", q=words, format="json").text)["unhashed"] == wanted
    page = parsed(sealed.site.get("search", q=words).text).one("p", "unhashed")
    assert f"Of {number} item" in page.text
    for link in page.all("a"):
        listed = sealed.site.get(link.attributes["href"]).text
        assert link.text.split()[0] in parsed(listed).one("h1").text
    assert run(["search", str(sealed.folder), words]) == 0
    assert f"Without a type and a SHA-256 that are known: {number} item" in capsys.readouterr().out
    assert run(["export", str(sealed.folder), "items", "--query", words]) == 0
    assert f"Without a type and a SHA-256 that are known: {number} item" in capsys.readouterr().err
    out = ["-o", str(tmp_path / "out"), "--json"]
    assert run(["export", str(sealed.folder), "items", "--query", words, *out]) == 0
    assert json.loads(capsys.readouterr().out)["unhashed"] == wanted


def test_filters_of_type_and_year_say_what_has_none(made: Made, sealed: Made) -> None:
    for name in ("type", "not_type"):
        assert parsed(sealed.site.get("search", q="kind:file", **{name: "text/plain"}).text).all(
            "p", "unhashed"
        )
    wanted = sum(unknown(made.folder, "mtime").values())
    assert wanted
    for asked in (
        {"q": "year:1971"},
        {"q": "kind:file", "year": "1971"},
        {"q": "kind:file", "not_year": "1971"},
    ):
        page = parsed(made.site.get("search", **asked).text)
        assert f"Of {wanted} item" in page.one("p", "undated").text
    assert json.loads(made.site.get("search", q="radio", format="json").text)["undated"] == wanted
    for words in ("radio", "name:radio", "kind:file"):
        page = parsed(made.site.get("search", q=words).text)
        assert not page.all("p", "undated")
        assert not page.all("p", "unhashed")


@pytest.mark.parametrize("page", ["search", "items"])
def test_a_printed_list_names_each_item_so_that_it_can_be_cited(made: Made, page: str) -> None:
    found = parsed(made.site.get(page, **({"q": "radio"} if page == "search" else {})).text)
    printed = " ".join(each.text for each in found.all("div", "printed"))
    hits = json.loads(made.site.get("search", q="radio", format="json").text)["hits"]
    assert hits
    assert printed.count("SHA-256") >= len(hits)
    if page == "search":
        for hit in hits:
            assert f"{hit['id']} · SHA-256 {hit['sha256']}" in printed


def test_every_answer_says_how_many_texts_are_there_in_part(
    sealed: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, wanted in (
        ("nowhereatall", 2),
        ("nowhereatall name:torn.rss", 1),
        ("rota NOT name:torn.rss", 1),
    ):
        assert json.loads(sealed.site.get("search", q=words, format="json").text)["in_part"] == wanted
        told = parsed(sealed.site.get("search", q=words).text).one("p", "in-part").text
        assert f"{wanted} of the items searched ha" in told
        assert "a text of which only a part was read" in told
        assert run(["search", str(sealed.folder), words]) == 0
        assert f"With a part of the text alone: {wanted} item" in capsys.readouterr().out
    for asked in ({"q": "name:nowhere"}, {"q": "rota", "type": "application/zip"}):
        assert not parsed(sealed.site.get("search", **asked).text).all("p", "in-part")
