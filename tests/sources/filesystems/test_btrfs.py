"""Btrfs against disks made by mkfs.btrfs, read a second time by btrfs restore and dissect, and changed by hand."""

import os
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from disk_makers import HASHES, MIB, btrfs, tree
from disk_tools import Descriptor, items, listing, needs, run, sha256
from dissect.btrfs import Btrfs
from dissect.btrfs.btrfs import INode
from test_xfs import Patched

from actionday.model import Claim, Damaged, Found, Kind, Loss, Status, Unsupported
from actionday.sources.filesystems._btrfs_chunks import METADATA
from actionday.sources.filesystems._btrfs_sums import summed, sums_of, xxh64
from actionday.sources.filesystems.btrfs import SOURCE
from actionday.testing.context import Glance, OpenFile

pytestmark = [pytest.mark.tools, needs("mkfs.btrfs")]
BIG = random.Random(22).randbytes(3 * MIB + 77)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tree(tmp_path_factory.mktemp("btrfs") / "t")
    (folder / "link").symlink_to("docs/schedule.html")
    os.link(folder / "readme.txt", folder / "again.txt")
    os.mkfifo(folder / "pipe")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9")).write_bytes(b"latin\n")
    (folder / "random").write_bytes(BIG)
    for number in range(700):
        path = folder / "many" / f"a-file-with-a-name-of-some-length-{number:04d}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"%d\n" % number)
    return folder


@pytest.fixture(scope="module")
def disk(source: Path) -> Path:
    return btrfs(source.parent / "d", source, "-L", "Kestrel", size=128 * MIB)


@pytest.fixture(scope="module")
def single(source: Path) -> Path:
    """Without a second copy of anything."""
    return btrfs(source.parent / "s", source, "-m", "single", "-d", "single", size=128 * MIB)


def by_name(found: list[Found]) -> dict[str, Found]:
    return {each.name: each for each in found}


def place_of(disk: Path, data: bytes, number: int = 0) -> int:
    """Return where ``data`` lies on a disk."""
    raw, at = disk.read_bytes(), -1
    for _ in range(number + 1):
        at = raw.index(data, at + 1)
    return at


def test_every_file_is_there_with_its_bytes(disk: Path) -> None:
    found, around, bodies = listing(SOURCE, Descriptor(disk))
    names = by_name(found)
    assert {name: sha256(bodies[name]) for name in HASHES} == HASHES
    assert bodies["random"] == BIG
    assert bodies["caf\\xe9"] == b"latin\n"
    assert names["caf\\xe9"].raw == b"caf\xe9"
    assert sum(name.startswith("many/") for name in names) == 700
    assert (names["link"].kind, names["link"].meta["target"]) == (Kind.SYMLINK, "docs/schedule.html")
    assert (names["pipe"].kind, names["pipe"].meta["type"]) == (Kind.SPECIAL, "fifo")
    assert names["again.txt"].runs == names["readme.txt"].runs
    assert names["again.txt"].meta["links"] == 2
    assert names["random"].runs is not None  # nothing is copied
    assert not around.notes
    assert around.facts["btrfs"]["label"] == "Kestrel"  # type: ignore[index]


@needs("btrfs")
def test_a_second_reader_finds_the_same_files(disk: Path, tmp_path: Path) -> None:
    run("btrfs", "restore", disk, tmp_path)
    theirs = {str(path.relative_to(tmp_path)): sha256(path.read_bytes())
              for path in tmp_path.rglob("*") if path.is_file()}  # fmt: skip
    ours = {name: sha256(body) for name, body in listing(SOURCE, OpenFile(disk))[2].items()}
    assert len(theirs) > 700
    assert {name: ours.get(name) for name in theirs if name.isascii() or "caf" not in name} == {
        name: value for name, value in theirs.items() if name.isascii() or "caf" not in name
    }


