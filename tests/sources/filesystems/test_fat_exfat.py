"""FAT and exFAT against disks made by mkfs and mtools, exFAT directories written by hand."""

import os
import struct
from pathlib import Path

import pytest
from disk_makers import HASHES, MIB, blank, fat, tree
from disk_tools import Descriptor, listing, needs, run, sha256

from actionday.model import Claim, Found
from actionday.sources.filesystems.exfat import SOURCE as EXFAT
from actionday.sources.filesystems.fat import SOURCE as FAT
from actionday.testing.context import Bytes, Glance

pytestmark = pytest.mark.tools
OURS = "readme", "empty", "docs", "media"


def by_name(found: list[Found]) -> dict[str, Found]:
    return {each.name: each for each in found}


@pytest.mark.parametrize(("bits", "size"), [(12, 4), (16, 16), (32, 40)])
@needs("mkfs.fat", "mcopy")
def test_every_file_with_its_hash(bits: int, size: int, tmp_path: Path) -> None:
    disk = fat(tmp_path / "d", tree(tmp_path / "t"), bits, size * MIB)
    assert FAT.claims(Glance("d", disk.read_bytes())) is Claim.STRUCTURE
    found, context, bodies = listing(FAT, Descriptor(disk))
    assert {name: sha256(data) for name, data in bodies.items() if name.startswith(OURS)} == HASHES
    assert {each.name for each in found if each.kind == "system"} == {"$MBR", "$FAT1", "$FAT2"}
    assert not context.notes
    assert len({each.place for each in found}) == len(found)


@needs("mkfs.fat", "mcopy", "mdel")
def test_deleted_names_are_listed_without_their_first_letter(tmp_path: Path) -> None:
    disk = fat(tmp_path / "d", tree(tmp_path / "t", {"GONE.TXT": b"gone\n", "KEPT.TXT": b"kept\n"}))
    run("mdel", "-i", disk, "::GONE.TXT")
    found, _, bodies = listing(FAT, Descriptor(disk))
    gone = [each for each in found if each.kind == "deleted" and each.name.endswith("ONE.TXT")]
    assert len(gone) == 1
    assert "assumes" in gone[0].reason
    assert bodies["KEPT.TXT"] == b"kept\n"


@pytest.mark.parametrize("bits", [12, 16])
@needs("mkfs.fat", "mcopy", "mdel")
def test_a_removed_file_whose_first_cluster_is_in_use_is_told_whole(bits: int, tmp_path: Path) -> None:
    """The sleuthkit gives one sector of it, which made a loss of every such file on a sound disk."""
    size = {12: 2, 16: 16}[bits] * MIB
    disk = fat(
        tmp_path / "d", tree(tmp_path / "t", {"GONE.TXT": b"g" * 9000, "SUB/KEPT.TXT": b"kept\n"}), bits, size
    )
    before = disk.read_bytes().index(b"g" * 9000)
    run("mdel", "-i", disk, "::GONE.TXT")
    (tmp_path / "NEW.TXT").write_bytes(b"new\n")
    run("mcopy", "-i", disk, tmp_path / "NEW.TXT", "::SUB")
    assert disk.read_bytes()[before : before + 5] == b"new\ng"
    gone = next(each for each in listing(FAT, Descriptor(disk))[0] if each.kind == "deleted" and each.size)
    assert (gone.size, gone.runs) == (9000, ((before, 9000),))
    cluster = disk.read_bytes()[13] * 512
    assert gone.reason == (
        f"deleted; assumes that its clusters followed one another; of its first 9000 bytes {cluster} lie in "
        "clusters in use now, by another file or under its new name"
    )


