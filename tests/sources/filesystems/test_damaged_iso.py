"""Discs whose directories are damaged: what the path table or another tree leads to is listed, the rest named."""

from pathlib import Path

import pytest
from damaged import Held, Listed, patched
from disk_makers import HASHES, iso, tree
from disk_tools import needs

from actionday.model import Status
from actionday.sources.filesystems._iso_records import directories, trees
from actionday.sources.filesystems.iso9660 import SOURCE

pytestmark = [pytest.mark.tools, needs("genisoimage")]
SECTOR = 2048
BELOW = {name: digest for name, digest in HASHES.items() if "/" in name}


def made(tmp_path: Path, *options: str) -> bytes:
    return iso(tmp_path / "d", tree(tmp_path / "t"), *options).read_bytes()


def places(raw: bytes) -> dict[str, int]:
    """Return the byte at which each directory of the first tree lies."""
    first = trees(Held(raw))[0]
    return {path.decode(): extent * SECTOR for extent, path in directories(Held(raw), first)}


@pytest.mark.parametrize("options", [("-R",), (), ("-R", "-J")], ids=["rock ridge", "plain", "both"])
def test_the_path_table_names_every_directory(options: tuple[str, ...], tmp_path: Path) -> None:
    raw = made(tmp_path, *options)
    assert {path.lower() for path in places(raw)} == {
        "",
        "docs",
        "docs/deep",
        "docs/deep/er",
        "docs/deep/er/still",
        "media",
    }


def test_a_zeroed_root_ends_the_disc_as_damaged_and_the_rest_is_listed(tmp_path: Path) -> None:
    raw = made(tmp_path, "-R")
    listed = Listed(SOURCE, patched(raw, places(raw)[""], bytes(SECTOR)))
    assert listed.ended is not None
    assert "root directory" in str(listed.ended)
    assert set(BELOW.values()) <= listed.hashes()
    assert {"directory", "unnamed"} <= listed.codes()
    assert len({each.place for each in listed.found}) == len(listed.found)


def test_the_other_tree_gives_what_a_damaged_root_hid(tmp_path: Path) -> None:
    raw = made(tmp_path, "-R", "-J")
    listed = Listed(SOURCE, patched(raw, places(raw)[""], bytes(SECTOR)))
    assert listed.ended is not None
    assert set(HASHES.values()) - listed.hashes() <= {HASHES["empty"]}


@pytest.mark.parametrize(
    "data", [bytes(SECTOR), b"\xff" * 64, bytes(34)], ids=["zeros", "ones", "its own record"]
)
def test_a_damaged_directory_is_unreadable_and_those_below_are_listed(data: bytes, tmp_path: Path) -> None:
    raw = made(tmp_path, "-R")
    at = next(at for path, at in places(raw).items() if path.lower() == "docs")
    listed = Listed(SOURCE, patched(raw, at, data))
    assert listed.ended is None
    assert listed.named("docs").status is Status.UNREADABLE
    assert HASHES["docs/deep/er/still/file"] in listed.hashes()
    assert HASHES["media/large.bin"] in listed.hashes()


def test_a_whole_disc_says_nothing(tmp_path: Path) -> None:
    listed = Listed(SOURCE, made(tmp_path, "-R", "-J"))
    assert (listed.ended, listed.codes()) == (None, set())


@pytest.mark.parametrize("options", [("-R",), (), ("-R", "-J")], ids=["rock ridge", "plain", "both"])
def test_no_bit_that_flips_in_a_directory_costs_a_content_without_a_word(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    raw = made(tmp_path, *options)
    whole = Listed(SOURCE, raw).hashes() - {HASHES["empty"]}
    for begin in places(raw).values():
        used = len(raw[begin : begin + SECTOR].rstrip(b"\0"))
        for at in range(begin, begin + used, 3):
            listed = Listed(SOURCE, patched(raw, at, bytes([raw[at] ^ 1 << at % 8])))
            said = listed.codes() or listed.ended or any(each.status or each.notes for each in listed.found)
            assert said or whole <= listed.hashes(), at


@pytest.mark.parametrize("length", [162, 66, 35, 0, 33], ids=str)
def test_a_record_whose_length_is_wrong_hides_none_behind_it(length: int, tmp_path: Path) -> None:
    raw = made(tmp_path)
    begin = places(raw)["DOCS"]
    listed = Listed(SOURCE, patched(raw, begin + 34, bytes([length])))  # of the second record, the one above
    assert set(HASHES.values()) <= listed.hashes() | {HASHES["empty"]}
    assert "directory" in listed.codes()


@pytest.mark.parametrize(("at", "field"), [(2, "block"), (10, "length")])
def test_numbers_that_a_record_tells_in_two_ways_are_said(at: int, field: str, tmp_path: Path) -> None:
    raw = made(tmp_path)
    second = raw.index(b"\1\0\0\1", places(raw)["DOCS"] + 90) - 28  # behind the two of the directory itself
    listed = Listed(SOURCE, patched(raw, second + at, bytes([raw[second + at] ^ 1])))
    told = [note for note in listed.context.notes if note.code == "checksum"]
    assert len(told) == 1
    assert f"{field} " in told[0].reason
    assert not Listed(SOURCE, patched(raw, second + at + 4, bytes(4))).codes()  # no second form
