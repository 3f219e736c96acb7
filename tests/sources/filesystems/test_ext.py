"""ext2, ext3, ext4 against disks made by mke2fs and changed by debugfs."""

import os
import re
import struct
from pathlib import Path

import pytest
from disk_makers import HASHES, MIB, ext, tree
from disk_tools import Descriptor, items, listing, needs, run, sha256

from actionday.model import Found, Status, Unsupported
from actionday.sources.filesystems.ext import SOURCE
from actionday.testing.context import Bytes, OpenFile

pytestmark = [pytest.mark.tools, needs("mkfs.ext4", "debugfs")]


def hashes(bodies: dict[str, bytes]) -> dict[str, str]:
    return {name: sha256(data) for name, data in bodies.items()}


def by_name(found: list[Found]) -> dict[str, Found]:
    return {each.name: each for each in found}


def debugfs(image: Path, *commands: str) -> str:
    return run("debugfs", "-w", "-f", "-", image, feed="\n".join(commands).encode()).decode()


@pytest.mark.parametrize("kind", ["ext2", "ext3", "ext4"])
@pytest.mark.parametrize("block", ["1024", "4096"])
def test_every_file_with_its_hash(kind: str, block: str, tmp_path: Path) -> None:
    disk = ext(tmp_path / "d", tree(tmp_path / "t"), "-b", block, kind=kind)
    found, context, bodies = listing(SOURCE, Descriptor(disk))
    assert hashes(bodies) == HASHES
    assert {each.name for each in found if each.kind == "directory"} >= {"lost+found", "docs/deep/er/still"}
    assert not context.notes
    assert len({each.place for each in found}) == len(found)


def test_bytes_asked_for_over_the_socket_give_the_same(tmp_path: Path) -> None:
    disk = ext(tmp_path / "d", tree(tmp_path / "t"))
    assert listing(SOURCE, Descriptor(disk))[0] == listing(SOURCE, OpenFile(disk))[0]


def test_links_pipes_and_odd_names_are_items(tmp_path: Path) -> None:
    source = tree(tmp_path / "t")
    (source / "link").symlink_to("../../etc/passwd")
    (source / "far").symlink_to("x" * 200)
    os.mkfifo(source / "pipe")
    (source / "again").hardlink_to(source / "readme.txt")
    Path(os.fsdecode(os.fsencode(source) + b"/caf\xe9.txt")).write_bytes(b"latin\n")
    found, _, bodies = listing(SOURCE, Descriptor(ext(tmp_path / "d", source)))
    named = by_name(found)
    assert named["link"].kind == "symlink"
    assert named["link"].meta["target"] == "../../etc/passwd"
    assert named["far"].meta["target"] == "x" * 200
    assert (named["pipe"].kind, named["pipe"].status) == ("special", Status.UNSUPPORTED)
    assert bodies["again"] == bodies["readme.txt"]
    assert named["again"].meta["inode"] == named["readme.txt"].meta["inode"]
    assert named["again"].place != named["readme.txt"].place
    assert named["caf\\xe9.txt"].raw == b"caf\xe9.txt"
    assert bodies["caf\\xe9.txt"] == b"latin\n"


def test_s01_inline_files_and_directories(tmp_path: Path) -> None:
    files = {f"d/{name}": name.encode() * 4 for name in ("alpha", "beta", "gamma")} | {"tail": b"y" * 100}
    source = tree(tmp_path / "t", files)
    disk = ext(tmp_path / "d", source, "-O", "inline_data", "-I", "256")
    assert "Size of inline data" in debugfs(disk, "stat /tail")
    found, _, bodies = listing(SOURCE, Descriptor(disk))
    assert bodies == files
    assert by_name(found)["tail"].meta["inline"] is True
    assert len([each for each in found if each.name.startswith("d")]) == 4


def test_s03_holes_and_unwritten_extents_read_as_zeros(tmp_path: Path) -> None:
    source = tmp_path / "t"
    source.mkdir()
    with (source / "trailing").open("wb") as file:
        file.write(b"begins")
        file.truncate(3 * MIB + 5)
    with (source / "middle").open("wb") as file:
        file.truncate(MIB)
        file.seek(512 * 1024)
        file.write(b"page" * 1024)
    (source / "first").write_bytes(b"f")
    disk = ext(tmp_path / "d", source)
    debugfs(disk, "write /dev/null fallocated", "fallocate /fallocated 0 63", "sif /fallocated size 262000")
    found, _, bodies = listing(SOURCE, Descriptor(disk))
    assert bodies["trailing"] == b"begins" + bytes(3 * MIB - 1)
    assert bodies["middle"] == bytes(512 * 1024) + b"page" * 1024 + bytes(512 * 1024 - 4096)
    assert bodies["fallocated"] == bytes(262000)
    assert by_name(found)["fallocated"].runs == ((-1, 262000),)