@needs("mkfs.fat", "mcopy", "mdeltree", "mmd")
def test_a_removed_directory_does_not_list_what_lies_there_now(tmp_path: Path) -> None:
    disk = fat(tmp_path / "d", tree(tmp_path / "t", {"OLD/A.TXT": b"old\n", "KEPT/C.TXT": b"c"}))
    run("mdeltree", "-i", disk, "::OLD")
    (tmp_path / "B.TXT").write_bytes(b"new\n")
    run("mmd", "-i", disk, "::KEPT/NEWER")
    run("mcopy", "-i", disk, tmp_path / "B.TXT", "::KEPT/NEWER")
    found = listing(FAT, Descriptor(disk))[0]
    assert [each.name for each in found if each.name.endswith("B.TXT")] == ["KEPT/NEWER/B.TXT"]
    old = next(each for each in found if each.kind == "deleted" and each.name == "_LD")
    assert (old.status, old.reason) == (
        "empty",
        "deleted directory; where it lay is in use, maybe under its new name: only removed names stand below",
    )


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tehran"])
@needs("mkfs.fat", "mcopy")
def test_z03_local_times_are_kept_whatever_the_zone(
    zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tree(tmp_path / "t", {"a": b"a", "b": b"b", "c": b"c"})
    disk = fat(tmp_path / "d", source)
    raw = bytearray(disk.read_bytes())
    days = {b"A          ": (27, 10), b"B          ": (3, 11), b"C          ": (10, 11)}
    for name, (day, month) in days.items():  # 01:30 on the Sundays around the change of clocks, 2019
        at = raw.index(name)
        struct.pack_into("<HH", raw, at + 22, 1 << 11 | 30 << 5, 39 << 9 | month << 5 | day)
    monkeypatch.setitem(os.environ, "TZ", zone)
    named = by_name(listing(FAT, Bytes(bytes(raw)))[0])
    times = [named[name].mtime for name in "abc"]
    assert times == ["2019-10-27T01:30:00Z", "2019-11-03T01:30:00Z", "2019-11-10T01:30:00Z"]
    assert named["a"].meta["zone"] == "assumed UTC"


@needs("mkfs.fat", "mcopy")
def test_a_chain_of_clusters_that_returns_ends(tmp_path: Path) -> None:
    disk = fat(tmp_path / "d", tree(tmp_path / "t", {"LOOP.BIN": b"l" * 50_000, "FINE.BIN": b"f" * 5_000}))
    named = by_name(listing(FAT, Descriptor(disk))[0])
    raw = bytearray(disk.read_bytes())
    table = int.from_bytes(raw[14:16], "little") * 512
    at = raw.index(b"LOOP    BIN")
    first = int.from_bytes(raw[at + 26 : at + 28], "little")
    struct.pack_into("<H", raw, table + 2 * (first + 3), first)
    found, _, bodies = listing(FAT, Bytes(bytes(raw)))
    assert bodies["FINE.BIN"] == b"f" * 5_000
    loop = by_name(found)["LOOP.BIN"]
    covered = sum(length for at, length in loop.runs or () if at >= 0)
    assert loop.status == "unreadable" or covered < 50_000
    assert named["LOOP.BIN"].size == 50_000


class Exfat:
    """A volume of mkfs.exfat into whose root a file is written by hand (no tool copies without mounting)."""

    def __init__(self, path: Path) -> None:
        run("mkfs.exfat", "-c", "4096", blank(path, 8 * MIB))
        self.raw = bytearray(path.read_bytes())
        sector, per = 1 << self.raw[108], 1 << self.raw[109]
        self.cluster = sector * per
        self.heap = int.from_bytes(self.raw[88:92], "little") * sector
        self.root = self.at(int.from_bytes(self.raw[96:100], "little"))

    def at(self, cluster: int) -> int:
        return self.heap + (cluster - 2) * self.cluster

    def add(self, name: str, data: bytes, cluster: int, size: int | None = None, used: bool = True) -> None:
        """Add a file of contiguous clusters; ``size`` larger than the data leaves a tail never written."""
        letters = name.encode("utf-16-le")
        parts = [letters[at : at + 30] for at in range(0, len(letters), 30)]
        stamp = 44 << 25 | 6 << 21 | 15 << 16 | 12 << 11
        first = bytearray(
            struct.pack("<BBHHHIII", 0x85, 1 + len(parts), 0, 0x20, 0, stamp, stamp, stamp).ljust(32, b"\0")
        )
        stream = struct.pack("<BBxBHxxQxxxxIQ", 0xC0, 3, len(name), 0, len(data), cluster, size or len(data))
        names = [struct.pack("<BB", 0xC1, 0) + part.ljust(30, b"\0") for part in parts]
        whole = first + stream + b"".join(names)
        total = 0
        for index, byte in enumerate(whole):
            if index not in (2, 3):
                total = ((total & 1) << 15 | total >> 1) + byte & 0xFFFF
        struct.pack_into("<H", whole, 2, total)
        if not used:
            for at in range(0, len(whole), 32):
                whole[at] &= 0x7F
        free = self.root
        while self.raw[free]:
            free += 32
        self.raw[free : free + len(whole)] = whole
        self.raw[self.at(cluster) : self.at(cluster) + len(data)] = data


@needs("mkfs.exfat")
def test_exfat_files_and_what_was_never_written(tmp_path: Path) -> None:
    volume = Exfat(tmp_path / "d")
    volume.add("\u0646\u0627\u062f\u064a and a rather long name.txt", b"plain\n", 20)
    volume.add("tail.bin", b"t" * 5000, 30, 12_000)
    volume.raw[volume.at(30) + 5000 : volume.at(30) + 12_000] = b"?" * 7000
    assert EXFAT.claims(Glance("d", bytes(volume.raw))) is Claim.STRUCTURE
    found, _, bodies = listing(EXFAT, Bytes(bytes(volume.raw)))
    assert bodies["\u0646\u0627\u062f\u064a and a rather long name.txt"] == b"plain\n"
    assert bodies["tail.bin"] == b"t" * 5000 + bytes(7000)
    assert by_name(found)["tail.bin"].meta["initialised"] == 5000
    assert by_name(found)["tail.bin"].mtime == "2024-06-15T12:00:00Z"


@needs("mkfs.exfat")
def test_exfat_deleted_files_are_listed(tmp_path: Path) -> None:
    volume = Exfat(tmp_path / "d")
    volume.add("kept.txt", b"kept\n", 20)
    volume.add("gone.txt", b"gone\n", 21, used=False)
    found, _, bodies = listing(EXFAT, Bytes(bytes(volume.raw)))
    assert bodies["kept.txt"] == b"kept\n"
    assert [each.kind for each in found if each.name == "gone.txt"] == ["deleted"]


@needs("mkfs.exfat")
def test_where_a_removed_file_of_exfat_lay_is_told_by_its_entry_and_the_table(tmp_path: Path) -> None:
    """In a row: so says the entry. In pieces: the chain, which Windows leaves; where that is wiped, a guess."""
    volume = Exfat(tmp_path / "d")
    for name, cluster in (("row.bin", 20), ("chain.bin", 30), ("wiped.bin", 40)):
        volume.add(name, name.encode() * 1200, cluster, used=False)
    raw, table = volume.raw, int.from_bytes(volume.raw[80:84], "little") << volume.raw[108]
    for name in ("chain.bin", "wiped.bin"):
        raw[raw.index(name.encode("utf-16-le")) - 33] = 1  # not in a row
    struct.pack_into("<I", raw, table + 4 * 30, 33)
    struct.pack_into("<2I", raw, table + 4 * 33, 32, 0)
    struct.pack_into("<I", raw, table + 4 * 32, 0xFFFFFFFF)
    named = by_name(listing(EXFAT, Bytes(bytes(raw)))[0])
    row, chain, wiped = (named[name] for name in ("row.bin", "chain.bin", "wiped.bin"))
    assert (row.runs, row.reason) == (((volume.at(20), 8400),), "deleted; where it lay is free")
    assert chain.runs == ((volume.at(30), 4096), (volume.at(33), 4096), (volume.at(32), 10800 - 8192))
    assert chain.reason == "deleted; where it lay is free"
    assert wiped.runs == ((volume.at(40), 10800),)
    assert wiped.reason == "deleted; assumes that its clusters followed one another; where it lay is free"


@needs("mkfs.exfat", "mkfs.fat", "mcopy")
def test_only_what_is_the_file_systems_own_is_called_so(tmp_path: Path) -> None:
    """Names tell nothing: the bitmap of an exFAT is known by its entry, and a user may write a dollar first."""
    run("mkfs.exfat", blank(tmp_path / "x", 16 * MIB))
    raw = bytearray((tmp_path / "x").read_bytes())
    kinds = {each.name: each.kind for each in listing(EXFAT, Bytes(bytes(raw)))[0]}
    assert {"$ALLOC_BITMAP", "$UPCASE_TABLE", "$MBR", "$FAT1"} <= kinds.keys()
    assert {kinds[name] for name in ("$ALLOC_BITMAP", "$UPCASE_TABLE", "$MBR", "$FAT1")} == {"system"}
    users = fat(tmp_path / "d", tree(tmp_path / "t", {"$MONEY.TXT": b"what is owed\n"}))
    named = by_name(listing(FAT, Descriptor(users))[0])
    assert (named["$MONEY.TXT"].kind, named["$FAT1"].kind) == ("file", "system")


@needs("mkfs.exfat")
@pytest.mark.parametrize("mib", [4, 8, 16, 64])
def test_the_table_of_a_sound_exfat_of_any_size_is_read(mib: int, tmp_path: Path) -> None:
    """The sleuthkit has no map of it where the table's sector is beyond the number of clusters."""
    run("mkfs.exfat", blank(tmp_path / "x", mib * MIB))
    raw = (tmp_path / "x").read_bytes()
    found, _, bodies = listing(EXFAT, Bytes(raw))
    assert {each.status for each in found} <= {None, ""}, found
    at, length = (int.from_bytes(raw[n : n + 4], "little") * 512 for n in (80, 84))
    assert bodies["$FAT1"] == raw[at : at + length]
    assert bodies["$FAT1"].startswith(b"\xf8\xff\xff\xff\xff\xff\xff\xff")


FAT_TIMES = {
    (0 << 9 | 1 << 5 | 1, 0): "1980-01-01T00:00:00Z",
    (57 << 9 | 12 << 5 | 31, 23 << 11 | 59 << 5 | 29): "2037-12-31T23:59:58Z",
    (58 << 9 | 1 << 5 | 1, 0): "2038-01-01T00:00:00Z",
    (99 << 9 | 12 << 5 | 31, 11 << 11 | 30 << 5): "2079-12-31T11:30:00Z",
    (120 << 9 | 2 << 5 | 29, 0): None,  # 2100 has no 29 February
    (127 << 9 | 12 << 5 | 31, 23 << 11 | 59 << 5 | 29): "2107-12-31T23:59:58Z",
    (39 << 9 | 13 << 5 | 1, 0): None,
    (39 << 9 | 6 << 5 | 1, 24 << 11): None,
    (0, 0): None,
}
"""Days and clocks as FAT keeps them, from its first to its last."""


@pytest.mark.parametrize(("bits", "size"), [(12, 4), (16, 16), (32, 40)])
@needs("mkfs.fat", "mcopy", "mmd")
def test_times_of_fat_reach_from_1980_to_2107_and_what_is_none_is_kept_as_stored(
    bits: int, size: int, tmp_path: Path
) -> None:
    names = [f"FILE{number}.TXT" for number in range(len(FAT_TIMES))]
    disk = fat(tmp_path / "d", tree(tmp_path / "t", dict.fromkeys(names, b"x" * 900)), bits, size * MIB)
    run("mmd", "-i", disk, "::FOLDER")
    run("mcopy", "-i", disk, *(tmp_path / "t" / name for name in names), "::FOLDER/")
    raw, wanted = bytearray(disk.read_bytes()), {}
    for number, ((day, clock), said) in enumerate(FAT_TIMES.items()):
        wanted[names[number]] = (said, day << 16 | clock)
        at = -1
        while (at := raw.find(b"FILE%d   TXT" % number, at + 1)) >= 0:
            struct.pack_into("<HHH", raw, at + 14, clock, day, day)
            struct.pack_into("<HH", raw, at + 22, clock, day)
    found = [each for each in listing(FAT, Bytes(bytes(raw)))[0] if each.name.rpartition("/")[2] in wanted]
    assert len(found) == 2 * len(FAT_TIMES)
    for each in found:
        said, stored = wanted[each.name.rpartition("/")[2]]
        assert each.mtime == said, each.name
        assert each.meta.get("mtime_raw") == (stored if stored and not said else None), each.name
        if said:
            assert str(each.meta["created"])[:19] == said[:19]
            assert each.meta["atime"] == f"{said[:10]}T00:00:00Z"


@needs("mkfs.exfat")
def test_times_of_exfat_reach_from_1980_to_2107_and_what_is_none_is_kept_as_stored(tmp_path: Path) -> None:
    volume = Exfat(tmp_path / "d")
    for number, (day, clock) in enumerate(FAT_TIMES):
        start = volume.root
        while volume.raw[start]:
            start += 32
        volume.add(f"file{number}", b"x" * 10, 20 + number)
        struct.pack_into("<III", volume.raw, start + 8, *[day << 16 | clock] * 3)
    named = by_name(listing(EXFAT, Bytes(bytes(volume.raw)))[0])
    for number, ((day, clock), said) in enumerate(FAT_TIMES.items()):
        each = named[f"file{number}"]
        assert each.mtime == said
        assert each.meta.get("mtime_raw") == (None if said else (day << 16 | clock) or None)
        assert (each.meta.get("created"), each.meta.get("atime")) == (said, said)


@needs("mkfs.exfat")
def test_a_file_of_exfat_without_any_time_is_listed_with_its_content(tmp_path: Path) -> None:
    """The sleuthkit takes such an entry for none: a file could be hidden by clearing twelve bytes."""
    volume = Exfat(tmp_path / "d")
    for number, used in enumerate((True, False)):
        start = volume.root
        while volume.raw[start]:
            start += 32
        volume.add(f"hidden{number}.txt", b"at noon by the pier", 20 + number, used=used)
        volume.raw[start + 8 : start + 20] = bytes(12)
    found, _, bodies = listing(EXFAT, Bytes(bytes(volume.raw)))
    assert bodies["hidden0.txt"] == b"at noon by the pier"
    hidden = by_name(found)["hidden0.txt"]
    assert (hidden.mtime, hidden.meta.get("mtime_raw"), hidden.meta.get("created")) == (None, None, None)
    assert any(each.kind == "deleted" and each.name.endswith("hidden1.txt") for each in found)
