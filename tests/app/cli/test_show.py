"""``actionday show``: one item by what a person calls it; every look is one entry of the ledger."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from actionday.access.contents import Content
from actionday.access.issues import Issue
from actionday.access.items import Item
from actionday.access.placed import counted_by
from actionday.access.shown import Shown
from actionday.app.cli._common import readable
from actionday.app.cli._facts import lines_of
from case_tools import Bench

EXHIBITS = Path(__file__).resolve().parents[3] / "samples" / "small" / "exhibits"
LETTER = "Kestrel starts at noon.\n\x01owned\x07 \u202bexe.txt\ttab \u00a0 end\n"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("shown")
    site = folder / "site"
    (site / "a").mkdir(parents=True)
    (site / "a" / "letter.txt").write_text(LETTER)
    (site / "b.txt").write_text(LETTER)
    (site / "empty.bin").write_bytes(b"")
    for number in range(14):
        (site / f"{number}.txt").write_text(f"{number}\n")
    bench = Bench(folder / "case")
    bench.ingest(site)
    return bench


def entries(bench: Bench) -> list[dict[str, object]]:
    return [row for row in bench.export("ledger") if row["action"] in ("viewed", "downloaded")]


def test_every_way_of_naming_an_item_shows_it_and_each_look_is_one_entry(filled: Bench) -> None:
    item = filled.item("a/letter.txt")
    for words in (item["id"], item["id"][:12], "site/a/letter.txt"):
        before = len(entries(filled))
        done = filled.run("show", filled.folder, words)
        assert done.returncode == 0, done.stderr
        for fact in (item["id"], item["sha256"], item["md5"], item["mime"], "a/letter.txt", "2 in this case"):
            assert fact in done.stdout
        assert "Kestrel starts at noon." in done.stdout
        (entry,) = entries(filled)[before:]
        assert (entry["action"], entry["subject"]) == ("viewed", item["id"])
        details = {"exhibit": "site", "path": "a/letter.txt", "sha256": item["sha256"], "view": "text"}
        assert entry["details"] == details


def test_a_hash_shows_the_first_place_and_is_the_subject(filled: Bench) -> None:
    sha256 = filled.item("b.txt")["sha256"]
    found = json.loads(filled.run("show", filled.folder, sha256, "--json").stdout)
    assert (found["path"], found["places"], found["text"]) == ("a/letter.txt", 2, LETTER)
    assert entries(filled)[-1]["subject"] == sha256


def test_what_would_drive_a_terminal_is_named(filled: Bench) -> None:
    text = filled.run("show", filled.folder, "site/b.txt", "--text").stdout
    assert text == readable(LETTER)
    assert "<U+0001>owned<U+0007> <U+202B>exe.txt\ttab \u00a0 end\n" in text


def test_what_no_item_is_called_or_several_are_is_refused(filled: Bench) -> None:
    for words, told in (("site/none", "no item"), ("zz", "no item"), ("", "no item")):
        done = filled.run("show", filled.folder, words)
        assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    begins = [row["id"][0] for row in filled.items()]
    doubled = next(each for each in begins if begins.count(each) > 1)  # of more than 16 some begin alike
    done = filled.run("show", filled.folder, doubled)
    assert (done.returncode, "more than one" in done.stderr) == (2, True)


def test_an_item_without_text_says_so_and_the_exhibit_is_one_too(filled: Bench) -> None:
    done = filled.run("show", filled.folder, "site/empty.bin")
    assert (done.returncode, "No text was read" in done.stdout) == (0, True)
    assert entries(filled)[-1]["details"]["view"] == "metadata"
    assert "directory" in filled.run("show", filled.folder, "site").stdout


def test_bytes_leave_with_a_reason_and_write_over_nothing(filled: Bench, tmp_path: Path) -> None:
    out = tmp_path / "letter.txt"
    words = ("show", filled.folder, "site/b.txt", "--bytes", out)
    done = filled.run(*words)
    assert (done.returncode, "--reason" in done.stderr, out.exists()) == (2, True, False)
    for reason in (".", "\u202e", "x" * 1001):
        done = filled.run(*words, "--reason", reason)
        assert (done.returncode, "--reason" in done.stderr, out.exists()) == (2, True, False)
    done = filled.run(*words, "--reason", "for translation")
    assert done.returncode == 0, done.stderr
    assert hashlib.sha256(out.read_bytes()).hexdigest() == filled.item("b.txt")["sha256"]
    entry = entries(filled)[-1]
    assert (entry["action"], entry["details"]["reason"]) == ("downloaded", "for translation")
    out.write_text("mine")
    done = filled.run(*words, "--reason", "again")
    assert (done.returncode, out.read_text()) == (2, "mine")
    assert filled.run(*words, "--reason", "again", "--force").returncode == 0
    assert out.read_text() == LETTER
    done = filled.run("show", filled.folder, "site/b.txt", "--bytes", "-", "--reason", "x", cwd=tmp_path)
    assert (done.returncode, done.stdout, (tmp_path / "-").exists()) == (2, "", False)
    evidence = filled.folder.parent / "site" / "b.txt"
    done = filled.run("show", filled.folder, "site/b.txt", "--bytes", evidence, "--reason", "x", "--force")
    assert (done.returncode, "evidence" in done.stderr) == (2, True)
    assert filled.verify()["ok"]


MAIL = {
    "subject": "Notice",
    "from": [{"name": "Anna Elm", "address": "anna@wren.example"}],
    "to": [{"name": "", "address": "a@wren.example"}, {"name": "Elm, B.", "address": ""}],
    "cc": [],
    "date_reason": None,
    "user_agent": "",
    "attachments": 0,
    "references": ["one@wren.example", "two@wren.example"],
}


def shown(meta: dict[str, object], of_content: dict[str, object], language: str, confidence: float) -> Shown:
    sha256 = "ab" * 32
    item = Item("1" * 32, None, "S-03", "a.eml", None, "message", 9, sha256, None, "parsed", None, meta, False,
                "message/rfc822", language, 1, "a", 1, confidence, None)  # fmt: skip
    content = Content(sha256, "ef" * 16, "cd" * 20, 9, "message/rfc822", "mail 1", of_content, 1, language, "Latn",
                      confidence, [], None)  # fmt: skip
    return Shown(item, content, 2, counted_by("mbox", item.place), [], True)


def groups(one: Shown) -> dict[str, list[str]]:
    head, *rest = "\n".join(lines_of(one)).split("\n\n")
    return {"": head.split("\n")} | {each.split("\n")[0]: each.split("\n")[1:] for each in rest}


def test_metadata_of_the_item_and_of_the_content_stand_apart_and_say_something() -> None:
    sent = {"subject": "Notice", "sender": "Anna Elm <anna@wren.example>", "content_id": None, "status": 200}
    told = groups(
        shown({**sent, "headers": {"server": "nginx", "via": None}, "deleted": True}, MAIL, "eng", 0.99)
    )
    assert list(told) == ["", "Of the item", "Of the content"]
    assert told["Of the content"] == [
        "  subject      Notice",
        "  from         Anna Elm <anna@wren.example>",
        "  to           a@wren.example",
        "               Elm, B.",
        "  attachments  0",
        "  references   one@wren.example",
        "               two@wren.example",
    ]
    assert told["Of the item"] == [
        "  subject  Notice",
        "  sender   Anna Elm <anna@wren.example>",
        "  status   200",
        "  headers  server: nginx",
        "  deleted  yes",
    ]
    for facts in told.values():
        labels = [label for line in facts if (label := line.strip().split("  ")[0])]
        assert len(labels) == len(set(labels))


def test_a_language_that_is_a_guess_is_shown_as_one_and_one_character_is_one() -> None:
    assert "language  eng, a guess, Latn, 0.31, 1 character" in list(lines_of(shown({}, {}, "eng", 0.31)))
    assert "language  eng, Latn, 0.95, 1 character" in list(lines_of(shown({}, {}, "eng", 0.95)))


def test_what_could_not_be_done_and_names_that_would_drive_a_terminal_are_shown() -> None:
    issue = Issue(1, "parse", "S-03", "a.eml", "not_whole", "cut \x1b here", None, None, None)
    one = shown({"na\u202eme": "a\x07"}, {}, "eng", 1)._replace(issues=[issue])
    assert groups(one)["Of the item"] == ["  na<U+202E>me  a<U+0007>"]
    assert groups(one)["What could not be done with it"] == ["  not_whole (parse)  cut <U+001B> here"]


def test_what_is_no_failure_stands_under_a_heading_of_its_own() -> None:
    codes = ("same_bytes", "gap", "read_with", "unsupported")
    issues = [Issue(n, "hash", "S-03", "a", code, "why", None, None, None) for n, code in enumerate(codes)]
    told = groups(shown({}, {}, "eng", 1)._replace(issues=issues))
    assert told["What could not be done with it"] == [
        "  gap (hash)          why",
        "  unsupported (hash)  why",
    ]
    assert told["What was noted of it"] == ["  same_bytes (hash)  why", "  read_with (hash)   why"]


def test_of_an_image_among_other_files_the_imager_s_hashes_stand_beside_ours(
    bench: Bench, tmp_path: Path
) -> None:
    folder = tmp_path / "seized"
    folder.mkdir()
    shutil.copy(EXHIBITS / "S-02.E01", folder)
    for number in (2, 3):
        shutil.copy(EXHIBITS / f"S-02.E0{number}", folder)
    (folder / "imager.log").write_text("made by the examiner at the quay\n")
    given = [str(each) for each in sorted(folder.iterdir())]
    bench.ingest(folder, "--exhibit", "in a folder")
    bench.run("ingest", bench.folder, *given, "--exhibit", "with its log")
    for exhibit in ("in a folder", "with its log"):
        said = bench.run("show", bench.folder, f"{exhibit}/S-02.E01").stdout
        for name in ("MD5", "SHA-1"):
            assert re.search(rf"^  {name} of the disk +the same: the imager's ", said, re.MULTILINE), said


def test_of_an_exhibit_and_a_folder_that_hold_an_image_its_hashes_stand_beside_ours(
    bench: Bench, tmp_path: Path
) -> None:
    deep = tmp_path / "seized" / "deep"
    deep.mkdir(parents=True)
    for number in (1, 2, 3):
        shutil.copy(EXHIBITS / f"S-02.E0{number}", deep)
    (deep / "imager.log").write_text("made by the examiner at the quay\n")
    bench.ingest(deep.parent, "--exhibit", "in a folder")
    bench.run("ingest", bench.folder, *sorted(map(str, deep.iterdir())), "--exhibit", "with its log")
    for asked, image in (
        ("in a folder/", "in a folder/deep/S-02.E01"),
        ("in a folder/deep", "in a folder/deep/S-02.E01"),
        ("with its log/", "with its log/S-02.E01"),
    ):
        said = bench.run("show", bench.folder, asked).stdout
        assert "Of the images in it" in said, said
        told = said.partition("Of the images in it\n")[2].partition("\n\n")[0]
        assert re.search(rf"^  image +{re.escape(image)}$", told, re.MULTILINE), told
        for name in ("MD5", "SHA-1"):
            assert re.search(rf"^  {name} of the disk +the same: the imager's ", told, re.MULTILINE), told
    assert "Of the images in it" not in bench.run("show", bench.folder, "with its log/imager.log").stdout