def test_s16_a_sparse_gigabyte_is_three_pages_and_holes(tmp_path: Path) -> None:
    source = tmp_path / "t"
    source.mkdir()
    with (source / "sparse").open("wb") as file:
        for at in (0, 512 * MIB, 1024 * MIB - 4096):
            file.seek(at)
            file.write(b"s" * 4096)
    found = items(SOURCE, Descriptor(ext(tmp_path / "d", source, size=8 * MIB)))
    runs = by_name(found)["sparse"].runs or ()
    assert sum(length for _, length in runs) == 1024 * MIB
    assert sum(length for at, length in runs if at >= 0) == 3 * 4096


def test_s13_an_unknown_feature_is_named(tmp_path: Path) -> None:
    disk = ext(tmp_path / "d", tree(tmp_path / "t"), "-O", "^metadata_csum")
    raw = bytearray(disk.read_bytes())
    struct.pack_into("<I", raw, 1024 + 100, struct.unpack_from("<I", raw, 1124)[0] | 1 << 30)
    _, context, bodies = listing(SOURCE, Bytes(bytes(raw)))
    assert hashes(bodies) == HASHES
    assert "0x40000000" in context.notes[0].reason
    struct.pack_into("<I", raw, 1024 + 96, struct.unpack_from("<I", raw, 1120)[0] | 1 << 29)
    with pytest.raises(Unsupported, match="0x20000000"):
        listing(SOURCE, Bytes(bytes(raw)))


