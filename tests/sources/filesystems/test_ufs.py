"""UFS against disks made by makefs, read a second time by the sleuthkit, and changed by hand."""

import os
import random
import struct
from pathlib import Path

import pytest
from disk_makers import HASHES, MIB, tree, ufs
from disk_tools import Descriptor, items, listing, needs, run, sha256
from test_xfs import Patched

from actionday.model import Claim, Found, Kind, Loss, Status
from actionday.sources.filesystems._reading import reader_of
from actionday.sources.filesystems._ufs_super import Groups, find
from actionday.sources.filesystems.ufs import SOURCE
from actionday.sources.volumes._search import sign_at
from actionday.testing.context import Alone, Bytes, Glance, OpenFile

pytestmark = [pytest.mark.tools, needs("makefs")]
BIG = random.Random(8).randbytes(3 * MIB + 77)
FORMS = [(1, "le"), (1, "be"), (2, "le"), (2, "be")]
MARK = {"le": "<", "be": ">"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tree(tmp_path_factory.mktemp("ufs") / "t")
    (folder / "link").symlink_to("docs/schedule.html")
    (folder / "far").symlink_to("k" * 200)
    os.link(folder / "readme.txt", folder / "again.txt")
    os.mkfifo(folder / "pipe")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9")).write_bytes(b"latin\n")
    (folder / "random").write_bytes(BIG)
    for number in range(700):
        path = folder / "many" / f"a-file-with-a-name-of-some-length-{number:04d}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"%d\n" % number)
    os.utime(folder / "readme.txt", times=(1_700_000_000, 1_700_000_000))
    return folder


@pytest.fixture(scope="module")
def disks(source: Path) -> dict[tuple[int, str], Path]:
    """Each with several cylinder groups."""
    return {
        (version, order): ufs(source.parent / f"{version}{order}", source, "-s", "24m", "-f", "100", "-o",
                              "bsize=4096,fsize=512,density=4096", version=version, order=order)
        for version, order in FORMS
    }  # fmt: skip


def by_name(found: list[Found]) -> dict[str, Found]:
    return {each.name: each for each in found}


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_every_file_is_there_with_its_bytes(
    form: tuple[int, str], disks: dict[tuple[int, str], Path]
) -> None:
    found, around, bodies = listing(SOURCE, Descriptor(disks[form]))
    names = by_name(found)
    assert {name: sha256(bodies[name]) for name in HASHES} == HASHES
    assert bodies["random"] == BIG
    assert bodies["caf\\xe9"] == b"latin\n"
    assert names["caf\\xe9"].raw == b"caf\xe9"
    assert sum(name.startswith("many/") for name in names) == 700
    assert (names["link"].kind, names["link"].meta["target"]) == (Kind.SYMLINK, "docs/schedule.html")
    assert names["far"].meta["target"] == "k" * 200
    assert (names["pipe"].kind, names["pipe"].meta["type"]) == (Kind.SPECIAL, "fifo")
    assert names["again.txt"].runs == names["readme.txt"].runs
    assert names["again.txt"].meta["links"] == 2
    assert names["readme.txt"].mtime == "2023-11-14T22:13:20Z"
    assert not around.notes
    told = around.facts["ufs"]
    assert (told["version"], told["order"][:1]) == (form[0], form[1][:1])  # type: ignore[index]
    assert told["groups"] > 1  # type: ignore[index]


@needs("fls", "icat")
@pytest.mark.parametrize("order", MARK)
def test_the_sleuthkit_finds_the_same_files(order: str, disks: dict[tuple[int, str], Path]) -> None:
    _as_the_sleuthkit(disks[1, order], 700)


@needs("fls", "icat")
@pytest.mark.parametrize("order", MARK)
def test_the_super_block_of_ufs2_may_lie_at_64_kib(order: str, tmp_path: Path) -> None:
    """As newfs has it; makefs puts it at 8, and the sleuthkit looks for it there alone. There are free inodes there."""
    path = ufs(tmp_path / "d", tree(tmp_path / "t"), "-s", "24m", "-o", "density=2048", order=order)
    raw = bytearray(path.read_bytes())
    assert not any(raw[65536 : 65536 + 8192])
    raw[65536 : 65536 + 8192], raw[8192:16384] = raw[8192:16384], bytes(8192)
    path.write_bytes(raw)
    assert SOURCE.claims(Glance("d", bytes(raw[:131072]))) is Claim.STRUCTURE
    _as_the_sleuthkit(path, 5)


def _as_the_sleuthkit(path: Path, least: int) -> None:
    theirs = {}
    for line in run("fls", "-f", "ufs", "-r", "-p", "-F", path).decode("utf-8", "replace").splitlines():
        place, _, name = line.partition(":\t")
        if place.startswith("r/r"):
            theirs[name] = (
                sha256(run("icat", "-f", "ufs", path, place.split()[-1])) if "many" not in name else ""
            )
    ours = {name: sha256(body) for name, body in listing(SOURCE, OpenFile(path))[2].items()}
    assert len(theirs) > least
    assert theirs.keys() - ours.keys() <= {name for name in theirs if "caf" in name}
    assert all(ours[name] == digest for name, digest in theirs.items() if digest and name in ours)


def entry_of(disk: Path, name: bytes, order: str) -> tuple[int, int, int]:
    """Return where an entry of a directory lies, where the one before it does, and its length."""
    raw = disk.read_bytes()
    at = raw.index(bytes([len(name)]) + name + b"\0") - 7
    before, step = at - at % 512, 0
    while before + step < at:
        before += step
        (step,) = struct.unpack_from(f"{MARK[order]}H", raw, before + 4)
    (length,) = struct.unpack_from(f"{MARK[order]}H", raw, at + 4)
    return at, before, length


def removed(disk: Path, name: bytes, order: str) -> dict[int, bytes]:
    """Return what a kernel writes as it removes a file: its room goes to the entry before, its inode is wiped."""
    raw = disk.read_bytes()
    at, before, length = entry_of(disk, name, order)
    (number,) = struct.unpack_from(f"{MARK[order]}I", raw, at)
    (grown,) = struct.unpack_from(f"{MARK[order]}H", raw, before + 4)
    reader = reader_of(OpenFile(disk))
    groups = Groups(reader, find(reader)[0])
    group, own = divmod(number, groups.block.inodes)
    head = (groups.block.start(group) + groups.block.header) * groups.block.fragment
    (used,) = struct.unpack_from(f"{MARK[order]}I", raw, head + 92)
    byte = head + used + own // 8
    return {before + 4: struct.pack(f"{MARK[order]}H", grown + length),
            groups.place(number): bytes(groups.block.inode_bytes),
            byte: bytes([raw[byte] & ~(1 << own % 8)])}  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_names_that_were_removed_are_listed(
    form: tuple[int, str], disks: dict[tuple[int, str], Path]
) -> None:
    name = b"a-file-with-a-name-of-some-length-0123"
    found, around, _ = listing(SOURCE, Patched(disks[form], removed(disks[form], name, form[1])))
    gone = [each for each in found if each.kind is Kind.DELETED]
    assert [each.name for each in gone] == ["many/" + name.decode()]
    assert (gone[0].status, gone[0].reason) == (
        Status.EMPTY,
        "deleted; nothing of where its content lay is kept",
    )
    assert sum(each.name.startswith("many/") for each in found) == 700
    assert not around.notes


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_damaged_directory_gives_its_files_without_their_names(
    form: tuple[int, str], disks: dict[tuple[int, str], Path]
) -> None:
    at, _, _ = entry_of(disks[form], b"a-file-with-a-name-of-some-length-0200", form[1])
    start = at - at % 512
    whole = listing(SOURCE, OpenFile(disks[form]))[2]
    found, around, bodies = listing(SOURCE, Patched(disks[form], {start: b"\xff" * 512}))
    lost = [each for each in found if each.name.startswith("$Unnamed/inode-")]
    assert 5 < len(lost) < 20
    assert {note.code for note in around.notes} == {Loss.DIRECTORY, Loss.UNNAMED}
    assert by_name(found)["many"].status is Status.UNREADABLE
    assert {sha256(body) for body in bodies.values()} == {sha256(body) for body in whole.values()}


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_holes_read_as_zeros(form: tuple[int, str], disks: dict[tuple[int, str], Path]) -> None:
    """makefs writes holes out: a block of the file, and a table of blocks, are taken out of it by hand."""
    disk = disks[form]
    reader = reader_of(OpenFile(disk))
    groups = Groups(reader, find(reader)[0])
    number = by_name(items(SOURCE, OpenFile(disk)))["random"].meta["inode"]
    base, width = groups.place(number) + (112 if form[0] == 2 else 40), 8 if form[0] == 2 else 4  # type: ignore[arg-type]
    patched = Patched(disk, {base + width: bytes(width), base + 12 * width: bytes(width)})
    body = listing(SOURCE, patched)[2]["random"]
    each, table = groups.block.block, groups.block.block // width * groups.block.block
    assert body[:each] == BIG[:each]
    assert body[each : 2 * each] == bytes(each)
    assert body[2 * each : 12 * each] == BIG[2 * each : 12 * each]
    hole = min(len(BIG), 12 * each + table)
    assert body[12 * each : hole] == bytes(hole - 12 * each)
    assert body[hole:] == BIG[hole:]


def test_the_copy_of_the_super_block_is_used(disks: dict[tuple[int, str], Path]) -> None:
    raw = bytearray(disks[2, "le"].read_bytes())
    copy = raw.index(struct.pack("<I", 0x19540119), 16384) - 1372
    raw[8192 : 8192 + 1376] = bytes(1376)
    assert copy == 16384
    assert SOURCE.claims(Glance("d", bytes(raw[:131072]))) is Claim.MAGIC
    found, around, _ = listing(SOURCE, Bytes(bytes(raw)))
    assert [note.code for note in around.notes] == ["backup"]
    assert len(found) > 700


def test_what_leads_in_circles_ends(disks: dict[tuple[int, str], Path]) -> None:
    """A table of blocks that names itself, a file of an impossible length."""
    disk = disks[2, "le"]
    reader = reader_of(OpenFile(disk))
    groups = Groups(reader, find(reader)[0])
    number = by_name(items(SOURCE, OpenFile(disk)))["random"].meta["inode"]
    at = groups.place(number)  # type: ignore[arg-type]
    raw = disk.read_bytes()
    (table,) = struct.unpack_from("<Q", raw, at + 208)
    place = table * groups.block.fragment
    patched = Patched(disk, {at + 16: struct.pack("<Q", 1 << 60), at + 216: struct.pack("<QQ", table, table),
                             place: struct.pack("<Q", table) * (groups.block.block // 8)})  # fmt: skip
    found = by_name(items(SOURCE, patched))["random"]
    assert found.status is Status.UNREADABLE
    assert "more than" in found.reason


def test_it_is_found_in_a_gap_and_behind_its_end(disks: dict[tuple[int, str], Path]) -> None:
    raw = disks[1, "be"].read_bytes()
    sign = sign_at(Bytes(bytes(4096) + raw), 4096)
    assert sign is not None
    assert (sign.kind, sign.size) == ("UFS", len(raw))
    found, _, bodies = listing(SOURCE, Bytes(raw + b"hidden behind" * 10))
    assert (
        bodies[next(each.name for each in found if each.name.startswith("behind the end"))]
        == b"hidden behind" * 10
    )


def test_a_cut_file_system_says_what_is_gone(disks: dict[tuple[int, str], Path]) -> None:
    """Half of it is there: the tables of the second group are not, what lies behind the cut cannot be read."""
    raw = disks[2, "be"].read_bytes()
    stream = Bytes(raw[: len(raw) // 4])
    around = Alone("d")
    found = list(SOURCE.items(stream, around))
    said = {note.code: note.reason for note in around.notes}
    assert said[Loss.SHORT] == f"ufs: the file system is {len(raw)} bytes long, {len(raw) // 4} are there"
    assert said[Loss.UNNAMED].endswith("cylinder group 1 and those behind it lie behind the end")
    assert len(found) > 700
