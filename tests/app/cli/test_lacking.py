"""Beside "whole" stands what was never read; what has losses is nowhere shown as if it had none."""

import gzip
import json
import os
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from actionday.app.cli._common import INDENT, PAGE, wrapped
from case_tools import Bench, needs, tool

CUT = (
    "From: ana@kestrel.example\nTo: ben@kestrel.example\nSubject: {}\nDate: Mon, 2 Mar 2026 10:00:00 +0000\n"
    "Content-Transfer-Encoding: quoted-printable\n\nthe kestrel goes on=\n"
)


@pytest.fixture
def bench(tmp_path: Path, signing_key: None) -> Bench:
    return Bench(tmp_path / "case")


def source(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "whole.txt").write_text("the heron is at the weir\n")
    for name in ("cut.eml", "copy.eml"):  # the same bytes at two places, examined once
        (folder / name).write_text(CUT.format("the tide"))
    with zipfile.ZipFile(folder / "whole.zip", "w") as archive:
        archive.writestr("inner.txt", "the mill\n")
    (folder / "broken.zip").write_bytes((folder / "whole.zip").read_bytes()[:60])
    (folder / "link").symlink_to("whole.txt")
    return folder


def block(said: str) -> list[str]:
    """Return the lines behind the checks, those that go on joined again."""
    return said.partition("\n\n")[2].replace(f"\n{INDENT}", " ").splitlines()


def test_what_was_never_read_stands_beside_whole(bench: Bench, tmp_path: Path) -> None:
    bench.ingest(source(tmp_path), code=1)
    *_, before, last = block(bench.run("verify", bench.folder).stdout)
    assert last.startswith("The case is whole. Ledger head")
    assert before.startswith("not in the case: Of 10 items found: ")
    assert before.endswith(  # a mail, and its body, at two places; the link has no content, and so no hash to lack
        "2 not read or only in part = 1 skipped (1 unsupported) + 1 failed (1 unreadable); 1 without a hash: 1 with no "
        "content by its kind (a link, device, volume's label or revisit); in the issue log 5 lines tell a loss (by "
        "code: 4 broken_off, 1 damaged), about 5 items: 1 of those not read, 4 read with losses."
    )
    said = "\n".join(block(bench.run("verify", bench.folder).stdout)) + "\n"
    balance = "found 10 = parsed 8 + known good 0 + skipped 1 + failed 1"
    assert f"exhibit: site: {balance}; 5 losses (4 broken_off, 1 damaged)\n" in said
    assert "\nnot read, or in part: 1 = 1 failed\nread in part: site: broken.zip: unreadable: " in said
    assert "\nnot read: " not in said  # a part of its one member is in the case
    found = json.loads(bench.run("verify", bench.folder, "--json").stdout)
    assert found["ok"]
    assert found["lacking"]["not_read"] == {"unreadable": 1, "unsupported": 1}
    assert (found["lacking"]["lost"], found["lacking"]["without_hash_of"]) == (5, {"no_content": 1})
    assert found["report"]["not_in_the_case"] == [before.removeprefix("not in the case: ")]
    status = json.loads(bench.run("status", bench.folder, "--json").stdout)
    assert found["lacking"]["losses"] == status["losses"]


def test_what_has_a_content_and_no_hash_is_told_and_what_has_no_content_is_not(
    bench: Bench, tmp_path: Path
) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    os.mkfifo(folder / "fifo")
    (folder / "link").symlink_to("fifo")
    with tarfile.open(folder / "tape.tar", "w") as tape:
        label = tarfile.TarInfo("tape 7")
        label.type = b"V"
        tape.addfile(label)
    (tmp_path / "secret").write_text("the heron is at the weir\n")
    subprocess.run(
        ["zip", "-q", "-j", "-P", "tide", folder / "closed.zip", tmp_path / "secret"],
        check=True,
        timeout=60,
    )
    bench.ingest(folder)
    found = json.loads(bench.run("verify", bench.folder, "--json").stdout)["lacking"]
    assert (found["items"], found["without_hash"]) == (6, 4)
    assert found["unread_without_hash"] == 1
    assert found["without_hash_of"] == {"not_read": 1, "no_content": 3}
    said = "\n".join(block(bench.run("verify", bench.folder).stdout))
    assert (
        "; 4 without a hash: 1 among those not read, 3 with no content by their kind (links, devices, volumes' labels, "
        "revisits); "
    ) in said
    asked = bench.search("type:text/plain")
    assert sum(asked["unhashed"].values()) == found["without_hash"], "the same figure in a search"
    items = [json.loads(line) for line in bench.run("export", bench.folder, "items").stdout.splitlines()]
    uncounted = {"directory", "volume", "exhibit"}
    assert (
        sum(each["sha256"] is None and each["kind"] not in uncounted for each in items)
        == found["without_hash"]
    )


