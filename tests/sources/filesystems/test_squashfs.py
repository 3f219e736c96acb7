"""SquashFS against disks made by mksquashfs, read a second time by unsquashfs, and changed by hand."""

import os
import random
import struct
from pathlib import Path

import pytest
from disk_makers import HASHES, MIB, squash, tree
from disk_tools import Descriptor, items, listing, needs, run, sha256
from test_xfs import Patched

from actionday.model import Claim, Damaged, Found, Kind, Loss, Status, Unsupported
from actionday.sources.filesystems._squash_super import COMPRESSIONS
from actionday.sources.filesystems.squashfs import SOURCE
from actionday.testing.context import Bytes, Glance, OpenFile

pytestmark = [pytest.mark.tools, needs("mksquashfs", "unsquashfs")]
BIG = random.Random(4).randbytes(300_000) + b"The Kestrel club meets. " * 40_000
KINDS = [*COMPRESSIONS.values()]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tree(tmp_path_factory.mktemp("squash") / "t")
    (folder / "link").symlink_to("docs/schedule.html")
    os.link(folder / "readme.txt", folder / "again.txt")
    os.mkfifo(folder / "pipe")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9")).write_bytes(b"latin\n")
    (folder / "big").write_bytes(BIG)
    with (folder / "sparse").open("wb") as file:
        file.seek(5 * MIB)
        file.write(b"behind the hole")
        file.truncate(9 * MIB)
    for number in range(1500):
        path = folder / "many" / f"a-file-with-a-name-of-some-length-{number:04d}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"%d\n" % number)
    os.utime(folder / "readme.txt", (1_700_000_000, 1_700_000_000))
    return folder


@pytest.fixture(scope="module")
def disk(source: Path) -> Path:
    return squash(source.parent / "d", source, "-p", "tty c 620 7 5 4 64", "-p", "disk b 660 7 6 8 300")


def by_name(found: list[Found]) -> dict[str, Found]:
    return {each.name: each for each in found}


def test_every_file_is_there_with_its_bytes(disk: Path, source: Path) -> None:
    found, around, bodies = listing(SOURCE, Descriptor(disk))
    names = by_name(found)
    assert {name: sha256(bodies[name]) for name in HASHES} == HASHES
    assert bodies["big"] == BIG
    assert bodies["sparse"] == (source / "sparse").read_bytes()
    assert bodies["caf\\xe9"] == b"latin\n"
    assert names["caf\\xe9"].raw == b"caf\xe9"
    assert sum(name.startswith("many/") for name in names) == 1500
    assert (names["link"].kind, names["link"].meta["target"]) == (Kind.SYMLINK, "docs/schedule.html")
    assert (names["pipe"].kind, names["pipe"].meta["type"]) == (Kind.SPECIAL, "fifo")
    assert (names["tty"].meta["type"], names["tty"].meta["device"]) == ("character device", "4:64")
    assert (names["disk"].meta["type"], names["disk"].meta["device"]) == ("block device", "8:300")
    assert (names["tty"].meta["uid"], names["tty"].meta["gid"], names["tty"].meta["mode"]) == (7, 5, "0620")
    assert names["again.txt"].meta["inode"] == names["readme.txt"].meta["inode"]
    assert names["again.txt"].meta["links"] == 2
    assert names["readme.txt"].mtime == "2023-11-14T22:13:20Z"
    assert not around.notes
    told = around.facts["squashfs"]
    assert (told["compression"], told["inodes"]) == ("gzip", len(found))  # type: ignore[index]


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_reader_finds_the_same_files(kind: str, source: Path, tmp_path: Path) -> None:
    path = squash(tmp_path / "d", source, "-comp", kind, "-b", "16K")
    run("unsquashfs", "-quiet", "-no-progress", "-d", tmp_path / "out", path)
    theirs = {str(each.relative_to(tmp_path / "out")): sha256(each.read_bytes())
              for each in (tmp_path / "out").rglob("*") if each.is_file() and not each.is_symlink()}  # fmt: skip
    found, around, bodies = listing(SOURCE, OpenFile(path))
    assert len(theirs) > 1500
    assert not around.notes
    ours = {name: sha256(body) for name, body in bodies.items()}
    assert {name: ours.get(name) for name in theirs if "caf" not in name} == {
        name: value for name, value in theirs.items() if "caf" not in name
    }
    assert by_name(found)["big"].read is not None


def test_what_is_not_packed_is_read_in_place(source: Path, tmp_path: Path) -> None:
    path = squash(tmp_path / "d", source, "-noD", "-noF", "-noI", "-noId", "-noX")
    found, around, bodies = listing(SOURCE, OpenFile(path))
    assert {name: sha256(bodies[name]) for name in HASHES} == HASHES
    assert bodies["big"] == BIG
    assert not any(each.read for each in found)
    assert not around.notes


@pytest.mark.parametrize("options", [("-no-exports",), ("-no-fragments",), ("-always-use-fragments",)])
def test_other_forms_give_the_same(options: tuple[str, ...], source: Path, tmp_path: Path) -> None:
    found, around, bodies = listing(SOURCE, OpenFile(squash(tmp_path / "d", source, *options)))
    assert {name: sha256(bodies[name]) for name in HASHES} == HASHES
    assert bodies["big"] == BIG
    assert len(found) == around.facts["squashfs"]["inodes"]  # type: ignore[index]
    assert not around.notes


def super_of(path: Path) -> tuple[int, ...]:
    return struct.unpack_from("<4sIIIIHHHHHHQQQQQQQQ", path.read_bytes())


DIRECTORIES, FRAGMENTS = 16, 17