def test_dissect_finds_the_same_files(disk: Path) -> None:
    with disk.open("rb") as file:
        theirs = dict(_by_dissect(Btrfs(file).default_subvolume.get("/"), ""))
    ours = {name: sha256(body) for name, body in listing(SOURCE, OpenFile(disk))[2].items()}
    assert len(theirs) > 700
    assert {name: ours.get(name) for name in theirs if "caf" not in name} == {
        name: body for name, body in theirs.items() if "caf" not in name
    }


def _by_dissect(folder: INode, path: str) -> Iterator[tuple[str, str]]:
    for name, each in folder.listdir().items():
        if name in (".", ".."):
            continue
        if each.is_dir():
            yield from _by_dissect(each, f"{path}{name}/")
        elif each.is_file():
            yield f"{path}{name}", sha256(each.open().read())


@pytest.mark.parametrize("kind", ["crc32c", "xxhash", "sha256", "blake2"])
def test_every_kind_of_checksum_is_held_against_the_bytes(kind: str, source: Path, tmp_path: Path) -> None:
    path = btrfs(tmp_path / "d", source, "--csum", kind, "-m", "single", "-d", "single", size=128 * MIB)
    assert not listing(SOURCE, OpenFile(path))[1].notes
    at = place_of(path, BIG[8192:8300])
    found = by_name(items(SOURCE, Patched(path, {at: b"\0\1"})))["random"]
    assert found.status is Status.UNREADABLE
    assert "the checksum of 4096 bytes of its data differs" in found.reason
    assert [note.code for note in found.notes] == [Loss.CHECKSUM]
    assert found.runs is not None  # its bytes are kept all the same


def test_xxhash64_has_its_published_values() -> None:
    data = bytes(range(256)) * 16
    assert sums_of(1, data * 3, 4096) == xxh64(data) * 3
    assert sums_of(1, BIG[: 8 * 4096], 4096) == b"".join(
        xxh64(BIG[at : at + 4096]) for at in range(0, 8 * 4096, 4096)
    )
    assert summed(1)(bytes(32)) == bytes.fromhex("f6e9be5d70632cf5")[::-1]


def test_a_damaged_block_of_data_is_taken_from_its_other_copy(source: Path, tmp_path: Path) -> None:
    path = btrfs(tmp_path / "d", source, "-d", "dup", size=256 * MIB)
    first = place_of(path, BIG[8192:8300])
    with path.open("r+b") as file:
        file.seek(first)
        file.write(b"\0\1\2")
    _, around, bodies = listing(SOURCE, OpenFile(path))
    assert bodies["random"] == BIG
    assert [note.code for note in around.notes] == ["backup"]
    assert "of files damaged: another copy is used" in around.notes[0].reason


def test_a_damaged_tree_block_is_taken_from_its_other_copy(disk: Path) -> None:
    at = place_of(disk, b"schedule.html")
    _, around, bodies = listing(SOURCE, Patched(disk, {at: b"S"}))
    assert {name: sha256(bodies[name]) for name in HASHES} == HASHES
    assert "1 tree block damaged: another copy is used" in around.notes[0].reason


def test_what_stands_in_a_tree_block_without_its_checksum_is_kept_and_doubted(single: Path) -> None:
    at = place_of(single, b"The Kestrel club meets")
    found, around, _ = listing(SOURCE, Patched(single, {at: b"t"}))
    names = by_name(found)
    assert names["readme.txt"].status is Status.UNREADABLE
    assert names["readme.txt"].runs
    assert "the checksum of the tree block" in names["readme.txt"].reason
    assert Loss.CHECKSUM in {note.code for note in around.notes}


def block_of(disk: Path, data: bytes) -> int:
    """Return where the tree block begins that holds ``data``."""
    raw, at = disk.read_bytes(), place_of(disk, data) // 4096 * 4096
    return next(
        start for start in range(at, at - 16384, -4096) if raw[start + 32 : start + 48] == raw[65568:65584]
    )


