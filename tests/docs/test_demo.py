"""``make demo`` as it is run: the committed network, a folder of its own, and what is wrong is told."""

import json
import os
import re
import shlex
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from babel import Locale
from samples.commands import CommandFailed, actionday, read_lines, shown
from samples.demo import MARK, SMALL, Step, main, prepare, steps, unshown
from samples.expected import Truth, languages, places, read_truth, three_scripts
from samples.searches import folded

from actionday.app.cli.main import run
from actionday.app.web.language import LANGUAGES
from actionday.storage.index import Index
from actionday.storage.index.node import Match, Term

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "guides").glob("*.md"))]
CODES = {"charset", "encoding", "encoding_some_lines", "transfer_coding", "content_type", "content-type", "disposition",
         "type", "type_name", "mode", "zone", "digest", "profile", "date_reason"}  # fmt: skip
TIMES = {
    "date",
    "date_raw",
    "time",
    "time_shown",
    "edited",
    "edited_shown",
    "envelope_date",
    "created",
    "atime",
    "ctime",
    "dtime",
    "acquired",
    "clock",
}


@pytest.fixture(scope="module")
def truth() -> Truth:
    return read_truth(SMALL / "truth.json")


@pytest.fixture(scope="module")
def shown_steps(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Step]]:
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        return folder / "out", list(steps(folder / "out", prepare(folder / "out", None)))


def test_everything_comes_out_as_the_truth_says(shown_steps: tuple[Path, list[Step]]) -> None:
    _, made = shown_steps
    assert [step.says for step in made if not step.holds] == []
    assert len(made) == 8, "balance, items, entries, languages, three searches, proof"


def _holding_a_schedule(out: Path) -> set[str]:
    """Return the items whose text holds programmes of a station: they are named in schedules only."""
    network = json.loads((SMALL / "truth.json").read_text())["network"]
    names = [
        folded(name)
        for each in network["stations"]
        for rows in each["schedules"].values()
        for _, name in rows
    ]
    texts = {row["sha256"]: folded(row["text"] or "") for row in read_lines(out / "texts.jsonl")}
    held = {sha for sha, text in texts.items() if sum(name in text for name in names) > 1}
    return {item["id"] for item in read_lines(out / "items.jsonl") if item["sha256"] in held}


def test_the_recipes_of_the_readme_find_what_it_says(shown_steps: tuple[Path, list[Step]]) -> None:
    out, _ = shown_steps
    held = _holding_a_schedule(out)
    readme = (ROOT / "README.md").read_text()
    queries = re.findall(r"search demo/case '([^']+)'", readme)
    answers = [
        json.loads(actionday("search", str(out / "case"), each, "--limit", "1000", "--json"))
        for each in queries
    ]
    found = [{hit["id"] for hit in answer["hits"]} for answer in answers]
    assert [len(ids & held) for ids in found[:3]] == [8, 39, 49]
    assert len(held) == 49 and len(found[2] - held) == 11
    assert found[3] and found[3] < found[2]
    assert all(f"{figure}" in readme for figure in ("8 of the 49", "39 of the 49;", "all 49, and 11 more"))
    told = re.findall(r"^#.*: (\d+ items)\b.*\n.*search demo/case '", readme, re.MULTILINE)
    assert told == [f"{answer['total']} items" for answer in answers], "what the command prints"


def test_what_the_readme_says_of_the_sample_and_of_the_pages_holds(truth: Truth) -> None:
    readme = (ROOT / "README.md").read_text()
    size = sum(path.stat().st_size for path in (SMALL / "exhibits").rglob("*") if path.is_file())
    assert (
        f"fourteen exhibits of the invented [Kestrel network](docs/sample-network.md) ({round(size / 1e6)} MB"
        in readme
    )
    assert len(truth.exhibits) == 14
    spoken = " and ".join(str(Locale(each.tag).english_name) for each in LANGUAGES)
    assert f"The pages are in {spoken} (" in readme


TRIED = ("search", "export", "show")
"""Commands that look at a case; others make one, or are run by the demonstration itself."""