def test_attributes_are_streams(source: Path, tmp_path: Path) -> None:
    folder = tree(tmp_path / "t")
    try:
        os.setxattr(folder / "readme.txt", "user.note", b"seen in the attic")
        os.setxattr(folder / "docs", "user.long", b"k" * 300)
        os.setxattr(folder / "empty", "user.long", b"k" * 300)
    except OSError:
        pytest.skip("no extended attributes here")
    found, around, bodies = listing(SOURCE, OpenFile(squash(tmp_path / "d", folder)))
    assert bodies["readme.txt:user.note"] == b"seen in the attic"
    assert bodies["docs:user.long"] == bodies["empty:user.long"] == b"k" * 300
    assert by_name(found)["docs:user.long"].kind is Kind.STREAM
    assert not around.notes


BLOCK = 131072


@pytest.fixture(scope="module")
def torn(disk: Path) -> bytes:
    """The third block of ``big`` is damaged: the two before are random and kept as they are."""
    raw = disk.read_bytes()
    place = raw.index(BIG[:64]) + 2 * BLOCK + 20_000
    return raw[:place] + bytes(64) + raw[place + 64 :]


def test_a_damaged_block_costs_its_own_file(disk: Path, torn: bytes) -> None:
    whole, wrong = listing(SOURCE, OpenFile(disk))[2], []
    for each in items(SOURCE, Bytes(torn)):
        if each.read is None:
            continue
        try:
            assert each.read().read() == whole[each.name]
        except Damaged as error:
            assert str(error).startswith(f"squashfs: byte {2 * BLOCK} of the file: the block at byte ")
            wrong.append(each.name)
    assert wrong == ["big"]


def test_what_stands_behind_a_damaged_block_is_read(torn: bytes) -> None:
    body = by_name(items(SOURCE, Bytes(torn)))["big"].read
    assert body is not None
    reader = body()
    assert reader.read(2 * BLOCK) == BIG[: 2 * BLOCK]
    with pytest.raises(Damaged):
        reader.read(1)
    assert reader.lost_until(2 * BLOCK) == 3 * BLOCK  # type: ignore[attr-defined]
    reader.seek(3 * BLOCK)
    assert reader.read() == BIG[3 * BLOCK :]


def test_a_damaged_directory_gives_its_files_without_their_names(disk: Path) -> None:
    """A block of the directory table is lost: the names in it are, the files are not."""
    places, whole = super_of(disk), listing(SOURCE, OpenFile(disk))[2]
    found, around, bodies = listing(SOURCE, Patched(disk, {places[DIRECTORIES] + 200: bytes(40)}))
    assert {note.code for note in around.notes} >= {Loss.DIRECTORY, Loss.UNNAMED}
    assert any(each.name.startswith("$Unnamed/inode-") for each in found)
    assert {sha256(body) for body in bodies.values()} == {sha256(body) for body in whole.values()}


def test_behind_a_damage_the_index_of_a_long_directory_goes_on(disk: Path) -> None:
    raw, places = disk.read_bytes(), super_of(disk)
    heads = []
    at = places[DIRECTORIES]
    while at < places[FRAGMENTS] - 8 and len(heads) < 6:
        heads.append(at)
        at += 2 + (int.from_bytes(raw[at : at + 2], "little") & 0x7FFF)
    found, around, _ = listing(SOURCE, Patched(disk, {heads[3] + 20: b"\xff" * 16}))
    lost = [note for note in around.notes if "are lost" in note.reason]
    assert lost
    many = {each.name for each in found if each.name.startswith("many/")}
    assert 1000 < len(many) < 1500
    assert "many/a-file-with-a-name-of-some-length-1499" in many
    assert sum(each.name.startswith("$Unnamed/") and each.kind is Kind.FILE for each in found) == 1500 - len(
        many
    )
    assert by_name(found)["many"].status is Status.UNREADABLE


def test_without_a_list_of_inodes_they_are_gone_through(source: Path, tmp_path: Path) -> None:
    path = squash(tmp_path / "d", source, "-no-exports")
    places = super_of(path)
    found, around, _ = listing(SOURCE, Patched(path, {places[DIRECTORIES] + 2: bytes(40)}))
    assert sum(each.name.startswith("$Unnamed/") for each in found) > 100
    assert any(note.code == Loss.UNNAMED for note in around.notes)


def test_a_cut_file_system_says_what_is_gone(disk: Path) -> None:
    raw = disk.read_bytes()
    with pytest.raises(Damaged):
        items(SOURCE, Bytes(raw[: len(raw) // 2]))


def test_what_lies_behind_it_is_told(disk: Path) -> None:
    raw = disk.read_bytes()
    found, _, bodies = listing(SOURCE, Bytes(raw + b"hidden behind" * 10))
    behind = [each for each in found if each.name.startswith("behind the end")]
    assert len(behind) == 1
    assert bodies[behind[0].name] == b"hidden behind" * 10


@pytest.mark.parametrize(("change", "why"), [
    ({28: b"\x03\x00\x01\x00"}, "version 3.1: only 4.0"),
    ({0: b"sqsh", 28: b"\x00\x03\x00\x01"}, "big-endian version 3.1"),
    ({0: b"shsq"}, "of a vendor of its own"),
    ({20: b"\x09\x00"}, "packed in an unknown way (9)"),
])  # fmt: skip
def test_what_is_not_read_is_named(change: dict[int, bytes], why: str, disk: Path) -> None:
    patched = Patched(disk, change)
    raw = bytearray(disk.read_bytes()[:4096])
    for at, data in change.items():
        raw[at : at + len(data)] = data
    assert SOURCE.claims(Glance("d", bytes(raw))) is Claim.MAGIC
    with pytest.raises(Unsupported) as error:
        items(SOURCE, patched)
    assert why in str(error.value)
