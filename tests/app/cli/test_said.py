"""What a run says at its end is all there is to say: every failure, in words that mean what they say."""

import gzip
import io
import json
import os
import re
import shlex
import subprocess
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from babel import Locale

from actionday.app.cli._common import Terminal, say_json
from actionday.app.cli._proof import _files
from actionday.app.cli.main import run
from actionday.model.country import COUNTRIES
from actionday.model.loss import tells_loss
from actionday.pipeline.proving.report import Check, Counts
from actionday.pipeline.relisting import facts_of
from case_tools import Bench, actionday, needs, sentences, tool


def docx() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        )
        package.writestr(
            "word/document.xml",
            "<w:document xmlns:w='x'><w:body><w:p><w:r><w:t>kestrel</w:t></w:r></w:p></w:body></w:document>",
        )
    return out.getvalue()


def test_a_zip_that_holds_a_stored_document_is_an_archive_and_its_raw_bytes_are_no_text(
    bench: Bench, tmp_path: Path
) -> None:
    """The names of the document's own parts stand in the archive's bytes: they are not the archive's."""
    path = tmp_path / "papers.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("letters/letter.docx", docx())
        archive.writestr("note.txt", sentences(5, 1))
    bench.ingest(path)
    whole = bench.item("")
    assert (whole["status"], whole["reason"], whole["mime"]) == ("parsed", None, "application/zip")
    assert bench.text(whole["sha256"]) is None
    assert bench.item("letters/letter.docx")["status"] == "parsed"
    assert {hit["path"] for hit in bench.search("kestrel")["hits"]} <= {"letters/letter.docx", "note.txt"}
    assert bench.search("kestrel")["total"] == 2


@pytest.mark.tools
@needs("zip")
def test_every_item_that_failed_has_a_line_that_says_so(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "locked.txt").write_text(sentences(5, 1))
    subprocess.run(["zip", "-q", "-P", "secret", "private.zip", "locked.txt"], cwd=tmp_path, check=True)
    (tmp_path / "cut.gz").write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03broken")
    bench.ingest(tmp_path / "private.zip", tmp_path / "cut.gz", code=1)
    failed = {
        (row["exhibit"], row["path"])
        for row in bench.items()
        if row["status"] in ("encrypted", "unreadable", "quarantined")
    }
    lines = bench.export("issues")
    assert ("private.zip", "locked.txt") in failed
    assert failed <= {(row["exhibit"], row["path"]) for row in lines if tells_loss(row["code"])}
    assert list(lines[0]) == ["stage", "exhibit", "path", "code", "reason"]
    (locked,) = [row for row in lines if row["path"] == "locked.txt"]
    assert (locked["code"], tells_loss(locked["code"])) == ("encrypted", True)


CASE = {
    "--name": "Kestrel",
    "--authority": "Sample office",
    "--country": "ES",
    "--legal-basis": "order 1",
    "--retain-until": "2031-12-31",
}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(
            (option, value)
            for option in ("--name", "--authority", "--legal-basis")
            for value in ("", " ", "-", "\u200b")
        ),
        *(("--country", value) for value in ("", "XX", "ZZ", "EU", "UK", "E", "ESP", "ß")),
        *(("--retain-until", value) for value in ("", "2020-01-01", "31.12.2031", "2031-02-30")),
    ],
)
def test_legal_facts_that_say_nothing_are_refused(option: str, value: str, tmp_path: Path) -> None:
    words = [word for pair in {**CASE, option: value}.items() for word in pair]
    done = actionday("case", "create", tmp_path / "case", *words)
    assert (done.returncode, option in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "case").exists()


def test_a_purpose_is_given_or_not_and_is_no_dash(tmp_path: Path) -> None:
    words = [word for pair in CASE.items() for word in pair]
    done = actionday("case", "create", tmp_path / "case", *words, "--purpose", "-")
    assert (done.returncode, "--purpose" in done.stderr) == (2, True), done.stderr