def _commands(page: Path) -> list[list[str]]:
    """Return the commands of a page that look at a case, as a shell would read them."""
    line = rf"^(?: {{4}}|\.venv/bin/)actionday ((?:{'|'.join(TRIED)}) .+)$"
    return [shlex.split(each, comments=True) for each in re.findall(line, page.read_text(), re.MULTILINE)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_guide_finds_something_in_the_demonstration(
    shown_steps: tuple[Path, list[Step]],
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Also where the page names another case: the words are the same."""
    copy = tmp_path / "case"
    shutil.copytree(shown_steps[0] / "case", copy)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    for name, _, *words in _commands(page):
        command = f"{page.name}: {name} {' '.join(words)}"
        assert run([name, str(copy), *words, "--json"]) == 0, f"{command}: {capsys.readouterr().err}"
        said = json.loads(capsys.readouterr().out)
        assert said.get("total", said.get("rows", said.get("id"))), command


def _written(facts: object, key: str = "") -> Iterator[str]:
    """Yield what somebody wrote in the facts of an item or content: no codes, no times."""
    if isinstance(facts, dict):
        for name, value in facts.items():
            yield from _written(value, name)
    elif isinstance(facts, list):
        for value in facts:
            yield from _written(value, key)
    elif isinstance(facts, str) and key not in CODES | TIMES:
        yield facts


def test_what_is_written_in_any_metadata_finds_its_items(shown_steps: tuple[Path, list[Step]]) -> None:
    """Every value of the case, of every format in it, as a phrase: all the items that have it, and by ``meta:`` too."""
    items = defaultdict[str, set[str]](set)
    with closing(sqlite3.connect(shown_steps[0] / "case" / "case.db")) as database:
        rows = database.execute(
            "SELECT i.id, i.meta, c.meta FROM items i LEFT JOIN contents c ON c.sha256 = i.sha256"
        )
        for item, own, content in rows:
            for value in (*_written(json.loads(own or "{}")), *_written(json.loads(content or "{}"))):
                items[value].add(item.hex())
    assert len(items) > 400 and {"nginx", "archive-3@wren-elm.example"} <= items.keys()
    index = Index.open(shown_steps[0] / "case" / "index")
    for value, has in items.items():
        phrase = Term(None, value, Match.PHRASE, 0)
        for sought in (phrase, replace(phrase, field="meta")):
            page = index.search(sought, limit=1000)
            assert has <= {hit.item for hit in page.hits}, value
            assert page.total == len(page.hits)
            assert page.contents == len({hit.sha256 for hit in page.hits} - {None}), value
    index.close()


def test_how_languages_are_counted_is_said(shown_steps: tuple[Path, list[Step]]) -> None:
    told = next(step.says for step in shown_steps[1] if "language" in step.says)
    assert "by macrolanguage: Indonesian and Malay count as one" in told


@pytest.mark.parametrize(
    ("has", "said"),
    [("he th bn am hi zh-cn ja ko", ""),
     ("he th bn am hi", "no font for zh-cn, ja, ko; as root: apt-get install fonts-noto-cjk"),
     ("th ja", "no font for he, bn, am, hi, zh-cn, ko; as root: apt-get install fonts-noto-core fonts-noto-cjk")],
)  # fmt: skip
def test_fonts_that_are_missing_here_are_told_in_one_line(
    has: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "fc-list"
    program.write_text(
        f'#!/bin/sh\nfor each in {has}; do [ "$1" = ":lang=$each" ] && echo font.ttf; done; exit 0\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    report = json.loads(actionday("doctor", "--json", accept=(0, 1)))
    assert unshown(report) == (f"The pages show empty boxes here: {said}" if said else "")
    assert set(report["packages"]) >= {word for word in said.split() if word.startswith("fonts-")}


def test_the_folder_is_made_anew_only_if_it_is_ours(
    shown_steps: tuple[Path, list[Step]], tmp_path: Path
) -> None:
    out, _ = shown_steps
    copy = tmp_path / "copy"
    shutil.copytree(out, copy)
    prepare(copy, None)
    assert [each.name for each in copy.iterdir()] == [MARK]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    assert main(["--out", str(tmp_path / "mine")]) == 2
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_a_case_in_which_somebody_did_something_stays(
    shown_steps: tuple[Path, list[Step]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(shown_steps[0], copy)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("ACTIONDAY_ACTOR", "anna")
    assert run(["search", str(copy / "case"), "kestrel"]) == 0
    for seed in ([], ["--seed", "11"]):
        assert main([*seed, "--out", str(copy)]) == 2
        said = capsys.readouterr().err
        assert "that make demo did not make" in said
        assert "make demo OUT=" in said
    assert (copy / "case" / "case.db").exists()


def test_a_file_that_somebody_put_there_stays(
    shown_steps: tuple[Path, list[Step]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(shown_steps[0], copy)
    (copy / "report.odt").touch()
    assert main(["--out", str(copy)]) == 2
    assert "report.odt" in capsys.readouterr().err
    assert (copy / "report.odt").exists()


def test_an_item_that_is_missing_or_altered_is_told(truth: Truth) -> None:
    rows = [
        {"exhibit": each.sources[0], "path": item["path"], "sha256": item["sha256"]}
        for each in truth.exhibits
        for item in each.items
        if item["need"] == "must"
    ]
    found, expected = places(truth, rows)
    assert found == expected == len(rows)
    assert places(truth, rows[1:])[0] == expected - 1
    assert places(truth, [{**rows[0], "sha256": "00" * 32}, *rows[1:]])[0] == expected - 1
    assert places(truth, [{**rows[0], "exhibit": "S-99"}, *rows[1:]])[0] == expected - 1


def test_a_wrong_language_is_told_and_one_of_the_same_family_is_not(truth: Truth) -> None:
    told = [
        {"sha256": item["sha256"], "language": {"ind": "zsm"}.get(item["language"], item["language"])}
        for each in truth.exhibits
        for item in each.items
        if "language" in item
    ]
    assert all(right == expected > 0 for right, expected in languages(truth, told).values())
    wrong = [{**row, "language": "und" if row["language"] == "heb" else row["language"]} for row in told]
    assert languages(truth, wrong)["heb"][0] == 0


def test_searches_are_in_three_scripts(truth: Truth) -> None:
    searches = three_scripts(truth)
    assert len({each.script for each in searches}) == 3
    assert all(each.items > 0 for each in searches)


def test_a_command_that_fails_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="no case there"):
        actionday("status", tmp_path / "none")


def test_names_from_evidence_are_shown_without_turning_the_line() -> None:
    assert shown("a\u202eb\n") == "a<U+202E>b<U+000A>"


def test_the_truth_of_the_committed_form_is_of_its_seed() -> None:
    assert json.loads((SMALL / "truth.json").read_text(encoding="utf-8"))["seed"] == 7
