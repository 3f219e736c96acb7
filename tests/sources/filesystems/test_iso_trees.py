"""What one tree of a disc leaves out: other trees, other sessions, file systems of other makers."""

from pathlib import Path

import pytest
from disk_makers import iso, tree
from disk_tools import Descriptor, listing, needs, run

from actionday.model import Claim, Found, Kind
from actionday.model.loss import is_loss
from actionday.sources.filesystems.hfsplus import SOURCE as HFSPLUS
from actionday.sources.filesystems.iso9660 import SOURCE as ISO
from actionday.testing.context import Bytes, Glance, content

pytestmark = [pytest.mark.tools, needs("genisoimage")]


def by_name(found: list[Found]) -> dict[str, Found]:
    return {each.name: each for each in found}


def test_a_second_name_of_a_content_that_joliet_hides_is_an_item(tmp_path: Path) -> None:
    files = {"a.txt": b"alpha\n", "hard.txt": b"alpha\n", "empty.txt": b"", "void.txt": b""}
    disk = iso(
        tmp_path / "d", tree(tmp_path / "t", files), "-J", "-hide-joliet", "a.txt", "-hide-joliet", "void.txt"
    )
    found, _, _ = listing(ISO, Descriptor(disk))
    assert sorted(each.name for each in found) == ["A.TXT", "VOID.TXT", "empty.txt", "hard.txt"]


def test_what_a_disc_says_of_itself_is_told(tmp_path: Path) -> None:
    words = {"publisher": "THE KESTREL CLUB", "copyright": "NOBODY.TXT"}
    options = (word for field, text in words.items() for word in (f"-{field}", text))
    disk = iso(tmp_path / "d", tree(tmp_path / "t", {"a.txt": b"a\n"}), *options)
    _, context, _ = listing(ISO, Descriptor(disk))
    facts = context.facts["iso9660"]
    assert isinstance(facts, dict)
    assert {field: facts[field] for field in words} == words


def test_names_that_trees_write_differently_are_no_further_files(tmp_path: Path) -> None:
    files = {"My long plan.text": b"p\n", "my long plan 2.text": b"p\n", "\u0646\u0627\u062f\u064a.txt": b"n\n", ".rc": b"",
             "a.tar.gz": b"", "a/b/c/d/e/f/g/h/i/j": b"deep"}  # fmt: skip
    options = ("-R", "-J", "-udf", "-input-charset", "utf-8")
    found, _, bodies = listing(ISO, Descriptor(iso(tmp_path / "d", tree(tmp_path / "t", files), *options)))
    assert bodies == files
    assert not [each for each in found if "tree" in each.meta]


@needs("xorriso")
def test_files_that_only_an_earlier_session_lists_are_deleted_and_whole(tmp_path: Path) -> None:
    first, second = tree(tmp_path / "1", {"first.txt": b"first\n", "both.txt": b"both\n"}), tmp_path / "2"
    tree(second, {"second.txt": b"second\n"})
    disk = tmp_path / "d"
    run("xorriso", "-outdev", disk, "-map", first, "/")
    run("xorriso", "-dev", disk, "-rm", "/first.txt", "--", "-map", second / "second.txt", "/second.txt")
    stream = Descriptor(disk)
    found, context, bodies = listing(ISO, stream)
    assert bodies == {"second.txt": b"second\n", "both.txt": b"both\n"}
    gone = by_name(found)["first.txt"]
    assert (gone.kind, gone.meta["deleted"]) == (Kind.DELETED, True)
    assert content(gone, stream) == b"first\n"
    assert [note.code for note in context.notes] == ["session"]
    assert len(found) == 3


def test_a_session_behind_the_first_is_read_too(tmp_path: Path) -> None:
    disk = iso(tmp_path / "d", tree(tmp_path / "1", {"first.txt": b"first\n"}), "-R")
    size = -(-disk.stat().st_size // 2048 // 16) * 16 + 1600
    with disk.open("r+b") as file:
        file.truncate(size * 2048)
    more = tree(tmp_path / "2", {"second.txt": b"second\n"})
    iso(tmp_path / "e", more, "-R", "-C", f"0,{size}", "-M", str(disk))
    with disk.open("ab") as file:
        file.write((tmp_path / "e").read_bytes())
    found, _, bodies = listing(ISO, Descriptor(disk))
    assert bodies == {"first.txt": b"first\n", "second.txt": b"second\n"}
    assert by_name(found)["second.txt"].kind is Kind.FILE


def test_an_image_that_is_a_file_on_the_disc_is_no_session(tmp_path: Path) -> None:
    inner = iso(tmp_path / "i", tree(tmp_path / "1", {"inner.txt": b"inner\n"}))
    disk = iso(tmp_path / "d", tree(tmp_path / "2", {"inner.iso": inner.read_bytes()}))
    _, context, bodies = listing(ISO, Descriptor(disk))
    assert [name.removesuffix(";1") for name in bodies] == ["INNER.ISO"]
    assert not context.notes


def test_an_hfs_tree_beside_it_is_said_not_to_be_read(tmp_path: Path) -> None:
    files = {"readme.txt": b"r\n", "plans/plan.txt": b"p\n"}
    disk = iso(tmp_path / "d", tree(tmp_path / "t", files), "-hfs", "-hide", "plans")
    _, context, _ = listing(ISO, Descriptor(disk))
    assert [note.reason for note in context.notes if is_loss(note.code)] == [
        "iso9660: the disc has an HFS tree too, which is not read: the sleuthkit reads HFS+ alone"
    ]


@needs("xorriso")
def test_an_hfsplus_tree_beside_it_adds_what_it_alone_lists(tmp_path: Path) -> None:
    files = {"readme.txt": b"r\n", "plans/plan.txt": b"p\n", "empty": b""}
    source = tree(tmp_path / "t", files)
    disk = tmp_path / "d"
    run("xorriso", "-as", "mkisofs", "-R", "-hfsplus", "-o", disk, source)
    found, context, bodies = listing(ISO, Descriptor(disk))
    assert bodies.items() >= files.items()
    assert not [each for each in found if "tree" in each.meta]
    assert not [note.reason for note in context.notes if is_loss(note.code)]
    raw = bytearray(disk.read_bytes())
    at = raw.index(b"PLAN.TXT;1") - 33  # in the tree of ISO 9660 its directory ends before it
    raw[at : at + 2048 - at % 2048] = bytes(2048 - at % 2048)
    found, _, bodies = listing(ISO, Bytes(bytes(raw)))
    assert bodies["plans/plan.txt"] == b"p\n"
    assert by_name(found)["plans/plan.txt"].meta["tree"] == "hfs+"


def test_a_disc_that_is_an_hfsplus_volume_too_is_a_disc(tmp_path: Path) -> None:
    raw = bytearray(iso(tmp_path / "d", tree(tmp_path / "t", {"a": b"a"})).read_bytes())
    raw[1024:1028], raw[1064:1068] = b"H+\0\4", (4096).to_bytes(4, "big")
    peek = Glance("d", bytes(raw[:131072]))
    assert (ISO.claims(peek), HFSPLUS.claims(peek)) == (Claim.STRUCTURE, Claim.MAGIC)