def test_a_tree_block_that_is_lost_is_named_and_the_files_of_others_are_read(single: Path) -> None:
    block = block_of(single, b"a-file-with-a-name-of-some-length-0350")
    found, around, bodies = listing(SOURCE, Patched(single, {block: bytes(16384)}))
    assert {name: sha256(bodies[name]) for name in HASHES} == HASHES
    many = by_name(found)["many"]
    assert many.status is Status.UNREADABLE
    assert "the tree block at" in many.reason
    assert Loss.DIRECTORY in {note.code for note in around.notes}
    assert sum("many/" in each.name or "$Unnamed" in each.name for each in found) > 300


def test_a_root_directory_that_is_lost_is_the_volumes_loss(single: Path) -> None:
    block = block_of(single, b"The Kestrel club meets")
    with pytest.raises(Damaged, match="the root directory: the tree block at"):
        items(SOURCE, Patched(single, {block: bytes(16384)}))


def test_a_chunk_that_says_it_is_larger_than_any_disk_costs_no_time(single: Path) -> None:
    raw, patches = single.read_bytes(), {}
    for start in range(1 << 20, len(raw), 4096):
        block = bytearray(raw[start : start + 16384])
        if block[32:48] != raw[0x10020:0x10030] or block[88:96] != (3).to_bytes(8, "little") or block[100]:
            continue  # no leaf of the tree of chunks
        for item in range(101, 101 + 25 * int.from_bytes(block[96:100], "little"), 25):
            if block[item + 8] == 228:
                place = 101 + int.from_bytes(block[item + 17 : item + 21], "little")
        block[place : place + 8] = (1 << 61).to_bytes(8, "little")
        block[place + 24] |= METADATA
        block[:4] = summed(0)(bytes(block[32:]))
        patches[start] = bytes(block)
    assert patches
    begun = time.process_time()
    found, around, _ = listing(SOURCE, Patched(single, patches))
    assert time.process_time() - begun < 20
    assert len(found) > 700
    assert any(
        "the chunks of metadata are larger than what holds them" in note.reason for note in around.notes
    )


def test_a_super_block_is_replaced_by_its_copy(disk: Path) -> None:
    _, around, bodies = listing(SOURCE, Patched(disk, {0x10000 + 300: b"k"}))
    assert {name: sha256(bodies[name]) for name in HASHES} == HASHES
    assert around.notes[0].code == "backup"
    assert "the checksum of the super block at byte 65536 differs" in around.notes[0].reason


def test_what_is_hidden_before_the_first_chunk_is_an_item(disk: Path) -> None:
    found, *_ = listing(SOURCE, Patched(disk, {0x20000: b"hidden words here"}))
    hidden = by_name(found)["boot block @131072"]
    assert (hidden.kind, hidden.size) == (Kind.SYSTEM, 17)


def test_a_feature_that_is_unknown_is_named(single: Path) -> None:
    raw = bytearray(single.read_bytes()[0x10000:0x11000])
    raw[188 + 1] |= 0x40
    raw[:4] = summed(0)(bytes(raw[32:]))
    with pytest.raises(Unsupported, match="RAID stripe tree"):
        items(SOURCE, Patched(single, {0x10000: bytes(raw)}))


def test_it_is_claimed_by_its_structure(disk: Path) -> None:
    head = disk.read_bytes()[: 128 * 1024]
    assert SOURCE.claims(Glance("d", head)) is Claim.STRUCTURE
    assert SOURCE.claims(Glance("d", bytes(0x10040) + b"_BHRfS_M" + bytes(4096))) is Claim.MAGIC


def test_extended_attributes_are_streams(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "t"
    shutil.copytree(source, folder, symlinks=True, ignore=shutil.ignore_patterns("pipe"))
    try:
        os.setxattr(folder / "readme.txt", "user.note", b"meet at nine")
    except OSError:
        pytest.skip("the folder of the tests keeps no extended attributes")
    path = btrfs(tmp_path / "d", folder, size=128 * MIB)
    found, _, bodies = listing(SOURCE, OpenFile(path))
    assert bodies["readme.txt:user.note"] == b"meet at nine"
    assert by_name(found)["readme.txt:user.note"].kind is Kind.STREAM