def _fragmented(tmp_path: Path, *options: str) -> tuple[bytearray, int]:
    """Return a disk whose file ``f`` has three extents in its inode, and where they lie."""
    source = tmp_path / "t"
    source.mkdir()
    with (source / "f").open("wb") as file:
        for at in (0, 64 * 1024, 128 * 1024):
            file.seek(at)
            file.write(bytes([65 + at // 65536]) * 8192)
    disk = ext(tmp_path / "d", source, "-b", "4096", *options)
    place = re.search(r"block (\d+), offset (0x[0-9a-f]+)", debugfs(disk, "imap /f"))
    assert place
    raw = bytearray(disk.read_bytes())
    at = int(place[1]) * 4096 + int(place[2], 16) + 40
    assert raw[at : at + 6] == struct.pack("<HHH", 0xF30A, 3, 4)
    return raw, at + 12


def test_s15_extents_out_of_order_are_unreadable(tmp_path: Path) -> None:
    raw, at = _fragmented(tmp_path, "-O", "^metadata_csum")
    raw[at : at + 24] = raw[at + 12 : at + 24] + raw[at : at + 12]
    found, _, bodies = listing(SOURCE, Bytes(bytes(raw)))
    assert by_name(found)["f"].status is Status.UNREADABLE
    assert "out of order" in by_name(found)["f"].reason
    assert "f" not in bodies


def test_s15_swapped_blocks_are_told_by_the_checksum(tmp_path: Path) -> None:
    raw, at = _fragmented(tmp_path)
    raw[at + 8 : at + 12], raw[at + 20 : at + 24] = raw[at + 20 : at + 24], raw[at + 8 : at + 12]
    found, _, _ = listing(SOURCE, Bytes(bytes(raw)))
    assert "checksum of inode" in by_name(found)["f"].reason
    assert by_name(found)["f"].notes[0].code == "checksum"


@pytest.mark.parametrize(
    ("at", "value", "why"),
    [(-12, b"\0\0", "header"), (4, b"\0\0", "no blocks"), (8, b"\xff\xff\xff\x7f", "outside")],
    ids=["bad magic", "empty extent", "beyond the end"],
)
def test_s15_bad_extents_are_unreadable(at: int, value: bytes, why: str, tmp_path: Path) -> None:
    raw, start = _fragmented(tmp_path, "-O", "^metadata_csum")
    raw[start + at : start + at + len(value)] = value
    found, _, _ = listing(SOURCE, Bytes(bytes(raw)))
    assert by_name(found)["f"].status is Status.UNREADABLE
    assert why in by_name(found)["f"].reason


def test_s10_an_indirect_block_that_holds_itself_is_unreadable(tmp_path: Path) -> None:
    source = tree(tmp_path / "t", {"big": b"b" * (2 * MIB), "small": b"s"})
    disk = ext(tmp_path / "d", source, "-b", "1024", kind="ext2")
    double = int(debugfs(disk, "bmap /big 300").split()[-1])  # any data block of the double indirect part
    raw = bytearray(disk.read_bytes())
    pointer = struct.pack("<I", double)
    table = raw.index(pointer) // 1024
    struct.pack_into("<I", raw, raw.index(struct.pack("<I", table)), table)
    found, _, bodies = listing(SOURCE, Bytes(bytes(raw)))
    assert bodies["small"] == b"s"
    assert by_name(found)["big"].status is Status.UNREADABLE or sha256(bodies["big"]) == sha256(
        b"b" * (2 * MIB)
    )


def test_s10_a_directory_within_itself_is_entered_once(tmp_path: Path) -> None:
    disk = ext(tmp_path / "d", tree(tmp_path / "t"))
    debugfs(disk, "link /docs /docs/deep/again")
    found, context, bodies = listing(SOURCE, Descriptor(disk))
    assert hashes(bodies) == HASHES
    assert by_name(found)["docs/deep/again"].kind == "directory"
    assert [(note.code, note.path) for note in context.notes] == [("loop", "docs/deep/again")]


def test_deleted_files_are_listed(tmp_path: Path) -> None:
    disk = ext(tmp_path / "d", tree(tmp_path / "t"), kind="ext2")
    debugfs(disk, "rm /readme.txt", "rm /media/odd.bin")
    found, _, bodies = listing(SOURCE, Descriptor(disk))
    deleted = {each.name: each for each in found if each.kind == "deleted"}
    assert {"readme.txt", "media/odd.bin"} <= deleted.keys()
    assert deleted["readme.txt"].meta["deleted"] is True
    assert "readme.txt" not in bodies
    assert "deleted" in deleted["readme.txt"].reason


@pytest.mark.parametrize("kind", ["ext2", "ext3", "ext4"])
def test_the_time_of_deletion_is_a_fact_of_a_deleted_file(kind: str, tmp_path: Path) -> None:
    disk = ext(tmp_path / "d", tree(tmp_path / "t"), kind=kind)
    debugfs(disk, "set_current_time 20260304211409", "rm /readme.txt")
    found = listing(SOURCE, Descriptor(disk))[0]
    removed = [each.meta for each in found if each.meta.get("deleted")]
    assert [meta["dtime"] for meta in removed] == ["2026-03-04T21:14:09Z"]
    assert not any("dtime" in each.meta for each in found if not each.meta.get("deleted"))


def test_a_link_in_the_list_of_open_files_is_no_time_of_deletion(tmp_path: Path) -> None:
    disk = ext(tmp_path / "d", tree(tmp_path / "t"))
    debugfs(disk, "sif /readme.txt links_count 0", "sif /readme.txt dtime 14")  # removed while it was open
    debugfs(disk, "rm /media/odd.bin")
    number = next(each.meta["inode"] for each in listing(SOURCE, Descriptor(disk))[0] if "dtime" in each.meta)
    debugfs(disk, f"sif <{number}> dtime 14")
    told = {each.meta["inode"]: each.meta for each in listing(SOURCE, Descriptor(disk))[0]}
    removed = [meta for meta in told.values() if meta.get("deleted")]
    assert {"dtime"} & {key for meta in removed for key in meta} == set()
    assert told[number]["dtime_raw"] == 14
    assert sum("dtime_raw" in meta for meta in told.values()) == 1


@pytest.mark.parametrize("features", ["none", "extents,64bit"])
def test_removed_links_and_pipes_without_a_name_are_listed(features: str, tmp_path: Path) -> None:
    disk = ext(tmp_path / "d", tree(tmp_path / "t"), "-O", features, kind="ext2")
    target = struct.unpack("<2I", b"../left\0")  # a kernel's ext2 wipes the size and leaves the target
    kept = {400: ("0120777", target), 401: ("0120777", (0, 0)), 402: ("010644", (0, 0))}
    for number, (mode, words) in kept.items():
        facts = [f"mode {mode}", "links_count 0", "dtime 1700000000", "flags 0"]
        facts += [f"block[{at}] {word}" for at, word in enumerate(words)]
        debugfs(disk, *(f"sif <{number}> {each}" for each in facts))
    found = by_name(listing(SOURCE, Descriptor(disk))[0])
    link, wiped, pipe = (found[f"$OrphanFiles/OrphanFile-{number}"] for number in kept)
    assert (link.kind, link.meta["target"]) == ("deleted", "../left")
    assert (wiped.kind, wiped.status, wiped.meta["type"]) == ("deleted", Status.EMPTY, "symbolic link")
    assert "target" not in wiped.meta
    assert (pipe.kind, pipe.meta["type"]) == ("deleted", "fifo")


def test_a_removed_directory_without_a_name_is_entered(tmp_path: Path) -> None:
    """What it names is told once; one whose map was wiped has nothing below it, and is not said to have."""
    source = tree(
        tmp_path / "t", {f"{name}/inside.txt": name.encode() * 40 for name in ("folder-x", "folder-y")}
    )
    disk = ext(tmp_path / "d", source, kind="ext2")
    found = by_name(listing(SOURCE, Descriptor(disk))[0])
    number = {name: found[name].meta["inode"] for name in found}
    for name in ("folder-x", "folder-y", "folder-x/inside.txt", "folder-y/inside.txt"):
        gone = (f"sif <{number[name]}> links_count 0", f"sif <{number[name]}> dtime 1700000000")
        debugfs(disk, *([f"unlink /{name}"] if "/" not in name else []), f"freei <{number[name]}>", *gone)
    debugfs(disk, f"sif <{number['folder-y']}> block[0] 0")
    raw = disk.read_bytes().replace(b"folder-x", bytes(8)).replace(b"folder-y", bytes(8))
    left = [each for each in listing(SOURCE, Bytes(raw))[0] if each.kind == "deleted"]
    told = {each.name: (each.size, each.reason) for each in left}
    x, y = (f"$OrphanFiles/OrphanFile-{number[name]}" for name in ("folder-x", "folder-y"))
    below = f"$OrphanFiles/OrphanFile-{number['folder-y/inside.txt']}"
    assert told.keys() == {x, f"{x}/inside.txt", y, below}
    assert len(left) == 4
    assert told[f"{x}/inside.txt"][0] == told[below][0] == 320
    assert told[x][1] == "deleted directory: what it still lists stands below it"
    assert told[y][1] == "deleted; nothing of where its content lay is kept"


def test_a_reused_inode_is_no_content_of_the_deleted_name(tmp_path: Path) -> None:
    disk = ext(tmp_path / "d", tree(tmp_path / "t"), kind="ext2")
    (tmp_path / "new").write_bytes(b"somebody else's")
    debugfs(disk, "rm /readme.txt", f"write {tmp_path / 'new'} docs/new.txt")
    found, _, _ = listing(SOURCE, Descriptor(disk))
    old = next(each for each in found if each.name == "readme.txt")
    assert (old.kind, old.runs, old.status) == ("deleted", None, Status.EMPTY)


def test_times_out_of_range_and_after_2038(tmp_path: Path) -> None:
    source = tree(tmp_path / "t", {"late": b"l", "old": b"o"})
    os.utime(source / "late", (4_000_000_000, 4_000_000_000))
    os.utime(source / "old", (-86400, -86400))
    disk = ext(tmp_path / "d", source)
    debugfs(disk, "sif /late mtime_extra 1")  # mke2fs leaves out the bits that tell the century
    named = by_name(listing(SOURCE, Descriptor(disk))[0])
    assert named["late"].mtime == "2096-10-02T07:06:40Z"
    assert named["old"].mtime == "1969-12-31T00:00:00Z"


LAYOUTS = [
    "-O bigalloc",
    "-O meta_bg,^resize_inode",
    "-O ^64bit",
    "-O ^extents,^64bit",
    "-I 128",
    "-O sparse_super2",
    "-g 1024 -b 1024",
]


@pytest.mark.parametrize("options", LAYOUTS)
def test_layouts_of_all_kinds(options: str, tmp_path: Path) -> None:
    disk = ext(tmp_path / "d", tree(tmp_path / "t"), *options.split(), size=64 * MIB)
    _, _, bodies = listing(SOURCE, Descriptor(disk))
    assert hashes(bodies) == HASHES


def test_s09_a_disk_cut_short_is_opened_and_noted(tmp_path: Path) -> None:
    raw = ext(tmp_path / "d", tree(tmp_path / "t")).read_bytes()
    _, context, bodies = listing(SOURCE, Bytes(raw[:-512]))
    assert hashes(bodies) == HASHES
    assert [note.code for note in context.notes] == ["short"]


@pytest.mark.parametrize(("inode", "told"), [(0, []), (1, ["club-01.txt"])], ids=["the same", "another"])
def test_what_a_directory_that_was_split_left_behind_is_no_deleted_file(
    inode: int, told: list[str], tmp_path: Path
) -> None:
    """The kernel moves half of a full block into a new one; the entries that moved stay readable where they lay."""
    files = {f"many/club-{number:02}.txt": b"%d" % number for number in range(8)}
    disk = ext(tmp_path / "d", tree(tmp_path / "t", files), "-O", "^metadata_csum", kind="ext4")
    raw = bytearray(disk.read_bytes())
    first, last = raw.index(b"club-01.txt") - 8, raw.index(b"club-07.txt") - 8
    size = 8 + 12
    stale = raw[first : first + size]
    stale[:4] = (int.from_bytes(stale[:4], "little") + inode).to_bytes(4, "little")
    raw[last + size : last + 2 * size] = stale
    disk.write_bytes(raw)
    found, _, _ = listing(SOURCE, Descriptor(disk))
    assert [each.name.rpartition("/")[2] for each in found if each.kind == "deleted"] == told
    assert sum(each.name == "many/club-01.txt" for each in found) == 1 + len(told)