def test_a_case_that_was_made_is_told_with_its_facts_and_a_next_command_that_can_be_typed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], signing_key: None
) -> None:
    words = [word for pair in {**CASE, "--name": "Kes'trel"}.items() for word in pair]
    folder = tmp_path / "the case"
    assert run(["case", "create", str(folder), *words]) == 0
    first, *facts, last = capsys.readouterr().out.splitlines()
    assert first == f"Case created in {folder}. Recorded in its ledger:"
    assert [re.split(" {2,}", line.strip()) for line in facts] == [
        ["name", "Kes'trel"],
        ["authority", "Sample office"],
        ["country", "ES"],
        ["legal basis", "order 1"],
        ["retain until", "2031-12-31"],
        ["purpose", "not given"],
    ]
    assert shlex.split(last.partition(": ")[2])[:3] == ["actionday", "ingest", str(folder)]


def test_the_countries_are_those_of_the_standard() -> None:
    assert len(COUNTRIES) == 249
    cldr = {code for code in Locale("en").territories if len(code) == 2 and code.isalpha()}
    reserved = "AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ"  # of CLDR and others, not assigned
    assert cldr - set(reserved.split(" ")) == COUNTRIES


@pytest.mark.tools
@needs("mkfs.ext4")
def test_a_run_that_is_over_says_what_was_read_and_no_time_that_is_left(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(sentences(50, 3))
    tool("mkfs.ext4", "-q", "-F", "-d", tmp_path / "in", tmp_path / "disk.img", "8M")
    last = bench.ingest(tmp_path / "disk.img").stderr.strip().splitlines()[-1]
    assert last.startswith("complete: ")
    assert "left:" not in last
    read = (tmp_path / "in" / "a.txt").stat().st_size
    assert (
        bench.status()["bytes"] == read
    )  # what is free on the disk is no content, and nothing is said of it
    assert re.search(r" 1 item, [0-9.]+ K?B of content read in [0-9]+ s$", last), last


def test_an_exhibit_that_was_taken_in_is_said(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("a note\n")
    bench.ingest(tmp_path / "note.txt")
    again = json.loads(bench.ingest(tmp_path / "note.txt", "--json").stdout)
    assert again["said"] == [
        "exhibit 'note.txt' had been taken in before: nothing of it was read again, nor hashed: "
        "that it still is what was taken in is for actionday verify to prove"
    ]


def test_lines_and_the_items_they_are_about_are_told_apart_and_remarks_from_both(
    bench: Bench, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    for name in ("one.gz", "two.gz"):
        (site / name).write_bytes(gzip.compress(sentences(400, 1).encode())[:-900])
    (site / "odd.bin").write_bytes(b"\x00\x01" + sentences(50, 2).encode())
    done = bench.ingest(site, "--json", code=1)
    issues = bench.export("issues")
    losses = [row for row in issues if tells_loss(row["code"])]
    remarks = Counter(row["code"] for row in issues if not tells_loss(row["code"]))
    assert losses
    assert remarks
    status = bench.status()
    assert sum(status["failures"].values()) == len(issues)
    by_code = {"losses": Counter(row["code"] for row in losses), "remarks": remarks}
    for told in (status, json.loads(done.stdout), json.loads(done.stderr.splitlines()[-1])):
        assert {word: told[word] for word in by_code} == by_code
    lost = {row["path"] for row in losses}
    assert status["lost"] == len(lost)
    told = bench.run("status", bench.folder).stdout
    assert re.search(rf"losses +{len(losses)} lines? about {len(lost)} items?\n", told), told
    assert re.search(rf"remarks +{remarks.total()} lines?\n", told), told
    again = bench.ingest(site, code=1)
    last = again.stderr.splitlines()[-1]
    assert all(code in last.partition("; losses: ")[2].partition("; ")[0] for code in by_code["losses"])
    assert all(code in last.partition("; remarks: ")[2] for code in remarks)
    summary = again.stdout
    assert f"losses: {len(losses)} lines\n" in summary
    assert re.search(rf"remarks: {remarks.total()} lines?\n", summary), summary
    assert all(
        re.search(rf"  {code} +{n}\n", summary) for n_of in by_code.values() for code, n in n_of.items()
    )


def test_a_link_that_is_given_is_said_and_the_exhibit_named(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("a letter\n")
    (tmp_path / "link").symlink_to(tmp_path / "letter.txt")
    said = bench.ingest(tmp_path / "link").stdout.splitlines()
    assert f"{tmp_path / 'link'}: a link to {tmp_path / 'letter.txt'}, which is what is read" in said
    assert "exhibit letter.txt" in said


def test_an_exhibit_that_is_a_file_has_its_time(bench: Bench, tmp_path: Path) -> None:
    for name in ("letter.txt", "letters.zip", "a.raw", "b.raw"):
        (tmp_path / name).write_text(f"{name}\n")
        os.utime(tmp_path / name, ns=(0, 1_500_000_000_123_456_789))
    with zipfile.ZipFile(tmp_path / "letters.zip", "w") as archive:
        archive.writestr("a.txt", "a\n")
    os.utime(tmp_path / "letters.zip", ns=(0, 1_500_000_000_123_456_789))
    bench.ingest(tmp_path / "letter.txt", tmp_path / "letters.zip")
    bench.ingest(tmp_path / "a.raw", tmp_path / "b.raw", "--exhibit", "both")
    times = {row["path"] or row["exhibit"]: row["mtime"] for row in bench.items()}
    for name in ("letter.txt", "letters.zip", "a.raw", "b.raw"):
        assert times[name] == "2017-07-14T02:40:00.123456Z", times


def test_facts_of_a_folder_have_the_form_of_those_of_an_archive(bench: Bench, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "a.txt").write_text("a\n")
    (site / "a.txt").chmod(0o640)
    bench.ingest(site)
    meta = bench.item("a.txt")["meta"]
    assert (meta["mode"], meta["inode"]) == ("0640", (site / "a.txt").stat().st_ino)
    older = {"mode": "0o640", "inode": str(meta["inode"])}  # as cases had it before
    assert facts_of(json.dumps(older)) == {"mode": "0640", "inode": meta["inode"]}


def test_an_export_to_a_dash_goes_to_standard_output(bench: Bench, tmp_path: Path) -> None:
    done = bench.run("export", bench.folder, "items", "-o", "-", cwd=tmp_path)
    assert (done.returncode, done.stdout, list(tmp_path.glob("-"))) == (0, "", [])
    done = bench.run("export", bench.folder, "ledger", "-o", "-", cwd=tmp_path)
    assert "case.created" in {json.loads(line)["action"] for line in done.stdout.splitlines()}


def test_a_group_without_its_command_says_which_there_are() -> None:
    done = actionday("case")
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr == "actionday: say which of its commands: create, secret (see 'actionday case --help')\n"
    )


def test_json_and_rows_turn_and_colour_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    name = "a\u202eb\x1b[2J\x9b\u200bc\u200cd é إ"
    say_json({"name": name})
    Terminal().write(f'{{"name":"{name}"}}\r\n'.encode())
    said = capsys.readouterr().out
    assert not [c for c in said if not c.isprintable() and c not in "\n\u200c"]
    assert [json.loads(line)["name"] for line in said.splitlines()] == [name] * 2


def test_a_query_that_begins_with_a_dash_is_told_how_to_be_written(tmp_path: Path) -> None:
    done = actionday("search", tmp_path, "-word")
    assert done.returncode == 2
    assert "No such option '-w'" in done.stderr
    assert "'\"-word\"'" in done.stderr
    assert "begins with a dash" not in actionday("show", tmp_path, "-word").stderr


@pytest.mark.parametrize(
    ("others", "said"),
    [(1, "1 folder, link or file without a hash"), (2, "2 folders, links or files without a hash")],
)
def test_what_differs_and_has_no_hash_is_not_called_a_folder(others: int, said: str) -> None:
    """A file that nobody could read and that is gone now is among them."""
    counts = Counts(recorded=1, held=1, others=others)
    shown = _files(Check(name="exhibits", what="files", checked=1, counts=counts), counts)
    assert f"; {said} not as recorded" in shown