@needs("mkfs.ext4", "debugfs")
def test_deleted_files_of_which_the_name_alone_is_left_are_told(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "tree" / "docs").mkdir(parents=True)
    (tmp_path / "tree" / "gone.txt").write_text("the heron is at the weir\n")
    (tmp_path / "new").write_text("the tide\n")
    disk = tmp_path / "disk.raw"
    tool("truncate", "-s", "16M", disk)
    tool("mkfs.ext4", "-q", "-F", "-d", tmp_path / "tree", disk)
    for command in ("rm gone.txt", f"write {tmp_path / 'new'} docs/new.txt"):  # which takes its inode
        tool("debugfs", "-w", "-R", command, disk)
    bench.ingest(disk)
    found = json.loads(bench.run("verify", bench.folder, "--json").stdout)["lacking"]
    assert (found["without_hash"], found["unread_without_hash"]) == (1, 0)
    said = "\n".join(block(bench.run("verify", bench.folder).stdout))
    assert "1 without a hash: 1 deleted, and nothing leads to its content any more (a name, an inode" in said


def test_nothing_lacking_is_said_too(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a.txt").write_text("the heron is at the weir\n")
    bench.ingest(tmp_path / "one")
    *_, before, _ = block(bench.run("verify", bench.folder).stdout)
    assert before == (
        "not in the case: Of 1 item found: the issue log tells no loss; none was skipped and none failed; all that "
        "has a content has its hash."
    )
    assert json.loads(bench.run("verify", bench.folder, "--json").stdout)["not_read_of_disks"] is None


def test_the_proof_has_the_figures_of_the_balance_and_says_of_which_a_text_is_searched(
    bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "one").mkdir()
    words = b"the heron is at the weir and waits for the tide of the evening\n" * 20
    (tmp_path / "one" / "a.exe").write_bytes(b"\x7fELF\x02\x01\x01".ljust(3000, b"\0") + words + bytes(3000))
    (tmp_path / "one" / "b.bin").write_bytes(bytes(range(1, 200)))
    bench.ingest(tmp_path / "one")
    listed = bench.run("search", bench.folder, "status:unsupported").stdout
    assert "a.exe" in listed
    assert "b.bin" in listed
    said = bench.run("verify", bench.folder)
    found = json.loads(bench.run("verify", bench.folder, "--json").stdout)["lacking"]
    status = json.loads(bench.run("status", bench.folder, "--json").stdout)
    assert found["not_read"] == {"unsupported": 2} == status["by_status"]
    assert found["with_text"] == {"unsupported": 1}
    assert block(said.stdout)[-2].endswith(
        "Of 2 items found: 2 not read or only in part = 2 skipped (2 unsupported); a text of 1 of those not read is kept and searched "
        "all the same (1 unsupported)."
    )
    said = bench.run("search", bench.folder, "heron").stdout
    assert "a.exe" in said
    assert "Without a text that words could find: 1 item of this case (1 unsupported)" in said


def test_the_text_before_the_damage_is_told_of_every_state(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    whole = gzip.compress("".join(f"the heron {n} is at the weir\n" for n in range(9000)).encode())
    (tmp_path / "one" / "cut.txt.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "one" / "b.bin").write_bytes(bytes(range(1, 200)))
    bench.ingest(tmp_path / "one", code=1)
    found = json.loads(bench.run("verify", bench.folder, "--json").stdout)["lacking"]
    said = bench.run("search", bench.folder, "heron").stdout
    assert "1 item" in said.splitlines()[0]
    unread, texts = sum(found["not_read"].values()), sum(found["with_text"].values())
    assert found["with_text"]["unreadable"] == 1
    assert unread - texts == 1
    assert "Without a text that words could find: 1 item of this case (1 unsupported)" in said
    assert found["lost"] == sum(found["lost_of"].values())


def test_of_nothing_nothing_is_vouched_for(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    bench.ingest(tmp_path / "none")
    assert block(bench.run("verify", bench.folder).stdout)[-2] == (
        "not in the case: No item was found: nothing can be said of what the exhibits hold."
    )


def test_every_place_of_what_has_losses_says_so(bench: Bench, tmp_path: Path) -> None:
    bench.ingest(source(tmp_path), code=1)
    for name in ("cut.eml", "copy.eml"):
        assert "status    parsed, with losses" in bench.run("show", bench.folder, f"site/{name}").stdout
    assert "status    parsed\n" in bench.run("show", bench.folder, "site/whole.txt").stdout
    hits = bench.run("search", bench.folder, "kestrel").stdout
    assert hits.count("parsed, with losses · message/rfc822") == 4  # each a file and the message in it
    assert "losses" not in bench.run("search", bench.folder, "heron").stdout


def test_figures_of_a_proof_are_as_elsewhere_and_names_out_of_evidence_are_told_apart(
    bench: Bench, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1003):
        (folder / f"{number}.txt").write_text("the heron is at the weir\n")
    bench.ingest(folder)
    said = bench.run("verify", bench.folder).stdout
    assert "Of 1\u202f003 items found: " in said
    assert "<U+202F>" not in said
    (folder / "0a\u202fb.txt").write_text("added\n")
    for number in range(1003):
        (folder / f"{number}.txt").write_text("the heron is gone\n")
    said = bench.run("verify", bench.folder, "--json").stdout
    assert "0a\u202fb.txt" in said
    said = bench.run("verify", bench.folder).stdout
    assert "0a<U+202F>b.txt" in said
    assert "and 904 more" in said
    assert "of 1\u202f003 files recorded: 1\u202f003 altered; 1 added since" in said


@pytest.mark.parametrize(
    "line",
    [
        "",
        "short",
        "two  blanks " * 40,
        " ".join(["ab" * 32] * 7),
        "x" * 400,
        " led by one",
        "not proved: " + "word " * 90,
    ],
)
def test_a_line_of_a_report_is_a_page_wide_and_loses_nothing(line: str) -> None:
    lines = wrapped(line).split("\n")
    assert " ".join([lines[0], *(each.removeprefix(INDENT) for each in lines[1:])]) == line
    assert all(len(each) <= PAGE or len(max(each.split(" "), key=len)) > PAGE - len(INDENT) for each in lines)


def test_the_block_of_a_proof_fits_a_page(bench: Bench, tmp_path: Path) -> None:
    bench.ingest(source(tmp_path), code=1)
    said = bench.run("verify", bench.folder).stdout.partition("\n\n")[2]
    *lines, last = said.splitlines()
    assert [each for each in lines if len(each) > PAGE and " " in each.strip()] == []
    assert last.startswith("The case is whole. Ledger head "), "what a script reads is one line"


@pytest.mark.parametrize("given", ["nothing", "an empty folder", "folders alone", "no byte", "zeros"])
def test_of_a_case_with_nothing_in_it_a_proof_says_so(given: str, bench: Bench, tmp_path: Path) -> None:
    exhibit = tmp_path / "given"
    if given in ("an empty folder", "folders alone"):
        exhibit.mkdir()
    if given == "folders alone":
        (exhibit / "inner").mkdir()
    if given in ("no byte", "zeros"):
        exhibit.write_bytes(bytes(4096 if given == "zeros" else 0))
    if given != "nothing":
        bench.ingest(exhibit)
    why = {
        "nothing": "no exhibit was taken in",
        "an empty folder": "no item was found in what was taken in, folders and volumes aside",
        "folders alone": "no item was found in what was taken in, folders and volumes aside",
    }.get(given, "what was taken in has no byte, or none but zeros")
    said = bench.run("verify", bench.folder).stdout
    assert f"The case is whole; there is NOTHING in it: {why}. Ledger head" in said
    (tmp_path / "one.txt").write_text("the ferry leaves at noon\n")
    bench.ingest(tmp_path / "one.txt")
    assert "NOTHING" not in bench.run("verify", bench.folder).stdout
